"""Reviews under way by the thousand, each with ten actions, dates, seats and a victim: what a morning has to read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from dhr_app.casework.account import AccountEntry, create_account
from dhr_app.casework.bench.ground import PASSWORD, Ground
from dhr_app.casework.bench.rows import Row, bulk_writing, event, in_order, plain
from dhr_app.casework.house import at_work
from dhr_app.casework.principal import people_in
from dhr_app.casework.program import Program
from dhr_app.database.engine import main_engine
from dhr_app.database.models import (
    Action,
    Agency,
    Deadline,
    Declaration,
    Event,
    Imr,
    InvolvedPerson,
    Membership,
    Recommendation,
    Review,
    RuleSetUsed,
    Signature,
    UndertakingText,
)
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage

ACTIONS = 10  # of each review
OWNERS = 3  # agencies of each review, which share its actions; somebody of each has a seat
CHAIRED = 200  # reviews of one chair
BEGAN = datetime(2026, 1, 5, 9, tzinfo=UTC)
FIRST_DUE = date(2026, 3, 2)
SPREAD = 900  # days over which dates lie: a tenth of them are late or due when the morning is measured
STAGES = (Stage.PANEL, Stage.CHAIR_REPORT, Stage.HOME_OFFICE_QA, Stage.PUBLICATION)
OTHERS = (Role.COORDINATOR, Role.STEERING_CHAIR, Role.STEERING_DEPUTY)  # beside the coordinator who is there already
AT_ONCE = 500  # reviews that are written at once


@dataclass(frozen=True)
class _People:
    """Who has seats, and the text that they signed."""

    by: Person
    chairs: Sequence[UUID]
    contributors: dict[UUID, UUID]
    text_id: UUID
    sha256: str


def fill(ground: Ground, reviews: int) -> None:
    """Write so many reviews under way beside those that are there, with the people who are on them."""
    engine = main_engine(
        ground.house.settings.database_url
    )  # a plain engine: a House’s own lets no bulk writer through
    try:
        with ground.house.reading() as session:
            agencies = list(session.scalars(select(Agency.id).order_by(Agency.name)))
            rule_set_id = session.scalars(select(RuleSetUsed.id).order_by(RuleSetUsed.key.desc())).all()[0]
        with at_work(ground.house):
            people = _people(ground, agencies, -(-reviews // CHAIRED))
        with bulk_writing(engine) as connection:
            text = ground.house.rule_book.undertaking
            row = {"id": people.text_id, "number": text.version, "content": text.canonical, "sha256": text.sha256}
            connection.execute(insert(UndertakingText), row)
        for first in range(0, reviews, AT_ONCE):
            waiting: dict[Any, list[Row]] = defaultdict(list)
            # Nothing is added to this transaction: it lends the keys that seal.
            with ground.house.transaction(by=people.by, at=BEGAN):
                for number in range(first, min(reviews, first + AT_ONCE)):
                    for model, each in _review(number, rule_set_id, agencies, people):
                        waiting[model].append(each)
            with bulk_writing(engine) as connection:
                for model in in_order(waiting):
                    connection.execute(model.__table__.insert(), waiting[model])
    finally:
        engine.dispose()


def _people(ground: Ground, agencies: Sequence[UUID], chairs: int) -> _People:
    at = ground.house.clock.now()

    def account(role: Role, number: int, agency_id: UUID | None = None) -> UUID:
        email = f"{role.value}.{number}@barsetshire.example"
        entry = AccountEntry(f"{role.label} {number}", email, role, PASSWORD, agency_id)
        return create_account(entry, by=Program("dhr bench"), at=at)

    for role in OTHERS:
        account(role, 0)
    text = plain()["id"]
    with ground.house.reading() as session:
        by = people_in(session, [Role.COORDINATOR])[0]
    return _People(
        by,
        [account(Role.INDEPENDENT_CHAIR, number) for number in range(chairs)],
        {each: account(Role.AGENCY_CONTRIBUTOR, number, each) for number, each in enumerate(agencies)},
        text,
        ground.house.rule_book.undertaking.sha256,
    )


def _review(number: int, rule_set_id: UUID, agencies: Sequence[UUID], people: _People) -> Iterator[tuple[Any, Row]]:
    owners = [agencies[(number + place) % len(agencies)] for place in range(OWNERS)]
    review = plain(
        reference=f"DHR-2026-{number + 1:05}", rule_set_id=rule_set_id, stage=STAGES[number % len(STAGES)].value,
        moves_made=0, version=1, lead_partnership_id=agencies[0], suspected_suicide="no", notified_at=BEGAN,
        next_on=_due(number), next_what="overview_report_due", sorts_on=_due(number), on_hold_since=None,
        deferred_until=None,
    )  # fmt: skip
    own = {"review_id": review["id"]}
    yield Review, review
    yield Event, event(review["id"], "review_notified", BEGAN)
    yield InvolvedPerson, _victim(review["id"], number)
    yield Deadline, plain(**own, rule="overview_report_due", anchor_on=BEGAN.date(), first_due_on=_due(number))
    yield from _asked(own, number, owners[0])
    yield from _plan(own, number, owners)
    yield from _seat(own, people.chairs[number // CHAIRED], Role.INDEPENDENT_CHAIR, None, people)
    for agency_id in owners:
        yield from _seat(own, people.contributors[agency_id], Role.AGENCY_CONTRIBUTOR, agency_id, people)


def _victim(review_id: UUID, number: int) -> Row:
    row = InvolvedPerson(review_id=review_id, full_name=f"Septimus Harding {number}")
    return {
        "id": row.id, "review_id": review_id, "version": 1, "part": "victim", "number": 1, "sex": "not_known",
        "age_band": "not_known", "relationship_to_victim": "not_known", "full_name_ct": row.full_name_ct,
    }  # fmt: skip


def _asked(own: Row, number: int, agency_id: UUID) -> Iterator[tuple[Any, Row]]:
    asked = plain(
        **own, agency_id=agency_id, kind="imr", requested_on=BEGAN.date(), chronology_requested=False, outcome="open",
        author_independent="yes", author_trained="yes", on_behalf=False, version=1,
    )  # fmt: skip
    yield Imr, asked
    yield Deadline, plain(
        **own, rule="imr_due", subject_id=asked["id"], agency_id=agency_id, anchor_on=BEGAN.date(),
        first_due_on=_due(number * 7 + 3),
    )  # fmt: skip


def _plan(own: Row, number: int, owners: Sequence[UUID]) -> Iterator[tuple[Any, Row]]:
    recommendation = plain(
        **own, number="1", sorts_as="00000001", scope="local", origin="overview", version=1,
        text="Every agency reviews how it shares what it knows of risk.",
    )  # fmt: skip
    yield Recommendation, recommendation
    for place in range(ACTIONS):
        due = _due(number * 31 + place * 97)
        yield Action, plain(
            **own, recommendation_id=recommendation["id"], number=place + 1, text="Write a pathway.",
            owner_id=owners[place % len(owners)], target_on=due, first_target_on=due, ongoing=False, outcome="open",
            version=1,
        )  # fmt: skip


def _seat(own: Row, account_id: UUID, role: Role, agency_id: UUID | None, people: _People) -> Iterator[tuple[Any, Row]]:
    """A seat that its holder opened."""
    yield Membership, plain(**own, account_id=account_id, role=role.value, agency_id=agency_id, from_on=BEGAN.date())
    yield Declaration, plain(**own, account_id=account_id, answer="none", declared_at=BEGAN)
    yield Signature, plain(**own, account_id=account_id, text_id=people.text_id, sha256=people.sha256, signed_at=BEGAN)


def _due(number: int) -> date:
    return FIRST_DUE + timedelta(days=number * 37 % SPREAD)
