"""The other bodies of a joint review."""

from dhr_app.web.joint_body.views import room

__all__ = ["room"]
