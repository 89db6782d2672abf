"""The agencies’ own tenants, through which their people sign in."""

from dhr_app.web.tenants.views import room

__all__ = ["room"]
