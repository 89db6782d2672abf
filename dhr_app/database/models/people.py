"""The people of a review: who died, who may have caused it, the children, and the family."""

from __future__ import annotations

from datetime import date

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from dhr_app.database.base import Base, SealedRow, Versioned, clear, code
from dhr_app.database.sealed import Envelope, Sealed, sealed_column
from dhr_app.workflows.permissions import DataClass


class InvolvedPerson(Versioned, SealedRow, Base):
    """A victim, alleged perpetrator, child or witness. Codes for figures stand in clear, the person is sealed."""

    __tablename__ = "involved_person"
    __table_args__ = (UniqueConstraint("review_id", "part", "number"),)

    part: Mapped[str] = code()
    number: Mapped[int] = clear()
    sex: Mapped[str] = code()
    age_band: Mapped[str] = code()
    relationship_to_victim: Mapped[str] = code()
    removed_on: Mapped[date | None] = clear()
    full_name_ct: Mapped[Envelope | None] = sealed_column()
    other_names_ct: Mapped[Envelope | None] = sealed_column()
    born_on_ct: Mapped[Envelope | None] = sealed_column()
    died_on_ct: Mapped[Envelope | None] = sealed_column()
    address_ct: Mapped[Envelope | None] = sealed_column()
    notes_ct: Mapped[Envelope | None] = sealed_column(deferred=True)

    full_name = Sealed("involved_person.full_name", column="full_name_ct", data_class=DataClass.IDENTITIES, kind=str)
    other_names = Sealed(
        "involved_person.other_names", column="other_names_ct", data_class=DataClass.IDENTITIES, kind=str
    )
    born_on = Sealed("involved_person.born_on", column="born_on_ct", data_class=DataClass.IDENTITIES, kind=str)
    died_on = Sealed("involved_person.died_on", column="died_on_ct", data_class=DataClass.IDENTITIES, kind=str)
    address = Sealed("involved_person.address", column="address_ct", data_class=DataClass.IDENTITIES, kind=str, pad=256)
    notes = Sealed("involved_person.notes", column="notes_ct", data_class=DataClass.IDENTITIES, kind=str, pad=256)


class FamilyMember(Versioned, SealedRow, Base):
    """A relative or friend: sealed under a key of their own, so that each person's record can end on its own day.

    Where they can be reached is kept apart (`contact_details`): whoever records it cannot open it by that. Until it was
    kept apart it stood among the family's records (`contact_before`); casework/contacts_apart.py moves it over.
    """

    __tablename__ = "family_member"
    __table_args__ = (UniqueConstraint("review_id", "number"),)

    number: Mapped[int] = clear()
    takes_part: Mapped[str] = code(default="not_known", server_default="not_known")
    news_wish: Mapped[str] = code(default="not_asked", server_default="not_asked")
    not_contacted_because: Mapped[str | None] = code()
    not_contacted_until: Mapped[date | None] = clear()
    full_name_ct: Mapped[Envelope | None] = sealed_column()
    relationship_ct: Mapped[Envelope | None] = sealed_column()
    contact_details_ct: Mapped[Envelope | None] = sealed_column()
    contact_apart_ct: Mapped[Envelope | None] = sealed_column()
    wishes_ct: Mapped[Envelope | None] = sealed_column(deferred=True)
    advocate_ct: Mapped[Envelope | None] = sealed_column()

    full_name = Sealed(
        "family_member.full_name", column="full_name_ct", data_class=DataClass.FAMILY, kind=str, subject="id"
    )
    relationship = Sealed(
        "family_member.relationship", column="relationship_ct", data_class=DataClass.FAMILY, kind=str, subject="id"
    )
    contact_before = Sealed(
        "family_member.contact_details",
        column="contact_details_ct",
        data_class=DataClass.FAMILY,
        kind=str,
        subject="id",
        pad=256,
    )
    contact_details = Sealed(
        "family_member.contact_apart",
        column="contact_apart_ct",
        data_class=DataClass.SENSITIVE,
        kind=str,
        subject="id",
        pad=256,
        handed_in=True,
    )
    wishes = Sealed(
        "family_member.wishes", column="wishes_ct", data_class=DataClass.FAMILY, kind=str, subject="id", pad=256
    )
    advocate = Sealed(
        "family_member.advocate", column="advocate_ct", data_class=DataClass.FAMILY, kind=str, subject="id"
    )
