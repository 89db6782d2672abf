"""Whoever is signed in, as the rules see them: their role, their seats on reviews, and what is barred to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from uuid import UUID

from dhr_app.workflows.emergency import Emergency
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage

# For how long whoever showed who they are is not asked again: at most five minutes (security.md, 3.2).
PROOF_LASTS = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Membership:
    """A person's place on one review, in a role, for an agency, from a day until a day (both included).

    `lapses_on` is the last day of a seat on a published review that nobody kept; from the next day it opens nothing.
    `is_open` once its holder declared no conflict of interest, or was let take part, and signed the undertaking of
    confidentiality that is asked for now. A seat that is not open opens nothing. `stage` is where the review stood when
    the seat was read, with its holder, for this request.
    """

    review_id: UUID
    role: Role
    agency_id: UUID | None
    from_on: date
    to_on: date | None = None
    lapses_on: date | None = None
    is_open: bool = False
    stage: Stage = field(kw_only=True)

    def holds(self, on: date) -> bool:
        """Whether the membership is in force on this day."""
        return self.from_on <= on and all(last is None or on <= last for last in (self.to_on, self.lapses_on))

    def opens(self, on: date) -> bool:
        """Whether the membership is in force on this day and open."""
        return self.is_open and self.holds(on)


@dataclass(frozen=True)
class ExtraGrant:
    """That somebody may open what is kept apart on one review, from a day until a day (both included)."""

    review_id: UUID
    from_on: date
    to_on: date

    def holds(self, on: date) -> bool:
        """Whether the grant is in force on this day."""
        return self.from_on <= on <= self.to_on


@dataclass(frozen=True)
class Person:
    """Whoever is signed in: who they are, what they are, which reviews they are on, and which are barred to them.

    `extra` are the grants that nobody ended. `emergencies` are the reviews open to them in an emergency at the moment
    at which they were read; later ones leave out by `as_at` what is over. `proved_at` is when they last showed who they
    are in this sign-in; None where they are not at a browser. It is no part of who they are, so two readings of one
    person are the same.
    """

    id: UUID
    name: str
    role: Role
    agency_id: UUID | None = None
    memberships: tuple[Membership, ...] = ()
    conflicts: frozenset[UUID] = field(default=frozenset())
    emergencies: tuple[Emergency, ...] = ()
    extra: tuple[ExtraGrant, ...] = ()
    proved_at: datetime | None = field(default=None, compare=False)

    def seats_on(self, review_id: UUID | None) -> Sequence[Membership]:
        """Their seats on one review, found at once however many they have."""
        return self._by_review.get(review_id, ()) if self.memberships else ()

    def has_open_seat(self, review_id: UUID, on: date) -> bool:
        """Whether one of their seats on the review is in force on this day and open, whatever its stage closes."""
        return any(seat.opens(on) for seat in self.seats_on(review_id))

    def as_at(self, at: datetime) -> Person:
        """The same person without the emergency access that is over at this moment."""
        live = tuple(each for each in self.emergencies if at < each.until_at)
        return self if live == self.emergencies else replace(self, emergencies=live)

    def proved(self, at: datetime | None) -> bool:
        """Whether they showed who they are within five minutes of this moment; never where no moment is given."""
        return at is not None and self.proved_at is not None and self.proved_at <= at < self.proved_at + PROOF_LASTS

    @cached_property
    def _by_review(self) -> Mapping[UUID | None, Sequence[Membership]]:
        found: dict[UUID | None, list[Membership]] = defaultdict(list)
        for seat in self.memberships:
            found[seat.review_id].append(seat)
        return found
