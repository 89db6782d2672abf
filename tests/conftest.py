"""The house every test works in: the invented county, on Wednesday 3 June 2026, fresh for each test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import BytecodeCache, FileSystemBytecodeCache

from dhr_app import create_app
from dhr_app.casework.house import House, at_work, open_house
from dhr_app.casework.installation import establish
from dhr_app.settings import Settings
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from tests.commands import Dhr, commands
from tests.demo import loaded_once
from tests.factories import NOW, PASSWORD, StoppedClock, make_account, submit
from tests.identity_provider import IdentityProvider, running
from tests.installations import Ground, with_tables
from tests.postgres import Postgres, started
from tests.reviews import County
from tests.shelves import BARE, Shelves

# `DHR_TEST_ENGINE=postgresql pytest …` lets every test that works in `house` or `county` work on PostgreSQL.
ENGINE = os.environ.get("DHR_TEST_ENGINE", "sqlite")
COMMANDED = {"DHR_ENV": "testing", "DHR_TODAY": "2026-07-01"}


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server of this process."""
    server = started()
    yield server
    server.close()


@pytest.fixture(scope="session")
def empty_ground(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Ground:
    """An installation with empty tables, made once and copied for each test: on SQLite, or as DHR_TEST_ENGINE says."""
    server = request.getfixturevalue("postgres") if ENGINE == "postgresql" else None
    return with_tables(tmp_path_factory.mktemp("empty") / "instance", server)


@pytest.fixture(scope="session")
def empty_instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an installation with empty tables on SQLite, for who needs files to copy."""
    return with_tables(tmp_path_factory.mktemp("empty") / "instance", None).instance


@pytest.fixture(scope="session")
def demo_ground(tmp_path_factory: pytest.TempPathFactory, empty_instance: Path) -> Ground:
    """The demo on SQLite, loaded once in a run by whichever process needs it first; to be copied, never worked in."""
    ours = tmp_path_factory.getbasetemp()
    of_the_run = ours.parent if "PYTEST_XDIST_WORKER" in os.environ else ours
    return loaded_once(of_the_run / "demo", empty_instance)


@pytest.fixture(scope="session")
def workplace(tmp_path_factory: pytest.TempPathFactory, empty_ground: Ground) -> Ground:
    """Where the one house of this process stands: laid out afresh for each test that works in it.

    `settings` lays it out with empty tables, `county` of the casework with a review at every stage.
    """
    return empty_ground.copy(tmp_path_factory.mktemp("workshop") / "instance")


@pytest.fixture(scope="session")
def workshop(workplace: Ground, tower_clock: StoppedClock) -> Iterator[House]:
    """The one house of this process: opened once, so that its statements are compiled once and not in every test."""
    opened = replace(open_house(workplace.settings), clock=tower_clock)
    yield opened
    opened.database.dispose()


@pytest.fixture(scope="session")
def shelves(
    tmp_path_factory: pytest.TempPathFactory, workshop: House, workplace: Ground, empty_ground: Ground
) -> Shelves:
    """What tests of this process begin with; at first the county before anything happened."""
    workplace.lay_out(empty_ground)
    made = Shelves(workshop, workplace, tmp_path_factory.mktemp("shelves"))
    with at_work(workshop):
        made.keep(BARE, County(workshop))
    return made


@pytest.fixture
def bare_county(shelves: Shelves, house: House) -> County:
    """The county, its agencies and people, with no review yet."""
    made = County(house, shelves)
    shelves.lay_out(BARE, made)
    return made


@pytest.fixture
def settings(workshop: House, workplace: Ground, empty_ground: Ground) -> Settings:
    workplace.lay_out(empty_ground)
    return workshop.settings


@pytest.fixture(scope="session")
def tower_clock() -> StoppedClock:
    """The one clock of this process."""
    return StoppedClock()


@pytest.fixture
def clock(tower_clock: StoppedClock) -> StoppedClock:
    """The clock of the house, put back; `clock.advance(minutes=21)` lets time pass."""
    tower_clock.moment = NOW
    return tower_clock


@pytest.fixture
def house(workshop: House, settings: Settings, clock: StoppedClock) -> Iterator[House]:
    """The house with nothing in it, at work: verbs can be called straight away."""
    with at_work(workshop):
        yield workshop
    workshop.database.dispose()


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> BytecodeCache:
    """Each template is compiled once in a run, not once in a test."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture(scope="session")
def front_door(workshop: House, compiled_templates: BytecodeCache) -> Flask:
    """The one application of this process: its hundreds of addresses are put together once."""
    made = create_app(house=workshop)
    made.jinja_env.bytecode_cache = compiled_templates
    return made


@pytest.fixture
def app(front_door: Flask, house: House) -> Flask:
    """The application of the house, without what it kept of the test before."""
    front_door.extensions.pop("letterhead", None)
    return front_door


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def provider_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IdentityProvider]:
    """An identity provider on this machine, started for the first test that needs one."""
    with running(tmp_path_factory.mktemp("provider") / "client.pem", NOW) as provider:
        yield provider


@pytest.fixture
def provider(provider_process: IdentityProvider) -> IdentityProvider:
    """The same, answering as it should."""
    provider_process.set(moment=int(NOW.timestamp()))
    return provider_process


@pytest.fixture
def sign_in(house: House) -> Callable[..., Person]:
    """Sign a client in as somebody of a role, through the sign-in page, and say who that is."""

    def through_the_page(
        client: FlaskClient, role: Role = Role.COORDINATOR, *, name: str = "", agency_id: UUID | None = None
    ) -> Person:
        person, email = make_account(house, role, name=name, agency_id=agency_id)
        answer = submit(client, "/sign-in", {"email": email, "password": PASSWORD})
        assert answer.status_code == 302, answer.text
        return person

    return through_the_page


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """The environment of a command on an installation of its own, on 1 July 2026."""
    return COMMANDED | {"DHR_INSTANCE": str(tmp_path / "instance")}


@pytest.fixture
def dhr(environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Dhr:
    """Run a command as a person would."""
    for name in [name for name in os.environ if name.startswith("DHR_")]:
        monkeypatch.delenv(name)
    return commands(environ)


@pytest.fixture(scope="session")
def after_init(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that `dhr init` makes, made once and copied."""
    folder = tmp_path_factory.mktemp("init") / "instance"
    establish(COMMANDED | {"DHR_INSTANCE": str(folder)})
    return folder


@pytest.fixture
def dhr_in_use(dhr: Dhr, environ: dict[str, str], after_init: Path) -> Dhr:
    """Run a command on an installation that `dhr init` made."""
    shutil.copytree(after_init, environ["DHR_INSTANCE"])
    return dhr
