"""A coordinator’s work over HTTP: pages opened, forms sent, and what a refusal lists mended link by link."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from flask import Flask
from flask.testing import FlaskClient

from dhr_app.casework.house import House
from dhr_app.casework.partnership import seed
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.lifecycle import MOVES
from dhr_app.workflows.roles import Role
from tests.factories import PASSWORD, StoppedClock, make_account
from tests.reviews import row_counts
from tests.stories.visitor import Visitor

ROUNDS = 3  # what is mended may give rise to something else once or twice: a letter to its points, those to the family
KEPT_OF_A_REFUSAL = {"audit_entry", "event"}
AGENCIES = ("Barsetshire Police", "Barset Refuge and Outreach", "NHS Barsetshire Integrated Care Board")


def day_boxes(name: str, day: date) -> dict[str, str]:
    """The three boxes of a date."""
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


def month_boxes(name: str, month: str) -> dict[str, str]:
    """The boxes of a day known to its month only: “September 2018”."""
    found = datetime.strptime(month, "%B %Y")  # noqa: DTZ007 - a month of a calendar, no moment
    return {f"{name}-day": "", f"{name}-month": str(found.month), f"{name}-year": str(found.year)}


@dataclass
class Office:
    """The partnership’s office: a coordinator and a steering chair, each at a browser, on a day that one sets.

    `trying` is the move that was refused last, `target` the stage it is to lead to where one chooses; the `agencies`
    are asked for whatever a review asks of agencies, and the `silent` among them answer nothing from then on.
    """

    app: Flask
    house: House
    clock: StoppedClock
    refusals: int = 0
    trying: str = ""
    target: str = ""
    agencies: tuple[str, ...] = AGENCIES
    silent: tuple[str, ...] = ()
    visitor: Callable[[FlaskClient], Visitor] = Visitor
    _at: dict[Role, Visitor] = field(default_factory=dict)
    _addresses: dict[Role, str] = field(default_factory=dict)

    def open_up(self, *, independent_chairs: int = 0) -> None:
        """Set the partnership up and give both an account, and as many independent chairs to appoint."""
        seed(self.house, at=self.clock.now())
        for role in (Role.COORDINATOR, Role.STEERING_CHAIR):
            _, self._addresses[role] = make_account(self.house, role)
        for _ in range(independent_chairs):
            make_account(self.house, Role.INDEPENDENT_CHAIR)

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
            visitor = self.visitor(self.app.test_client())
            visitor.open("/sign-in").send({"email": self._addresses[role], "password": PASSWORD})
            assert visitor.status == 200, visitor.text
            self._at[role] = visitor
        return self._at[role]

    def ask_agencies(self, reference: str) -> None:
        """Ask three agencies what they know."""
        page = self.somebody().open(f"/reviews/{reference}/scoping")
        boxes = {label.get_text(strip=True): label for label in page.page.select("main form label")}
        ids = [boxes[name]["for"] for name in self.agencies]
        chosen = [str(page.page.select_one(f"#{each}")["value"]) for each in ids]  # type: ignore[index]
        page.send({"agency_ids": chosen, **day_boxes("asked_on", self.today)})
        assert f"{len(chosen)} agencies were asked" in page.page.get_text(), page.errors()

    def enter_returns(self, reference: str) -> None:
        """Enter each agency’s return from its e-mail: two know something, one has nothing."""
        page = self.somebody().open(f"/reviews/{reference}/scoping")
        links = [str(link["href"]) for link in page.page.select("main a[href]")]
        requests = sorted(
            {link for link in links if re.fullmatch(rf"/reviews/{reference}/scoping/[0-9a-f-]{{36}}", link)}
        )
        assert len(requests) == len(self.agencies)
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

    def mend_decision(self, reference: str) -> None:
        """Write down the decision that the step waits for."""
        self.prepare_decision(reference, "review" if self.trying == "commission" else "not_review")

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
        self.trying, stage = move, self.stage_shown(reference)
        page = self.somebody()
        token = page.page.select_one("input[name=csrf_token]")
        assert token is not None
        before = row_counts(self.house)
        answer = page.client.post(
            f"/reviews/{reference}/moves/{move}",
            data={
                "csrf_token": str(token["value"]),
                "decided_by": "The partnership",
                **day_boxes("decided_on", self.today),
            },
        )
        assert answer.status_code == 409, answer.text[:500]
        self.refusals += 1
        page.see(409, answer.request.path, answer.text)
        missing = {line.get_text(" ", strip=True) for line in page.page.select("main li")}
        assert missing, page.text[:300]
        assert missing <= {need.sentence for need in MOVES[move].needs}
        links = page.links(f"/reviews/{reference}/")
        after = row_counts(self.house)
        assert {name for name in after if after[name] != before[name]} == KEPT_OF_A_REFUSAL
        assert self.stage_shown(reference) == stage
        return links

    def mend(self, link: str) -> None:
        """Follow a link of a refusal and do what its page asks."""
        from tests.stories.mending import MENDING  # made of what this office does

        reference, place = link.split("/")[2], urlsplit(link).path.split("/")[3]
        if place == "conditions":
            self.state(link)
        elif place == "told":
            asked = parse_qs(urlsplit(link).query)
            self.tell(reference, *asked["whom"], about=asked["about"][0])
        else:
            MENDING[place](self, reference)

    def state(self, link: str) -> None:
        """State that what a page asks for is done; a second person agrees where two are asked for."""
        page = self.somebody().open(link)
        about = {"about": self.target} if page.page.select("select[name=about]") else {}
        self._send_statement(page, answer="done", evidence="The minute of the day, in the review’s folder.", **about)
        other = self.somebody(Role.STEERING_CHAIR).open(link)
        if offered := other.page.select_one("a[href$='/second']"):
            other.open(str(offered["href"])).send({"sure": "y", "password": PASSWORD}).was_taken()

    def excuse(self, link: str, reason_code: str) -> None:
        """State that what a page asks for does not apply."""
        self._send_statement(self.somebody().open(link), answer="does_not_apply", reason_code=reason_code)

    def could_not(self, link: str, *, by: Role = Role.COORDINATOR) -> None:
        """State that what a page asks for could not be done, and what was tried."""
        self._send_statement(
            self.somebody(by).open(link), answer="could_not_be_done", evidence="Asked by letter and twice by telephone."
        )

    def _send_statement(self, page: Visitor, **values: str) -> None:
        said = {"stated_by": "Septimus Harding, Community Safety", **day_boxes("stated_on", self.today)}
        again = {"password": PASSWORD} if page.page.select("main [name=password]") else {}
        page.send({**said, **values, **again}, button="Record the statement")
        page.was_taken()

    def tell(self, reference: str, *whom: str, about: str = "") -> None:
        """Record that somebody was told today, or that nobody of the family is known; of what, the link chooses."""
        page = self.somebody().open(f"/reviews/{reference}/told?whom={whom[0]}&about={about}")
        values: dict[str, str | list[str]] = dict(day_boxes("told_on", self.today))
        if whom != ("family",):
            values |= {"audiences": list(whom), "channel": "letter"}
        elif page.page.select("input[name=family_member_ids]"):
            values |= {"channel": "in_person"}
        else:
            values |= {"audiences": ["family"], "why_not": "nobody_known"}
        page.send(values)
        page.was_taken()

    def make(self, reference: str, move: str, **more: str | list[str]) -> None:
        """Make a move that is ready."""
        page = self.somebody().open(f"/reviews/{reference}/moves/{move}")
        reason = {"reason": "As the minute says."} if page.page.select("[name=reason]") else {}
        values = {"evidence": "The minute of the day.", **day_boxes("decided_on", self.today), **reason, **more}
        page.send(values)
        page.was_taken()

    def is_ready(self, reference: str, move: str) -> bool:
        """Whether the move’s page offers its form."""
        return bool(self.somebody().open(f"/reviews/{reference}/moves/{move}").page.select("[name=decided_by]"))

    def get_ready(self, reference: str, move: str, *, target: str = "") -> None:
        """Be refused, and mend everything the refusal lists; what the mending itself gave rise to comes after."""
        self.target = target
        for _ in range(ROUNDS):
            for link in self.be_refused(reference, move):
                self.mend(link)
            if self.is_ready(reference, move):
                return
        raise AssertionError(f"{move} is not ready however often it is mended: {self.be_refused(reference, move)}")

    def take_on(self, reference: str, move: str, *, target: str = "", **more: str | list[str]) -> None:
        """Be refused, mend everything the refusal lists, and make the move."""
        self.get_ready(reference, move, target=target)
        self.make(reference, move, **more, **({"target": target} if target else {}))

    def stage_shown(self, reference: str) -> str:
        """The stage that the review’s page marks as the present one."""
        page = self.somebody().open(f"/reviews/{reference}")
        current = page.page.select_one("[aria-current=step]")
        assert current is not None, page.text[:300]
        return " ".join(current.get_text(" ").split())

    def days_later(self, days: int) -> None:
        """Come back so many days later."""
        self.on(self.today + timedelta(days=days))

    def sees_date(self, reference: str, on: date) -> bool:
        """Whether the review’s page shows this day."""
        return in_words(on) in self.somebody().open(f"/reviews/{reference}").text
