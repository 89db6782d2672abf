"""The forms of the block list: putting somebody on it, deciding about who is not sure, taking somebody off."""

from __future__ import annotations

from uuid import UUID

from flask_wtf import FlaskForm

from dhr_app.casework.block_list_page import BlockListPage
from dhr_app.web.again import AsksAgain, code_again, password_again
from dhr_app.web.fields import from_list, line, one_of
from dhr_app.workflows.record_wording import LIFTED_BECAUSE


class BarForm(FlaskForm):
    """One of the two: somebody with an account, or an address."""

    account_id = from_list("Who is known to somebody in this review?", {})
    email = line(
        "Or, if they have no account yet: their work e-mail address",
        hint="If somebody is given an account with this address later, this review stays closed to them.",
        autocomplete="off",
        spellcheck=False,
    )

    def offer(self, page: BlockListPage) -> None:
        """Offer whoever does not stand on the list."""
        self.account_id.choices = {"": "Choose one", **{str(each): who for each, who in page.people.items()}}

    @property
    def chosen(self) -> UUID | None:
        """Whose account was chosen."""
        return UUID(self.account_id.data) if self.account_id.data else None


class DecideForm(FlaskForm):
    """What is decided about somebody who was not sure."""

    decision = one_of(
        "What do you decide?",
        {"allowed": "They take part", "barred": "They are barred, and stand on the block list"},
        missing="Choose what you decide.",
    )


class AskOffForm(FlaskForm):
    """Why somebody is to be taken off."""

    reason = one_of("Why?", LIFTED_BECAUSE, missing="Say why they are taken off the list.")


class TakeOffForm(AsksAgain):
    """The second person’s password."""

    password = password_again()
    code = code_again()
