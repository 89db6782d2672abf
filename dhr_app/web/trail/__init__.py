"""The audit trail, for the auditor and the steering chair."""

from dhr_app.web.trail.views import room

__all__ = ["room"]
