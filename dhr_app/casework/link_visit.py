"""A visit by a one-action link: one action is shown, one report on it taken, and the link is over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from dhr_app.adapters.clock import london_date
from dhr_app.casework import aware
from dhr_app.casework.files import Incoming
from dhr_app.casework.house import house
from dhr_app.casework.link_door import ByLink, NoLink
from dhr_app.casework.link_mail import sha256
from dhr_app.casework.link_reach import Behind, behind, in_its_place, names_nobody
from dhr_app.casework.open_actions import named
from dhr_app.casework.outbox import message_of
from dhr_app.casework.principal import person_of
from dhr_app.casework.progress import BY_LINK, held, take_report
from dhr_app.casework.progress_entry import DONE, NEED_LONGER, NO_CHANGE, PROGRESS, ReportEntry, faults_of
from dhr_app.casework.progress_rows import before, latest
from dhr_app.casework.protected_names import keeping
from dhr_app.casework.scene import Scene
from dhr_app.casework.seen import seen
from dhr_app.database.models.account import Account
from dhr_app.database.models.action_link import ActionLink
from dhr_app.database.models.agreement import AgencyContact
from dhr_app.database.models.review import Review
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.action_links import NAMES_HELD
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.errors import Invalid
from dhr_app.workflows.kept_words import MayNameSomebody

MAY_NAME = (
    "This may say who somebody in the review is: a name, an address, a number or a date. Write it without, or ask the "
    "coordinator to enter your report."
)
TOLD_SUBJECT = "A report came by a link"
TOLD_BODY = """\
A report on {action} of {reference} came by the link that was sent to your agency on {sent}.
It stands here:
{site}/owed/actions/{id}

If nobody of your agency made it, tell the coordinator at once.

Nobody reads answers to this message.
"""


@dataclass(frozen=True)
class VisitPage:
    """All that a visit shows: which action, what is to be done and by when, and until when the visit lasts.

    `version` is what a report is held against. `done_on` is a day once somebody reported it as done.
    """

    reference: str
    label: str
    text: str
    target_on: date | None
    look_again_on: date | None
    done_on: date | None
    version: int
    until: datetime

    @property
    def kinds(self) -> tuple[str, ...]:
        """What can be reported: whatever has no date needs no longer, and of what is done “no change” says nothing."""
        first = () if self.done_on else (NO_CHANGE,)
        return (*first, PROGRESS, DONE, *((NEED_LONGER,) if self.target_on else ()))


def visit_page(visit: str, *, at: datetime) -> VisitPage:
    """What a visit shows. Raises NoLink once it is over, and where the action’s words may name somebody by now."""
    with house().reading() as session:
        found = _under_way(session, visit, at=at)
        page = _page(found)
    if not names_nobody(page.reference, page.label, page.text, at=at):
        raise NoLink
    return page


def must_be_visiting(visit: str, *, at: datetime) -> None:
    """Asked before a byte of a file comes in. Raises NoLink."""
    with house().reading() as session:
        _under_way(session, visit, at=at)


def check_report(visit: str, entry: ReportEntry, *, at: datetime) -> None:
    """Raise Invalid for whatever `report` would refuse in the entry; nothing is saved. Raises NoLink."""
    with house().reading() as session:
        found = _under_way(session, visit, at=at)
        began = aware.month_began(session, found.action.review_id)
        raise Invalid(faults_of(entry, found.action, found.look.today, began=began, on_behalf=False))


def report(visit: str, entry: ReportEntry, version: int, file: Incoming | None = None, *, at: datetime) -> None:
    """Report on the action of a visit, once: the link opens nothing afterwards, and its agency’s contact is told.

    Nobody keeps a word here that may name somebody: it is refused. Raises NoLink, Stale where the action moved on
    meanwhile, and Invalid.
    """
    try:
        with held(file), keeping(()), _reporting(visit, at=at) as (scene, found):
            link = found.link
            take_report(
                scene, found.action, found.of, entry, version, file,
                agency_id=link.agency_id, entered=BY_LINK, link_id=link.id,
            )  # fmt: skip
            link.used_at, link.visit_sha256, link.visit_until = at, None, None
            _tell_contact(scene, found)
    except MayNameSomebody as asked:
        _count_held(visit, at=at)
        fields = {each.place.rpartition(".")[2] for each in asked.asked}
        raise Invalid({"blocked_by" if field == "blocked_by" else "text": MAY_NAME for field in fields}) from None


@contextmanager
def _reporting(visit: str, *, at: datetime) -> Iterator[tuple[Scene, Behind]]:
    """One transaction on the review of a visit, its link locked: of two reports at once the second finds it used."""
    with house().reading() as session:
        began = _under_way(session, visit, at=at)
        agency_id, review_id = began.link.agency_id, began.action.review_id
    with house().transaction(by=ByLink(agency_id), at=at) as session:
        session.lock(review_id, read=Review)
        found = _under_way(session, visit, at=at, lock=True)
        scene = Scene(session, found.look.review, found.look.rule_set, in_its_place(found.link), at)
        yield scene, found
        scene.rewrite_next_date()


def _under_way(session: NamedSession, visit: str, *, at: datetime, lock: bool = False) -> Behind:
    rows = select(ActionLink).where(ActionLink.visit_sha256 == sha256(visit))
    if lock:
        rows = rows.with_for_update().execution_options(populate_existing=True)
    link = session.scalars(rows).one_or_none()
    if link is None or link.visit_until is None or at >= link.visit_until:
        raise NoLink
    found = behind(session, link, at=at)
    if found is None:
        raise NoLink
    return found


def _page(found: Behind) -> VisitPage:
    row, look = found.action, found.look
    assert found.link.visit_until is not None  # noqa: S101 - a visit under way has an end
    return VisitPage(
        look.review.reference, found.label, row.text, row.target_on, row.look_again_on, row.done_on,
        seen(before(row, latest(look, row.id))), found.link.visit_until,
    )  # fmt: skip


def _tell_contact(scene: Scene, found: Behind) -> None:
    """Write to the agency’s single point of contact that a report came, unless they stand on the block list."""
    contact = scene.session.scalars(
        select(Account)
        .join(AgencyContact, AgencyContact.account_id == Account.id)
        .where(AgencyContact.agency_id == found.link.agency_id)
    ).one_or_none()
    if contact is None or scene.review.id in person_of(scene.session, contact).conflicts:
        return
    body = TOLD_BODY.format(
        action=_in_a_sentence(found), reference=scene.review.reference, sent=in_words(london_date(found.link.made_at)),
        site=house().settings.site_url, id=found.action.id,
    )  # fmt: skip
    # A contact is told of each: so the link’s id stands in the kind, which goes once a day.
    kind = f"action_link_used_{found.link.id.hex}"
    scene.session.add(message_of(kind, contact.id, scene.today, TOLD_SUBJECT, body, at=scene.at))


def _in_a_sentence(found: Behind) -> str:
    name = named(found.of.number, found.action.number)
    return f"{name[:1].lower()}{name[1:]}"


def _count_held(visit: str, *, at: datetime) -> None:
    """Count a report that was held back; the third ends the visit, so that nobody finds out names by trying."""
    with house().reading() as session:
        agency_id = _under_way(session, visit, at=at).link.agency_id
    with house().transaction(by=ByLink(agency_id), at=at) as session:
        session.hold()
        link = _under_way(session, visit, at=at, lock=True).link
        link.names_held += 1
        if link.names_held >= NAMES_HELD:
            link.visit_sha256 = link.visit_until = None
