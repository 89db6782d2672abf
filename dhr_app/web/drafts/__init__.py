"""Drafts of the report: handed in, shared with the panel, taken out to read."""

from dhr_app.web.drafts.views import room

__all__ = ["room"]
