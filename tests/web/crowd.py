"""The demo’s site with a crowd before it: one visitor of every kind, and what each door answers to each of them."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from dhr_app.database.audit import record
from dhr_app.database.models import (
    Account,
    AccountChange,
    AccuracyCheck,
    Action,
    ActionLink,
    Agency,
    Agreement,
    Conflict,
    DateToAvoid,
    Declaration,
    Disposal,
    Evidence,
    Imr,
    Invitation,
    LegalHold,
    Membership,
    QuietDays,
    Review,
    ScopingRequest,
    SensitiveGrant,
    Signature,
    Tenant,
    UndertakingText,
    WayIn,
)
from dhr_app.database.named_session import NamedSession
from dhr_app.web.routes import Door
from dhr_app.workflows.events import Happened
from dhr_app.workflows.roles import Role
from tests.browser.site import Site
from tests.browser.visits import VISITS, Finding, Way, of_family, rows
from tests.factories import NOW, PASSWORD, TODAY, csrf_token, make_account, submit

LONG_AGO = date(2000, 1, 1)
METHODS = ("GET", "POST")

# A door that only takes forms stands beside one that shows what it is about.
BESIDE = {
    "access.confirm": "access.see",
    "accuracy.lapse": "accuracy.settle",
    "accuracy.stand": "accuracy.settle",
    "accuracy.take_back": "accuracy.settle",
    "appointment.take_back": "appointment.see",
    "duplicates.turn_off": "duplicates.see",
    "duplicates.turn_on": "duplicates.see",
    "emergency.end": "emergency.look",
    "family_part.remove_comment": "family_part.comment",
    "family_part.remove_step": "family_part.step",
    "imr.again": "imr.request",
    "imr.close": "imr.request",
    "imr.escalate": "imr.request",
    "imr.not_required": "imr.request",
    "kept_apart.forget_contact": "kept_apart.contact",
    "learning.remove": "learning.correct",
    "meeting.remove": "meeting.correct",
    "messages.try_again": "inbox.mail",
    "people.remove": "people.correct",
    "planned.cancel": "planned.see",
    "planned.took_place": "planned.see",
    "plan.remove_action": "plan.correct_action",
    "reminders.save": "reminders.change",
    "reminders.set_quiet": "reminders.see",
    "scoping.close": "scoping.answer",
    "scoping.escalate": "scoping.answer",
    "seminars.remove": "seminars.see",
    "signing_in.sign_out": "signing_in.sign_in",
    "trail.table": "trail.see",
    "trail.whole": "trail.see",
}

# What an agency was asked, or has to do, by the argument that names it: whose it is.
OWNED = {
    "request_id": (ScopingRequest, "agency_id"),
    "imr_id":     (Imr, "agency_id"),
    "check_id":   (AccuracyCheck, "agency_id"),
    "action_id":  (Action, "owner_id"),
    "evidence_id": (Evidence, "agency_id"),
}  # fmt: skip


# What opens nothing here, of which each try is counted.
COUNTED = {
    "by_link.ask", "by_link.enter_code", "calendar.feed", "joining.join", "ways_in.choose", "joining.by_organisation",
    "organisation.back",
}  # fmt: skip


def certificates(site: Site) -> Iterator[Way]:
    """The certificate of each disposal, done or not."""
    for case in site.demo.references:
        for disposal_id in site.ids(Disposal, case):
            with site.house.reading() as session:
                yield {"reference": site.reference(case), "number": session.get_one(Disposal, disposal_id).number}


def freezes_asked_for(site: Site) -> Iterator[Way]:
    """The freeze that `Crowd` placed."""
    with site.house.reading() as session:
        found = select(LegalHold.id).where(LegalHold.review_id.is_(None)).order_by(LegalHold.id)
        return iter([{"hold_id": hold_id} for hold_id in session.scalars(found)])


def of_rows(model: Any, argument: str) -> Finding:
    """What `Crowd` put there that the demo has none of: the oldest row of a table."""

    def ways(site: Site) -> Iterator[Way]:
        with site.house.reading() as session:
            return iter([{argument: session.scalars(select(model.id).order_by(model.id)).first()}])

    return ways


def questions_alone(site: Site) -> Iterator[Way]:
    """The question for emergency access that waits, by its id alone."""
    return iter([{"emergency_id": way["emergency_id"]} for way in VISITS["emergency.answer"](site)])


def links_to_actions(site: Site) -> Iterator[Way]:
    """The link to an action that the demo sent."""
    with site.house.reading() as session:
        link_id = session.scalars(select(ActionLink.id)).one()
    return iter([{"reference": site.reference("publication"), "link_id": link_id}])


def just(**way: object) -> Finding:
    """One address of which it does not matter what lies behind it."""
    return lambda site: iter([dict(way)])


ELSEWHERE: dict[str, Finding] = {
    "accounts.confirm_change": of_rows(AccountChange, "change_id"),
    "accounts.withdraw_change": of_rows(AccountChange, "change_id"),
    "accounts.forget_factor": of_rows(Account, "account_id"),
    "agreements.end":         of_rows(Agreement, "agreement_id"),
    "by_link.ask":            just(token="x" * 43),
    "by_link.enter_code":     just(token="x" * 43),
    "by_link.report":         just(step="progress"),
    "by_link.see":            just(),
    "calendar.feed":          just(token="x" * 43),
    "calendar.make":          just(),
    "calendar.withdraw":      just(),
    "emergency.withdraw":     questions_alone,
    "plan.withdraw_link":     links_to_actions,
    "invitations.confirm":    of_rows(Invitation, "invitation_id"),
    "invitations.send_again": of_rows(Invitation, "invitation_id"),
    "invitations.withdraw":   of_rows(Invitation, "invitation_id"),
    "joining.by_organisation": just(token="x" * 43),
    "joining.join":           just(token="x" * 43),
    "ways_in.choose":         just(token="x" * 43),
    "ways_in.confirm":        of_rows(WayIn, "way_in_id"),
    "ways_in.take_back":      of_rows(WayIn, "way_in_id"),
    "organisation.back":      just(tenant_id=UUID(int=1)),
    "sign_ins.begin":         just(),
    "sign_ins.begin_passkey": just(),
    "sign_ins.begin_proof":   just(),
    "sign_ins.by_organisation": just(),
    "sign_ins.end":           just(sign_in_id=UUID(int=1)),
    "sign_ins.end_others":    just(),
    "sign_ins.end_passkey":   just(passkey_id=UUID(int=1)),
    "sign_ins.new_codes":     just(),
    "sign_ins.prove_at_organisation": just(),
    "sign_ins.stay":          just(),
    "signing_in.begin_passkey": just(),
    "tenants.confirm":        of_rows(Tenant, "tenant_id"),
    "tenants.take_back":      of_rows(Tenant, "tenant_id"),
    "tenants.turn_off":       of_rows(Tenant, "tenant_id"),
    "tenants.turn_on":        of_rows(Tenant, "tenant_id"),
    "substitutes.end":        of_rows(Account, "account_id"),
    "substitutes.send_again": of_rows(Invitation, "invitation_id"),
    "substitutes.withdraw":   of_rows(Invitation, "invitation_id"),
    "family_part.remove_day": of_family(DateToAvoid, "day_id", "chair_report"),
    "reminders.end_quiet":    of_rows(QuietDays, "quiet_id"),
    "retention.thaw":         freezes_asked_for,
    "kept_apart.end":         rows(SensitiveGrant, "grant_id", "panel"),
    "members.end":            rows(Membership, "membership_id", "panel"),
    "members.keep":           rows(Membership, "membership_id", "seminar"),
    "records.certificate":    certificates,
}  # fmt: skip


class Kind(NamedTuple):
    """A kind of visitor: the role of the account, whether they sit on the review, and whether they may not reach it.

    `agency` says for whom a contributor works: "asked" for the agency that the page is about, "other" for another one.
    """

    role: Role
    seated: bool = False
    conflict: bool = False
    agency: str = ""


@dataclass(frozen=True)
class Address:
    """One real address behind a door, with the review and the agency that it is about."""

    door: str
    method: str
    path: str
    review_id: UUID | None = None
    agency_id: UUID | None = None
    reference: str = ""

    def instead(self, reference: str) -> str:
        """The same path with another review’s reference in it, and the ids of this one."""
        return self.path.replace(f"/{self.reference}", f"/{reference}", 1)


@dataclass
class Browser:
    """Somebody’s browser, signed in, which comes back to where it was after each request."""

    client: FlaskClient
    cookie: str = ""
    token: str = ""

    def ask(self, method: str, path: str, **sent: str) -> TestResponse:
        """Open an address, or send it a form with a token that counts and nothing else but what is given."""
        if self.cookie:
            self.client.set_cookie("dhr", self.cookie)
        data = {"csrf_token": self.token, **sent} if method == "POST" else None
        return self.client.open(path, method=method, data=data)


@dataclass
class Crowd:
    """Visitors of every kind before the site. Whatever one of them changes there is put back before the next comes."""

    site: Site
    kinds: dict[str, Kind]
    _browsers: dict[tuple[str, UUID | None], Browser] = field(default_factory=dict)
    _agencies: tuple[UUID, ...] = ()

    def __post_init__(self) -> None:
        with self.site.house.reading() as session:
            self._agencies = tuple(session.scalars(select(Agency.id).order_by(Agency.short_name)))
        _freeze(self.site)
        _propose(self.site, self._agencies[0])
        every = self.reviews()
        for letter, kind in self.kinds.items():
            for agency_id in self._agencies if kind.agency else (None,):
                self._browsers[letter, agency_id] = arrived(
                    self.site,
                    kind.role,
                    seats=every if kind.seated else (),
                    conflicts=every if kind.conflict else (),
                    agency_id=agency_id,
                )
        nobody = self.site.app.test_client()
        self._browsers["-", None] = Browser(nobody, token=csrf_token(nobody))
        list(VISITS["emergency.answer"](self.site))
        list(VISITS["bank_holidays.take_back"](self.site))
        list(VISITS["inbox.mail"](self.site))  # this morning’s mails are written before the site is kept
        self.keep()

    def reviews(self) -> dict[UUID, str]:
        """Every review of the demo by its id, with its reference."""
        return {self.site.review_id(reference): reference for reference in self.site.demo.references.values()}

    # --- The addresses -----------------------------------------------------------------------------------------------

    def doors(self) -> dict[str, list[str]]:
        """Every door by its endpoint, with the methods it takes; each move is a door of its own."""
        found = {}
        for rule in sorted(self.site.app.url_map.iter_rules(), key=lambda rule: rule.endpoint):
            assert isinstance(rule, Door)
            if rule.endpoint != "static":
                found[rule.endpoint] = [method for method in METHODS if method in (rule.methods or ())]
        return found

    def addresses(self, endpoint: str) -> Iterator[Address]:
        """Every real address behind a door."""
        for way in ways_to(self.site, endpoint):
            door = f"{endpoint}:{way['name']}" if endpoint == "moves.make" else endpoint
            review_id, agency_id = self._about(way)
            with self.site.app.test_request_context():
                path = self.site.app.url_for(endpoint, **way)
            for method in self.doors()[endpoint]:
                yield Address(door, method, path, review_id, agency_id, str(way.get("reference", "")))

    def stage(self, address: Address) -> str:
        """Where the review stands that an address is about."""
        with self.site.house.reading() as session:
            return session.get_one(Review, address.review_id).stage

    def _about(self, way: Way) -> tuple[UUID | None, UUID | None]:
        """The review and the agency that an address is about."""
        review_id = self.site.review_id(way["reference"]) if "reference" in way else None
        for argument, (model, whose) in OWNED.items():
            if argument in way:
                with self.site.house.reading() as session:
                    row: Any = session.get_one(model, way[argument])
                    return row.review_id, getattr(row, whose)
        return review_id, None

    # --- The visitors ------------------------------------------------------------------------------------------------

    def browser(self, letter: str, address: Address) -> Browser:
        """The browser of the visitor of this kind, who works for the agency that is asked or for another."""
        agency = self.kinds[letter].agency if letter in self.kinds else ""
        first, second = self._agencies[:2]
        wanted = {
            "": None,
            "asked": address.agency_id or first,
            "other": second if address.agency_id != second else first,
        }
        return self._browsers[letter, wanted[agency]]

    def of_agency(self, letter: str, agency_id: UUID) -> Browser:
        """The browser of the visitor of this kind who works for this agency."""
        return self._browsers[letter, agency_id]

    def agency(self, short_name: str) -> UUID:
        """An agency’s id."""
        with self.site.house.reading() as session:
            return session.scalars(select(Agency.id).where(Agency.short_name == short_name)).one()

    def ask(self, letter: str, address: Address) -> TestResponse:
        """What the visitor is answered."""
        answer = self.browser(letter, address).ask(address.method, address.path)
        if (address.method == "POST" and answer.status_code < 400) or address.door in COUNTED:
            self.put_back()
        return answer

    def admit(
        self,
        role: Role,
        *,
        seats: Collection[UUID] = (),
        conflicts: Collection[UUID] = (),
        agency_id: UUID | None = None,
    ) -> Browser:
        """One visitor more, with these seats and conflicts, signed in; the site is kept with them in it."""
        browser = arrived(self.site, role, seats=seats, conflicts=conflicts, agency_id=agency_id)
        self.keep()
        return browser

    # --- The site as it was -----------------------------------------------------------------------------------------

    def keep(self) -> None:
        """Remember the two databases as they are."""
        self.site.house.database.dispose()
        for file in self._files():
            shutil.copy(file, file.with_suffix(".kept"))

    def put_back(self) -> None:
        """Make them what they were."""
        self.site.house.database.dispose()
        for file in self._files():
            for beside in ("-wal", "-shm"):
                file.with_name(f"{file.name}{beside}").unlink(missing_ok=True)
            shutil.copy(file.with_suffix(".kept"), file)

    def _files(self) -> tuple[Path, ...]:
        instance = self.site.house.settings.instance
        return instance / "dhr.db", instance / "keystore.db"


def arrived(
    site: Site, role: Role, *, seats: Collection[UUID], conflicts: Collection[UUID], agency_id: UUID | None
) -> Browser:
    """Somebody new, with a seat on each of these reviews and barred from each of those, signed in."""
    person, email = make_account(site.house, role, agency_id=agency_id)
    with site.house.transaction(by=site.person(Role.COORDINATOR), at=NOW) as session:
        for review_id in seats:
            seat = {"review_id": review_id, "account_id": person.id, "role": role.value, "agency_id": agency_id}
            session.add(Membership(**seat, from_on=LONG_AGO, to_on=None, ended_at=None))
            _opened(site, session, review_id, person.id)
        for review_id in conflicts:
            session.add(Conflict(review_id=review_id, account_id=person.id))
    return signed_in(site, email)


def _opened(site: Site, session: NamedSession, review_id: UUID, account_id: UUID) -> None:
    """The seat is open: no conflict declared, and the undertaking signed whose text the demo’s people signed."""
    sha256 = site.house.rule_book.undertaking.sha256
    text = session.scalars(select(UndertakingText).where(UndertakingText.sha256 == sha256)).one()
    whose = {"review_id": review_id, "account_id": account_id}
    session.add(Declaration(**whose, answer="none", declared_at=NOW))
    session.add(Signature(**whose, text_id=text.id, sha256=sha256, signed_at=NOW))


def signed_in(site: Site, email: str) -> Browser:
    """A browser of somebody who has just signed in."""
    client = site.app.test_client()
    answer = submit(client, "/sign-in", {"email": email, "password": PASSWORD})
    assert answer.status_code == 302, answer.text
    token = csrf_token(client, "/help")
    cookie = client.get_cookie("dhr")
    assert cookie is not None
    return Browser(client, cookie.value, token)


def ways_to(site: Site, endpoint: str) -> Iterator[Way]:
    """What the addresses of a door are made of. Raises KeyError for a door that nobody knows how to find."""
    finding = ELSEWHERE.get(endpoint) or VISITS[BESIDE.get(endpoint, endpoint)]
    return finding(site)


def told(answer: TestResponse) -> str:
    """An answer in one letter, as ACCESS of tests/web/access.py has them; "!" where it could not be answered.

    An open door may still refuse the form as empty, or the step as not due.
    """
    if answer.status_code == 401 or (answer.location or "").startswith("/sign-in?"):
        return "s"
    return {403: "f", 404: ".", 400: "!", 500: "!"}.get(answer.status_code, "o")


def _freeze(site: Site) -> None:
    """A freeze of everything, straight into its table: placed by its verb it would end the notices of the demo."""
    by = site.person(Role.COORDINATOR)
    with site.house.transaction(by=by, at=NOW) as session:
        row = LegalHold(
            review_id=None, reason="public_inquiry", words="The inquiry.", review_by=TODAY.replace(month=9),
            placed_at=NOW, placed_by_id=by.id, placed_by_name=by.name,
        )  # fmt: skip
        session.add(row)
        record(session, Happened.HOLD_PLACED, happened_on=TODAY, subject=row, details={"label": "an inquiry"})


def _propose(site: Site, agency_id: UUID) -> None:
    """An agreement, an invitation under it, a change of role and a tenant, each by the coordinator."""
    by = site.person(Role.COORDINATOR)
    made = {"made_at": NOW, "made_by_id": by.id, "made_by_name": by.name}
    with site.house.transaction(by=by, at=NOW) as session:
        agreement = Agreement(kind="information_sharing", agency_id=agency_id, signed_on=LONG_AGO, added_at=NOW)
        session.add(agreement)
        session.flush()
        session.add(
            Invitation(
                name="Lucy Robarts", email="lucy.robarts@barsetshire.example", role=Role.ADMINISTRATOR.value,
                agreement_id=agreement.id, **made,
            )
        )  # fmt: skip
        session.add(
            Tenant(
                agency_id=agency_id, issuer="https://login.example/7/v2.0", client_id="dhr", enabled=True,
                entered_at=NOW, entered_by_id=by.id, entered_by_name=by.name,
            )
        )  # fmt: skip
        member = site.person(Role.STEERING_MEMBER)
        session.add(AccountChange(account_id=member.id, role=Role.AUDITOR.value, **made))
        auditor = site.person(Role.AUDITOR)
        address = session.get_one(Account, auditor.id).email
        session.add(WayIn(account_id=auditor.id, email=address, made_sure="seen", with_factor=False, **made))
