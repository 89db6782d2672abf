"""docs/lifecycle.md: the table of the life of a review, its diagram, and every question it asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dhr_app.casework.docs.paper import lines, pages, table
from dhr_app.casework.rule_book import RuleBook
from dhr_app.workflows.condition import ANY_RECORDER, Condition
from dhr_app.workflows.conditions import CONDITIONS
from dhr_app.workflows.duties import DUTIES
from dhr_app.workflows.lifecycle import MOVES, Move
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import ANY, MAIN_LINE, OPEN, Stage

# A move from or to more stages than this would hide the others in the diagram.
AS_MANY_AS_CAN_BE_DRAWN = 4

INTRODUCTION = """\
# The life of a review

Each review stands at one stage. A **move** takes it on, or leaves it where it is and changes something else. A move can
be made when everything in its column *What must be true first* is answered. An answer is *done*, *does not apply* or
*could not be done*; nobody is made to say what is not so.

- **always**: only *done* will do.
- **asked afresh**: the answer is used up by the move, and asked again for the next one.
- **two people**: the answer counts once a second person agrees."""

STATEMENTS = """\
## What must be true: every question

A question answered *on a page* is answered by its own record. Every other one is answered by a dated statement of a
named person with its evidence."""


def document(rule_book: RuleBook) -> str:
    """The document, whole."""
    return pages(
        INTRODUCTION,
        "## Stages",
        _stages(),
        "## The way of a review",
        _diagram(),
        "## Moves",
        _moves(),
        STATEMENTS,
        _conditions(),
        "## What is owed afterwards\n\nA duty that is late is shown in red; it never stops a move.",
        _duties(),
        "## What does not apply\n\nEach kind of review leaves out what its law does not ask for.",
        _left_out(rule_book),
    )


def _stages() -> str:
    order = [*MAIN_LINE, *(stage for stage in Stage if stage not in MAIN_LINE)]
    return table(
        ("Stage", "Name in the program", "Where it lies"),
        ((stage.label, f"`{stage.value}`", "on the way" if stage in MAIN_LINE else "aside") for stage in order),
    )


def _moves() -> str:
    heads = ("Move", "From", "To", "Whose decision", "What must be true first", "Duties it starts", "Its form asks for")
    return table(
        heads,
        (
            (
                f"**{move.button}**\n`{move.name}`",
                _from(move),
                _to(move),
                move.who.label,
                lines(f"{need.sentence}{_marks(need)}" for need in move.needs),
                lines(duty.sentence for duty in move.duties),
                lines(ask.value.replace("_", " ") for ask in move.asks),
            )
            for move in MOVES.values()
        ),
    )


def _from(move: Move) -> str:
    if move.source == ANY:
        return "any stage"
    if move.source == OPEN:
        return "any open stage"
    if len(ANY - move.source) <= AS_MANY_AS_CAN_BE_DRAWN:
        return f"any stage but {_named(ANY - move.source)}"
    return _named(move.source)


def _to(move: Move) -> str:
    if move.stays:
        return "(stays)"
    return "any stage, by choice" if set(move.targets) == ANY else _named(move.targets)


def _named(stages: Iterable[Stage]) -> str:
    wanted = set(stages)
    return ", ".join(stage.label for stage in Stage if stage in wanted)


def _marks(need: Condition) -> str:
    marks = [("always", need.always), ("asked afresh", need.afresh), ("two people", need.two_people)]
    said = [name for name, holds in marks if holds]
    return f" *({', '.join(said)})*" if said else ""


def _diagram() -> str:
    drawn = [move for move in MOVES.values() if not move.stays and _drawable(move)]
    apart = [move.button for move in MOVES.values() if not move.stays and not _drawable(move)]
    states = [f'    state "{stage.label}" as {stage.value}' for stage in Stage]
    ends = sorted(stage for stage in Stage if not any(stage in move.source for move in drawn))
    arrows = [arrow for move in drawn for arrow in _arrows(move)]
    body = ["stateDiagram-v2", *states, f"    [*] --> {Stage.NOTIFICATION.value}", *arrows]
    body += [f"    {stage.value} --> [*]" for stage in ends]
    left = f"Not drawn, because they start or end at many stages: {', '.join(apart)}."
    return "```mermaid\n" + "\n".join(body) + "\n```\n\n" + left


def _drawable(move: Move) -> bool:
    return max(len(move.source), len(move.targets)) <= AS_MANY_AS_CAN_BE_DRAWN


def _arrows(move: Move) -> Iterator[str]:
    for source in (stage for stage in Stage if stage in move.source):
        for target in move.targets:
            yield f"    {source.value} --> {target.value}: {move.button}"


def _conditions() -> str:
    return table(
        ("Question", "Name in the program", "How it is answered", "Asked for"),
        ((need.sentence, f"`{name}`", lines(_how(need)), lines(_asked_for(need))) for name, need in CONDITIONS.items()),
    )


def _how(need: Condition) -> Iterator[str]:
    if need.record:
        yield "on a page"
    else:
        yield f"stated by {_roles(need.stated_by)}"
    if need.tells is not None:
        yield f"or by “I told …” {need.tells.label}"
    notes = [
        (need.always, "always"),
        (need.afresh, "asked afresh"),
        (need.two_people, "two people"),
        (need.files, "carries the SHA-256 of exactly the files it is about"),
    ]
    yield from (words for holds, words in notes if holds)
    if need.from_stage is not None:
        yield f"does not arise before the stage “{need.from_stage.label}”"
    if need.arises_if is not None:
        yield f"arises only where {need.arises_if.__doc__}"


def _roles(roles: frozenset[Role]) -> str:
    if roles == ANY_RECORDER:
        return "the coordinator, steering group chair or deputy, independent chair or report author"
    return " or ".join(role.label.lower() for role in Role if role in roles)


def _asked_for(need: Condition) -> Iterator[str]:
    return (move.button for move in MOVES.values() if need in move.needs)


def _duties() -> str:
    heads = ("Duty", "Name in the program", "Whom it concerns", "Its deadline", "Started by")
    return table(
        heads,
        (
            (
                duty.sentence,
                f"`{name}`",
                duty.audience.label,
                f"`{duty.rule}`",
                lines(move.button for move in MOVES.values() if duty in move.duties),
            )
            for name, duty in DUTIES.items()
        ),
    )


def _left_out(rule_book: RuleBook) -> str:
    return table(
        ("Rule set", "Questions and duties left out", "Moves left out"),
        (
            (
                f"{rule_set.name} (`{key}`, version {rule_set.version})",
                lines(f"`{name}`" for name in sorted(rule_set.without)),
                lines(MOVES[name].button for name in MOVES if name in rule_set.without_moves),
            )
            for key, rule_set in rule_book.rule_sets.items()
        ),
    )
