"""The page of the bank holidays: seen, a day added once what it moves was looked at, and taken back."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import select

from dhr_app.database.models import ExtraHoliday
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from tests.reviews import Case
from tests.stories.visitor import Visitor

# The coordinator’s page stands at 8 June 2026, a Monday; the next Wednesday is a working day.
WEDNESDAY = {"day-day": "10", "day-month": "6", "day-year": "2026"}
DAY = {**WEDNESDAY, "name": "Day of thanksgiving", "source": "The Gazette, 1 June 2026"}


def rows(case: Case) -> list[ExtraHoliday]:
    with case.county.house.reading() as session:
        return list(session.scalars(select(ExtraHoliday).order_by(ExtraHoliday.added_at)))


def test_a_day_is_added_once_what_it_moves_was_looked_at_and_taken_back(case: Case, visitor: Visitor) -> None:
    case.ask("Fire and Rescue")
    visitor.open("/bank-holidays/new").send(DAY)
    assert visitor.status == 200
    assert "Add Wednesday, 10 June 2026" in visitor.text
    assert "Nothing is saved" not in visitor.text
    assert case.reference in visitor.text
    assert rows(case) == []
    visitor.send(button="Add this bank holiday")
    assert visitor.path == "/bank-holidays"
    assert "The bank holiday is added." in visitor.text
    assert "Day of thanksgiving (added)" in visitor.text
    (link,) = visitor.links("/take-back")
    visitor.open(link)
    assert "Take back Wednesday, 10 June 2026" in visitor.text
    visitor.send(button="Take it back")
    assert "The bank holiday is taken back." in visitor.text
    (row,) = rows(case)
    assert row.taken_back_at is not None


def test_what_is_wrong_stands_beside_its_box(case: Case, visitor: Visitor) -> None:
    visitor.open("/bank-holidays/new").send({**DAY, "day-day": "13", "name": ""})
    assert visitor.status == 422
    visitor.send({**DAY, "day-day": "13"})
    assert visitor.errors() == [
        "13 June 2026 is a Saturday: no working day is lost. Add the day that is given instead of it."
    ]
    assert visitor.value("source") == "The Gazette, 1 June 2026"


def test_where_something_else_moves_by_now_the_list_is_shown_again(case: Case, visitor: Visitor) -> None:
    visitor.open("/bank-holidays/new").send(DAY)
    case.ask("Fire and Rescue")
    visitor.send(button="Add this bank holiday")
    assert visitor.status == 422
    assert "What it moves has changed since you looked." in visitor.text
    assert rows(case) == []
    visitor.send(button="Add this bank holiday")
    assert len(rows(case)) == 1


def test_an_administrator_sees_the_list_and_adds_nothing(
    case: Case, client: FlaskClient, sign_in: Callable[..., Person]
) -> None:
    sign_in(client, Role.ADMINISTRATOR)
    seen = Visitor(client).open("/bank-holidays")
    assert "holidays 0.109" in seen.text
    assert "Known until 31 December 2032" in seen.text
    assert not seen.links("/bank-holidays/new")
    assert client.get("/bank-holidays/new").status_code == 403
