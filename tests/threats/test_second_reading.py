"""What a second reading of the access table found: doors that are each rightly open, and are wrong one after the other.

Decision 43. Each test walks the way that was walked: by a coordinator alone, by an administrator alone, by somebody
whom a review is closed to, and by an author.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from dhr_app.casework import draft, extra_grant, plan_parts, progress, progress_page, statement
from dhr_app.casework.account_block import block, unblock
from dhr_app.casework.account_change import ChangeEntry, change
from dhr_app.casework.account_page import account_page
from dhr_app.casework.action_progress import DoneEntry, MovedEntry, move_date, report_done
from dhr_app.casework.agency_contact import contacts_page, set_contact
from dhr_app.casework.agreement import AgreementEntry, add_agreement
from dhr_app.casework.authenticator import forget_factor
from dhr_app.casework.condition_page import condition_page
from dhr_app.casework.extra_grant import GrantEntry
from dhr_app.casework.incident_page import incident_page, incidents_page
from dhr_app.casework.invitation import InvitationEntry, invite
from dhr_app.casework.learning import learning_page
from dhr_app.casework.request_page import request_page, requests_page
from dhr_app.casework.seminar import hold_seminar, seminar_page
from dhr_app.casework.seminar_checks import SeminarEntry
from dhr_app.database.models import Account, Agency, Conflict, Invitation
from dhr_app.workflows.errors import NotAllowed
from dhr_app.workflows.permissions import DataClass, Person, may_open_once_proved
from dhr_app.workflows.roles import BY_MEMBERSHIP, Role
from dhr_app.workflows.stages import Stage
from tests import drafts, planning, reporting
from tests.casework import test_incident, test_information_request
from tests.factories import NOW, OPERATOR, TODAY, make_account
from tests.installations import Installation
from tests.reviews import Case, County
from tests.seating import holder

EMAIL = "septimus.brown@barsetshire.example"
OFFICES = sorted(set(Role) - BY_MEMBERSHIP)


@pytest.fixture
def county(installation: Installation) -> County:
    return installation.county


def agreed(county: County, agency: str = "Police") -> UUID:
    """An agreement in force with an agency; its id is the agency’s."""
    agency_id = county.agency(agency)
    entry = AgreementEntry("information_sharing", agency_id, signed_on=TODAY)
    add_agreement(entry, by=county.who(Role.ADMINISTRATOR), at=NOW)
    return agency_id


# --- One coordinator, and what is kept apart -------------------------------------------------------------------------


@pytest.mark.parametrize("giver", [Role.COORDINATOR, Role.ADMINISTRATOR])
def test_t46_nobody_alone_lets_an_independent_chair_in(county: County, giver: Role) -> None:
    entry = InvitationEntry("Septimus Brown", EMAIL, Role.INDEPENDENT_CHAIR, agreed(county))
    assert invite(entry, by=county.who(giver), at=NOW) is False
    with county.house.reading() as session:
        assert session.scalars(select(Invitation)).one().expires_at is None


@pytest.mark.parametrize("giver", [Role.COORDINATOR, Role.ADMINISTRATOR])
def test_t46_nobody_alone_makes_an_independent_chair_of_somebody_or_lets_one_in_again(
    county: County, giver: Role
) -> None:
    by = county.who(giver)
    assert change(county.who(Role.PANEL_MEMBER).id, ChangeEntry(Role.INDEPENDENT_CHAIR), by=by, at=NOW) is False
    chair = county.who(Role.INDEPENDENT_CHAIR)
    block(chair.id, "away", by=by, at=NOW)
    assert unblock(chair.id, "returned", by=by, at=NOW) is False


@pytest.mark.parametrize("role", [Role.REPORT_AUTHOR, Role.PANEL_MEMBER])
def test_t46_a_coordinator_gives_the_extra_grant_to_nobody_whose_seat_they_give(county: County, role: Role) -> None:
    case = county.review(Stage.PANEL)
    seated = case.seat(role)
    entry = GrantEntry(seated.id, "children", case.today, case.today + timedelta(weeks=1))
    by = replace(county.coordinator, proved_at=case.at)
    with pytest.raises(NotAllowed, match="steering group’s chair"):
        extra_grant.give(case.reference, entry, by=by, at=case.at)
    assert seated.id not in extra_grant.grant_form(case.reference, by=by, at=case.at).people
    extra_grant.give(case.reference, entry, by=replace(county.chair, proved_at=case.at), at=case.at)


# --- One administrator, and anything sealed --------------------------------------------------------------------------


def opened(county: County, account_id: UUID, case: Case) -> set[DataClass]:
    """The sealed classes that an account opens of a review, whosever the value is."""
    with county.house.reading() as session:
        agencies = (None, *session.scalars(select(Agency.id).order_by(Agency.id)))
    person = holder(account_id)
    return {
        each
        for each in DataClass
        for agency_id in agencies
        if may_open_once_proved(person, case.row.id, each, agency_id=agency_id, on=case.today)
    }


@pytest.fixture
def sealed(county: County) -> Case:
    """A review on which an agency’s contributor sits, and reported on an action."""
    case = county.review(Stage.CHAIR_REPORT)
    case.seat(Role.AGENCY_CONTRIBUTOR)
    action_id = planning.act(case, planning.recommend(case))
    reporting.report(case, action_id)
    return case


@pytest.mark.parametrize("role", Role)
def test_t47_whoever_an_administrator_alone_invites_opens_nothing(county: County, sealed: Case, role: Role) -> None:
    agency_id = agreed(county)
    entry = InvitationEntry("Obadiah Slope", "obadiah.slope@barsetshire.example", role, agency_id)
    if invite(entry, by=county.who(Role.ADMINISTRATOR), at=NOW):
        puppet, _ = make_account(county.house, role, agency_id=agency_id)  # as whoever follows the link would have it
        assert opened(county, puppet.id, sealed) == set()


FIRST = Role.REPORT_AUTHOR


@pytest.mark.parametrize("role", sorted(set(Role) - {FIRST}))
def test_t47_whatever_an_administrator_alone_does_with_an_account_opens_nothing_more(
    county: County, sealed: Case, role: Role
) -> None:
    administrator = county.who(Role.ADMINISTRATOR)
    police, probation = agreed(county), agreed(county, "Probation")
    puppet, _ = make_account(county.house, FIRST)
    for agency_id in (police, probation):
        if change(puppet.id, ChangeEntry(role, agency_id), by=administrator, at=NOW):
            assert opened(county, puppet.id, sealed) == set()
        if puppet_waits(county, puppet.id):
            return


def puppet_waits(county: County, account_id: UUID) -> bool:
    """Whether a change of the account waits for a second person."""
    with county.house.reading() as session:
        return session.get_one(Account, account_id).role == FIRST


def test_t47_the_seats_of_whoever_an_administrator_blocks_fall_to_nobody_of_theirs(
    county: County, sealed: Case
) -> None:
    """The way that was walked: a contributor of one’s own, made the contact; then who holds the seats is blocked."""
    administrator, agency_id = county.who(Role.ADMINISTRATOR), agreed(county)
    puppet, _ = make_account(county.house, Role.AGENCY_CONTRIBUTOR, agency_id=agency_id)
    with pytest.raises(NotAllowed):
        set_contact(agency_id, puppet.id, by=administrator, at=sealed.at)
    with pytest.raises(NotAllowed):
        contacts_page(by=administrator, at=sealed.at)
    forget_factor(county.who(Role.AGENCY_CONTRIBUTOR).id, by=administrator, at=sealed.at)
    block(county.who(Role.AGENCY_CONTRIBUTOR).id, "left_post", by=administrator, at=sealed.wait(minutes=1))
    assert holder(puppet.id).memberships == ()
    assert DataClass.WORKING_PAPERS not in opened(county, puppet.id, sealed)


def test_t47_a_contributor_comes_back_by_two_where_an_administrator_lets_them(county: County) -> None:
    agreed(county)
    administrator, contributor = county.who(Role.ADMINISTRATOR), county.who(Role.AGENCY_CONTRIBUTOR)
    block(contributor.id, "away", by=administrator, at=NOW)
    assert unblock(contributor.id, "returned", by=administrator, at=NOW) is False
    member = county.who(Role.PANEL_MEMBER)
    block(member.id, "away", by=administrator, at=NOW)
    assert unblock(member.id, "returned", by=administrator, at=NOW) is True


def test_t47_a_coordinator_who_opens_what_an_agency_does_lets_its_contributor_in_alone(county: County) -> None:
    entry = InvitationEntry("Lucy Robarts", "lucy@barsetshire.example", Role.AGENCY_CONTRIBUTOR, agreed(county))
    assert invite(entry, by=county.coordinator, at=NOW) is True


# --- A coordinator, and whoever holds an office ----------------------------------------------------------------------


@pytest.mark.parametrize("role", OFFICES)
def test_t48_a_coordinator_shuts_out_and_changes_nobody_with_an_office(county: County, role: Role) -> None:
    whom = county.who(role, 2)
    with pytest.raises(NotAllowed, match="administrator"):
        block(whom.id, "concern", by=county.coordinator, at=NOW)
    with pytest.raises(NotAllowed, match="administrator"):
        change(whom.id, ChangeEntry(Role.REPORT_AUTHOR), by=county.coordinator, at=NOW)
    assert not account_page(whom.id, by=county.coordinator, at=NOW).may_change
    block(whom.id, "concern", by=county.who(Role.ADMINISTRATOR), at=NOW)
    with pytest.raises(NotAllowed, match="administrator"):
        unblock(whom.id, "mistake", by=county.coordinator, at=NOW)


@pytest.mark.parametrize("role", sorted(BY_MEMBERSHIP))
def test_t48_a_coordinator_blocks_whoever_sits_by_a_seat(county: County, role: Role) -> None:
    whom = county.who(role)
    assert account_page(whom.id, by=county.coordinator, at=NOW).may_change
    block(whom.id, "left_post", by=county.coordinator, at=NOW)


# --- Whoever is barred from one of several reviews -------------------------------------------------------------------


def bar(case: Case, person: Person) -> Person:
    """The same person, on the block list of the review from now on."""
    with case.county.house.database.transaction(by=OPERATOR, at=NOW) as session:
        session.add(Conflict(review_id=case.row.id, account_id=person.id))
    return holder(person.id)


@pytest.fixture
def two(county: County) -> tuple[Case, Case]:
    """Two reviews that a request or an incident can be about; the second will be closed to somebody."""
    return county.review(Stage.PANEL), county.review(Stage.PANEL)


READERS = [Role.COORDINATOR, Role.STEERING_CHAIR, Role.STEERING_DEPUTY]


@pytest.mark.parametrize("role", READERS)
def test_t49_a_request_about_a_barred_review_opens_no_word_and_says_nothing_of_it(
    county: County, two: tuple[Case, Case], role: Role
) -> None:
    first, second = two
    both = test_information_request.receive(first, reviews=f"{first.reference}, {second.reference}")
    reader = county.who(role, 2)
    assert request_page(both, by=reader, at=first.at).entry.asker == test_information_request.SISTER
    reader = bar(second, reader)
    page = request_page(both, by=reader, at=first.at)
    assert (page.words, page.entry.asker, page.entry.wanted, page.may_change) == (False, "", "", False)
    assert page.line.about.references == (first.reference,)
    (line,) = requests_page(by=reader, at=first.at).lines
    assert line.about.references == (first.reference,)
    if role is Role.COORDINATOR:
        with pytest.raises(NotAllowed) as refusal:
            request_page(both, "requests.change", by=reader, at=first.at)
        assert "closed" not in str(refusal.value)


@pytest.mark.parametrize("role", READERS)
def test_t49_an_incident_about_a_barred_review_opens_no_word_and_says_nothing_of_it(
    county: County, two: tuple[Case, Case], role: Role
) -> None:
    first, second = two
    both = test_incident.enter(first, reviews=f"{first.reference}, {second.reference}")
    reader = county.who(role, 2)
    assert incident_page(both, by=reader, at=first.at).entry.what_happened == test_incident.WHAT
    reader = bar(second, reader)
    page = incident_page(both, by=reader, at=first.at)
    assert (page.words, page.entry.what_happened, page.outcome.learnt, page.may_change) == (False, "", "", False)
    (line,) = incidents_page(by=reader, at=first.at).lines
    assert line.about.references == (first.reference,)
    with pytest.raises(NotAllowed) as refusal:
        incident_page(both, "incidents.change", by=reader, at=first.at)
    assert "closed" not in str(refusal.value)


@pytest.mark.parametrize("role", [*READERS, Role.STEERING_MEMBER])
def test_t49_a_seminar_about_a_barred_review_names_and_counts_only_the_others(county: County, role: Role) -> None:
    first, second = county.review(Stage.SEMINAR), county.review(Stage.SEMINAR)
    entry = SeminarEntry("Coercive control", "online", first.today, (first.reference, second.reference))
    seminar_id = hold_seminar(entry, by=county.coordinator, at=first.wait(minutes=1))
    reader = county.who(role, 2)
    (line,) = learning_page(first.reference, by=reader, at=first.at).shared
    assert line.others == 1
    reader = bar(second, reader)
    page = seminar_page(seminar_id, by=reader, at=first.at)
    assert (page.entry.reviews, page.may_change) == ((first.reference,), False)
    (line,) = learning_page(first.reference, by=reader, at=first.at).shared
    assert line.others == 0


@pytest.mark.parametrize("role", [*READERS, Role.ADMINISTRATOR])
def test_t49_an_account_s_page_counts_no_review_that_is_barred_to_its_reader(
    county: County, two: tuple[Case, Case], role: Role
) -> None:
    author = county.who(Role.REPORT_AUTHOR)
    for case in two:
        case.seat(Role.REPORT_AUTHOR)
    reader = bar(two[1], county.who(role, 2))
    page = account_page(author.id, by=reader, at=two[0].at)
    kept = (1, 0) if role is not Role.ADMINISTRATOR else (0, 1)
    assert (len(page.seats), page.other_seats) == kept


# --- An author, and what is the chair’s or the coordinator’s ---------------------------------------------------------


@pytest.fixture
def written(county: County) -> Case:
    return county.review(Stage.CHAIR_REPORT, seats=True)


def test_t50_an_author_lets_the_panel_read_no_draft(written: Case) -> None:
    author, chair = written.county.who(Role.REPORT_AUTHOR), written.county.who(Role.INDEPENDENT_CHAIR)
    with pytest.raises(NotAllowed):
        drafts.hand_in(written, author, shared=True)
    drafts.hand_in(written, author)
    draft_id = drafts.version(written, 1).id
    with pytest.raises(NotAllowed):
        draft.share(written.reference, draft_id, by=author, at=written.wait(minutes=1))
    assert drafts.version(written, 1).shared_at is None
    draft.share(written.reference, draft_id, by=chair, at=written.wait(minutes=1))
    assert drafts.version(written, 1).shared_at is not None


@pytest.fixture
def action_id(written: Case) -> UUID:
    return planning.act(written, planning.recommend(written))


@pytest.mark.parametrize("role", [Role.REPORT_AUTHOR, Role.INDEPENDENT_CHAIR])
def test_t50_what_an_agency_reports_is_the_coordinator_s_to_enter(written: Case, action_id: UUID, role: Role) -> None:
    by = written.county.who(role)
    entry = DoneEntry(written.today, "So the author says.")
    with pytest.raises(NotAllowed):
        plan_parts.done_part(written.reference, action_id, by=by, at=written.at)
    with pytest.raises(NotAllowed):
        report_done(written.reference, action_id, entry, 0, by=by, at=written.at)


def moved(case: Case, action_id: UUID, by: Person) -> Any:
    entry = MovedEntry("by_a_date", case.today + timedelta(days=100), because="no_capacity")
    part = plan_parts.date_part(case.reference, action_id, by=by, at=case.at)
    move_date(case.reference, action_id, entry, part.version, by=by, at=case.wait(minutes=1))


@pytest.mark.parametrize("role", [Role.REPORT_AUTHOR, Role.INDEPENDENT_CHAIR])
def test_t50_whoever_writes_the_plan_moves_no_date_of_it(written: Case, action_id: UUID, role: Role) -> None:
    with pytest.raises(NotAllowed):
        moved(written, action_id, written.county.who(role))
    entry = MovedEntry("by_a_date", written.today + timedelta(days=100), because="no_capacity")
    with pytest.raises(NotAllowed):
        move_date(written.reference, action_id, entry, 0, by=written.county.who(role), at=written.at)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.STEERING_CHAIR, Role.STEERING_DEPUTY])
def test_t50_those_who_steer_grant_an_agency_s_wish_or_refuse_it(written: Case, action_id: UUID, role: Role) -> None:
    by = written.county.who(role)
    moved(written, action_id, by)
    reporting.report(written, action_id, "need_longer")
    wish = progress_page.wish_page(written.reference, action_id, by=by, at=written.at).wish
    assert wish is not None
    because = "The inquest waits for it."
    progress.refuse_longer(written.reference, action_id, because, wish.seq, by=by, at=written.wait(minutes=1))
    assert progress_page.wish_page(written.reference, action_id, by=by, at=written.at).wish is None


def stated(case: Case, role: Role) -> UUID:
    return case.state("family_offered_part", "could_not_be_done", by=case.county.who(role))


@pytest.mark.parametrize(
    ("whose", "takes_back", "may"),
    [
        (Role.INDEPENDENT_CHAIR, Role.REPORT_AUTHOR,     False),
        (Role.INDEPENDENT_CHAIR, Role.STEERING_CHAIR,    False),
        (Role.INDEPENDENT_CHAIR, Role.INDEPENDENT_CHAIR, True),
        (Role.INDEPENDENT_CHAIR, Role.COORDINATOR,       True),
        (Role.COORDINATOR,       Role.REPORT_AUTHOR,     False),
        (Role.COORDINATOR,       Role.STEERING_CHAIR,    True),
        (Role.REPORT_AUTHOR,     Role.REPORT_AUTHOR,     True),
        (Role.REPORT_AUTHOR,     Role.INDEPENDENT_CHAIR, True),
    ],
)  # fmt: skip
def test_t50_an_author_takes_back_their_own_statement_alone(
    county: County, whose: Role, takes_back: Role, may: bool
) -> None:
    case = county.review(Stage.PANEL, seats=True)
    statement_id, by = stated(case, whose), county.who(takes_back)
    (shown,) = condition_page(case.reference, "family_offered_part", by=by, at=case.at).statements
    assert shown.may_withdraw is may
    if may:
        statement.withdraw(case.reference, statement_id, by=by, at=case.wait(minutes=1))
    else:
        with pytest.raises(NotAllowed, match="they take it back"):
            statement.withdraw(case.reference, statement_id, by=by, at=case.wait(minutes=1))
