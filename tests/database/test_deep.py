"""The deep proof: each cell against the last word of the trail, and nothing that is not the trail's business."""

from __future__ import annotations

import hashlib
import json
from uuid import uuid4

import pytest
from sqlalchemy import select

from dhr_app.database.audit import FIRST, chain_hash
from dhr_app.database.deep import Deep
from dhr_app.database.models.audit import AuditEntry
from dhr_app.database.verify import verify
from tests.database.examples import AT, ON_SQLITE, Case, ExampleBase, Human, Part, SignIn


def found(ground, chain=None) -> list[tuple[int | None, str]]:
    with ground.db.reading() as session:
        breaks = verify(session, chain, also=[Deep(session, models=ExampleBase.registry)])
        return [(each.seq, each.what) for each in breaks]


@pytest.fixture
def human(ground) -> Human:
    case = ground.case()
    human = ground.human(case, full_name="Jane", notes="long", part=Part.CHILD)
    ground.verb(lambda session: setattr(session.get_one(Human, human.id), "full_name", "Jane Second"))
    ground.verb(lambda session: setattr(session.get_one(Case, case.id), "note", "No."))
    return human


def test_rows_that_nobody_touched_hold(ground, human) -> None:
    ground.add(SignIn(settings={"b": [1, None], "a": "é"}))
    assert found(ground) == []
    assert found(ground, human.review_id) == []


@pytest.mark.parametrize(
    ("sql", "seq", "said"),
    [
        ("update human set full_name_ct = null", 3, "human.full_name_ct"),
        ("update human set notes_ct = full_name_ct", 2, "human.notes_ct"),
        ("update human set part = 'victim'", 2, "human.part"),
        ("update review set note = 'Yes.'", 4, "review.note"),
        ("update review set note = null", 4, "review.note"),
        ("update review set counted = 7", 1, "review.counted"),
        ("update human set alias_ct = full_name_ct", None, "human.alias_ct"),
    ],
)
def test_a_cell_changed_by_sql_is_named_with_the_entry_that_spoke_of_it_last(ground, human, sql, seq, said) -> None:
    ground.tamper(sql)
    ((place, what),) = found(ground)
    assert place == seq
    assert what.startswith(said)
    assert what.endswith("is not what the trail last said")


def test_a_time_that_is_not_told_is_not_compared(ground, human) -> None:
    ground.verb(lambda session: setattr(session.get_one(Case, human.review_id), "looked_at", AT))
    assert found(ground) == []


def test_a_deleted_row_is_not_missed_and_one_put_back_is_found(ground, human) -> None:
    with ground.raw.connect() as connection:
        row = connection.exec_driver_sql("select * from human").mappings().one()
    ground.verb(lambda session: session.delete(session.get_one(Human, human.id)))
    assert found(ground) == []
    names = ", ".join(row)
    values = ", ".join(f":{name}" for name in row)
    ground.tamper(f"insert into human ({names}) values ({values})", **row)  # noqa: S608
    ((seq, what),) = found(ground)
    assert (seq, what) == (None, f"human {human.id} was not made by anything the trail tells of")


def test_a_review_put_in_by_sql_is_found_though_no_entry_names_it(ground, human) -> None:
    forged = uuid4()
    ground.tamper("insert into review (id, reference, counted) values (:id, 'DHR-9', 0)", id=forged.hex)
    assert found(ground) == [(None, f"review {forged} was not made by anything the trail tells of")]


@ON_SQLITE
def test_entries_of_the_first_version_go_on_holding(ground) -> None:
    """They told texts by a bare SHA-256, nothing that a default filled in, and kept nothing beside them."""
    case = ground.case()
    note = "sha256:" + hashlib.sha256(b"No.").hexdigest()
    cells = {"id": [None, str(case.id)], "reference": [None, "DHR-2026-001"], "note": [None, note]}
    told = [{"op": "create", "table": "review", "row": str(case.id), "cells": cells}]
    body = {"v": 1, "chain": str(case.id), "seq": 1, "events": [], "changes": told, "openings": []}
    data = json.dumps(body, sort_keys=True).encode()
    hashed = chain_hash(prev=FIRST, chain=case.id, seq=1, body=data)
    for statement in (
        "drop trigger audit_entry_no_update",
        "update audit_entry set body = :body, hash = :hash",
        "update audit_head set hash = :hash",
        "update review set note = 'No.'",
    ):
        ground.tamper(
            statement, **{name: value for name, value in (("body", data), ("hash", hashed)) if f":{name}" in statement}
        )
    assert found(ground) == []
    ground.verb(lambda session: setattr(session.get_one(Case, case.id), "counted", 4))
    assert found(ground) == []
    ground.tamper("update review set note = 'Yes.'")
    assert [seq for seq, _ in found(ground)] == [1]


def test_every_cell_that_a_new_row_holds_is_told(ground, human) -> None:
    with ground.db.reading() as session:
        bodies = [json.loads(entry.body) for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.seq))]
    created = bodies[0]["changes"][0]["cells"]
    assert created["counted"] == [None, 0], "a default too"
