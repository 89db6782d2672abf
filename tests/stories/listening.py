"""The family over HTTP: who takes part, what they are offered and told before each step, what they say of the draft."""

from __future__ import annotations

from tests.stories import publishing
from tests.stories.coordinating import Office, day_boxes

# What is offered or told before each step to everybody who takes part.
BEFORE = {
    "begin_report":          ("advocate", "leaflet", "terms", "meeting"),
    "submit_to_home_office": ("reading",),
    "finish_local":          ("reading",),
    "clear":                 ("changes",),
    "publish":               ("publication_date", "copy"),
    "withhold":              ("withholding",),
    "close":                 ("what_changed",),
}  # fmt: skip


def mend_family(office: Office, reference: str) -> None:
    """Offer or tell everybody who takes part what the step asks, and answer their comments; or say that nobody does."""
    page = office.somebody().open(f"/reviews/{reference}/family")
    members = page.links("/part")
    if not members:
        for link in page.open(f"/reviews/{reference}/moves/{office.trying}").links("/conditions/family_"):
            office.excuse(link, "nobody_takes_part")
    for member in members:
        for kind in BEFORE[office.trying]:
            take_step(office, reference, member, kind)
        answer_comments(office, member)


def welcome(office: Office, reference: str, name: str, relationship: str) -> str:
    """Record somebody of the family who takes part, and where their part is written down."""
    page = office.somebody().open(f"/reviews/{reference}/family/new")
    page.send({"full_name": name, "relationship": relationship})
    page.was_taken()
    part = page.links("/part")[-1]
    page.open(f"{part}/change").send({"takes_part": "yes", "advocate": "Mary Bold, a specialist advocate"})
    page.was_taken()
    return part


def take_step(office: Office, reference: str, part: str, kind: str) -> None:
    """Write down what a family member was offered or told today, and their answer where one is asked for."""
    values = {"channel": "in_person"}
    if kind == "publication_date":
        values |= day_boxes("about_on", publishing.plan(office, reference))
    if kind == "withholding":
        values |= {"answer": "view_given", "note": "She would have liked to see it in print."}
        values |= day_boxes("answered_on", office.today)
    page = office.somebody().open(f"{part.removesuffix('/part')}/steps/new/{kind}")
    page.send(values)
    page.was_taken()


def comment(office: Office, part: str, said: str) -> None:
    """A family member says something of the draft."""
    page = office.somebody().open(f"{part.removesuffix('/part')}/comments/new")
    page.send({"said": said})
    page.was_taken()


def answer_comments(office: Office, part: str) -> None:
    """Answer every comment that has no answer yet."""
    page = office.somebody().open(part)
    for link in page.links("/comments/", words="Answer or correct"):
        page.open(link)
        page.send({"answer": "It is changed, as she asked.", **day_boxes("answered_on", office.today)})
        page.was_taken()
