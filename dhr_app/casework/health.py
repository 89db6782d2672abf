"""Is everything as it should be: questions an operator's monitoring asks, each answered with one sentence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.exc import ProgrammingError

from dhr_app.casework import (
    bank_holidays_page,
    checkpoint_owed,
    file_sweep,
    heartbeat,
    key_health,
    master_key,
    names_tried,
    nightly,
    partnership,
    tombstones,
    trail_proof,
    unfinished,
)
from dhr_app.casework.house import House
from dhr_app.database import grants, migrations
from dhr_app.database.engine import translating
from dhr_app.database.errors import GroundError
from dhr_app.database.models.audit import NEVER_CHANGED
from dhr_app.settings import SettingsError


@dataclass(frozen=True)
class Finding:
    """The answer to one question. It names references and places, never a person."""

    question: str
    good: bool
    sentence: str


def check(in_house: House) -> tuple[Finding, ...]:
    """Every question, asked; one that cannot be answered is red."""
    return tuple(_ask(name, question, in_house) for name, question in QUESTIONS.items())


def _ask(name: str, question: Callable[[House], Finding], in_house: House) -> Finding:
    try:
        return question(in_house)
    except (GroundError, SettingsError) as error:
        return Finding(name, False, str(error))
    except ProgrammingError:
        return Finding(name, False, "The database does not answer this: run `dhr init`, with its owner’s address.")


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
    return Finding("keystore", *master_key.finding(in_house))


def _audit(in_house: House) -> Finding:
    broken = trail_proof.broken_places(in_house, deep=True)
    if not broken:
        return Finding("audit", True, "The audit trail holds, and every record is what it last said.")
    return Finding("audit", False, f"The audit trail is broken in {len(broken)} places, first in {broken[0]}.")


def _owed(in_house: House) -> Finding:
    return Finding("owed", *checkpoint_owed.finding(in_house))


def _grants(in_house: House) -> Finding:
    database = in_house.database
    if database.engine.dialect.name == "sqlite":
        return Finding("grants", True, "SQLite has no roles: whoever has its file may do everything with it.")
    with translating(), in_house.reading() as session, database.keystore.engine.connect() as keystore:
        found = [f"in the database {each}" for each in grants.excess(session.connection(), append_only=NEVER_CHANGED)]
        found += [f"in the keystore {each}" for each in grants.excess(keystore)]
    if not found:
        return Finding("grants", True, "The program’s own roles may do no more than they need.")
    return Finding(
        "grants", False, f"The program’s role {', and '.join(found)}: let another own its tables (docs/running.md)."
    )


def _recovery(in_house: House) -> Finding:
    return Finding("recovery", *key_health.recovery(in_house))


def _tombstones(in_house: House) -> Finding:
    return Finding("tombstones", *tombstones.finding(in_house))


def _disposals(in_house: House) -> Finding:
    return Finding("disposals", *unfinished.finding(in_house))


def _openings(in_house: House) -> Finding:
    return Finding("openings", *key_health.openings(in_house))


def _names_tried(in_house: House) -> Finding:
    return Finding("names_tried", *names_tried.finding(in_house))


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


def _calendar(in_house: House) -> Finding:
    return Finding("calendar", *bank_holidays_page.finding(in_house))


def _clockwork(in_house: House) -> Finding:
    return Finding("clockwork", *heartbeat.finding(in_house))


QUESTIONS: dict[str, Callable[[House], Finding]] = {
    "migrations": _migrations,
    "keystore":   _keystore,
    "recovery":   _recovery,
    "tombstones": _tombstones,
    "disposals":  _disposals,
    "openings":   _openings,
    "names_tried": _names_tried,
    "rule_sets":  _rule_sets,
    "audit":      _audit,
    "owed":       _owed,
    "grants":     _grants,
    "next_dates": _next_dates,
    "files":      _files,
    "clockwork":  _clockwork,
    "calendar":   _calendar,
}  # fmt: skip
