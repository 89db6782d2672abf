"""IMRs and summary reports: asked for, written, and waited for no longer."""

from dhr_app.web.imr.views import room

__all__ = ["room"]
