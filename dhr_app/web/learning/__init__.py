"""How what a review taught is passed on."""

from dhr_app.web.learning.views import room

__all__ = ["room"]
