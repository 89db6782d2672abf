"""What is kept apart opens to nobody by their office: the keyring asks for a grant and for a proof of the moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from dhr_app.casework import (
    account_block,
    account_change,
    block_list,
    contacts_apart,
    extra_grant,
    family,
    kept_apart,
    kept_apart_page,
    membership,
)
from dhr_app.casework.extra_grant import GrantEntry
from dhr_app.casework.family import FamilyMemberEntry
from dhr_app.casework.kept_apart import NoteEntry
from dhr_app.casework.lapsing import end_lapsed
from dhr_app.casework.search import search
from dhr_app.casework.timeline import timeline_page
from dhr_app.database.errors import OpeningRefused, Unannounced
from dhr_app.database.keyring import announce
from dhr_app.database.models import (
    AccountChange,
    AuditEntry,
    Event,
    FamilyMember,
    Membership,
    SensitiveGrant,
    SensitiveNote,
)
from dhr_app.database.sealed import sealed_on
from dhr_app.workflows import kept_apart as rules
from dhr_app.workflows.errors import Invalid, NotAllowed, NotYet, OutOfReach, Over, ProofNeeded, Stale
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import DataClass, Person
from dhr_app.workflows.person import PROOF_LASTS
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.reviews import Case, County

WORDS = "The younger boy told his teacher of the night in March."
CONTACT = "01632 960456, after six, by her sister"
WEEK = timedelta(weeks=1)


@pytest.fixture
def case(county: County) -> Case:
    """A review at its panel, with a child, a sister, and everybody seated."""
    made = county.review(Stage.PANEL, seats=True)
    note(made)
    return made


def proved(person: Person, case: Case) -> Person:
    """The same, as somebody who has just typed their password."""
    return replace(person, proved_at=case.at)


def note(case: Case, by: Person | None = None, **changes: Any) -> UUID:
    entry = replace(NoteEntry("child", words=WORDS), **changes)
    return kept_apart.add_note(case.reference, entry, by=by or case.county.coordinator, at=case.wait(minutes=1))


def grant(case: Case, role: Role, by: Person | None = None, **changes: Any) -> UUID:
    entry = GrantEntry(case.county.who(role).id, "children", case.today, case.today + WEEK)
    giver = by or case.county.chair
    case.wait(minutes=1)
    return extra_grant.give(case.reference, replace(entry, **changes), by=proved(giver, case), at=case.at)


def words_through_the_keyring(case: Case, person: Person) -> str | None:
    """What a page that asked nothing would get from the row itself."""
    house = case.county.house
    with house.with_keys(person, at=case.at):
        announce(case.row.id, [DataClass.SENSITIVE], at=case.at)
        with house.reading() as session:
            return session.scalars(select(SensitiveNote).where(SensitiveNote.review_id == case.row.id)).one().words


def refused(case: Case, person: Person) -> bool:
    try:
        words_through_the_keyring(case, person)
    except OpeningRefused:
        return True
    return False


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.INDEPENDENT_CHAIR}))
def test_the_keyring_refuses_every_role_without_a_grant(case: Case, role: Role) -> None:
    assert refused(case, proved(case.county.who(role), case))


def test_the_chair_of_the_review_opens_it_after_a_proof_and_not_without(case: Case) -> None:
    chair = case.county.who(Role.INDEPENDENT_CHAIR)
    assert refused(case, chair)
    assert words_through_the_keyring(case, proved(chair, case)) == WORDS
    assert refused(case, proved(case.county.who(Role.INDEPENDENT_CHAIR, 2), case))


@pytest.mark.parametrize(
    "role",
    [Role.COORDINATOR, Role.STEERING_DEPUTY, Role.REPORT_AUTHOR, Role.PANEL_MEMBER, Role.AGENCY_CONTRIBUTOR],
)
def test_a_grant_opens_it_with_a_proof_and_not_without(case: Case, role: Role) -> None:
    grant(case, role)
    holder = case.county.who(role)
    assert refused(case, holder)
    assert words_through_the_keyring(case, proved(holder, case)) == WORDS


def test_a_proof_is_good_for_five_minutes_and_none_lies_ahead(case: Case) -> None:
    grant(case, Role.COORDINATOR)
    holder = proved(case.county.coordinator, case)
    case.wait(seconds=PROOF_LASTS.total_seconds() - 1)
    assert words_through_the_keyring(case, holder) == WORDS
    case.wait(seconds=1)
    assert refused(case, holder)
    assert refused(case, replace(holder, proved_at=case.at + timedelta(minutes=1)))


def test_a_grant_holds_from_its_first_day_to_its_last(case: Case) -> None:
    first = case.today + WEEK
    grant(case, Role.COORDINATOR, from_on=first, to_on=first + WEEK)
    assert refused(case, proved(case.county.coordinator, case))
    case.wait(days=7)
    assert words_through_the_keyring(case, proved(case.county.coordinator, case)) == WORDS
    case.wait(days=7)
    assert words_through_the_keyring(case, proved(case.county.coordinator, case)) == WORDS
    case.wait(days=1)
    assert refused(case, proved(case.county.coordinator, case))


def test_a_grant_of_one_review_opens_nothing_of_another(case: Case) -> None:
    grant(case, Role.COORDINATOR)
    other = case.county.review(Stage.SCOPING)
    note(other)
    assert refused(other, proved(other.county.coordinator, other))


def test_not_even_a_holder_opens_it_unannounced(case: Case) -> None:
    grant(case, Role.COORDINATOR)
    house = case.county.house
    with (
        house.with_keys(proved(case.county.coordinator, case), at=case.at),
        house.reading() as session,
        pytest.raises(Unannounced),
    ):
        _ = session.scalars(select(SensitiveNote).where(SensitiveNote.review_id == case.row.id)).one().words


def taken_back(case: Case, grant_id: UUID) -> None:
    extra_grant.end(case.reference, grant_id, by=case.county.coordinator, at=case.wait(minutes=1))


def seat_ended(case: Case, _: UUID) -> None:
    author = case.county.who(Role.REPORT_AUTHOR).id
    (seat,) = [one for one in case.rows(Membership) if one.account_id == author]
    membership.leave(case.reference, seat.id, by=case.county.coordinator, at=case.wait(minutes=1))
    case.seat(Role.REPORT_AUTHOR)  # and given anew: the grant does not come back with it


def barred(case: Case, _: UUID) -> None:
    author = case.county.who(Role.REPORT_AUTHOR).id
    block_list.bar_account(case.reference, author, by=case.county.coordinator, at=case.wait(minutes=1))


def account_blocked(case: Case, _: UUID) -> None:
    author = case.county.who(Role.REPORT_AUTHOR).id
    account_block.block(author, "away", by=case.county.coordinator, at=case.wait(minutes=1))


def role_changed(case: Case, _: UUID) -> None:
    author = case.county.who(Role.REPORT_AUTHOR).id
    entry = account_change.ChangeEntry(Role.INDEPENDENT_CHAIR)
    account_change.change(author, entry, by=case.county.coordinator, at=case.wait(minutes=1))
    with case.county.house.reading() as session:
        proposed = session.scalars(select(AccountChange.id).where(AccountChange.account_id == author)).one()
    account_change.confirm_change(proposed, by=case.county.chair, at=case.wait(minutes=1))


@pytest.mark.parametrize("ending", [taken_back, seat_ended, barred, account_blocked, role_changed])
def test_a_grant_ends_with_what_it_hangs_on(case: Case, ending: Any) -> None:
    grant_id = grant(case, Role.REPORT_AUTHOR)
    ending(case, grant_id)
    assert refused(case, proved(case.county.who(Role.REPORT_AUTHOR), case))
    (row,) = case.rows(SensitiveGrant)
    assert row.ended_at is not None
    assert row.ended_because == ending.__name__
    assert Happened.EXTRA_GRANT_ENDED in case.happened()


def test_a_grant_ends_with_a_seat_that_lapses(case: Case) -> None:
    grant(case, Role.REPORT_AUTHOR, to_on=case.today + 10 * WEEK)
    with case.county.house.transaction(by=case.county.coordinator, at=case.at) as session:
        session.lock(case.row.id)
        for seat in session.scalars(select(Membership).where(Membership.review_id == case.row.id)):
            seat.lapses_on = case.today
    case.wait(days=1)
    assert refused(case, proved(case.county.who(Role.REPORT_AUTHOR), case))
    end_lapsed(case.county.house, at=case.at)
    assert [row.ended_because for row in case.rows(SensitiveGrant)] == ["seat_ended"]


def test_the_block_list_wins_over_a_grant_that_nobody_ended(case: Case) -> None:
    grant(case, Role.REPORT_AUTHOR)
    holder = case.county.who(Role.REPORT_AUTHOR)
    assert refused(case, proved(replace(holder, conflicts=frozenset({case.row.id})), case))
    assert not refused(case, proved(holder, case))


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"because": ""}, "because", "Say why they need it"),
        ({"because": "curious"}, "because", "Say why they need it"),
        ({"from_on": None}, "from_on", "Give the first day"),
        ({"to_on": None}, "to_on", "Give the last day"),
        ({"from_on": -WEEK}, "from_on", "This day is over"),
        ({"to_on": -WEEK}, "to_on", "This day is over"),
        ({"from_on": 2 * WEEK}, "to_on", "cannot be before the first"),
        ({"to_on": 12 * WEEK + timedelta(days=1)}, "to_on", "twelve weeks at most"),
        ({"account_id": None}, "account_id", "Choose a person"),
        ({"account_id": UUID(int=7)}, "account_id", "Choose a person"),
    ],
)
def test_terms_that_cannot_be_are_said_beside_their_field(
    case: Case, changes: dict[str, Any], field: str, sentence: str
) -> None:
    days = {name: case.today + value for name, value in changes.items() if isinstance(value, timedelta)}
    with pytest.raises(Invalid, match=sentence) as refusal:
        grant(case, Role.REPORT_AUTHOR, **{**changes, **days})
    assert field in refusal.value.fields
    assert case.rows(SensitiveGrant) == []


def test_twelve_weeks_to_the_day_are_taken(case: Case) -> None:
    grant(case, Role.REPORT_AUTHOR, to_on=case.today + 12 * WEEK)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR, Role.STEERING_MEMBER])
def test_nobody_without_a_place_on_the_review_is_given_a_grant(case: Case, role: Role) -> None:
    with pytest.raises(Invalid, match="no open seat"):
        grant(case, role)
    with pytest.raises(Invalid, match="no open seat"):
        grant(case, Role.PANEL_MEMBER, account_id=case.county.who(Role.PANEL_MEMBER, 2).id)


def test_nobody_gives_it_to_themselves_to_whoever_is_barred_or_twice(case: Case) -> None:
    with pytest.raises(Invalid, match="to themselves"):
        grant(case, Role.STEERING_CHAIR)
    grant(case, Role.REPORT_AUTHOR)
    with pytest.raises(Invalid, match="They hold a grant until"):
        grant(case, Role.REPORT_AUTHOR)
    with pytest.raises(Invalid, match="without a grant"):
        grant(case, Role.INDEPENDENT_CHAIR)
    member = case.county.who(Role.PANEL_MEMBER).id
    block_list.bar_account(case.reference, member, by=case.county.coordinator, at=case.wait(minutes=1))
    with pytest.raises(Invalid, match="bars them"):
        grant(case, Role.PANEL_MEMBER)


def test_whoever_gives_it_proves_themselves_and_holds_the_office(case: Case) -> None:
    entry = GrantEntry(case.county.who(Role.REPORT_AUTHOR).id, "children", case.today, case.today + WEEK)
    with pytest.raises(ProofNeeded):
        extra_grant.give(case.reference, entry, by=case.county.chair, at=case.at)
    for role in (Role.INDEPENDENT_CHAIR, Role.REPORT_AUTHOR, Role.STEERING_MEMBER):
        with pytest.raises(NotAllowed):
            extra_grant.give(case.reference, entry, by=proved(case.county.who(role), case), at=case.at)
    with pytest.raises(OutOfReach):
        extra_grant.give(case.reference, entry, by=proved(case.county.who(Role.ADMINISTRATOR), case), at=case.at)


def test_the_form_offers_whoever_may_be_given_it(case: Case) -> None:
    offered = extra_grant.grant_form(case.reference, by=case.county.chair, at=case.at)
    roles = {Role.COORDINATOR, Role.STEERING_DEPUTY, Role.REPORT_AUTHOR, Role.PANEL_MEMBER, Role.AGENCY_CONTRIBUTOR}
    assert set(offered.people) == {case.county.who(role).id for role in roles}
    assert offered.to_on == case.today + rules.GRANT_LASTS


def test_a_grant_is_taken_back_once_and_only_on_its_own_review(case: Case) -> None:
    grant_id = grant(case, Role.REPORT_AUTHOR)
    other = case.county.review(Stage.SCOPING)
    with pytest.raises(OutOfReach):
        extra_grant.end(other.reference, grant_id, by=case.county.coordinator, at=case.at)
    taken_back(case, grant_id)
    with pytest.raises(Over):
        taken_back(case, grant_id)


def test_whoever_records_it_cannot_read_it_back_and_the_page_shows_only_what_there_is(case: Case) -> None:
    child = note(case, kind="health", agency_id=case.county.agency("Police"))
    page = kept_apart_page.kept_apart_page(case.reference, by=case.county.coordinator, at=case.at)
    assert {line.kind for line in page.notes} == {rules.NOTE_KINDS["child"], rules.NOTE_KINDS["health"]}
    assert "younger boy" not in repr(page)
    assert not page.may_read
    with pytest.raises(NotAllowed):
        kept_apart_page.open_note(case.reference, child, by=proved(case.county.coordinator, case), at=case.at)


def test_opening_asks_for_a_proof_first_and_stands_in_the_trail(case: Case) -> None:
    chair, note_id = case.county.who(Role.INDEPENDENT_CHAIR), case.rows(SensitiveNote)[0].id
    before = len([one for one in case.rows(Event) if one.kind == Happened.OPENED])
    with pytest.raises(ProofNeeded):
        kept_apart_page.open_note(case.reference, note_id, by=chair, at=case.at)
    assert len([one for one in case.rows(Event) if one.kind == Happened.OPENED]) == before
    shown = kept_apart_page.open_note(case.reference, note_id, by=proved(chair, case), at=case.at)
    assert shown.entry.words == WORDS
    told = [one for one in case.rows(Event) if one.kind == Happened.OPENED and "sensitive" in str(one.details)]
    assert [one.recorded_by_id for one in told] == [chair.id]


def test_it_is_corrected_by_whoever_may_open_it_and_by_nobody_else(case: Case) -> None:
    row = case.rows(SensitiveNote)[0]
    better = NoteEntry("health", words="It was in April.")
    with pytest.raises(OpeningRefused):
        kept_apart.correct_note(
            case.reference, row.id, better, row.version, by=proved(case.county.coordinator, case), at=case.at
        )
    chair = proved(case.county.who(Role.INDEPENDENT_CHAIR), case)
    kept_apart.correct_note(case.reference, row.id, better, row.version, by=chair, at=case.at)
    assert words_through_the_keyring(case, chair) == "It was in April."
    with pytest.raises(Stale):
        kept_apart.correct_note(
            case.reference, row.id, NoteEntry("other", words="No."), row.version, by=chair, at=case.at
        )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": ""}, "kind"),
        ({"words": "  "}, "words"),
        ({"about": "person:nobody"}, "about"),
        ({"about": f"family:{UUID(int=9)}"}, "about"),
        ({"about": f"somebody:{UUID(int=9)}"}, "about"),
        ({"agency_id": UUID(int=9)}, "agency_id"),
    ],
)
def test_a_note_that_cannot_be_right_is_refused_beside_its_field(
    case: Case, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        note(case, **changes)
    assert set(refusal.value.fields) == {field}


def test_nobody_of_another_review_is_what_a_note_is_about(case: Case) -> None:
    other = case.county.review(Stage.SCOPING)
    relative = other.relative()
    with pytest.raises(Invalid):
        note(case, about=f"family:{relative}")
    note(other, about=f"family:{relative}")


def test_what_is_struck_out_stands_on_no_page_and_needs_no_right_to_be_read(case: Case) -> None:
    row = case.rows(SensitiveNote)[0]
    by = case.county.coordinator
    with pytest.raises(Invalid, match="Say why"):
        kept_apart.strike_out(case.reference, row.id, "", by=by, at=case.at)
    kept_apart.strike_out(case.reference, row.id, "mistake", by=by, at=case.wait(minutes=1))
    assert kept_apart_page.kept_apart_page(case.reference, by=by, at=case.at).notes == ()
    with pytest.raises(OutOfReach):
        kept_apart_page.open_note(
            case.reference, row.id, by=proved(case.county.who(Role.INDEPENDENT_CHAIR), case), at=case.at
        )
    with pytest.raises(OutOfReach):
        kept_apart.strike_out(case.reference, row.id, "mistake", by=by, at=case.at)


def test_nothing_is_added_to_a_closed_review(county: County) -> None:
    closed = county.review(Stage.CLOSED)
    with pytest.raises(NotYet):
        note(closed)
    with pytest.raises(NotYet):
        grant(closed, Role.COORDINATOR)


def test_a_relatives_contact_details_are_kept_apart_and_a_save_neither_needs_nor_loses_them(case: Case) -> None:
    by, member_id = case.county.coordinator, case.relative(contact_details=CONTACT)
    page = family.open_family(case.reference, by=by, at=case.at)
    (member,) = [one for one in page.members if one.id == member_id]
    assert (member.reached, member.entry.contact_details, page.may_reach) == (True, "", False)
    entry = replace(member.entry, wishes="Not on Mondays")
    family.correct_family_member(case.reference, member_id, entry, member.version, by=by, at=case.wait(minutes=1))
    chair = proved(case.county.who(Role.INDEPENDENT_CHAIR), case)
    opened = contacts_apart.open_contact(case.reference, member_id, by=chair, at=case.at)
    assert opened.contact_details == CONTACT
    with pytest.raises(NotAllowed):
        contacts_apart.open_contact(case.reference, member_id, by=proved(by, case), at=case.at)
    with pytest.raises(ProofNeeded):
        contacts_apart.open_contact(case.reference, member_id, by=replace(chair, proved_at=None), at=case.at)


def test_new_contact_details_take_the_place_of_what_was_kept_and_can_be_forgotten(case: Case) -> None:
    by, member_id = case.county.coordinator, case.relative(contact_details=CONTACT)
    chair = case.county.who(Role.INDEPENDENT_CHAIR)
    now = family.open_family_member(case.reference, member_id, by=by, at=case.at)
    entry = replace(now.entry, contact_details="By post")
    family.correct_family_member(case.reference, member_id, entry, now.version, by=by, at=case.wait(minutes=1))
    opened = contacts_apart.open_contact(case.reference, member_id, by=proved(chair, case), at=case.at)
    assert opened.contact_details == "By post"
    contacts_apart.forget_contact(case.reference, member_id, by=by, at=case.wait(minutes=1))
    with pytest.raises(OutOfReach):
        contacts_apart.open_contact(case.reference, member_id, by=proved(chair, case), at=case.at)
    with pytest.raises(OutOfReach):
        contacts_apart.forget_contact(case.reference, member_id, by=by, at=case.at)


def as_it_was_recorded_before(case: Case, member_id: UUID) -> None:
    """Put a relative's contact details where this program put them before it kept them apart."""
    with case.county.house.transaction(by=case.county.coordinator, at=case.at) as session:
        session.lock(case.row.id)
        row = session.get_one(FamilyMember, member_id)
        row.contact_before = CONTACT
        assert row.contact_apart_ct is None


