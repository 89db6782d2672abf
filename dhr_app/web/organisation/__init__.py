"""Signing in with an organisation’s own account."""

from dhr_app.web.organisation.views import room

__all__ = ["room"]
