"""Runs of the clockwork's jobs in the audit trail: that one did something, or failed; never what it said of anybody."""

from __future__ import annotations

import logging
from datetime import datetime

from dhr_app.adapters.clock import london_date
from dhr_app.casework.house import House
from dhr_app.casework.program import Program
from dhr_app.database.audit import record
from dhr_app.database.errors import GroundError
from dhr_app.workflows.events import Happened

LOG = logging.getLogger(__name__)


def done(in_house: House, job: str, *, at: datetime) -> None:
    """A job did something. Raises DatabaseUnavailable."""
    _record(in_house, Happened.JOB_DONE, {"job": job}, at=at)


def failed(in_house: House, job: str, failure: Exception, *, at: datetime) -> None:
    """A job failed; told by the kind of the failure alone, since its message may hold anything.

    Where even this cannot be written, the log says so: the failure itself must reach whoever called.
    """
    try:
        _record(in_house, Happened.JOB_FAILED, {"job": job, "failure": type(failure).__name__}, at=at)
    except GroundError:
        LOG.warning("%s failed, and the audit trail could not be told", job)


def _record(in_house: House, kind: Happened, details: dict[str, str], *, at: datetime) -> None:
    with in_house.database.transaction(by=Program("the clockwork"), at=at) as session:
        record(session, kind, happened_on=london_date(at), details=details)
