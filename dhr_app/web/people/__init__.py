"""The people of a review."""

from dhr_app.web.people.views import room

__all__ = ["room"]
