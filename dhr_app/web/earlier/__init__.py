"""The stages a review had reached before it was brought into this system."""

from dhr_app.web.earlier.views import room

__all__ = ["room"]
