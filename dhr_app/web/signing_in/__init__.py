"""Signing in and out."""

from dhr_app.web.signing_in.views import room

__all__ = ["room"]
