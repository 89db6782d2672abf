"""Whoever comes, goes, is barred, changes or is let in at random: each sees what they may at this moment and no more.

`tests/access/model.py` has its own idea of that, and `tests/access/doors.py` asks the real doors after each step.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from dhr_app.workflows.roles import Role
from tests.access.emergencies import Emergencies
from tests.access.life import NEWCOMERS, Setting
from tests.access.model import PAGES
from tests.reviews import County
from tests.shelves import Shelves


class PeopleComeAndGo(Emergencies):
    """Everybody tries everything that lets somebody in or keeps somebody out, and then the doors are asked."""

    @invariant()
    def everybody_sees_what_they_may(self) -> None:
        self.doors.ask_about_sign_ins(self.at)
        names = list(self.idea.accounts)
        for name in names:
            if not self.idea.accounts[name].blocked and not self.idea.accounts[name].tokens:
                self._signs_in(name)
            self.doors.ask_about_classes(name, self.at)
        self.steps += 1
        at_random = names[self.steps * 5 % len(names)]
        pages = list(PAGES)[self.steps % 3 :: 3]
        self.doors.ask_at_the_pages(at_random, self.at, pages)
        for name in sorted(self.touched & set(names)):
            self.doors.ask_at_the_pages(name, self.at, pages[:1])
        self.doors.ask_at_the_lists(at_random, self.at)
        self.touched.clear()

    def teardown(self) -> None:
        self.stack.close()


SHORT = settings(
    max_examples=4,
    stateful_step_count=15,
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
LONG = settings(SHORT, max_examples=12, stateful_step_count=30)


def here_and_now(county: County, shelves: Shelves) -> type[PeopleComeAndGo]:
    made = Setting.of(county, shelves)

    class HereAndNow(PeopleComeAndGo):
        setting = made

    return HereAndNow


def test_each_sees_what_they_may_where_chance_has_no_part(bare_county: County, shelves: Shelves) -> None:
    life = here_and_now(bare_county, shelves)()
    life.some_work_already(["chair", "author", "panel member", "officer", "probation"], "first")
    for deed in (
        lambda: life.say("author", "first", "unsure"),
        lambda: life.wait_for_a_decision("author", "first", take_part=True),
        lambda: life.wait_for_a_decision("colleague", "first", take_part=True),
        lambda: life.change_by_two("chair", Role.REPORT_AUTHOR, "Police"),
        lambda: life.change_by_two("author", Role.AUDITOR, "Police"),
        lambda: life.change_by_two("panel member", Role.INDEPENDENT_CHAIR, "Police"),
        lambda: life.come_though_barred(NEWCOMERS[0], Role.AGENCY_CONTRIBUTOR, "Police", "first"),
        lambda: life.come_by_invitation(NEWCOMERS[1], Role.COORDINATOR, "Police"),
        lambda: life.leave_the_work_to_the_contact("officer", "first", barred=False),
        lambda: life.let_in_again("administrator", "officer"),
        lambda: life.leave_the_work_to_the_contact("sergeant", "second", barred=True),
        lambda: life.bar_and_let_back("officer", "second"),
        lambda: life.put_on_the_block_list("colleague", "deputy", "first"),
        lambda: life.bar_and_let_back("probation", "first"),
        lambda: life.put_on_the_block_list("colleague", "probation", "first"),
        lambda: life.take_off_the_block_list("colleague", "colleague", "probation", "first"),
        lambda: life.take_off_the_block_list("colleague", "steering chair", "probation", "first"),
        lambda: life.give_a_seat("colleague", "probation", "first"),
        lambda: life.say("probation", "first", "none"),
        lambda: life.the_undertaking_has_another_text(0),
        lambda: life.undertake("probation", "first"),
        lambda: life.be_let_in_an_emergency("member", "first", barred=False),
        lambda: life.minutes_pass(59, writes=False),
        lambda: life.minutes_pass(60, writes=True),
        lambda: life.ask_in_an_emergency("deputy", "second"),
        lambda: life.answer_it("colleague", "deputy", "second", confirms=False),
        lambda: life.be_let_in_an_emergency("deputy", "second", barred=False),
        lambda: life.end_it("probation", "deputy", "second"),
        lambda: life.end_it("deputy", "deputy", "second"),
        lambda: life.be_let_in_an_emergency("member", "second", barred=True),
        lambda: life.a_night_passes(0),
        lambda: life.move_the_review("colleague", "second", "commission", 0),
        lambda: life.move_the_review("steering chair", "first", "withdraw", 0),
    ):
        deed()
        life.everybody_sees_what_they_may()
    assert len(life.questions) == 3, "what was asked for in an emergency was asked"
    for name in life.idea.accounts:
        life.doors.ask_at_the_lists(name, life.at)
    life.teardown()


def test_each_sees_what_they_may_whoever_comes_and_goes(bare_county: County, shelves: Shelves) -> None:
    run_state_machine_as_test(here_and_now(bare_county, shelves), settings=SHORT)


@pytest.mark.slow
def test_and_after_many_comings_and_goings(bare_county: County, shelves: Shelves) -> None:
    run_state_machine_as_test(here_and_now(bare_county, shelves), settings=LONG)
