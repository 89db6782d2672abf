"""A sealed value that cannot be opened: a page says so, a save never blanks it, and everything else goes on."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from dhr_app.casework.house import House
from dhr_app.database.engine import main_engine
from dhr_app.workflows.permissions import Person
from tests.factories import NOW
from tests.reviews import Case, County
from tests.stories.visitor import Visitor

SignIn = Callable[..., Person]


@pytest.fixture
def case(county: County) -> Case:
    return county.review(at=NOW)


def cell(house: House) -> bytes:
    engine = main_engine(house.settings.database_url)
    with engine.connect() as connection:
        envelope = connection.execute(text("SELECT full_name_ct FROM involved_person")).scalar_one()
    engine.dispose()
    return bytes(envelope)


def damage(house: House) -> bytes:
    """Turn one bit of the victim’s sealed name, from beside the program, and return the cell as it is now."""
    envelope = bytearray(cell(house))
    envelope[-1] ^= 1
    engine = main_engine(house.settings.database_url)
    with engine.connect() as connection:
        connection.execute(text("UPDATE involved_person SET full_name_ct = :cell"), {"cell": bytes(envelope)})
        connection.commit()
    engine.dispose()
    return bytes(envelope)


def test_the_page_says_so_and_a_save_leaves_the_cell_as_it_is(
    case: Case, house: House, client: FlaskClient, sign_in: SignIn
) -> None:
    sign_in(client)
    visitor = Visitor(client)
    people = f"/reviews/{case.reference}/people"
    links = [str(link["href"]) for link in visitor.open(people).page.select("main a[href*='/people/']")]
    (form,) = [link for link in links if not link.endswith("/new")]
    before_damage = visitor.open(form)
    assert before_damage.value("full_name") == "Ada Harding"
    damaged = damage(house)
    before_damage.send({"full_name": "", "notes": "Corrected"})
    assert visitor.status == 500
    assert "This cannot be read" in visitor.text
    assert cell(house) == damaged
    assert visitor.open(people).status == 500
    assert "This cannot be read" in visitor.text
    assert "Ada" not in visitor.page.get_text()
    assert visitor.open(f"/reviews/{case.reference}").status == 200


@pytest.mark.sqlite  # the one writer that a file has
def test_a_database_that_somebody_else_holds_gives_a_page_with_a_reference_and_nothing_half_written(
    case: Case, house: House, client: FlaskClient, sign_in: SignIn
) -> None:
    sign_in(client)
    visitor = Visitor(client).open(f"/reviews/{case.reference}/people/new")
    with house.database.engine.connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA busy_timeout=100")  # type: ignore[union-attr]
    with closing(sqlite3.connect(house.settings.instance / "dhr.db", timeout=1)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        visitor.send({"part": "child", "full_name": "Susan Harding"})
        holder.rollback()
        rows = holder.execute("SELECT count(*) FROM involved_person").fetchone()
    assert visitor.status == 503
    assert "reference" in visitor.text.lower()
    assert rows == (1,)
