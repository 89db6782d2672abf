"""Emergency access: asked for by one, confirmed by another, open to read for sixty minutes and not a second longer."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from dhr_app.casework import account_block, block_list
from dhr_app.casework.access import access_page
from dhr_app.casework.account import person_for_token, sign_in, sign_out
from dhr_app.casework.account_change import ChangeEntry, change
from dhr_app.casework.agreement import AgreementEntry, add_agreement
from dhr_app.casework.before_start import DeclarationEntry, declare
from dhr_app.casework.emergency import EmergencyEntry, ask, confirm, end, look, refuse, withdraw
from dhr_app.casework.emergency_ending import write_down
from dhr_app.casework.family import open_family
from dhr_app.casework.membership import join as give_seat
from dhr_app.casework.notification import open_notification
from dhr_app.casework.people import PersonEntry, add_person, open_people
from dhr_app.casework.review_page import review_page
from dhr_app.casework.timeline import timeline_page
from dhr_app.database.models import Account, EmergencyAccess, Invitation, Message
from dhr_app.workflows.emergency import FOUND, REFUSED_BECAUSE, State
from dhr_app.workflows.errors import Invalid, NotAllowed, OutOfReach, Over
from dhr_app.workflows.permissions import DataClass, Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.emergencies import WHY, asked, comes_in, given
from tests.factories import PASSWORD, make_account
from tests.reviews import Case, County, row_counts

MINUTE = timedelta(minutes=1)
READ = {DataClass.IDENTITIES, DataClass.WORKING_PAPERS, DataClass.PANEL_PAPERS, DataClass.FAMILY}


@pytest.fixture
def case(county: County) -> Case:
    """A review on which nobody sits."""
    return county.review(Stage.SCOPING)


@pytest.fixture
def chair(county: County) -> Person:
    """An independent chair without a seat on it."""
    return county.who(Role.INDEPENDENT_CHAIR, 2)


def opens(case: Case, person: Person, at: datetime) -> set[DataClass]:
    """What the keyring of a request at this moment opens to somebody."""
    keyring = case.county.house.keyring(comes_in(person, at), at=at)
    return {each for each in DataClass if keyring.may_open(case.row.id, each)}


def reads(case: Case, person: Person, at: datetime) -> bool:
    """Whether somebody reads the review, its people and its family; never one without the others."""
    by = comes_in(person, at)
    answers = set()
    for page in (review_page, open_people, open_family, open_notification):
        try:
            page(case.reference, by=by, at=at)
            answers.add(True)
        except OutOfReach:
            answers.add(False)
    assert len(answers) == 1
    return answers.pop()


def mails(case: Case, what: str) -> dict[str, str]:
    """The roles of those who were written to, each with the text."""
    with case.county.house.reading() as session:
        rows = session.execute(
            select(Account.role, Message.subject, Message.body)
            .join(Message, Message.account_id == Account.id)
            .where(Message.kind.startswith(f"emergency_{what}"))
            .order_by(Account.role, Account.id)
        )
        return {row.role: f"{row.subject}\n{row.body}" for row in rows}


class TestTheHour:
    def test_it_opens_at_the_confirmation_and_is_shut_at_the_sixtieth_minute_exactly(
        self, case: Case, chair: Person
    ) -> None:
        assert not reads(case, chair, case.at)
        row_id = asked(case, chair)
        assert (reads(case, chair, case.at), opens(case, chair, case.at)) == (False, set())
        confirm(case.reference, row_id, by=case.county.coordinator, at=case.wait(minutes=59))
        begins = case.at
        assert reads(case, chair, begins)
        assert opens(case, chair, begins) == READ
        last = begins + timedelta(minutes=59, seconds=59)
        assert (reads(case, chair, last), opens(case, chair, last)) == (True, READ)
        over = begins + timedelta(minutes=60)
        assert (reads(case, chair, over), opens(case, chair, over)) == (False, set())

    def test_whoever_came_in_a_second_before_the_end_is_out_at_the_end(self, case: Case, chair: Person) -> None:
        given(case, chair)
        still, over = comes_in(chair, case.at + 59 * MINUTE), case.at + 60 * MINUTE
        with pytest.raises(OutOfReach):
            open_people(case.reference, by=still, at=over)
        keyring = case.county.house.keyring(still, at=over)
        assert not any(keyring.may_open(case.row.id, each) for each in DataClass)

    def test_nothing_can_be_changed_in_it(self, case: Case, chair: Person) -> None:
        given(case, chair)
        before = row_counts(case.county.house)["involved_person"]
        with pytest.raises(NotAllowed):
            add_person(
                case.reference,
                PersonEntry(full_name="Ada Harding"),
                by=comes_in(chair, case.at),
                at=case.wait(minutes=1),
            )
        assert row_counts(case.county.house)["involved_person"] == before

    def test_another_review_stays_shut(self, case: Case, chair: Person, county: County) -> None:
        other = county.review(Stage.PANEL)
        given(case, chair)
        other.at = case.at
        assert (reads(case, chair, case.at), reads(other, chair, case.at)) == (True, False)

    def test_signing_out_and_in_again_neither_ends_nor_lengthens_it(self, case: Case, county: County) -> None:
        chair, email = make_account(county.house, Role.INDEPENDENT_CHAIR)
        given(case, chair)
        begins, token = case.at, sign_in(email, PASSWORD, address=None, at=case.at)
        here = person_for_token(token, at=begins + MINUTE)
        assert here is not None
        assert here.person.emergencies
        sign_out(here, at=begins + MINUTE)
        assert person_for_token(token, at=begins + MINUTE) is None
        again = sign_in(email, PASSWORD, address=None, at=begins + 50 * MINUTE)
        for minutes, open_then in ((50, True), (60, False)):
            here = person_for_token(again, at=begins + minutes * MINUTE)
            assert here is not None
            assert bool(here.person.emergencies) is open_then

    @pytest.mark.parametrize("who", ["asker", "second", "steering chair"])
    def test_either_of_the_two_or_the_steering_chair_ends_it_early(self, case: Case, chair: Person, who: str) -> None:
        second = case.county.who(Role.COORDINATOR, 2)
        row_id = given(case, chair, by=second)
        with pytest.raises(NotAllowed, match="steering group’s chair ends it"):
            end(case.reference, row_id, by=case.county.coordinator, at=case.wait(minutes=1))
        by = {"asker": comes_in(chair, case.at), "second": second, "steering chair": case.county.chair}[who]
        end(case.reference, row_id, by=by, at=case.wait(minutes=1))
        assert not reads(case, chair, case.at)
        assert case.happened("emergency") == ["emergency_asked", "emergency_confirmed", "emergency_ended"]
        with pytest.raises(Over):
            end(case.reference, row_id, by=case.county.chair, at=case.wait(minutes=1))


class TestWhoMayAsk:
    @pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR, Role.AGENCY_CONTRIBUTOR])
    def test_never_an_administrator_an_auditor_or_an_agency_s_contributor(self, case: Case, role: Role) -> None:
        with pytest.raises(NotAllowed):
            asked(case, case.county.who(role))
        assert case.rows(EmergencyAccess) == []

    @pytest.mark.parametrize(
        "role",
        [Role.STEERING_CHAIR, Role.STEERING_MEMBER, Role.REPORT_AUTHOR, Role.PANEL_MEMBER, Role.INDEPENDENT_CHAIR],
    )
    def test_whoever_cannot_open_all_of_it_may(self, case: Case, role: Role) -> None:
        person = case.county.who(role, 2)
        given(case, person)
        assert opens(case, person, case.at) >= READ

    def test_whoever_reads_all_of_it_is_told_so(self, case: Case) -> None:
        with pytest.raises(Invalid, match="can open everything of this review already"):
            asked(case, case.county.coordinator)

    def test_somebody_on_the_block_list_gets_the_words_for_a_review_that_does_not_exist(
        self, case: Case, chair: Person
    ) -> None:
        block_list.bar_account(case.reference, chair.id, by=case.county.coordinator, at=case.wait(minutes=1))
        with pytest.raises(Invalid) as barred:
            asked(case, comes_in(chair, case.at))
        with pytest.raises(Invalid) as unknown:
            ask(EmergencyEntry("DHR-1999-999", "at_risk", WHY), by=chair, at=case.wait(minutes=1))
        assert barred.value.fields == unknown.value.fields
        assert list(barred.value.fields) == ["reference"]
        assert case.rows(EmergencyAccess) == []
        assert [one.recorded_by_id for one in case.events("refused")] == [chair.id]  # only who looks after it is told

    def test_whoever_is_not_sure_whether_they_know_somebody_waits_for_the_decision(
        self, case: Case, chair: Person
    ) -> None:
        give_seat(case.reference, chair.id, by=case.county.coordinator, at=case.wait(minutes=1))
        declare(case.reference, DeclarationEntry("unsure", "A cousin?"), by=comes_in(chair, case.at), at=case.at)
        with pytest.raises(Invalid, match="has to be decided first"):
            asked(case, comes_in(chair, case.at))

    def test_whoever_has_a_seat_that_is_not_open_yet_is_led_there(self, case: Case, chair: Person) -> None:
        give_seat(case.reference, chair.id, by=case.county.coordinator, at=case.wait(minutes=1))
        with pytest.raises(Invalid, match="answer the questions before it opens"):
            asked(case, comes_in(chair, case.at))

    @pytest.mark.parametrize(
        ("entry", "beside"),
        [
            (EmergencyEntry("", "at_risk", WHY), "reference"),
            (EmergencyEntry("DHR-2026-001", "", WHY), "reason"),
            (EmergencyEntry("DHR-2026-001", "because", WHY), "reason"),
            (EmergencyEntry("DHR-2026-001", "other", "  "), "words"),
            (EmergencyEntry("DHR-1999-999", "other", WHY), "reference"),
            (EmergencyEntry("' OR 1=1 --", "other", WHY), "reference"),
        ],
    )
    def test_what_cannot_be_right_is_said_beside_its_box_and_nothing_is_written(
        self, case: Case, chair: Person, entry: EmergencyEntry, beside: str
    ) -> None:
        before = row_counts(case.county.house)
        with pytest.raises(Invalid) as wrong:
            ask(entry, by=chair, at=case.wait(minutes=1))
        assert list(wrong.value.fields) == [beside]
        after = row_counts(case.county.house)
        assert (after["emergency_access"], after["message"]) == (before["emergency_access"], before["message"])

    def test_one_question_at_a_time_and_it_can_be_withdrawn(self, case: Case, chair: Person, county: County) -> None:
        row_id, other = asked(case, chair), county.review(Stage.PANEL)
        other.at = case.at
        with pytest.raises(Invalid, match=f"asked for {case.reference} already"):
            asked(other, chair)
        with pytest.raises(OutOfReach):
            withdraw(row_id, by=county.who(Role.REPORT_AUTHOR, 2), at=case.wait(minutes=1))
        withdraw(row_id, by=chair, at=case.wait(minutes=1))
        with pytest.raises(Over, match="withdrawn"):
            confirm(case.reference, row_id, by=county.coordinator, at=case.wait(minutes=1))
        asked(other, chair)

    def test_where_nobody_could_confirm_it_is_said_at_once(self, bare_county: County) -> None:
        case = bare_county.review(Stage.SCOPING)
        chair = bare_county.who(Role.INDEPENDENT_CHAIR)
        for role in (Role.STEERING_CHAIR, Role.STEERING_DEPUTY):
            block_list.bar_account(
                case.reference, bare_county.who(role).id, by=bare_county.coordinator, at=case.wait(minutes=1)
            )
        for each in case.county.accounts.values():
            with case.county.house.reading() as session:
                account = session.get_one(Account, each)
            if account.role == Role.COORDINATOR:
                block_list.bar_account(case.reference, each, by=bare_county.coordinator, at=case.wait(minutes=1))
        with pytest.raises(Invalid, match="Nobody is there who could confirm it"):
            asked(case, chair)


class TestTheSecondPerson:
    def test_nobody_confirms_their_own(self, case: Case) -> None:
        steering = case.county.chair
        row_id = asked(case, steering)
        with pytest.raises(NotAllowed, match="yourself: somebody else has to answer"):
            confirm(case.reference, row_id, by=steering, at=case.wait(minutes=1))
        with pytest.raises(NotAllowed, match="yourself: somebody else has to answer"):
            refuse(case.reference, row_id, "not_needed", by=steering, at=case.wait(minutes=1))
        assert not comes_in(steering, case.at).emergencies

    @pytest.mark.parametrize("how", ["invited", "changed"])
    def test_whoever_let_them_in_may_refuse_and_somebody_else_has_to_confirm(
        self, case: Case, county: County, how: str
    ) -> None:
        officer, member = county.coordinator, county.who(Role.PANEL_MEMBER)
        if how == "invited":
            invitation = Invitation(
                name="Somebody", email="somebody@barsetshire.example", role=Role.PANEL_MEMBER.value, made_at=case.at,
                made_by_id=officer.id, made_by_name=officer.name, account_id=member.id, used_at=case.at,
            )  # fmt: skip
            with county.house.transaction(by=officer, at=case.at) as session:
                session.add(invitation)
        else:
            member = county.who(Role.REPORT_AUTHOR)
            entry = AgreementEntry("information_sharing", county.agency("Police"), signed_on=case.today)
            add_agreement(entry, by=officer, at=case.at)
            change(member.id, ChangeEntry(Role.PANEL_MEMBER, county.agency("Police")), by=officer, at=case.at)
            member = comes_in(member, case.at)
        row_id = asked(case, member)
        with pytest.raises(NotAllowed, match="You let them in here by yourself"):
            confirm(case.reference, row_id, by=officer, at=case.wait(minutes=1))
        assert not comes_in(member, case.at).emergencies
        confirm(case.reference, row_id, by=county.chair, at=case.wait(minutes=1))
        assert comes_in(member, case.at).emergencies

    @pytest.mark.parametrize("role", [Role.STEERING_MEMBER, Role.AUDITOR])
    def test_nobody_confirms_without_the_office(self, case: Case, chair: Person, role: Role) -> None:
        row_id = asked(case, chair)
        with pytest.raises(NotAllowed):
            confirm(case.reference, row_id, by=case.county.who(role), at=case.wait(minutes=1))

    def test_a_coordinator_on_the_block_list_is_neither_asked_nor_may_they_answer(
        self, case: Case, chair: Person
    ) -> None:
        related = case.county.who(Role.COORDINATOR, 2)
        block_list.bar_account(case.reference, related.id, by=case.county.coordinator, at=case.wait(minutes=1))
        row_id = asked(case, chair)
        with pytest.raises(OutOfReach):
            confirm(case.reference, row_id, by=comes_in(related, case.at), at=case.wait(minutes=1))
        confirm(case.reference, row_id, by=case.county.coordinator, at=case.wait(minutes=1))
        with case.county.house.reading() as session:
            told = set(session.scalars(select(Message.account_id).where(Message.kind.startswith("emergency_"))))
        assert related.id not in told
        assert case.county.coordinator.id in told

    def test_a_second_confirmation_finds_it_done_and_gives_no_more_minutes(self, case: Case, chair: Person) -> None:
        row_id = given(case, chair)
        (row,) = case.rows(EmergencyAccess)
        with pytest.raises(Over, match="confirmed already"):
            confirm(case.reference, row_id, by=case.county.chair, at=case.wait(minutes=30))
        with pytest.raises(Over, match="confirmed already"):
            refuse(case.reference, row_id, "not_needed", by=case.county.chair, at=case.wait(minutes=1))
        (after,) = case.rows(EmergencyAccess)
        assert after.until_at == row.until_at
        assert case.happened("emergency_confirmed") == ["emergency_confirmed"]

    def test_an_unanswered_question_lapses_after_sixty_minutes(self, case: Case, chair: Person) -> None:
        row_id, house = asked(case, chair), case.county.house
        assert write_down(house, at=case.wait(minutes=59, seconds=59)) == (0, 0)
        case.wait(seconds=1)
        with pytest.raises(Over, match="lapsed: nobody answered"):
            confirm(case.reference, row_id, by=case.county.coordinator, at=case.at)
        assert write_down(house, at=case.wait(minutes=1)) == (1, 0)
        assert write_down(house, at=case.wait(minutes=1)) == (0, 0)
        assert case.happened("emergency") == ["emergency_asked", "emergency_lapsed"]
        assert not reads(case, chair, case.at)
        given(case, chair)  # they may ask again

    def test_a_refusal_says_why_and_opens_nothing(self, case: Case, chair: Person) -> None:
        row_id = asked(case, chair)
        with pytest.raises(Invalid, match="Say why you refuse it"):
            refuse(case.reference, row_id, "no", by=case.county.coordinator, at=case.wait(minutes=1))
        refuse(case.reference, row_id, "ask_in_charge", by=case.county.coordinator, at=case.wait(minutes=1))
        assert not reads(case, chair, case.at)
        assert list(mails(case, "refused")) == ["independent_chair"]
        assert (
            REFUSED_BECAUSE["ask_in_charge"][1:]
            in timeline_page(case.reference, by=case.county.coordinator, at=case.at).entries[0].text
        )
        with pytest.raises(Over, match="refused already"):
            confirm(case.reference, row_id, by=case.county.chair, at=case.wait(minutes=1))


class TestWhatShutsItBefore:
    def test_a_block_during_it_shuts_it_at_the_next_click_and_for_good(self, case: Case, chair: Person) -> None:
        given(case, chair)
        bar = case.county.coordinator
        block_list.bar_account(case.reference, chair.id, by=bar, at=case.wait(minutes=5))
        assert (reads(case, chair, case.at), opens(case, chair, case.at)) == (False, set())
        (row,) = case.rows(EmergencyAccess)
        assert row.ended_at == case.at
        assert case.happened("emergency_ended") == ["emergency_ended"]

    def test_whoever_finds_that_they_know_somebody_says_so_and_is_out(self, case: Case, chair: Person) -> None:
        given(case, chair)
        entry = DeclarationEntry("conflict", "Her brother taught me.")
        declare(case.reference, entry, by=comes_in(chair, case.at), at=case.wait(minutes=1))
        assert not reads(case, chair, case.at)
        with pytest.raises(Invalid, match="no review of this reference"):
            asked(case, comes_in(chair, case.at))

    def test_a_block_between_the_question_and_the_answer_stops_it(self, case: Case, chair: Person) -> None:
        row_id = asked(case, chair)
        block_list.bar_account(case.reference, chair.id, by=case.county.coordinator, at=case.wait(minutes=1))
        with pytest.raises(Over, match="may not have it any more"):
            confirm(case.reference, row_id, by=case.county.coordinator, at=case.wait(minutes=1))
        assert opens(case, chair, case.at) == set()

    def test_an_account_that_is_blocked_loses_it_for_good(self, case: Case, county: County) -> None:
        chair, _ = make_account(county.house, Role.INDEPENDENT_CHAIR)
        given(case, chair)
        account_block.block(chair.id, "concern", by=county.coordinator, at=case.wait(minutes=1))
        account_block.unblock(chair.id, "mistake", by=county.coordinator, at=case.wait(minutes=1))
        assert not reads(case, chair, case.at)
        assert case.happened("emergency_ended") == ["emergency_ended"]


class TestWhoIsTold:
    def test_everybody_on_the_review_and_in_charge_and_no_mail_says_who_or_why(
        self, case: Case, county: County
    ) -> None:
        case.seat(Role.PANEL_MEMBER)
        case.seat(Role.AGENCY_CONTRIBUTOR)
        chair = county.who(Role.INDEPENDENT_CHAIR, 2)
        row_id = asked(case, chair)
        assert set(mails(case, "asked")) == {"coordinator", "steering_chair", "steering_deputy"}
        confirm(case.reference, row_id, by=county.coordinator, at=case.wait(minutes=1))
        told = mails(case, "given")
        assert set(told) == {
            "coordinator", "steering_chair", "steering_deputy", "panel_member", "agency_contributor",
            "independent_chair",
        }  # fmt: skip
        for text in (*told.values(), *mails(case, "asked").values()):
            assert case.reference in text
            assert not any(word in text for word in ("Harding", "nurse", "risk", chair.name, county.coordinator.name))

    def test_two_on_one_day_are_told_twice(self, case: Case, chair: Person) -> None:
        for _ in range(2):
            end(case.reference, given(case, chair), by=case.county.coordinator, at=case.wait(minutes=1))
        with case.county.house.reading() as session:
            kinds = list(
                session.scalars(
                    select(Message.kind).where(
                        Message.kind.startswith("emergency_given"), Message.account_id == case.county.coordinator.id
                    )
                )
            )
        assert len(kinds) == 2

    def test_the_clockwork_writes_the_end_down_once(self, case: Case, chair: Person) -> None:
        given(case, chair)
        house, over = case.county.house, case.at + 60 * MINUTE
        assert write_down(house, at=over - timedelta(seconds=1)) == (0, 0)
        assert write_down(house, at=over + 5 * MINUTE) == (0, 1)
        assert write_down(house, at=over + 6 * MINUTE) == (0, 0)
        (row,) = case.rows(EmergencyAccess)
        assert (row.ended_at, row.ended_by_id) == (over, None)
        case.at = over + 6 * MINUTE
        said = timeline_page(case.reference, by=case.county.coordinator, at=case.at).entries[0].text
        assert said == "Emergency access ended: its 60 minutes were over"

    def test_whoever_asked_and_whoever_was_asked_hear_that_it_lapsed_once(self, case: Case, chair: Person) -> None:
        asked(case, chair)
        house = case.county.house
        for minutes in (60, 1):
            write_down(house, at=case.wait(minutes=minutes))
        told = mails(case, "lapsed")
        assert set(told) == {*mails(case, "asked"), "independent_chair"}
        assert "the question has lapsed" in told["independent_chair"]
        assert f"/reviews/{case.reference}/emergency" in told["coordinator"]
        assert mails(case, "ended") == {}
        for text in told.values():
            assert not any(word in text for word in ("Harding", "nurse", "risk", chair.name))

    @pytest.mark.parametrize("how", ["clock", "early"])
    def test_whoever_had_it_and_whoever_was_told_hear_that_it_is_over(
        self, case: Case, chair: Person, how: str
    ) -> None:
        row_id, knows = given(case, chair), set()
        until = case.at + 60 * MINUTE
        if how == "clock":
            write_down(case.county.house, at=until + MINUTE)
        else:
            end(case.reference, row_id, by=case.county.coordinator, at=case.wait(minutes=1))
            knows = {"coordinator"}  # who ended it
        told = mails(case, "ended")
        assert set(told) == set(mails(case, "given")) - knows
        assert "You can read it no longer" in told["independent_chair"]
        assert "You can read it no longer" not in told["steering_chair"]
        for text in told.values():
            assert not any(word in text for word in ("Harding", "nurse", "risk", chair.name))

    def test_a_conflict_that_ends_it_is_told_to_the_others_alone(self, case: Case, chair: Person) -> None:
        given(case, chair)
        block_list.bar_account(case.reference, chair.id, by=case.county.coordinator, at=case.wait(minutes=5))
        told = mails(case, "ended")
        assert set(told) == set(mails(case, "given")) - {"independent_chair"}
        assert "conflict" not in "".join(told.values()).lower()

    def test_who_can_see_this_names_them_until_when(self, case: Case, chair: Person) -> None:
        given(case, chair)
        over = case.at + 60 * MINUTE

        def shown(at: datetime) -> list[datetime | None]:
            page = access_page(case.reference, by=case.county.coordinator, at=at)
            return [one.emergency_until for one in page.onlookers if one.name == chair.name]

        assert shown(over - MINUTE) == [over]
        assert shown(over) == []


class TestAfterwards:
    def test_the_steering_chair_looks_at_it_once_it_is_over_and_once(self, case: Case, chair: Person) -> None:
        row_id, steering = given(case, chair), case.county.chair
        with pytest.raises(Invalid, match="still running"):
            look(case.reference, row_id, "rightly", by=steering, at=case.wait(minutes=59))
        case.wait(minutes=1)
        with pytest.raises(NotAllowed):
            look(case.reference, row_id, "rightly", by=case.county.coordinator, at=case.at)
        with pytest.raises(Invalid, match="Choose what you found"):
            look(case.reference, row_id, "fine", by=steering, at=case.at)
        look(case.reference, row_id, "rightly", by=steering, at=case.at)
        with pytest.raises(Over):
            look(case.reference, row_id, "incident", by=steering, at=case.wait(minutes=1))
        (row,) = case.rows(EmergencyAccess)
        assert (row.found, row.looked_by_id) == ("rightly", steering.id)
        assert set(FOUND) > {row.found}

    def test_nobody_looks_at_their_own(self, case: Case) -> None:
        steering = case.county.chair
        row_id = given(case, steering)
        with pytest.raises(NotAllowed, match="somebody else has to look at it"):
            look(case.reference, row_id, "rightly", by=steering, at=case.wait(minutes=61))
        look(case.reference, row_id, "rightly", by=case.county.who(Role.STEERING_DEPUTY), at=case.wait(minutes=1))


def test_the_states_have_a_name_each() -> None:
    assert len({each.label for each in State}) == len(State)
