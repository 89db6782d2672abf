"""Who agreed the report."""

from dhr_app.web.approval.views import room

__all__ = ["room"]
