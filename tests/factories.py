"""What tests arrange with one call: a clock that stands, people of every role, a form as a browser sends it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dhr_app.casework.account import AccountEntry, create_account
from dhr_app.casework.house import House
from dhr_app.casework.principal import person_of
from dhr_app.casework.program import Program
from dhr_app.database.models.account import Account
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role

TODAY = date(2026, 6, 3)
NOW = datetime(2026, 6, 3, 9, 30, tzinfo=UTC)
PASSWORD = "three calm herons"
OPERATOR = Program("arranging a test")

_numbers = count(1)


@dataclass
class StoppedClock:
    """A clock that stands at half past ten (summer time) until a test lets time pass."""

    moment: datetime = field(default=NOW)

    def now(self) -> datetime:
        return self.moment

    def advance(self, **by: float) -> datetime:
        """Let time pass: `advance(minutes=5)`."""
        self.moment += timedelta(**by)
        return self.moment


def make_account(
    house: House, role: Role = Role.COORDINATOR, *, name: str = "", agency_id: UUID | None = None
) -> tuple[Person, str]:
    """Somebody with an account, and the address they sign in with; their password is PASSWORD."""
    number = next(_numbers)
    email = f"{role.value}.{number}@barsetshire.example"
    entry = AccountEntry(name or f"{role.label} {number}", email, role, PASSWORD, agency_id)
    account_id = create_account(entry, by=OPERATOR, at=house.clock.now())
    with house.reading() as session:
        return person_of(session, session.get_one(Account, account_id)), email


def submit(client: FlaskClient, path: str, data: Mapping[str, str | Sequence[str]], **options: Any) -> TestResponse:
    """Open a page and send its form as a browser would, with the token that was in it."""
    token = csrf_token(client, path)
    return client.post(path, data={**data, "csrf_token": token}, **options)


def without_token(page: str) -> str:
    """A page without the tokens of its forms, which are others every second."""
    return re.sub('name="csrf_token"[^>]*', "", page)


def csrf_token(client: FlaskClient, path: str = "/sign-in") -> str:
    """The token of the form on a page."""
    page = BeautifulSoup(client.get(path, follow_redirects=True).text, "html.parser")
    token = page.find("input", {"name": "csrf_token"})
    assert token is not None, f"{path} has no form"
    return str(token["value"])


def bare(answer: TestResponse) -> str:
    """The page without what differs from one request to the next: the token of its form (it holds the second it was
    made in, of the real clock) and the request’s number."""
    return re.sub(r'name="csrf_token" value="[^"]*"|<strong>[0-9a-f]{12}</strong>', "", answer.text)
