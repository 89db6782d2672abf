"""The bank holidays in force, and a day that is added to them."""

from dhr_app.web.bank_holidays.views import room

__all__ = ["room"]
