"""One condition: what was stated about it, and the form to state something more."""

from dhr_app.web.conditions.views import room

__all__ = ["room"]
