"""Records are destroyed by two people after a notice, completely, and whatever breaks off is carried on."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from dhr_app.casework.trail_proof import broken_places, payloads_broken
from dhr_app.database.models import Disposal, DisposalPart
from dhr_app.database.models.audit import AuditPayload, AuditSalt
from dhr_app.workflows.errors import NotYet
from dhr_app.workflows.events import Happened
from dhr_app.workflows.stages import Stage
from tests.disposals import disposed
from tests.reviews import Case, County


def reasons(refusal: pytest.ExceptionInfo[NotYet]) -> list[str]:
    return [reason.condition for reason in refusal.value.reasons]


def states(case: Case) -> dict[str, set[str]]:
    """The states of the keys of each record class of the review."""
    found: dict[str, set[str]] = {}
    for domain, kept in case.county.house.database.keystore.domains().items():
        if domain.review_id == case.row.id:
            found.setdefault(domain.record_class, set()).update(kept)
    return found


def the_end(case: Case) -> dict[str, Any]:
    """Everything that a disposal leaves behind, without moments and numbers of entries."""
    house = case.county.house
    with house.reading() as session:
        chain = case.row.id
        (row,) = session.scalars(select(Disposal).where(Disposal.review_id == chain, Disposal.done_at.is_not(None)))
        return {
            "keys": states(case),
            "parts": [(part.record_class, part.cells, part.files, bool(part.tombstone)) for part in case.rows(DisposalPart)],
            "payloads": session.scalar(select(func.count()).select_from(AuditPayload).where(AuditPayload.chain == chain)),
            "salts": session.scalar(select(func.count()).select_from(AuditSalt).where(AuditSalt.chain == chain)),
            "events": [event.kind for event in case.events() if event.kind.startswith("disposal")],
            "files": [each.name for each in house.store.objects()],
            "classes": row.classes,
        }  # fmt: skip


def test_a_whole_review_is_destroyed_and_the_trail_holds(county: County) -> None:
    case = county.review(Stage.CLOSED)
    disposed(case)
    end = the_end(case)
    assert {frozenset(kept) for kept in end["keys"].values()} == {frozenset({"destroyed"})}
    assert end["payloads"] == 0
    assert end["salts"] == 0
    assert end["events"] == [
        Happened.DISPOSAL_NOTICED, Happened.DISPOSAL_CONFIRMED, Happened.DISPOSAL_BEGUN, Happened.DISPOSAL_DONE,
    ]  # fmt: skip
    assert sum(cells for _, cells, _, _ in end["parts"]) > 0
    assert broken_places(county.house, deep=True) == ()
    assert payloads_broken(county.house, case.reference, at=case.wait(minutes=1)) == ()
