"""What is kept apart on a review."""

from dhr_app.web.kept_apart.views import room

__all__ = ["room"]
