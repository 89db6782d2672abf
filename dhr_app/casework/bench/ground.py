"""A throw-away installation for measuring: made as `dhr init` makes one, filled in bulk, with one coordinator."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import create_engine, inspect, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from dhr_app.casework.account import AccountEntry, create_account
from dhr_app.casework.bench import bulk
from dhr_app.casework.case_list import PAGE, Place
from dhr_app.casework.house import House, at_work
from dhr_app.casework.installation import establish, open_ready
from dhr_app.casework.program import Program
from dhr_app.database.engine import main_engine
from dhr_app.database.models.account import SignIn
from dhr_app.settings import SettingsError, load
from dhr_app.workflows.roles import Role

COORDINATOR = "mary.thorne@barsetshire.example"
PASSWORD = "measured in a throw-away place"  # noqa: S105 - the installation it opens is gone a minute later
TODAY = "2026-06-03"
NAMED = "A database to measure in"


class Empty(NamedTuple):
    """The addresses of two empty databases, for somebody who owns both."""

    main: str
    keystore: str


@dataclass(frozen=True)
class Ground:
    """An installation with so many reviews. `middle` is where a page in the middle of the list starts from.

    `busiest` is the reference of the review in which most happened.
    """

    house: House
    reviews: int
    middle: Place
    busiest: str


def prepare(folder: Path, reviews: int, on: Empty | None = None) -> Ground:
    """Make an installation of this many reviews in an empty folder. It takes nothing from the environment.

    Its databases are files in the folder, or `on` these, which are spoilt by it. Raises SettingsError where they hold
    anything.
    """
    environ = {"DHR_ENV": "development", "DHR_INSTANCE": str(folder), "DHR_TODAY": TODAY}
    if on is not None:
        _must_be_empty(on)
        environ |= {"DHR_DATABASE_URL": on.main, "DHR_KEYSTORE_URL": on.keystore}
    establish(environ)
    settings = load(environ)
    house = open_ready(settings)
    engine = main_engine(settings.database_url)  # a plain engine: a House’s own lets no bulk writer through
    try:
        filled = bulk.fill(engine, house.rule_book, reviews)
    finally:
        engine.dispose()
    entry = AccountEntry("Mary Thorne", COORDINATOR, Role.COORDINATOR, PASSWORD)
    with at_work(house):
        create_account(entry, by=Program("dhr bench"), at=house.clock.now())
    before_middle = filled.order[max(0, (reviews - PAGE) // 2 - 1)]
    return Ground(house, reviews, Place(*before_middle), filled.busiest)


def _must_be_empty(databases: Empty) -> None:
    for url in databases:
        engine = create_engine(url, poolclass=NullPool)
        try:
            if inspect(engine).get_table_names():
                raise SettingsError(
                    ["A measurement fills it and leaves it spoilt: name one that is empty."], what=NAMED
                )
        except OperationalError:
            raise SettingsError(["It cannot be reached."], what=NAMED) from None


def read_a_sign_in(ground: Ground) -> SignIn:
    """One row of a sign-in: the least that a page for somebody signed in must read."""
    with ground.house.reading() as session:
        return session.scalars(select(SignIn).limit(1)).one()
