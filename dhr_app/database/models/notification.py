"""What the police, or whoever notified the death, told the partnership."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, SealedRow, Versioned, clear, code
from dhr_app.database.sealed import Envelope, Sealed, sealed_column
from dhr_app.workflows.permissions import DataClass


class Notification(Versioned, SealedRow, Base):
    """One per review: four different days (death per victim, finding, police told us, logged) and the state of things.

    The day the partnership became aware stands in clear, unless it is also the day of a death or of the finding:
    then it is sealed, and only its month stands in clear.
    """

    __tablename__ = "notification"
    __table_args__ = (UniqueConstraint("review_id"),)

    notifier_agency_id: Mapped[UUID | None] = clear(ForeignKey("agency.id"))
    notifier_kind: Mapped[str] = code()
    aware_on: Mapped[date | None] = clear()
    aware_month: Mapped[str | None] = code()
    police_told_on: Mapped[date | None] = clear()
    logged_on: Mapped[date] = clear()
    criminal_state: Mapped[str] = code()
    inquest_state: Mapped[str] = code()
    kinds: Mapped[list[str]] = clear(JSON)
    features: Mapped[dict[str, str]] = clear(JSON)
    parallel_reviews: Mapped[list[str]] = clear(JSON)
    cause_of_death: Mapped[str] = code()
    place_of_death: Mapped[str] = code()
    found_on_ct: Mapped[Envelope | None] = sealed_column()
    aware_on_ct: Mapped[Envelope | None] = sealed_column()
    officer_ct: Mapped[Envelope | None] = sealed_column()
    crime_number_ct: Mapped[Envelope | None] = sealed_column()
    safeguarding_ct: Mapped[Envelope | None] = sealed_column()
    account_ct: Mapped[Envelope | None] = sealed_column(deferred=True)

    found_on = Sealed("notification.found_on", column="found_on_ct", data_class=DataClass.IDENTITIES, kind=str)
    sealed_aware_on = Sealed("notification.aware_on", column="aware_on_ct", data_class=DataClass.IDENTITIES, kind=date)
    officer = Sealed("notification.officer", column="officer_ct", data_class=DataClass.IDENTITIES, kind=str)
    crime_number = Sealed(
        "notification.crime_number", column="crime_number_ct", data_class=DataClass.IDENTITIES, kind=str
    )
    safeguarding = Sealed(
        "notification.safeguarding", column="safeguarding_ct", data_class=DataClass.IDENTITIES, kind=str, pad=256
    )
    account = Sealed("notification.account", column="account_ct", data_class=DataClass.IDENTITIES, kind=str, pad=1024)


class OtherReviews(Versioned, SealedRow, Base):
    """That other kinds of review were considered, which lead, and whose report template is used."""

    __tablename__ = "other_reviews"
    __table_args__ = (UniqueConstraint("review_id"),)

    considered_on: Mapped[date] = clear()
    kinds: Mapped[list[str]] = clear(JSON)
    lead_body_id: Mapped[UUID] = clear(ForeignKey("agency.id"))
    template: Mapped[str] = code()
