"""Which keys there are, what wraps them, and whether anything is still sealed with one that should be gone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from dhr_app.adapters.clock import london_date
from dhr_app.casework.house import House
from dhr_app.casework.rotation import older_cells
from dhr_app.database import keycare
from dhr_app.database.keycare import Kept, Recovery


@dataclass(frozen=True)
class KeyLine:
    """The keys of one record class in one state."""

    record_class: str
    state: str
    keys: int
    generations: tuple[int, int]
    wrapped_by: tuple[str, ...]
    oldest: datetime


@dataclass(frozen=True)
class KeyStatus:
    """All of them; `older` counts the values of each column that another key than today's seals."""

    provider: str
    master_key: str
    under_other_master_keys: int
    lines: tuple[KeyLine, ...]
    older: dict[str, int]
    recovery: Recovery | None


def key_status(in_house: House) -> KeyStatus:
    """How the keys stand now. Opens nothing, unwraps nothing. Raises KeyUnavailable or DatabaseUnavailable."""
    keystore = in_house.database.keystore
    today, every = keycare.master_key_today(keystore), keycare.every_key(keystore)
    in_order = sorted(every, key=_class_and_state)
    return KeyStatus(
        provider=in_house.settings.key_provider,
        master_key=today,
        under_other_master_keys=sum(key.kek_id != today and key.state != "destroyed" for key in every),
        lines=tuple(_line(*named, list(keys)) for named, keys in groupby(in_order, key=_class_and_state)),
        older=older_cells(in_house),
        recovery=keycare.recovery_in_use(keystore),
    )


def in_lines(status: KeyStatus) -> list[str]:
    """The status for the screen."""
    said = [f"Master key today: {status.master_key} ({status.provider})"]
    if status.under_other_master_keys:
        said.append(
            f"{status.under_other_master_keys} keys are under another master key: run `dhr keys rotate --master`."
        )
    for line in status.lines:
        first, last = line.generations
        generations = f"generation {first}" if first == last else f"generations {first} to {last}"
        said.append(
            f"{line.record_class}: {line.keys} {line.state.replace('_', ' ')}, {generations}, oldest of"
            f" {london_date(line.oldest)}, wrapped by {', '.join(line.wrapped_by)}"
        )
    said += [f"{column}: {count} values are sealed with an older key." for column, count in status.older.items()]
    if not status.older:
        said.append("Every value is sealed with today’s key of its records.")
    else:
        said.append("Run `dhr keys rotate` to seal them with today’s.")
    return [*said, _recovery_in_words(status.recovery)]


def _recovery_in_words(recovery: Recovery | None) -> str:
    if recovery is None:
        return "No recovery shares were made: if the master key is lost, everything is. Run `dhr keys escrow`."
    proved = (
        f"last proved on {london_date(recovery.proved_at)}"
        if recovery.proved_at
        else "never proved (`dhr keys escrow --prove REF`)"
    )
    lacking = f"; {recovery.lacking} keys have no copy: run `dhr keys escrow` again" if recovery.lacking else ""
    return f"Recovery shares: set {recovery.share_set}, made on {london_date(recovery.made_at)}, {proved}{lacking}."


def _line(record_class: str, state: str, keys: list[Kept]) -> KeyLine:
    generations = [key.generation for key in keys]
    return KeyLine(
        record_class,
        state,
        len(keys),
        (min(generations), max(generations)),
        tuple(sorted({key.kek_id for key in keys if state != "destroyed"})),
        min(key.created_at for key in keys),
    )


def _class_and_state(key: Kept) -> tuple[str, str]:
    return key.domain.record_class, key.state
