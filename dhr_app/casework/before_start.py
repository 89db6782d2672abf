"""What is asked of somebody before their seat on a review opens: whether they know anybody in it, then the undertaking.

Nothing of the review is shown for it but its reference, and nothing sealed is opened. Whoever reaches reviews by their
office declares here too once something comes to light; they are asked for no signature.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select

from dhr_app.adapters.clock import london_date
from dhr_app.casework import rule_book
from dhr_app.casework.block_list import enter, standing
from dhr_app.casework.emergency_ending import end_running
from dhr_app.casework.house import house
from dhr_app.casework.scene import Finding, Scene, changing, looking, review_asked_for
from dhr_app.database.audit import record
from dhr_app.database.models.declaration import Declaration, Signature, UndertakingText
from dhr_app.database.models.partnership import RuleSetUsed
from dhr_app.database.models.review import Review
from dhr_app.database.session import NamedSession
from dhr_app.workflows.errors import Invalid, OutOfReach, Over
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person, allows
from dhr_app.workflows.record_wording import DECLARED
from dhr_app.workflows.roles import BY_MEMBERSHIP
from dhr_app.workflows.rule_sets import RuleSet
from dhr_app.workflows.stages import Stage
from dhr_app.workflows.windows import is_over, stages_open

NOT_YOURS_TO_SETTLE = (
    "You said that you are not sure, so somebody else decides now. If you know more by now, choose “I am not sure”"
    " again and write it down, or telephone the coordinator."
)


class Asked(StrEnum):
    """What comes next for the person on a review."""

    DECLARE = "declare"
    WAIT = "wait"
    SIGN = "sign"
    NOTHING = "nothing"


@dataclass(frozen=True)
class BeforeStart:
    """The page: what is asked next, and the text to sign. `opens`: whether the seat opens the review at its stage."""

    reference: str
    asked: Asked
    number: int
    paragraphs: tuple[str, ...]
    opens: bool


@dataclass(frozen=True)
class DeclarationEntry:
    """What somebody says: one of DECLARED, and whom they know and how, which is sealed at once."""

    answer: str = ""
    note: str = ""


def before_start(reference: str, *, by: Person, at: datetime) -> BeforeStart:
    """What the person is asked before their seat opens. Raises OutOfReach for whoever has no seat in force."""
    with looking(_found(reference, "seat.prepare", by=by, at=at), "seat.prepare", by=by, at=at) as look:
        text = house().rule_book.undertaking
        asked = _asked(look.session, look.review, by)
        return BeforeStart(reference, asked, text.version, text.paragraphs, _opens(by, Stage(look.review.stage)))


def declaring(reference: str, *, by: Person, at: datetime) -> None:
    """Make sure that the person may declare on this review. Raises OutOfReach."""
    with looking(_found(reference, "conflict.declare", by=by, at=at), "conflict.declare", by=by, at=at):
        pass


def declare(reference: str, entry: DeclarationEntry, *, by: Person, at: datetime) -> None:
    """Say whether one knows anybody in the review; what was said before no longer stands.

    A conflict puts the person on the block list at once, and ends their seats; it or a doubt ends emergency access.
    Whoever was not sure does not settle it by saying “no” afterwards: somebody else decides. Raises OutOfReach, and
    Invalid with what is missing.
    """
    finding = _found(reference, "conflict.declare", by=by, at=at)
    with changing(finding, "conflict.declare", by=by, at=at) as scene:
        if entry.answer not in DECLARED:
            raise Invalid({"answer": "Say whether you know anybody in this review."})
        if entry.answer == "unsure" and not entry.note.strip():
            raise Invalid({"note": "Say whom you may know, and how: somebody has to decide by it."})
        for before in scene.session.scalars(standing(scene.review.id, by.id).order_by(Declaration.id)):
            if entry.answer == "none" and before.answer == "unsure" and before.decided is None:
                raise Invalid({"answer": NOT_YOURS_TO_SETTLE})
            before.replaced_at = at
        row = Declaration(
            review_id=scene.review.id,
            account_id=by.id,
            answer=entry.answer,
            declared_at=at,
            note=entry.note.strip() or None,
        )
        scene.session.add(row)
        scene.record(Happened.DECLARATION_MADE, subject=row, declared=entry.answer)
        if entry.answer != "none":
            end_running(scene.session, by.id, "conflict", review_id=scene.review.id, at=at)
        if entry.answer == "conflict":
            enter(scene, by.id, "declared")


def sign(reference: str, version: int, *, by: Person, at: datetime) -> None:
    """Sign the undertaking in force for one review.

    Raises OutOfReach, Invalid for another version or before the declaration, and Over once it is signed.
    """
    with changing(_found(reference, "seat.prepare", by=by, at=at), "seat.prepare", by=by, at=at) as scene:
        if version != house().rule_book.undertaking.version:
            raise Invalid({"agreed": "The text has changed since you opened this page: please read it again."})
        asked = _asked(scene.session, scene.review, by)
        if asked in (Asked.DECLARE, Asked.WAIT):
            raise Invalid({"agreed": "First say whether you know anybody in this review."})
        if asked is Asked.NOTHING:
            raise Over("You have signed this already: the review is open to you.")
        text = _adopted(scene)
        row = Signature(
            review_id=scene.review.id, account_id=by.id, text_id=text.id, sha256=text.sha256, signed_at=at
        )  # fmt: skip
        scene.session.add(row)
        scene.record(Happened.UNDERTAKING_SIGNED, subject=row, number=text.number)


def waiting_for(*, by: Person, at: datetime) -> tuple[str, ...]:
    """The references of the reviews on which the person has a seat that is not open yet; opens nothing.

    Where the stage of the review has closed it to such a seat, nothing is asked any more.
    """
    today = london_date(at)
    seats = (seat for seat in by.memberships if seat.holds(today) and not is_over(seat.role, seat.stage))
    shut = {seat.review_id for seat in seats if not seat.is_open} - by.conflicts
    if not shut:
        return ()
    with house().reading() as session:
        return tuple(session.scalars(select(Review.reference).where(Review.id.in_(shut)).order_by(Review.reference)))


def _opens(by: Person, stage: Stage) -> bool:
    return by.role not in BY_MEMBERSHIP or stage in stages_open(by.role, "review.reach")


def _found(reference: str, permission: str, *, by: Person, at: datetime) -> Finding:
    """The way to a review for somebody whose seat may not be open yet."""

    def find(session: NamedSession) -> tuple[Review, RuleSet]:
        found = session.execute(
            select(Review, RuleSetUsed.content)
            .join(RuleSetUsed, RuleSetUsed.id == Review.rule_set_id)
            .where(Review.reference == reference)
        ).one_or_none()
        if found is None:
            raise OutOfReach
        if not allows(by, permission, review_id=found[0].id, on=london_date(at)):
            raise OutOfReach(found[0].id)
        review_asked_for.set(True)
        return found[0], rule_book.pinned(found[1])

    return find


def _asked(session: NamedSession, review: Review, by: Person) -> Asked:
    said = session.scalars(standing(review.id, by.id).order_by(Declaration.declared_at, Declaration.id)).first()
    if said is None or said.answer == "conflict" or said.decided == "barred":
        return Asked.DECLARE
    if said.answer == "unsure" and said.decided is None:
        return Asked.WAIT
    signed = select(Signature.id).where(
        Signature.review_id == review.id,
        Signature.account_id == by.id,
        Signature.sha256 == house().rule_book.undertaking.sha256,
    )
    return Asked.SIGN if session.scalar(signed) is None else Asked.NOTHING


def _adopted(scene: Scene) -> UndertakingText:
    """The text in force: found, or kept now as it is signed for the first time."""
    text = house().rule_book.undertaking
    scene.session.queue("undertaking")
    row = scene.session.scalars(select(UndertakingText).where(UndertakingText.sha256 == text.sha256)).one_or_none()
    if row is None:
        row = UndertakingText(number=text.version, content=text.canonical, sha256=text.sha256)
        scene.session.add(row)
        details = {"number": text.version, "sha256": text.sha256}
        record(scene.session, Happened.UNDERTAKING_ADOPTED, happened_on=scene.today, subject=row, details=details)
        scene.session.flush()
    return row
