"""The guides: each role finds its own from every page, and each reads to its end."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

import dhr_app
from dhr_app.casework.rule_book import load
from dhr_app.web.guide.views import GUIDES, TITLES
from dhr_app.web.guide.words import WORDS
from dhr_app.workflows import record_wording, wording
from dhr_app.workflows.conditions import CONDITIONS
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from tests.stories.visitor import Visitor

SignIn = Callable[..., Person]


@pytest.mark.parametrize("role", list(Role))
def test_each_role_finds_its_own_guide_from_every_page_and_each_link_opens(
    client: FlaskClient, sign_in: SignIn, role: Role
) -> None:
    sign_in(client, role)
    page = Visitor(client).open("/nothing-here")
    (way,) = [link["href"] for link in page.page.select("a") if link.get_text(strip=True) == "Help"]
    page.open(str(way))
    assert page.path == f"/help/{GUIDES[role]}"
    assert TITLES[GUIDES[role]] in page.text
    for link in [str(link["href"]) for link in page.page.select("main a")]:
        assert Visitor(client).open(link).status == 200, link


def test_every_role_has_a_guide_and_every_guide_a_reader() -> None:
    assert set(GUIDES) == set(Role)
    assert {*GUIDES.values(), "words"} == set(TITLES)


def test_every_abbreviation_on_a_page_is_explained_under_the_words() -> None:
    explained = {term for term, _ in WORDS}
    assert [term for term, _ in WORDS] == sorted(explained, key=str.casefold)
    found = set(re.findall(r"\b[A-Z]{2,}\b", "\n".join(texts_on_pages()).replace("IMRs", "IMR").replace("PDFs", "PDF")))
    assert found > {"DARDR", "DHR", "IMR", "CSP", "MAPPA", "IOPC"}
    assert found - explained <= {"NHS", "PDF", "CSV", "JSON", "MB", "OFFICIAL", "SENSITIVE", "SHA", "NAME", "GOV", "UK"}


def test_the_coordinator_s_guide_leads_to_the_words(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client)
    (link,) = Visitor(client).open("/help/coordinator").links("/help/words")
    assert "Family liaison officer" in Visitor(client).open(link).text


def texts_on_pages() -> Iterator[str]:
    """What stands on pages: the words of templates, choices, conditions and rule sets."""
    for template in (Path(dhr_app.__file__).parent / "templates").rglob("*.html"):
        source = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", " ", template.read_text(encoding="utf-8"), flags=re.DOTALL)
        yield BeautifulSoup(source, "html.parser").get_text(" ")
    for module in (wording, record_wording):
        for name, choices in vars(module).items():
            if isinstance(choices, dict) and name.isupper():
                yield from (str(text) for text in choices.values())
    yield from (condition.sentence for condition in CONDITIONS.values())
    for rules in load(Path(dhr_app.__file__).parents[1] / "config").rule_sets.values():
        yield rules.short_name


def test_there_is_no_guide_of_another_name(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client)
    assert Visitor(client).open("/help/coroner").status == 404
