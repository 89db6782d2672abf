"""Records are destroyed by two people after a notice, completely, and whatever breaks off is carried on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, select

from dhr_app.casework.checkpoints import key_path
from dhr_app.casework.closing import RetentionEntry, closing_page, set_retention
from dhr_app.casework.destroying import Unfinished, carry_on
from dhr_app.casework.disposal import ANOTHER, confirm, second
from dhr_app.casework.disposal_notice import give_notice, give_notices, stop
from dhr_app.casework.dispose_command import NotReady, dispose
from dhr_app.casework.move import MoveEntry, make_move
from dhr_app.casework.people import open_people
from dhr_app.casework.records_page import records_page
from dhr_app.casework.tombstones import must_be_applied, read_tombstones
from dhr_app.casework.trail_proof import broken_places, payloads_broken
from dhr_app.database.errors import KeyDestroyed, ValueDestroyed
from dhr_app.database.keystore import Domain
from dhr_app.database.keytable import of, review_key
from dhr_app.database.models import Disposal, DisposalPart, FamilyMember, InvolvedPerson
from dhr_app.database.models.audit import AuditEntry, AuditPayload, AuditSalt
from dhr_app.workflows.errors import Invalid, NotAllowed, NotYet, OutOfReach, Over
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import DataClass
from dhr_app.workflows.retention import RECORDS
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.disposals import POLICY, begun, deputy, disposed, last_day_over, noticed
from tests.reviews import Case, County

STEPS = ["keys", "tombstones", "files", "records", "checkpoint"]


class KilledError(Exception):
    """Whoever was at work is gone."""


def reasons(refusal: pytest.ExceptionInfo[NotYet]) -> list[str]:
    return [reason.condition for reason in refusal.value.reasons]


def states(case: Case) -> dict[str, set[str]]:
    """The states of the keys of each record class of the review."""
    found: dict[str, set[str]] = {}
    for domain, kept in case.county.house.database.keystore.domains().items():
        if domain.review_id == case.row.id:
            found.setdefault(domain.record_class, set()).update(kept)
    return found


def count(case: Case, model: Any) -> int:
    """How many rows of the trail’s own tables the review’s chain has."""
    with case.county.house.reading() as session:
        return session.scalar(select(func.count()).select_from(model).where(model.chain == case.row.id)) or 0


def the_end(case: Case) -> dict[str, Any]:
    """Everything that a disposal leaves behind, without moments and hashes."""
    return {
        "keys": states(case),
        "parts": [(one.record_class, one.cells, one.files, bool(one.tombstone)) for one in case.rows(DisposalPart)],
        "tombstones": len(read_tombstones(case.county.house.settings)),
        "kept": (count(case, AuditPayload), count(case, AuditSalt)),
        "events": [event.kind for event in case.events() if event.kind.startswith("disposal")],
        "done": [row.done_at is not None for row in case.rows(Disposal)],
    }


def test_a_whole_review_is_destroyed_and_the_trail_holds(county: County) -> None:
    case = county.review(Stage.CLOSED)
    disposed(case)
    end = the_end(case)
    assert {frozenset(kept) for kept in end["keys"].values()} == {frozenset({"destroyed"})}
    assert end["kept"] == (0, 0)
    assert end["events"] == [
        Happened.DISPOSAL_NOTICED, Happened.DISPOSAL_CONFIRMED, Happened.DISPOSAL_BEGUN, Happened.DISPOSAL_DONE,
    ]  # fmt: skip
    assert all(cells > 0 and buried for _, cells, _, buried in end["parts"])
    assert end["tombstones"] == len(end["parts"])
    assert broken_places(county.house, deep=True) == ()
    assert payloads_broken(county.house, case.reference, at=case.wait(minutes=1)) == ()


def test_the_event_that_begins_it_tells_counts_and_the_last_hash_before(county: County) -> None:
    case = county.review(Stage.CLOSED)
    number = noticed(last_day_over(case))
    confirm(case.reference, number, by=deputy(case), at=case.wait(minutes=1))
    with county.house.reading() as session:
        hashes = select(AuditEntry.hash).where(AuditEntry.chain == case.row.id).order_by(AuditEntry.seq.desc())
        last = session.scalars(hashes.limit(1)).one()
    second(case.reference, number, case.reference, by=county.coordinator, at=case.wait(minutes=1))
    (event,) = [event for event in case.events() if event.kind == Happened.DISPOSAL_BEGUN]
    assert event.details["last_hash"] == last.hex()
    assert event.details["classes"] == [each.value for each in RECORDS]
    assert event.details["cells"] == sum(part.cells for part in case.rows(DisposalPart)) > 0


def test_one_class_ends_on_its_own_day_and_the_rest_is_read_as_before(county: County) -> None:
    case = county.review(Stage.CLOSED)
    disposed(case, "working_papers")
    kept = states(case)
    assert kept.pop("working_papers") == {"destroyed"}
    assert all(each == {"active"} for each in kept.values())
    page = open_people(case.reference, by=county.coordinator, at=case.wait(minutes=1))
    assert page.people[0].entry.full_name == "Ada Harding"
    assert count(case, AuditSalt) > 0
    assert broken_places(county.house, deep=True) == ()
    disposed_again = begun(case)
    carry_on(county.house, disposed_again, at=case.wait(minutes=1))
    assert {frozenset(each) for each in states(case).values()} == {frozenset({"destroyed"})}
    assert count(case, AuditSalt) == 0
    assert broken_places(county.house, deep=True) == ()


@pytest.mark.parametrize("killed", range(len(STEPS)), ids=STEPS)
def test_whoever_is_killed_after_a_step_the_end_is_the_same(county: County, killed: int) -> None:
    case = county.review(Stage.CLOSED)
    disposal_id, done = begun(case), []

    def until(step: str) -> None:
        done.append(step)
        if len(done) > killed:
            raise KilledError

    with pytest.raises(KilledError):
        carry_on(county.house, disposal_id, at=case.wait(minutes=1), say=until)
    assert done == STEPS[: killed + 1]
    assert broken_places(county.house, deep=True) == ()
    said: list[str] = []
    dispose(county.house, case.reference, (), at=case.wait(minutes=1), say=said.append)
    assert said == (STEPS if killed < STEPS.index("records") else ["checkpoint"])
    end = the_end(case)
    assert {frozenset(kept) for kept in end["keys"].values()} == {frozenset({"destroyed"})}
    assert (end["kept"], end["done"], end["tombstones"]) == ((0, 0), [True], len(end["parts"]))
    assert end["events"][-2:] == [Happened.DISPOSAL_BEGUN, Happened.DISPOSAL_DONE]
    assert payloads_broken(county.house, case.reference, at=case.wait(minutes=1)) == ()


def test_what_is_out_of_reach_is_said_and_the_command_finishes_it(county: County) -> None:
    case = county.review(Stage.CLOSED)
    disposal_id = begun(case)
    folder = county.house.settings.instance / "tombstones"
    folder.mkdir(exist_ok=True)
    (folder / "tombstones.log").mkdir()  # nobody can write a line into a folder
    with pytest.raises(Unfinished, match=f"dhr dispose {case.reference}"):
        carry_on(county.house, disposal_id, at=case.wait(minutes=1))
    (folder / "tombstones.log").rmdir()
    dispose(county.house, case.reference, (), at=case.wait(minutes=1), say=lambda step: None)
    assert the_end(case)["done"] == [True]


def test_nothing_is_destroyed_of_a_review_that_goes_on_or_has_no_day_or_whose_day_has_not_come(county: County) -> None:
    open_one, by = county.review(Stage.PANEL), county.coordinator
    for case, reason in ((open_one, "closed"), (county.review(Stage.VOID), "closed")):
        with pytest.raises(NotYet) as refusal:
            give_notice(case.reference, by=by, at=case.at)
        assert reasons(refusal) == [reason]
    closed = county.review(Stage.CLOSED)
    version = closing_page(closed.reference, by=by, at=closed.at).version
    with pytest.raises(NotYet) as refusal:
        give_notice(closed.reference, by=by, at=closed.at)
    assert reasons(refusal) == (["due"] if version else ["keep_until"])
    last_day_over(closed)
    with pytest.raises(Invalid):
        give_notice(closed.reference, ["everything"], by=by, at=closed.at)
    assert give_notice(closed.reference, by=by, at=closed.at) == 1
    with pytest.raises(NotYet) as refusal:
        give_notice(closed.reference, by=by, at=closed.at)
    assert reasons(refusal) == ["one_at_a_time"]


def test_the_last_day_itself_is_still_one_on_which_they_are_kept(county: County) -> None:
    case = last_day_over(county.review(Stage.CLOSED))
    case.at -= timedelta(days=1)
    with pytest.raises(NotYet):
        give_notice(case.reference, by=county.coordinator, at=case.at)


def test_a_notice_runs_for_28_days_and_says_until_when(county: County) -> None:
    case = last_day_over(county.review(Stage.CLOSED))
    number = give_notice(case.reference, by=county.coordinator, at=case.at)
    case.wait(days=27)
    with pytest.raises(NotYet) as refusal:
        confirm(case.reference, number, by=county.chair, at=case.at)
    (reason,) = refusal.value.reasons
    assert reason.sentence.startswith("The notice runs until ")
    case.wait(days=1)
    confirm(case.reference, number, by=county.chair, at=case.at)


def test_the_two_people_are_two_and_each_is_one_who_may(county: County) -> None:
    case = last_day_over(county.review(Stage.CLOSED))
    number, reference = noticed(case), case.reference
    with pytest.raises(NotYet) as refusal:
        second(reference, number, reference, by=county.coordinator, at=case.at)
    assert reasons(refusal) == ["confirmed"]
    for who in (Role.COORDINATOR, Role.STEERING_MEMBER, Role.AUDITOR):
        with pytest.raises(NotAllowed):
            confirm(reference, number, by=county.who(who), at=case.at)
    for who in (Role.AGENCY_CONTRIBUTOR, Role.PANEL_MEMBER, Role.ADMINISTRATOR, Role.INDEPENDENT_CHAIR):
        with pytest.raises(OutOfReach):
            confirm(reference, number, by=county.who(who), at=case.at)
    confirm(reference, number, by=county.chair, at=case.at)
    with pytest.raises(NotYet):
        confirm(reference, number, by=deputy(case), at=case.at)
    with pytest.raises(NotAllowed) as again:
        second(reference, number, reference, by=county.chair, at=case.at)
    assert again.value.sentence == ANOTHER
    with pytest.raises(Invalid) as typed:
        second(reference, number, "DHR-2020-001", by=county.coordinator, at=case.at)
    assert set(typed.value.fields) == {"typed"}
    for who in (Role.STEERING_MEMBER, Role.AUDITOR):
        with pytest.raises(NotAllowed):
            second(reference, number, reference, by=county.who(who), at=case.at)
    with pytest.raises(OutOfReach):
        second(reference, number + 1, reference, by=county.coordinator, at=case.at)
    assert {frozenset(kept) for kept in states(case).values()} == {frozenset({"active"})}
    second(reference, number, f" {reference.lower()} ", by=county.coordinator, at=case.at)


def test_a_first_confirmation_counts_for_28_days_and_is_then_asked_anew(county: County) -> None:
    case = last_day_over(county.review(Stage.CLOSED))
    number, reference = noticed(case), case.reference
    confirm(reference, number, by=deputy(case), at=case.at)
    case.wait(days=28)
    with pytest.raises(NotYet):
        confirm(reference, number, by=county.chair, at=case.at)
    case.wait(days=1)
    with pytest.raises(NotYet) as late:
        second(reference, number, reference, by=county.coordinator, at=case.at)
    assert reasons(late) == ["confirmed"]
    shown = records_page(reference, by=deputy(case), at=case.at)
    assert shown.running is not None
    assert (shown.running.first, shown.running.first_on, shown.confirmed_it) == ("", None, False)
    confirm(reference, number, by=deputy(case), at=case.at)
    second(reference, number, reference, by=county.coordinator, at=case.wait(days=28))
    shown = records_page(reference, by=deputy(case), at=case.wait(days=60))
    assert shown.running is not None  # begun: it stays told who confirmed it
    assert shown.running.first


def test_another_day_or_a_reopening_ends_the_notice_and_a_disposed_review_is_not_reopened(county: County) -> None:
    case = last_day_over(county.review(Stage.CLOSED))
    noticed(case)
    version = closing_page(case.reference, by=county.coordinator, at=case.at).version
    later = RetentionEntry(case.today + timedelta(days=400), POLICY)
    set_retention(case.reference, later, version, by=county.coordinator, at=case.wait(minutes=1))
    (row,) = case.rows(Disposal)
    assert row.stopped_because == "retention_changed"
    assert case.events()[-2].kind in (Happened.DISPOSAL_STOPPED, Happened.RETENTION_CHANGED)
    disposed(case)
    entry = MoveEntry("the chair", case.today, "minute", "A new witness", target=Stage.SEMINAR)
    with pytest.raises(NotYet) as refusal:
        make_move(case.reference, "reopen", entry, by=county.chair, at=case.wait(minutes=1))
    assert reasons(refusal) == ["gone"]


def test_a_notice_can_be_ended_by_somebody(county: County) -> None:
    case = last_day_over(county.review(Stage.CLOSED))
    number = noticed(case)
    with pytest.raises(Invalid):
        stop(case.reference, number, "held", by=county.coordinator, at=case.at)
    stop(case.reference, number, "still_needed", by=county.coordinator, at=case.at)
    with pytest.raises(Over, match=r"was ended on .*Nothing was destroyed"):
        confirm(case.reference, number, by=county.chair, at=case.at)


def test_the_clockwork_gives_notice_once_of_what_is_due(county: County) -> None:
    case = last_day_over(county.review(Stage.CLOSED))
    assert give_notices(county.house, at=case.at) == [case.reference]
    assert give_notices(county.house, at=case.at) == []
    (row,) = case.rows(Disposal)
    assert (row.notice_by_id, row.notice_by_name) == (None, "notice of disposal")


def test_a_destroyed_domain_seals_nothing_new_and_a_verb_is_told_so(county: County) -> None:
    case = county.review(Stage.CLOSED)
    disposed(case)
    house, by = county.house, county.coordinator
    domain = Domain(case.row.id, DataClass.IDENTITIES.value)
    with pytest.raises(KeyDestroyed):
        house.database.keystore.sealing_key(domain, at=case.at)
    (person,) = case.rows(InvolvedPerson)
    with house.transaction(by=by, at=case.wait(minutes=1)) as session:
        row = session.get_one(InvolvedPerson, person.id)
        with pytest.raises(ValueDestroyed):
            row.full_name = "Somebody else"


def test_nothing_is_added_where_there_was_nothing_when_the_records_were_destroyed(county: County) -> None:
    """A relative who was not on record has a key of their own, which nobody destroyed."""
    case = county.review(Stage.CLOSED)
    disposed(case)
    house, review_id = county.house, case.row.id
    with pytest.raises(KeyDestroyed), house.transaction(by=county.coordinator, at=case.at) as session:
        session.add(FamilyMember(review_id=review_id, number=1, full_name="Septimus Harding"))
    assert case.rows(FamilyMember) == []
    with pytest.raises(NotYet) as refusal:
        give_notice(case.reference, by=county.coordinator, at=case.at)
    assert reasons(refusal) == ["gone"]


@pytest.mark.parametrize(
    ("prepare", "sentence"),
    [
        (lambda case: None, "until which the records are kept|not due"),
        (last_day_over, "No notice was given"),
        (lambda case: give_notice(last_day_over(case).reference, by=case.county.coordinator, at=case.at), "runs until"),
        (lambda case: noticed(last_day_over(case)), "has not confirmed it in the last four weeks"),
    ],
)
def test_the_command_says_what_is_missing(county: County, prepare: Any, sentence: str) -> None:
    case = county.review(Stage.CLOSED)
    prepare(case)
    with pytest.raises(NotReady, match=sentence):
        dispose(county.house, case.reference, (), at=case.at, say=lambda step: None)


def test_the_command_takes_only_the_classes_that_two_people_confirmed(county: County) -> None:
    case = county.review(Stage.CLOSED)
    begun(case, "working_papers")
    with pytest.raises(NotReady, match="working_papers"):
        dispose(county.house, case.reference, ["identities"], at=case.at, say=lambda step: None)
    dispose(county.house, case.reference, ["working_papers"], at=case.at, say=lambda step: None)
    assert [each for each, kept in states(case).items() if kept == {"destroyed"}] == ["working_papers"]
    with pytest.raises(OutOfReach):
        dispose(county.house, "DHR-2020-999", (), at=case.at, say=lambda step: None)


def test_nothing_is_destroyed_that_could_not_be_written_down_outside_the_databases(county: County) -> None:
    case = last_day_over(county.review(Stage.CLOSED))
    number = noticed(case)
    confirm(case.reference, number, by=deputy(case), at=case.wait(minutes=1))
    key_path(county.house.settings).write_text("not a key")
    with pytest.raises(NotYet) as refusal:
        second(case.reference, number, case.reference, by=county.coordinator, at=case.wait(minutes=1))
    assert reasons(refusal) == ["tombstone"]
    assert all(row.begun_at is None for row in case.rows(Disposal))


def test_a_domain_of_which_the_keystore_lost_its_row_does_not_keep_the_next_start_from_opening(county: County) -> None:
    case = county.review(Stage.CLOSED)
    lost = Domain(case.row.id, DataClass.IDENTITIES.value)
    with county.house.database.keystore.work() as keystore:
        keystore.execute(delete(review_key).where(of(lost)))
    disposed(case)
    assert county.house.database.keystore.domains()[lost] == {"destroyed"}
    assert len(must_be_applied(county.house)) == len(case.rows(DisposalPart))
