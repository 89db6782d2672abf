"""What needs the coordinator today."""

from dhr_app.web.day.views import room

__all__ = ["room"]
