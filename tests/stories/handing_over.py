"""A review is handed to another partnership over HTTP, by its list, and the other partnership says that it has it."""

from __future__ import annotations

from tests.stories.coordinating import Office, day_boxes


def mend_handover(office: Office, reference: str) -> None:
    """Begin the handing-over, fill in each line of its list, and write down what the receiver said."""
    page = office.somebody().open(f"/reviews/{reference}/handover")
    if page.links("/handover/new"):
        page.open(f"/reviews/{reference}/handover/new")
        page.send({"receiver_id": page.option("receiver_id")})
        page.was_taken()
    for number, link in enumerate(page.open(f"/reviews/{reference}/handover").links("/handover/items/")):
        handed = {"state": "handed_over", "what": "Everything in the folder", **day_boxes("handed_on", office.today)}
        page.open(link).send(handed if number else {"state": "there_is_none", "what": "Nothing was written yet"})
        page.was_taken()
    receipt = page.open(f"/reviews/{reference}/handover").links("/acknowledged")[0]
    page.open(receipt).send(
        {"acknowledged_by": "Plantagenet Palliser, coordinator", **day_boxes("acknowledged_on", office.today)}
    )
    page.was_taken()
