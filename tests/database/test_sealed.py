"""What sealed attributes do, and every hole that was found in such designs, closed."""

from __future__ import annotations

import copy
import hashlib
import pickle
import traceback
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, delete, insert, inspect, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlalchemy.pool import NullPool

from dhr_app.database.base import FrozenIdentity
from dhr_app.database.envelope import OVERHEAD, Envelope
from dhr_app.database.errors import NoKeyring, SealError, Unannounced, UnnamedChange
from dhr_app.database.models import AuditEntry
from dhr_app.database.sealed import replace_unreadable
from tests.database.examples import AT, ON_POSTGRESQL, Case, ExampleBase, Human, Paper, Part, Relative, SignIn, bent

JANE = "Jane Barchester-Doe"


@pytest.fixture
def case(ground):
    return ground.case()


@pytest.fixture
def jane(ground, case):
    return ground.human(case, full_name=JANE, born=date(1980, 1, 2), notes="x" * 300)


def test_values_of_every_kind_come_back_after_the_commit(ground, case):
    paper = Paper(review_id=case.id, agency_id=uuid4())
    sign_in = SignIn()
    with ground.request() as ring, ground.db.transaction(by=ground.who, at=AT) as session:
        human = Human(review_id=case.id, full_name=JANE, born=date(1980, 1, 2), known=True, notes="")
        paper.body, paper.facts, sign_in.secret = "The IMR — part 1", {"b": [1, "é"]}, b"\x00\xff\x00"
        session.add_all([human, paper, sign_in])
    assert ground.read(human, "full_name") == JANE
    assert ground.read(human, "born") == date(1980, 1, 2)
    assert ground.read(human, "known") is True
    assert ground.read(human, "notes") == ""
    assert ground.read(human, "alias") is None
    assert ground.read(paper, "facts") == {"b": [1, "é"]}
    assert ring.may_open(case.id, "identities")
    with ground.request() as ring:
        ring.announce(None, ["system"], at=AT)
        with ground.db.reading() as session:
            assert session.get_one(SignIn, sign_in.id).secret == b"\x00\xff\x00"


def test_a_27_byte_name_is_sealed_in_65_bytes(ground, jane, case):
    assert OVERHEAD == 33
    other = ground.human(case, full_name="A" * 27)
    assert len(ground.stored(other, "full_name_ct")) == 65


def test_no_plaintext_reaches_any_file(ground, jane):
    for file in ground.folder.iterdir():
        assert JANE.encode() not in file.read_bytes(), file.name


def test_setting_the_same_value_leaves_the_row_untouched(ground, jane):
    with ground.request(), ground.db.transaction(by=ground.who, at=AT) as session:
        row = session.get_one(Human, jane.id)
        row.full_name = JANE
        row.alias = None
        assert not session.is_modified(row)


def test_a_rollback_restores_the_value(ground, jane):
    def work(session):
        session.get_one(Human, jane.id).full_name = "Somebody Else"

    with pytest.raises(RuntimeError):
        ground.failing(work)
    assert ground.read(jane, "full_name") == JANE


def test_no_query_can_use_a_sealed_attribute():
    for use in (
        lambda: select(Human).where(Human.full_name == JANE),
        lambda: select(Human).where(Human.full_name != JANE),
        lambda: select(Human).where(Human.full_name.in_([JANE])),
        lambda: select(Human).where(Human.full_name.like("J%")),
        lambda: select(Human).order_by(Human.full_name),
        lambda: select(Human).order_by(Human.full_name.desc()),
        lambda: select(Human.full_name),
        lambda: select(Human).filter_by(full_name=JANE),
        lambda: Human.full_name < JANE,
        lambda: Human.full_name + "x",
        lambda: ~Human.full_name,
    ):
        with pytest.raises(TypeError, match="sealed"):
            use()


def test_of_a_sealed_column_a_query_may_ask_only_whether_it_is_there(ground, jane, case):
    for use in (
        lambda: Human.full_name_ct == b"x",
        lambda: Human.full_name_ct.in_([b"x"]),
        Human.full_name_ct.desc,
        lambda: Human.full_name_ct.like("x"),
    ):
        with pytest.raises(TypeError, match="sealed"):
            use()
    with ground.db.reading() as session:
        assert session.scalar(select(Human.id).where(Human.full_name_ct.is_not(None))) == jane.id
        assert session.scalar(select(Human.id).where(Human.full_name_ct.is_(None))) is None


