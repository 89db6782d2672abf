"""Factual accuracy checks: passages sent, answers taken, corrections settled."""

from dhr_app.web.accuracy.views import room

__all__ = ["room"]
