"""The ways the rules say no; each carries the sentence its reader needs to put it right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Reason:
    """One thing that is missing before a move can be made.

    `condition` names the condition, `sentence` says it to a person, `mend` names the page that puts it right
    (a key of `web/mending.py`; empty where nothing can be done but wait).
    """

    condition: str
    sentence: str
    mend: str = ""


class RuleError(Exception):
    """Something a rule refuses; `sentence` may be shown to the person who asked."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class OutOfReach(RuleError):
    """The thing does not exist for this person: the same answer whether it exists or not (404).

    `review_id` is for the audit trail alone: which review somebody tried to reach, if it exists.
    """

    def __init__(self, review_id: UUID | None = None) -> None:
        super().__init__("There is nothing here that you can open.")
        self.review_id = review_id


class SeatShut(OutOfReach):
    """The person has a seat on this review that is not open yet: they are led to what is asked of them first (303)."""

    def __init__(self, review_id: UUID, reference: str) -> None:
        super().__init__(review_id)
        self.reference = reference


class NotAllowed(RuleError):
    """This person may see the thing but not do this (403)."""

    def __init__(self, permission: str, sentence: str) -> None:
        super().__init__(sentence)
        self.permission = permission


class NotYet(RuleError):
    """A move is not ready; `reasons` lists every missing thing (409)."""

    def __init__(self, move: str, reasons: tuple[Reason, ...]) -> None:
        super().__init__("This cannot be done yet.")
        self.move = move
        self.reasons = reasons


class Over(RuleError):
    """What is asked for was done or ended before: `sentence` says when, so that nobody does it twice (409)."""


class Stale(RuleError):
    """Somebody else saved first; `theirs` and `yours` hold the texts to choose between (409)."""

    def __init__(self, *, version: int, theirs: Mapping[str, str], yours: Mapping[str, str]) -> None:
        super().__init__(
            "Somebody else saved this while you had it open. Nothing of yours is lost: choose what to keep."
        )
        self.version = version
        self.theirs = theirs
        self.yours = yours


class Invalid(RuleError):
    """What was entered cannot be right; `fields` maps a field's name to its sentence."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("; ".join(fields.values()))
        self.fields = fields


class ProofNeeded(RuleError):
    """Before this step somebody must have shown within five minutes who they are."""

    def __init__(self) -> None:
        super().__init__("Show that it is you first.")
