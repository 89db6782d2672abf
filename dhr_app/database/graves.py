"""What the keystore still holds of domains that were destroyed: nothing, unless it was restored from before that."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, insert, select, update

from dhr_app.database import keycopies
from dhr_app.database.keystore import Keystore
from dhr_app.database.keytable import Domain, of, recovery_copy, review_key
from dhr_app.workflows.retention import Grave

KEY = ("review_id", "record_class", "subject_id", "generation")


def domain_of(grave: Grave) -> Domain:
    """The domain that was destroyed."""
    return Domain(grave.review_id, grave.record_class, grave.subject_id)


def not_destroyed(keystore: Keystore, graves: Sequence[Grave]) -> list[Grave]:
    """Those of which this keystore holds a key, or a copy of one, or does not know: in one question for all.

    One that it does not know counts too: a new key could be made where nothing may be sealed any more.
    """
    if not graves:
        return []
    same = and_(*(review_key.c[name] == recovery_copy.c[name] for name in KEY))
    asked = (
        select(
            *(review_key.c[name] for name in KEY[:3]),
            (review_key.c.state == "destroyed").label("destroyed"),
            (review_key.c.wrapped.is_not(None) | recovery_copy.c.wrapped.is_not(None)).label("there"),
        )
        .select_from(review_key.outerjoin(recovery_copy, same))
        .where(review_key.c.review_id.in_({grave.review_id for grave in graves}))
    )
    gone: dict[Domain, bool] = {}
    with keystore.asked() as connection:
        for row in connection.execute(asked):
            domain = Domain(row.review_id, row.record_class, row.subject_id)
            gone[domain] = gone.get(domain, True) and bool(row.destroyed) and not row.there
    return [grave for grave in graves if not gone.get(domain_of(grave), False)]


def destroy_again(keystore: Keystore, grave: Grave) -> int:
    """Destroy what this keystore holds of a domain, and let it know each generation. Returns how many keys it held."""
    domain = domain_of(grave)
    with keystore.work() as connection:
        held = connection.execute(
            update(review_key)
            .where(of(domain), (review_key.c.state != "destroyed") | review_key.c.wrapped.is_not(None))
            .values(state="destroyed", wrapped=None, destroyed_at=grave.destroyed_at)
        ).rowcount
        keycopies.drop(connection, domain)
        known = set(connection.scalars(select(review_key.c.generation).where(of(domain))))
        for generation in sorted(set(grave.generations or (1,)) - known):
            connection.execute(
                insert(review_key).values(
                    review_id=domain.review_id,
                    record_class=domain.record_class,
                    subject_id=domain.subject_id,
                    generation=generation,
                    kek_id="",
                    wrapped=None,
                    binding=b"",
                    state="destroyed",
                    created_at=grave.destroyed_at,
                    retired_at=None,
                    destroyed_at=grave.destroyed_at,
                )
            )
    return held
