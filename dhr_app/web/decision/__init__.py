"""The decision whether to review, prepared for whoever decides."""

from dhr_app.web.decision.views import room

__all__ = ["room"]
