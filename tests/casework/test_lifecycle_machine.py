"""A review driven at random by everything people can do: it never stands where the table does not let it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from dhr_app.casework.statement import accept, second, withdraw
from dhr_app.casework.telling_page import telling_page
from dhr_app.database.models import Deadline, DutyOwed, MoveMade, PauseRow, Statement
from dhr_app.database.verify import verify
from dhr_app.workflows.conditions import CONDITIONS
from dhr_app.workflows.dates import next_date
from dhr_app.workflows.errors import Invalid, NotAllowed, NotYet, OutOfReach
from dhr_app.workflows.facts import Audience
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import MAIN_LINE, OPEN, Stage
from tests.papers import final_papers
from tests.reviews import Case, County, row_counts
from tests.workflows.lifecycle_table import ALWAYS, ROWS, WITHOUT_MOVES

REFUSALS = (NotAllowed, NotYet, OutOfReach)
TRAIL = {"event", "audit_entry", "audit_head"}
RULE_SETS = ("dhr-2016", "dardr", "local-review", "contribution")
TAKING_PAPERS = MAIN_LINE[MAIN_LINE.index(Stage.PANEL) :]
ACTORS = (Role.COORDINATOR, Role.STEERING_CHAIR, Role.STEERING_DEPUTY, Role.STEERING_MEMBER, Role.AUDITOR)


class LifeOfAReview(RuleBasedStateMachine):
    """One review; the people who work on it press whatever they can, ready or not."""

    def __init__(self, county: County) -> None:
        super().__init__()
        self.county = county
        self.case: Case | None = None
        self.stage, self.moves = Stage.NOTIFICATION, 0
        self.statements: list[Any] = []

    # --- What is done -----------------------------------------------------------------------------------------------

    @precondition(lambda self: self.case is None)
    @rule(rule_set=st.sampled_from(RULE_SETS))
    def begin(self, rule_set: str) -> None:
        self.case = self.county.notified(rule_set=rule_set)

    @precondition(lambda self: self.case is not None)
    @rule(name=st.sampled_from(sorted(ROWS)), role=st.sampled_from(ACTORS), place=st.sampled_from(list(Stage)))
    def press_a_button(self, name: str, role: Role, place: Stage) -> None:
        self._move(name, self.county.who(role), place)

    @precondition(lambda self: self.case is not None)
    @rule(data=st.data(), place=st.sampled_from(list(Stage)))
    def answer_everything_and_move(self, data: st.DataObject, place: Stage) -> None:
        possible = [name for name, row in ROWS.items() if self.stage.value in row.source and name not in self._without]
        name = data.draw(st.sampled_from(possible))
        if name in ({"pause"} if self._on_hold else {"resume", "keep_hold"}):
            return
        self.at_it.settle(name)
        self._move(name, self.county.coordinator, place)

    @precondition(lambda self: self.case is not None)
    @rule(
        name=st.sampled_from(sorted(CONDITIONS)),
        answer=st.sampled_from(["done", "does_not_apply", "could_not_be_done"]),
    )
    def answer_a_condition(self, name: str, answer: str) -> None:
        stated: list[Any] = []
        on_files = answer == "done" and CONDITIONS[name].files
        if on_files and not self._refused_or_done(lambda: final_papers(self.at_it)):
            assert self.stage not in TAKING_PAPERS
            return
        if self._refused_or_done(lambda: stated.append(self.at_it.state(name, answer))):
            assert name not in ALWAYS or answer == "done"
        self.statements += stated

    @precondition(lambda self: self.statements)
    @rule(data=st.data(), role=st.sampled_from(ACTORS), deed=st.sampled_from([second, accept, withdraw]))
    def agree_accept_or_take_back(self, data: st.DataObject, role: Role, deed: Callable[..., None]) -> None:
        statement_id = data.draw(st.sampled_from(self.statements))
        row = next(each for each in self.at_it.rows(Statement) if each.id == statement_id)
        by = self.county.who(role)
        with_effect = self._refused_or_done(lambda: deed(self.at_it.reference, statement_id, by=by, at=self._soon()))
        if with_effect and deed is not withdraw:
            assert by.id != row.recorded_by_id, "nobody agrees with themselves"
        if with_effect and deed is accept:
            assert role in (Role.STEERING_CHAIR, Role.STEERING_DEPUTY)

    @precondition(lambda self: self.case is not None)
    @rule(audience=st.sampled_from(list(Audience)), which=st.integers(0, 9))
    def tell_somebody(self, audience: Audience, which: int) -> None:
        about = telling_page(self.at_it.reference, by=self.county.coordinator, at=self.at_it.at).about
        owed, settled = self._owed(), []
        of = about[which % len(about)].code
        done = self._refused_or_done(lambda: settled.append(self.at_it.tell(audience, about=of)))
        assert done is (self.stage is not Stage.VOID), "of a void record nobody is told, of any other anybody"
        assert self._owed() == owed - sum(settled)

    @precondition(lambda self: self.case is not None and self.stage in OPEN)
    @rule(barred=st.booleans())
    def record_a_relative(self, barred: bool) -> None:
        self.at_it.relative(not_contacted_because="suspect" if barred else "")

    @precondition(lambda self: self.case is not None)
    @rule(days=st.integers(1, 45))
    def let_days_pass(self, days: int) -> None:
        self.at_it.wait(days=days)

    # --- What is always true ----------------------------------------------------------------------------------------

    @invariant()
    def the_stage_is_where_the_moves_led(self) -> None:
        if self.case is None:
            return
        assert self.case.stage is self.stage
        made = self.case.rows(MoveMade)
        assert [row.seq for row in made] == list(range(1, self.moves + 1))
        assert self.case.row.moves_made == self.moves
        stood = Stage.NOTIFICATION.value
        for row in made:
            assert row.from_stage == stood
            assert stood in ROWS[row.name].source
            assert row.to_stage in ROWS[row.name].leads_to(stood)
            assert row.name not in self._without
            stood = row.to_stage

    @invariant()
    def the_next_date_kept_is_the_one_counted_afresh(self) -> None:
        if self.case is None:
            return
        coming = next_date(self.case.facts(), self.case.rule_set, self.county.house.rule_book.calendar)
        assert (self.case.row.next_on, self.case.row.next_what) == (coming or (None, None))

    @invariant()
    def what_left_its_way_waits_for_nothing(self) -> None:
        if self.case is None:
            return
        open_pauses = [row for row in self.case.rows(PauseRow) if row.resumed_on is None]
        assert len(open_pauses) == (self.case.row.on_hold_since is not None)
        if self.stage not in OPEN:
            assert not open_pauses
            assert not [row for row in self.case.rows(Deadline) if row.met_on is None and row.ended_on is None]

    def teardown(self) -> None:
        if self.case is not None:
            with self.county.house.reading() as session:
                assert verify(session, self.case.row.id) == []

    # --- How it is asked --------------------------------------------------------------------------------------------

    @property
    def at_it(self) -> Case:
        assert self.case is not None
        return self.case

    @property
    def _without(self) -> set[str]:
        return WITHOUT_MOVES[self.at_it.rule_set.key]

    @property
    def _on_hold(self) -> bool:
        return self.at_it.facts().open_pause is not None

    def _soon(self) -> Any:
        return self.at_it.wait(minutes=1)

    def _owed(self) -> int:
        return sum(row.settled_by_id is None for row in self.at_it.rows(DutyOwed))

    def _counts(self) -> dict[str, int]:
        return row_counts(self.county.house)

    def _refused_or_done(self, deed: Callable[[], object]) -> bool:
        """Whether it was done; a refusal must change nothing but the trail, and be kept there once."""
        before = self._counts()
        try:
            deed()
        except REFUSALS:
            after = self._counts()
            assert {name for name in after if after[name] != before[name]} <= TRAIL
            assert after["event"] == before["event"] + 1
            return False
        except Invalid:
            assert self._counts() == before
            return False
        return True

    def _move(self, name: str, by: Person, target: Stage) -> None:
        row, source = ROWS[name], self.stage.value
        changes = {"target": target} if len(row.targets) > 1 else {}
        open_before = set(self.at_it.needed(name))
        made = self._refused_or_done(lambda: self.at_it.move(name, by=by, **changes))
        if made:
            assert by.role.value in row.recorders
            assert source in row.source
            assert not open_before
            self.moves += 1
            self.stage = self.at_it.stage
            assert self.stage.value in row.leads_to(source)
            assert len(row.targets) < 2 or self.stage is target


SHORT = settings(
    max_examples=12,
    stateful_step_count=14,
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
LONG = settings(SHORT, max_examples=60, stateful_step_count=30, derandomize=False, phases=tuple(Phase))


def live(county: County, how_long: settings) -> None:
    class HereAndNow(LifeOfAReview):
        def __init__(self) -> None:
            super().__init__(county)

    run_state_machine_as_test(HereAndNow, settings=how_long)


def test_a_review_never_stands_where_the_table_does_not_let_it(bare_county: County) -> None:
    live(bare_county, SHORT)


@pytest.mark.slow
def test_nor_after_a_long_life(bare_county: County) -> None:
    live(bare_county, LONG)
