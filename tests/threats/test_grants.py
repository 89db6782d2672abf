"""What the program’s own role may not do with the audit trail, even by SQL that is not the program’s."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from dhr_app.casework.checkpoints import Occasion, make_checkpoint
from dhr_app.casework.health import check
from dhr_app.casework.house import open_house
from dhr_app.casework.installation import establish
from dhr_app.database.base import Base
from dhr_app.database.engine import main_engine
from dhr_app.database.models.audit import NEVER_CHANGED
from dhr_app.settings import SettingsError, load
from dhr_app.workflows.stages import Stage
from tests.installations import ON_POSTGRESQL, ON_SQLITE, Installation

DENIED = "42501"  # PostgreSQL: insufficient privilege
ATTACKS = (
    "UPDATE {table} SET {column} = {column}",
    "DELETE FROM {table}",
    "TRUNCATE {table}",
    "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "DROP TABLE {table}",
    "ALTER TABLE {table} ADD COLUMN another TEXT",
    "CREATE TRIGGER mine BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION dhr_append_only()",
    "DROP TRIGGER {table}_no_change ON {table}",
)
ELSEWHERE = (
    "SET session_replication_role = replica",
    "CREATE TABLE mine (id INTEGER)",
    "CREATE FUNCTION mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    "CREATE OR REPLACE FUNCTION dhr_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
    "UPDATE alembic_version SET version_num = '0000'",
    "TRUNCATE review CASCADE",
    "DROP TABLE review CASCADE",
)


@pytest.fixture
def as_the_program(installation: Installation) -> Iterator[Engine]:
    """The program’s own way into the database, without the program: what injected SQL would have."""
    case = installation.county.review(Stage.SCOPING)
    make_checkpoint(installation.house, reason=Occasion.ASKED_FOR, at=case.at)  # so that no table is empty
    if installation.engine == "sqlite":
        engine = main_engine(installation.house.settings.database_url)
    else:
        engine = create_engine(installation.house.settings.database_url, poolclass=NullPool)
    yield engine
    engine.dispose()


def refused(engine: Engine, statement: str) -> str:
    """How a statement is refused: PostgreSQL’s code, or SQLite’s sentence."""
    with pytest.raises(DBAPIError) as refusal, engine.begin() as connection:
        connection.execute(text(statement))
    return str(getattr(refusal.value.orig, "sqlstate", None) or refusal.value.orig)


def attacks(table: str) -> list[str]:
    column = next(iter(Base.metadata.tables[table].columns)).name
    return [attack.format(table=table, column=column) for attack in ATTACKS]


@pytest.mark.parametrize("table", NEVER_CHANGED)
@ON_SQLITE
def test_t22_a_trail_in_a_file_is_only_added_to(installation, as_the_program, table):
    change, removal = attacks(table)[:2]  # SQLite has neither TRUNCATE nor roles: its triggers stand alone
    assert refused(as_the_program, change) == f"{table} is append-only"
    assert refused(as_the_program, removal) == f"{table} is append-only"


@pytest.mark.parametrize("table", NEVER_CHANGED)
@ON_POSTGRESQL
def test_t22_the_program_s_role_can_only_add_to_the_trail(installation, as_the_program, table):
    assert {attack: refused(as_the_program, attack) for attack in attacks(table)} == dict.fromkeys(
        attacks(table), DENIED
    )


@ON_POSTGRESQL
def test_t22_the_program_s_role_makes_nothing_and_switches_nothing_off(installation, as_the_program):
    assert {attack: refused(as_the_program, attack) for attack in ELSEWHERE} == dict.fromkeys(ELSEWHERE, DENIED)


@ON_POSTGRESQL
def test_t22_even_the_owner_is_stopped_by_the_triggers(installation, as_the_program):
    owner = create_engine(installation.ground.owners["DHR_OWNER_URL"], poolclass=NullPool)
    for table in NEVER_CHANGED:
        assert [refused(owner, attack) for attack in attacks(table)[:3]] == [DENIED] * 3


@ON_SQLITE
@pytest.mark.parametrize("how", ["INSERT OR REPLACE", "REPLACE"])
def test_t23_an_entry_is_not_replaced_by_inserting_it_again(installation, as_the_program, how):
    """SQLite removes what it replaces without asking the triggers, unless recursive_triggers is on."""
    again = f"{how} INTO audit_entry SELECT * FROM audit_entry LIMIT 1"  # noqa: S608
    assert refused(as_the_program, again) == "audit_entry is append-only"


@ON_POSTGRESQL
def test_t23_an_entry_is_not_changed_where_inserting_meets_it(installation, as_the_program):
    again = "INSERT INTO audit_entry SELECT * FROM audit_entry LIMIT 1"
    assert refused(as_the_program, again) == "23505"  # unique violation
    assert refused(as_the_program, f"{again} ON CONFLICT (chain, seq) DO UPDATE SET body = 'x'") == DENIED


@ON_POSTGRESQL
def test_the_program_s_roles_have_what_they_need_and_no_more(installation):
    """Whatever somebody granted besides is taken away by the next `dhr init`."""
    app = installation.ground.server.role("app")
    asked = {finding.question: finding for finding in check(installation.house)}
    assert asked["grants"].good, asked["grants"].sentence
    installation.tamper(f"GRANT UPDATE (body) ON audit_entry TO {app}", f"GRANT TRUNCATE ON event TO {app}")
    installation.tamper(f"GRANT CREATE ON SCHEMA public TO {app}")
    installation.tamper_keystore(f"ALTER TABLE review_key OWNER TO {app}")
    asked = {finding.question: finding for finding in check(installation.house)}
    assert not asked["grants"].good
    for said in ("may change audit_entry", "may change event", "may make tables", "in the keystore owns tables"):
        assert said in asked["grants"].sentence
    installation.tamper_keystore(f"ALTER TABLE review_key OWNER TO {installation.ground.server.role('owner')}")
    installation.tamper(f"REVOKE CREATE ON SCHEMA public FROM {app}")
    establish({**installation.environ, **installation.ground.owners})
    assert {finding.question: finding for finding in check(installation.house)}["grants"].good


@ON_POSTGRESQL
def test_a_program_that_works_as_a_superuser_is_red(installation):
    server, (main, keystore) = installation.ground.server, installation.ground.databases
    urls = {"DHR_DATABASE_URL": server.url(main), "DHR_KEYSTORE_URL": server.url(keystore)}
    house = open_house(load({**installation.environ, **urls}))
    found = {finding.question: finding for finding in check(house)}["grants"]
    house.database.dispose()
    assert not found.good
    assert "in the database is a superuser" in found.sentence


@ON_POSTGRESQL
def test_a_program_without_its_grants_says_so_and_init_gives_them(installation):
    app = installation.ground.server.role("app")
    installation.tamper(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {app}")
    found = check(installation.house)
    assert "run `dhr init`" in next(finding.sentence for finding in found if finding.question == "migrations")
    establish({**installation.environ, **installation.ground.owners})
    assert all(finding.good for finding in check(installation.house))


@pytest.mark.parametrize(
    "owner",
    [
        "sqlite:////tmp/dhr.db",
        "postgresql://owner@db.example/another",
        "postgresql://owner@elsewhere.example/dhr",
        "postgresql://app@db.example/dhr",
        "postgresql://db.example/dhr",
        "postgresql://[",
    ],
)
def test_an_owner_is_another_role_in_the_same_database(owner):
    environ = {"DHR_ENV": "testing", "DHR_SECRET_KEY": "x" * 40, "DHR_DATABASE_URL": "postgresql://app@db.example/dhr"}
    assert load({**environ, "DHR_OWNER_URL": "postgresql://owner@db.example/dhr"}).owner_url
    with pytest.raises(SettingsError) as refusal:
        load({**environ, "DHR_OWNER_URL": owner})
    assert [problem for problem in refusal.value.problems if problem.startswith("owner_url must lead")]
