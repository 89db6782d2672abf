"""The papers of a review: report, executive summary, action plan."""

from dhr_app.web.paper.views import room

__all__ = ["room"]
