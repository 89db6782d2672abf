"""The review panel, and who chairs it."""

from dhr_app.web.panel.views import room

__all__ = ["room"]
