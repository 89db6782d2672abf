"""A death is notified; its notification is read, corrected and added to."""

from dhr_app.web.notification.views import room

__all__ = ["room"]
