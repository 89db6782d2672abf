"""One life of two reviews and the people who come to them: where it begins, and how anybody does anything in it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine
from sqlalchemy import select

from dhr_app.casework.account import sign_in
from dhr_app.casework.agreement import AgreementEntry, add_agreement
from dhr_app.casework.throttle import address_hash
from dhr_app.database.models import Conflict, Membership
from dhr_app.workflows.errors import RuleError
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.access.doors import Doors
from tests.access.model import AGENCIES, Idea
from tests.agreements import draft
from tests.factories import NOW, PASSWORD, TODAY, make_account
from tests.reviews import Case, County
from tests.shelves import Shelves

BEGIN = ("two reviews, and the people of the access machine",)
REVIEWS = ("first", "second")
CAST = {
    "coordinator":    (Role.COORDINATOR, ""),
    "colleague":      (Role.COORDINATOR, ""),
    "steering chair": (Role.STEERING_CHAIR, ""),
    "deputy":         (Role.STEERING_DEPUTY, ""),
    "member":         (Role.STEERING_MEMBER, ""),
    "auditor":        (Role.AUDITOR, ""),
    "administrator":  (Role.ADMINISTRATOR, ""),
    "chair":          (Role.INDEPENDENT_CHAIR, ""),
    "author":         (Role.REPORT_AUTHOR, ""),
    "panel member":   (Role.PANEL_MEMBER, "Probation"),
    "officer":        (Role.AGENCY_CONTRIBUTOR, "Police"),
    "sergeant":       (Role.AGENCY_CONTRIBUTOR, "Police"),
    "probation":      (Role.AGENCY_CONTRIBUTOR, "Probation"),
}  # fmt: skip
NEWCOMERS = ("arabella@barsetshire.example", "frank@barsetshire.example")
SITS = ("chair", "author", "panel member", "officer", "sergeant", "probation", *NEWCOMERS)

anybody = st.sampled_from((*CAST, *NEWCOMERS))
keeper = st.sampled_from(("coordinator", "coordinator", "colleague", "steering chair")) | anybody
admitting = st.sampled_from(("coordinator", "administrator", "steering chair")) | anybody
sitter = st.sampled_from(SITS) | anybody
review = st.sampled_from(REVIEWS)
role = st.sampled_from(list(Role))
agency = st.sampled_from(AGENCIES)
chance = st.integers(0, 99)

# Somebody who is that at this moment, else the first of SITS: who has a seat, is barred, waits, was asked to go.
SEATED, BARRED, UNSURE, BLOCKED = "whoever sits", "whoever is barred", "whoever is unsure", "whoever is blocked"


@dataclass
class Setting:
    """Where each life begins: the county, its two reviews, and the accounts and addresses of the cast."""

    county: County
    shelves: Shelves
    cases: dict[str, Case]
    ids: dict[str, UUID]
    emails: dict[str, str]

    @classmethod
    def of(cls, county: County, shelves: Shelves) -> Setting:
        """Make everything once and keep it."""
        house, ids, emails = county.house, {}, {}
        for name, (as_role, short) in CAST.items():
            person, email = make_account(house, as_role, name=name, agency_id=county.agency(short) if short else None)
            ids[name], emails[name] = person.id, email
        for short in AGENCIES:
            entry = AgreementEntry("information_sharing", county.agency(short), signed_on=TODAY)
            add_agreement(entry, by=county.coordinator, at=NOW)
        cases = {"first": county.review(Stage.PANEL), "second": county.review(Stage.SCOPING)}
        for case in cases.values():
            case.at = NOW
            case.relative()
            case.settle("withdraw")
        cases["second"].settle("commission")
        draft(cases["first"])
        shelves.keep(BEGIN, county)
        return cls(county, shelves, cases, ids, emails | {name: name for name in NEWCOMERS})


class Life(RuleBasedStateMachine):
    """What an idea of access knows of it, and how somebody who is signed in does something."""

    setting: Setting

    def __init__(self) -> None:
        super().__init__()
        self.county, self.ids = self.setting.county, dict(self.setting.ids)
        self.setting.shelves.lay_out(BEGIN, self.county)
        self.at = max(case.at for case in self.setting.cases.values())
        self.cases = {name: replace(case) for name, case in self.setting.cases.items()}
        self.idea, self.stack, self.steps = Idea(), ExitStack(), 0
        self.touched: set[str] = set()
        self.doors = Doors(
            self.county.house,
            self.idea,
            {case.reference: case.row.id for case in self.cases.values()},
            {short: self.county.agency(short) for short in AGENCIES},
        )
        self.idea.stages = {case.reference: case.stage.value for case in self.cases.values()}
        for name, (as_role, short) in CAST.items():
            self.idea.comes(name, as_role.value, short)

    def _ref(self, where: str) -> str:
        return self.cases[where].reference

    def _meant(self, name: str, where: str = "first") -> str:
        """Somebody’s own name, where they are named by what they are on a review."""
        ref, idea = self._ref(where), self.idea
        found = {
            SEATED: [whose for whose, on in idea.seats if on == ref],
            BARRED: [whose for whose, on in (*idea.barred, *idea.barred_addresses) if on == ref],
            UNSURE: [whose for (whose, on), said in idea.said.items() if on == ref and said == "unsure"],
            BLOCKED: [whose for whose, account in idea.accounts.items() if account.blocked],
        }
        if name not in found:
            return name
        several = sorted(found[name]) or [SITS[0]]
        return several[self.steps % len(several)]

    def _known(self, name: str) -> bool:
        self.touched.add(name)
        return name in self.idea.accounts

    def _comes(self, name: str) -> bool:
        """Whether somebody is signed in, after they signed in where they can."""
        account = self.idea.accounts.get(name)
        if account is None or account.blocked:
            return False
        self.touched.add(name)
        if not account.tokens:
            self._signs_in(name)
        return True

    def _signs_in(self, name: str) -> None:
        account = self.idea.accounts[name]
        self.at += timedelta(seconds=1)
        token = sign_in(self.setting.emails[name], PASSWORD, address="198.51.100.7", at=self.at)
        account.tokens.append(token)
        account.came[token] = self.at
        account.ends(account.tokens[:-2])

    def _does(self, may: bool, deed: Callable[[Person], object], by: str) -> bool:
        """Whether it was done, by whoever is signed in; the idea must have known."""
        who = self.doors.person(by, self.at)
        assert who is not None
        done = self._done(lambda: deed(who))
        assert done is may, f"{by} as {who.role}: {'done' if done else 'refused'}"
        return done

    def _done(self, deed: Callable[[], object]) -> bool:
        self.at += timedelta(seconds=5)
        try:
            deed()
        except RuleError:
            return False
        return True

    def _newest(self, table: Any, where: str, name: str) -> UUID | None:
        """The newest row of somebody on a review."""
        if name not in self.ids:
            return None
        order = table.from_on if table is Membership else table.declared_at
        standing = table.ended_at if table is Membership else table.replaced_at
        rows = select(table.id).where(
            table.review_id == self.doors.reviews[self._ref(where)], table.account_id == self.ids[name]
        )
        with self.county.house.reading() as session:
            return session.scalars(rows.order_by(standing.is_not(None), order.desc(), table.id)).first()

    def _on_the_list(self, where: str, name: str) -> UUID | None:
        known = (
            Conflict.account_id == self.ids[name] if name in self.ids else Conflict.email_sha256 == address_hash(name)
        )
        rows = select(Conflict.id).where(Conflict.review_id == self.doors.reviews[self._ref(where)], known)
        with self.county.house.reading() as session:
            return session.scalars(rows).one_or_none()
