"""The mail this system writes, for the coordinator."""

from dhr_app.web.messages.views import room

__all__ = ["room"]
