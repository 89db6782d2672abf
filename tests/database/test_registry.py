"""What is sealed where, as the house rules and the sweep ask it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Column, ForeignKey, MetaData, Table
from sqlalchemy.orm import DeclarativeBase, Mapped, relationship

from dhr_app.database.base import Identified, clear
from dhr_app.database.keystore import NOBODY, Domain
from dhr_app.database.registry import domains_in_use, sealing_mistakes
from dhr_app.database.sealed import Sealed, sealed_column
from tests.database.examples import ExampleBase, Human, Relative, SignIn


def test_the_domains_in_use_are_those_with_something_sealed(ground):
    case = ground.case()

    def work(session):
        relative = Relative(review_id=case.id, name="Mother")
        session.add_all([relative, Relative(review_id=case.id), Human(review_id=case.id), SignIn(secret=b"s")])
        return relative

    relative = ground.verb(work)
    with ground.db.reading() as session:
        used = domains_in_use(session, ExampleBase.registry)
    assert used == {
        Domain(case.id, "family", relative.id),
        Domain(case.id, "identities"),  # whether the person is known is sealed even where nothing was entered
        Domain(NOBODY, "system"),
    }
    assert used == set(ground.db.keystore.domains())


def test_a_well_made_model_has_no_mistakes():
    assert sealing_mistakes(ExampleBase.registry) == []


def test_an_unopened_column_a_name_used_twice_and_a_secondary_table_are_found():
    class Careless(DeclarativeBase):
        metadata = MetaData()

    link = Table("link", Careless.metadata, Column("a", ForeignKey("a.id")), Column("b", ForeignKey("a.id")))

    class A(Identified, Careless):
        __tablename__ = "a"
        review_id: Mapped[UUID] = clear()
        one_ct: Mapped[bytes | None] = sealed_column()
        two_ct: Mapped[bytes | None] = sealed_column()
        three_ct: Mapped[bytes | None] = sealed_column()
        one = Sealed("a.one", column="one_ct", data_class="identities", kind=str)
        two = Sealed("a.one", column="two_ct", data_class="identities", kind=str)
        others: Mapped[list[A]] = relationship(
            "A", secondary=link, primaryjoin=lambda: A.id == link.c.a, secondaryjoin=lambda: A.id == link.c.b
        )

    assert sealing_mistakes(Careless.registry) == [
        "a.one: the logical name is used twice",
        "A.three_ct: sealed, but no attribute opens it",
        "A.others: rows of a secondary table leave no audit entry",
    ]
