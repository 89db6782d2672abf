"""Is everything as it should be: questions an operator's monitoring asks, each answered with one sentence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from dhr_app.casework import file_sweep, nightly, partnership
from dhr_app.casework.house import House
from dhr_app.database import migrations
from dhr_app.database.errors import GroundError
from dhr_app.database.models.review import Review
from dhr_app.database.verify import verify
from dhr_app.settings import SettingsError
from dhr_app.workflows.errors import OutOfReach


@dataclass(frozen=True)
class Finding:
    """The answer to one question. It names references and places, never a person."""

    question: str
    good: bool
    sentence: str


@dataclass(frozen=True)
class Broken:
    """Where the audit trail does not hold. `chain` is a review's reference (its id if it is gone) or “system”."""

    chain: str
    seq: int | None
    what: str


def check(in_house: House) -> tuple[Finding, ...]:
    """Every question, asked; one that cannot be answered is red."""
    return tuple(_ask(name, question, in_house) for name, question in QUESTIONS.items())


def broken_places(in_house: House, reference: str | None = None) -> tuple[Broken, ...]:
    """Where the audit trail is broken, of one review or of everything. Raises OutOfReach for an unknown reference."""
    with in_house.reading() as session:
        review_id = None
        if reference is not None:
            review_id = session.scalars(select(Review.id).where(Review.reference == reference)).one_or_none()
            if review_id is None:
                raise OutOfReach
        found = verify(session, review_id)
        rows = session.execute(select(Review.id, Review.reference).where(Review.id.in_({one.chain for one in found})))
        known = {row.id: row.reference for row in rows}
    return tuple(Broken(_chain(one.chain, known), one.seq, one.what) for one in found)


def _chain(chain: UUID, known: dict[UUID, str]) -> str:
    return "system" if chain.int == 0 else known.get(chain, str(chain))


def _ask(name: str, question: Callable[[House], Finding], in_house: House) -> Finding:
    try:
        return question(in_house)
    except (GroundError, SettingsError) as error:
        return Finding(name, False, str(error))


def _migrations(in_house: House) -> Finding:
    with in_house.reading() as session:
        step = migrations.revision(session.connection())
    newest = migrations.newest()
    if step == newest:
        return Finding("migrations", True, f"The database stands at step {step}, as this version needs.")
    return Finding(
        "migrations", False, f"The database stands at step {step}, and step {newest} is needed: run `dhr init`."
    )


def _rule_sets(in_house: House) -> Finding:
    partnership.check_pinned(in_house)
    return Finding("rule_sets", True, "No rule set was changed since it was adopted.")


def _keystore(in_house: House) -> Finding:
    return Finding("keystore", True, in_house.database.keystore.health())


def _audit(in_house: House) -> Finding:
    broken = broken_places(in_house)
    if not broken:
        return Finding("audit", True, "The audit trail holds.")
    first = broken[0]
    return Finding(
        "audit", False, f"The audit trail is broken in {len(broken)} places, first in {first.chain}: {first.what}."
    )


def _next_dates(in_house: House) -> Finding:
    wrong = [difference.reference for difference in nightly.wrong_next_dates(in_house)]
    if not wrong:
        return Finding("next_dates", True, "Every review’s next date and standing are those its rows give.")
    return Finding("next_dates", False, f"The next date or standing kept is not the one computed: {', '.join(wrong)}.")


def _files(in_house: House) -> Finding:
    lacking = file_sweep.rows_without_file(in_house)
    if not lacking:
        return Finding("files", True, "Every row that names a file finds it in the document store.")
    return Finding(
        "files", False, f"{len(lacking)} files are gone from the document store, first that of {lacking[0]}."
    )


QUESTIONS: dict[str, Callable[[House], Finding]] = {
    "migrations": _migrations,
    "keystore":   _keystore,
    "rule_sets":  _rule_sets,
    "audit":      _audit,
    "next_dates": _next_dates,
    "files":      _files,
}  # fmt: skip
