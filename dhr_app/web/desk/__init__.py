"""The desk of a chair or author: where their day begins."""

from dhr_app.web.desk.views import room

__all__ = ["room"]
