"""What somebody who writes or runs the program could do by mistake, and what keeps it from telling anything."""

from __future__ import annotations

import copy
import logging
import pickle
import traceback
from collections.abc import Iterator
from sqlite3 import OperationalError
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest
from sqlalchemy import LargeBinary, MetaData, insert, select, text, update
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import DeclarativeBase, Mapped

from dhr_app import create_app
from dhr_app.casework.notification import NotificationEntry, notify
from dhr_app.casework.partnership import the_partnership
from dhr_app.casework.people import PersonEntry
from dhr_app.database.base import CONVENTION, KEPT_AS, Base, SealedRow, clear, undeclared_columns
from dhr_app.database.envelope import Envelope
from dhr_app.database.errors import NoKeyring, OpeningRefused, Unannounced, UnnamedChange
from dhr_app.database.keyring import holding
from dhr_app.database.models import InvolvedPerson
from dhr_app.database.registry import domains_in_use, sealing_mistakes
from dhr_app.database.sealed import SealedBytes, sealed_column, sealed_on
from dhr_app.database.verify import verify
from dhr_app.web import building, front, signing_in
from dhr_app.web.routes import PUBLIC, Room
from dhr_app.workflows.permissions import DataClass
from dhr_app.workflows.roles import Role
from tests.factories import NOW, OPERATOR, PASSWORD, TODAY, make_account, submit
from tests.installations import Installation
from tests.sealed_rows import at_hand, bare_review, every_sealed_model, fill, reading, table_of
from tests.stories.visitor import Visitor
from tests.ways_to_write import every_form, not_refused

CANARY = "Zqcanary Barchester"
CODES = {"part": "victim", "sex": "not_known", "age_band": "not_known", "relationship_to_victim": "not_known"}


@pytest.fixture
def person(installation: Installation) -> InvolvedPerson:
    """Somebody in a review, whose name is the word that must stand nowhere."""
    review, by = bare_review(installation), installation.county.coordinator
    with at_hand(installation.house, by) as transaction, transaction as session:
        row = InvolvedPerson(review_id=review, **CODES, number=1, full_name=CANARY, notes=CANARY)
        session.add(row)
    return row


PLAIN = {**CODES, "id": uuid4(), "number": 2, "version": 1, "full_name_ct": CANARY.encode()}


@pytest.mark.parametrize(
    ("way", "refusal"),
    [
        (lambda session, row: session.execute(insert(InvolvedPerson), [PLAIN]), UnnamedChange),
        (lambda session, row: session.execute(insert(InvolvedPerson).values(**PLAIN)), UnnamedChange),
        (lambda session, row: session.execute(update(InvolvedPerson).values(full_name_ct=b"x")), UnnamedChange),
        (lambda session, row: session.bulk_insert_mappings(InvolvedPerson, [PLAIN]), UnnamedChange),
        (lambda session, row: session.bulk_update_mappings(InvolvedPerson, [{**PLAIN, "id": row.id}]), UnnamedChange),
        (lambda session, row: session.bulk_save_objects([row], update_changed_only=False), UnnamedChange),
        (lambda session, row: session.execute(text("UPDATE involved_person SET full_name_ct = NULL")), UnnamedChange),
        (lambda session, row: session.connection().execute(insert(table_of(InvolvedPerson)), PLAIN), UnnamedChange),
        (lambda session, row: session.connection().exec_driver_sql("DELETE FROM involved_person"), UnnamedChange),
    ],
    ids=[
        "insert of many", "insert", "update", "bulk insert", "bulk update", "bulk save", "SQL text", "table", "driver",
    ],
)  # fmt: skip
def test_t15_no_way_round_the_attribute_writes_plain_words(installation, person, way, refusal):
    def careless():
        with at_hand(installation.house, installation.county.coordinator) as transaction, transaction as session:
            way(session, session.get_one(InvolvedPerson, person.id))

    with pytest.raises((refusal, StatementError, TypeError)) as caught:
        careless()
    assert CANARY not in str(caught.value)
    with installation.main.connect() as connection:
        kept = connection.scalars(select(InvolvedPerson.__table__.c.full_name_ct)).all()
    assert kept == [person.full_name_ct]


@pytest.mark.parametrize("when", ["reading", "before a change", "after a flush"])
def test_t15_no_form_of_sql_passes_whenever_it_is_tried(installation, person, when):
    """A comment, quotes, an alias, a WITH, COPY, DO, several at once: what does not only ask is refused."""
    house, by = installation.house, installation.county.coordinator
    table = table_of(InvolvedPerson)
    forms = every_form(table, {**CODES, "id": uuid4(), "review_id": uuid4(), "number": 2}, {"number": 3})
    if when == "reading":
        with house.reading() as session:
            assert not_refused(session, forms) == []
    else:
        with at_hand(house, by) as transaction, transaction as session:
            if when == "after a flush":
                session.get_one(InvolvedPerson, person.id).full_name = "Somebody Else"
                session.flush()
            assert not_refused(session, forms) == []
    with house.reading() as session:
        assert [row.id for row in session.scalars(select(InvolvedPerson))] == [person.id]
        assert session.scalar(select(InvolvedPerson.version)) == (2 if when == "after a flush" else 1)
        assert verify(session) == []


