"""What the check for duplicates says on the page that follows a save."""

from __future__ import annotations

from flask import flash
from flask.typing import ResponseReturnValue

from dhr_app.casework.duplicates import possible_matches
from dhr_app.web.review_part import done
from dhr_app.web.security import current_person, this_moment


def and_matches(reference: str, sentence: str, onward: str) -> ResponseReturnValue:
    """Say that it is done, and of each person of the review who may be in another one; where nobody is, no more."""
    answer = done(sentence, onward)
    for match in possible_matches(reference, by=current_person(), at=this_moment()):
        flash(match, "notice")
    return answer
