"""Papers as PDF: tagged, so that they can be read aloud, and the same bytes for the same data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

PAPERS = Path(__file__).parent / "papers"


def typeset(paper: str, data: Mapping[str, Any], *, at: datetime) -> bytes:
    """The PDF of a paper of the folder papers/, of these words and dated so.

    Nothing but the data reaches it: no font of this machine, no file and no network; a word of the data that looks like
    a command of the typesetter stands there as it was written.
    """
    import typst  # noqa: PLC0415 - heavy, and needed a few times a year

    return typst.compile(
        (PAPERS / f"{paper}.typ").read_bytes(),
        sys_inputs={"data": json.dumps(data)},
        pdf_standards=["ua-1"],
        ignore_system_fonts=True,
        timestamp=int(at.timestamp()),
    )
