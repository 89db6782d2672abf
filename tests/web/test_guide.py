"""The guides: each role finds its own from every page, and each reads to its end."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from dhr_app.web.guide.views import GUIDES, TITLES
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
    assert set(GUIDES.values()) == set(TITLES)


def test_there_is_no_guide_of_another_name(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client)
    assert Visitor(client).open("/help/coroner").status == 404
