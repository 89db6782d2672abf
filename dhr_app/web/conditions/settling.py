"""Agreeing, accepting and taking back: each is asked once more, with what follows from it, since none can be undone."""

from __future__ import annotations

from dataclasses import dataclass

from dhr_app.web.again import AsksAgain, code_again, password_again
from dhr_app.web.fields import tick


@dataclass(frozen=True)
class Settling:
    """One way to settle a statement, in words. `of_files` is what one says where it is about files.

    `by_password` is for what two people must do: whoever settles it types their password again.
    """

    permission: str
    title: str
    follows: str
    sure: str
    of_files: str
    missing: str
    button: str
    done: str
    by_password: bool = False


SECOND = Settling(
    "statement.second",
    "Agree as the second person",
    "Two people are asked for, so that one mistake is not enough. From now on the statement counts.",
    "I looked into this myself, and I agree",
    "I opened these files myself, read them, and I agree",
    "Tick the box once you have looked for yourself.",
    "Agree as the second person",
    "Your agreement is recorded.",
    by_password=True,
)
ACCEPT = Settling(
    "statement.accept",
    "Accept that it could not be done",
    "The review can go on without it. The record shows that it was not done, what was tried, and that you accepted it.",
    "I read what was tried, and I accept that no more can be done",
    "I read what was tried, and I accept that no more can be done",
    "Tick the box once you have read what was tried.",
    "Accept that it could not be done",
    "Your acceptance is recorded.",
)
WITHDRAW = Settling(
    "statement.make",
    "Take this statement back",
    "It stays readable but no longer counts, and it cannot be put back: it would have to be stated anew.",
    "Yes, take it back",
    "Yes, take it back",
    "Tick the box to take it back, or go back to leave it as it is.",
    "Take this statement back",
    "The statement is taken back.",
)


class SettlingForm(AsksAgain):
    """A box which says that it is meant, and where two people are asked for, one for the password."""

    sure = tick("", missing="")
    password = password_again()
    code = code_again()

    def __init__(self, words: Settling, *, files: bool) -> None:
        super().__init__()
        self.sure.label.text = words.of_files if files else words.sure
        self._missing = words.missing
        if not words.by_password:
            del self.password
            if "code" in self:
                del self.code

    def validate(self, extra_validators: object = None) -> bool:
        """Not without the box."""
        good = super().validate()
        if not self.sure.data:
            self.sure.errors = [self._missing]
        return good and not self.sure.errors
