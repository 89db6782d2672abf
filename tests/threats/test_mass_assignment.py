"""T43 at every door that takes a form: what a form does not have is read by nobody, and stands in the audit trail.

Each form is filled in as its page shows it and sent by somebody who may send it, with every attribute beside it that a
row could have and the form does not. The demo’s site is put back after each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup, Tag
from jinja2 import BytecodeCache
from sqlalchemy import Table, select
from werkzeug.test import TestResponse

from dhr_app.database.base import Base
from dhr_app.database.models import Event
from dhr_app.web.unasked import PROTECTED, names_of
from dhr_app.web.words_kept import kinds_here
from dhr_app.workflows.events import Happened
from tests.browser.site import unserved_site
from tests.web.access import KINDS, table
from tests.web.crowd import Address, Crowd

pytestmark = [pytest.mark.sqlite, pytest.mark.slow]

SENDERS = "CSXIRGAP"  # whoever of these may send the form sends it
CANARY = "Zqcanary"
NOBODY = str(uuid4())
FOREIGN = {name: NOBODY for name in PROTECTED if name == "id" or name.endswith("_id")}
WHEN = {name: "1987-06-05" for name in PROTECTED if name.endswith(("_at", "_on"))} | {"at": "1987-06-05T00:00:00Z"}
HOSTILE = dict.fromkeys(sorted(PROTECTED), CANARY) | FOREIGN | WHEN
NOTHING_TO_SEND = {"joining.by_organisation", "joining.join"}


@pytest.fixture(scope="module")
def crowd(
    empty_instance: Path, compiled_templates: BytecodeCache, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Crowd]:
    """The demo, with somebody before it for each form."""
    with unserved_site(empty_instance, compiled_templates, tmp_path_factory.mktemp("crowd")) as site:
        yield Crowd(site, {letter: KINDS[letter] for letter in SENDERS})


def addresses(crowd: Crowd) -> Iterator[tuple[str, Address]]:
    """One address of every door that takes a form behind a sign-in, with who sends it."""
    answers = table()
    for endpoint in crowd.doors():
        found = {address.door: address for address in crowd.addresses(endpoint) if address.method == "POST"}
        for door, address in found.items():
            who = [letter for letter in SENDERS if answers[door, "POST"][letter] == "o"]
            if who:
                yield who[0], address


def test_t43_every_form_takes_its_own_boxes_alone_and_says_which_others_were_sent(crowd: Crowd) -> None:
    faults, taken = [], 0
    for letter, address in addresses(crowd):
        usual = filled_in(crowd, letter, address)
        more = {name: value for name, value in HOSTILE.items() if name not in own_names(crowd, address) | set(usual)}
        before, noted_before = told_by_the_rows(crowd), noted(crowd)
        answer = send(crowd, letter, address, {**usual, **more})
        taken += answer.status_code < 400 and bool(answer.location)
        if told_by_the_rows(crowd) != before:
            faults.append(f"{address.door}: {told_by_the_rows(crowd) - before} was taken from the form")
        if noted(crowd)[len(noted_before) :] != [sorted(more)]:
            faults.append(f"{address.door} ({answer.status_code}): {noted(crowd)[len(noted_before) :]} was noted")
        crowd.put_back()
    assert not faults, "\n".join(faults)


def own_names(crowd: Crowd, address: Address) -> set[str]:
    """The boxes of the forms that this door may show."""
    with crowd.site.app.test_request_context(address.path, method="POST"):
        return set().union(*map(names_of, kinds_here()))


def filled_in(crowd: Crowd, letter: str, address: Address) -> dict[str, list[str]]:
    """The form of a door as its page shows it, with something in each box; empty where it has only a button."""
    page = crowd.browser(letter, address).ask("GET", address.path)
    soup = BeautifulSoup(page.text, "html.parser") if page.status_code == 200 else BeautifulSoup("", "html.parser")
    for form in soup.select("main form[method='post'], main form[method='POST']"):
        if str(form.get("action") or address.path).partition("?")[0] == address.path:
            return dict(_boxes(form))
    return {}


def _boxes(form: Tag) -> Iterator[tuple[str, list[str]]]:
    for item in form.find_all(["input", "textarea", "select"]):
        name, kind, value = (str(item.get(each) or "") for each in ("name", "type", "value"))
        if not name or name == "csrf_token" or kind in ("submit", "button", "file"):
            continue
        if item.name == "select":
            values = [str(option.get("value") or "") for option in item.find_all("option")]
            yield name, [next(filter(None, values), "")]
        elif kind in ("radio", "checkbox", "hidden"):
            yield name, [value]
        else:
            yield name, [value or item.get_text().strip() or _typed(name)]


def _typed(name: str) -> str:
    ending = name.rpartition("-")[2]
    return {"day": "2", "month": "6", "year": "2026", "email": "somebody@barsetshire.example"}.get(ending, "2")


def send(crowd: Crowd, letter: str, address: Address, sent: dict[str, list[str] | str]) -> TestResponse:
    """Send it with a token that counts."""
    browser = crowd.browser(letter, address)
    browser.client.set_cookie("dhr", browser.cookie)
    return browser.client.post(address.path, data={"csrf_token": browser.token, **sent})


def noted(crowd: Crowd) -> list[list[str]]:
    """Which attributes were noted, of each form that was sent some."""
    with crowd.site.house.reading() as session:
        rows = select(Event.details).where(Event.kind == Happened.REFUSED.value).order_by(Event.recorded_at, Event.id)
        return [details["reasons"] for details in session.scalars(rows) if details["what"] == "mass_assignment"]


def told_by_the_rows(crowd: Crowd) -> Counter[tuple[str, str, str]]:
    """How often what was sent beside the forms stands in each column, the audit trail aside."""
    found: Counter[tuple[str, str, str]] = Counter()
    with crowd.site.house.database.engine.connect() as connection:
        for each in Base.metadata.sorted_tables:
            if each.name not in ("event", "audit_entry", "audit_payload"):
                found.update(_canaries(each, connection.execute(select(each)).mappings().all()))
    return found


def _canaries(each: Table, rows: object) -> Iterator[tuple[str, str, str]]:
    for row in rows:  # type: ignore[attr-defined]
        for name, value in row.items():
            if any(canary in str(value) for canary in (CANARY, NOBODY, "1987-06-05")):
                yield each.name, name, str(value)
