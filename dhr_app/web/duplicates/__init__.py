"""The check for the same person in other reviews: turned on and off, and what it says after a save."""

from dhr_app.web.duplicates.views import room

__all__ = ["room"]
