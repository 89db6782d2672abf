"""One’s own sign-ins, and what one shows beside the password."""

from dhr_app.web.sign_ins.views import room

__all__ = ["room"]
