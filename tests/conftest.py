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
from dhr_app.adapters.keys import choose_provider
from dhr_app.casework.house import House, at_work, open_house
from dhr_app.database.base import Base
from dhr_app.database.engine import keystore_engine, main_engine
from dhr_app.database.keystore import Keystore
from dhr_app.settings import Settings, load
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from tests.factories import PASSWORD, StoppedClock, make_account, submit


def _make_schema(settings: Settings) -> None:
    """The tables, straight from the models; migrations are compared with them by a test of their own."""
    engine = main_engine(settings.database_url, create=True)
    Base.metadata.create_all(engine)
    engine.dispose()
    provider = choose_provider(settings.key_provider, env=settings.env, instance=settings.instance)
    keystore = Keystore(keystore_engine(settings.keystore_url, create=True), provider, env=settings.env)
    keystore.create()
    keystore.engine.dispose()


def _settings(instance: Path) -> Settings:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("DHR_")}
    return load(
        {
            **inherited,
            "DHR_ENV": "testing",
            "DHR_INSTANCE": str(instance),
            "DHR_SECRET_KEY": "a secret for the tests, forty letters long",
            "DHR_TODAY": "2026-06-03",
        }
    )


@pytest.fixture(scope="session")
def empty_instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance folder with empty tables, made once and copied for each test."""
    instance = tmp_path_factory.mktemp("instance")
    _make_schema(_settings(instance))
    return instance


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory, empty_instance: Path) -> Iterator[House]:
    """The one house of this process: opened once, so that its statements are compiled once and not in every test.

    Its instance is laid out afresh for each test that works in it: `settings` with empty tables, `county` of the
    casework with a review at every stage.
    """
    instance = tmp_path_factory.mktemp("workshop") / "instance"
    lay_out(instance, empty_instance)
    opened = open_house(_settings(instance))
    yield opened
    opened.database.dispose()


def lay_out(instance: Path, like: Path) -> None:
    """Make the instance what another one is, whatever stood there before."""
    shutil.rmtree(instance, ignore_errors=True)
    shutil.copytree(like, instance, symlinks=True)


@pytest.fixture
def settings(workshop: House, empty_instance: Path) -> Settings:
    lay_out(workshop.settings.instance, empty_instance)
    return workshop.settings


@pytest.fixture
def clock() -> StoppedClock:
    """The clock of the house; `clock.advance(minutes=21)` lets time pass."""
    return StoppedClock()


@pytest.fixture
def house(workshop: House, settings: Settings, clock: StoppedClock) -> Iterator[House]:
    """The house with nothing in it, at work: verbs can be called straight away."""
    with at_work(replace(workshop, clock=clock)) as at_hand:
        yield at_hand
    workshop.database.dispose()


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> BytecodeCache:
    """Each template is compiled once in a run, not once in a test."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(house: House, compiled_templates: BytecodeCache) -> Flask:
    made = create_app(house=house)
    made.jinja_env.bytecode_cache = compiled_templates
    return made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


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
