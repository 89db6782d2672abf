"""The accounts, for the administrator."""

from dhr_app.web.accounts.views import room

__all__ = ["room"]
