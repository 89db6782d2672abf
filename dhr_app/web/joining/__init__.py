"""The page behind an invitation’s link."""

from dhr_app.web.joining.views import room

__all__ = ["room"]
