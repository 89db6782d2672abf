"""A private calendar: what it tells whom, how a move and a cancellation are told, and what never stands in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from dhr_app.casework.account import sign_in
from dhr_app.casework.account_block import block
from dhr_app.casework.account_change import ChangeEntry, change, confirm_change
from dhr_app.casework.bench.counting import count_queries
from dhr_app.casework.calendar_feed import feed
from dhr_app.casework.calendar_link import make_link, own_calendar, withdraw_link
from dhr_app.casework.house import at_work
from dhr_app.casework.membership import leave
from dhr_app.casework.planned_meeting import cancel_meeting, move_meeting
from dhr_app.casework.throttle import TooManyTries
from dhr_app.database.models import (
    Account,
    AccountChange,
    Agency,
    AuditEntry,
    CalendarLink,
    Conflict,
    Event,
    Membership,
    PlannedMeeting,
)
from dhr_app.workflows.errors import NotAllowed, OutOfReach
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.calendars import (
    HOME,
    calendar_of,
    fetched,
    gathering,
    link_for,
    meeting_entry,
    planned,
    read,
    summaries,
)
from tests.factories import PASSWORD, make_account
from tests.planning import act, done, recommend
from tests.reviews import Case, County

WITH_A_CALENDAR = [role for role in Role if role not in (Role.AUDITOR, Role.ADMINISTRATOR)]


@pytest.fixture
def case(county: County) -> Case:
    """A review whose panel is at work, with somebody of every role on it."""
    return county.review(Stage.PANEL, seats=True)


def test_another_library_reads_it_and_its_lines_are_as_the_standard_asks(case: Case) -> None:
    planned(case, case.today + timedelta(days=30))
    file = feed(link_for(case.county.coordinator, at=case.at), address=HOME, at=case.at)
    lines = file.split(b"\r\n")
    assert lines[-1] == b""
    assert b"\n" not in b"".join(lines)
    assert b"\r" not in b"".join(lines)
    assert max(len(line) for line in lines) <= 75
    for said in (
        b"X-PUBLISHED-TTL:PT6H", b"REFRESH-INTERVAL;VALUE=DURATION:PT6H", b"BEGIN:VTIMEZONE", b"TZID:Europe/London",
    ):  # fmt: skip
        assert said in lines
    told = read(file.decode())
    assert all("CLASS:PRIVATE" in one.text and "LAST-MODIFIED:" in one.text for one in told.values())
    (meeting,) = [one for one in told.values() if "panel meeting" in one.summary]
    assert isinstance(meeting.begins, datetime)
    assert (meeting.begins.hour, meeting.begins.astimezone(UTC).hour) in ((10, 9), (10, 10))
    assert "TZID=Europe/London:" in meeting.text
    assert "Sign in to see it: " in meeting.text.replace("\r\n ", "")
    due = [one for one in told.values() if " due: " in one.summary]
    assert due
    assert all(type(one.begins) is date for one in due)


def test_a_meeting_that_moves_keeps_its_uid_and_comes_with_a_higher_number(case: Case) -> None:
    planned_id = planned(case, date(2026, 11, 20))
    token = link_for(case.county.coordinator, at=case.at)
    before = read(fetched(token, at=case.at))[str(planned_id)]
    (row,) = case.rows(PlannedMeeting)
    later = meeting_entry(date(2026, 11, 27), begins="14:00", ends="15:00")
    move_meeting(planned_id, later, row.version, by=case.county.coordinator, at=case.wait(minutes=1))
    moved = read(fetched(token, at=case.at))[str(planned_id)]
    assert moved.sequence > before.sequence
    assert moved.begins.isoformat() == "2026-11-27T14:00:00+00:00"
    cancel_meeting(planned_id, by=case.county.coordinator, at=case.wait(minutes=1))
    cancelled = read(fetched(token, at=case.at))[str(planned_id)]
    assert (before.status, moved.status, cancelled.status) == ("CONFIRMED", "CONFIRMED", "CANCELLED")
    assert cancelled.sequence > moved.sequence
    assert str(planned_id) in read(fetched(token, at=case.wait(days=59)))
    assert str(planned_id) not in read(fetched(token, at=case.wait(days=2)))


def date_told(case: Case, token: str, what: str) -> tuple[str, date, int, str]:
    """The one date of this kind of the review."""
    told = read(fetched(token, at=case.at)).values()
    (one,) = [each for each in told if each.summary == f"{case.reference} due: {what}"]
    return one.uid, one.begins, one.sequence, one.status


def test_a_deadline_that_moves_is_told_as_a_move_whatever_moved_it(case: Case) -> None:
    token, what = link_for(case.county.coordinator, at=case.at), "Overview report"
    clock = case.clock_id("overview_report_due")
    uid, first, number, _ = date_told(case, token, what)
    assert date_told(case, token, what) == (uid, first, number, "CONFIRMED")
    case.take("extend", deadline_id=clock, new_date=first + timedelta(days=40))
    extended = date_told(case, token, what)
    assert extended == (uid, first + timedelta(days=40), number + 1, "CONFIRMED")
    case.wait(days=1)
    case.take("pause")
    held = date_told(case, token, what)
    assert held == (uid, first + timedelta(days=40), number + 2, "CANCELLED")
    case.wait(days=10)
    case.take("resume")
    resumed = date_told(case, token, what)
    assert (resumed[0], resumed[2], resumed[3]) == (uid, number + 3, "CONFIRMED")
    assert resumed[1] > extended[1]


def test_a_date_that_nobody_waits_for_any_more_is_told_as_fallen_away_for_sixty_days(case: Case) -> None:
    action = act(case, recommend(case))
    token = link_for(case.county.coordinator, at=case.at)
    assert date_told(case, token, "Action 1/1")[3] == "CONFIRMED"
    done(case, action)
    assert date_told(case, token, "Action 1/1")[2:] == (1, "CANCELLED")
    assert f"{case.reference} due: Action 1/1" in fetched(token, at=case.wait(days=59))
    assert f"{case.reference} due: Action 1/1" not in fetched(token, at=case.wait(days=2))


def test_each_is_told_what_they_are_told_elsewhere_and_no_more(case: Case) -> None:
    county, ref = case.county, case.reference
    act(case, recommend(case))
    act(case, recommend(case, "2"), owner_id=county.agency("Probation"))
    planned(case, case.today + timedelta(days=20))
    gathering(county, case.today + timedelta(days=21), at=case.at)
    gathering(county, case.today + timedelta(days=22), "learning_event", at=case.at)
    told = {role: summaries(county.who(role), at=case.at) for role in WITH_A_CALENDAR}
    panel, group, event = f"{ref}: Review panel meeting", "Steering group meeting", "Learning event"
    theirs = {role: [one for one in lines if one.startswith(ref)] for role, lines in told.items()}
    assert theirs[Role.AGENCY_CONTRIBUTOR] == [f"{ref} due: Action 1/1"]
    assert {f"{ref} due: Action 1/1", f"{ref} due: Action 2/1", f"{ref} due: Overview report", panel} <= {
        *theirs[Role.COORDINATOR]
    }
    assert {f"{ref} due: Overview report", panel} <= {*theirs[Role.INDEPENDENT_CHAIR]}
    for role in (Role.STEERING_CHAIR, Role.STEERING_DEPUTY, Role.REPORT_AUTHOR, Role.PANEL_MEMBER):
        assert theirs[role] == [panel]
    assert theirs[Role.STEERING_MEMBER] == []
    assert {role for role, lines in told.items() if group in lines} == {
        Role.COORDINATOR, Role.STEERING_CHAIR, Role.STEERING_DEPUTY, Role.STEERING_MEMBER,
    }  # fmt: skip
    assert all(event in lines for lines in told.values())


def test_a_seat_that_ends_takes_its_review_out_of_the_calendar(case: Case) -> None:
    planned(case, case.today + timedelta(days=20))
    chair = case.county.who(Role.INDEPENDENT_CHAIR)
    token = link_for(chair, at=case.at)
    assert case.reference in fetched(token, at=case.at)
    seat = next(one for one in case.rows(Membership) if one.account_id == chair.id)
    leave(case.reference, seat.id, by=case.county.coordinator, at=case.wait(minutes=1))
    assert case.reference not in fetched(token, at=case.at)


def test_a_conflict_of_interest_takes_a_review_out_of_the_coordinator_s_calendar(case: Case) -> None:
    planned(case, case.today + timedelta(days=20))
    coordinator = case.county.coordinator
    token = link_for(coordinator, at=case.at)
    assert case.reference in fetched(token, at=case.at)
    with case.county.house.transaction(by=case.county.chair, at=case.at) as session:
        session.add(Conflict(review_id=case.row.id, account_id=coordinator.id))
    assert case.reference not in fetched(token, at=case.at)


def test_no_name_and_no_sealed_word_stands_in_anybody_s_calendar(case: Case) -> None:
    """What is due to the Home Office says so: that is the name of a date, in the rules."""
    county = case.county
    act(case, recommend(case, text="Zephyrine words of a recommendation."), text="Zephyrine words of an action.")
    for kind in ("panel", "approving_body", "steering_group", "debrief"):
        planned(case, case.today + timedelta(days=20), kind)
    with county.house.reading() as session:
        staff = list(session.scalars(select(Account.name).order_by(Account.id)))
        agencies = list(session.scalars(select(Agency.name).order_by(Agency.id)))
        agencies += list(session.scalars(select(Agency.short_name).order_by(Agency.id)))
    for role in WITH_A_CALENDAR:
        file = fetched(link_for(county.who(role), at=case.at), at=case.at).replace("\r\n ", "")
        said = "\n".join(
            line for line in file.splitlines() if line.startswith(("SUMMARY", "DESCRIPTION", "LOCATION", "COMMENT"))
        )
        for word in ("Harding", "Ada", "Zephyrine", *staff, *{*agencies} - {"Home Office"}):
            assert word not in said, (role, word)
        assert "ATTENDEE" not in file
        assert "ORGANIZER" not in file
        assert "LOCATION" not in file


def test_it_is_asked_in_as_many_questions_for_ten_reviews_as_for_two(county: County) -> None:
    token = link_for(county.coordinator, at=datetime(2026, 6, 3, 9, 30, tzinfo=UTC))
    asked, at = [], datetime(2026, 6, 4, 9, 30, tzinfo=UTC)
    for _ in range(2):
        for number in range(4):
            case = county.notified(at=at + timedelta(minutes=number))
            case.to(Stage.PANEL)
            planned(case, case.today + timedelta(days=40))
        at = case.wait(days=1)
        fetched(token, at=at)
        with count_queries(county.house) as found:
            fetched(token, at=at + timedelta(minutes=1))
        asked.append(len(found))
    assert asked[0] == asked[1] <= 40


# --- The link ---------------------------------------------------------------------------------------------------------


def links(county: County) -> list[CalendarLink]:
    with county.house.reading() as session:
        return list(session.scalars(select(CalendarLink).order_by(CalendarLink.made_at)))


def kinds(county: County, beginning: str) -> list[str]:
    with county.house.reading() as session:
        rows = select(Event.kind).where(Event.kind.startswith(beginning)).order_by(Event.recorded_at, Event.ordinal)
        return list(session.scalars(rows))


def trail_length(county: County) -> int:
    with county.house.reading() as session:
        return session.scalars(select(func.count()).select_from(AuditEntry)).one()


AT = datetime(2026, 6, 3, 9, 30, tzinfo=UTC)


def test_only_the_hash_of_a_link_is_kept_and_it_is_long_enough_not_to_be_guessed(bare_county: County) -> None:
    link = make_link(by=bare_county.coordinator, at=AT)
    assert link.startswith(bare_county.house.settings.site_url)
    token = link.rpartition("/")[2].removesuffix(".ics")
    assert len(token) >= 43  # 256 bits in base 64
    (row,) = links(bare_county)
    assert token.encode() not in row.token_sha256
    assert len(row.token_sha256) == 32
    assert make_link(by=bare_county.coordinator, at=AT) != link


def test_a_new_link_ends_the_one_before_and_a_withdrawn_one_opens_nothing(bare_county: County) -> None:
    first = link_for(bare_county.coordinator, at=AT)
    second = link_for(bare_county.coordinator, at=AT + timedelta(minutes=1))
    with pytest.raises(OutOfReach):
        fetched(first, at=AT + timedelta(minutes=2))
    assert "VCALENDAR" in fetched(second, at=AT + timedelta(minutes=2))
    withdraw_link(by=bare_county.coordinator, at=AT + timedelta(minutes=3))
    with pytest.raises(OutOfReach):
        fetched(second, at=AT + timedelta(minutes=4))
    assert own_calendar(by=bare_county.coordinator, at=AT).made_on is None
    told = ["calendar_link_made", "calendar_link_withdrawn", "calendar_link_made"]
    assert kinds(bare_county, "calendar_") == [*told, "calendar_fetched", "calendar_link_withdrawn"]


def test_a_link_dies_with_the_account(bare_county: County) -> None:
    member = bare_county.who(Role.STEERING_MEMBER)
    token = link_for(member, at=AT)
    assert fetched(token, at=AT)
    block(member.id, "left_post", by=bare_county.who(Role.ADMINISTRATOR), at=AT + timedelta(minutes=1))
    with pytest.raises(OutOfReach):
        fetched(token, at=AT + timedelta(minutes=2))


def test_a_link_comes_back_with_no_unblocking(bare_county: County) -> None:
    member = bare_county.who(Role.STEERING_MEMBER)
    token = link_for(member, at=AT)
    block(member.id, "left_post", by=bare_county.who(Role.ADMINISTRATOR), at=AT + timedelta(minutes=1))
    with bare_county.house.transaction(by=bare_county.coordinator, at=AT + timedelta(minutes=2)) as session:
        session.get_one(Account, member.id).blocked_on = None
    with pytest.raises(OutOfReach):
        fetched(token, at=AT + timedelta(minutes=3))
    assert kinds(bare_county, "calendar_") == ["calendar_link_made", "calendar_link_withdrawn"]


def test_a_link_comes_back_with_no_earlier_role(bare_county: County) -> None:
    chair, administrator = bare_county.who(Role.INDEPENDENT_CHAIR), bare_county.who(Role.ADMINISTRATOR)
    token = link_for(chair, at=AT)
    for minutes, role in ((1, Role.REPORT_AUTHOR), (2, Role.INDEPENDENT_CHAIR)):
        at = AT + timedelta(minutes=minutes)
        change(chair.id, ChangeEntry(role), by=administrator, at=at)
        with bare_county.house.reading() as session:
            waiting = session.scalars(select(AccountChange.id).where(AccountChange.agreed_at.is_(None))).one()
        confirm_change(waiting, by=bare_county.coordinator, at=at)
    with pytest.raises(OutOfReach):
        fetched(token, at=AT + timedelta(minutes=3))


@pytest.mark.parametrize("what", ["role", "agency"])
def test_a_link_dies_with_the_role_and_agency_it_was_made_for(bare_county: County, what: str) -> None:
    contributor = bare_county.who(Role.AGENCY_CONTRIBUTOR)
    token = link_for(contributor, at=AT)
    assert fetched(token, at=AT)
    with bare_county.house.transaction(by=bare_county.coordinator, at=AT) as session:
        account = session.get_one(Account, contributor.id)
        if what == "role":
            account.role = Role.PANEL_MEMBER.value
        else:
            account.agency_id = bare_county.agency("Probation")
    with pytest.raises(OutOfReach):
        fetched(token, at=AT + timedelta(minutes=1))


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
def test_whoever_has_no_part_in_reviews_has_no_calendar(bare_county: County, role: Role) -> None:
    with pytest.raises(NotAllowed):
        make_link(by=bare_county.who(role), at=AT)
    assert links(bare_county) == []


def test_a_fetch_is_in_the_trail_once_a_day(bare_county: County) -> None:
    token = link_for(bare_county.coordinator, at=AT)
    entries = []
    for hours in (0, 1, 6, 24, 30):
        fetched(token, at=AT + timedelta(hours=hours))
        entries.append(trail_length(bare_county))
    assert entries[0] == entries[1] == entries[2] == entries[3] - 1 == entries[4] - 1
    assert kinds(bare_county, "calendar_fetched") == ["calendar_fetched"] * 2
    assert own_calendar(by=bare_county.coordinator, at=AT).fetched_on == date(2026, 6, 4)


def test_whoever_guesses_is_made_to_wait_and_keeps_nobody_from_signing_in(bare_county: County) -> None:
    for number in range(30):
        with pytest.raises(OutOfReach):
            fetched(f"{number:043}", at=AT)
    with pytest.raises(TooManyTries):
        fetched("one more", at=AT)
    good = link_for(bare_county.coordinator, at=AT)
    with pytest.raises(TooManyTries):
        fetched(good, at=AT)
    assert "VCALENDAR" in fetched(good, at=AT + timedelta(minutes=16))
    _, email = make_account(bare_county.house)
    assert sign_in(email, PASSWORD, address=HOME, at=AT)


def test_a_program_that_goes_on_asking_for_a_dead_link_wears_out_that_link_alone(bare_county: County) -> None:
    dead = link_for(bare_county.coordinator, at=AT)
    good = link_for(bare_county.coordinator, at=AT)
    for _ in range(bare_county.house.settings.sign_in_tries):
        with pytest.raises(OutOfReach):
            fetched(dead, at=AT)
    with pytest.raises(TooManyTries):
        fetched(dead, at=AT)
    assert "VCALENDAR" in fetched(good, at=AT)


def test_where_the_partnership_turned_calendars_off_no_link_opens_or_is_made(bare_county: County) -> None:
    house = bare_county.house
    token = link_for(bare_county.coordinator, at=AT)
    with at_work(replace(house, settings=replace(house.settings, calendar_feed=False))):
        with pytest.raises(OutOfReach):
            fetched(token, at=AT)
        with pytest.raises(NotAllowed, match="turned private calendars off"):
            make_link(by=bare_county.coordinator, at=AT)
        assert own_calendar(by=bare_county.coordinator, at=AT).turned_on is False
    assert fetched(token, at=AT)


def test_the_same_dates_give_the_same_bytes(case: Case) -> None:
    token = link_for(case.county.coordinator, at=case.at)
    first = fetched(token, at=case.at)
    assert fetched(token, at=case.wait(minutes=20)) == first
    planned_id: UUID = planned(case, case.today + timedelta(days=20))
    assert str(planned_id) in fetched(token, at=case.at)
    assert calendar_of(case.county.coordinator, at=case.at)
