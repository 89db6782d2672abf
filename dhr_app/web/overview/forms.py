"""Which day a report is to be as at: asked for in an address, so that it can be kept and sent on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from flask_wtf import FlaskForm

from dhr_app.web.date_fields import DayField

ASKED = "as-at"


class AsAtForm(FlaskForm):
    """The day. It changes nothing, so it is asked by GET and without a token."""

    class Meta:
        """No token stands in an address."""

        csrf = False

    as_at = DayField(
        "As at the end of which day?", hint="For example, 31 3 2026.", called="The day", missing="Give the day."
    )


def day_asked(args: Mapping[str, str]) -> date | None:
    """The day in an address. Raises ValueError with a sentence for a text that is none; None where none is asked."""
    if ASKED not in args:
        return None
    try:
        return date.fromisoformat(args[ASKED])
    except ValueError:
        raise ValueError("Write the day as year, month and day, like 2026-03-31, or use the boxes.") from None


def usual_days(today: date) -> tuple[tuple[str, date], ...]:
    """The days most often asked for: today, the end of last month, the end of the last quarter of the year."""
    month = today.replace(day=1) - timedelta(days=1)
    quarter = date(today.year, (today.month - 1) // 3 * 3 + 1, 1) - timedelta(days=1)
    days = [("Today", today), ("The end of last month", month)]
    return tuple(days if quarter == month else [*days, ("The end of the last quarter", quarter)])
