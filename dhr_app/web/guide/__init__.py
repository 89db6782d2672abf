"""A short guide for each role."""

from dhr_app.web.guide.views import room

__all__ = ["room"]
