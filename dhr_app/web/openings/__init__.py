"""Who has opened the personal details of a review."""

from dhr_app.web.openings.views import room

__all__ = ["room"]
