"""A person is looked for in the reviews that one may open, and in no other; the trail knows before and after."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from dhr_app.casework import family, people
from dhr_app.casework.family import FamilyMemberEntry
from dhr_app.casework.notification import NotificationEntry, notify
from dhr_app.casework.people import PersonEntry
from dhr_app.casework.search import MOST, Hit, SearchResult, search
from dhr_app.database.errors import DatabaseUnavailable, OpeningRefused, SealError, Unannounced
from dhr_app.database.models import Event, FamilyMember, InvolvedPerson
from dhr_app.database.models.audit import AuditEntry
from dhr_app.database.scanning import Scanner
from dhr_app.workflows.errors import Invalid, NotAllowed
from dhr_app.workflows.name_search import How
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.factories import NOW
from tests.queries import asked_by
from tests.reviews import Case, County

OTHERS = (
    PersonEntry(part="victim", full_name="Zoë O’Brien", other_names="Zoe Quiverful", born_on="1980-06-03"),
    PersonEntry(part="perpetrator", full_name="William Slope", address="14, High Street, Barchester BA1 2CD"),
)


def begin(county: County, *entries: PersonEntry, **notified: Any) -> Case:
    """A review whose first victim is the first of these; the others are added."""
    known = NotificationEntry(lead_partnership_id=county.agency("Barsetshire CSP"), **notified)
    case = Case(county, notify(known, entries[:1], "dhr-2016", by=county.coordinator, at=NOW), NOW)
    for entry in entries[1:]:
        people.add_person(case.reference, entry, by=county.coordinator, at=case.wait(minutes=1))
    return case


@pytest.fixture
def case(bare_county: County) -> Case:
    """One review in a county without any other."""
    return begin(bare_county, *OTHERS, crime_number="BS/2026/00417")


def at_the_panel(county: County) -> Case:
    """A review that has come to its panel, from when on a chair’s seat opens it."""
    case = county.review(Stage.PANEL)
    people.add_person(case.reference, OTHERS[1], by=county.coordinator, at=case.wait(minutes=1))
    return case


def look_for(looked_for: str, by: Person) -> SearchResult:
    return search(looked_for, by=by, at=NOW)


def hits(looked_for: str, by: Person) -> list[Hit]:
    return [hit for review in look_for(looked_for, by).reviews for hit in review.hits]


@contextmanager
def counted_unwraps(county: County, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[UUID]]:
    """The reviews of which a key is unwrapped."""
    seen: list[UUID] = []
    keystore = county.house.database.keystore
    unwrapped = keystore.unwrapped

    def noting(domain: Any, generation: int, row: Any) -> Any:
        seen.append(domain.review_id)
        return unwrapped(domain, generation, row)

    with monkeypatch.context() as patch:
        patch.setattr(keystore, "unwrapped", noting)
        yield seen


@pytest.mark.parametrize(
    ("looked_for", "label", "why"),
    [
        ("zoe obrien",    "Victim 1",              ("name", How.EXACT)),
        ("OBR",           "Victim 1",              ("name", How.BEGINS)),
        ("Quiverful",     "Victim 1",              ("other_names", How.EXACT)),
        ("Bill Slope",    "Alleged perpetrator 1", ("name", How.FAMILIAR)),
        ("Slowp",         "Alleged perpetrator 1", ("name", How.SOUNDS)),
        ("3 June 1980",   "Victim 1",              ("born_on", How.BORN)),
        ("ba12cd",        "Alleged perpetrator 1", ("address", How.ADDRESS)),
        ("High Street",   "Alleged perpetrator 1", ("address", How.ADDRESS)),
        ("bs 2026 00417", "Notification",          ("crime_number", How.NUMBER)),
    ],
)  # fmt: skip
def test_somebody_is_found_and_why(case: Case, looked_for: str, label: str, why: tuple[str, How]) -> None:
    (hit,) = hits(looked_for, case.county.coordinator)
    assert (hit.label, hit.why) == (label, (why,))


def test_what_is_found_leads_to_where_it_stands(case: Case) -> None:
    (hit,) = hits("Slope", case.county.coordinator)
    page = people.open_people(case.reference, by=case.county.coordinator, at=NOW)
    assert (hit.page, hit.anchor, hit.name) == ("people", f"person-{page.people[1].id}", "William Slope")
    (found,) = look_for("Slope", case.county.coordinator).reviews
    assert (found.reference, found.stage) == (case.reference, Stage.NOTIFICATION)


def test_the_surest_come_first(bare_county: County) -> None:
    alike = begin(bare_county, PersonEntry(full_name="Jane Smythe"))
    same = begin(bare_county, PersonEntry(full_name="Jane Smith"))
    begun = begin(bare_county, PersonEntry(full_name="Janet Smithson"))
    found = look_for("Jane Smith", bare_county.coordinator)
    assert [one.reference for one in found.reviews] == [same.reference, begun.reference, alike.reference]


def test_a_convicted_perpetrator_is_called_so(bare_county: County) -> None:
    begin(bare_county, *OTHERS, criminal_state="convicted")
    (hit,) = hits("Slope", bare_county.coordinator)
    assert hit.label == "Perpetrator 1"


def test_family_is_found_only_by_whoever_may_open_it(case: Case) -> None:
    county = case.county
    entry = FamilyMemberEntry(full_name="Eleanor Harding", contact_details="The Close, Barchester, 01632 960123")
    family.add_family_member(case.reference, entry, by=county.coordinator, at=NOW)
    (hit,) = hits("Eleanor", county.coordinator)
    assert (hit.page, hit.anchor, hit.label) == ("family", "member-1", "Family member 1")
    assert hits("01632960123", county.coordinator) == []  # how to reach them is kept apart
    assert hits("Eleanor", county.chair) == []
    assert hits("Slope", county.chair) != []


def test_a_chair_finds_nobody_in_reviews_they_do_not_sit_on_and_no_key_of_these_is_unwrapped(
    bare_county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs, another = at_the_panel(bare_county), at_the_panel(bare_county)
    chair = theirs.seat(Role.INDEPENDENT_CHAIR)
    with counted_unwraps(bare_county, monkeypatch) as unwrapped:
        found = search("Slope", by=chair, at=theirs.at)
    assert [one.reference for one in found.reviews] == [theirs.reference]
    assert found.searched == 1
    assert set(unwrapped) == {theirs.row.id}
    assert another.row.id not in unwrapped


def test_a_review_that_is_barred_to_somebody_is_not_looked_through(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    barred = replace(case.county.coordinator, conflicts=frozenset({case.row.id}))
    with counted_unwraps(case.county, monkeypatch) as unwrapped:
        assert look_for("Slope", barred) == SearchResult((), 0, 0, 0, ())
    assert unwrapped == []


def test_a_seat_that_ended_yesterday_finds_nothing(bare_county: County) -> None:
    case = at_the_panel(bare_county)
    chair = case.seat(Role.INDEPENDENT_CHAIR)
    ended = replace(chair, memberships=tuple(replace(seat, to_on=case.today) for seat in chair.memberships))
    case.wait(days=1)
    assert search("Slope", by=ended, at=case.at).searched == 0
    assert search("Slope", by=chair, at=case.at).hits == 1


@pytest.mark.parametrize("role", [Role.PANEL_MEMBER, Role.AGENCY_CONTRIBUTOR, Role.AUDITOR, Role.ADMINISTRATOR,
                                  Role.STEERING_MEMBER])  # fmt: skip
def test_others_may_not_search(case: Case, role: Role) -> None:
    with pytest.raises(NotAllowed):
        look_for("Slope", case.county.who(role))


@pytest.mark.parametrize("looked_for", ["", "  ", "…", "a", "x" * 101])
def test_what_cannot_be_looked_for_is_said_and_nothing_is_opened(case: Case, looked_for: str) -> None:
    before = entries(case.county)
    with pytest.raises(Invalid) as refusal:
        look_for(looked_for, case.county.coordinator)
    assert set(refusal.value.fields) == {"looked_for"}
    assert entries(case.county) == before


def test_somebody_entered_by_mistake_is_not_found(case: Case) -> None:
    (hit,) = hits("Slope", case.county.coordinator)
    row_id = UUID(hit.anchor.removeprefix("person-"))
    people.remove_person(case.reference, row_id, by=case.county.coordinator, at=NOW)
    assert hits("Slope", case.county.coordinator) == []


# --- What the trail is told -------------------------------------------------------------------------------------------


def entries(county: County) -> int:
    with county.house.reading() as session:
        return len(session.scalars(select(AuditEntry.seq)).all())


def told(county: County, kind: str) -> list[Event]:
    with county.house.reading() as session:
        rows = select(Event).where(Event.kind == kind).order_by(Event.recorded_at, Event.ordinal)
        return list(session.scalars(rows))


def test_the_trail_tells_the_classes_before_and_the_count_after_and_never_what_was_looked_for(case: Case) -> None:
    coordinator = case.county.coordinator
    look_for("Slope", coordinator)
    (opened,) = [one for one in told(case.county, "opened") if one.review_id is None]
    (searched,) = told(case.county, "searched")
    assert opened.details == {"classes": ["family", "identities"], "reviews": 1}
    assert searched.details == {"hits": 1, "reviews": 1}
    assert {opened.recorded_by_name, searched.recorded_by_name} == {coordinator.name}
    with case.county.house.reading() as session:
        bodies = b"".join(session.scalars(select(AuditEntry.body)))
    assert b"Slope" not in bodies
    assert b"slope" not in bodies


def test_a_review_of_which_somebody_is_shown_tells_it_in_its_own_trail_and_no_other_does(bare_county: County) -> None:
    shown, other = begin(bare_county, *OTHERS), begin(bare_county, PersonEntry(full_name="Ada Harding"))
    look_for("Slope", bare_county.coordinator)
    opened = [one for one in told(bare_county, "opened") if one.review_id is not None]
    assert [(one.review_id, one.details) for one in opened] == [(shown.row.id, {"classes": ["identities"]})]
    assert other.row.id not in {one.review_id for one in opened}


def test_nothing_is_opened_where_the_trail_cannot_be_told(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*args: Any, **more: Any) -> None:
        raise DatabaseUnavailable

    monkeypatch.setattr(case.county.house.database, "record_access", gone)
    coordinator = case.county.coordinator
    with counted_unwraps(case.county, monkeypatch) as unwrapped, pytest.raises(DatabaseUnavailable):
        look_for("Slope", coordinator)
    assert unwrapped == []


def test_nothing_is_shown_where_the_trail_cannot_be_told_afterwards(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*args: Any, **more: Any) -> None:
        raise DatabaseUnavailable

    monkeypatch.setattr("dhr_app.casework.search.record", gone)
    with pytest.raises(DatabaseUnavailable):
        look_for("Slope", case.county.coordinator)


# --- Much, and what cannot be read ------------------------------------------------------------------------------------


def test_the_number_of_questions_does_not_grow_with_the_reviews_looked_through(bare_county: County) -> None:
    begin(bare_county, *OTHERS)
    coordinator = bare_county.coordinator
    few = asked_by(bare_county.house, lambda: look_for("Nobody", coordinator))
    for _ in range(5):
        begin(bare_county, *OTHERS)
    many = asked_by(bare_county.house, lambda: look_for("Nobody", coordinator))
    assert many == few


def test_more_reviews_than_are_shown_are_counted(bare_county: County) -> None:
    for _ in range(MOST + 2):
        begin(bare_county, PersonEntry(full_name="Ada Harding"))
    found = look_for("Harding", bare_county.coordinator)
    assert (len(found.reviews), found.more, found.hits) == (MOST, 2, MOST + 2)
    shown = [one for one in told(bare_county, "opened") if one.review_id is not None]
    assert len(shown) == MOST


def test_whoever_is_shown_more_reviews_within_an_hour_than_work_asks_for_is_noticed(bare_county: County) -> None:
    for number in range(MOST):
        begin(bare_county, PersonEntry(full_name=f"Ada Harding {number}"))
    begin(bare_county, *OTHERS)
    look_for("Harding", bare_county.coordinator)
    assert told(bare_county, "many_reviews_opened") == []
    look_for("Slope", bare_county.coordinator)
    (noticed,) = told(bare_county, "many_reviews_opened")
    assert noticed.details == {"reviews": MOST + 1}


def test_a_record_that_cannot_be_read_is_named_by_its_review_and_the_rest_is_found(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoilt = begin(case.county, PersonEntry(full_name="Ada Slope"))
    review_id = spoilt.row.id
    keystore = case.county.house.database.keystore
    for domain in keystore.domains():
        if domain.review_id == review_id:
            keystore.retire(domain, 1, at=NOW)
    found = look_for("Slope", case.county.coordinator)
    assert [one.reference for one in found.reviews] == [case.reference]
    assert found.unreadable == (spoilt.reference,)


def test_a_review_whose_key_was_destroyed_is_not_said_to_be_unreadable(case: Case) -> None:
    gone = begin(case.county, PersonEntry(full_name="Ada Slope"))
    review_id = gone.row.id
    keystore = case.county.house.database.keystore
    for domain in keystore.domains():
        if domain.review_id == review_id:
            keystore.destroy(domain, at=NOW)
    found = look_for("Slope", case.county.coordinator)
    assert [one.reference for one in found.reviews] == [case.reference]
    assert found.unreadable == ()


def test_a_county_without_reviews_finds_nobody_and_the_trail_tells_that_somebody_looked(bare_county: County) -> None:
    assert look_for("Slope", bare_county.coordinator) == SearchResult((), 0, 0, 0, ())
    (searched,) = told(bare_county, "searched")
    assert searched.details == {"hits": 0, "reviews": 0}
    assert searched.recorded_by_name == bare_county.coordinator.name
    assert told(bare_county, "opened") == []


# --- The gate beneath -------------------------------------------------------------------------------------------------


def test_many_rows_are_opened_only_of_reviews_that_were_announced(case: Case) -> None:
    (row,) = [one for one in case.rows(InvolvedPerson) if one.part == "perpetrator"]
    keyring = case.county.house.keyring(case.county.coordinator, at=NOW)
    with pytest.raises(Unannounced):
        Scanner(InvolvedPerson, "full_name", keyring).open(row.id, row.review_id, row.full_name_ct)
    keyring.announce_search({"identities": [row.review_id]}, at=NOW)
    scanner = Scanner(InvolvedPerson, "full_name", keyring)
    assert scanner.open(row.id, row.review_id, row.full_name_ct) == "William Slope"
    with pytest.raises(SealError):
        scanner.open(case.row.id, row.review_id, row.full_name_ct)
    with pytest.raises(Unannounced):
        Scanner(FamilyMember, "full_name", keyring).open(row.id, row.review_id, row.full_name_ct)


def test_a_review_that_the_policy_bars_cannot_be_announced_among_others(case: Case) -> None:
    other = begin(case.county, PersonEntry(full_name="Ada Harding"))
    barred = replace(case.county.coordinator, conflicts=frozenset({case.row.id}))
    keyring = case.county.house.keyring(barred, at=NOW)
    before = entries(case.county)
    with pytest.raises(OpeningRefused):
        keyring.announce_search({"identities": [other.row.id, case.row.id]}, at=NOW)
    assert entries(case.county) == before


def test_a_verb_tells_each_cell_it_opens_so_many_rows_are_not_opened_in_one(case: Case) -> None:
    coordinator = case.county.coordinator
    keyring = case.county.house.keyring(coordinator, at=NOW)
    with case.county.house.transaction(by=coordinator, at=NOW), pytest.raises(Unannounced):
        Scanner(InvolvedPerson, "full_name", keyring)
