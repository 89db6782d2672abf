"""A new password for whoever has forgotten theirs."""

from dhr_app.web.ways_in.views import room

__all__ = ["room"]