def test_what_was_recorded_before_is_moved_under_the_other_key_and_nothing_is_lost(case: Case) -> None:
    members = [case.relative(), case.relative(full_name="Olive Prettyman")]
    for member_id in members:
        as_it_was_recorded_before(case, member_id)
    house = case.county.house
    assert contacts_apart.keep_apart(house, at=case.wait(minutes=1)).done == 2
    assert contacts_apart.keep_apart(house, at=case.at) == contacts_apart.Moved(0, 0)
    chair = proved(case.county.who(Role.INDEPENDENT_CHAIR), case)
    for member_id in members:
        assert contacts_apart.open_contact(case.reference, member_id, by=chair, at=case.at).contact_details == CONTACT
    assert all(row.contact_details_ct is None for row in case.rows(FamilyMember))
    assert Happened.CONTACTS_KEPT_APART in case.happened()


def test_what_somebody_wrote_since_is_not_overwritten_by_what_was_there_before(case: Case) -> None:
    member_id = case.relative()
    as_it_was_recorded_before(case, member_id)
    now = family.open_family_member(case.reference, member_id, by=case.county.coordinator, at=case.at)
    assert now.reached
    family.correct_family_member(
        case.reference, member_id, replace(now.entry, contact_details="By post"), now.version,
        by=case.county.coordinator, at=case.wait(minutes=1),
    )  # fmt: skip
    contacts_apart.keep_apart(case.county.house, at=case.at)
    chair = proved(case.county.who(Role.INDEPENDENT_CHAIR), case)
    assert contacts_apart.open_contact(case.reference, member_id, by=chair, at=case.at).contact_details == "By post"


def test_neither_timeline_nor_trail_nor_search_holds_a_word_of_it(case: Case) -> None:
    case.relative(contact_details=CONTACT)
    by = case.county.coordinator
    told = timeline_page(case.reference, by=by, at=case.at)
    with case.county.house.reading() as session:
        bodies = b" ".join(session.scalars(select(AuditEntry.body).order_by(AuditEntry.chain, AuditEntry.seq)))
    for words in ("younger boy", "960456"):
        assert words not in repr(told)
        assert words.encode() not in bodies
    assert search("960456", by=by, at=case.at).hits == 0


def test_the_family_members_own_key_and_the_class_seal_what_is_kept_apart() -> None:
    attribute = sealed_on(FamilyMember)["contact_details"]
    assert (attribute.data_class, attribute.subject, attribute.handed_in) == (DataClass.SENSITIVE, "id", True)
    words = sealed_on(SensitiveNote)["words"]
    assert (words.data_class, words.pad) == (DataClass.SENSITIVE, 256)
    assert FamilyMemberEntry().contact_details == ""
