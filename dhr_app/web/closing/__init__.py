"""What a review leaves behind: its records, and whether what was done has lasted."""

from dhr_app.web.closing.views import room

__all__ = ["room"]
