"""The steering group’s overview, and its report as at a day."""

from dhr_app.web.overview.as_file import report_file
from dhr_app.web.overview.views import room

__all__ = ["report_file", "room"]
