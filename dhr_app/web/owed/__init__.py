"""What an agency owes, and its own actions: the pages of somebody who sees nothing else of a review."""

from dhr_app.web.owed.views import room

__all__ = ["room"]
