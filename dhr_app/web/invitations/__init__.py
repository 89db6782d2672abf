"""Who is invited, and what a second person confirms."""

from dhr_app.web.invitations.views import room

__all__ = ["room"]
