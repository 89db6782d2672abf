"""One change to who may come in: allowed, one at a time, and a refusal is kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from dhr_app.adapters.clock import london_date
from dhr_app.casework.house import house
from dhr_app.casework.scene import require
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.errors import NotAllowed
from dhr_app.workflows.permissions import Person

ACCOUNTS = "accounts"  # the queue of whatever changes accounts, invitations or contacts


@contextmanager
def letting_in(permission: str, *, by: Person, at: datetime) -> Iterator[NamedSession]:
    """One transaction for a person who holds a permission that hangs on no review.

    Raises NotAllowed, which is in the trail as well, and whatever the verb raises.
    """
    try:
        with house().transaction(by=by, at=at) as session:
            require(by, permission, on=london_date(at))
            session.queue(ACCOUNTS)
            yield session
    except NotAllowed as refusal:
        house().database.record_refusal(
            by=by, at=at, review_id=None, what=permission, reasons=[refusal.permission]
        )  # fmt: skip
        raise
