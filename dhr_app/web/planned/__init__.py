"""Meetings that are planned."""

from dhr_app.web.planned.views import room

__all__ = ["room"]
