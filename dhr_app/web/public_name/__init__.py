"""The name a review is known by in public."""

from dhr_app.web.public_name.views import room

__all__ = ["room"]
