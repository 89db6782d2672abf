"""Whoever comes, goes, is barred, changes or is let in at random: each sees what they may at this moment and no more.

`tests/access/model.py` has its own idea of that, and `tests/access/doors.py` asks the real doors after each step.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from tests.access.accounts import Accounts
from tests.access.life import Setting
from tests.access.model import PAGES
from tests.reviews import County
from tests.shelves import Shelves


class PeopleComeAndGo(Accounts):
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
    max_examples=8,
    stateful_step_count=20,
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
LONG = settings(SHORT, max_examples=80, stateful_step_count=40, derandomize=False, phases=tuple(Phase))


def live(county: County, shelves: Shelves, how_long: settings) -> None:
    made = Setting.of(county, shelves)

    class HereAndNow(PeopleComeAndGo):
        setting = made

    run_state_machine_as_test(HereAndNow, settings=how_long)


def test_each_sees_what_they_may_whoever_comes_and_goes(bare_county: County, shelves: Shelves) -> None:
    live(bare_county, shelves, SHORT)


@pytest.mark.slow
def test_and_after_many_comings_and_goings(bare_county: County, shelves: Shelves) -> None:
    live(bare_county, shelves, LONG)
