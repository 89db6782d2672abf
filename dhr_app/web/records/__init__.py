"""What a review's records are kept for and until when: holds, notices, and their destruction by two people."""

from dhr_app.web.records import certificate
from dhr_app.web.records.views import room

__all__ = ["certificate", "room"]
