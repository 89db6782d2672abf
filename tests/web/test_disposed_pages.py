"""After a review's records are destroyed every page of it still answers, and says so where they stood."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from jinja2 import BytecodeCache

from dhr_app import create_app
from dhr_app.casework import demo
from dhr_app.casework.house import at_work, open_house
from dhr_app.casework.partnership import seed
from dhr_app.workflows.roles import Role
from tests.browser.site import Site
from tests.browser.visits import NO_PAGES, visits_of
from tests.disposals import destroyed_outright
from tests.factories import NOW, TODAY, StoppedClock, submit
from tests.installations import Ground

pytestmark = [pytest.mark.slow, pytest.mark.sqlite]


@pytest.fixture(scope="module")
def site(
    empty_instance: Path, compiled_templates: BytecodeCache, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """The demo, with everything that was sealed of every review destroyed, at whatever stage it is."""
    instance = tmp_path_factory.mktemp("disposed") / "instance"
    shutil.copytree(empty_instance, instance, symlinks=True)
    house = replace(open_house(Ground(instance).settings), clock=StoppedClock())
    with at_work(house):
        seed(house, at=NOW - timedelta(days=2000))
        loaded = demo.load(house, today=TODAY)
        app = create_app(house=house)
        app.jinja_env.bytecode_cache = compiled_templates
        made = Site("", house, app, loaded)
        first, second = made.person(Role.STEERING_CHAIR), made.person(Role.COORDINATOR)
        for reference in loaded.references.values():
            destroyed_outright(house, made.review_id(reference), first=first, second=second, at=NOW)
        yield made
    house.database.dispose()


@pytest.mark.parametrize("role", Role)
def test_every_page_of_destroyed_records_answers_and_nothing_that_was_sealed_stands_on_it(
    site: Site, role: Role
) -> None:
    client, card = site.app.test_client(), site.card(role)
    assert submit(client, "/sign-in", {"email": card.email, "password": card.password}).status_code == 302
    faults = []
    for visit in visits_of(site, site.person(role)):
        answer = client.get(visit.path)
        found = [value for value in site.sealed_in(answer.text) if len(value) > 3]
        wanted = (200, 302, 410) if visit.allowed else (403, 404, 405, 302)
        if answer.status_code not in wanted or (answer.status_code == 410 and visit.endpoint.endswith(".see")):
            faults.append(f"{visit.endpoint} {visit.path}: {answer.status_code}")
        if found:
            faults.append(f"{visit.endpoint} {visit.path}: shows {len(found)} sealed values")
        if visit.endpoint not in NO_PAGES and not BeautifulSoup(answer.text, "lxml").select_one("h1"):
            faults.append(f"{visit.endpoint} {visit.path}: is blank")
    assert not faults, "\n".join(faults)
