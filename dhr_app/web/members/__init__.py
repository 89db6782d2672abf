"""Who sits on a review."""

from dhr_app.web.members.views import room

__all__ = ["room"]
