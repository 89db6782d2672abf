"""The partnership: read from its file with every fault named, set up once, asked ever after; rule sets held still."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select

from dhr_app.casework import partnership, partnership_file
from dhr_app.casework.house import House, at_work
from dhr_app.casework.program import Program
from dhr_app.database.models.event import Event
from dhr_app.database.models.partnership import Agency, RuleSetUsed
from dhr_app.database.verify import verify
from dhr_app.settings import ROOT, SettingsError
from dhr_app.workflows.errors import OutOfReach
from dhr_app.workflows.events import Happened
from tests.factories import NOW, TODAY

SHIPPED = sorted(path.stem for path in (ROOT / "config/partnerships").glob("*.toml"))

FAULTY = """
name           = "Barsetshire Community Safety Partnership"
approving_body = "Barsetshire Community Safety Partnership"
quorum         = 0
suport_line    = "Ask your line manager."

[[agency]]
name = "Barsetshire Police"
short = "Police"
kind = "constabulary"

[[agency]]
name = "Barsetshire Police"
short = "Police"
kind = "police"
to_on = "30 June 2022"

[[agency]]
name = "Barchester Trust"
short = "Trust"
kind = "health_provider"
from_on = 2022-07-01
to_on = 2022-06-30
successor = "Barchester Trusts"

[[agency]]
name = "One"
short = "One"
kind = "other"
to_on = 2022-06-30
successor = "Two"

