"""The days of the reminders, and quiet days, for the coordinator."""

from dhr_app.web.reminders.views import room

__all__ = ["room"]
