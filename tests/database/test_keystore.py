"""The keystore: a database of its own, keys that cannot stand in for one another, and nothing lost by a crash."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import IntegrityError

from dhr_app.adapters.keys import DevelopmentFile, KeyProviderUnreachable
from dhr_app.database import keycare, keycopies
from dhr_app.database.base import Base
from dhr_app.database.engine import keystore_engine
from dhr_app.database.errors import DatabaseUnavailable, KeyDestroyed, KeysUnreachable, KeyUnavailable, SealError
from dhr_app.database.keycopies import RecoveryKey
from dhr_app.database.keystore import DataKey, Domain, Keystore, metadata, review_key
from tests.database.examples import AT, ON_SQLITE, Human

DAY = timedelta(days=1)


@pytest.fixture
def store(ground):
    return ground.db.keystore


@pytest.fixture
def domain():
    return Domain(uuid4(), "identities")


def test_the_keystore_is_a_database_of_its_own(ground, store):
    assert store.engine.url != ground.db.engine.url
    assert "review_key" not in Base.metadata.tables
    assert list(metadata.tables) == ["review_key", "recovery", "recovery_copy"]
    assert inspect(ground.raw).has_table("review_key") is False


@ON_SQLITE
def test_its_file_keeps_no_log_and_overwrites_what_it_deletes(store):
    with store.engine.connect() as connection:
        settings = [
            connection.exec_driver_sql(f"pragma {name}").scalar_one()
            for name in ("journal_mode", "secure_delete", "synchronous", "recursive_triggers", "trusted_schema")
        ]
    assert settings == ["delete", 1, 2, 1, 0]


def test_a_key_is_made_once_and_comes_back(store, domain):
    first = store.sealing_key(domain, at=AT)
    assert len(first.dek) == 32
    assert store.sealing_key(domain, at=AT) == store.key(domain, 1) == first


def test_each_class_and_subject_has_another_key(store, domain):
    others = [
        domain,
        Domain(domain.review_id, "family"),
        Domain(domain.review_id, "family", uuid4()),
        Domain(uuid4(), "family"),
    ]
    assert len({store.sealing_key(each, at=AT).dek for each in others}) == 4


def test_a_key_is_never_shown(store, domain):
    key = store.sealing_key(domain, at=AT)
    assert repr(key) == "<DataKey generation 1>"
    assert key.dek.hex() not in repr(key)
    with store.engine.connect() as connection:
        assert key.dek not in bytes(connection.scalar(select(review_key.c.wrapped)) or b"")


def test_a_new_generation_seals_while_the_old_one_still_opens(ground):
    case = ground.case()
    old = ground.human(case, full_name="Old Generation")
    ground.db.keystore.new_key(Domain(case.id, "identities"), at=AT)
    new = ground.human(case, full_name="New Generation")
    assert ground.stored(old, "full_name_ct")[1:5] == b"\0\0\0\1"
    assert ground.stored(new, "full_name_ct")[1:5] == b"\0\0\0\2"
    assert (ground.read(old, "full_name"), ground.read(new, "full_name")) == ("Old Generation", "New Generation")


def test_editing_the_generation_fails_even_where_both_hold_the_same_key(ground, monkeypatch):
    case = ground.case()
    human = ground.human(case, full_name="Jane Doe")
    store, one = ground.db.keystore, ground.db.keystore.key(Domain(case.id, "identities"), 1)
    monkeypatch.setattr(store, "key", lambda domain, generation: DataKey(generation, one.dek))
    good = ground.stored(human, "full_name_ct")
    ground.put(human, "full_name_ct", good[:4] + b"\2" + good[5:])
    with pytest.raises(SealError):
        ground.read(human, "full_name")


def test_two_wrapped_keys_that_were_swapped_open_nothing(ground):
    one, two = ground.case("DHR-2026-001"), ground.case("DHR-2026-002")
    people = [ground.human(one, full_name="Ann"), ground.human(two, full_name="Bea")]
    with ground.raw_keystore.begin() as keystore:
        rows = keystore.execute(select(review_key)).all()
        for here, there in zip(rows, reversed(rows), strict=True):
            swapped = review_key.update().values(kek_id=there.kek_id, wrapped=there.wrapped)
            keystore.execute(swapped.where(review_key.c.review_id == here.review_id))
    for person in people:
        with pytest.raises(SealError):
            ground.read(person, "full_name")


class Careless(DevelopmentFile):
    """A provider that binds no context, as RSA key wrapping cannot."""

    def wrap(self, dek, context):
        return super().wrap(dek, b"")

    def unwrap(self, kek_id, blob, context):
        return super().unwrap(kek_id, blob, b"")


def test_the_binding_catches_a_swap_that_the_provider_does_not(ground, store, domain):
    careless = Keystore(store.engine, Careless(ground.folder / "careless.key", env="testing"), env="testing")
    careless.provider.begin()
    other = Domain(domain.review_id, "family")
    careless.new_key(domain, at=AT)
    careless.new_key(other, at=AT)
    with store.engine.begin() as connection:
        wrapped = connection.scalar(select(review_key.c.wrapped).where(review_key.c.record_class == "family"))
        connection.execute(review_key.update().values(wrapped=wrapped))
    assert careless.key(other, 1).generation == 1
    with pytest.raises(KeyUnavailable, match="where another belongs"):
        careless.key(domain, 1)


def test_a_retired_or_destroyed_key_is_refused_and_the_bytes_are_gone(ground, store, domain):
    store.sealing_key(domain, at=AT)
    with store.engine.connect() as connection:
        wrapped = bytes(connection.scalar(select(review_key.c.wrapped)) or b"")
    store.retire(domain, 1, at=AT)
    with pytest.raises(KeyUnavailable, match="retired"):
        store.key(domain, 1)
    assert store.destroy(domain, at=AT) == 1
    assert store.destroy(domain, at=AT) == 0
    with pytest.raises(KeyUnavailable, match="destroyed"):
        store.key(domain, 1)
    with pytest.raises(KeyUnavailable, match="destroyed"):
        store.sealing_key(domain, at=AT)
    assert store.domains() == {domain: {"destroyed"}}
    with ground.raw_keystore.connect() as keystore:
        assert keystore.scalars(select(review_key.c.wrapped)).all() == [None]
    store.engine.dispose()
    if ground.sqlite:
        assert wrapped not in (ground.folder / "keystore.db").read_bytes()


def test_production_refuses_keys_wrapped_in_development(ground, store, domain):
    store.sealing_key(domain, at=AT)
    production = Keystore(store.engine, store.provider, env="production")
    with pytest.raises(KeyUnavailable, match="development key"):
        production.key(domain, 1)


def test_a_key_is_committed_before_the_first_row_that_uses_it(ground):
    case = ground.case()

    def work(session):
        session.add(Human(review_id=case.id, full_name="Never Saved"))
        with ground.raw_keystore.connect() as elsewhere:
            assert elsewhere.scalar(text("select count(*) from review_key")) == 1

    with pytest.raises(RuntimeError):
        ground.failing(work)
    assert Domain(case.id, "identities") in ground.db.keystore.domains()


def test_orphans_are_set_aside_after_a_day_and_removed_after_another(store, domain):
    used = Domain(uuid4(), "identities")
    store.sealing_key(domain, at=AT)
    store.sealing_key(used, at=AT)
    sweep = [store.sweep_orphans(used={used}, at=AT + hours) for hours in (DAY / 2, DAY * 1.1, DAY * 1.5, DAY * 2.2)]
    assert sweep == [(0, 0), (1, 0), (0, 0), (0, 1)]
    assert store.domains() == {used: {"active"}}


def test_a_key_that_comes_into_use_after_it_was_set_aside_is_kept(store, domain):
    store.sealing_key(domain, at=AT)
    store.sweep_orphans(used=set(), at=AT + DAY * 2)
    assert store.key(domain, 1)
    assert store.sealing_key(domain, at=AT + DAY * 2).generation == 2
    assert store.sweep_orphans(used={domain}, at=AT + DAY * 9) == (0, 0)


def test_tombstones_are_never_swept(store, domain):
    store.sealing_key(domain, at=AT)
    store.destroy(domain, at=AT)
    store.sweep_orphans(used=set(), at=AT + DAY * 99)
    assert store.domains() == {domain: {"destroyed"}}


def test_a_locked_keystore_is_said_to_be_unavailable(ground, store, domain):
    with ground.locked(ground.raw_keystore, "review_key"), pytest.raises(DatabaseUnavailable):
        store.sealing_key(domain, at=AT)
    assert store.sealing_key(domain, at=AT).generation == 1


def test_a_keystore_that_is_gone_is_not_made_anew(tmp_path, store):
    missing = keystore_engine(f"sqlite:///{tmp_path}/nowhere.db")
    with pytest.raises(DatabaseUnavailable):
        Keystore(missing, store.provider, env="testing").domains()
    assert not (tmp_path / "nowhere.db").exists()
    missing.dispose()


def test_the_keystore_says_it_is_well(store):
    assert "Development key file dev:" in store.health()


def test_only_one_key_of_a_domain_can_be_active(store, domain):
    store.sealing_key(domain, at=AT)
    store.new_key(domain, at=AT)
    with pytest.raises(IntegrityError, match=r"(?i)unique"), store.engine.begin() as connection:
        connection.execute(text("update review_key set state = 'active'"))


def test_a_provider_that_does_not_answer_is_no_broken_seal(ground, monkeypatch):
    human = ground.human(ground.case(), full_name="Jane Doe")

    def away(*question):
        raise KeyProviderUnreachable("The master key cannot be reached.")

    monkeypatch.setattr(DevelopmentFile, "unwrap", away)
    with pytest.raises(KeysUnreachable, match="cannot be reached") as raised:
        ground.read(human, "full_name")
    assert isinstance(raised.value, DatabaseUnavailable)
    monkeypatch.undo()
    assert ground.read(human, "full_name") == "Jane Doe"


def test_two_who_make_the_next_key_at_the_same_moment_make_one(store, domain, monkeypatch):
    store.sealing_key(domain, at=AT)
    plain = DevelopmentFile.wrap

    def while_somebody_else_does(provider, dek, context):
        monkeypatch.setattr(DevelopmentFile, "wrap", plain)
        assert store.new_key(domain, at=AT) == 2
        return plain(provider, dek, context)

    monkeypatch.setattr(DevelopmentFile, "wrap", while_somebody_else_does)
    assert store.new_key(domain, at=AT) is None
    assert store.sealing_key(domain, at=AT).generation == 2


def test_one_old_generation_destroyed_leaves_the_domain_alive(store, domain):
    store.sealing_key(domain, at=AT)
    store.new_key(domain, at=AT)
    assert store.destroy(domain, generation=1, at=AT) == 0  # it still opens: only what is retired goes alone
    store.retire(domain, 1, at=AT)
    assert store.destroy(domain, generation=1, at=AT) == 1
    assert store.sealing_key(domain, at=AT).generation == 2
    assert store.new_key(domain, at=AT) == 3


def test_keys_that_are_swept_take_their_recovery_copies_along(store, domain):
    keycare.install_recovery(store, RecoveryKey.made(), share_set=7, at=AT)
    store.sealing_key(domain, at=AT)
    with store.asked() as connection:
        assert len(keycopies.copies(connection)) == 1
    store.sweep_orphans(used=set(), at=AT + DAY * 2)
    store.sweep_orphans(used=set(), at=AT + DAY * 4)
    with store.asked() as connection:
        assert keycopies.copies(connection) == {}


def test_a_recovery_copy_that_was_changed_or_moved_opens_nothing(store, domain):
    key = RecoveryKey.made()
    keycare.install_recovery(store, key, share_set=7, at=AT)
    dek, other = store.sealing_key(domain, at=AT).dek, Domain(uuid4(), "identities")
    store.sealing_key(other, at=AT)
    assert keycare.copied_key(store, key, domain, 1) == dek
    with pytest.raises(KeyUnavailable):
        keycare.copied_key(store, RecoveryKey.made(), domain, 1)
    with store.asked() as connection:
        good = keycopies.copies(connection)
    for bent in (*_bent(good[domain, 1]), good[other, 1], b""):
        with store.work() as connection:
            keycopies.keep(connection, domain, 1, bent)
        with pytest.raises(KeyUnavailable):
            keycare.copied_key(store, key, domain, 1)


def _bent(copy):
    for place in range(0, len(copy), 5):
        yield copy[:place] + bytes([copy[place] ^ 0x40]) + copy[place + 1 :]


def test_no_key_is_made_for_a_domain_that_is_destroyed_while_the_provider_is_asked(store, domain):
    """A remote provider takes its time, and somebody’s disposal goes on meanwhile."""

    class Slow(DevelopmentFile):
        """The provider of the installation, which takes so long that the domain is destroyed meanwhile."""

        def wrap(self, dek, context):
            wrapped = super().wrap(dek, context)
            store.destroy(domain, at=AT)
            return wrapped

    store.sealing_key(domain, at=AT)
    with pytest.raises(KeyDestroyed):
        Keystore(store.engine, Slow(store.provider.path, "testing"), env="testing").new_key(domain, at=AT)
    assert store.domains()[domain] == {"destroyed"}
