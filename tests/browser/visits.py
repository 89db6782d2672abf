"""Which pages there are: for each route how to find real ones, and whether the table of permissions opens them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from dhr_app.adapters.clock import london_date
from dhr_app.database.models import FamilyMember, InvolvedPerson, ScopingRequest
from dhr_app.web.routes import PUBLIC, Door
from dhr_app.workflows.lifecycle import MOVES
from dhr_app.workflows.permissions import Person, allows
from tests.browser.site import Site
from tests.factories import NOW

Way = dict[str, Any]
Finding = Callable[[Site], Iterator[Way]]

EVERY_CASE = "every case of the demo"


def nothing(site: Site) -> Iterator[Way]:
    """A page that is the same page whatever it is about."""
    yield {}


def of(*cases: str) -> Finding:
    """The page of each of these cases of the demo."""

    def ways(site: Site) -> Iterator[Way]:
        for case in site.demo.references if cases == (EVERY_CASE,) else cases:
            yield {"reference": site.reference(case)}

    return ways


def rows(model: Any, argument: str, *cases: str) -> Finding:
    """The page of each row that these cases have."""

    def ways(site: Site) -> Iterator[Way]:
        for case in cases:
            for row_id in site.ids(model, case):
                yield {"reference": site.reference(case), argument: row_id}

    return ways


def named(*pairs: tuple[str, str]) -> Finding:
    """The page of each move or condition, by its case and its name."""

    def ways(site: Site) -> Iterator[Way]:
        for case, name in pairs:
            yield {"reference": site.reference(case), "name": name}

    return ways


def with_query(visits: Finding, **query: str) -> Finding:
    """The same pages, asked for with something after the question mark."""
    return lambda site: ({**way, **query} for way in visits(site))


def both(*several: Finding) -> Finding:
    """One after the other."""
    return lambda site: (way for visits in several for way in visits(site))


def moves_to_see(site: Site) -> Iterator[Way]:
    """Each move of the table at a case where it starts, and one that does not start there."""
    starts_at = {
        "notified": ("begin_scoping", "void", "bring_in", "direct"),
        "scoping": ("commission", "defer"),
        "late": ("decide_not_to_review", "transfer", "withdraw", "pause"),
        "not_reviewed": ("reconsider",),
        "panel": ("begin_report", "extend", "replace_chair"),
        "on_hold": ("resume",),
        "chair_report": ("submit_to_home_office",),
        "home_office_qa": ("clear", "send_back"),
        "publication": ("publish", "withhold", "correct_stage"),
        "seminar": ("close", "take_down", "publish_again"),
        "closed": ("reopen", "begin_scoping"),
        "local": ("finish_local",),
        "contribution": ("close_contribution", "begin_contribution"),
    }
    assert {name for names in starts_at.values() for name in names} == set(MOVES)
    return named(*((case, name) for case, names in starts_at.items() for name in names))(site)


# How to find real pages behind each route: a function from the site to what its address is made of.
VISITS: dict[str, Finding] = {
    "front.home":            nothing,
    "front.health":          nothing,
    "signing_in.sign_in":    nothing,
    "day.today":             nothing,
    "accounts.index":        nothing,
    "reviews.index":         both(nothing, lambda site: iter([{"stage": "scoping"}, {"last": ""}])),
    "reviews.see":           of(EVERY_CASE),
    "reviews.timeline":      of("notified", "scoping", "seminar"),
    "notification.notify":   nothing,
    "notification.see":      of("notified", "scoping", "closed"),
    "notification.correct":  of("notified", "scoping"),
    "people.see":            of("notified", "panel", "closed"),
    "people.add":            of("notified", "panel"),
    "people.correct":        rows(InvolvedPerson, "person_id", "notified", "panel"),
    "family.see":            of("notified", "scoping", "panel"),
    "family.add":            of("scoping", "panel"),
    "family.correct":        rows(FamilyMember, "member_id", "scoping"),
    "scoping.see":           of("notified", "scoping", "late", "panel"),
    "scoping.answer":        rows(ScopingRequest, "request_id", "scoping"),
    "other_reviews.consider": of("scoping", "late", "panel"),
    "decision.prepare":      of("scoping", "late", "not_reviewed", "panel"),
    "told.tell":             both(of("scoping", "panel", "not_reviewed"), with_query(of("panel"), whom="family")),
    "members.see":           of("notified", "scoping", "panel"),
    "conditions.see":        named(*(("seminar", name) for name in ("briefing_issued", "local_actions_signed_off")),
                                   ("panel", "chair_appointed"), ("publication", "anonymity_checked"),
                                   ("chair_report", "report_agreed"), ("late", "other_reviews_considered"),
                                   ("on_hold", "family_told")),
    "moves.make":            moves_to_see,
}  # fmt: skip

# What the work asks for beyond the route's own permission.
ASKS_BEYOND = {"scoping.see": "scoping.read", "scoping.answer": "scoping.read"}


@dataclass(frozen=True)
class Visit:
    """One address, and whether this person may have it."""

    endpoint: str
    path: str
    allowed: bool


def doors(site: Site) -> list[Door]:
    """Every route that can be looked at."""
    found = [
        rule for rule in site.app.url_map.iter_rules() if "GET" in (rule.methods or ()) and rule.endpoint != "static"
    ]
    return [rule for rule in found if isinstance(rule, Door)]


def visits_of(site: Site, person: Person) -> Iterator[Visit]:
    """Everything to be seen, as this person finds it."""
    for door in doors(site):
        for way in VISITS[door.endpoint](site):
            with site.app.test_request_context():
                path = site.app.url_for(door.endpoint, **way)
            yield Visit(door.endpoint, path, may_see(site, person, door, way))


def may_see(site: Site, person: Person, door: Door, way: Way) -> bool:
    """Whether the table of permissions opens this page to the person."""
    permission = ASKS_BEYOND.get(door.endpoint, door.permission or "")
    if door.endpoint == "moves.make":
        permission = f"move.{way['name']}"
    if permission == PUBLIC:
        return True
    review_id = site.review_id(way["reference"]) if "reference" in way else None
    agency_id = _agency(site, way["request_id"]) if "request_id" in way else person.agency_id
    return allows(person, permission, review_id=review_id, agency_id=agency_id, on=london_date(NOW))


def _agency(site: Site, request_id: UUID) -> UUID:
    with site.house.reading() as session:
        return session.get_one(ScopingRequest, request_id).agency_id
