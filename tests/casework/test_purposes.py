"""What the program may open by itself: only for a purpose of the table, only its classes, and never unnamed."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from dhr_app.casework.program import Program
from dhr_app.casework.purposes import KEY_ROTATION, NAME_CHECK, PURPOSES, Purpose
from dhr_app.casework.scene import changing
from dhr_app.database.errors import NoKeyring, OpeningRefused, Unannounced
from dhr_app.database.keyring import announce
from dhr_app.database.models import AuditEntry, Event, InvolvedPerson
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import DataClass
from dhr_app.workflows.stages import Stage
from tests.reviews import County


@pytest.fixture
def case(county: County):
    return county.review(Stage.SCOPING)


def victim_of(session, case) -> InvolvedPerson:
    return session.scalars(select(InvolvedPerson).where(InvolvedPerson.review_id == case.row.id)).one()


def last_entry(house, case) -> dict:
    with house.reading() as session:
        chain = select(AuditEntry.body).where(AuditEntry.chain == case.row.id).order_by(AuditEntry.seq.desc())
        return json.loads(session.scalars(chain).first())


def test_a_purpose_opens_what_it_announced_and_the_trail_names_it(county, case):
    house = county.house
    with house.with_keys(NAME_CHECK, at=case.at), house.reading() as session, pytest.raises(Unannounced):
        _ = victim_of(session, case).full_name
    with house.with_keys(NAME_CHECK, at=case.at):
        announce(case.row.id, [DataClass.IDENTITIES], at=case.at)
        with house.reading() as session:
            assert victim_of(session, case).full_name
    opened = [one for one in case.rows(Event) if one.kind == Happened.OPENED][-1]
    assert (opened.recorded_by_id, opened.recorded_by_name) == (None, "protected-name check")


def test_a_purpose_opens_no_class_that_its_row_does_not_name(county, case):
    ring = county.house.keyring(NAME_CHECK, at=case.at)
    assert {each for each in DataClass if ring.may_open(case.row.id, each)} == NAME_CHECK.opens


def test_neither_a_purpose_of_ones_own_nor_the_clockwork_opens_anything(county, case):
    for nobody in (Purpose("looking round", frozenset(DataClass)), Program("dhr keys rotate")):
        ring = county.house.keyring(nobody, at=case.at)
        assert not any(ring.may_open(case.row.id, each) for each in DataClass)
        with county.house.transaction(by=nobody, at=case.at) as session, pytest.raises(OpeningRefused):
            _ = victim_of(session, case).full_name


def test_inside_a_persons_verb_the_entry_says_that_the_program_looked_and_what_for(county, case):
    house, by = county.house, county.coordinator
    with (
        changing(case.reference, "review.change", by=by, at=case.at) as scene,
        house.with_keys(NAME_CHECK, at=case.at),
    ):
        assert victim_of(scene.session, case).full_name
    entry = last_entry(house, case)
    assert entry["actor"]["name"] == by.name
    assert [told[3:] for told in entry["openings"]] == [["full_name", "protected-name check"]]


def test_inside_a_persons_verb_a_purpose_seals_nothing(county, case):
    by = county.coordinator
    with changing(case.reference, "review.change", by=by, at=case.at) as scene:
        victim = victim_of(scene.session, case)
        with county.house.with_keys(NAME_CHECK, at=case.at), pytest.raises(NoKeyring):
            victim.full_name = "Somebody Else"


def test_one_purpose_does_not_use_the_keyring_of_another(county, case):
    with county.house.with_keys(NAME_CHECK, at=case.at):
        announce(case.row.id, [DataClass.IDENTITIES], at=case.at)
        with (
            county.house.with_keys(KEY_ROTATION, at=case.at),
            county.house.reading() as session,
            pytest.raises(Unannounced),
        ):
            _ = victim_of(session, case).full_name


def test_every_purpose_has_a_name_of_its_own():
    assert len({one.name for one in PURPOSES}) == len(PURPOSES)
