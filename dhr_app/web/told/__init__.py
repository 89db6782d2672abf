"""“I told …”: whom, how and on which day, or why not."""

from dhr_app.web.told.views import room

__all__ = ["room"]