def test_selecting_the_column_gives_an_envelope_that_shows_nothing(ground, jane):
    with ground.db.reading() as session:
        envelope = session.scalar(select(Human.full_name_ct))
    assert isinstance(envelope, Envelope)
    assert str(envelope) == repr(envelope) == f"{envelope}" == "<Envelope 65 bytes, generation 1>"


def test_an_objects_state_copies_and_pickles_hold_only_envelopes(ground, jane):
    with ground.request(), ground.db.transaction(by=ground.who, at=AT) as session:
        row = session.get_one(Human, jane.id)
        assert row.full_name == JANE
        assert JANE not in repr(vars(row))
        assert JANE.encode() not in pickle.dumps(row)
        assert JANE not in repr(inspect(row).attrs.full_name_ct.history)
    assert copy.copy(Envelope(b"\x01\0\0\0\1")) == b"\x01\0\0\0\1"


@pytest.mark.parametrize("value", [b"plain", "plain", JANE])
def test_a_sealed_column_refuses_what_is_not_an_envelope(ground, jane, value):
    with (
        pytest.raises(StatementError, match="unsealed") as caught,
        ground.request(),
        ground.db.transaction(by=ground.who, at=AT) as session,
    ):
        session.get_one(Human, jane.id).full_name_ct = value
    assert JANE not in str(caught.value)


def test_core_and_bulk_writes_are_refused_each_one(ground, jane, case):
    row = {"id": uuid4(), "review_id": case.id, "part": Part.CHILD}
    raw = "insert into human (id, review_id, part) values ('00000000000000000000000000000001', 'x', 'child')"
    ways = [
        lambda s: s.execute(insert(Human), [{**row, "full_name": JANE}]),  # would drop the name and store nothing
        lambda s: s.execute(insert(Human).values(**row)),
        lambda s: s.execute(insert(ExampleBase.metadata.tables["human"]).values(**row)),
        lambda s: s.execute(update(Human).values(part=Part.CHILD)),
        lambda s: s.execute(update(Human).values(full_name_ct="plain")),
        lambda s: s.execute(delete(Human).where(Human.id == jane.id)),
        lambda s: s.bulk_save_objects([Human(review_id=case.id)]),
        lambda s: s.bulk_insert_mappings(inspect(Human), [row]),
        lambda s: s.bulk_update_mappings(inspect(Human), [{"id": jane.id, "part": Part.CHILD}]),
        lambda s: s.execute(text(raw)),
        lambda s: s.execute(text("/* hello */ with a as (select 1) " + raw)),
        lambda s: s.connection().execute(text("delete from human")),
        lambda s: s.connection().execute(update(ExampleBase.metadata.tables["human"]).values(part="child")),
        lambda s: s.connection().exec_driver_sql("replace into human (id) values (1)"),
        lambda s: s.connection().exec_driver_sql("drop table human"),
        lambda s: s.scalars(insert(Human).values(**row).returning(Human.id)),
    ]
    for way in ways:
        for block in (ground.db.reading, lambda: ground.db.transaction(by=ground.who, at=AT)):
            with ground.request(), pytest.raises((UnnamedChange, StatementError, TypeError, Unannounced)), block() as s:
                way(s)
    with ground.db.reading() as session:
        assert session.scalars(select(Human.id)).all() == [jane.id]
        assert session.scalar(select(Human.part)) is Part.VICTIM


@pytest.mark.parametrize("name", ["id", "review_id"])
def test_the_identity_of_a_sealed_row_never_changes(ground, jane, name):
    with (
        pytest.raises(FrozenIdentity),
        ground.request(),
        ground.db.transaction(by=ground.who, at=AT) as session,
    ):
        setattr(session.get_one(Human, jane.id), name, uuid4())
    with pytest.raises(FrozenIdentity):
        setattr(jane, name, uuid4())


