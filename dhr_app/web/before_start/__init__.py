"""What is asked of somebody before their seat on a review opens."""

from dhr_app.web.before_start.views import room

__all__ = ["room"]
