"""Reviews: their list, each one’s page, and its timeline."""

from dhr_app.web.reviews.views import room

__all__ = ["room"]
