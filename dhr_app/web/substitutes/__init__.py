"""An agency’s contact and its substitutes."""

from dhr_app.web.substitutes.views import room

__all__ = ["room"]
