"""The real doors of an installation, asked as a browser would: by a sign-in’s token, and by what each page answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from dhr_app.casework.access import access_page
from dhr_app.casework.account import person_for_token
from dhr_app.casework.block_list_page import block_list_page
from dhr_app.casework.case_list import Filters, case_list
from dhr_app.casework.decision import open_decision
from dhr_app.casework.desk import desk
from dhr_app.casework.family import open_family
from dhr_app.casework.house import House
from dhr_app.casework.people import open_people
from dhr_app.casework.review_page import review_page
from dhr_app.casework.scoping_page import own_requests
from dhr_app.casework.search import search
from dhr_app.casework.terms_page import terms_page
from dhr_app.casework.timeline import timeline_page
from dhr_app.database.keystore import Keystore
from dhr_app.workflows.errors import NotAllowed, OutOfReach, SeatShut
from dhr_app.workflows.permissions import DataClass, Person
from tests.access.model import (
    AGENCIES,
    BARRED,
    EARLY,
    HAVE_A_DESK,
    NOTHING,
    PAGES,
    READ_IN_AN_EMERGENCY,
    SEARCHES,
    SHUT,
    Idea,
)

OPENS: dict[str, Callable[..., object]] = {
    "the review": review_page,
    "timeline": timeline_page,
    "people": open_people,
    "family": open_family,
    "terms": terms_page,
    "decision": open_decision,
    "block list": block_list_page,
    "who can see": access_page,
    "what one’s agency was asked": own_requests,
}
HOLD_SOMETHING = ("people", "family")


@contextmanager
def unwrapping() -> Iterator[list[UUID]]:
    """The reviews of the keys that are unwrapped until the block ends, one for each time."""
    found: list[UUID] = []
    unwrapped = Keystore.unwrapped

    def noting(self: Keystore, domain: Any, generation: int, row: Any) -> Any:
        found.append(domain.review_id)
        return unwrapped(self, domain, generation, row)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Keystore, "unwrapped", noting)
        yield found


@dataclass
class Doors:
    """Every way to a review that is tried, and what an idea of access says must come of it."""

    house: House
    idea: Idea
    reviews: dict[str, UUID]
    agencies: dict[str, UUID]
    tried: set[tuple[str, str]] = field(default_factory=set)

    def person(self, name: str, at: datetime) -> Person | None:
        """Whoever comes with the newest sign-in of this name; None where there is none that counts."""
        tokens = self.idea.accounts[name].tokens
        found = person_for_token(tokens[-1], at=at) if tokens else None
        return found.person if found else None

    def ask_about_sign_ins(self, at: datetime) -> None:
        """Each sign-in that counts is its owner’s; each that ended opens nothing."""
        for name, account in self.idea.accounts.items():
            assert all(person_for_token(token, at=at) is not None for token in account.tokens), name
            assert all(person_for_token(token, at=at) is None for token in account.dead), f"{name} has a dead sign-in"

    def ask_about_classes(self, name: str, at: datetime) -> None:
        """Which sealed values the keyring lets somebody open, on every review, of every agency."""
        by = self.person(name, at)
        if by is None:
            return
        assert (by.role.value, by.agency_id) == self._is(name), f"{name} comes in as something else"
        self.idea.now = at
        keyring = self.house.keyring(by, at=at)
        for review, review_id in self.reviews.items():
            found = {
                (each.value, whose)
                for each in DataClass
                for whose in ("", *AGENCIES)
                if keyring.may_open(review_id, each, agency_id=self.agencies.get(whose))
            }
            assert found == self.idea.opens(name, review), f"{name} on {review}, as {self.idea.part(name, review)!r}"

    def ask_at_the_pages(self, name: str, at: datetime, pages: Iterable[str] = tuple(PAGES)) -> None:
        """What each page of each review answers, and that only what is shown was opened."""
        by = self.person(name, at)
        if by is None:
            return
        for review, review_id in self.reviews.items():
            part, reads = self.idea.part(name, review), self.idea.reads_in_an_emergency(name, review, at)
            for page in pages:
                with unwrapping() as opened:
                    answer = self._answer(OPENS[page], review, by=by, at=at)
                must = self._must(part, page, reads)
                assert answer == must, f"{name} at {page} of {review}, as {part!r}: {answer}, not {must}"
                assert set(opened) <= ({review_id} if must == "opens" else set()), f"keys for {name} at {page}"
                assert must != "opens" or page not in HOLD_SOMETHING or opened, f"{page} of {review} opened nothing"
                self.tried.add((page, must))

    def ask_at_the_lists(self, name: str, at: datetime) -> None:
        """What the list of reviews, the search and the desk show, and whose keys the search unwraps."""
        by = self.person(name, at)
        if by is None:
            return
        role, known = self.idea.accounts[name].role, self.idea.listed(name, self.reviews)
        if role == "administrator":
            self._refused(lambda: case_list(Filters(), by=by, at=at))
        else:
            assert {line.reference for line in case_list(Filters(), by=by, at=at).lines} == known, name
        readable = {review for review in self.reviews if ("identities", "") in self.idea.opens_always(name, review)}
        if role in SEARCHES:
            with unwrapping() as opened:
                found = search("Harding", by=by, at=at)
            assert {each.reference for each in found.reviews} == readable, name
            assert set(opened) == {self.reviews[review] for review in readable}, name
        else:
            self._refused(lambda: search("Harding", by=by, at=at))
        if role in HAVE_A_DESK:
            reads = {review for review in self.reviews if self.idea.reads_in_an_emergency(name, review, at)}
            known |= {review for review in reads if (name, review) in self.idea.seats}
            assert {each.reference for each in desk(by=by, at=at)} == known, name
        else:
            self._refused(lambda: desk(by=by, at=at))

    def _is(self, name: str) -> tuple[str, UUID | None]:
        account = self.idea.accounts[name]
        return account.role, self.agencies.get(account.agency)

    @staticmethod
    def _must(part: str, page: str, reads: bool) -> str:
        if reads and page in READ_IN_AN_EMERGENCY:
            return "opens"
        if part in (BARRED, EARLY, NOTHING) and not reads:
            return "out of reach"
        if part == SHUT and not reads:
            return "asked first"
        return "opens" if part in PAGES[page] else "not allowed"

    @staticmethod
    def _answer(page: Callable[..., object], review: str, *, by: Person, at: datetime) -> str:
        try:
            page(review, by=by, at=at)
        except SeatShut:
            return "asked first"
        except OutOfReach:
            return "out of reach"
        except NotAllowed:
            return "not allowed"
        return "opens"

    @staticmethod
    def _refused(look: Callable[[], object]) -> None:
        with unwrapping() as opened, pytest.raises(NotAllowed):
            look()
        assert opened == []
