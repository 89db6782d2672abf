"""Handing a review over to another partnership."""

from dhr_app.web.handover.views import room

__all__ = ["room"]
