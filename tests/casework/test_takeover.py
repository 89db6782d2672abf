"""The post, not the person: what becomes of a contributor's work, and what a block and a change of role end."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from dhr_app.casework.account_block import block, unblock
from dhr_app.casework.account_change import ChangeEntry, change, confirm_change, withdraw_change
from dhr_app.casework.account_page import account_page
from dhr_app.casework.agency_contact import contacts_page, set_contact
from dhr_app.casework.agreement import AgreementEntry, add_agreement, agreements_page, end_agreement
from dhr_app.casework.day import what_needs_you
from dhr_app.casework.invitation import InvitationEntry, invite
from dhr_app.casework.membership import join
from dhr_app.casework.substitutes import (
    SubstituteEntry,
    end_substitute,
    invite_substitute,
    send_substitute_again,
    substitutes_page,
    withdraw_substitute,
)
from dhr_app.database.models import AccountChange, AgencyContact, Conflict, Event, Invitation, Membership
from dhr_app.workflows.errors import Invalid, NotAllowed, OutOfReach, Over
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.reminders import NOBODYS
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.factories import NOW, OPERATOR, TODAY, make_account
from tests.reviews import Case, County

CONTRIBUTOR = Role.AGENCY_CONTRIBUTOR


@pytest.fixture
def police(county: County) -> UUID:
    agency_id = county.agency("Police")
    entry = AgreementEntry("information_sharing", agency_id, signed_on=TODAY)
    add_agreement(entry, by=county.coordinator, at=NOW)
    return agency_id


@pytest.fixture
def administrator(county: County) -> Person:
    return county.who(Role.ADMINISTRATOR)


def officer(county: County, name: str, agency_id: UUID) -> Person:
    return make_account(county.house, CONTRIBUTOR, name=name, agency_id=agency_id)[0]


def seats(county: County, person: Person) -> list[Membership]:
    with county.house.reading() as session:
        rows = select(Membership).where(Membership.account_id == person.id, Membership.ended_at.is_(None))
        return list(session.scalars(rows))


def told(county: County, kind: Happened) -> list[Event]:
    with county.house.reading() as session:
        return list(session.scalars(select(Event).where(Event.kind == kind.value).order_by(Event.recorded_at)))


def seated(case: Case, person: Person) -> None:
    join(case.reference, person.id, by=case.county.coordinator, at=NOW)


def nobodys(county: County) -> list[str]:
    return [line.reference for line in what_needs_you(by=county.coordinator, at=NOW).under(NOBODYS)]


class TestTakingOver:
    def test_the_contact_has_the_seats_of_whoever_is_blocked(
        self, county: County, police: UUID, administrator: Person
    ) -> None:
        first, second = county.review(Stage.SCOPING), county.review(Stage.PANEL)
        contact, goer = officer(county, "Mark Robarts", police), officer(county, "Ned Bunce", police)
        set_contact(police, contact.id, by=county.coordinator, at=NOW)
        for case in (first, second):
            seated(case, goer)
        seated(second, contact)  # who sits there already has no second seat
        block(goer.id, "left_post", by=administrator, at=NOW)
        assert seats(county, goer) == []
        assert sorted(seat.review_id for seat in seats(county, contact)) == sorted([first.row.id, second.row.id])
        (event,) = told(county, Happened.WORK_TAKEN_OVER)
        assert (event.details, event.agency_id, event.subject_id) == ({"number": 2}, police, goer.id)
        assert told(county, Happened.WORK_LEFT_BEHIND) == []
        joined = [event for event in told(county, Happened.MEMBER_JOINED) if event.review_id == first.row.id]
        assert joined[-1].recorded_by_id == administrator.id

    def test_without_a_contact_the_work_belongs_to_nobody_on_the_coordinators_day(
        self, county: County, police: UUID, administrator: Person
    ) -> None:
        case = county.review(Stage.SCOPING)
        goer = officer(county, "Ned Bunce", police)
        for person in everybody_of(county, police):
            if person != goer.id:
                block(person, "left_post", by=administrator, at=NOW)
        seated(case, goer)
        before = nobodys(county)
        block(goer.id, "left_post", by=administrator, at=NOW)
        (event,) = told(county, Happened.WORK_LEFT_BEHIND)
        assert event.details == {"number": 1}
        asked = asked_of(case, police)
        assert nobodys(county).count(case.reference) == before.count(case.reference) + asked > 0

    def test_a_conflict_of_interest_bars_the_contact_too(
        self, county: County, police: UUID, administrator: Person
    ) -> None:
        case = county.review(Stage.SCOPING)
        contact, goer = officer(county, "Mark Robarts", police), officer(county, "Ned Bunce", police)
        set_contact(police, contact.id, by=county.coordinator, at=NOW)
        seated(case, goer)
        with county.house.database.transaction(by=OPERATOR, at=NOW) as session:
            session.add(Conflict(review_id=case.row.id, account_id=contact.id))
        block(goer.id, "left_post", by=administrator, at=NOW)
        assert seats(county, contact) == []
        assert [event.details for event in told(county, Happened.WORK_LEFT_BEHIND)] == [{"number": 1}]

    def test_whoever_is_the_contact_and_goes_leaves_the_agency_without_one(
        self, county: County, police: UUID, administrator: Person
    ) -> None:
        contact = officer(county, "Mark Robarts", police)
        set_contact(police, contact.id, by=county.coordinator, at=NOW)
        block(contact.id, "left_post", by=administrator, at=NOW)
        with county.house.reading() as session:
            assert session.scalars(select(AgencyContact)).all() == []
        assert len(told(county, Happened.CONTACT_ENDED)) == 1

    def test_another_agency_ends_the_seats_for_the_old_one_and_they_fall_to_its_contact(
        self, county: County, police: UUID, administrator: Person
    ) -> None:
        probation = county.agency("Probation")
        entry = AgreementEntry("information_sharing", probation, signed_on=TODAY)
        add_agreement(entry, by=administrator, at=NOW)
        case = county.review(Stage.SCOPING)
        contact, goer = officer(county, "Mark Robarts", police), officer(county, "Ned Bunce", police)
        set_contact(police, contact.id, by=county.coordinator, at=NOW)
        seated(case, goer)
        assert change(goer.id, ChangeEntry(CONTRIBUTOR, probation), by=county.coordinator, at=NOW) is True
        assert (seats(county, goer), len(seats(county, contact))) == ([], 1)
        page = account_page(goer.id, by=county.coordinator, at=NOW)
        assert page.agency_id == probation
        assert "Seats went to the agency’s contact" in {one.what for one in page.history}


class TestBlocking:
    def test_twice_or_without_a_reason_is_refused_and_nothing_is_half_done(
        self, county: County, police: UUID, administrator: Person
    ) -> None:
        goer = officer(county, "Ned Bunce", police)
        with pytest.raises(Invalid):
            block(goer.id, "because", by=administrator, at=NOW)
        assert account_page(goer.id, by=administrator, at=NOW).blocked_on is None
        block(goer.id, "away", by=administrator, at=NOW)
        with pytest.raises(Over):
            block(goer.id, "away", by=administrator, at=NOW)
        with pytest.raises(Invalid):
            unblock(goer.id, "away", by=administrator, at=NOW)
        later = NOW + timedelta(hours=1)
        unblock(goer.id, "returned", by=county.coordinator, at=later)
        with pytest.raises(Over):
            unblock(goer.id, "returned", by=county.coordinator, at=later)
        done = account_page(goer.id, by=administrator, at=later).history
        assert [(one.what, one.why, one.by) for one in done[:1]] == [
            ("Let in again", "They are back in their post", county.coordinator.name)
        ]
        assert ("Blocked", "They are away for long") in {(one.what, one.why) for one in done}

    def test_without_an_agreement_nobody_comes_back(self, county: County, administrator: Person) -> None:
        goer = officer(county, "Ned Bunce", county.agency("Fire and Rescue"))
        block(goer.id, "away", by=administrator, at=NOW)
        with pytest.raises(Invalid, match="No agreement with their agency is in force"):
            unblock(goer.id, "returned", by=county.coordinator, at=NOW)

    @pytest.mark.parametrize("role", [Role.STEERING_CHAIR, Role.AUDITOR, CONTRIBUTOR, Role.INDEPENDENT_CHAIR])
    def test_it_is_for_coordinators_and_administrators(self, county: County, police: UUID, role: Role) -> None:
        goer = officer(county, "Ned Bunce", police)
        with pytest.raises(NotAllowed):
            block(goer.id, "away", by=county.who(role), at=NOW)


class TestChanging:
    def test_a_proposal_waits_once_and_can_be_withdrawn(self, county: County, administrator: Person) -> None:
        member, _ = make_account(county.house, Role.STEERING_MEMBER)
        assert change(member.id, ChangeEntry(Role.STEERING_DEPUTY), by=administrator, at=NOW) is False
        with pytest.raises(Over):
            change(member.id, ChangeEntry(Role.AUDITOR), by=administrator, at=NOW)
        with county.house.reading() as session:
            proposed = session.scalars(select(AccountChange.id)).one()
        for by, may in ((county.chair, True), (administrator, False)):
            waiting = account_page(member.id, by=by, at=NOW).waiting
            assert waiting is not None
            assert waiting.may_confirm is may
        withdraw_change(proposed, by=administrator, at=NOW)
        with pytest.raises(Over):
            confirm_change(proposed, by=county.chair, at=NOW)

    @pytest.mark.parametrize(
        ("entry", "sentence"),
        [
            (ChangeEntry(), "Choose their role."),
            (ChangeEntry(CONTRIBUTOR), "A panel member or contributor comes from an agency: choose it."),
            (ChangeEntry(Role.STEERING_MEMBER), "This is what they are already."),
        ],
    )
    def test_what_cannot_be_is_said(
        self, county: County, administrator: Person, entry: ChangeEntry, sentence: str
    ) -> None:
        member, _ = make_account(county.house, Role.STEERING_MEMBER)
        with pytest.raises(Invalid, match=sentence):
            change(member.id, entry, by=administrator, at=NOW)

    def test_an_office_is_not_taken_from_somebody_by_one_person_either(
        self, county: County, administrator: Person
    ) -> None:
        assert change(county.chair.id, ChangeEntry(Role.STEERING_MEMBER), by=administrator, at=NOW) is False


class TestWhoSees:
    def test_an_administrator_sees_how_many_reviews_and_a_coordinator_which(
        self, county: County, police: UUID, administrator: Person
    ) -> None:
        case = county.review(Stage.SCOPING)
        one = officer(county, "Ned Bunce", police)
        seated(case, one)
        page = account_page(one.id, by=administrator, at=NOW)
        assert (page.seats, page.other_seats) == ((), 1)
        page = account_page(one.id, by=county.coordinator, at=NOW)
        assert (page.seats, page.other_seats) == ((case.reference,), 0)

    def test_an_agreement_for_one_review_names_it_to_whoever_may_see_it(
        self, county: County, administrator: Person
    ) -> None:
        case = county.review(Stage.PANEL)
        entry = AgreementEntry("review_specific", None, "Harding Reviews", case.reference.lower(), TODAY)
        add_agreement(entry, by=county.coordinator, at=NOW)
        assert [one.review for one in agreements_page(by=county.coordinator, at=NOW).in_force] == [case.reference]
        assert [one.review for one in agreements_page(by=administrator, at=NOW).in_force] == [""]
        with pytest.raises(Invalid, match="recorded by a coordinator"):
            add_agreement(entry, by=administrator, at=NOW)


class TestAgreements:
    @pytest.mark.parametrize(
        ("more", "field"),
        [
            ({"kind": ""}, "kind"),
            ({"organisation": "Harding Reviews"}, "organisation"),
            ({"signed_on": None}, "signed_on"),
            ({"signed_on": TODAY.replace(year=2027)}, "signed_on"),
            ({"ends_on": TODAY.replace(year=2025)}, "ends_on"),
            ({"kind": "review_specific", "review": "DHR-1999-001"}, "review"),
        ],
    )
    def test_what_cannot_be_right_is_refused(self, county: County, more: dict, field: str) -> None:
        right = {"kind": "information_sharing", "agency_id": county.agency("Police"), "signed_on": TODAY}
        with pytest.raises(Invalid) as refusal:
            add_agreement(AgreementEntry(**{**right, **more}), by=county.coordinator, at=NOW)
        assert list(refusal.value.fields) == [field]
        assert agreements_page(by=county.coordinator, at=NOW).in_force == ()

    def test_one_that_ended_cannot_be_ended_again_nor_before_it_was_signed(self, county: County, police: UUID) -> None:
        (one,) = agreements_page(by=county.coordinator, at=NOW).in_force
        for day in (None, TODAY.replace(year=2025)):
            with pytest.raises(Invalid):
                end_agreement(one.id, day, by=county.coordinator, at=NOW)
        end_agreement(one.id, TODAY, by=county.coordinator, at=NOW)
        later = NOW.replace(day=5)
        with pytest.raises(Over):
            end_agreement(one.id, TODAY, by=county.coordinator, at=later)
        assert agreements_page(by=county.coordinator, at=later).in_force == ()

    def test_a_contractor_invites_a_chair_and_no_contributor(self, county: County, administrator: Person) -> None:
        entry = AgreementEntry("data_processing", None, "Harding Reviews", "", TODAY)
        agreement_id = add_agreement(entry, by=administrator, at=NOW)
        asked = InvitationEntry("Eleanor Bold", "eleanor@harding.example", CONTRIBUTOR, None, agreement_id)
        with pytest.raises(Invalid, match="comes from an agency"):
            invite(asked, by=administrator, at=NOW)
        asked = InvitationEntry("Eleanor Bold", "eleanor@harding.example", Role.INDEPENDENT_CHAIR, None, agreement_id)
        assert invite(asked, by=administrator, at=NOW) is False


class TestSubstitutes:
    def test_the_contact_alone_invites_and_ends_those_of_its_own_agency(
        self, county: County, police: UUID, administrator: Person
    ) -> None:
        case = county.review(Stage.SCOPING)
        contact, other = officer(county, "Mark Robarts", police), officer(county, "Ned Bunce", police)
        stranger = officer(county, "Fanny Robarts", county.agency("Fire and Rescue"))
        entry = SubstituteEntry("Lucy Robarts", "lucy@police.example")
        for by in (contact, administrator, county.coordinator):  # nobody is the contact yet
            with pytest.raises(NotAllowed):
                invite_substitute(entry, by=by, at=NOW)
        set_contact(police, contact.id, by=county.coordinator, at=NOW)
        seated(case, other)
        invite_substitute(entry, by=contact, at=NOW)
        with county.house.reading() as session:
            row = session.scalars(select(Invitation)).one()
        assert (row.role, row.agency_id) == (CONTRIBUTOR.value, police)
        for someone in (stranger.id, county.coordinator.id):
            with pytest.raises(OutOfReach):
                end_substitute(someone, "left_post", by=contact, at=NOW)
        with pytest.raises(NotAllowed):
            end_substitute(contact.id, "left_post", by=contact, at=NOW)
        for by in (other, stranger):
            with pytest.raises(NotAllowed):
                end_substitute(contact.id, "left_post", by=by, at=NOW)
            with pytest.raises(NotAllowed):
                substitutes_page(by=by, at=NOW)
        end_substitute(other.id, "left_post", by=contact, at=NOW)
        assert len(seats(county, contact)) == 1
        assert other.id not in {one.id for one in substitutes_page(by=contact, at=NOW).people}

    def test_an_invitation_of_another_agency_is_out_of_the_contacts_reach(
        self, county: County, police: UUID, administrator: Person
    ) -> None:
        fire = county.agency("Fire and Rescue")
        add_agreement(AgreementEntry("information_sharing", fire, signed_on=TODAY), by=administrator, at=NOW)
        contact = officer(county, "Mark Robarts", police)
        set_contact(police, contact.id, by=county.coordinator, at=NOW)
        invite(InvitationEntry("Ned", "ned@fire.example", CONTRIBUTOR, fire), by=county.coordinator, at=NOW)
        with county.house.reading() as session:
            theirs = session.scalars(select(Invitation.id)).one()
        for verb in (send_substitute_again, withdraw_substitute):
            with pytest.raises(OutOfReach):
                verb(theirs, by=contact, at=NOW)
        assert substitutes_page(by=contact, at=NOW).invited == ()

    def test_a_contact_is_somebody_of_the_agency_who_can_sign_in(
        self, county: County, police: UUID, administrator: Person
    ) -> None:
        stranger = officer(county, "Fanny Robarts", county.agency("Fire and Rescue"))
        blocked = officer(county, "Ned Bunce", police)
        block(blocked.id, "away", by=administrator, at=NOW)
        for someone in (stranger, blocked, administrator):
            with pytest.raises(Invalid):
                set_contact(police, someone.id, by=county.coordinator, at=NOW)
        lines = {one.agency_id: one for one in contacts_page(by=county.coordinator, at=NOW)}
        assert lines[police].name == ""


def everybody_of(county: County, agency_id: UUID) -> list[UUID]:
    from dhr_app.database.models import Account

    with county.house.reading() as session:
        rows = select(Account.id).where(Account.agency_id == agency_id, Account.role == CONTRIBUTOR.value)
        return list(session.scalars(rows.order_by(Account.id)))


def asked_of(case: Case, agency_id: UUID) -> int:
    """Ask the agency something that it has not answered, and how much that is now."""
    from dhr_app.database.models import ScopingRequest

    with case.county.house.reading() as session:
        rows = select(ScopingRequest.id).where(
            ScopingRequest.review_id == case.row.id,
            ScopingRequest.agency_id == agency_id,
            ScopingRequest.outcome == "open",
        )
        return len(list(session.scalars(rows)))
