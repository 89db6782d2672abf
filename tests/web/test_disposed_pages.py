"""After a review's records are destroyed every page of it still answers, and says so where they stood."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from jinja2 import BytecodeCache
from sqlalchemy import select

from dhr_app.casework import nightly, rotation
from dhr_app.casework.health import check
from dhr_app.casework.house import at_work
from dhr_app.casework.steering_json import as_json
from dhr_app.casework.steering_report import steering_report
from dhr_app.casework.trail_proof import broken_places, payloads_broken
from dhr_app.database.models import Paper, Publication
from dhr_app.workflows.roles import Role
from tests.browser.site import Site, unserved_site
from tests.browser.visits import NO_PAGES, visits_of
from tests.disposals import POLICY, destroyed_outright
from tests.factories import NOW, TODAY, submit
from tests.installations import Ground

pytestmark = [pytest.mark.slow, pytest.mark.sqlite]


DAY_BEFORE = TODAY - timedelta(days=3)
BEFORE: dict[str, Any] = {}
WHERE = {
    "notification": "closed",
    "people": "closed",
    "family": "scoping",
    "decision": "panel",
    "report": "chair_report",
    "home-office": "home_office_qa",
    "meetings": "panel",
    "terms": "panel",
    "drafts": "chair_report",
}


@pytest.fixture(scope="module")
def site(
    demo_ground: Ground, compiled_templates: BytecodeCache, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """The demo, with everything that was sealed of every review destroyed, at whatever stage it is."""
    with unserved_site(demo_ground, compiled_templates, tmp_path_factory.mktemp("disposed")) as made:
        global BEFORE  # noqa: PLW0603 - what the same demo said before, for the test that compares
        BEFORE = as_json(steering_report(DAY_BEFORE, at=NOW))
        first, second = made.person(Role.STEERING_CHAIR), made.person(Role.COORDINATOR)
        for reference in made.demo.references.values():
            destroyed_outright(made.house, made.review_id(reference), first=first, second=second, at=NOW)
        yield made


@pytest.mark.parametrize("role", Role)
def test_every_page_of_destroyed_records_answers_and_nothing_that_was_sealed_stands_on_it(
    site: Site, role: Role
) -> None:
    client, card = site.app.test_client(), site.card(role)
    assert submit(client, "/sign-in", {"email": card.email, "password": card.password}).status_code == 302
    faults = []
    for visit in visits_of(site, site.person(role)):
        answer = client.get(visit.path)
        # A report prints the day that it is asked for, which may be anybody’s.
        found = site.sealed_in(answer.text) if visit.endpoint != "overview.report" else []
        wanted: tuple[int, ...] = (200, 302, 410) if visit.allowed else (403, 404, 405, 302)
        if not visit.allowed and (answer.location or "").endswith("/before-you-start"):
            wanted = (303,)  # whose seat is not open yet is led there
        if answer.status_code not in wanted or (answer.status_code == 410 and visit.endpoint.endswith(".see")):
            faults.append(f"{visit.endpoint} {visit.path}: {answer.status_code}")
        if found:
            faults.append(f"{visit.endpoint} {visit.path}: shows {len(found)} sealed values")
        if visit.endpoint not in NO_PAGES and not BeautifulSoup(answer.text, "lxml").select_one("h1"):
            faults.append(f"{visit.endpoint} {visit.path}: is blank")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("page", WHERE)
def test_a_page_says_on_which_day_and_under_which_policy_what_stood_there_was_destroyed(site: Site, page: str) -> None:
    client, card = site.app.test_client(), site.card(Role.COORDINATOR)
    submit(client, "/sign-in", {"email": card.email, "password": card.password})
    answer = client.get(f"/reviews/{site.reference(WHERE[page])}/{page}")
    assert f"Destroyed on 3 June 2026 under {POLICY}" in answer.text


def test_where_the_report_was_published_and_the_hash_of_what_was_on_file_can_still_be_read(site: Site) -> None:
    client, card, reference = site.app.test_client(), site.card(Role.COORDINATOR), site.reference("closed")
    submit(client, "/sign-in", {"email": card.email, "password": card.password})
    with site.house.reading() as session:
        review_id = site.review_id(reference)
        addresses = session.scalars(select(Publication.address).where(Publication.review_id == review_id)).all()
        hashes = session.scalars(select(Paper.sha256).where(Paper.review_id == review_id)).all()
    published = [each for each in addresses if each]
    assert published
    assert hashes
    publication, report = (client.get(f"/reviews/{reference}/{page}").text for page in ("publication", "report"))
    assert [each for each in published if each not in publication] == []
    assert [each for each in hashes if each not in report] == []


def test_the_trail_holds_to_the_last_payload_and_a_report_of_an_earlier_day_says_what_it_said(site: Site) -> None:
    with at_work(site.house):
        assert broken_places(site.house, deep=True) == ()
        assert payloads_broken(site.house, at=NOW) == ()
        assert as_json(steering_report(DAY_BEFORE, at=NOW)) == BEFORE


def test_nobody_misses_a_file_a_key_or_a_term_that_was_destroyed_on_purpose(site: Site) -> None:
    with at_work(site.house):
        asked = {"keystore", "audit", "next_dates", "files", "tombstones"}
        answers = {found.question: found for found in check(site.house)}
        assert [answers[each].sentence for each in sorted(asked) if not answers[each].good] == []
        assert [each.name for each in site.house.store.objects()] == []
        assert nightly.sweep_orphan_keys(site.house, at=NOW) == (0, 0)
        rotated = rotation.rotate(site.house, wait=lambda seconds: None, say=lambda line: None, settle=0)
        assert (rotated.keys, rotated.resealed, rotated.unreadable) == (0, 0, set())
