"""Whose records end over all reviews, and the freeze of everything."""

from dhr_app.web.retention.views import room

__all__ = ["room"]
