"""Drafts: handed in by version, sealed, shared with the panel, taken out to read; and whoever may do none of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest

from dhr_app.casework import draft, draft_forms, draft_names, draft_page, file_kinds, files, incoming
from dhr_app.casework.draft import DraftEntry
from dhr_app.casework.house import at_work
from dhr_app.database import migrations
from dhr_app.database.engine import main_engine
from dhr_app.database.errors import DatabaseUnavailable, FileUnreadable
from dhr_app.database.models import Draft, Event
from dhr_app.database.sealed_file import CannotOpenFile
from dhr_app.workflows.errors import Invalid, NotAllowed, NotYet, OutOfReach
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests import documents, drafts
from tests.disposals import destroyed_outright
from tests.drafts import FullStore, hand_in, read, version
from tests.queries import asked_by
from tests.reviews import Case, County, row_counts

CHAIR, AUTHOR, MEMBER = Role.INDEPENDENT_CHAIR, Role.REPORT_AUTHOR, Role.PANEL_MEMBER


@pytest.fixture
def case(county: County) -> Case:
    """A review whose panel is at work."""
    return county.review(Stage.PANEL, seats=True)


@pytest.fixture
def chair(case: Case) -> Person:
    return case.county.who(CHAIR)


def page(case: Case, by: Person) -> draft_page.DraftsPage:
    return draft_page.drafts_page(case.reference, by=by, at=case.wait(minutes=1))


def opened(case: Case) -> int:
    return sum(row.kind == "opened" for row in case.rows(Event))


def stored(case: Case) -> list[UUID]:
    return [UUID(each.name) for each in case.county.house.store.objects()]


# --- Handing in -------------------------------------------------------------------------------------------------------


def test_a_version_is_kept_sealed_and_read_again_byte_for_byte(case: Case, chair: Person) -> None:
    data = documents.word("The canary of Barchester sang.", stored=b"canary of Barchester" * 9000)
    assert hand_in(case, chair, data=data, note="First thoughts on chapter three") == 1
    row = version(case, 1)
    assert (row.media, row.size, row.shared_at, stored(case)) == ("docx", len(data), None, [row.id])
    assert read(case, 1, chair) == data
    lying = [path for path in case.county.house.settings.instance.rglob("*") if path.is_file()]
    for clear in (b"canary of Barchester", b"chapter three", b"report.docx"):
        assert not [path.name for path in lying if clear in path.read_bytes()]


def test_versions_of_each_kind_are_numbered_by_themselves_and_told(case: Case, chair: Person) -> None:
    numbers = [hand_in(case, chair, kind=kind) for kind in ("overview_report", "other", "overview_report")]
    assert numbers == [1, 1, 2]
    told = case.events("draft")
    assert [(one.kind, one.details) for one in told] == [
        ("draft_handed_in", {"label": "overview report", "number": 1}),
        ("draft_handed_in", {"label": "other document 1", "number": 1}),
        ("draft_handed_in", {"label": "overview report", "number": 2}),
    ]


def test_only_the_same_title_makes_another_document_s_next_version(case: Case, chair: Person) -> None:
    def other(title: str = "", name: str = "file.docx") -> int:
        return hand_in(case, chair, kind="other", title=title, name=name)

    assert [other("Terms of reference"), other("Summary"), other("  terms of  REFERENCE ")] == [1, 1, 2]
    assert [other(name="Bus routes.pdf.docx"), other(name="Bus routes.pdf.docx"), other(name="Nights.docx")] == [
        1,
        2,
        1,
    ]
    assert sorted((row.series, row.number) for row in case.rows(Draft)) == [
        (1, 1), (1, 2), (2, 1), (3, 1), (3, 2), (4, 1),
    ]  # fmt: skip
    shown = page(case, chair).documents
    assert [(one.title, one.known_as, len(one.versions)) for one in shown] == [
        ("Nights", "Other document 4", 1),
        ("Bus routes.pdf", "Other document 3", 2),
        ("terms of REFERENCE", "Other document 1", 2),
        ("Summary", "Other document 2", 1),
    ]
    assert shown[2].versions[0].name == "other document 1, draft 2"


def test_the_step_that_brought_titles_keeps_the_numbers_that_were_told(case: Case, chair: Person) -> None:
    for kind in ("other", "other", "overview_report"):
        hand_in(case, chair, kind=kind, name="file.docx")
    county = case.county
    county.house.database.dispose()
    engine = main_engine(county.house.settings.database_url)
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (migrations.newest(),))
    migrations.downgrade(engine, "0011")
    migrations.upgrade(engine)
    engine.dispose()
    assert sorted((row.kind, row.series, row.number) for row in case.rows(Draft)) == [
        ("other", 1, 1), ("other", 1, 2), ("overview_report", 0, 1),
    ]  # fmt: skip
    assert [(one.title, one.known_as) for one in page(case, chair).documents] == [
        ("Overview report", ""), ("Other document 1", ""),
    ]  # fmt: skip
    assert hand_in(case, chair, kind="other", title="Terms") == 1
    assert version(case, 1, "other", 2).number == 1


def test_a_title_is_sealed_and_no_paper_has_one(case: Case, chair: Person) -> None:
    hand_in(case, chair, kind="other", title="What the neighbour heard")
    hand_in(case, chair, title="What the neighbour heard")
    lying = [path for path in case.county.house.settings.instance.rglob("*") if path.is_file()]
    assert not [path.name for path in lying if b"neighbour heard" in path.read_bytes()]
    assert [one.title for one in page(case, chair).documents] == ["Overview report", "What the neighbour heard"]


def test_the_panel_is_told_a_title_that_somebody_gave_and_never_the_name_of_a_file(case: Case, chair: Person) -> None:
    member = case.county.who(MEMBER)
    hand_in(case, chair, kind="other", title="Bus routes", shared=True)
    hand_in(case, chair, kind="other", name="Ada Harding.docx", shared=True)
    hand_in(case, chair, kind="other", title="Ada Harding", name="Ada Harding.docx")
    hand_in(case, chair, kind="other", title="Night buses")
    assert [(one.title, one.known_as) for one in page(case, member).documents] == [
        ("Other document 2", ""), ("Bus routes", "Other document 1"),
    ]  # fmt: skip
    for series, number, told in ((2, 2, ""), (3, 1, "Night buses")):
        row = version(case, number, "other", series)
        assert draft_forms.share_page(case.reference, row.id, by=chair, at=case.at).title == told
        draft.share(case.reference, row.id, by=chair, at=case.wait(minutes=1))
    assert [one.title for one in page(case, member).documents] == ["Night buses", "Other document 2", "Bus routes"]


def test_a_title_that_is_too_long_is_refused_and_a_long_name_of_a_file_is_cut(case: Case, chair: Person) -> None:
    with pytest.raises(Invalid) as wrong:
        hand_in(case, chair, kind="other", title="x" * 121)
    assert wrong.value.fields == {"title": "The title is too long: use 120 characters or fewer."}
    hand_in(case, chair, kind="other", name="y" * 190 + ".docx")
    assert page(case, chair).documents[0].title == "y" * draft_names.LONGEST_TITLE
    assert hand_in(case, chair, kind="other", name="y" * 190 + ".docx") == 2


def test_what_tells_one_review_from_another_stands_above_the_form(case: Case, chair: Person) -> None:
    before = draft_forms.hand_in_page(case.reference, by=chair, at=case.at)
    assert (before.stage, before.newest, before.newest_at, before.title) == (Stage.PANEL, "", None, "")
    assert before.began_on == case.row.notified_at.date()
    assert before.members == (case.county.who(MEMBER).name,)
    hand_in(case, chair)
    hand_in(case, chair, kind="other", title="Bus routes")
    after = draft_forms.hand_in_page(case.reference, 1, by=chair, at=case.wait(minutes=1))
    assert (after.newest, after.title) == ("other document 1, draft 1", "Bus routes")
    assert draft_forms.hand_in_page(case.reference, 7, by=chair, at=case.at).title == ""


def test_the_form_opens_nothing_unless_it_is_asked_for_a_document(case: Case, chair: Person) -> None:
    hand_in(case, chair, kind="other", title="Bus routes")
    for number, more in ((None, 0), (1, 1)):
        before = opened(case)
        draft_forms.hand_in_page(case.reference, number, by=chair, at=case.wait(minutes=1))
        assert opened(case) == before + more


@pytest.mark.parametrize("role", [Role.COORDINATOR, CHAIR, AUTHOR])
def test_chair_author_and_coordinator_hand_drafts_in(case: Case, role: Role) -> None:
    assert hand_in(case, case.county.who(role)) == 1


@pytest.mark.parametrize("role", [MEMBER, Role.AGENCY_CONTRIBUTOR, Role.STEERING_CHAIR, Role.STEERING_MEMBER])
def test_nobody_else_does_and_nothing_of_their_file_is_left(case: Case, role: Role) -> None:
    with pytest.raises(NotAllowed):
        hand_in(case, case.county.who(role))
    assert (case.rows(Draft), stored(case), list(case.county.house.store.parts())) == ([], [], [])


def test_somebody_who_does_not_sit_on_the_review_does_not_find_it(case: Case) -> None:
    with pytest.raises(OutOfReach):
        hand_in(case, case.county.who(CHAIR, 2))
    with pytest.raises(OutOfReach):
        draft.must_take_drafts(case.reference, by=case.county.who(CHAIR, 2), at=case.at)
    assert not stored(case)


@pytest.mark.parametrize("stage", [Stage.NOTIFICATION, Stage.SCOPING, Stage.NOT_REVIEWED, Stage.CLOSED, Stage.VOID])
def test_drafts_are_taken_from_the_commissioning_to_the_end(county: County, stage: Stage) -> None:
    case = county.review(stage)
    for refused in (
        lambda: hand_in(case, county.coordinator),
        lambda: draft.must_take_drafts(case.reference, by=county.coordinator, at=case.at),
    ):
        with pytest.raises(NotYet):
            refused()
    assert not stored(case)
    assert not page(case, county.coordinator).may_hand_in


@pytest.mark.parametrize("stage", [Stage.PANEL, Stage.CHAIR_REPORT, Stage.HOME_OFFICE_QA, Stage.PUBLICATION])
def test_drafts_are_taken_at_every_stage_between(county: County, stage: Stage) -> None:
    case = county.review(stage)
    assert hand_in(case, county.coordinator) == 1
    assert page(case, county.coordinator).may_hand_in


def test_the_same_file_is_not_taken_twice(case: Case, chair: Person) -> None:
    data = documents.word()
    hand_in(case, chair, data=data)
    with pytest.raises(Invalid) as wrong:
        hand_in(case, chair, data=data, name="another name.docx")
    assert wrong.value.fields == {"file": "This very file is here already: overview report, draft 1."}
    assert hand_in(case, chair, data=data, kind="other") == 1
    assert len(stored(case)) == 2


def test_a_file_that_is_not_taken_leaves_no_row_and_no_event(case: Case, chair: Person) -> None:
    before = row_counts(case.county.house)
    for data, reason in ((b"Dear all", file_kinds.WRONG_KIND), (b"\0" * 9, file_kinds.WRONG_KIND)):
        with pytest.raises(Invalid) as wrong:
            hand_in(case, chair, data=data, name="report.txt")
        assert wrong.value.fields == {"file": reason}
    with pytest.raises(Invalid) as wrong:
        hand_in(case, chair, kind="novel", note="x" * 2001)
    assert set(wrong.value.fields) == {"kind", "note"}
    assert row_counts(case.county.house)["draft"] == before["draft"]
    assert (stored(case), list(case.county.house.store.parts())) == ([], [])


def test_a_file_that_is_too_large_is_refused_while_it_comes_in(
    case: Case, chair: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incoming, "LARGEST", 200_000)
    with pytest.raises(Invalid) as wrong:
        hand_in(case, chair, data=documents.word(stored=bytes(250_000)))
    assert wrong.value.fields == {"file": incoming.TOO_LARGE}
    assert (stored(case), list(case.county.house.store.parts())) == ([], [])


# --- When something breaks --------------------------------------------------------------------------------------------


@contextmanager
def room_for(case: Case, writes: int) -> Iterator[None]:
    house = case.county.house
    with at_work(replace(house, store=FullStore(house.store, writes))):
        yield


@pytest.mark.parametrize("writes", range(4))  # the chunks that are full, the last one, and the name
def test_a_disk_that_fills_up_leaves_no_row_without_its_file_and_no_part(
    case: Case, chair: Person, writes: int
) -> None:
    data = documents.word(stored=bytes(200_000))
    with room_for(case, writes):
        try:
            hand_in(case, chair, data=data)
        except Invalid as wrong:
            assert wrong.fields == {"file": incoming.NO_ROOM}  # noqa: PT017
    assert not list(case.county.house.store.parts())
    assert stored(case) == [row.id for row in case.rows(Draft)]
    assert len(stored(case)) == (writes == 3)


def test_a_database_that_goes_away_at_the_end_may_leave_a_file_too_many_but_none_too_few(
    case: Case, chair: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object, **__: object) -> None:
        raise DatabaseUnavailable

    with monkeypatch.context() as patched:
        patched.setattr(draft, "_tell", gone)
        with pytest.raises(DatabaseUnavailable):
            hand_in(case, chair)
    assert (len(stored(case)), case.rows(Draft)) == (1, [])
    assert hand_in(case, chair) == 1


def test_a_file_that_is_gone_changed_or_another_one_is_not_sent(case: Case, chair: Person) -> None:
    for _ in range(3):
        hand_in(case, chair)
    place = case.county.house.store.place  # type: ignore[attr-defined]
    first, second, third = (place(version(case, number).id) for number in (1, 2, 3))
    first.write_bytes(first.read_bytes()[:-1])
    second.write_bytes(third.read_bytes())
    third.unlink()
    for number in (1, 2, 3):
        with pytest.raises(FileUnreadable):
            read(case, number, chair)


def test_a_file_that_changes_after_it_was_proved_ends_there(case: Case, chair: Person) -> None:
    hand_in(case, chair, data=documents.word(stored=bytes(300_000)))
    row = version(case, 1)
    taken = draft.take_out(case.reference, row.id, by=chair, at=case.wait(minutes=1))
    place = case.county.house.store.place(row.id)  # type: ignore[attr-defined]
    next(taken.content)
    with place.open("r+b") as file:
        file.seek(200_000)
        file.write(b"changed")
    with pytest.raises(CannotOpenFile):
        list(taken.content)
    taken.content.close()


# --- Reading ----------------------------------------------------------------------------------------------------------


def test_that_a_version_was_read_is_written_down_before_its_first_byte(case: Case, chair: Person) -> None:
    hand_in(case, chair)
    row = version(case, 1)
    by = case.county.coordinator
    taken = draft.take_out(case.reference, row.id, by=by, at=case.wait(minutes=1))
    read_events = case.events("draft_read")
    taken.content.close()
    assert [(one.subject_id, one.recorded_by_name) for one in read_events] == [(row.id, by.name)]
    assert taken.name == f"{case.reference}-overview-report-draft-1.docx"
    assert taken.media_type.startswith("application/vnd.openxmlformats")


def test_coordinator_and_chair_see_who_read_which_version_and_the_author_does_not(case: Case, chair: Person) -> None:
    hand_in(case, chair)
    hand_in(case, chair, shared=True)
    member = case.county.who(MEMBER)
    read(case, 2, member)
    first = case.at
    read(case, 1, chair)
    drafts.later(case, 2)
    for _ in range(2):
        read(case, 1, case.county.coordinator)
    last = case.at
    for by in (case.county.coordinator, chair):
        newest, oldest = page(case, by).documents[0].versions
        assert [(one.name, one.at) for one in newest.readers or ()] == [(member.name, first)]
        assert [(one.name, one.at) for one in oldest.readers or ()] == [(case.county.coordinator.name, last)]
    assert page(case, case.county.who(AUTHOR)).documents[0].versions[0].readers is None


def test_the_panel_reads_what_is_shared_without_note_or_name_and_nothing_else(case: Case, chair: Person) -> None:
    member = case.county.who(MEMBER)
    hand_in(case, chair, note="For your eyes only", name="secret plan.docx")
    assert page(case, member).documents == ()
    with pytest.raises(OutOfReach):
        read(case, 1, member)
    draft.share(case.reference, version(case, 1).id, by=chair, at=case.wait(minutes=1))
    shown = page(case, member).documents[0].versions[0]
    assert (shown.note, shown.filename, shown.readers) == ("", "", None)
    assert read(case, 1, member) == read(case, 1, chair)


def test_sharing_again_changes_nothing(case: Case, chair: Person) -> None:
    hand_in(case, chair, shared=True)
    first = version(case, 1).shared_at
    draft.share(case.reference, version(case, 1).id, by=chair, at=case.wait(minutes=9))
    assert version(case, 1).shared_at == first
    assert case.happened("draft") == ["draft_handed_in", "draft_shared"]


@pytest.mark.parametrize("role", [MEMBER, Role.STEERING_CHAIR])
def test_whoever_only_reads_shares_nothing(case: Case, chair: Person, role: Role) -> None:
    hand_in(case, chair)
    with pytest.raises(NotAllowed):
        draft.share(case.reference, version(case, 1).id, by=case.county.who(role), at=case.wait(minutes=1))


def test_the_steering_group_an_auditor_and_an_agency_see_no_drafts(case: Case, chair: Person) -> None:
    hand_in(case, chair, shared=True)
    for role in (Role.STEERING_MEMBER, Role.AUDITOR, Role.AGENCY_CONTRIBUTOR):
        for look in (lambda by: page(case, by), lambda by: read(case, 1, by)):
            with pytest.raises(NotAllowed):
                look(case.county.who(role))


def test_a_version_of_another_review_is_not_found_under_this_one(case: Case, chair: Person) -> None:
    other = case.county.review(Stage.CHAIR_REPORT)
    hand_in(other, case.county.coordinator)
    for draft_id in (version(other, 1).id, uuid4()):
        with pytest.raises(OutOfReach):
            draft.take_out(case.reference, draft_id, by=chair, at=case.wait(minutes=1))
        with pytest.raises(OutOfReach):
            draft.share(case.reference, draft_id, by=chair, at=case.wait(minutes=1))
        with pytest.raises(OutOfReach):
            draft_forms.share_page(case.reference, draft_id, by=chair, at=case.wait(minutes=1))


def test_who_sits_on_the_panel_is_said_before_sharing(case: Case, chair: Person) -> None:
    hand_in(case, chair)
    found = draft_forms.share_page(case.reference, version(case, 1).id, by=chair, at=case.at)
    assert (found.name, found.shared) == ("overview report, draft 1", False)
    assert found.members == (case.county.who(MEMBER).name,)


def test_the_page_asks_no_more_for_twenty_versions_than_for_two(case: Case, chair: Person) -> None:
    for _ in range(2):
        hand_in(case, chair)
    few = asked_by(case.county.house, lambda: page(case, chair))
    for _ in range(18):
        hand_in(case, chair)
        read(case, 3, case.county.coordinator)
    assert asked_by(case.county.house, lambda: page(case, chair)) == few


def test_a_draft_tells_its_fingerprint_for_the_paper_and_opens_nothing(case: Case, chair: Person) -> None:
    hand_in(case, chair)
    hand_in(case, chair, kind="other")
    before = len(case.rows(Event))
    found = draft.fingerprint(case.reference, version(case, 1).id, by=chair, at=case.at)
    assert (found.kind, found.name) == ("overview_report", "overview report, draft 1")
    assert found.sha256 == version(case, 1).sha256
    assert isinstance(found.added_on, date)
    assert len(case.rows(Event)) == before
    with pytest.raises(OutOfReach):
        draft.fingerprint(case.reference, version(case, 1, "other").id, by=chair, at=case.at)
    with pytest.raises(NotAllowed):
        draft.fingerprint(case.reference, version(case, 1).id, by=case.county.who(MEMBER), at=case.at)


def test_a_name_without_its_folder_and_unseen_letters_is_kept() -> None:
    arrived = files.Incoming("C:\\Users\\Ann\\re\u202eport\x00 3.docx")
    assert arrived.filename == "report 3.docx"
    assert DraftEntry().shared is False


def test_a_draft_that_the_panel_has_is_read_once_the_working_papers_are_destroyed(case: Case, chair: Person) -> None:
    hand_in(case, chair, shared=True)
    before, county = read(case, 1, chair), case.county
    destroyed_outright(
        county.house, case.row.id, first=county.chair, second=county.coordinator, at=case.wait(minutes=1),
        classes=["working_papers"],
    )  # fmt: skip
    assert read(case, 1, chair) == read(case, 1, case.county.who(MEMBER)) == before
