"""The days that belong to the family: avoided by a publication, and five working days before anybody else hears."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from dhr_app.casework import family_part, family_part_page, family_steps
from dhr_app.casework.family import open_family
from dhr_app.casework.family_dates import (
    AvoidedDay,
    falls_on_a_day_to_avoid,
    latest_told,
    planned_publication,
    refresh_publication,
)
from dhr_app.casework.family_part import DayEntry
from dhr_app.casework.family_steps import StepEntry
from dhr_app.casework.publication import PublicationEntry, correct_publication, entry_of, plan_publication
from dhr_app.casework.scene import changing
from dhr_app.database.errors import OpeningRefused
from dhr_app.database.models import FamilyMember, Publication
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.records import family_step, takes_part
from tests.reviews import Case, County


@pytest.fixture
def case(county: County) -> Case:
    """A review that may be published, with one family member who takes part."""
    case = county.review(Stage.PUBLICATION)
    takes_part(case, case.relative())
    return case


def members(case: Case) -> list[UUID]:
    return [one.id for one in sorted(case.rows(FamilyMember), key=lambda one: one.number)]


def plan(case: Case, planned_on: date) -> UUID:
    entry = PublicationEntry("full", planned_on)
    return plan_publication(case.reference, entry, by=case.county.coordinator, at=case.wait(minutes=1))


def planned(case: Case) -> Publication:
    (row,) = case.rows(Publication)
    return row


def told(case: Case, member_id: UUID, about_on: date, answer: str = "not_needed") -> UUID:
    answered_on = case.today if answer == "asked_not_to_be" else None
    entry = StepEntry(case.today, "in_person", about_on, answer, answered_on)
    return family_step(case, member_id, "publication_date", entry)


def avoid(case: Case, day: date, *, every_year: bool = True) -> UUID:
    return family_part.add_date_to_avoid(
        case.reference, members(case)[0], DayEntry(day, every_year), by=case.county.coordinator, at=case.wait(minutes=1)
    )


@pytest.mark.parametrize(
    ("avoided", "every_year", "day", "falls"),
    [
        (date(2009, 8, 14), True,  date(2026, 8, 14), True),
        (date(2009, 8, 14), True,  date(2026, 8, 15), False),
        (date(2026, 8, 14), False, date(2026, 8, 14), True),
        (date(2026, 8, 14), False, date(2027, 8, 14), False),
        (date(2008, 2, 29), True,  date(2028, 2, 29), True),
        (date(2008, 2, 29), True,  date(2028, 2, 28), False),
        (date(2008, 2, 29), True,  date(2027, 2, 28), True),
        (date(2008, 2, 29), True,  date(2027, 3, 1),  True),
        (date(2008, 2, 29), True,  date(2027, 2, 27), False),
    ],
)  # fmt: skip
def test_a_day_to_avoid_falls_on_itself_and_if_it_comes_every_year_on_its_anniversaries(
    avoided: date, every_year: bool, day: date, falls: bool
) -> None:
    assert AvoidedDay(avoided, every_year).falls_on(day) is falls


def test_others_hear_on_the_fifth_working_day_after_the_last_of_the_family_was_told(case: Case) -> None:
    takes_part(case, case.relative(full_name="Hugh Harding"))
    day = case.today + timedelta(days=60)
    plan(case, day)
    first, second = members(case)
    told(case, first, day)
    assert planned(case).agencies_from is None
    case.wait(days=1)
    told(case, second, day)
    calendar = case.county.house.rule_book.calendar
    assert planned(case).agencies_from == calendar.add_working_days(case.today, 5)
    assert case.facts().publication.in_time


def test_who_was_told_another_day_is_told_anew_once_the_plan_changes(case: Case) -> None:
    day = case.today + timedelta(days=60)
    plan(case, day)
    told(case, members(case)[0], day)
    row, later = planned(case), day + timedelta(days=7)
    correct_publication(
        case.reference, row.id, replace(entry_of(row), planned_on=later), row.version,
        by=case.county.coordinator, at=case.wait(minutes=1),
    )  # fmt: skip
    assert planned(case).agencies_from is None
    told(case, members(case)[0], later)
    assert planned(case).agencies_from is not None


def test_whoever_asked_not_to_be_told_counts_as_told_whatever_the_day(case: Case) -> None:
    plan(case, case.today + timedelta(days=60))
    told(case, members(case)[0], case.today + timedelta(days=30), "asked_not_to_be")
    assert planned(case).agencies_from is not None


def test_a_telling_that_was_a_mistake_counts_no_more(case: Case) -> None:
    day = case.today + timedelta(days=60)
    plan(case, day)
    step_id = told(case, members(case)[0], day)
    family_steps.remove_step(
        case.reference, members(case)[0], step_id, by=case.county.coordinator, at=case.wait(minutes=1)
    )
    assert planned(case).agencies_from is None


def test_somebody_who_comes_to_take_part_later_is_told_too_before_others_hear(case: Case) -> None:
    day = case.today + timedelta(days=60)
    plan(case, day)
    told(case, members(case)[0], day)
    brother = case.relative(full_name="Hugh Harding")
    assert planned(case).agencies_from is not None
    takes_part(case, brother)
    assert planned(case).agencies_from is None
    takes_part(case, brother, "no")
    assert planned(case).agencies_from is not None


def test_a_planned_day_is_held_against_the_days_to_avoid_as_they_come_and_go(case: Case) -> None:
    day = case.today + timedelta(days=60)
    plan(case, day)
    assert planned(case).avoids_family_dates is True
    avoided = avoid(case, day.replace(year=2020))
    assert planned(case).avoids_family_dates is False
    assert open_family(case.reference, by=case.county.coordinator, at=case.at).clash
    family_part.remove_date_to_avoid(
        case.reference, members(case)[0], avoided, by=case.county.coordinator, at=case.wait(minutes=1)
    )
    assert planned(case).avoids_family_dates is True
    assert not open_family(case.reference, by=case.county.coordinator, at=case.at).clash


def test_a_plan_made_after_the_day_was_named_finds_it(case: Case) -> None:
    day = case.today + timedelta(days=60)
    avoid(case, day, every_year=False)
    plan(case, day)
    assert planned(case).avoids_family_dates is False


def test_somebody_who_may_not_open_the_family_s_days_leaves_the_check_undone(case: Case) -> None:
    day = case.today + timedelta(days=60)
    plan(case, day)
    avoid(case, day)
    steering = case.county.who(Role.STEERING_CHAIR)
    with changing(case.reference, None, by=steering, at=case.wait(minutes=1)) as scene:
        refresh_publication(scene)
        with pytest.raises(OpeningRefused):
            falls_on_a_day_to_avoid(scene, day)
    assert planned(case).avoids_family_dates is None


def test_without_a_planned_publication_nothing_is_opened_or_written(case: Case) -> None:
    with changing(case.reference, None, by=case.county.coordinator, at=case.wait(minutes=1)) as scene:
        assert planned_publication(scene) is None
        refresh_publication(scene)
        assert latest_told(scene, "copy") is None


def test_the_form_of_a_telling_knows_the_planned_day(case: Case) -> None:
    day = case.today + timedelta(days=60)
    plan(case, day)
    new = family_part_page.open_new_step(
        case.reference, members(case)[0], "publication_date", by=case.county.coordinator, at=case.at
    )
    assert new.planned_on == day
