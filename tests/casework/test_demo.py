"""The demo shows every stage and every hard day, is made by verbs alone, and leaves no personal value in clear."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from dhr_app import create_app
from dhr_app.casework import demo, nightly, partnership
from dhr_app.casework.account import sign_in
from dhr_app.casework.day import what_needs_you
from dhr_app.casework.demo import plan as planning
from dhr_app.casework.demo.cases import CASES
from dhr_app.casework.house import House, at_work, open_house
from dhr_app.casework.reminding import in_lines, remind
from dhr_app.casework.steering_json import as_json
from dhr_app.casework.steering_report import steering_report
from dhr_app.cli import main
from dhr_app.database.models import (
    Closing,
    DutyOwed,
    ExtensionRow,
    FamilyMember,
    Handover,
    InvolvedPerson,
    JointBody,
    Membership,
    MoveMade,
    Notification,
    Publication,
    Review,
    RuleSetUsed,
    ScopingRequest,
    SeminarReview,
    Statement,
)
from dhr_app.database.verify import verify
from dhr_app.settings import load
from dhr_app.web.overview import report_file
from dhr_app.workflows.reminders import ANSWERED, CONTACT, HOLDS, LATER, MAIL, SECTIONS, UNDATED
from dhr_app.workflows.roles import BY_MEMBERSHIP, Role
from dhr_app.workflows.stages import Stage

pytestmark = pytest.mark.slow  # the whole demo

TODAY = date(2026, 6, 3)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, empty_instance: Path) -> Iterator[tuple[House, demo.Demo]]:
    """Barsetshire, loaded once for all tests of this file, none of which changes it."""
    instance = tmp_path_factory.mktemp("barsetshire") / "instance"
    shutil.copytree(empty_instance, instance, symlinks=True)
    settings = load(
        {
            "DHR_ENV": "testing",
            "DHR_INSTANCE": str(instance),
            "DHR_SECRET_KEY": "a secret for the tests, forty letters long",
            "DHR_TODAY": TODAY.isoformat(),
        }
    )
    house = open_house(settings)
    with at_work(house):
        partnership.seed(house, at=house.clock.now())
        yield house, demo.load(house)
    house.database.dispose()


@pytest.fixture(scope="module")
def house(played: tuple[House, demo.Demo]) -> House:
    return played[0]


@pytest.fixture(scope="module")
def found(played: tuple[House, demo.Demo]) -> demo.Demo:
    return played[1]


def test_a_review_stands_at_every_stage_of_the_way_and_beside_it(house: House) -> None:
    with house.reading() as session:
        stages = set(session.scalars(select(Review.stage)))
    assert stages == {stage.value for stage in Stage}


def test_every_rule_set_has_a_review(house: House) -> None:
    with house.reading() as session:
        used = set(session.scalars(select(RuleSetUsed.key)))
    assert used == set(house.rule_book.rule_sets)


def test_each_role_has_one_person_who_can_sign_in(house: House, found: demo.Demo) -> None:
    assert [card.role for card in found.accounts] == [role.value for role in Role]
    for card in found.accounts:
        assert sign_in(card.email, card.password, address="192.0.2.1", at=house.clock.now())


def test_the_references_told_are_those_given(house: House, found: demo.Demo) -> None:
    stages = {"notified": "notification", "late": "scoping", "on_hold": "panel", "closed": "closed", "void": "void"}
    with house.reading() as session:
        at = {row.reference: row.stage for row in session.execute(select(Review.reference, Review.stage))}
    assert set(found.references.values()) == set(at)
    assert {key: at[found.references[key]] for key in stages} == stages


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(select(Review.id).where(Review.on_hold_since.is_not(None)), id="a review is on hold"),
        pytest.param(select(Review.id).where(Review.deferred_until > TODAY), id="a decision is deferred"),
        pytest.param(
            select(Review.id).where(Review.next_what == "decision_due", Review.next_on < TODAY), id="a decision is late"
        ),
        pytest.param(select(Review.id).where(Review.suspected_suicide == "yes"), id="a suicide is suspected"),
        pytest.param(
            select(Notification.id).where(Notification.aware_on.is_(None), Notification.aware_on_ct.is_not(None)),
            id="a review whose partnership was aware on the day of the death",
        ),
        pytest.param(
            select(InvolvedPerson.id).where(InvolvedPerson.part == "victim", InvolvedPerson.number == 2),
            id="two victims",
        ),
        pytest.param(select(FamilyMember.id).where(FamilyMember.number == 2), id="two family members"),
        pytest.param(
            select(FamilyMember.id).where(FamilyMember.not_contacted_because == "suspect"), id="not to be contacted"
        ),
        pytest.param(
            select(MoveMade.review_id)
            .where(MoveMade.name == "send_back")
            .group_by(MoveMade.review_id)
            .having(func.count() == 2),
            id="sent back twice by the Home Office",
        ),
        *(
            pytest.param(select(MoveMade.id).where(MoveMade.name == name), id=f"a review with the step {name}")
            for name in ("withhold", "bring_in", "finish_local", "transfer", "replace_chair", "take_down")
        ),
        pytest.param(select(JointBody.id), id="a joint review"),
        pytest.param(
            select(Handover.id).where(Handover.used_by.is_(None), Handover.given_up_on.is_(None)),
            id="a handing-over under way",
        ),
        *(
            pytest.param(select(ScopingRequest.id).where(ScopingRequest.outcome == outcome), id=f"a return {outcome}")
            for outcome in ("open", "in", "nil", "no_reply")
        ),
        pytest.param(
            select(Statement.id).where(Statement.counts.is_(False), Statement.answer == "done"),
            id="a second person awaited",
        ),
        pytest.param(
            select(Statement.id).where(Statement.counts.is_(False), Statement.answer == "could_not_be_done"),
            id="an acceptance awaited",
        ),
        pytest.param(
            select(Statement.id).where(Statement.counts, Statement.answer == "could_not_be_done"),
            id="an acceptance given",
        ),
        pytest.param(select(DutyOwed.id).where(DutyOwed.settled_by_id.is_(None)), id="a duty open"),
        pytest.param(select(DutyOwed.id).where(DutyOwed.settled_by_id.is_not(None)), id="a duty settled"),
        pytest.param(select(ExtensionRow.id), id="a later date agreed"),
        pytest.param(
            select(Publication.id).where(Publication.published_on.is_(None), Publication.avoids_family_dates.is_(True)),
            id="a publication planned on a day that is free",
        ),
        pytest.param(select(Publication.id).where(Publication.taken_down_on.is_not(None)), id="a report taken down"),
        pytest.param(select(Publication.id).where(Publication.number == 2), id="a report published again"),
        pytest.param(
            select(SeminarReview.seminar_id).group_by(SeminarReview.seminar_id).having(func.count() > 1),
            id="a seminar about several reviews",
        ),
        pytest.param(select(Closing.id).where(Closing.audit_found == "partly"), id="an audit that found too little"),
    ],
)
def test_what_makes_the_work_hard_is_there(house: House, rows: object) -> None:
    with house.reading() as session:
        assert session.execute(rows).first() is not None  # type: ignore[call-overload]


def test_chair_author_panel_member_and_contributor_sit_on_a_review_now(house: House) -> None:
    now = select(Membership.role).where(Membership.from_on <= TODAY, Membership.to_on.is_(None))
    with house.reading() as session:
        assert set(session.scalars(now)) == {role.value for role in BY_MEMBERSHIP}


def test_every_chain_of_the_audit_trail_holds(house: House) -> None:
    with house.reading() as session:
        assert verify(session) == []


def test_every_next_date_kept_is_the_one_computed(house: House) -> None:
    assert list(nightly.wrong_next_dates(house)) == []


def test_each_sealed_value_is_long_enough_to_look_for(found: demo.Demo) -> None:
    assert len(found.sealed) > 100
    assert [value for value in found.sealed if len(value) < 8] == []


@pytest.mark.slow
def test_no_sealed_value_stands_in_clear_in_any_file_of_the_instance(house: House, found: demo.Demo) -> None:
    files = [path for path in house.settings.instance.rglob("*") if path.is_file()]
    assert {"dhr.db", "keystore.db"} <= {path.name for path in files}
    for path in files:
        content = path.read_bytes()
        assert found.references["closed"].encode() in content or path.name != "dhr.db"  # looking finds what is there
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            assert [value for value in found.sealed if value.encode(encoding) in content] == [], path.name


@pytest.mark.parametrize("today", [date(2025, 12, 25), date(2026, 6, 3), date(2026, 11, 22), date(2028, 2, 29)])
def test_each_death_is_on_a_sunday_of_its_own_before_anybody_heard_of_it(house: House, today: date) -> None:
    book = house.rule_book
    made = planning.plan(CASES, book.rule_sets.values(), book.calendar, today=today)
    died = [planned.victims[0].died_on for planned in made.cases]
    assert len(set(died)) == len(died)
    assert all(date.fromisoformat(day).weekday() == 6 for day in died)
    assert all(date.fromisoformat(planned.victims[0].died_on) <= planned.aware_on for planned in made.cases)


@pytest.mark.parametrize("today", [TODAY, date(2026, 6, 8), date(2027, 6, 7)])
def test_no_mail_holds_a_sealed_value_or_anybody_s_name(house: House, found: demo.Demo, today: date) -> None:
    summary = remind(house, today, dry_run=True, at=house.clock.now())
    mail = "\n".join(each.subject + "\n" + each.body for each in summary.digests)
    assert {each.person.role for each in summary.digests} >= {Role.COORDINATOR, Role.AGENCY_CONTRIBUTOR}
    assert [value for value in found.sealed if value in mail] == []
    assert [card.name for card in found.accounts if card.name in mail or card.email in mail] == []
    assert [line for line in in_lines(summary) if "@" in line] == []


@pytest.mark.parametrize("ahead", [0, 1, 5, 40, 200])
def test_whatever_is_in_the_mail_is_on_the_page_of_that_day_and_the_other_way_round(house: House, ahead: int) -> None:
    day = TODAY + timedelta(days=ahead)
    at = datetime.combine(day, time(8), UTC)
    mails = remind(house, day, dry_run=True, at=at).digests
    (mail,) = [one for one in mails if one.person.role is Role.COORDINATOR]
    page = what_needs_you(by=mail.person, at=at)
    on_the_page = [line for section in page.sections for line in section.lines]
    assert [replace(line, hours=None) for line in on_the_page] == list(mail.lines)  # which a mail does not count
    if not ahead:  # the demo has some of everything but what only an agency is told
        assert {section.heading for section in page.sections} >= set(SECTIONS) - {
            ANSWERED,
            CONTACT,
            UNDATED,
            HOLDS,
            MAIL,
            LATER,
        }


@pytest.mark.parametrize("day", [TODAY, TODAY - timedelta(days=90), TODAY - timedelta(days=500)])
def test_the_steering_report_holds_no_sealed_value_and_nobody_s_name(house: House, found: demo.Demo, day: date) -> None:
    report = steering_report(day, at=house.clock.now())
    told = json.dumps(as_json(report), ensure_ascii=False) + report_file(create_app(house=house), report)
    assert report.reviews
    assert [value for value in found.sealed if value in told] == []
    assert [card.name for card in found.accounts if card.name in told] == []


def test_the_steering_group_finds_something_of_everything(house: House) -> None:
    report = steering_report(TODAY, at=house.clock.now())
    kinds = {slip.kind for line in (*report.reviews, *report.ended) for slip in line.slips}
    assert kinds == {"extension", "hold", "action_date", "deferral", "met_late"}
    bands = {band for line in report.agencies for band, number in line.bands.items() if number}
    assert {"reported_as_done", "late_over_90", "due_later", "no_date"} <= bands
    assert all(one.in_all for one in report.counts)


def test_it_is_not_loaded_twice(house: House, found: demo.Demo) -> None:
    with pytest.raises(demo.DemoRefused, match="in use"):
        demo.load(house)
    again = demo.load(house, if_empty=True)
    assert replace(again, sentence="") == replace(found, sentence="")


def test_it_is_refused_in_production(house: House) -> None:
    with pytest.raises(demo.DemoRefused, match="production"):
        demo.load(replace(house, settings=replace(house.settings, env="production")), if_empty=True)


def test_the_command_prints_one_sign_in_for_each_role(
    house: House, found: demo.Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DHR_ENV", "testing")
    monkeypatch.setenv("DHR_INSTANCE", str(house.settings.instance))
    monkeypatch.setenv("DHR_SECRET_KEY", house.settings.secret_key)
    monkeypatch.setattr("dhr_app.casework.installation.open_ready", lambda chosen, **how: open_house(chosen))
    printed = CliRunner().invoke(main, ["demo", "--if-empty"], catch_exceptions=False).output
    assert all(card.email in printed and card.password in printed for card in found.accounts)
    answer = json.loads(CliRunner().invoke(main, ["demo", "--if-empty", "--json"], catch_exceptions=False).output)
    assert {"accounts", "references", "sealed"} <= set(answer)
    assert answer["sealed"] == list(found.sealed)
