"""The single point of contact of each agency."""

from dhr_app.web.contacts.views import room

__all__ = ["room"]
