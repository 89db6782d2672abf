"""What stands around every page: the partnership's name, the ways a person has, and where their day begins."""

from __future__ import annotations

from time import monotonic
from typing import Any

from flask import Flask, current_app, g, request, url_for

from dhr_app.adapters.clock import london_date
from dhr_app.casework.account import SignedIn, ends_at
from dhr_app.casework.front_door import Letterhead, letterhead
from dhr_app.casework.troubles import DatabaseUnavailable
from dhr_app.workflows.emergency import minutes_left
from dhr_app.workflows.permissions import allows
from dhr_app.workflows.roles import Role

WAYS = (
    ("What needs you today", "/today",    "day.see"),
    ("What is asked of you", "/desk",     "desk.see"),
    ("What your agency owes", "/owed",    "owed.see"),
    ("Steering overview",    "/overview", "overview.see"),
    ("Reviews",              "/reviews",  "reviews.list"),
    ("Meetings",             "/meetings", "meetings.list"),
    ("Requests",             "/requests", "requests.see"),
    ("Incidents",            "/incidents", "incidents.list"),
    ("Kept records",         "/retention", "retention.see"),
    ("Audit trail",          "/trail",    "trail.see"),
    ("Search",               "/search",   "search.see"),
    ("Accounts",             "/accounts", "accounts.see"),
    ("Help",                 "/help",     "home.see"),
)  # fmt: skip

HOMES = {
    Role.COORDINATOR: "/today",
    Role.ADMINISTRATOR: "/accounts",
    Role.INDEPENDENT_CHAIR: "/desk",
    Role.REPORT_AUTHOR: "/desk",
    Role.AGENCY_CONTRIBUTOR: "/owed",
    Role.STEERING_CHAIR: "/overview",
    Role.STEERING_DEPUTY: "/overview",
    Role.STEERING_MEMBER: "/overview",
    Role.AUDITOR: "/trail",
}
EVERYBODY_ELSES_HOME = "/reviews"

LETTERHEAD_SECONDS = 60


def home_of(role: Role) -> str:
    """Where a role's day begins."""
    return HOMES.get(role, EVERYBODY_ELSES_HOME)


def install(app: Flask) -> None:
    """Give every page what templates/layout.html shows around it."""

    @app.context_processor
    def around() -> dict[str, Any]:
        signed_in: SignedIn | None = g.get("signed_in")
        head = _letterhead()
        return {
            "partnership_name": head.name,
            "support_text": head.support_line,
            "signed_in": _who(signed_in) if signed_in else None,
            "navigation": _ways(signed_in) if signed_in else [],
            "emergencies": _emergencies(signed_in) if signed_in else [],
            "may_ask_in_an_emergency": _may_ask(signed_in) if signed_in else False,
            "sign_out_url": url_for("signing_in.sign_out"),
            "home_url": "/",
        }


def _who(signed_in: SignedIn) -> dict[str, Any]:
    end, last = ends_at(signed_in, at=g.at)
    return {
        "name": signed_in.person.name,
        "role": signed_in.person.role.label,
        "sign_ins_url": "/sign-ins",
        "stay_url": "/sign-ins/stay",
        "seconds": int((end - g.at).total_seconds()),
        "last": last,
    }


def _ways(signed_in: SignedIn) -> list[dict[str, Any]]:
    on = london_date(g.at)
    return [
        {"text": text, "href": path, "active": request.path == path or request.path.startswith(f"{path}/")}
        for text, path, permission in WAYS
        if allows(signed_in.person, permission, on=on)
    ]


def _emergencies(signed_in: SignedIn) -> list[dict[str, Any]]:
    """The reviews that are open to the person in an emergency, each with the minutes that are left of it."""
    person = signed_in.person
    return [
        {"reference": each.reference, "until": each.until_at, "minutes": minutes_left(each.until_at, g.at)}
        for each in person.as_at(g.at).emergencies
        if allows(person, "emergency.end", review_id=each.review_id, on=london_date(g.at))
    ]


def _may_ask(signed_in: SignedIn) -> bool:
    """Whether the way to emergency access is shown: a coordinator reads every review without it."""
    person, on = signed_in.person, london_date(g.at)
    return allows(person, "emergency.ask", on=on) and not allows(person, "day.see", on=on)


def _letterhead() -> Letterhead:
    """Read at most once a minute; the page that says the database is gone goes without."""
    kept: tuple[float, Letterhead] | None = current_app.extensions.get("letterhead")
    if kept is not None and monotonic() - kept[0] < LETTERHEAD_SECONDS:
        return kept[1]
    try:
        head = letterhead()
    except (DatabaseUnavailable, LookupError):
        return kept[1] if kept else Letterhead()
    current_app.extensions["letterhead"] = (monotonic(), head)
    return head
