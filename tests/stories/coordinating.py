"""A coordinator’s work over HTTP: pages opened, forms sent, and what a refusal lists mended link by link."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from flask import Flask

from dhr_app.casework.house import House
from dhr_app.casework.partnership import seed
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.roles import Role
from tests.factories import PASSWORD, StoppedClock, make_account
from tests.stories.visitor import Visitor

AGENCIES = ("Barsetshire Police", "Barset Refuge and Outreach", "NHS Barsetshire Integrated Care Board")
FINAL_FILES = "\n".join(letter * 64 for letter in "abc")


def day_boxes(name: str, day: date) -> dict[str, str]:
    """The three boxes of a date."""
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


def month_boxes(name: str, month: str) -> dict[str, str]:
    """The boxes of a day known to its month only: “September 2018”."""
    found = datetime.strptime(month, "%B %Y")  # noqa: DTZ007 - a month of a calendar, no moment
    return {f"{name}-day": "", f"{name}-month": str(found.month), f"{name}-year": str(found.year)}


@dataclass
class Office:
    """The partnership’s office: a coordinator and a steering chair, each at a browser, on a day that one sets."""

    app: Flask
    house: House
    clock: StoppedClock
    refusals: int = 0
    _at: dict[Role, Visitor] = field(default_factory=dict)
    _addresses: dict[Role, str] = field(default_factory=dict)

    def open_up(self) -> None:
        """Set the partnership up and give both an account."""
        seed(self.house, at=self.clock.now())
        for role in (Role.COORDINATOR, Role.STEERING_CHAIR):
            _, self._addresses[role] = make_account(self.house, role)

    def on(self, day: date) -> None:
        """Come to the office on another day; everybody signs in afresh."""
        self.clock.moment = datetime(day.year, day.month, day.day, 9, 30, tzinfo=UTC)
        self._at.clear()

    @property
    def today(self) -> date:
        """The day it is."""
        return self.clock.moment.date()

    def somebody(self, role: Role = Role.COORDINATOR) -> Visitor:
        """Whoever has this role, signed in."""
        if role not in self._at:
            visitor = Visitor(self.app.test_client())
            visitor.open("/sign-in").send({"email": self._addresses[role], "password": PASSWORD})
            assert visitor.status == 200, visitor.text
            self._at[role] = visitor
        return self._at[role]

    def ask_agencies(self, reference: str) -> None:
        """Ask three agencies what they know."""
        page = self.somebody().open(f"/reviews/{reference}/scoping")
        boxes = {label.get_text(strip=True): label for label in page.page.select("main form label")}
        chosen = [str(page.page.select_one(f"#{boxes[name]['for']}")["value"]) for name in AGENCIES]  # type: ignore[index]
        page.send({"agency_ids": chosen, **day_boxes("asked_on", self.today)})
        assert "3 agencies were asked" in page.page.get_text(), page.errors()

    def enter_returns(self, reference: str) -> None:
        """Enter each agency’s return from its e-mail: two know something, one has nothing."""
        page = self.somebody().open(f"/reviews/{reference}/scoping")
        links = [str(link["href"]) for link in page.page.select("main a[href]")]
        requests = sorted(
            {link for link in links if re.fullmatch(rf"/reviews/{reference}/scoping/[0-9a-f-]{{36}}", link)}
        )
        assert len(requests) == len(AGENCIES)
        for number, link in enumerate(requests):
            knows = {"outcome": "in", "what_is_known": "Known to the service for two years."}
            answer = {"outcome": "nil"} if number == 0 else knows
            page.open(link).send(
                {
                    **answer,
                    "records_secured": "yes",
                    "came_from": "An e-mail of the day",
                    **day_boxes("answered_on", self.today),
                },
                to=link,
            )
            assert page.errors() == [], page.errors()
            assert page.status == 200, page.text[:300]

    def consider_other_reviews(self, reference: str) -> None:
        """Record that no other kind of review runs."""
        page = self.somebody().open(f"/reviews/{reference}/other-reviews")
        body = page.page.select_one("select[name=lead_body_id] option[value]:not([value=''])")
        assert body is not None
        page.send({"lead_body_id": str(body["value"]), "template": "own", **day_boxes("considered_on", self.today)})
        assert not page.errors(), page.errors()

    def prepare_decision(self, reference: str, kind: str) -> None:
        """Write down which way, on two grounds of the rule set, and why."""
        page = self.somebody().open(f"/reviews/{reference}/decision")
        grounds = [str(box["value"]) for box in page.page.select("input[name=criteria]")][:2]
        values: dict[str, str | list[str]] = {"kind": kind, "criteria": grounds, "reasons": "As the panel heard."}
        if kind == "not_review":
            values["against"] = [str(box["value"]) for box in page.page.select("input[name=against]")][:1]
        page.send(values)
        assert not page.errors(), page.errors()

    def be_refused(self, reference: str, move: str) -> list[str]:
        """Try a move that is not ready: nothing changes, and the page links to everything that is missing."""
        before = self.stage_shown(reference)
        client = self.somebody().client
        token = self.somebody().open(f"/reviews/{reference}").page.select_one("input[name=csrf_token]")
        assert token is not None
        answer = client.post(
            f"/reviews/{reference}/moves/{move}",
            data={
                "csrf_token": str(token["value"]),
                "decided_by": "The partnership",
                **day_boxes("decided_on", self.today),
            },
        )
        assert answer.status_code == 409, answer.text[:500]
        self.refusals += 1
        page = self.somebody()
        page.see(409, answer.request.path, answer.text)
        links = [
            str(link["href"])
            for link in page.page.select("main a[href]")
            if f"/reviews/{reference}/" in str(link["href"])
        ]
        assert self.stage_shown(reference) == before
        return links

    def mend(self, link: str) -> None:
        """Follow a link of a refusal and do what its page asks."""
        reference = link.split("/")[2]
        if "/conditions/" in link:
            self.state(link)
        elif "/told" in link:
            self.tell(reference, *parse_qs(urlsplit(link).query)["whom"])
        else:
            raise AssertionError(f"nobody taught this office to mend {link}")

    def state(self, link: str) -> None:
        """State that a condition is done; a second person agrees where two are asked for."""
        chairs_alone = "local_actions_signed_off" in link
        page = self.somebody(Role.STEERING_CHAIR if chairs_alone else Role.COORDINATOR).open(link)
        values: dict[str, str | list[str]] = {
            "answer": "done",
            "stated_by": "Septimus Harding, Community Safety",
            "evidence": "The minute of the day, in the review’s folder.",
            **day_boxes("stated_on", self.today),
        }
        if page.page.select("[name=organisations]"):
            values["organisations"] = [str(box["value"]) for box in page.page.select("input[name=organisations]")][:4]
        if page.page.select("[name=files]"):
            values["files"] = FINAL_FILES
        page.send(values, to=page.path if page.page.select(f"form[action='{page.path}']") else None)
        assert page.errors() == [], (link, page.errors())
        assert page.status == 200, page.text[:300]
        if "agree" in page.text.lower():
            other = self.somebody(Role.STEERING_CHAIR).open(link)
            if other.page.find("button", string=re.compile("agree", re.IGNORECASE)):
                other.send(button="gree")
                assert other.status == 200

    def tell(self, reference: str, *whom: str) -> None:
        """Record that somebody was told today, or that nobody of the family is known."""
        page = self.somebody().open(f"/reviews/{reference}/told")
        family = whom == ("family",)
        values: dict[str, str | list[str]] = {"audiences": list(whom), **day_boxes("told_on", self.today)}
        page.send({**values, **({"why_not": "nobody_known"} if family else {"channel": "letter"})})
        assert page.errors() == [], page.errors()
        assert page.status == 200, page.text[:300]

    def make(self, reference: str, move: str, **more: str | list[str]) -> None:
        """Make a move that is ready."""
        page = self.somebody().open(f"/reviews/{reference}/moves/{move}")
        values = {"evidence": "The minute of the day.", **day_boxes("decided_on", self.today), **more}
        page.send(values)
        assert page.errors() == [], (move, page.status, page.errors() or page.text[:300])
        assert page.status == 200, page.text[:300]

    def take_on(self, reference: str, move: str) -> None:
        """Be refused, mend everything the refusal lists, and make the move."""
        for link in self.be_refused(reference, move):
            self.mend(link)
        self.make(reference, move)

    def stage_shown(self, reference: str) -> str:
        """The stage that the review’s page marks as the present one."""
        page = Visitor(self.somebody().client).open(f"/reviews/{reference}")
        current = page.page.select_one("[aria-current=step]")
        assert current is not None, page.text[:300]
        return " ".join(current.get_text(" ").split())

    def days_later(self, days: int) -> None:
        """Come back so many days later."""
        self.on(self.today + timedelta(days=days))

    def sees_date(self, reference: str, on: date) -> bool:
        """Whether the review’s page shows this day."""
        return in_words(on) in self.somebody().open(f"/reviews/{reference}").text
