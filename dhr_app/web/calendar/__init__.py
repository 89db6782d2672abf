"""One’s own private calendar."""

from dhr_app.web.calendar.views import room

__all__ = ["room"]
