"""Reading a page as its elements. They are typed as Any: a test that finds nothing should fail, not narrow types."""

from __future__ import annotations

from typing import Any

from bs4 import BeautifulSoup
from flask.testing import FlaskClient


def elements(html: str) -> Any:
    """The elements of a page."""
    return BeautifulSoup(html, "html.parser")


def soup(client: FlaskClient, path: str) -> Any:
    """The elements of the page at a path, which must be there."""
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return elements(answer.text)
