"""A panel over HTTP: its chair is appointed and one day replaced, and a specialist service has its seat."""

from __future__ import annotations

from tests.stories.coordinating import Office, day_boxes
from tests.stories.visitor import Visitor

NOBODY_CHAIRS = "No independent chair is in office."
NO_SPECIALIST = "No specialist domestic abuse service sits on the panel yet."


def mend_panel(office: Office, reference: str) -> None:
    """Appoint a chair who has declared their independence, in place of one who leaves; seat the specialist service."""
    page = office.somebody().open(f"/reviews/{reference}/panel")
    if office.trying == "replace_chair" and NOBODY_CHAIRS not in page.text:
        see_the_chair_off(office, reference)
    if NOBODY_CHAIRS in page.open(f"/reviews/{reference}/panel").text:
        appoint(office, reference)
    if NO_SPECIALIST in page.open(f"/reviews/{reference}/panel").text:
        seat_the_specialist(office, reference)


def appoint(office: Office, reference: str) -> None:
    """Appoint somebody who has never chaired this review: with an account where one is free."""
    page = office.somebody().open(f"/reviews/{reference}/panel")
    before = page.text
    page.open(f"/reviews/{reference}/panel/appointments/new")
    name, account_id = _somebody_new(page, before)
    page.send(
        {
            "role": "independent_chair",
            "holder": name,
            "organisation": "self-employed",
            "account_id": account_id,
            "declaration": "No tie to any agency of the review; the signed page is in the folder.",
            **day_boxes("appointed_on", office.today),
            **day_boxes("independence_declared_on", office.today),
        }
    )
    page.was_taken()


def see_the_chair_off(office: Office, reference: str) -> None:
    """The chair leaves: the papers are back, and somebody holds the review meanwhile."""
    page = office.somebody().open(f"/reviews/{reference}/panel")
    page.open(page.links("/end")[0]).send(
        {
            "ended_because": "unavailable",
            "interim_holder": "Septimus Harding, Community Safety",
            **day_boxes("papers_returned_on", office.today),
        }
    )
    page.was_taken()


def seat_the_specialist(office: Office, reference: str) -> None:
    """A service that knows domestic abuse sits on the panel."""
    page = office.somebody().open(f"/reviews/{reference}/panel/seats/new")
    page.send(
        {
            "agency_id": page.option("agency_id", office.agencies[1]),
            "brings": "domestic_abuse",
            "representative": "Eleanor Bold, head of outreach",
            "not_involved": "yes",
        }
    )
    page.was_taken()


def _somebody_new(page: Visitor, chaired: str) -> tuple[str, str]:
    """A name and an account that the panel’s page does not show yet; without an account where none is left."""
    for option in page.page.select("select[name=account_id] option[value]:not([value=''])"):
        name, _, role = option.get_text(strip=True).partition(", ")
        if role.lower() == "independent chair" and name not in chaired:
            return name, str(option["value"])
    return "Septimus Hale", ""
