"""The steering report as other programs read it: stable keys, ISO dates, nothing personal."""

from __future__ import annotations

from datetime import date
from typing import Any

from dhr_app.casework.slips import Deferral, Slip
from dhr_app.casework.steering_actions import ActionLine, AgencyLine
from dhr_app.casework.steering_report import Report, ReviewLine


def as_json(report: Report) -> dict[str, Any]:
    """The report as JSON takes it.

    - `as_at`: the day; `quarter`: {`from`, `to`}, the three months that end with it; `partnership`: its name.
    - `reviews`: a list, open ones by their next date, then those closed or not going forward here, by reference. Each
      has `reference`, `public_name` ("Columbine/2023", or null), `kind`, `stage` (a code), `since`, `next` (null, or
      {`on`, `what`, `days_late`, `days_late_when_held`}: the last 0 unless it is on hold), `waits_for` ("partnership",
      "chair", "agency", "home_office", "on_hold", or null), `agencies` (their names, where agencies owe what is next),
      `on_hold`, `deferred` (null, or {`until`, `awaited`}), and `slips`: a list of {`kind` ("extension", "hold",
      "action_date", "deferral", "met_late"), `on`, `what`, `was`, `to`, `days`, `reason`, `reason_words`}, of which
      `was` and `to` may be null.
    - `counts`: by key {`label`, `in_quarter`, `earlier`, `in_all`, `means`}.
    - `actions`: a list by agency of {`agency`, `open`, one number for each band of workflows/lateness.py, and
      `overdue`: a list of {`reference`, `action` (its number), `due`, `days`, `look_again`}}.
    """
    begins, ends = report.quarter
    return {
        "as_at": report.as_at.isoformat(),
        "quarter": {"from": begins.isoformat(), "to": ends.isoformat()},
        "partnership": report.partnership,
        "reviews": [_review(line) for line in (*report.reviews, *report.ended)],
        "counts": {
            one.key: {
                "label": one.label, "in_quarter": one.in_quarter, "earlier": one.earlier, "in_all": one.in_all,
                "means": one.means,
            }
            for one in report.counts
        },
        "actions": [_agency(line) for line in report.agencies],
    }  # fmt: skip


def _review(line: ReviewLine) -> dict[str, Any]:
    coming = {
        "on": _day(line.next_on), "what": line.next_what, "days_late": line.days_late,
        "days_late_when_held": line.late_when_held,
    }  # fmt: skip
    return {
        "reference": line.reference,
        "public_name": line.public_name or None,
        "kind": line.kind,
        "stage": line.stage.value,
        "since": line.since.isoformat(),
        "next": coming if line.next_on else None,
        "waits_for": line.waits_for or None,
        "agencies": list(line.agencies),
        "on_hold": line.on_hold,
        "deferred": _deferral(line.deferral) if line.deferral else None,
        "slips": [_slip(slip) for slip in line.slips],
    }


def _deferral(deferral: Deferral) -> dict[str, Any]:
    return {"until": deferral.until.isoformat(), "awaited": deferral.awaited}


def _slip(slip: Slip) -> dict[str, Any]:
    return {
        "kind": slip.kind,
        "on": slip.on.isoformat(),
        "what": slip.what,
        "was": _day(slip.was),
        "to": _day(slip.to),
        "days": slip.days,
        "reason": slip.reason,
        "reason_words": slip.reason_words,
    }


def _agency(line: AgencyLine) -> dict[str, Any]:
    return {"agency": line.agency, "open": line.open, **line.bands, "overdue": [_action(one) for one in line.overdue]}


def _action(one: ActionLine) -> dict[str, Any]:
    return {
        "reference": one.reference,
        "action": one.label,
        "due": one.due_on.isoformat(),
        "days": one.days,
        "look_again": one.look_again,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