[[agency]]
name = "Two"
short = "Two"
kind = "other"
to_on = 2022-06-30
successor = "One"
"""


@pytest.fixture
def seeded(house: House) -> House:
    partnership.seed(house, at=NOW)
    return house


@pytest.mark.parametrize("key", SHIPPED)
def test_every_partnership_file_that_is_shipped_can_be_used(key: str) -> None:
    entry = partnership_file.read(ROOT / "config", key)
    assert entry.key == key
    assert entry.quorum >= 1
    assert {agency.kind for agency in entry.agencies} >= {"partnership", "police", "specialist_service", "national"}


def test_a_faulty_file_is_refused_with_all_its_faults_at_once(tmp_path: Path) -> None:
    (tmp_path / "partnerships").mkdir()
    (tmp_path / "partnerships/barsetshire.toml").write_text(FAULTY, encoding="utf-8")
    with pytest.raises(SettingsError) as refusal:
        partnership_file.read(tmp_path, "barsetshire")
    told = "\n".join(refusal.value.problems)
    for fault in (
        "deciding_body is missing",
        "quorum must be a whole number from 1",
        "support_line is missing",
        "suport_line is not a key",
        "agency 1 (Barsetshire Police): kind must be one of",
        "agency 2 (Barsetshire Police): to_on must be a date",
        "“Barsetshire Police” stands there more than once",
        "“Barchester Trust” ends before it begins",
        "“Barchester Trust” has a successor that is not in the file: “Barchester Trusts”",
        "“One” is its own successor in the end",
        "the partnership itself must be one of them",
    ):
        assert fault in told
    assert all(problem.startswith("barsetshire.toml: ") for problem in refusal.value.problems)


def test_a_file_that_is_no_toml_is_refused_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "partnerships").mkdir()
    (tmp_path / "partnerships/barsetshire.toml").write_text("name = ", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"barsetshire\.toml cannot be read"):
        partnership_file.read(tmp_path, "barsetshire")


def test_the_partnership_is_set_up_once_in_the_name_of_the_command(house: House) -> None:
    assert partnership.seed(house, at=NOW)
    assert not partnership.seed(house, at=NOW)
    with house.reading() as session:
        event = session.scalars(select(Event).where(Event.kind == Happened.PARTNERSHIP_SEEDED)).one()
        assert (event.recorded_by_id, event.recorded_by_name) == (None, "dhr init")
        assert verify(session) == []
    found = partnership.the_partnership()
    assert (found.key, found.quorum) == ("barsetshire", 4)
    assert partnership.agency(found.agency_id).name == found.name
    with house.reading() as session:
        assert partnership.the_quorum(session) == 4


def test_a_database_set_up_for_another_partnership_is_refused(seeded: House) -> None:
    elsewhere = replace(seeded, settings=replace(seeded.settings, partnership="kent-and-medway"))
    with pytest.raises(SettingsError, match="belongs to the partnership “barsetshire”"):
        partnership.seed(elsewhere, at=NOW)


def test_without_a_partnership_the_command_that_makes_one_is_named(house: House) -> None:
    with pytest.raises(SettingsError, match="dhr init"):
        partnership.the_partnership()


def test_only_the_agencies_of_the_day_are_offered_in_order_and_former_ones_lead_to_their_successors(
    seeded: House,
) -> None:
    now = partnership.agencies(on=TODAY)
    then = partnership.agencies(on=date(2022, 6, 30))
    assert [agency.name for agency in now] == sorted(agency.name for agency in now)
    former = [agency for agency in then if agency not in now]
    assert [agency.name for agency in former] == ["Barchester Clinical Commissioning Group"]
    assert former[0].successor_id is not None
    assert partnership.agency(former[0].successor_id).name == "NHS Barsetshire Integrated Care Board"


def test_an_unknown_agency_is_out_of_reach(seeded: House) -> None:
    with pytest.raises(OutOfReach):
        partnership.agency(uuid4())


def test_a_rule_set_is_kept_as_it_stood_when_it_was_first_used(seeded: House) -> None:
    rule_set = seeded.rule_book.rule_sets["dhr-2016"]
    ids = set()
    for _ in range(2):
        with seeded.database.transaction(by=Program("a test"), at=NOW) as session:
            ids.add(partnership.adopt_rule_set(session, rule_set, on=TODAY).id)
    assert len(ids) == 1
    with seeded.reading() as session:
        row = session.scalars(select(RuleSetUsed)).one()
        assert row.content.encode() == rule_set.canonical()
        events = session.scalars(select(Event).where(Event.kind == Happened.RULE_SET_ADOPTED)).all()
        assert [event.subject_id for event in events] == [row.id]
    partnership.check_pinned(seeded)


def test_rules_changed_under_the_same_version_are_refused_and_a_new_version_is_not(seeded: House) -> None:
    old = seeded.rule_book.rule_sets["dhr-2016"]
    with seeded.database.transaction(by=Program("a test"), at=NOW) as session:
        partnership.adopt_rule_set(session, old, on=TODAY)
    changed = replace(old, law="Another law")
    with at_work(_with_rules(seeded, changed)) as house, pytest.raises(SettingsError, match="dhr-2016 was changed"):
        partnership.check_pinned(house)
    with (
        pytest.raises(SettingsError, match="give it the next version"),
        seeded.database.transaction(by=Program("a test"), at=NOW) as session,
    ):
        partnership.adopt_rule_set(session, changed, on=TODAY)
    partnership.check_pinned(_with_rules(seeded, replace(changed, version=old.version + 1)))


def test_rules_changed_in_the_database_itself_are_found(seeded: House) -> None:
    with seeded.database.transaction(by=Program("a test"), at=NOW) as session:
        partnership.adopt_rule_set(session, seeded.rule_book.rule_sets["dardr"], on=TODAY)
    with seeded.database.transaction(by=Program("somebody"), at=NOW) as session:
        row = session.scalars(select(RuleSetUsed)).one()
        row.content = row.content.replace("6 months", "9 months")
    with pytest.raises(SettingsError, match="changed in the database itself"):
        partnership.check_pinned(seeded)


def test_successors_are_kept_for_every_agency_of_the_shipped_files(house: House) -> None:
    elsewhere = replace(house, settings=replace(house.settings, partnership="kent-and-medway"))
    partnership.seed(elsewhere, at=NOW)
    entry = partnership_file.read(ROOT / "config", "kent-and-medway")
    with house.reading() as session:
        rows = {row.name: row for row in session.scalars(select(Agency))}
    kept = {row.name: next((o.name for o in rows.values() if o.id == row.successor_id), None) for row in rows.values()}
    assert kept == {agency.name: agency.successor for agency in entry.agencies}


def _with_rules(house: House, rule_set: object) -> House:
    rules = replace(house.rule_book, rule_sets={"dhr-2016": rule_set})  # type: ignore[dict-item]
    return replace(house, rule_book=rules)
