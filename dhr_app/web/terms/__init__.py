"""The terms of reference, version by version."""

from dhr_app.web.terms.views import room

__all__ = ["room"]
