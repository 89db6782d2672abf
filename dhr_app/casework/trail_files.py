"""The audit trail as files: what was asked for as a table (CSV), or all of it for an outside auditor (JSON lines).

Either way it is written down who took it out, and a checkpoint is signed, before anything leaves.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from typing import IO

from dhr_app.adapters.clock import LONDON, london_date
from dhr_app.casework.house import house
from dhr_app.casework.scene import require
from dhr_app.casework.trail_export import announce_export, trail_lines
from dhr_app.casework.trail_page import ORDER, TrailFilters, TrailLine, line_of, narrowed
from dhr_app.casework.trail_ways import Way, with_ways
from dhr_app.database.errors import CheckpointFailed, TrailBroken
from dhr_app.database.verify import AT_ONCE
from dhr_app.workflows.errors import NotAllowed, NotYet, Reason
from dhr_app.workflows.permissions import Person

COLUMNS = ("Day", "Time in London", "Who", "Role", "For", "Review", "What", "Request", "Sign-in")
# What a spreadsheet takes for a formula where a cell begins with it; the full-width forms are read as the plain ones.
FORMULA = tuple("=+-@\t\r\n|%\uff1d\uff0b\uff0d\uff20")


def trail_as_csv(filters: TrailFilters, *, by: Person, at: datetime) -> bytes:
    """What was asked for, oldest first, for a spreadsheet. Raises NotAllowed, NotYet, Invalid; then nothing leaves."""
    require(by, "trail.export", on=london_date(at))
    with house().reading() as session:  # what is wrongly asked for is said before it is written down
        narrowed(session, filters, by=by, on=london_date(at))
    _announce("csv", by=by, at=at)
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(COLUMNS)
    with house().reading() as session:
        rows = narrowed(session, filters, by=by, on=london_date(at)).order_by(*ORDER)
        for row, way in with_ways(session, session.execute(rows.execution_options(yield_per=AT_ONCE))):
            table.writerow(neutral(cell) for cell in _cells(line_of(row), way))
    return text.getvalue().encode("utf-8-sig")  # with which a spreadsheet knows what it reads


def trail_as_lines(*, by: Person, at: datetime) -> IO[bytes]:
    """The whole trail in a file that has no name and is gone when it is closed. Raises NotAllowed, NotYet."""
    require(by, "trail.export", on=london_date(at))
    if by.conflicts:
        raise NotAllowed(
            "trail.export",
            "The whole trail tells of a review that is barred to you. Ask somebody to whom none is, or take a table.",
        )
    _announce("json lines", by=by, at=at)
    with ExitStack() as until_filled:
        file = until_filled.enter_context(tempfile.TemporaryFile(dir=house().settings.instance))
        for line in trail_lines(house()):
            file.write(line.encode())
        file.seek(0)
        until_filled.pop_all()  # closed once it was sent
    return file


def _cells(line: TrailLine, way: Way) -> Iterator[str]:
    wall = line.at.astimezone(LONDON)
    yield from (f"{wall:%Y-%m-%d}", f"{wall:%H:%M:%S}", line.by, line.role, line.agency, line.reference, line.text)
    yield from (way.get("request", ""), way.get("sign_in", ""))


def neutral(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.lstrip().startswith(FORMULA) or cell.startswith(FORMULA) else cell


def _announce(kind: str, *, by: Person, at: datetime) -> None:
    try:
        announce_export(house(), kind, by=by, at=at)
    except (CheckpointFailed, TrailBroken) as trouble:
        raise NotYet("export", (Reason("checkpoint", str(trouble)),)) from None
