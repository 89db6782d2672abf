"""Emergency access: asked for, answered by a second person, ended, and looked at afterwards."""

from dhr_app.web.emergency.views import room

__all__ = ["room"]
