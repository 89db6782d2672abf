"""What leaves the system names nobody: a report is refused, a mail is held, and nothing but the kind is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from dhr_app.casework import said_lines
from dhr_app.casework.bench.counting import count_queries
from dhr_app.casework.message_page import message_page, try_again
from dhr_app.casework.outbox import State, deliver
from dhr_app.casework.outgoing import MayNotLeave, mail_check, must_not_name, texts_of
from dhr_app.casework.people import PersonEntry, add_person
from dhr_app.casework.protected_names import keeping
from dhr_app.casework.public_name import PublicNameEntry, give_public_name, public_name_page
from dhr_app.casework.reminding import remind
from dhr_app.casework.steering_report import steering_report
from dhr_app.database.engine import main_engine
from dhr_app.database.errors import SealError
from dhr_app.database.models import Agency, Event, InvolvedPerson, Message, Review
from dhr_app.workflows.errors import RuleError
from dhr_app.workflows.events import Happened
from dhr_app.workflows.kept_words import Keeping
from dhr_app.workflows.protected import Kind
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.planning import act, recommend
from tests.reviews import Case, County


@dataclass(frozen=True)
class Line:
    """One line of a paper."""

    reference: str
    text: str
    on: date = date(2025, 12, 21)


@dataclass(frozen=True)
class Paper:
    """A paper of some lines, with a text about no one review."""

    lines: tuple[Line, ...]
    title: str = "Report"
    words: dict[str, str] | None = None


@pytest.fixture
def case(county: County) -> Case:
    """The review of the death of Ada Harding, with somebody else on record."""
    case = county.review(Stage.PANEL)
    entry = PersonEntry(
        part="perpetrator", full_name="Septimus Grantly", born_on="1985-06-03", address="14 Plumstead Lane, BA1 2CD"
    )
    add_person(case.reference, entry, by=county.coordinator, at=case.wait(minutes=1))
    return case


def leaves(case: Case, paper: object, *others: Case) -> None:
    references = [case.reference, *(other.reference for other in others)]
    must_not_name(paper, references, what="This paper", at=case.wait(minutes=1))


class TestAPaper:
    @pytest.mark.parametrize(
        ("text", "kind"),
        [
            ("Mr Grantly", "a name"),
            ("seen on 3 June 1985", "the day of a birth or a death"),
            ("at BA1 2CD", "an address"),
            ("Grantly, of 14 Plumstead Lane", "a name and an address"),
        ],
    )
    def test_that_names_somebody_is_refused_by_reference_and_kind(self, case: Case, text: str, kind: str) -> None:
        with pytest.raises(MayNotLeave) as refusal:
            leaves(case, Paper((Line(case.reference, text),)))
        assert refusal.value.sentence == (
            f"This paper was not made: it would hold {kind} that {case.reference} protects. "
            "Take it out there, then try again."
        )

    def test_that_names_nobody_may_leave_with_the_days_that_the_program_prints(self, case: Case) -> None:
        leaves(case, Paper((Line(case.reference, "Columbine", date(1985, 6, 3)),), words={"a": "Barsetshire Police"}))

    def test_one_surname_in_a_line_about_another_review_is_no_hit_but_a_whole_name_is(
        self, case: Case, county: County
    ) -> None:
        other = county.review(Stage.PANEL)
        leaves(case, Paper((Line(other.reference, "Grantly"),)), other)
        with pytest.raises(MayNotLeave, match=case.reference):
            leaves(case, Paper((Line(other.reference, "Septimus Grantly"),)), other)
        with pytest.raises(MayNotLeave, match=case.reference):
            leaves(case, Paper((), title="Septimus Grantly"), other)

    def test_is_held_against_what_was_kept_on_screen_too(self, case: Case) -> None:
        by, at = case.county.coordinator, case.wait(minutes=1)
        version = public_name_page(case.reference, by=by, at=at).version
        with keeping([Keeping.of(["Septimus"], "public")]):
            give_public_name(case.reference, PublicNameEntry("Septimus", 2025), version, by=by, at=at)
        leaves(case, Paper((Line(case.reference, "Septimus"),)))  # it is the review’s own public name
        with pytest.raises(MayNotLeave):
            leaves(case, Paper((Line(case.reference, "Septimus Grantly"),)))

    def test_is_not_made_where_a_record_cannot_be_read(self, case: Case) -> None:
        spoil(case)
        with pytest.raises(SealError):
            leaves(case, Paper((Line(case.reference, "Nothing of note."),)))

    def test_tells_the_trail_first_that_the_program_looks(self, case: Case) -> None:
        leaves(case, Paper(()))
        with case.county.house.reading() as session:
            rows = select(Event).where(Event.recorded_by_name == "protected-name check").order_by(Event.recorded_at)
            event = session.scalars(rows).all()[-1]
        assert (event.recorded_by_id, event.review_id) == (None, None)
        assert event.details == {"classes": ["family", "identities", "sensitive"], "reviews": 1}

    def test_every_text_in_it_is_found_with_the_review_it_is_about(self) -> None:
        paper = Paper((Line("DHR-2026-001", "one"),), words={"key": "two"})
        assert sorted(texts_of(paper)) == [
            ("", "Report"), ("", "two"), ("DHR-2026-001", "DHR-2026-001"), ("DHR-2026-001", "one"),
        ]  # fmt: skip

    def test_asks_as_many_questions_for_one_review_as_for_many(self, case: Case, county: County) -> None:
        others = [county.review(stage) for stage in (Stage.NOTIFICATION, Stage.SCOPING, Stage.SEMINAR)]
        asked = []
        for also in ((), others):
            with count_queries(county.house) as statements:
                leaves(case, Paper((Line(case.reference, "Nothing of note."),)), *also)
            asked.append(len(statements))
        assert asked[0] == asked[1] <= 20


def test_the_steering_report_leaves_only_while_it_names_nobody(case: Case, county: County) -> None:
    act(case, recommend(case))
    steering_report(case.today, at=case.wait(minutes=1))
    rename(county, "Police", "Friends of Septimus Grantly")
    with pytest.raises(MayNotLeave) as refusal:
        steering_report(case.today, at=case.wait(minutes=1))
    assert refusal.value.found == {case.reference: {Kind.NAME}}


class TestAMail:
    def test_that_names_nobody_is_written_and_waits_to_be_sent(self, bare_county: County) -> None:
        case, message = self.morning(bare_county)
        assert (message.state, message.refused_with) == (State.PENDING.value, None)
        assert case.reference in message.body

    def test_that_would_name_somebody_is_held_and_never_sent(
        self, bare_county: County, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        case, message = self.morning(bare_county, says="Harding’s file", monkeypatch=monkeypatch)
        assert message.state == State.HELD.value
        assert message.refused_with == f"It would hold a name that {case.reference} protects, so it was not sent."
        assert "Harding" not in (message.refused_with or "")
        deliver(bare_county.house, at=case.wait(hours=1))
        (line,) = message_page(by=bare_county.coordinator, at=case.at).troubled
        assert (line.held, line.said, line.tries) == (True, message.refused_with, 0)
        with bare_county.house.reading() as session:
            kinds = session.scalars(select(Event.kind).where(Event.subject_id == message.id)).all()
        assert kinds == [Happened.MESSAGE_HELD.value]

    def test_goes_out_again_only_once_it_names_nobody(
        self, bare_county: County, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        case, message = self.morning(bare_county, says="Harding’s file", monkeypatch=monkeypatch)
        with pytest.raises(RuleError, match="so it was not sent"):
            try_again(message.id, by=bare_county.coordinator, at=case.wait(minutes=1))
        rename(bare_county, "Police", "Harding’s File")
        assert try_again(message.id, by=bare_county.coordinator, at=case.wait(minutes=1))
        assert self.only(bare_county).state == State.PENDING.value

    def test_is_held_where_a_record_cannot_be_read(self, bare_county: County) -> None:
        case = bare_county.review()
        spoil(case)
        bare_county.who(Role.COORDINATOR)
        remind(bare_county.house, case.wait(days=40).date(), at=case.at)
        message = self.only(bare_county)
        assert (message.state, "cannot be read" in (message.refused_with or "")) == (State.HELD.value, True)

    def test_about_a_review_that_was_not_looked_at_is_held(self, case: Case) -> None:
        check = mail_check(case.county.house, [f"Of {case.reference}."], at=case.wait(minutes=1))
        assert check.why_held(f"Of {case.reference}.") == ""
        assert "cannot be read" in check.why_held("Of DHR-2031-999.")

    def morning(
        self, county: County, *, says: str = "", monkeypatch: pytest.MonkeyPatch | None = None
    ) -> tuple[Case, Message]:
        """One coordinator’s mail of one late review; `says` is what a line of it says besides."""
        case = county.review()
        if monkeypatch is not None:
            told = said_lines._what
            monkeypatch.setattr(said_lines, "_what", lambda thing, person: f"{says}: {told(thing, person)}")
        remind(county.house, case.wait(days=40).date(), at=case.at)
        return case, self.only(county)

    def only(self, county: County) -> Message:
        with county.house.reading() as session:
            return session.scalars(select(Message)).one()


def rename(county: County, short_name: str, name: str) -> None:
    with county.house.transaction(by=county.coordinator, at=county.house.clock.now()) as session:
        session.scalars(select(Agency).where(Agency.short_name == short_name)).one().name = name


def spoil(case: Case) -> None:
    """Change the last byte of a victim’s name, as somebody could who has the file of the database."""
    with case.county.house.reading() as session:
        of_it = select(InvolvedPerson).join(Review, Review.id == InvolvedPerson.review_id)
        row = session.scalars(of_it.where(Review.reference == case.reference, InvolvedPerson.part == "victim")).one()
        row_id, envelope = row.id, row.full_name_ct
    assert envelope is not None
    changed: Any = type(envelope)(bytes(envelope)[:-1] + bytes([bytes(envelope)[-1] ^ 1]))
    _write(case, row_id, changed)


def _write(case: Case, row_id: UUID, envelope: Any) -> None:
    with main_engine(case.county.house.settings.database_url).begin() as connection:
        connection.execute(update(InvolvedPerson).where(InvolvedPerson.id == row_id).values(full_name_ct=envelope))
