"""Who had access to a review, with whom it was shared, and until when it is kept."""

from dhr_app.web.had_access.views import room

__all__ = ["room"]
