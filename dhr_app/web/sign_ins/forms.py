"""The forms of one’s own account: showing that it is you, and the first code of an authenticator."""

from __future__ import annotations

from dhr_app.web.again import AsksAgain, code_again, password_again


class ProveForm(AsksAgain):
    """The password, and the code of whoever has an authenticator."""

    password = password_again()
    code = code_again()
