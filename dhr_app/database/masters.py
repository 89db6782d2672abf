"""Whether the keeper of the master key knows what wraps the keys lying in the keystore: asked about one key of each."""

from __future__ import annotations

from collections import Counter
from functools import partial
from itertools import groupby
from typing import Any

from sqlalchemy import Row, func, select

from dhr_app.adapters.keys import ChangedBytes, OfAnotherMasterKey, refuse_development_key
from dhr_app.database.keystore import OPENS, Keystore, asking
from dhr_app.database.keytable import KEPT, Domain, review_key

TRIED = 3  # of keys under one master key, which are not all changed by chance: the others are asked about no more


def unopened(keystore: Keystore) -> int:
    """How many keys that should open are under a master key that is not known; of several such, the first alone counts.

    Where nothing lies in the keystore, the keeper is asked whether it is well. Raises KeyUnavailable with what it says
    of itself, KeysUnreachable where it does not answer.
    """
    found: Counter[str] = Counter()
    for _, rows in groupby(_samples(keystore), lambda row: row.kek_id):
        samples = list(rows)
        answer = asking(partial(_answer, keystore, samples))
        if answer == "unknown" or (answer == "changed" and len(samples) == TRIED):
            return int(samples[0].keys)
        found[answer] += samples[0].keys
    if not found:
        asking(keystore.provider.health)
    # Another keeper may have a key of the same name. But where something opens, only a row or two were changed.
    return 0 if found["opens"] else found["changed"]


def _answer(keystore: Keystore, samples: list[Row[Any]]) -> str:
    """What is said of keys under one master key: that it “opens”, is “unknown”, or that their bytes were “changed”."""
    for row in samples:
        if not isinstance(row.kek_id, str) or not isinstance(row.wrapped, bytes):  # somebody wrote it past every guard
            continue
        domain = Domain(row.review_id, row.record_class, row.subject_id)
        refuse_development_key(row.kek_id, env=keystore.env)
        try:
            keystore.provider.unwrap(row.kek_id, row.wrapped, domain.context(row.generation))
        except OfAnotherMasterKey:
            return "unknown"
        except ChangedBytes:
            continue
        return "opens"
    return "changed"


def _samples(keystore: Keystore) -> list[Row[Any]]:
    """The first few keys that should open under each master key, with how many keys it wraps: in one question."""
    opens = review_key.c.wrapped.is_not(None) & review_key.c.state.in_(OPENS)
    master = review_key.c.kek_id
    place = func.row_number().over(partition_by=master, order_by=list(review_key.primary_key)).label("place")
    keys = func.count().over(partition_by=master).label("keys")
    each = select(*KEPT, place, keys).where(opens).subquery()
    with keystore.asked() as connection:
        return list(connection.execute(select(each).where(each.c.place <= TRIED).order_by(each.c.kek_id, each.c.place)))
