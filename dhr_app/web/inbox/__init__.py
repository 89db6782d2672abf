"""The mail as its readers would get it, in development only."""

from dhr_app.web.inbox.views import room

__all__ = ["room"]
