"""The relatives and friends of whoever died."""

from dhr_app.web.family.views import room

__all__ = ["room"]
