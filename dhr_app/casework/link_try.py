"""Following a link that came by mail: one that opens nothing counts as a wrong password from its network."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from dhr_app.casework.house import house
from dhr_app.casework.invitation_link import sha256
from dhr_app.casework.program import Program
from dhr_app.casework.throttle import take_try, telling_of_throttling
from dhr_app.database.models.account import SignInAttempt
from dhr_app.database.named_session import NamedSession


def count_link(
    token: str, is_good: Callable[[NamedSession], bool], *, by: Program, address: str | None, at: datetime
) -> None:
    """Count a link that opens nothing with the wrong passwords of its network, before it is looked for.

    Raises TooManyTries, and looks for nothing then.
    """
    in_house = house()
    with telling_of_throttling(by=by, at=at), in_house.database.transaction(by=by, at=at) as session:
        attempt = take_try(session, sha256(token), address, in_house.settings, at=at)
    with in_house.reading() as session:
        good = is_good(session)
    if good:
        with in_house.database.transaction(by=by, at=at) as session:
            session.hold()
            session.get_one(SignInAttempt, attempt.id).succeeded = True
