"""The site that browser tests visit: where it is, what the demo put there, and who can sign in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask
from jinja2 import BytecodeCache
from sqlalchemy import select

from dhr_app import create_app
from dhr_app.casework.demo import Demo, SignInCard
from dhr_app.casework.house import House, at_work
from dhr_app.casework.principal import person_of
from dhr_app.database.models import Account, Review
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from tests.demo import demo_house
from tests.factories import StoppedClock
from tests.installations import Ground


@dataclass(frozen=True)
class Site:
    """A running server and the county behind it."""

    url: str
    house: House
    app: Flask
    demo: Demo

    def card(self, role: Role) -> SignInCard:
        """How the demo's person of this role signs in."""
        return next(card for card in self.demo.accounts if card.role == role.value)

    def person(self, role: Role) -> Person:
        """Who that is, with the seats they have."""
        with at_work(self.house), self.house.reading() as session:
            return person_of(
                session, session.scalars(select(Account).where(Account.email == self.card(role).email)).one()
            )

    def sealed_in(self, text: str) -> list[str]:
        """The values that the demo keeps sealed and that stand in a text all the same."""
        return [value for value in self.demo.sealed if value in text]

    def reference(self, case: str) -> str:
        """The reference of the demo's case that shows this: "scoping", "on_hold" …"""
        return self.demo.references[case]

    def review_id(self, reference: str) -> UUID:
        """The review's id, by which its seats are asked for."""
        with self.house.reading() as session:
            return session.scalars(select(Review.id).where(Review.reference == reference)).one()

    def ids(self, model: Any, case: str, **having: object) -> Sequence[UUID]:
        """The ids of a case's rows of one kind: `ids(InvolvedPerson, "scoping", part="child")`."""
        review_id = self.review_id(self.reference(case))
        with self.house.reading() as session:
            rows = select(model.id).where(model.review_id == review_id).filter_by(**having).order_by(model.id)
            return session.scalars(rows).all()


@contextmanager
def unserved_site(demo: Ground, templates: BytecodeCache, folder: Path) -> Iterator[Site]:
    """The demo in a folder of its own, at work and asked without a server."""
    house, told = demo_house(demo, folder, StoppedClock())
    with at_work(house):
        app = create_app(house=house)
        app.jinja_env.bytecode_cache = templates
        yield Site("", house, app, told)
    house.database.dispose()