@pytest.mark.parametrize("changed", [False, True])
def test_t15_what_is_asked_of_the_driver_is_refused_too(installation, person, changed):
    """SQLite refuses by itself what psycopg’s cursor refuses; its COPY reaches no event of SQLAlchemy."""

    def careless(way):
        with at_hand(installation.house, installation.county.coordinator) as transaction, transaction as session:
            if changed:
                session.get_one(InvolvedPerson, person.id).full_name = "Somebody Else"
                session.flush()
            way(session.connection().connection.driver_connection)

    ways = [lambda driver: driver.execute("UPDATE involved_person SET full_name_ct = NULL")]
    if installation.engine == "postgresql":
        ways.append(lambda driver: driver.cursor().copy("COPY involved_person (id) FROM STDIN").__enter__())
    for way in ways:
        with pytest.raises((UnnamedChange, OperationalError)):
            careless(way)
    with installation.main.connect() as connection:
        assert connection.scalars(select(InvolvedPerson.__table__.c.full_name_ct)).all() == [person.full_name_ct]


def test_t15_the_column_itself_takes_envelopes_only(installation, person):
    """Even where a flush would write it: plain bytes are refused by the column’s type."""

    def careless():
        with at_hand(installation.house, installation.county.coordinator) as transaction, transaction as session:
            session.get_one(InvolvedPerson, person.id).full_name_ct = CANARY.encode()
            session.flush()

    with pytest.raises((StatementError, TypeError), match="unsealed") as caught:
        careless()
    assert CANARY not in "".join(traceback.format_exception(caught.value))


def test_t16_a_sealed_column_that_rotation_would_miss_fails_the_house_rules():
    """Every column that takes sealed bytes is one that an attribute opens; the rules name one that is not."""
    assert sealing_mistakes(Base.registry) == []
    sealed = {
        (table.name, column.name)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, SealedBytes)
    }
    known = {
        (model.__tablename__, attribute.column)
        for model in every_sealed_model()
        for attribute in sealed_on(model).values()
    }
    assert sealed == known

    class Elsewhere(DeclarativeBase):
        metadata = MetaData(naming_convention=CONVENTION)
        type_annotation_map: ClassVar[dict[Any, Any]] = dict(KEPT_AS)

    class Forgotten(SealedRow, Elsewhere):
        __tablename__ = "forgotten"
        review_id: Mapped[UUID] = clear()
        name_ct: Mapped[bytes | None] = sealed_column()

    assert sealing_mistakes(Elsewhere.registry) == ["Forgotten.name_ct: sealed, but no attribute opens it"]
    assert undeclared_columns(Elsewhere.metadata) == []


# Hashes, salts, public keys and signatures; and what the trail keeps, which rotation re-seals by its own function.
OTHER_BYTES = {
    "action_link.browser_sha256", "action_link.code_hmac", "action_link.token_sha256", "action_link.visit_sha256",
    "audit_checkpoint.root", "audit_entry.body", "audit_entry.hash", "audit_entry.prev", "audit_head.hash",
    "audit_leaf.hash", "audit_payload.sealed", "audit_salt.salt", "conflict.email_sha256", "disposal.last_hash",
    "calendar_link.token_sha256",
    "half_sign_in.token_sha256", "invitation.token_sha256", "passkey.credential_id", "passkey.public_key",
    "passkey_challenge.challenge", "passkey_challenge.token_sha256", "recovery_code.code_sha256",
    "sign_in.token_sha256", "sign_in_attempt.email_sha256", "tenant_question.state_sha256",
    "tenant_question.token_sha256", "way_in.token_sha256",
}  # fmt: skip


def test_t16_no_other_column_holds_bytes_that_could_be_sealed_by_hand():
    """What is sealed by hand is missed by rotation: each other column of bytes is listed here with open eyes."""
    found = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    assert found - OTHER_BYTES == set()


