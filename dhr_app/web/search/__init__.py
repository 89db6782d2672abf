"""Looking for a person across the reviews one may open."""

from dhr_app.web.search.views import room

__all__ = ["room"]
