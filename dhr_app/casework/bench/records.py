"""The records of a review in which very much happened: a full action plan, IMRs, papers and everything around them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from dhr_app.casework.bench.rows import Row, plain
from dhr_app.database.models import (
    AccuracyCheck,
    Action,
    Addressee,
    Appointment,
    FamilyStep,
    Imr,
    Meeting,
    PanelSeat,
    Paper,
    Recommendation,
)
from dhr_app.workflows.conditions import PAPERS
from dhr_app.workflows.natural_order import sorts_as
from dhr_app.workflows.record_wording import FAMILY_STEPS

BEGAN = date(2024, 4, 8)
RECOMMENDATIONS, ACTIONS_EACH, MEETINGS, VERSIONS = 30, 2, 8, 6


def records(review_id: UUID, recorder_id: UUID, agencies: list[UUID], family: list[UUID]) -> Iterator[tuple[Any, Row]]:
    """The rows of it, table by table, in an order that foreign keys allow."""
    yield (
        Appointment,
        plain(
            review_id=review_id, role="independent_chair", holder="Eleanor Harding", organisation="Self-employed",
            appointed_on=BEGAN, independence_declared_on=BEGAN, version=1,
        ),
    )  # fmt: skip
    yield from _panel(review_id, agencies)
    yield from _papers(review_id, recorder_id, agencies)
    yield from _plan(review_id, agencies)
    for member_id in family:
        for kind in FAMILY_STEPS:
            step = plain(
                review_id=review_id, family_member_id=member_id, kind=kind, done_on=BEGAN, channel="letter",
                answer="awaited", version=1,
            )  # fmt: skip
            yield FamilyStep, step


def _panel(review_id: UUID, agencies: list[UUID]) -> Iterator[tuple[Any, Row]]:
    for agency_id in agencies:
        seat = plain(
            review_id=review_id, agency_id=agency_id, representative="Grace Crawley", brings="agency",
            not_involved="yes", from_on=BEGAN, version=1,
        )  # fmt: skip
        yield PanelSeat, seat
        imr = plain(
            review_id=review_id, agency_id=agency_id, kind="imr", requested_on=BEGAN, chronology_requested=True,
            outcome="open", author_independent="yes", author_trained="yes", on_behalf=False, version=1,
        )  # fmt: skip
        yield Imr, imr
    for number in range(1, MEETINGS + 1):
        present = [str(agency_id) for agency_id in agencies]
        meeting = plain(
            review_id=review_id, kind="panel", number=number, held_on=_day(number * 30), organisations=present,
            apologies=[], version=1,
        )  # fmt: skip
        yield Meeting, meeting


def _papers(review_id: UUID, recorder_id: UUID, agencies: list[UUID]) -> Iterator[tuple[Any, Row]]:
    for kind in PAPERS:
        for number in range(1, VERSIONS + 1):
            paper = plain(
                review_id=review_id, kind=kind, number=number, sha256=f"{number:064x}", added_on=_day(number * 20),
                recorded_by_id=recorder_id, superseded_on=None if number == VERSIONS else _day(number * 20 + 20),
                version=1,
            )  # fmt: skip
            yield Paper, paper
    for agency_id in agencies:
        check = plain(
            review_id=review_id, paper_id=paper["id"], agency_id=agency_id, sent_on=_day(200), outcome="open",
            on_behalf=False, version=1,
        )  # fmt: skip
        yield AccuracyCheck, check


def _plan(review_id: UUID, agencies: list[UUID]) -> Iterator[tuple[Any, Row]]:
    for number in range(1, RECOMMENDATIONS + 1):
        text = f"{number // 10 + 1}.{number}"
        recommendation = plain(
            review_id=review_id, number=text, sorts_as=sorts_as(text), scope="local", origin="overview",
            text="Every agency reviews how it shares what it knows of risk, and reports to the partnership.", version=1,
        )  # fmt: skip
        yield Recommendation, recommendation
        for place in range(ACTIONS_EACH):
            agency_id = agencies[(number + place) % len(agencies)]
            own = {"review_id": review_id, "recommendation_id": recommendation["id"]}
            yield Addressee, plain(**own, agency_id=agency_id)
            action = plain(
                **own, number=place + 1, text="Write a pathway, and train those who use it.", owner_id=agency_id,
                target_on=_day(number * 10), first_target_on=_day(number * 10), ongoing=False, outcome="open",
                version=1,
            )  # fmt: skip
            yield Action, action


def _day(number: int) -> date:
    return BEGAN + timedelta(days=number)
