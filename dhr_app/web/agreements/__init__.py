"""The agreements under which organisations’ people are let in."""

from dhr_app.web.agreements.views import room

__all__ = ["room"]
