from __future__ import annotations

import os
import stat

import pytest

from dhr_app.adapters.keys import DevelopmentFile, KeyProviderError, choose_provider, refuse_development_key

DEK = bytes(range(32))


@pytest.fixture
def provider(tmp_path):
    return DevelopmentFile(tmp_path / "instance" / "development.key", env="testing")


def test_a_wrapped_key_comes_back_and_names_a_development_key(provider):
    kek_id, blob = provider.wrap(DEK, b"review 1")
    assert kek_id.startswith("dev:")
    assert DEK not in blob
    assert provider.unwrap(kek_id, blob, b"review 1") == DEK


def test_the_key_file_is_made_once_for_its_owner_alone(provider):
    provider.wrap(DEK, b"")
    first = provider.path.read_bytes()
    provider.wrap(DEK, b"")
    assert provider.path.read_bytes() == first
    assert len(first) == 32
    assert stat.S_IMODE(provider.path.stat().st_mode) == 0o600
    assert os.listdir(provider.path.parent) == ["development.key"]


def test_a_key_wrapped_for_one_thing_does_not_open_as_another(provider):
    kek_id, blob = provider.wrap(DEK, b"review 1")
    with pytest.raises(KeyProviderError, match="belongs to something else"):
        provider.unwrap(kek_id, blob, b"review 2")


def test_every_changed_byte_of_a_wrapped_key_is_refused(provider):
    kek_id, blob = provider.wrap(DEK, b"")
    for place in range(len(blob)):
        bent = bytes(byte ^ (place == at) for at, byte in enumerate(blob))
        with pytest.raises(KeyProviderError):
            provider.unwrap(kek_id, bent, b"")
    with pytest.raises(KeyProviderError):
        provider.unwrap(kek_id, b"", b"")


def test_another_key_file_is_recognised(provider, tmp_path):
    kek_id, blob = provider.wrap(DEK, b"")
    with pytest.raises(KeyProviderError, match="another key"):
        DevelopmentFile(tmp_path / "other.key", env="testing").unwrap(kek_id, blob, b"")


def test_rewrapping_keeps_the_key(provider):
    kek_id, blob = provider.wrap(DEK, b"x")
    again = provider.rewrap(kek_id, blob, b"x")
    assert again[1] != blob
    assert provider.unwrap(*again, b"x") == DEK


def test_a_key_file_that_others_can_read_is_refused(provider):
    provider.wrap(DEK, b"")
    provider.path.chmod(0o644)
    with pytest.raises(KeyProviderError, match="chmod 600"):
        provider.wrap(DEK, b"")


def test_a_short_key_file_is_refused(provider):
    provider.wrap(DEK, b"")
    provider.path.write_bytes(b"short")
    with pytest.raises(KeyProviderError, match="32 bytes"):
        provider.health()


def test_production_refuses_the_development_file_and_makes_none(tmp_path):
    with pytest.raises(KeyProviderError, match="DHR_KEY_PROVIDER"):
        choose_provider("development-file", env="production", instance=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_production_refuses_to_open_what_a_development_key_wrapped():
    with pytest.raises(KeyProviderError, match="production"):
        refuse_development_key("dev:0011", env="production")
    refuse_development_key("dev:0011", env="development")
    refuse_development_key("vault:7", env="production")


def test_an_unknown_provider_is_named(tmp_path):
    with pytest.raises(KeyProviderError, match="“vault”"):
        choose_provider("vault", env="development", instance=tmp_path)
    assert choose_provider("development-file", env="testing", instance=tmp_path).health().startswith("Development")
