"""The protected-name check on save: what is held back, what is kept and why, what it opens and what it costs."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from dhr_app.casework import legal_hold
from dhr_app.casework.bench.counting import count_queries
from dhr_app.casework.family import FamilyMemberEntry, add_family_member
from dhr_app.casework.house import House
from dhr_app.casework.legal_hold import HoldEntry
from dhr_app.casework.people import PersonEntry, add_person
from dhr_app.casework.protected_names import keeping
from dhr_app.casework.public_name import PublicNameEntry, give_public_name, public_name_page
from dhr_app.casework.seminar import hold_seminar
from dhr_app.casework.seminar_checks import SeminarEntry
from dhr_app.database.base import Base
from dhr_app.database.engine import main_engine
from dhr_app.database.errors import Unannounced
from dhr_app.database.models import (
    AuditEntry,
    InvolvedPerson,
    KeptWords,
    LegalHold,
    Progress,
    Recommendation,
    Seminar,
)
from dhr_app.database.typed_texts import typed_columns
from dhr_app.database.verify import verify
from dhr_app.workflows.events import Happened
from dhr_app.workflows.kept_words import WHY_KEPT, Keeping, MayNameSomebody
from dhr_app.workflows.stages import Stage
from tests import panels, reporting
from tests.disposals import destroyed_outright
from tests.planning import act, recommend, shown
from tests.reviews import Case, County

# Each clear text, and whether people type it: a new one has to be put here, with a reason in its model.
TYPED = {
    "action.text": "text",
    "action.milestones": "text",
    "action.evidence": "text",
    "action.minute": "text",
    "action_date.minute": "text",
    "addressee.refusal": "text",
    "appointment.holder": "staff",
    "appointment.organisation": "staff",
    "appointment.interim_holder": "staff",
    "approval.body": "staff",
    "closing.policy": "text",
    "handover.acknowledged_by": "staff",
    "imr.author": "staff",
    "imr.signed_off_by": "staff",
    "joint_body.name": "staff",
    "legal_hold.words": "text",
    "move_made.decided_by": "staff",
    "panel_seat.representative": "staff",
    "paper.final_by": "staff",
    "progress.text": "text",
    "progress.blocked_by": "text",
    "progress.refused_because": "text",
    "progress.came_from": "text",
    "publication.address": "text",
    "publication.approved_by": "staff",
    "recommendation.number": "text",
    "recommendation.text": "text",
    "recommendation.reply": "text",
    "review.public_name": "text",
    "seminar.theme": "text",
    "seminar.minuted": "text",
    "statement.stated_by": "staff",
}
# Of no one review: held against nothing.
OF_NO_REVIEW = {
    "account.name", "account.email", "account.password_hash", "agency.name", "agency.short_name",
    "agreement.organisation", "invitation.name", "invitation.email", "partnership.name", "passkey.name",
    "action_link.email",
    "partnership.deciding_body", "partnership.approving_body", "partnership.support_line", "rule_set.content",
    "incident.ico_reference", "undertaking_text.content", "tenant.issuer", "tenant.client_id", "way_in.email",
    "extra_holiday.name", "extra_holiday.source",
}  # fmt: skip
# Made by the program, from codes or from what was typed and held before.
MADE = {
    "access_check.confirmed_by_name", "account_change.made_by_name", "account_change.agreed_by_name",
    "invitation.made_by_name",
    "invitation.agreed_by_name",
    "audit_checkpoint.note", "conflict.entered_by_name", "conflict.lift_asked_by_name",
    "declaration.decided_by_name", "disposal.confirmed_by_name", "disposal.notice_by_name", "disposal.policy",
    "disposal.seconded_by_name", "duplicate_switch.turned_by_name",
    "quiet_days.set_by_name", "quiet_days.ended_by_name", "reminder_rule_change.changed_by_name",
    "sensitive_grant.given_by_name", "sensitive_note.added_by_name",
    "event.recorded_by_name", "extra_holiday.added_by_name", "extra_holiday.taken_back_by_name",
    "legal_hold.lift_asked_by_name", "legal_hold.lifted_by_name",
    "legal_hold.placed_by_name", "message.subject", "message.body", "message.refused_with", "standing.public_name",
    "tenant.entered_by_name", "tenant.confirmed_by_name",
    "tenant_identity.issuer", "tenant_identity.subject", "tenant_question.nonce",
    "tenant_question.verifier", "way_in.made_by_name", "way_in.agreed_by_name",
}  # fmt: skip


@pytest.fixture
def case(county: County) -> Case:
    """A commissioned review of the death of Ada Harding."""
    return county.review(Stage.PANEL)


def person(case: Case, **entry: Any) -> UUID:
    return add_person(case.reference, PersonEntry(**entry), by=case.county.coordinator, at=case.wait(minutes=1))


def test_a_freeze_of_every_review_names_nobody_of_any(county: County) -> None:
    first, second = county.review(Stage.SCOPING), county.review(Stage.PANEL)
    for case, name in ((first, "Septimus Harding"), (second, "Griselda Grantly")):
        add_person(case.reference, PersonEntry("witness", full_name=name), by=county.coordinator, at=case.at)
    at, day = second.wait(minutes=1), second.today + timedelta(days=90)

    def freeze(words: str) -> None:
        legal_hold.freeze(HoldEntry("public_inquiry", words, day), by=county.chair, at=at)

    for name in ("Septimus Harding", "Griselda Grantly"):
        refusal = held(partial(freeze, f"The inquiry into the death of {name}"))
        assert words_of(refusal) == [name]
    assert first.rows(LegalHold) == []
    freeze("The public inquiry into the Harding Street hospital, letter of 2 June")
    with county.house.reading() as session:
        assert session.scalar(select(LegalHold.review_id)) is None


def held(do: Callable[[], object]) -> MayNameSomebody:
    with pytest.raises(MayNameSomebody) as refusal:
        do()
    return refusal.value


def words_of(refusal: MayNameSomebody) -> list[str]:
    return [words for asked in refusal.asked for words in asked.words]


def test_every_clear_text_is_declared_as_typed_or_not() -> None:
    assert typed_columns(Base.metadata) == TYPED
    texts = {
        f"{column.table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.info.get("class") == "clear" and column.info.get("why") and not column.info.get("code")
    }
    assert texts == set(TYPED) | OF_NO_REVIEW | MADE


class TestWhatIsHeldBack:
    @pytest.mark.parametrize(
        ("protected", "typed"),
        [
            ({"full_name": "Septimus Grantly", "other_names": "Sep, née Arabin"}, "Mr Grantly’s GP"),
            ({"full_name": "Septimus Grantly", "other_names": "Sep, née Arabin"}, "the Arabins"),
            ({"full_name": "Septimus Grantly", "born_on": "1985-06-03"}, "seen on 3rd June 1985"),
            ({"full_name": "Septimus Grantly", "died_on": "2025-12-21"}, "since 21/12/2025"),
            ({"full_name": "Septimus Grantly", "address": "14 Plumstead Lane, BA1 2CD"}, "at 14 Plumstead Ln"),
            ({"full_name": "Septimus Grantly", "part": "perpetrator"}, "SEPTIMUS"),
            ({"full_name": "Septimus Grantly", "part": "child"}, "Grantly, S."),
        ],
    )
    def test_what_a_person_on_record_is_known_by(self, case: Case, protected: dict[str, str], typed: str) -> None:
        person(case, **{"part": "perpetrator", **protected})
        refusal = held(lambda: recommend(case, text=f"Train those {typed}."))
        assert case.rows(Recommendation) == []
        (asked,) = refusal.asked
        assert (asked.place, asked.text) == ("recommendation.text", f"Train those {typed}.")
        assert all(words in typed for words in asked.words)

    def test_the_family_and_how_to_reach_them(self, case: Case) -> None:
        entry = FamilyMemberEntry("Olive Prettyman", contact_details="07700 900123, olive@example.org")
        add_family_member(case.reference, entry, by=case.county.coordinator, at=case.wait(minutes=1))
        assert words_of(held(lambda: recommend(case, text="Ask Olive or ring +44 7700 900 123."))) == [
            "Olive", "+44 7700 900 123",
        ]  # fmt: skip

    def test_the_police_s_number(self, county: County) -> None:
        case = county.review(crime_number="42/CR/11234/25").to(Stage.PANEL)
        assert words_of(held(lambda: recommend(case, text="See 42 CR 11234 25."))) == ["42 CR 11234 25"]

    def test_the_real_name_as_a_public_name(self, case: Case) -> None:
        county = case.county

        def give(name: str) -> None:
            version = public_name_page(case.reference, by=county.coordinator, at=case.at).version
            entry = PublicNameEntry(name, 2025)
            give_public_name(case.reference, entry, version, by=county.coordinator, at=case.wait(minutes=1))

        assert words_of(held(lambda: give("Ada"))) == ["Ada"]
        give("Columbine")
        recommend(case, text="Columbine’s plan is published.")

    def test_a_seminar_is_held_against_each_review_it_is_about(self, county: County) -> None:
        case, other = county.review(Stage.SEMINAR), county.review(Stage.SEMINAR)
        person(other, part="perpetrator", full_name="Obadiah Slope")
        entry = SeminarEntry(
            theme="What Slope teaches", format="hybrid", held_on=case.today, reviews=(case.reference, other.reference)
        )
        refusal = held(lambda: hold_seminar(entry, by=county.coordinator, at=other.wait(minutes=1)))
        assert words_of(refusal) == ["Slope"]
        assert refusal.review_id == other.row.id
        with county.house.reading() as session:
            assert session.scalars(select(Seminar)).all() == []

    def test_where_staff_are_named_only_the_whole_name_of_somebody_protected(self, case: Case) -> None:
        panels.appoint(case, role="report_author", holder="Amelia Harding")
        assert words_of(held(lambda: panels.appoint(case, role="report_author", holder="Ada Harding"))) == [
            "Ada Harding"
        ]

    def test_staff_and_agencies_on_the_review_are_no_hit(self, case: Case) -> None:
        panels.appoint(case, role="report_author", holder="Amelia Harding")
        recommend(case, text="Amelia Harding reports on it to Barsetshire Police.")
        assert words_of(held(lambda: recommend(case, "2", text="Mrs Harding reports on it."))) == ["Harding"]

    def test_another_review_s_names_are_none_of_this_one_s(self, case: Case, county: County) -> None:
        person(county.review(Stage.PANEL), part="perpetrator", full_name="Obadiah Slope")
        recommend(case, text="Mr Slope reports on it.")

    def test_a_text_that_is_corrected_or_flushed_halfway_is_looked_at_as_it_stands(self, case: Case) -> None:
        of = recommend(case)
        action = act(case, of, text="Train the surgery.")
        assert "Ada" in words_of(held(lambda: reporting.report_for(case, action, text="Ada’s GP. Ada was seen.")))


class TestWhatIsKept:
    def kept(self, case: Case, reason: str = "another_person", note: str = "", *, words: str = "Harding") -> UUID:
        with keeping([Keeping.of([words], reason, note)]):
            return recommend(case, text="Train Harding & Co.")

    def test_it_is_saved_with_its_reason_and_the_words_sealed(self, case: Case, county: County) -> None:
        of = self.kept(case, "other", "A firm of solicitors")
        (row,) = case.rows(KeptWords)
        assert (row.place, row.row_id, row.reason) == ("recommendation.text", of, "other")
        assert (row.kept_by_id, row.kept_at) == (county.coordinator.id, case.at)
        with county.house.with_keys(county.coordinator, at=case.at), pytest.raises(Unannounced):
            _ = row.words
        stored = b"".join(path.read_bytes() for path in county.house.settings.instance.rglob("*") if path.is_file())
        assert b"Train Harding & Co." in stored  # the text stands in clear, the reason does not
        assert b"firm of solicitors" not in stored
        assert case.events(Happened.WORDS_KEPT)[0].details == {"place": "recommendation.text", "reason": "other"}

    def test_it_is_not_asked_again_in_the_same_text_but_in_another(self, case: Case) -> None:
        self.kept(case)
        with case.county.house.transaction(by=case.county.coordinator, at=case.wait(minutes=1)) as session:
            session.scalars(select(Recommendation)).one().text = "Harding & Co. train the rest."
        assert len(case.rows(KeptWords)) == 1
        held(lambda: recommend(case, "2", text="Train Harding & Co."))

    @pytest.mark.parametrize(("reason", "note"), [("", ""), ("because", ""), ("other", " ")])
    def test_without_a_reason_from_the_list_nothing_is_kept(self, case: Case, reason: str, note: str) -> None:
        refusal = held(lambda: self.kept(case, reason, note))
        assert refusal.asked[0].fault
        assert case.rows(KeptWords) == case.rows(Recommendation) == []

    def test_an_answer_about_other_words_keeps_nothing(self, case: Case) -> None:
        assert words_of(held(lambda: self.kept(case, words="Grantly"))) == ["Harding"]

    def test_every_reason_is_a_code_with_words(self) -> None:
        assert len(set(WHY_KEPT.values())) == len(WHY_KEPT) == 5


class TestWhatItOpens:
    def test_an_agency_is_shown_its_own_words_and_opens_no_identity(self, case: Case, county: County) -> None:
        action = act(case, recommend(case))
        reporter = reporting.contributor(case)
        person(case, part="perpetrator", full_name="Septimus Grantly")
        refusal = held(lambda: reporting.report(case, action, text="Mr Grantly was told."))
        assert refusal.asked[0].sentence == (
            "This text may name somebody who is protected: ‘Grantly’ stands in it. "
            "Take it out, or say below why it is kept."
        )
        assert case.rows(Progress) == []
        with keeping([Keeping.of(["Grantly"], "another_person")]):
            reporting.report(case, action, text="Mr Grantly was told.")
        (row,) = case.rows(KeptWords)
        assert (row.kept_by_id, row.agency_id, row.row_id) == (reporter.id, reporter.agency_id, action)
        reporting.report(case, action, text="Mr Grantly was told, and so were others.")
        assert len(case.rows(KeptWords)) == 1  # the text of the action is carried on
        assert {one[-1] for one in self._openings(county.house, case)} == {"protected-name check"}
        assert [one for one in case.events("opened") if one.recorded_by_id == reporter.id] == []

    def test_what_was_kept_and_destroyed_is_asked_anew(self, case: Case, county: County) -> None:
        action = act(case, recommend(case))
        reporting.contributor(case)
        person(case, part="perpetrator", full_name="Septimus Grantly")
        with keeping([Keeping.of(["Grantly"], "another_person")]):
            reporting.report(case, action, text="Mr Grantly was told.")
        first, second, at = county.chair, county.coordinator, case.wait(minutes=1)
        destroyed_outright(county.house, case.row.id, first=first, second=second, at=at, classes=["kept_words"])
        refusal = held(lambda: reporting.report(case, action, text="Mr Grantly was told, and others."))
        assert [asked.words for asked in refusal.asked] == [("Grantly",)]

    def test_a_refusal_is_written_down_by_the_kind_alone(self, case: Case) -> None:
        held(lambda: recommend(case, text="Ada was seen."))
        (event,) = case.events("refused")
        assert event.details == {"what": "protected_names", "reasons": ["name"]}
        assert event.recorded_by_id == case.county.coordinator.id

    def test_the_trail_holds_together(self, case: Case, county: County) -> None:
        held(lambda: recommend(case, text="Ada was seen."))
        with keeping([Keeping.of(["Ada"], "public")]):
            recommend(case, text="Ada was seen.")
        with county.house.reading() as session:
            assert verify(session) == []

    def test_what_changes_no_typed_text_opens_nothing(self, case: Case, county: County) -> None:
        recommend(case)
        before = len(self._entries(county.house, case))
        case.tell("home_office")
        openings = [one for entry in self._entries(county.house, case)[before:] for one in entry["openings"]]
        assert [one for one in openings if "protected-name check" in one] == []

    def test_a_record_that_cannot_be_read_is_passed_over_and_the_rest_looked_for(
        self, case: Case, county: County
    ) -> None:
        broken = person(case, part="perpetrator", full_name="Septimus Grantly")
        with main_engine(county.house.settings.database_url).begin() as connection:
            connection.execute(
                update(InvolvedPerson)
                .where(InvolvedPerson.id == broken)
                .values(full_name_ct=case_bytes(county, broken))
            )
        assert words_of(held(lambda: recommend(case, text="Mr Grantly and Ada."))) == ["Ada"]

    def _entries(self, house: House, case: Case) -> list[dict[str, Any]]:
        with house.reading() as session:
            rows = select(AuditEntry.body).where(AuditEntry.chain == case.row.id).order_by(AuditEntry.seq)
            return [json.loads(body) for body in session.scalars(rows)]

    def _openings(self, house: House, case: Case) -> list[list[str]]:
        entries = self._entries(house, case)
        return [one for entry in entries for one in entry["openings"] if "agency" in entry["actor"]]


def case_bytes(county: County, person_id: UUID) -> Any:
    """What is kept of a person’s name, with its last byte changed."""
    with county.house.reading() as session:
        envelope = session.get_one(InvolvedPerson, person_id).full_name_ct
    assert envelope is not None
    return type(envelope)(bytes(envelope)[:-1] + bytes([bytes(envelope)[-1] ^ 1]))


def test_it_costs_the_same_number_of_statements_however_many_people_there_are(case: Case, county: County) -> None:
    asked = []
    for number, people in enumerate((1, 12)):
        for each in range(people):
            person(case, part="child", full_name=f"Child{'abcdefghijklm'[each]}{number} Quiverful")
            relative = FamilyMemberEntry(f"Aunt{'abcdefghijklm'[each]}{number} Quiverful")
            add_family_member(case.reference, relative, by=county.coordinator, at=case.wait(minutes=1))
        with count_queries(county.house) as statements:
            recommend(case, f"{number}.1")
        asked.append(len(statements))
    assert asked[0] == asked[1]
    assert shown(case, "1.1").text.startswith("Firm words")
