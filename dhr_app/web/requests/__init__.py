"""The log of requests for information, and what was decided of each."""

from dhr_app.web.requests.views import room

__all__ = ["room"]
