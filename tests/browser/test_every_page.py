"""Every page that a role may open is sound: answered, accessible, silent, within its window, discreet in its title."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from dhr_app.workflows.roles import Role
from tests.browser.bones import bones, title
from tests.browser.site import Site
from tests.browser.visits import NO_PAGES, ONE_AFTER_THE_OTHER, VISITS, Visit, doors, visits_of
from tests.browser.walker import DESKTOP, PHONE, Walker

pytestmark = pytest.mark.browser

SCREENSHOTS = os.environ.get("DHR_SCREENSHOTS")


def test_every_route_that_can_be_looked_at_is_looked_at(site: Site) -> None:
    unvisited = {door.endpoint for door in doors(site)} - set(VISITS)
    assert not unvisited, (
        f"No test looks at {sorted(unvisited)}: add each to VISITS, with how to find real pages of it."
    )
    assert set(VISITS) <= {door.endpoint for door in doors(site)}, "VISITS names a route that is gone: take it out."


@pytest.fixture(scope="module")
def examined() -> set[tuple[str, ...]]:
    """What was examined already, whoever looked at it: shapes of pages."""
    return set()


@pytest.mark.slow
@pytest.mark.parametrize("role", Role)
def test_every_shape_of_every_page_is_sound(
    arrive: Callable[..., Walker], site: Site, examined: set[tuple[str, ...]], role: Role
) -> None:
    walker = arrive().sign_in(role)
    faults = []
    for visit in visits_of(site, site.person(role)):
        page, found = _answered(walker, site, visit)
        faults += found
        if page and not _known((visit.endpoint, bones(page), *_landing(visit, role)), examined):
            faults += _look_at(walker, role, visit)
    assert not faults, "\n".join(faults)


BEFORE_YOU_START = "/before-you-start"  # where whoever’s seat is not open yet is led


def _answered(walker: Walker, site: Site, visit: Visit) -> tuple[str, list[str]]:
    """The page, where there is one to look at, and what is wrong with how it was answered."""
    answer = walker.page.request.get(visit.path)
    faults = []
    led_away = not visit.allowed and answer.url.endswith(BEFORE_YOU_START) and not visit.path.endswith(BEFORE_YOU_START)
    refusals = (403, 404, 409) if visit.endpoint in ONE_AFTER_THE_OTHER else (403, 404)
    if answer.status not in ((200,) if visit.allowed or led_away else refusals):
        faults.append(f"{visit.path}: {answer.status}, and the table of permissions says otherwise")
    if not visit.allowed or visit.endpoint in NO_PAGES:
        return "", faults
    page = answer.text()
    return page, faults + [f"{visit.path}: its title holds “{value}”" for value in site.sealed_in(title(page))]


def _landing(visit: Visit, role: Role) -> tuple[str, ...]:
    """What stands around a page is looked at once for each role."""
    return (role,) if visit.endpoint == "front.home" else ()


def _known(what: tuple[str, ...], examined: set[tuple[str, ...]]) -> bool:
    known = what in examined
    examined.add(what)
    return known


def _look_at(walker: Walker, role: Role, visit: Visit) -> list[str]:
    """Everything that is wrong with the page, in a wide window and in narrow ones."""
    walker.open(visit.path)
    found = walker.faults() + walker.faults_when_narrow()
    keep(walker, role, visit)
    return [f"{visit.path}: {fault}" for fault in found]


def test_the_pages_that_refuse_are_sound(arrive: Callable[..., Walker], site: Site) -> None:
    walker = arrive().sign_in(Role.STEERING_MEMBER)
    refusals = {
        "/reviews/DHR-1999-001":                           (404, "Page not found"),
        "/nowhere":                                        (404, "Page not found"),
        f"/reviews/{site.reference('panel')}/family":      (403, "This page is not open to you"),
    }  # fmt: skip
    for path, (status, heading) in refusals.items():
        walker.open(path).sees_heading(heading)
        assert (walker.status, walker.faults(), walker.faults_when_narrow()) == (status, [], []), path


def test_the_way_in_is_sound_when_it_is_refused_too(arrive: Callable[..., Walker]) -> None:
    walker = arrive().open("/sign-in")
    assert walker.faults() + walker.faults_when_narrow() == []
    walker.press("Sign in").sees("There is a problem").sees("Enter your password.")
    assert (walker.status, walker.faults(), walker.faults_when_narrow()) == (422, [], [])


def test_whoever_was_signed_out_meanwhile_gets_every_word_back(arrive: Callable[..., Walker], site: Site) -> None:
    walker = arrive().sign_in(Role.COORDINATOR).open(f"/reviews/{site.reference('scoping')}/people/new")
    elsewhere = arrive().sign_in(Role.COORDINATOR).follow("Your sign-ins")
    walker.write("Notes", "Typed for half an hour.")
    elsewhere.press("End all but this one").sees_heading("Your sign-ins")
    walker.press("Save").sees("Typed for half an hour.")
    assert (walker.status, walker.faults(), walker.faults_when_narrow()) == (401, [], [])


def keep(walker: Walker, role: Role, visit: Visit) -> None:
    """Write the page in both widths for people to look at, where DHR_SCREENSHOTS names a folder."""
    if not SCREENSHOTS:
        return
    name = f"{visit.endpoint}{visit.path.replace('/', '_')}.{role.value}"[:120]
    for width, size in (("phone", PHONE), ("wide", DESKTOP)):
        walker.page.set_viewport_size(size)
        walker.page.screenshot(path=Path(SCREENSHOTS) / f"{name}.{width}.png", full_page=True)
