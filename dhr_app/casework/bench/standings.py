"""What the overview counts of a usual review: where it stood and stands, and the actions that agencies still owe."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from dhr_app.casework.bench.rows import Row, plain
from dhr_app.database.models import Action, Recommendation, Standing
from dhr_app.workflows.stages import MAIN_LINE, Stage
from dhr_app.workflows.waiting import TURN

FIRST_TARGET = date(2025, 6, 2)
SPREAD = 700  # days over which target dates lie
PLANNED_FROM = MAIN_LINE.index(Stage.HOME_OFFICE_QA)


def stood(review: Row, number: int, agencies: list[UUID]) -> Iterator[tuple[Any, Row]]:
    """The rows of its standing, one for each stage on its way; from the Home Office on, an action of two agencies."""
    stage = Stage(review["stage"])
    way = MAIN_LINE[: MAIN_LINE.index(stage) + 1]
    began = review["notified_at"]
    for place, each in enumerate(way):
        last = place == len(way) - 1
        holder = TURN.get(each)
        yield (
            Standing,
            plain(
                review_id=review["id"], recorded_at=began + timedelta(days=place),
                replaced_at=None if last else began + timedelta(days=place + 1), stage=each.value,
                since=(began + timedelta(days=place)).date(), next_on=review["next_on"] if last else None,
                next_what=review["next_what"] if last else None, waits_for=holder.value if holder else None,
                on_hold=False, public_name=None, public_year=None, owed_by=holder.value if holder else None,
                owed_agencies=[], met_late=[],
            ),
        )  # fmt: skip
    if MAIN_LINE.index(stage) < PLANNED_FROM:
        return
    own = {"review_id": review["id"]}
    recommendation = plain(
        **own, number="90", sorts_as="00000090", scope="local", origin="overview", version=1,
        text="Every agency reviews how it shares what it knows of risk.",
    )  # fmt: skip
    yield Recommendation, recommendation
    for place in range(2):
        target_on = FIRST_TARGET + timedelta(days=(number * 31 + place * 97) % SPREAD)
        yield (
            Action,
            plain(
                **own, recommendation_id=recommendation["id"], number=place + 1, text="Write a pathway.",
                owner_id=agencies[(number + place) % len(agencies)], target_on=target_on, first_target_on=target_on,
                ongoing=False, outcome="signed_off" if stage is Stage.CLOSED else "open", version=1,
            ),
        )  # fmt: skip
