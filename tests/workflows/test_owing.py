"""Each date has somebody whose turn it is; no family is ever said to be late."""

from __future__ import annotations

import pytest

from dhr_app.workflows.dates import REVIEW_THE_HOLD, TAKE_UP_THE_DECISION
from dhr_app.workflows.owing import OWES, is_nobodys_fault, owed_by
from dhr_app.workflows.stages import OPEN, Stage
from dhr_app.workflows.waiting import Waiting
from tests.workflows.rule_book import SHIPPED, rule_set


def test_every_date_of_every_rule_set_is_somebody_s_and_none_is_named_that_does_not_exist() -> None:
    named = {rule.key for key in SHIPPED for rule in rule_set(key).deadlines}
    assert named <= set(OWES)
    assert set(OWES) <= named | {REVIEW_THE_HOLD, TAKE_UP_THE_DECISION}


@pytest.mark.parametrize(
    ("what", "stage", "who"),
    [
        ("duty_family_told", Stage.PANEL, Waiting.PARTNERSHIP),
        ("duty_agencies_told", Stage.PANEL, Waiting.PARTNERSHIP),
        ("chair_appointed_due", Stage.PANEL, Waiting.PARTNERSHIP),
        ("overview_report_due", Stage.PANEL, Waiting.CHAIR),
        ("imr_due", Stage.PANEL, Waiting.AGENCY),
        ("qa_expected", Stage.HOME_OFFICE_QA, Waiting.HOME_OFFICE),
        ("scoping_return_due", Stage.NOTIFICATION, Waiting.AGENCY),
    ],
)
def test_a_review_waits_for_whoever_owes_its_next_date(what: str, stage: Stage, who: Waiting) -> None:
    assert owed_by(what, stage, on_hold=False, agencies_owe=True) is who
    assert owed_by(what, stage, on_hold=True, agencies_owe=True) is Waiting.ON_HOLD


def test_without_a_date_it_waits_for_whoever_the_stage_waits_for() -> None:
    assert owed_by(None, Stage.PANEL, on_hold=False, agencies_owe=False) is Waiting.CHAIR
    assert owed_by(None, Stage.PANEL, on_hold=False, agencies_owe=True) is Waiting.AGENCY


@pytest.mark.parametrize("stage", sorted(set(Stage) - OPEN))
def test_a_review_that_is_over_waits_for_nobody(stage: Stage) -> None:
    assert owed_by("closure_audit_due", stage, on_hold=False, agencies_owe=False) is None


def test_the_time_a_family_takes_to_read_is_nobody_s_fault() -> None:
    assert is_nobodys_fault("family_reading_due")
    assert not is_nobodys_fault("duty_family_told")
    assert not is_nobodys_fault(None)
