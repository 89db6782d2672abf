"""The audit vocabulary: every kind of thing that can happen, and the sentence a timeline makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from dhr_app.workflows.answers import Answer
from dhr_app.workflows.conditions import CONDITIONS
from dhr_app.workflows.facts import Audience
from dhr_app.workflows.lifecycle import MOVES


class Happened(StrEnum):
    """A kind of event. Only a verb chooses it, never a client."""

    REVIEW_NOTIFIED = "review_notified"
    NOTIFICATION_CHANGED = "notification_changed"
    VICTIM_ADDED = "victim_added"
    PERSON_ADDED = "person_added"
    PERSON_CHANGED = "person_changed"
    PERSON_REMOVED = "person_removed"
    FAMILY_MEMBER_ADDED = "family_member_added"
    FAMILY_MEMBER_CHANGED = "family_member_changed"
    AGENCY_ASKED = "agency_asked"
    AGENCY_ESCALATED = "agency_escalated"
    RETURN_RECEIVED = "return_received"
    RETURN_NIL = "return_nil"
    RETURN_NO_REPLY = "return_no_reply"
    RETURN_CHANGED = "return_changed"
    OTHER_REVIEWS_CONSIDERED = "other_reviews_considered"
    DECISION_RECORDED = "decision_recorded"
    STATEMENT_MADE = "statement_made"
    STATEMENT_SECONDED = "statement_seconded"
    STATEMENT_ACCEPTED = "statement_accepted"
    STATEMENT_WITHDRAWN = "statement_withdrawn"
    TOLD = "told"
    NOT_TOLD = "not_told"
    MOVED = "moved"
    MEMBER_JOINED = "member_joined"
    MEMBER_LEFT = "member_left"
    NEXT_DATE_MENDED = "next_date_mended"
    OPENED = "opened"
    REFUSED = "refused"
    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGNED_OUT = "signed_out"
    ACCOUNT_CREATED = "account_created"
    PARTNERSHIP_SEEDED = "partnership_seeded"
    RULE_SET_ADOPTED = "rule_set_adopted"


@dataclass(frozen=True)
class Telling:
    """How a kind of event is told: its sentence, and whether a review's timeline shows it."""

    sentence: str
    on_timeline: bool = True


# Sentences are made of codes, agencies and numbers only; {agency}, {number}, {label} come from clear columns.
TELLING: dict[Happened, Telling] = {
    Happened.REVIEW_NOTIFIED:          Telling("The death was notified and this record begun"),
    Happened.NOTIFICATION_CHANGED:     Telling("The notification was corrected or added to"),
    Happened.VICTIM_ADDED:             Telling("Victim {number} was recorded"),
    Happened.PERSON_ADDED:             Telling("A person was recorded: {label}"),
    Happened.PERSON_CHANGED:           Telling("The record of a person was corrected: {label}"),
    Happened.PERSON_REMOVED:           Telling("The record of a person was removed: {label}"),
    Happened.FAMILY_MEMBER_ADDED:      Telling("Family member {number} was recorded"),
    Happened.FAMILY_MEMBER_CHANGED:    Telling("The record of family member {number} was corrected"),
    Happened.AGENCY_ASKED:             Telling("{agency} was asked what it knows"),
    Happened.AGENCY_ESCALATED:         Telling("The silence of {agency} was escalated"),
    Happened.RETURN_RECEIVED:          Telling("{agency} sent its scoping return"),
    Happened.RETURN_NIL:               Telling("{agency} answered that it has nothing to return"),
    Happened.RETURN_NO_REPLY:          Telling("{agency} was closed as no reply after escalation"),
    Happened.RETURN_CHANGED:           Telling("The scoping return of {agency} was corrected"),
    Happened.OTHER_REVIEWS_CONSIDERED: Telling("Other kinds of review were considered"),
    Happened.DECISION_RECORDED:        Telling("A decision was prepared: {label}"),
    Happened.STATEMENT_MADE:           Telling("Answered “{answer}”: {condition}"),
    Happened.STATEMENT_SECONDED:       Telling("A second person agreed: {condition}"),
    Happened.STATEMENT_ACCEPTED:       Telling("Accepted that this could not be done: {condition}"),
    Happened.STATEMENT_WITHDRAWN:      Telling("A statement was taken back: {condition}"),
    Happened.TOLD:                     Telling("Told {audience}"),
    Happened.NOT_TOLD:                 Telling("Recorded why {audience} could not be told"),
    Happened.MOVED:                    Telling("{move}"),
    Happened.MEMBER_JOINED:            Telling("{label} joined the review"),
    Happened.MEMBER_LEFT:              Telling("{label} left the review"),
    Happened.NEXT_DATE_MENDED:         Telling("The next date shown in lists was put right by the nightly check"),
    Happened.OPENED:                   Telling("Personal details were opened", on_timeline=False),
    Happened.REFUSED:                  Telling("A step was refused: {move}", on_timeline=False),
    Happened.SIGNED_IN:                Telling("Signed in", on_timeline=False),
    Happened.SIGN_IN_FAILED:           Telling("A sign-in failed", on_timeline=False),
    Happened.SIGNED_OUT:               Telling("Signed out", on_timeline=False),
    Happened.ACCOUNT_CREATED:          Telling("An account was made", on_timeline=False),
    Happened.PARTNERSHIP_SEEDED:       Telling("The partnership was set up", on_timeline=False),
    Happened.RULE_SET_ADOPTED:         Telling("A rule set was first used", on_timeline=False),
}  # fmt: skip

ON_TIMELINE = frozenset(kind for kind, telling in TELLING.items() if telling.on_timeline)


def sentence(kind: Happened, details: Mapping[str, str | int], *, agency: str | None = None) -> str:
    """The event in words. `details` holds clear codes only, so a sentence can never hold a name."""
    move = MOVES.get(str(details.get("move", "")))
    audience = str(details.get("audience", ""))
    answer = str(details.get("answer", ""))
    condition = CONDITIONS.get(str(details.get("condition", "")))
    words = {
        "agency": agency or "An agency",
        "number": details.get("number", ""),
        "label": details.get("label", ""),
        "move": move.happened if move else "",
        "condition": condition.sentence.removesuffix(".") if condition else "",
        "answer": Answer(answer).label.lower() if answer else "",
        "audience": _audience(audience, details.get("number")),
    }
    said = TELLING[kind].sentence.format(**words).strip()
    return said[:1].upper() + said[1:]


def _audience(audience: str, number: object) -> str:
    if not audience:
        return ""
    if audience == Audience.FAMILY and number:
        return f"family member {number}"
    return Audience(audience).label
