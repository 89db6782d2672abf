"""Other kinds of review that may run beside this one."""

from dhr_app.web.other_reviews.views import room

__all__ = ["room"]
