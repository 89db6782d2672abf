"""Every door is asked for real by every kind of visitor, and what lies behind it is reached by nobody else’s way."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from jinja2 import BytecodeCache
from sqlalchemy import func, select

from dhr_app.database.keystore import Keystore
from dhr_app.database.models import Event, Imr
from dhr_app.workflows.events import Happened
from dhr_app.workflows.roles import Role
from tests.browser.site import unserved_site
from tests.factories import bare
from tests.installations import Ground
from tests.web.access import ANSWERS, BY_A_SEAT, KINDS, at_stage, table
from tests.web.crowd import Address, Browser, Crowd, told

pytestmark = pytest.mark.sqlite

# Asked at every change; the others by the slow suites, since each asks three hundred times.
AT_EVERY_CHANGE = "-Pp"
PAGES_BY_STAGE = ("reviews.see", "people.see", "family.see", "terms.see", "drafts.see", "plan.see", "scoping.see")
LETTERS = ["-", *KINDS]


@pytest.fixture(scope="module")
def crowd(
    demo_ground: Ground, compiled_templates: BytecodeCache, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Crowd]:
    """The demo, with a visitor of every kind before it."""
    with unserved_site(demo_ground, compiled_templates, tmp_path_factory.mktemp("crowd")) as site:
        yield Crowd(site, KINDS)


@pytest.fixture(scope="module")
def addresses(crowd: Crowd) -> dict[tuple[str, str], Address]:
    """One real address of every door, by the door and the method."""
    found: dict[tuple[str, str], Address] = {}
    for endpoint in crowd.doors():
        for address in crowd.addresses(endpoint):
            found.setdefault((address.door, address.method), address)
    return found


def test_every_door_has_a_row_and_every_row_a_door(crowd: Crowd, addresses: dict[tuple[str, str], Address]) -> None:
    unfound = sorted(set(crowd.doors()) - {door.partition(":")[0] for door, _ in addresses})
    assert not unfound, f"Nobody knows a real address of {unfound}: add how to find one to tests/web/crowd.py."
    missing = sorted(set(addresses) - set(table()))
    assert not missing, (
        f"No row says who may come in at {missing}: add one to ACCESS in tests/web/access.py, with a letter for what\n"
        "each visitor is to be answered, from what the design says they may do and not from what they are answered now."
    )
    gone = sorted(set(table()) - set(addresses))
    assert not gone, f"There is no door for the rows of {gone}: take them out of ACCESS in tests/web/access.py."


@pytest.mark.parametrize(
    "letter",
    [letter if letter in AT_EVERY_CHANGE else pytest.param(letter, marks=pytest.mark.slow) for letter in LETTERS],
)
def test_each_visitor_is_answered_as_the_table_says(
    crowd: Crowd, addresses: dict[tuple[str, str], Address], letter: str
) -> None:
    faults = []
    for (door, method), row in table().items():
        address = addresses[door, method]
        found, must = told(crowd.ask(letter, address)), expected(crowd, address, letter, row[letter])
        if found != must:
            faults.append(
                f"{method} {address.path} ({door}), visitor {letter}: {ANSWERS[found]}, where the table says:"
                f" {ANSWERS[must]}"
            )
    assert not faults, "\n".join(faults)


def expected(crowd: Crowd, address: Address, letter: str, answer: str) -> str:
    """The table’s answer at the stage of the review that the address is about, where it is about one."""
    return at_stage(answer, letter, address.door, crowd.stage(address)) if address.reference else answer


@pytest.mark.parametrize(
    "letter", [each if each in "PG" else pytest.param(each, marks=pytest.mark.slow) for each in BY_A_SEAT]
)
def test_at_every_stage_a_seat_opens_the_doors_of_that_stage_alone(crowd: Crowd, letter: str) -> None:
    faults, asked = [], set()
    for address in (each for endpoint in PAGES_BY_STAGE for each in crowd.addresses(endpoint)):
        stage = crowd.stage(address)
        if address.method != "GET" or (address.door, stage) in asked:
            continue
        asked.add((address.door, stage))
        found = told(crowd.ask(letter, address))
        must = expected(crowd, address, letter, table()[address.door, "GET"][letter])
        if found != must:
            faults.append(f"{address.path} ({address.door}) at {stage}: {ANSWERS[found]}, not: {ANSWERS[must]}")
    assert not faults, "\n".join(faults)
    assert {"notification", "scoping", "panel", "publication", "seminar", "closed"} <= {stage for _, stage in asked}


# --- T40: whoever may reach review A has the ids of another ---------------------------------------------------------

NOWHERE = "DHR-1999-001"
IDS = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
OWN = "panel"  # the case whose review they have a seat on

# Who comes by a seat on one review, and whose office opens every review but those they have a conflict with.
BY_SEAT = (Role.PANEL_MEMBER, Role.INDEPENDENT_CHAIR, Role.REPORT_AUTHOR, Role.AGENCY_CONTRIBUTOR)
BY_OFFICE = (Role.COORDINATOR, Role.STEERING_CHAIR, Role.STEERING_DEPUTY, Role.STEERING_MEMBER, Role.AUDITOR)


@pytest.fixture
def asked_keys(monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    """The reviews of the keys that are unwrapped from now on, one for each time."""
    found: list[UUID] = []
    unwrapped = Keystore.unwrapped

    def counted(self: Keystore, domain: Any, generation: int, row: Any) -> Any:
        found.append(domain.review_id)
        return unwrapped(self, domain, generation, row)

    monkeypatch.setattr(Keystore, "unwrapped", counted)
    return found


@pytest.fixture(scope="module")
def on_one_review(crowd: Crowd) -> Callable[[Role], Browser]:
    """Somebody who reaches the review of the case OWN and no other, by their seat or for a conflict with the rest."""
    own = crowd.site.review_id(crowd.site.reference(OWN))
    others = set(crowd.reviews()) - {own}

    def admitted(role: Role) -> Browser:
        agency_id = crowd.agency("Police") if role in (Role.AGENCY_CONTRIBUTOR, Role.PANEL_MEMBER) else None
        if role in BY_SEAT:
            return crowd.admit(role, seats=[own], agency_id=agency_id)
        return crowd.admit(role, conflicts=others)

    return admitted


def of_others(crowd: Crowd, *, each: bool) -> Iterator[Address]:
    """The addresses of reviews other than OWN: every one there is, or one of each door."""
    own = crowd.site.review_id(crowd.site.reference(OWN))
    for endpoint in crowd.doors():
        done = set()
        for address in crowd.addresses(endpoint):
            if address.review_id in (None, own) or (address.door, address.method) in done:
                continue
            yield address
            if not each:
                done.add((address.door, address.method))


def denials(crowd: Crowd) -> int:
    with crowd.site.house.reading() as session:
        refused = select(func.count()).select_from(Event).where(Event.kind == Happened.REFUSED.value)
        return session.scalar(refused) or 0


def trespassed(crowd: Crowd, browser: Browser, addresses: Collection[Address]) -> list[str]:
    """What was answered otherwise than for a review that does not exist, or was not written down."""
    faults, nothing = [], {}
    for address in addresses:
        if address.door not in nothing:
            unknown = address.instead(NOWHERE) if address.reference else IDS.sub(lambda _: str(uuid4()), address.path)
            nothing[address.door] = bare(browser.ask(address.method, unknown))
        before = denials(crowd)
        answer = browser.ask(address.method, address.path)
        where = f"{address.method} {address.path}"
        if answer.status_code != 404:
            faults.append(f"{where}: {answer.status_code}")
        elif bare(answer) != nothing[address.door]:
            faults.append(f"{where}: reads otherwise than for a review that does not exist")
        if denials(crowd) != before + 1:
            faults.append(f"{where}: {denials(crowd) - before} denials in the trail instead of one")
    return faults


@pytest.mark.parametrize(
    "role",
    [role if role is Role.PANEL_MEMBER else pytest.param(role, marks=pytest.mark.slow) for role in BY_SEAT + BY_OFFICE],
)
def test_t40_no_address_of_another_review_answers_anything_and_none_of_its_keys_is_asked_for(
    crowd: Crowd, on_one_review: Callable[[Role], Browser], asked_keys: list[UUID], role: Role
) -> None:
    browser = on_one_review(role)
    addresses = [
        each for each in of_others(crowd, each=role is not Role.PANEL_MEMBER) if not _by_the_agencys_door(each)
    ]
    assert len(addresses) > 200
    asked_keys.clear()
    faults = trespassed(crowd, browser, addresses)
    assert not faults, "\n".join(faults)
    assert asked_keys == []


def _by_the_agencys_door(address: Address) -> bool:
    """An agency’s door to its own actions, of any review (decision 13); to every other role it is shut (403)."""
    return address.door.startswith("owed.")


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.STEERING_CHAIR, Role.INDEPENDENT_CHAIR])
def test_t40_one_review_s_address_opens_nothing_of_another(
    crowd: Crowd, on_one_review: Callable[[Role], Browser], asked_keys: list[UUID], role: Role
) -> None:
    own = crowd.site.reference(OWN)
    browser = crowd.admit(role) if role in BY_OFFICE else on_one_review(role)
    mixed = [each for each in of_others(crowd, each=False) if each.reference and IDS.search(each.path)]
    assert len(mixed) > 80
    asked_keys.clear()
    faults = []
    for address in mixed:
        answer = browser.ask(address.method, address.instead(own))
        if answer.status_code not in (403, 404, 409):  # 409: not due on their own review, before anything is looked for
            faults.append(f"{address.method} {address.instead(own)} ({address.door}): {answer.status_code}")
        if address.review_id in asked_keys:
            faults.append(f"{address.method} {address.instead(own)} ({address.door}): asked for a key of the other")
            asked_keys.clear()
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    "role",
    [
        role if role in (Role.PANEL_MEMBER, Role.STEERING_MEMBER) else pytest.param(role, marks=pytest.mark.slow)
        for role in BY_SEAT + BY_OFFICE
    ],
)
def test_t40_no_list_search_or_message_names_a_review_that_is_out_of_reach(
    crowd: Crowd, on_one_review: Callable[[Role], Browser], asked_keys: list[UUID], role: Role
) -> None:
    browser = on_one_review(role)
    own = crowd.site.reference(OWN)
    others = set(crowd.reviews().values()) - {own}
    every = [address for endpoint in crowd.doors() for address in crowd.addresses(endpoint)]
    asked_keys.clear()  # finding the mails writes them, and what is written is held against the protected names
    faults = []
    for address in every:
        if address.review_id is not None or address.door.startswith("inbox.") or address.method == "POST":
            continue
        if role is Role.AGENCY_CONTRIBUTOR and address.door == "owed.see":  # its own, of any review: decision 13
            continue
        answer = browser.ask("GET", address.path)
        found = sorted(reference for reference in others if reference in answer.text)
        if answer.status_code == 200 and found:
            faults.append(f"{address.path}: names {', '.join(found)}")
    for word in crowd.site.demo.sealed[:20]:
        answer = browser.ask("POST", "/search", looked_for=word)
        faults += [f"search: names {reference}" for reference in others if reference in answer.text]
    assert not faults, "\n".join(faults)
    assert set(asked_keys) <= {crowd.site.review_id(own)}


# --- T41: what one agency was asked is not another’s -----------------------------------------------------------------


def test_t41_an_agency_on_the_same_review_reads_nothing_that_another_was_asked(
    crowd: Crowd, addresses: dict[tuple[str, str], Address], asked_keys: list[UUID]
) -> None:
    asked = [each for each in addresses.values() if each.agency_id and each.reference]
    assert {"scoping.answer", "imr.answer", "accuracy.answer", "plan.report"} <= {each.door for each in asked}
    for address in asked:
        assert told(crowd.ask("H", address)) == expected(crowd, address, "H", "f"), address.path
    assert asked_keys == []


def test_t41_a_list_of_what_was_asked_shows_an_agency_its_own_line_alone(
    crowd: Crowd, addresses: dict[tuple[str, str], Address]
) -> None:
    address = addresses["imr.answer", "GET"]
    with crowd.site.house.reading() as session:
        rows = session.execute(select(Imr.id, Imr.agency_id).where(Imr.review_id == address.review_id).order_by(Imr.id))
        whose = {str(imr_id): agency_id for imr_id, agency_id in rows}
    assert len(set(whose.values())) > 1
    for agency_id in set(whose.values()):
        page = crowd.of_agency("G", agency_id).ask("GET", f"/reviews/{address.reference}/imrs").text
        assert any(imr_id in page for imr_id in whose if whose[imr_id] == agency_id)
        assert {imr_id for imr_id in whose if imr_id in page} <= {each for each in whose if whose[each] == agency_id}
