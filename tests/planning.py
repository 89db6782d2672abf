"""An action plan for tests: recommendations and actions entered by their verbs, each with one call."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from dhr_app.casework import plan_parts
from dhr_app.casework.action import ActionEntry, add_action
from dhr_app.casework.action_progress import DoneEntry, report_done
from dhr_app.casework.addressee import LetterEntry, record_letter
from dhr_app.casework.plan import PlanPage, plan_page
from dhr_app.casework.plan_rows import ActionShown, RecommendationShown
from dhr_app.casework.recommendation import RecommendationEntry, add_recommendation
from dhr_app.casework.sign_off import Seen, sign_off
from tests.reviews import Case


def plan_of(case: Case) -> PlanPage:
    """The plan as the coordinator sees it."""
    return plan_page(case.reference, by=case.county.coordinator, at=case.at)


def shown(case: Case, number: str) -> RecommendationShown:
    """One recommendation of the plan."""
    page = plan_of(case)
    return next(one for one in (*page.standing, *page.withdrawn) if one.number == number)


def action_shown(case: Case, label: str) -> ActionShown:
    """One action of the plan."""
    return next(one for one in plan_of(case).actions if one.label == label)


def recommend(case: Case, number: str = "1", *to: str, **entry: Any) -> UUID:
    """Enter a recommendation, addressed to the police unless it is said."""
    agencies = tuple(sorted(case.county.agency(name) for name in to or ("Police",)))
    known = {"text": f"Firm words, number {number}.", "scope": "local", "origin": "overview", "addressee_ids": agencies}
    told = RecommendationEntry(number=number, **{**known, **entry})
    return add_recommendation(case.reference, told, by=case.county.coordinator, at=case.wait(minutes=1))


def act(case: Case, of: UUID, **entry: Any) -> UUID:
    """Enter an action of the police, due in ninety days unless it is said."""
    known = {
        "text": "The force changes its form.",
        "owner_id": case.county.agency("Police"),
        "when": "by_a_date",
        "target_on": case.today + timedelta(days=90) if entry.get("when", "by_a_date") == "by_a_date" else None,
    }
    return add_action(
        case.reference, of, ActionEntry(**{**known, **entry}), by=case.county.coordinator, at=case.wait(minutes=1)
    )


def done(case: Case, action_id: UUID, on: date | None = None) -> None:
    """Report an action as done."""
    by = case.county.coordinator
    version = plan_parts.done_part(case.reference, action_id, by=by, at=case.at).version
    entry = DoneEntry(on or case.today, "The superintendent’s statement of the day")
    report_done(case.reference, action_id, entry, version, by=by, at=case.wait(minutes=1))


def signed_off(case: Case, *action_ids: UUID, on: date | None = None) -> int:
    """Sign actions off by one minute; without ids all that are reported as done."""
    listed = plan_of(case).reported
    chosen = tuple(Seen(one.id, one.version) for one in listed if not action_ids or one.id in action_ids)
    return sign_off(case.reference, chosen, "14", on or case.today, by=case.county.chair, at=case.wait(minutes=1))


def send_letter(case: Case, recommendation_id: UUID, **entry: Any) -> None:
    """Record the letter of a national recommendation."""
    by = case.county.coordinator
    version = plan_parts.letter_part(case.reference, recommendation_id, by=by, at=case.at).version
    told = LetterEntry(**{"sent_on": case.today, **entry})
    record_letter(case.reference, recommendation_id, told, version, by=by, at=case.wait(minutes=1))
