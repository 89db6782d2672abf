"""An action plan over HTTP: recommendations as a report prints them, what is done about them, and the minute."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from dhr_app.workflows.roles import Role
from tests.stories.coordinating import Office, day_boxes
from tests.stories.visitor import Visitor


def recommend(office: Office, reference: str, number: str, text: str, to: Sequence[str], *, scope: str) -> None:
    """Enter a recommendation, addressed to the agencies of these names."""
    page = office.somebody().open(f"/reviews/{reference}/plan/recommendations/new")
    ticked = [page.box("addressee_ids", name) for name in to]
    page.send({"number": number, "text": text, "scope": scope, "origin": "overview", "addressee_ids": ticked})
    assert (page.status, page.errors()) == (200, []), (number, page.errors())


def plan_of(office: Office, reference: str) -> list[tuple[str, list[str]]]:
    """The plan as it is read: each recommendation’s heading, and to whom it is addressed, in the page’s order."""
    page = office.somebody().open(f"/reviews/{reference}/plan")
    read = []
    for section in page.page.select("main section"):
        heading, addressed = section.select_one("h3"), section.select_one("dd")
        assert heading is not None
        assert addressed is not None
        for link in addressed.select("a"):
            link.extract()
        names = [" ".join(line.split()) for line in addressed.get_text("\n").splitlines() if line.strip()]
        read.append((heading.get_text(strip=True).removeprefix("Recommendation "), names))
    return read


def act_on_each(office: Office, reference: str) -> None:
    """Enter an action, due in half a year, for each recommendation that still lacks one; send each letter."""
    page = office.somebody()
    for link in _links(page, reference, "/actions/new"):
        page.open(link)
        owner = page.page.select_one("select[name=owner_id] option[value]:not([value=''])")
        assert owner is not None
        due = day_boxes("target_on", office.today + timedelta(days=180))
        chosen = page.value("owner_id") or str(owner["value"])
        page.send({"text": "What was recommended is done.", "owner_id": chosen, "when": "by_a_date", **due})
        assert (page.status, page.errors()) == (200, []), page.errors()
    for link in _links(page, reference, "/letter"):
        page.open(link).send(day_boxes("sent_on", office.today))
        assert (page.status, page.errors()) == (200, []), page.errors()


def carry_out(office: Office, reference: str) -> None:
    """Report every open action as done, and sign all of them off by one minute."""
    page = office.somebody()
    for link in _links(page, reference, "/done"):
        page.open(link).send({"evidence": "The senior officer’s statement", **day_boxes("done_on", office.today)})
        assert (page.status, page.errors()) == (200, []), page.errors()
    chair = office.somebody(Role.STEERING_CHAIR).open(f"/reviews/{reference}/plan/sign-off")
    chair.send({"minute": "7.2", **day_boxes("minute_on", office.today)})
    assert (chair.status, chair.errors()) == (200, []), chair.errors()


def mend_plan(office: Office, reference: str) -> None:
    """Do what a refusal asks of the action plan: enter one, and at the end of the review carry it out."""
    page = office.somebody().open(f"/reviews/{reference}/plan")
    if not page.page.select("main section"):
        recommend(
            office, reference, "1", "Ask at every first response who else lives there.", office.agencies[:1],
            scope="local",
        )  # fmt: skip
        act_on_each(office, reference)
    if office.trying in ("close", "close_contribution"):
        carry_out(office, reference)


def _links(page: Visitor, reference: str, ending: str) -> list[str]:
    return [link for link in page.open(f"/reviews/{reference}/plan").links(ending) if link.endswith(ending)]
