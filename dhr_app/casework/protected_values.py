"""What reviews protect, opened under the purpose “protected-name check” and made ready to be found in a text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from dhr_app.database.errors import SealError
from dhr_app.database.keyring import current_keyring
from dhr_app.database.models.account import Account, Membership
from dhr_app.database.models.appointment import Appointment
from dhr_app.database.models.imr import Imr
from dhr_app.database.models.notification import Notification
from dhr_app.database.models.panel import PanelSeat
from dhr_app.database.models.partnership import Agency
from dhr_app.database.models.people import FamilyMember, InvolvedPerson
from dhr_app.database.models.review import Review
from dhr_app.database.named_session import NamedSession
from dhr_app.database.sealed import sealed_on
from dhr_app.workflows.protected import Named, Protected, Watch
from dhr_app.workflows.roles import BY_MEMBERSHIP
from dhr_app.workflows.spelling import Nicknames, words

WHOLE_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_POST = re.compile(r"[,(;]")  # what follows a member of staff’s name is their post


@dataclass
class _Gathered:
    """The values of one review, as they are found."""

    people: list[Named] = field(default_factory=list)
    days: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    contacts: list[str] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    public_name: str = ""

    def protected(self, known: Collection[str]) -> Protected:
        return Protected(
            tuple(self.people),
            tuple(sorted({date.fromisoformat(day) for day in self.days if WHOLE_DAY.fullmatch(day)})),
            tuple(self.addresses),
            tuple(self.numbers),
            tuple(self.contacts),
            tuple(sorted({*known, *self.known})),
            self.public_name,
        )


@dataclass
class Gathering:
    """The watches of some reviews, in the same number of questions for one review as for a hundred.

    The keyring in hand is that of the purpose. `strict` raises SealError for what cannot be read, as whatever leaves
    the system must; otherwise it is passed over, since the rest can still be looked for. What was destroyed with its
    key is nowhere.
    """

    session: NamedSession
    review_ids: Collection[UUID]
    nicknames: Nicknames
    strict: bool

    def watches(self) -> dict[UUID, Watch]:
        """A watch for each review."""
        found: dict[UUID, _Gathered] = defaultdict(_Gathered)
        for review_id, public_name in self._rows(Review.id, Review.public_name, of=Review.id):
            found[review_id].public_name = public_name or ""
        self._people(found)
        self._family(found)
        self._notifications(found)
        everywhere = {name for name in self._staff(found) if name}
        return {
            review_id: Watch(gathered.protected(everywhere), self.nicknames) for review_id, gathered in found.items()
        }

    def _people(self, found: dict[UUID, _Gathered]) -> None:
        for row in self._each(InvolvedPerson):
            gathered = found[row.review_id]
            gathered.people.append(Named(self._open(row, "full_name"), self._open(row, "other_names")))
            gathered.days += [self._open(row, "born_on"), self._open(row, "died_on")]
            gathered.addresses.append(self._open(row, "address"))

    def _family(self, found: dict[UUID, _Gathered]) -> None:
        for row in self._each(FamilyMember):
            found[row.review_id].people.append(Named(self._open(row, "full_name")))
            found[row.review_id].contacts += [self._open(row, "contact_details"), self._open(row, "contact_before")]

    def _notifications(self, found: dict[UUID, _Gathered]) -> None:
        for row in self._each(Notification):
            found[row.review_id].days.append(self._open(row, "found_on"))
            found[row.review_id].numbers.append(self._open(row, "crime_number"))

    def _staff(self, found: dict[UUID, _Gathered]) -> Iterator[str]:
        """Note the staff of each review; yields the names of agencies, and of staff who work on all reviews."""
        for model, fields in (
            (Appointment, (Appointment.holder, Appointment.interim_holder)),
            (PanelSeat, (PanelSeat.representative,)),
            (Imr, (Imr.author, Imr.signed_off_by)),
        ):
            for review_id, *names in self._rows(model.review_id, *fields, of=model.review_id):
                found[review_id].known |= {staff for name in names if (staff := _staff_name(name))}
        seats = (
            select(Membership.review_id, Account.name)
            .join(Account, Account.id == Membership.account_id)
            .where(Membership.review_id.in_(self.review_ids))
            .order_by(Membership.id)
        )
        for review_id, name in self.session.execute(seats):
            found[review_id].known.add(_staff_name(name))
        everywhere = select(Account.name).where(Account.role.not_in(BY_MEMBERSHIP)).order_by(Account.id)
        yield from map(_staff_name, self.session.scalars(everywhere))
        for names in self.session.execute(select(Agency.name, Agency.short_name).order_by(Agency.id)):
            yield from names

    def _rows(self, *columns: Any, of: Any) -> list[Any]:
        return list(self.session.execute(select(*columns).where(of.in_(self.review_ids)).order_by(of)))

    def _each(self, model: Any) -> list[Any]:
        rows = select(model).where(model.review_id.in_(self.review_ids)).order_by(model.review_id, model.id)
        return list(self.session.scalars(rows))

    def _open(self, row: Any, name: str) -> str:
        try:
            return getattr(row, name) or ""
        except SealError:
            keyring = current_keyring.get()
            destroyed = keyring is not None and keyring.is_destroyed(sealed_on(type(row))[name].cell(row).domain)
            if self.strict and not destroyed:
                raise
            return ""


def _staff_name(name: str | None) -> str:
    """The name of a member of staff without their post; empty for one word alone, which could be anybody’s."""
    alone = _POST.split(name or "")[0]
    return alone if len(words(alone)) > 1 else ""
