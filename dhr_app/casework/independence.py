"""The chair is independent of the agencies of the review: nobody chairs it and sits on it for one of them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from dhr_app.casework.scene import Scene
from dhr_app.database.models.account import Account
from dhr_app.database.models.appointment import Appointment
from dhr_app.database.models.imr import Imr
from dhr_app.database.models.panel import PanelSeat
from dhr_app.database.models.partnership import Agency
from dhr_app.database.models.scoping import ScopingRequest
from dhr_app.workflows.roles import Role

NOT_BOTH = "Nobody is the independent chair and sits for an agency of the review."


def wrong_with_chair(scene: Scene, holder: str, organisation: str, account: Account | None) -> dict[str, str]:
    """What keeps somebody from chairing: a seat on the panel, or that they come from an agency of the review."""
    faults = {}
    seats = select(PanelSeat.representative, Agency.name).join(Agency, Agency.id == PanelSeat.agency_id)
    in_force = seats.where(PanelSeat.review_id == scene.review.id, PanelSeat.to_on.is_(None))
    for representative, agency in scene.session.execute(in_force.order_by(Agency.name, PanelSeat.id)):
        if same_person(representative, holder):
            faults["holder"] = f"{person(holder)} sits on the review panel for {agency}. {NOT_BOTH}"
    for involved in _agencies_of_the_review(scene):
        if _is(involved, organisation):
            faults["organisation"] = f"{involved.name} has a part in the review: its chair must come from elsewhere."
        if account is not None and account.agency_id == involved.id:
            faults["account_id"] = (
                f"This account belongs to {involved.name}, which has a part in the review. {NOT_BOTH}"
            )
    return faults


def wrong_with_seat(scene: Scene, agency_id: UUID | None, representative: str) -> dict[str, str]:
    """What keeps a seat from being taken: its representative chairs the review, or the chair comes from its agency."""
    faults = {}
    rows = select(Appointment).where(
        Appointment.review_id == scene.review.id,
        Appointment.role == Role.INDEPENDENT_CHAIR.value,
        Appointment.ended_on.is_(None),
    )
    agency = scene.session.get(Agency, agency_id) if agency_id else None
    for chair in scene.session.scalars(rows.order_by(Appointment.appointed_on, Appointment.id)):
        if same_person(representative, chair.holder):
            faults["representative"] = f"{person(chair.holder)} chairs this review. {NOT_BOTH}"
        if agency is not None and _is(agency, chair.organisation):
            faults["agency_id"] = f"{person(chair.holder)}, who chairs this review, comes from {agency.name}."
    return faults


def person(text: str) -> str:
    """The name in a text like “Ann Hale, head of safeguarding”."""
    return " ".join(text.split(",", maxsplit=1)[0].split())


def same_person(one: str, other: str) -> bool:
    """Whether two texts name the same person, whatever posts follow the names."""
    return bool(person(one)) and person(one).casefold() == person(other).casefold()


def _is(agency: Agency, organisation: str) -> bool:
    return " ".join(organisation.split()).casefold() in (agency.name.casefold(), agency.short_name.casefold())


def _agencies_of_the_review(scene: Scene) -> list[Agency]:
    """Those that sit on its panel, were asked for an IMR, or knew somebody involved."""
    review_id = scene.review.id
    seated = select(PanelSeat.agency_id).where(PanelSeat.review_id == review_id, PanelSeat.to_on.is_(None))
    asked = select(Imr.agency_id).where(Imr.review_id == review_id)
    knew = select(ScopingRequest.agency_id).where(ScopingRequest.review_id == review_id, ScopingRequest.outcome == "in")
    rows = select(Agency).where(Agency.id.in_(seated.union(asked, knew)))
    return list(scene.session.scalars(rows.order_by(Agency.name)))
