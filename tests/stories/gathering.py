"""What agencies are asked for over HTTP: scoping returns, IMRs, factual accuracy checks; and what silence becomes."""

from __future__ import annotations

from tests.stories.coordinating import Office, day_boxes
from tests.stories.visitor import Visitor

WAITED_FOR = {"Waiting", "Late", "Silent, late"}
CAME_FROM = "An e-mail of the day"
LONG_ENOUGH = 21  # days after which a check without an answer has lapsed: ten working days and a holiday


def mend_scoping(office: Office, reference: str) -> None:
    """Ask agencies what they know, or enter what they returned."""
    if office.trying == "begin_scoping":
        office.ask_agencies(reference)
    else:
        office.enter_returns(reference)


def mend_imrs(office: Office, reference: str) -> None:
    """Ask each agency for its IMR and enter what came; whoever is silent is closed as no reply after escalation."""
    page = office.somebody().open(f"/reviews/{reference}/imrs")
    if not page.links("/imrs/"):
        chosen = [page.box("agency_ids", name) for name in office.agencies]
        page.send({"agency_ids": chosen, "chronology_requested": "no", **day_boxes("requested_on", office.today)})
        page.was_taken()
    for agency, link in _waiting(page, "/imrs/"):
        if agency in office.silent:
            _close_as_no_reply(office, link)
        else:
            _enter_imr(office, link)


def mend_accuracy(office: Office, reference: str) -> None:
    """Send the passages to whoever is to be asked; one asks for corrections, the silent let their time lapse."""
    page = office.somebody().open(f"/reviews/{reference}/accuracy")
    again = page.page.select("input[name=agency_ids][checked]")
    chosen = [str(box["value"]) for box in again] or [page.box("agency_ids", name) for name in office.agencies]
    page.send({"agency_ids": chosen, **day_boxes("sent_on", office.today)})
    page.was_taken()
    for number, (agency, link) in enumerate(_waiting(page, "/accuracy/")):
        if agency not in office.silent:
            _answer_check(office, link, corrections=not number)
    if office.silent:
        office.days_later(LONG_ENOUGH)
        page = office.somebody().open(f"/reviews/{reference}/accuracy")
        for _, link in _waiting(page, "/accuracy/"):
            page.open(link).send(to=f"{link}/lapse")
            page.was_taken()


def _waiting(page: Visitor, part: str) -> list[tuple[str, str]]:
    """Each agency that the table says is waited for, as its link names it, with where that leads."""
    rows = [row for row in page.page.select("main tr") if set(row.stripped_strings) & WAITED_FOR]
    links = [link for row in rows for link in row.select(f"a[href*='{part}']")]
    return [(link.get_text(strip=True), str(link["href"])) for link in links]


def _enter_imr(office: Office, link: str) -> None:
    page = office.somebody().open(link)
    page.send(
        {
            "outcome": "received",
            "author": "Frances Gresham, head of review",
            "author_independent": "yes",
            "author_trained": "yes",
            "signed_off_by": "Roger Scatcherd, director",
            "findings": "Two contacts; the second was not shared.",
            "came_from": CAME_FROM,
            **day_boxes("answered_on", office.today),
            **day_boxes("signed_off_on", office.today),
        },
        to=link,
    )
    page.was_taken()


def _close_as_no_reply(office: Office, link: str) -> None:
    page = office.somebody().open(link)
    assert not page.page.select("form[action$='/close']"), "silence alone closes nothing"
    page.send(day_boxes("escalated_on", office.today), to=f"{link}/escalate")
    page.was_taken()
    page.open(link).send(to=f"{link}/close")
    page.was_taken()


def _answer_check(office: Office, link: str, *, corrections: bool) -> None:
    page = office.somebody().open(link)
    asks = {"outcome": "corrections", "corrections": "Paragraph 4: the visit was on the Monday."}
    answer = asks if corrections else {"outcome": "agreed"}
    page.send({**answer, "came_from": CAME_FROM, **day_boxes("answered_on", office.today)}, to=link)
    page.was_taken()
    if corrections:
        settled = {"settlement": "Accepted: paragraph 4 is corrected.", **day_boxes("settled_on", office.today)}
        page.open(f"{link}/settle").send(settled)
        page.was_taken()
