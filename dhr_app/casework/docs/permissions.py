"""docs/permissions.md: who may do what, who may open what, and who may record which move."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from dhr_app.casework.docs.paper import lines, pages, table
from dhr_app.casework.rule_book import RuleBook
from dhr_app.workflows.lifecycle import MOVES
from dhr_app.workflows.permissions import (
    GRANTS,
    MAY_OPEN,
    MAY_RECORD,
    Membership,
    Person,
    Predicate,
    allows,
)
from dhr_app.workflows.roles import BY_MEMBERSHIP, Role
from dhr_app.workflows.stages import Stage
from dhr_app.workflows.window_words import windows_said
from dhr_app.workflows.windows import REMAINS

# Any day and any ids do: the answer rests on the role and on the place on the review alone.
DAY = date(2026, 6, 3)
REVIEW, SOMEBODY, THEIR_AGENCY = UUID(int=1), UUID(int=2), UUID(int=3)

INTRODUCTION = """\
# Who may do what

A permission is held by whoever fits **one** of the descriptions beside it. A conflict of interest wins over every
permission: the review is then out of reach. Chairs, authors, panel members and contributors reach only the reviews they
are on, from the day they joined to the day they left, and only while their seat is open: once
they declared no conflict of interest, or were let take part, and signed the undertaking of confidentiality that is
asked for now. Coordinators, the steering group and auditors reach reviews by their office: they need no seat."""

OPENING = """\
## Who may open what is sealed

Each class is sealed under keys of its own. A value that belongs to an agency (its scoping return) is open to that
agency’s contributors too, and to no other agency’s. Every opening is entered in the audit trail before it happens."""

WHEN = """\
## From which stage to which a seat opens it

Who holds a permission or may open a class by a seat on the review does so only at these stages of it. Where the review
goes back, what was open there is open again. Any other stage opens nothing to a seat. Whoever reaches reviews by their
office, and an agency that reports on its own actions, are not bound to a stage."""

RECORDING = """\
## Who may record a move

A move is decided by whoever the table of moves names. They, their deputy, or the coordinator with the evidence on file
may record it."""


def document(rule_book: RuleBook) -> str:
    """The document, whole."""
    return pages(
        INTRODUCTION,
        "## Permissions",
        table(
            ("Permission", "Who holds it"), _rows({n: who for n, who in GRANTS.items() if not n.startswith("move.")})
        ),
        OPENING,
        table(("Class", "Who may open it"), _rows({f"{name.value}": who for name, who in MAY_OPEN.items()})),
        WHEN,
        table(("Seat", "Opens", "From", "Until", "Stages"), _windows()),
        f"After the publication a chair, author or panel member holds of what is theirs above only {_remains()}.",
        RECORDING,
        table(("Whose decision", "Who may record it"), [(who.label, _said(by)) for who, by in MAY_RECORD.items()]),
        "## Moves and roles\n\n● the role may record the move; for a role that sits on reviews, on those it sits on.",
        _matrix(),
    )


def _rows(grants: dict[str, tuple[Predicate, ...]]) -> list[tuple[str, str]]:
    return [(f"`{name}`", _said(who)) for name, who in grants.items()]


def _said(predicates: Sequence[Predicate]) -> str:
    return lines((predicate.__doc__ or "").strip() for predicate in predicates) if predicates else "nobody"


def _windows() -> list[tuple[str, ...]]:
    return [
        (one.who, lines(one.what), one.since, one.until, lines(stage.label for stage in one.stages))
        for one in windows_said()
    ]


def _remains() -> str:
    return ", ".join(f"`{what}`" for what in REMAINS)


def _matrix() -> str:
    return table(
        ("Move", *(role.label for role in Role)),
        ((move.button, *(_mark(role, f"move.{name}") for role in Role)) for name, move in MOVES.items()),
    )


def _mark(role: Role, permission: str) -> str:
    seats = (
        (Membership(REVIEW, role, THEIR_AGENCY, DAY, is_open=True, stage=Stage.PANEL),) if role in BY_MEMBERSHIP else ()
    )
    person = Person(SOMEBODY, role.label, role, THEIR_AGENCY, seats)
    return "●" if allows(person, permission, review_id=REVIEW, agency_id=THEIR_AGENCY, on=DAY) else ""
