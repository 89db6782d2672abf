"""The next update that a family member was promised: made and kept by being in touch, and never heard of by them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from dhr_app.casework import family_steps, promises
from dhr_app.casework.day import what_needs_you
from dhr_app.casework.desk import desk
from dhr_app.casework.family import open_family, open_family_member
from dhr_app.casework.family_part import DayEntry, add_date_to_avoid
from dhr_app.casework.family_part_page import open_part, open_step
from dhr_app.casework.family_steps import StepEntry
from dhr_app.casework.promises import NewsEntry
from dhr_app.casework.reminding import remind
from dhr_app.casework.telling import take_back
from dhr_app.database.models import FamilyMember, Message, Telling, UpdatePromise
from dhr_app.workflows.errors import Invalid, NotAllowed, NotYet, OutOfReach, Stale
from dhr_app.workflows.reminders import PROMISED
from dhr_app.workflows.request_dates import months_after
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.casework.test_family_part import bar
from tests.records import family_step, takes_part
from tests.reviews import Case, County


@pytest.fixture
def case(county: County) -> Case:
    """A review at its panel, with one family member who takes part and with whom nobody was in touch yet."""
    case = county.review(Stage.PANEL)
    takes_part(case, case.relative())
    return case


def member(case: Case) -> FamilyMember:
    (found,) = case.rows(FamilyMember)
    return found


def settle(case: Case, wish: str = "not_asked", by: date | None = None, version: int | None = None) -> None:
    one = member(case)
    promises.settle_news(
        case.reference, one.id, NewsEntry(wish, by), version or one.version,
        by=case.county.coordinator, at=case.wait(minutes=1),
    )  # fmt: skip


def standing(case: Case) -> UpdatePromise | None:
    rows = [row for row in case.rows(UpdatePromise) if row.ended_at is None]
    assert len(rows) < 2
    return rows[0] if rows else None


def due(case: Case) -> date | None:
    one = standing(case)
    return one.due_on if one else None


def ended(case: Case) -> list[tuple[date, str | None, date | None]]:
    rows = sorted((row for row in case.rows(UpdatePromise) if row.ended_at), key=lambda row: row.made_at)
    return [(row.due_on, row.ended_because, row.kept_on) for row in rows]


def in_touch(case: Case, **changes: Any) -> UUID:
    entry = StepEntry(**{"done_on": case.today, "channel": "telephone", "answer": "not_needed", **changes})
    return family_step(case, member(case).id, "update", entry)


class TestMakingAndKeeping:
    def test_being_in_touch_promises_the_next_update_a_month_later_and_being_in_touch_again_keeps_it(
        self, case: Case
    ) -> None:
        assert due(case) is None
        in_touch(case)
        first = due(case)
        assert first == months_after(case.today, 1)
        case.wait(days=20)
        in_touch(case)
        assert due(case) == months_after(case.today, 1)
        assert ended(case) == [(first, "kept", case.today)]

    def test_telling_them_counts_and_not_telling_them_does_not(self, case: Case) -> None:
        case.tell("family", why_not="not_traced")
        assert due(case) is None
        case.tell("family")
        assert due(case) == months_after(case.today, 1)

    def test_what_is_entered_late_counts_from_its_own_day(self, case: Case) -> None:
        in_touch(case, done_on=case.today - timedelta(days=60))
        assert due(case) == months_after(case.today - timedelta(days=60), 1)

    def test_a_correction_counts_again_and_what_was_taken_away_counts_no_more(self, case: Case) -> None:
        step_id = in_touch(case)
        now = open_step(case.reference, member(case).id, step_id, by=case.county.coordinator, at=case.at).shown
        earlier = case.today - timedelta(days=10)
        family_steps.correct_step(
            case.reference, member(case).id, step_id, StepEntry(earlier, "telephone", None, "not_needed"), now.version,
            by=case.county.coordinator, at=case.wait(minutes=1),
        )  # fmt: skip
        assert due(case) == months_after(earlier, 1)
        family_steps.remove_step(
            case.reference, member(case).id, step_id, by=case.county.coordinator, at=case.wait(minutes=1)
        )
        assert due(case) is None
        assert [because for _, because, _ in ended(case)] == ["corrected", "corrected"]

    def test_a_telling_that_is_taken_back_was_no_contact(self, case: Case) -> None:
        case.tell("family")
        (row,) = [row for row in case.rows(Telling) if row.family_member_id and row.channel]
        take_back(case.reference, row.id, by=case.county.coordinator, at=case.wait(minutes=1))
        assert due(case) is None


class TestTheirWish:
    def test_every_two_months(self, case: Case) -> None:
        in_touch(case)
        settle(case, "two_months")
        assert due(case) == months_after(case.today, 2)
        assert case.events()[-1].kind == "family_news_settled"

    @pytest.mark.parametrize("wish", ["at_the_end", "rather_not"])
    def test_whoever_wishes_none_is_promised_none_until_they_wish_it(self, case: Case, wish: str) -> None:
        in_touch(case)
        settle(case, wish)
        assert due(case) is None
        case.wait(days=200)
        in_touch(case)
        assert due(case) is None
        case.wait(days=100)
        settle(case, "monthly")
        assert due(case) == months_after(case.today, 1), "what is begun again is not late already"

    def test_a_promise_that_is_broken_stays_broken_whatever_else_they_wish(self, case: Case) -> None:
        in_touch(case)
        promised = due(case)
        case.wait(days=45)
        settle(case, "monthly")
        assert due(case) == promised
        settle(case, "not_asked")
        assert due(case) == promised
        in_touch(case)
        assert (due(case), ended(case)[-1][1:]) == (months_after(case.today, 1), ("kept", case.today))

    def test_whoever_asks_to_hear_more_often_waits_no_longer_than_they_were_promised(self, case: Case) -> None:
        in_touch(case)
        settle(case, "two_months")
        promised = due(case)
        case.wait(days=45)
        settle(case, "monthly")
        assert due(case) == promised

    def test_a_day_by_hand_stands_until_somebody_is_in_touch(self, case: Case) -> None:
        in_touch(case)
        agreed = case.today + timedelta(days=9)
        settle(case, by=agreed)
        assert due(case) == agreed
        settle(case, "monthly", by=agreed)
        assert due(case) == agreed, "another wish leaves the day that was agreed"
        case.wait(days=3)
        in_touch(case)
        assert due(case) == months_after(case.today, 1)
        assert ended(case)[-1] == (agreed, "kept", case.today)

    def test_a_day_by_hand_that_is_taken_out_counts_from_the_last_contact_again(self, case: Case) -> None:
        in_touch(case)
        counted = due(case)
        settle(case, by=case.today + timedelta(days=9))
        settle(case)
        assert due(case) == counted

    @pytest.mark.parametrize(
        ("ahead", "words"), [(0, promises.TO_COME), (-1, promises.TO_COME), (400, promises.TOO_FAR)]
    )
    def test_a_day_that_cannot_be_is_refused(self, case: Case, ahead: int, words: str) -> None:
        with pytest.raises(Invalid) as refusal:
            settle(case, by=case.today + timedelta(days=ahead))
        assert refusal.value.fields == {"by": words}

    def test_a_day_that_they_asked_to_avoid_is_refused_and_one_that_is_counted_is_pointed_out(self, case: Case) -> None:
        avoided = months_after(case.today, 1)
        add_date_to_avoid(
            case.reference, member(case).id, DayEntry(avoided.replace(year=1990), every_year=True),
            by=case.county.coordinator, at=case.wait(minutes=1),
        )  # fmt: skip
        with pytest.raises(Invalid) as refusal:
            settle(case, by=avoided)
        assert refusal.value.fields == {"by": promises.AVOIDED}
        in_touch(case)
        page = open_part(case.reference, member(case).id, by=case.county.coordinator, at=case.at)
        assert page.promised is not None
        assert (page.promised.due_on, page.promised_on_a_day_to_avoid) == (avoided, True)

    def test_no_day_is_promised_to_whoever_wishes_none_or_is_not_to_be_contacted(self, case: Case) -> None:
        with pytest.raises(Invalid) as refusal:
            settle(case, "rather_not", by=case.today + timedelta(days=5))
        assert refusal.value.fields == {"by": promises.NO_DAY}
        bar(case, member(case).id)
        with pytest.raises(Invalid):
            settle(case, by=case.today + timedelta(days=5))
        with pytest.raises(Invalid):
            settle(case, "hourly")

    def test_the_second_to_save_is_told_both(self, case: Case) -> None:
        before = member(case).version
        settle(case, "two_months")
        with pytest.raises(Stale) as stale:
            settle(case, "monthly", version=before)
        assert (stale.value.theirs, stale.value.yours) == ({"wish": "two_months"}, {"wish": "monthly"})


class TestItsEnd:
    def test_who_is_not_to_be_contacted_is_promised_nothing_and_afterwards_from_that_day(self, case: Case) -> None:
        in_touch(case)
        bar(case, member(case).id)
        assert due(case) is None
        assert ended(case)[-1][1] == "not_contacted"
        case.wait(days=90)
        bar(case, member(case).id, because="")
        assert due(case) == months_after(case.today, 1)

    def test_it_ends_with_the_review_and_counts_afresh_when_that_is_opened_again(self, county: County) -> None:
        case = county.review(Stage.SCOPING)
        takes_part(case, case.relative())
        in_touch(case)
        case.to(Stage.WITHDRAWN)
        assert (due(case), ended(case)[-1][1]) == (None, "over")
        with pytest.raises(NotYet):
            settle(case, "monthly")


class TestWhoHearsOfIt:
    def test_the_coordinator_and_the_chair_are_told_by_number_and_nobody_of_the_family_is_written_to(
        self, case: Case
    ) -> None:
        chair = case.seat(Role.INDEPENDENT_CHAIR)
        in_touch(case)
        promised_by = due(case)
        assert promised_by
        case.wait(days=(promised_by - case.today).days + 3)
        (line,) = what_needs_you(by=case.county.coordinator, at=case.at).under(PROMISED)
        assert (line.what, line.days_late) == ("The update promised to family member 1", 3)
        assert line.path == f"/reviews/{case.reference}/family#member-1"
        (own,) = [one for one in desk(by=chair, at=case.at) if one.reference == case.reference]
        assert [(one.what, one.due_on) for one in own.promised] == [(line.what, promised_by)]
        while case.today.weekday() != 1:
            case.wait(days=1)
        remind(case.county.house, case.today, at=case.at)
        with case.county.house.reading() as session:
            mails = session.scalars(select(Message).order_by(Message.id)).all()
        told = [mail for mail in mails if "The update promised to family member 1" in mail.body]
        assert {mail.account_id for mail in told} == {case.county.coordinator.id, chair.id}
        assert all("Grace" not in mail.body + mail.subject for mail in mails)

    def test_a_message_can_be_for_nobody_but_an_account_an_invitation_or_an_agency_s_address(self) -> None:
        whom = {key.column.table.name for key in Message.__table__.foreign_keys}
        assert whom == {
            "account",
            "invitation",
            "way_in",
            "action_link",
        }  # an account’s way back, an agency’s own action
        assert not {"email", "address", "telephone"} & {column.name for column in Message.__table__.columns}
        assert not {"email", "address", "telephone"} & {column.name for column in UpdatePromise.__table__.columns}

    def test_an_author_s_desk_says_nothing_of_the_family(self, case: Case) -> None:
        author = case.seat(Role.REPORT_AUTHOR)
        in_touch(case)
        case.wait(days=60)
        (own,) = [one for one in desk(by=author, at=case.at) if one.reference == case.reference]
        assert own.promised == ()

    def test_the_pages_of_the_family_say_it(self, case: Case) -> None:
        in_touch(case)
        page = open_family(case.reference, by=case.county.coordinator, at=case.at)
        assert page.promised[member(case).id].due_on == due(case)
        form = promises.open_news(case.reference, member(case).id, by=case.county.coordinator, at=case.at)
        assert [one.due_on for one in form.before] == [due(case)]

    def test_only_those_who_speak_with_the_family_change_it(self, case: Case) -> None:
        for who in (case.county.chair, case.seat(Role.REPORT_AUTHOR)):
            with pytest.raises(NotAllowed):
                promises.open_news(case.reference, member(case).id, by=who, at=case.at)
            with pytest.raises(NotAllowed):
                promises.settle_news(
                    case.reference, member(case).id, NewsEntry("monthly"), member(case).version,
                    by=who, at=case.wait(minutes=1),
                )  # fmt: skip

    def test_a_member_of_another_review_is_out_of_reach(self, case: Case, county: County) -> None:
        other = county.review(Stage.SCOPING)
        with pytest.raises(OutOfReach):
            promises.open_news(other.reference, member(case).id, by=county.coordinator, at=case.at)


def test_a_correction_of_their_record_leaves_what_is_promised_late_as_it_is(case: Case) -> None:
    in_touch(case)
    promised_by = due(case)
    case.wait(days=100)
    now = open_family_member(case.reference, member(case).id, by=case.county.coordinator, at=case.at)
    assert now.entry.not_contacted_because == ""
    bar(case, member(case).id, because="")
    assert due(case) == promised_by