def test_a_relationship_cannot_move_a_sealed_row_to_another_review(ground, jane, case):
    other = ground.case("DHR-2026-002")

    def work(session):
        elsewhere = session.get_one(Case, other.id)
        elsewhere.people.append(session.get_one(Human, jane.id))

    with pytest.raises(FrozenIdentity):
        ground.verb(work)


def test_a_row_is_made_with_its_review_and_unknown_words_are_refused(ground, case):
    with pytest.raises(TypeError, match="review_id"):
        Human()
    with pytest.raises(TypeError, match="nickname"):
        Human(review_id=case.id, nickname="J")
    with pytest.raises(TypeError, match="metadata"):
        Case(reference="x", metadata=1)


def test_identity_is_set_before_any_sealed_value_whatever_the_order_of_the_words(ground, case):
    chosen = uuid4()
    with ground.request(), ground.db.transaction(by=ground.who, at=AT) as session:
        human = Human(full_name=JANE, part=Part.CHILD, review_id=case.id, id=chosen)
        session.add(human)
    assert human.id == chosen
    assert ground.read(human, "full_name") == JANE


@pytest.mark.parametrize(
    ("name", "value"), [("full_name", 7), ("born", "1980"), ("born", datetime.now(UTC)), ("known", 1)]
)
def test_a_value_of_another_kind_is_refused_without_being_told(ground, jane, name, value):
    with ground.request(), pytest.raises(TypeError) as caught, ground.db.transaction(by=ground.who, at=AT) as session:
        setattr(session.get_one(Human, jane.id), name, value)
    assert str(value) not in str(caught.value)


def test_pasting_between_rows_columns_reviews_and_people_is_refused(ground, case):
    other = ground.case("DHR-2026-002")
    people = [
        ground.human(case, full_name="Ann Thorne", alias="Annie"),
        ground.human(case, full_name="Bob Thorne", alias="Bobby"),
        ground.human(other, full_name="Cyd Thorne", alias="Cyd T"),
    ]
    cells = [(person, name) for person in people for name in ("full_name", "alias")]
    kept = {cell: ground.stored(cell[0], f"{cell[1]}_ct") for cell in cells}
    for target in cells:
        for source in cells:
            if source != target:
                ground.put(target[0], f"{target[1]}_ct", kept[source])
                with pytest.raises(SealError):
                    ground.read(*target)
        ground.put(target[0], f"{target[1]}_ct", kept[target])
        assert ground.read(*target) is not None


def test_a_row_moved_to_another_review_by_sql_does_not_open(ground, jane):
    other = ground.case("DHR-2026-002")
    ground.human(other, full_name="Another")
    ground.tamper("update human set review_id = :r where id = :i", r=other.id.hex, i=jane.id.hex)
    jane_there = inspect(jane).identity
    with ground.request() as ring:
        ring.announce(other.id, ["identities"], at=AT)
        with ground.db.reading() as session, pytest.raises(SealError):
            _ = session.get_one(Human, jane_there).full_name


def test_every_changed_byte_and_every_truncation_is_refused(ground, jane, case):
    good = ground.stored(jane, "full_name_ct")
    bent = [good[:at] + bytes([good[at] ^ bit]) + good[at + 1 :] for at in range(len(good)) for bit in (0x01, 0x80)]
    short = [good[:length] for length in range(len(good))] + [good + b"\0"]
    with ground.request() as ring:
        ring.announce(case.id, ["identities"], at=AT)
        with ground.db.reading() as session:
            row = session.get_one(Human, jane.id)
            for bad in bent + short:
                vars(row)["full_name_ct"] = Envelope(bad)
                with pytest.raises(SealError):
                    _ = row.full_name
            vars(row)["full_name_ct"] = Envelope(good)
            assert row.full_name == JANE


def test_a_seal_error_names_the_place_and_nothing_else(ground, jane):
    good = ground.stored(jane, "full_name_ct")
    ground.put(jane, "full_name_ct", bent(good))
    with pytest.raises(SealError) as caught:
        ground.read(jane, "full_name")
    error = caught.value
    assert (error.table, error.column, error.row) == ("human", "full_name", jane.id)
    assert error.__cause__ is None
    assert error.__context__ is None
    assert JANE not in str(error)
    assert str(pickle.loads(pickle.dumps(error))) == str(error)  # noqa: S301


