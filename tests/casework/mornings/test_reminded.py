"""Reminders that went out, on the timeline of their review."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from dhr_app.casework import timeline
from dhr_app.casework.outbox import State
from dhr_app.casework.reminding import remind
from dhr_app.casework.timeline import timeline_page
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.emergencies import given
from tests.mornings import LATE, morning, said, settle
from tests.queries import asked_by
from tests.reviews import Case, County


class TestTheTimeline:
    def reminded(self, case: Case, role: Role = Role.COORDINATOR) -> list[tuple[date, str]]:
        page = timeline_page(case.reference, by=case.county.who(role), at=morning(date(2026, 12, 1)))
        return [(entry.on, entry.text) for entry in page.entries if entry.id is None]

    def test_a_reminder_that_went_out_stands_there_by_role_and_not_by_name(self, county: County) -> None:
        case = county.review()
        said(county, LATE, dry_run=False)
        assert self.reminded(case) == []
        for state in (State.SENT, State.DELIVERED):
            settle(county, state)
            assert self.reminded(case) == [(LATE, "Reminded the coordinator of “Decision whether to review”")]
        assert self.reminded(case, Role.STEERING_MEMBER) == self.reminded(case)

    def test_what_a_reader_may_not_know_of_stays_out(self, county: County) -> None:
        case = county.review(Stage.PANEL)
        given(case, county.who(Role.STEERING_MEMBER))
        remind(county.house, case.today + timedelta(days=1), at=case.wait(days=1))
        settle(county, State.SENT)
        told = "what was opened in an emergency"
        assert told in " ".join(text for _, text in self.reminded(case))
        assert told not in " ".join(text for _, text in self.reminded(case, Role.STEERING_MEMBER))

    def test_each_stands_on_one_page_of_several_and_costs_one_statement(
        self, county: County, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        case = county.review(Stage.PANEL)
        monday = date(2026, 10, 5)
        for week in range(4):
            day = monday + timedelta(days=7 * week)
            remind(county.house, day, at=morning(day))
            settle(county, State.SENT)
        at = morning(date(2026, 12, 1))
        whole = timeline_page(case.reference, by=county.coordinator, at=at).entries
        cost = asked_by(county.house, lambda: timeline_page(case.reference, by=county.coordinator, at=at))
        monkeypatch.setattr(timeline, "PAGE", 2)
        found: list[Any] = []
        older = None
        for _ in range(100):
            page = timeline_page(case.reference, from_entry=older, by=county.coordinator, at=at)
            found += page.entries
            older = page.older
            if older is None:
                break
        assert [(one.on, one.text) for one in found if one.id is None] == [
            (one.on, one.text) for one in whole if one.id is None
        ]
        assert len([one for one in whole if one.id is None]) == 4
        remind(county.house, date(2026, 11, 2), at=morning(date(2026, 11, 2)))
        settle(county, State.SENT)
        monkeypatch.undo()
        assert asked_by(county.house, lambda: timeline_page(case.reference, by=county.coordinator, at=at)) == cost
