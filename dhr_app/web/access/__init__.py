"""Who can see a review."""

from dhr_app.web.access.views import room

__all__ = ["room"]
