"""Chairs and authors are appointed, and leave."""

from dhr_app.web.appointment.views import room

__all__ = ["room"]
