"""Two people have the same form open: the second to save sees both texts and chooses, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dhr_app.database.models import InvolvedPerson
from dhr_app.workflows.roles import Role
from tests.browser.site import Site
from tests.browser.walker import Walker

pytestmark = pytest.mark.browser

FIRST, SECOND = "Moved here in spring.", "Worked nights at the infirmary."


@pytest.fixture
def windows(arrive: Callable[..., Walker], site: Site) -> tuple[Walker, Walker]:
    """Two coordinators’ windows, with the same person’s record open in both."""
    person_id = site.ids(InvolvedPerson, "late")[0]
    path = f"/reviews/{site.reference('late')}/people/{person_id}"
    first, second = (arrive().sign_in(Role.COORDINATOR).open(path) for _ in range(2))
    return first, second


def test_the_second_to_save_sees_both_texts_and_chooses(windows: tuple[Walker, Walker]) -> None:
    first, second = windows
    first.write("Notes", FIRST).write("Home address", "1 Quayside, Plumstead").press("Save").told("saved")

    second.write("Notes", SECOND).write("Other names", "Gussie").press("Save")
    assert second.status == 409
    second.sees_heading("Somebody else saved this first").sees(FIRST).sees(SECOND)
    assert second.faults() + second.faults_when_narrow() == []
    second.choose("Notes", "As you wrote it").choose("Other names", "As you wrote it")
    second.choose("Home address", "As it was saved")
    second.press("Save what I chose").told("saved")

    first.follow("People").sees(SECOND).sees("1 Quayside, Plumstead").sees("Gussie")


def test_whoever_chooses_nothing_is_asked_again_with_every_word(windows: tuple[Walker, Walker]) -> None:
    first, second = windows
    first.write("Notes", "Saved by the first.").press("Save").told("saved")
    second.write("Notes", "Kept by the second.").press("Save").press("Save what I chose")
    assert second.status == 409
    second.sees("There is a problem").sees("Choose which of the two to keep.").sees("Saved by the first.").sees(
        "Kept by the second."
    )
    assert second.faults() + second.faults_when_narrow() == []
