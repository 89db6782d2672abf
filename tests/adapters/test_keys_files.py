"""The development file and the credential file: what is asked of the files themselves, and who may be chosen."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from dhr_app.adapters.keys import (
    DevelopmentFile,
    KeyProvider,
    KeyProviderError,
    add_key,
    choose_provider,
    refuse_development_key,
)

DEK = bytes(range(32))


@pytest.fixture
def provider(tmp_path):
    made = DevelopmentFile(tmp_path / "instance" / "development.key", env="testing")
    made.begin()
    return made


def test_a_wrapped_key_comes_back_and_names_a_development_key(provider):
    kek_id, blob = provider.wrap(DEK, b"review 1")
    assert kek_id.startswith("dev:")
    assert DEK not in blob
    assert provider.unwrap(kek_id, blob, b"review 1") == DEK


def test_the_key_file_is_made_once_for_its_owner_alone(provider):
    first = provider.path.read_bytes()
    provider.begin()
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
    other = DevelopmentFile(tmp_path / "other.key", env="testing")
    other.begin()
    with pytest.raises(KeyProviderError, match="another key"):
        other.unwrap(kek_id, blob, b"")


def test_a_key_file_that_is_gone_is_not_made_anew_by_any_question(provider):
    first = provider.wrap(DEK, b"")
    provider.path.unlink()
    for question in (
        provider.health,
        lambda: provider.wrap(DEK, b""),
        lambda: provider.unwrap(*first, b""),
        lambda: provider.rewrap(*first, b""),
    ):
        with pytest.raises(
            KeyProviderError, match=r"^development\.key is not there: put it back; .*`dhr keys recover`"
        ):
            question()
    assert not provider.path.exists()


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


def test_an_unknown_provider_is_named_with_the_known_ones(tmp_path):
    with pytest.raises(KeyProviderError, match=r"“post-it”.*credential-file.*aws-kms"):
        choose_provider("post-it", env="development", instance=tmp_path)
    known = choose_provider("development-file", env="testing", instance=tmp_path)
    known.begin()
    assert known.health().startswith("Development")


def test_a_provider_whose_library_is_not_installed_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "dhr_app.adapters.keys.vault", None)
    with pytest.raises(KeyProviderError, match=r"pip install --no-deps -r requirements/keys-vault\.txt"):
        choose_provider("vault-transit", env="production", instance=tmp_path, url="https://v", name="dhr")


@pytest.fixture
def credential(tmp_path) -> Path:
    path = tmp_path / "run" / "dhr-master-key"
    path.parent.mkdir()
    add_key(path)
    return path


def chosen(tmp_path: Path, credential: object = "") -> KeyProvider:
    return choose_provider(
        "credential-file", env="production", instance=tmp_path / "instance", credential=str(credential)
    )


def test_a_credential_file_is_found_by_setting_or_where_systemd_put_it(tmp_path, credential, monkeypatch):
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    named = chosen(tmp_path, credential)
    with pytest.raises(KeyProviderError, match="key_credential"):
        chosen(tmp_path)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(credential.parent))
    assert chosen(tmp_path).unwrap(*named.wrap(DEK, b"x"), b"x") == DEK


def test_several_keys_stand_side_by_side_and_the_last_is_todays(tmp_path, credential):
    provider = chosen(tmp_path, credential)
    old = provider.wrap(DEK, b"x")
    new = add_key(credential)
    assert stat.S_IMODE(credential.stat().st_mode) == 0o600
    assert provider.wrap(DEK, b"x")[0] == new != old[0]
    assert provider.unwrap(*old, b"x") == DEK
    assert new in provider.health()
    assert "1 more only open" in provider.health()
    lines = credential.read_text().splitlines()
    credential.write_text("# the old one is gone\n\n" + lines[1])
    with pytest.raises(KeyProviderError, match="wrapped by another key"):
        provider.unwrap(*old, b"x")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "holds no key"),
        ("# only a remark", "holds no key"),
        ("correct horse battery staple", "Key 1 .* 64 hexadecimal digits"),
        ("ab" * 31, "64 hexadecimal digits"),
        ("00" * 32, "an example"),
        (bytes(range(32)).hex(), "an example"),
        (bytes(range(64, 32, -1)).hex(), "an example"),
        ("0123456789abcdef" * 4, "an example"),
        ("é" * 64, "64 hexadecimal digits"),
    ],
)
def test_a_file_without_a_random_key_is_refused_at_once_and_nothing_of_it_is_quoted(tmp_path, content, said):
    path = tmp_path / "key"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(KeyProviderError, match=said) as raised:
        chosen(tmp_path, path)
    assert not content or content not in str(raised.value)


def test_a_credential_file_that_is_gone_open_to_others_or_kept_with_the_data_is_refused(tmp_path, credential):
    with pytest.raises(KeyProviderError, match="cannot be read"):
        chosen(tmp_path, tmp_path / "nowhere")
    for mode in (0o640, 0o604, 0o660):
        credential.chmod(mode)
        with pytest.raises(KeyProviderError, match="chmod 600"):
            chosen(tmp_path, credential)
    inside = tmp_path / "instance" / "key"
    inside.parent.mkdir()
    add_key(inside)
    with pytest.raises(KeyProviderError, match="backups would hold it"):
        chosen(tmp_path, inside)
    linked = tmp_path / "linked"
    linked.symlink_to(inside)
    with pytest.raises(KeyProviderError, match="backups would hold it"):
        chosen(tmp_path, linked)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_credential_of_another_user_is_refused_and_one_of_roots_shown_by_systemd_is_not(tmp_path, credential):
    credential.chmod(0o440)  # an access list of root's file shows so
    assert chosen(tmp_path, credential).health()
    credential.chmod(0o600)
    os.chown(credential, 65534, 65534)
    with pytest.raises(KeyProviderError, match="another user"):
        chosen(tmp_path, credential)