def test_t16_whatever_is_sealed_is_found_by_the_search_for_keys_in_use(installation):
    review = bare_review(installation)
    places = fill(installation, [review])
    with installation.house.reading() as session:
        used = domains_in_use(session, Base.registry)
    classes = {str(place.attribute().data_class) for place in places}
    assert {domain.record_class for domain in used if domain.review_id == review} == classes
    assert used <= set(installation.house.database.keystore.domains())


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Every logger, as talkative as it can be."""
    names = ["", "sqlalchemy.engine", "sqlalchemy.pool", "sqlalchemy.orm", "psycopg", "dhr_app", "werkzeug"]
    before = {name: logging.getLogger(name).level for name in names}
    with caplog.at_level(logging.DEBUG):
        for name in names:
            logging.getLogger(name).setLevel(logging.DEBUG)
        yield caplog
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)


def test_t17_nothing_that_is_typed_reaches_a_log_however_talkative(installation, everything_logged):
    by, email = make_account(installation.house, Role.COORDINATOR)
    visitor = Visitor(create_app(house=installation.house).test_client())
    lead = the_partnership().agency_id
    entry = NotificationEntry(aware_on=TODAY, lead_partnership_id=lead, account=CANARY, officer=CANARY)
    reference = notify(entry, (PersonEntry(full_name=CANARY, address=CANARY),), "dhr-2016", by=by, at=NOW)
    submit(visitor.client, "/sign-in", {"email": email, "password": PASSWORD})
    people = f"/reviews/{reference}/people"
    assert CANARY in visitor.open(people).text
    visitor.open(f"{people}/new").send({"part": "child", "full_name": CANARY, "born_on-month": CANARY})
    assert (visitor.status, visitor.value("full_name")) == (422, CANARY)  # a refused form keeps it, and no log
    visitor.send({"born_on-month": "", "notes": CANARY})
    assert visitor.path == people
    records = [record.getMessage() + str(record.args) + str(record.exc_text) for record in everything_logged.records]
    assert len(records) > 100  # statements and all
    assert [record for record in records if "Zqcanary" in record] == []


def test_t17_no_picture_of_a_row_or_of_an_error_shows_a_value(installation, person):
    by = installation.county.coordinator
    with reading(installation.house, by, [person.review_id]) as session:
        row = session.get_one(InvolvedPerson, person.id)
        assert row.full_name == CANARY
        pictures = [repr(row), str(row), repr(vars(row)), f"{row.full_name_ct}", f"{row.full_name_ct!r:>40}"]
        pictures += [repr(pickle.loads(pickle.dumps(row))), repr(copy.copy(row)), repr(session.identity_map)]  # noqa: S301
        assert CANARY.encode() not in pickle.dumps(row)
    assert [picture for picture in pictures if CANARY in picture] == []
    assert str(Envelope(person.full_name_ct)).startswith("<Envelope ")

    def twice():
        with at_hand(installation.house, by) as transaction, transaction as session:
            session.add(InvolvedPerson(id=person.id, review_id=person.review_id, **CODES, number=3, full_name=CANARY))

    with pytest.raises(IntegrityError) as caught:
        twice()
    assert CANARY not in "".join(traceback.format_exception(caught.value))
    assert str(person.id) not in str(caught.value)


def test_t17_an_error_on_a_page_is_logged_without_what_was_opened(installation, person, everything_logged, capsys):
    room = Room("failing", __name__)

    @room.form("/failing", permission=PUBLIC)
    def fail() -> str:
        with reading(installation.house, installation.county.coordinator, [person.review_id]) as session:
            raise LookupError(len(session.get_one(InvolvedPerson, person.id).full_name or ""))

    answer = building.build(installation.house, (front.room, signing_in.room, room)).test_client().get("/failing")
    assert answer.status_code == 500
    told = answer.text + capsys.readouterr().out
    told += "".join(record.getMessage() + str(record.exc_text) for record in everything_logged.records)
    assert "LookupError" in told
    assert CANARY not in told


def test_t18_a_shell_on_the_server_opens_nothing_by_itself(installation, person):
    """`flask shell`, a script, a debugger: the house is at hand, and no keyring."""
    house = installation.house
    with create_app(house=house).app_context(), house.reading() as session:
        row = session.get_one(InvolvedPerson, person.id)
        with pytest.raises(NoKeyring):
            _ = row.full_name
    at = house.clock.now()
    by = installation.county.coordinator
    with house.with_keys(by, at=at), house.reading() as session, pytest.raises(Unannounced):
        _ = session.get_one(InvolvedPerson, person.id).full_name


def test_t18_neither_the_operator_nor_an_administrator_has_a_key(installation, person):
    house, at = installation.house, installation.house.clock.now()
    for nobody in (OPERATOR, installation.county.who(Role.ADMINISTRATOR)):
        ring = house.keyring(nobody, at=at)
        with holding(ring), house.reading() as session:
            ring.announce(person.review_id, [DataClass.IDENTITIES], at=at)
            with pytest.raises(OpeningRefused):
                _ = session.get_one(InvolvedPerson, person.id).full_name
