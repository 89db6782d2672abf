"""What passes between a review and the Home Office."""

from dhr_app.web.home_office.views import room

__all__ = ["room"]
