"""Seminars about what one review or several taught."""

from dhr_app.web.seminars.views import room

__all__ = ["room"]
