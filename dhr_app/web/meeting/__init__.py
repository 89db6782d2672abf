"""The meetings of a review."""

from dhr_app.web.meeting.views import room

__all__ = ["room"]
