"""Agencies are asked what they know, and answer."""

from dhr_app.web.scoping.views import room

__all__ = ["room"]
