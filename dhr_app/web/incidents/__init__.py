"""The log of incidents: breaches of personal data and what was done."""

from dhr_app.web.incidents.views import room

__all__ = ["room"]
