"""What the steering group finds waiting in the demo: an action to sign off, and one that is nobody’s yet."""

from __future__ import annotations

from datetime import datetime

from dhr_app.casework import action, plan
from dhr_app.casework.action import ActionEntry
from dhr_app.casework.demo.plan_steps import Steps, reported
from dhr_app.casework.demo.playing import Playing, Step
from dhr_app.workflows.roles import Role


def waits_for_the_steering_group(day: int) -> Steps:
    """The police report their action as done; a second action for the protocol is entered, and is still nobody's."""
    return (
        reported(day, "1/1", "The superintendent’s statement, and the form as it is used since last month."),
        nobodys(day + 1, "2.1", "The protocol is put before the surgeries that joined since."),
    )


def nobodys(day: int, number: str, text: str) -> Step:
    """An action of this recommendation that has neither an owner nor a date yet."""

    def do(case: Playing, at: datetime) -> None:
        by = case.person(Role.COORDINATOR)
        page = plan.plan_page(case.reference, by=by, at=at)
        of = next(one.id for one in page.standing if one.number == number)
        action.add_action(case.reference, of, ActionEntry(text, when=action.NOT_YET), by=by, at=at)

    return Step(day, do)