def test_a_save_never_blanks_what_it_could_not_read_unless_told_to(ground, jane):
    broken = bent(ground.stored(jane, "full_name_ct"))
    ground.put(jane, "full_name_ct", broken)
    for value in ("Another", None):
        with ground.request(), pytest.raises(SealError), ground.db.transaction(by=ground.who, at=AT) as session:
            session.get_one(Human, jane.id).full_name = value
    assert ground.stored(jane, "full_name_ct") == broken
    with ground.request(), ground.db.transaction(by=ground.who, at=AT) as session:
        replace_unreadable(session.get_one(Human, jane.id), "full_name", "Retyped")
    assert ground.read(jane, "full_name") == "Retyped"


def test_yes_no_and_unknown_have_one_length(ground, case):
    rows = [ground.human(case, known=value) for value in (True, False, None)] + [ground.human(case)]
    assert len({len(ground.stored(row, "known_ct")) for row in rows}) == 1
    assert [ground.read(row, "known") for row in rows] == [True, False, None, None]
    names = [ground.human(case, full_name=name) for name in ("Jo", "Maximiliana Barchester")]
    assert len({len(ground.stored(row, "full_name_ct")) for row in names}) == 1


def test_each_family_member_has_a_key_of_their_own(ground, case):
    with ground.request(), ground.db.transaction(by=ground.who, at=AT) as session:
        rows = [Relative(review_id=case.id, name=name) for name in ("Mother", "Brother")]
        session.add_all(rows)
    domains = [each for each in ground.db.keystore.domains() if each.record_class == "family"]
    assert {each.subject_id for each in domains} == {row.id for row in rows}
    ground.db.keystore.destroy(next(each for each in domains if each.subject_id == rows[0].id), at=AT)
    with pytest.raises(SealError):
        ground.read(rows[0], "name")
    assert ground.read(rows[1], "name") == "Brother"


def test_without_a_keyring_nothing_is_sealed_or_opened(ground, jane, case):
    with pytest.raises(NoKeyring), ground.db.reading() as session:
        _ = session.get_one(Human, jane.id).full_name
    with pytest.raises(NoKeyring), ground.db.transaction(by=ground.who, at=AT):
        Human(review_id=case.id, full_name=JANE)


def test_an_unreadable_long_text_is_replaced_though_it_was_not_read_before(ground, jane):
    broken = bent(ground.stored(jane, "notes_ct"))
    ground.put(jane, "notes_ct", broken)
    ground.verb(lambda session: replace_unreadable(session.get_one(Human, jane.id), "notes", "written anew"))
    assert ground.read(jane, "notes") == "written anew"
    with ground.db.reading() as session:
        bodies = session.scalars(select(AuditEntry.body).order_by(AuditEntry.seq)).all()
    assert hashlib.sha256(broken).hexdigest().encode() in b"".join(bodies)


def test_errors_of_the_database_do_not_print_values(ground, case):
    again = Case(id=case.id, reference="DHR-2026-CANARY")
    with pytest.raises(IntegrityError, match=r"(?i)unique") as caught:
        ground.add(again)
    told = "".join(traceback.format_exception(caught.value))
    assert "CANARY" not in told
    assert str(case.id) not in told


@ON_POSTGRESQL
def test_postgresql_would_have_printed_them(ground, case):
    """Its own words hold the row; ours are the first of them, and none where they hold a value of the wrong kind."""
    plain = create_engine(ground.url, poolclass=NullPool, hide_parameters=True)
    insertion = text("insert into review (id, reference, counted) values (:id, :reference, :counted)")
    for values, ours in (
        ({"id": uuid4(), "reference": "CANARY", "counted": None}, "violates not-null constraint"),
        ({"id": "CANARY", "reference": "x", "counted": 0}, "InvalidTextRepresentation"),
    ):
        with pytest.raises(DBAPIError, match="CANARY"), plain.begin() as connection:
            connection.execute(insertion, values)
        with pytest.raises(DBAPIError, match=ours) as caught, ground.raw.begin() as connection:
            connection.execute(insertion, values)
        assert "CANARY" not in "".join(traceback.format_exception(caught.value))
