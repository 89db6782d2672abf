"""T43 at every door that takes a form: what a form does not have is read by nobody, and stands in the audit trail.

Each form is filled in as its page shows it and sent by somebody who may send it, with every attribute beside it that a
row could have and the form does not. The demo’s site is put back after each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
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
from tests.installations import Ground
from tests.web.access import KINDS, table
from tests.web.crowd import Address, Crowd

pytestmark = [pytest.mark.sqlite, pytest.mark.slow]

# Boxes that a form has, though not on the page as the demo shows it, or of which it shows three for one day.
OF_A_MOVE = {"receiver_id", "review_by", "deadline_id"}
OWN = {
    "appointment.see":      {"role"},
    "approval.correct":     {"meeting_id"},
    "decision.prepare":     {"kind"},
    "incidents.enter":      {"kind"},
    "moves.make:defer":     OF_A_MOVE,
    "moves.make:keep_hold": OF_A_MOVE,
    "moves.make:reconsider": OF_A_MOVE,
    "moves.make:reopen":    OF_A_MOVE,
    "moves.make:take_down": OF_A_MOVE,
    "owed.report":          {"blocked_by"},
    "panel.correct":        {"from_on", "to_on"},
    "panel.end":            {"to_on"},
    "panel.take":           {"from_on", "to_on"},
    "paper.add":            {"kind"},
    "paper.correct":        {"final_by"},
    "plan.move_date":       {"to_on"},
    "plan.report":          {"blocked_by"},
    "records.hold":         {"review_by"},
    "reminders.set_quiet":  {"from_on", "to_on"},
    "requests.correct":     {"due_by"},
    "requests.receive":     {"body_id", "due_by", "kind"},
    "retention.freeze":     {"review_by"},
    "trail.table":          {"from_on", "to_on"},
}  # fmt: skip
GIVES_POWER = {"role", "account_id", "agency_id", "owner_id"}  # noted though another form of the room asks for it
SENDERS = "CSXIRGAP"  # whoever of these may send the form sends it
CANARY = "Zqcanary"
NOBODY = str(uuid4())
FOREIGN = {name: NOBODY for name in PROTECTED if name == "id" or name.endswith("_id")}
WHEN = {name: "1987-06-05" for name in PROTECTED if name.endswith(("_at", "_on"))} | {"at": "1987-06-05T00:00:00Z"}
HOSTILE = dict.fromkeys(sorted(PROTECTED), CANARY) | FOREIGN | WHEN


@pytest.fixture(scope="module")
def crowd(
    demo_ground: Ground, compiled_templates: BytecodeCache, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Crowd]:
    """The demo, with somebody before it for each form."""
    with unserved_site(demo_ground, compiled_templates, tmp_path_factory.mktemp("crowd")) as site:
        yield Crowd(site, {letter: KINDS[letter] for letter in SENDERS})


def addresses(crowd: Crowd, *, each: bool = False) -> Iterator[tuple[str, Address]]:
    """An address of every door that takes a form, or every one there is, with who sends it."""
    answers = table()
    for endpoint in crowd.doors():
        found = [address for address in crowd.addresses(endpoint) if address.method == "POST"]
        for address in found if each else {address.door: address for address in found}.values():
            who = [letter for letter in SENDERS if answers[address.door, "POST"][letter] == "o"]
            if who:
                yield who[0], address


def test_t43_every_form_takes_its_own_boxes_alone_and_says_which_others_were_sent(crowd: Crowd) -> None:
    faults, taken = [], set()
    for letter, address in addresses(crowd):
        usual = filled_in(crowd, letter, address)
        own = {*usual, *OWN.get(address.door, ())}
        more = {name: value for name, value in HOSTILE.items() if name not in own}
        before, noted_before = told_by_the_rows(crowd), noted(crowd)
        answer = send(crowd, letter, address, {**usual, **more})
        if answer.status_code < 400:
            taken.add(address.door)
        unsaid = set(more).difference(*noted(crowd)[len(noted_before) :])
        refused_unread = answer.status_code in (403, 404, 409)  # any form of the room may be meant
        unsaid -= boxes_of_the_room(crowd, address) - (set() if refused_unread else GIVES_POWER)
        if unsaid or len(noted(crowd)) != len(noted_before) + 1:
            faults.append(f"{address.door} ({answer.status_code}): {unsaid} was sent and not noted")
        if changed := told_by_the_rows(crowd) - before:
            faults.append(f"{address.door}: {changed} was taken from the form")
        crowd.put_back()
    assert not faults, "\n".join(faults)
    assert len(taken) > 90


def test_t43_no_form_refers_to_a_row_of_another_review(crowd: Crowd) -> None:
    others = ids_by_table(crowd)
    assert mixed_up(crowd) == set()
    faults, tried = [], set()
    for letter, address in addresses(crowd, each=True):
        for name, foreign in foreign_to(others, filled_in(crowd, letter, address), address):
            if (address.door, name) in tried:
                continue
            tried.add((address.door, name))
            answer = send(crowd, letter, address, {**filled_in(crowd, letter, address), name: foreign})
            if answer.status_code >= 500:
                faults.append(f"{address.door}: {answer.status_code} for {name}")
            faults += [f"{address.door}: {name} led to {each}" for each in mixed_up(crowd)]
            crowd.put_back()
    assert not faults, "\n".join(faults)
    assert len(tried) > 3, tried


def ids_by_table(crowd: Crowd) -> dict[str, dict[str, str]]:
    """Of each table whose rows belong to reviews: its rows’ ids, with their reviews’."""
    found: dict[str, dict[str, str]] = {}
    with crowd.site.house.database.engine.connect() as connection:
        for each in Base.metadata.sorted_tables:
            if {"id", "review_id"} <= set(each.c.keys()):
                rows = connection.execute(select(each.c.id, each.c.review_id).order_by(each.c.id))
                found[each.name] = {str(row.id): str(row.review_id) for row in rows}
    return found


def foreign_to(
    others: dict[str, dict[str, str]], usual: dict[str, list[str]], address: Address
) -> Iterator[tuple[str, list[str]]]:
    """For each box that holds a row of this review: the same with a row of another review instead."""
    for name, values in usual.items():
        for rows in others.values():
            own = next((each for each in rows if each in values[0]), None)
            away = next((each for each, review in rows.items() if review not in (str(address.review_id), "None")), None)
            if own is not None and away is not None:
                yield name, [values[0].replace(own, away)]


def mixed_up(crowd: Crowd) -> set[str]:
    """Which columns refer to a row of another review than their own row’s."""
    rows, found = ids_by_table(crowd), set()
    with crowd.site.house.database.engine.connect() as connection:
        for each in Base.metadata.sorted_tables:
            if each.name not in rows:
                continue
            for key in each.foreign_keys:
                far = rows.get(key.column.table.name)
                if far is None or key.column.name != "id":
                    continue
                for row in connection.execute(select(key.parent, each.c.review_id).where(key.parent.is_not(None))):
                    if None not in row and far[str(row[0])] not in (str(row[1]), "None"):
                        found.add(f"{each.name}.{key.parent.name}")
    return found


def boxes_of_the_room(crowd: Crowd, address: Address) -> set[str]:
    """The boxes of the forms that this door’s room has."""
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
