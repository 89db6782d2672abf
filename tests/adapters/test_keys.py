"""Every keeper of the master key keeps the same promises: one suite, run against each of them (see conftest.py)."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from dhr_app.adapters.keys import (
    ChangedBytes,
    KeptBriefly,
    KeyProviderError,
    KeyProviderUnreachable,
    OfAnotherMasterKey,
)
from dhr_app.adapters.keys.aws import AwsKms
from dhr_app.adapters.keys.azure import AzureKeyVault
from dhr_app.adapters.keys.vault import VaultTransit
from tests.adapters.conftest import Kept
from tests.adapters.vault_server import VaultServer

DEK = bytes(range(32))
CONTEXT = b"\0\7dhr-dek\0\20a review's number\0\12identities"
SECRETS = ("hvs.", "token-of-this-test", "AKIA", "127.0.0.1", "http")


def sentence(raised: pytest.ExceptionInfo[KeyProviderError]) -> str:
    """What is said: one sentence, without a secret or an address, and nothing that hangs on it."""
    said = str(raised.value)
    assert said.endswith(".")
    assert not any(secret in said for secret in SECRETS)
    assert raised.value.__cause__ is None
    return said


def test_a_wrapped_key_comes_back_and_is_nowhere_in_what_is_kept(kept):
    kek_id, blob = kept.provider.wrap(DEK, CONTEXT)
    assert DEK not in blob
    assert len(kek_id) <= 200
    assert kept.provider.unwrap(kek_id, blob, CONTEXT) == DEK
    assert kept.provider.wrap(DEK, CONTEXT)[1] != blob


def test_a_key_wrapped_for_one_thing_does_not_open_as_another(kept):
    kek_id, blob = kept.provider.wrap(DEK, CONTEXT)
    with pytest.raises(KeyProviderError) as raised:
        kept.provider.unwrap(kek_id, blob, CONTEXT + b"x")
    assert "belongs to something else" in sentence(raised)


def test_every_changed_byte_of_a_wrapped_key_is_refused(kept):
    kek_id, blob = kept.provider.wrap(DEK, CONTEXT)
    # Each byte where it costs nothing; of a remote one's answer every seventh, and both ends.
    places = range(len(blob)) if len(blob) < 80 else {*range(0, len(blob) - 4, 7), len(blob) - 5}
    for place in places:
        bent = bytes(byte ^ (place == at) for at, byte in enumerate(blob))
        with pytest.raises(KeyProviderError) as raised:
            kept.provider.unwrap(kek_id, bent, CONTEXT)
        # moto writes its key's name at the head of the blob, and denies access where that was changed.
        assert not isinstance(raised.value, KeyProviderUnreachable) or (kek_id.startswith("aws:") and place < 36)
    for cut in (b"", blob[:-8]):
        with pytest.raises(KeyProviderError) as raised:
            kept.provider.unwrap(kek_id, cut, CONTEXT)
        assert sentence(raised)


def test_a_key_that_another_master_key_wrapped_is_refused(kept):
    (mine, _), (theirs, blob) = kept.provider.wrap(DEK, CONTEXT), kept.other.wrap(DEK, CONTEXT)
    # KMS opens with every key of its account that a row names, so that the master key can be changed.
    for kek_id in {mine} if mine.startswith("aws:") else {mine, theirs}:
        with pytest.raises(KeyProviderError) as raised:
            kept.provider.unwrap(kek_id, blob, CONTEXT)
        assert sentence(raised)


@pytest.mark.parametrize("kek_id", ["", "dev:0011223344556677", "file:0011223344556677", "vault:dhr:v1", "azure:x"])
def test_the_name_of_another_providers_key_is_refused_with_a_sentence(kept, kek_id):
    mine, blob = kept.provider.wrap(DEK, CONTEXT)
    if mine == kek_id:
        pytest.skip("this one's own")
    with pytest.raises(KeyProviderError) as raised:
        kept.provider.unwrap(kek_id, blob, CONTEXT)
    assert "wrapped by another key" in sentence(raised)


def test_a_master_key_that_is_not_known_is_told_from_bytes_that_were_changed(kept):
    kek_id, blob = kept.provider.wrap(DEK, CONTEXT)
    with pytest.raises(OfAnotherMasterKey):
        kept.stranger.unwrap(kek_id, blob, CONTEXT)
    with pytest.raises(ChangedBytes):
        kept.provider.unwrap(kek_id, blob, CONTEXT + b"x")


def test_another_master_key_in_its_place_opens_nothing_and_is_not_called_unreachable(kept):
    first = kept.provider.wrap(DEK, CONTEXT)
    kept.swap()
    with pytest.raises(KeyProviderError) as raised:
        kept.provider.unwrap(*first, CONTEXT)
    assert isinstance(raised.value, OfAnotherMasterKey | ChangedBytes)
    assert sentence(raised)


def test_vault_says_which_version_it_no_longer_opens_with_or_never_had():
    server = VaultServer()
    with server.running() as url, pytest.MonkeyPatch.context() as environ:
        environ.setenv("VAULT_TOKEN", server.token)
        provider = VaultTransit(url, "dhr")
        old = provider.wrap(DEK, CONTEXT)
        server.rotate()
        new = provider.wrap(DEK, CONTEXT)
        server.oldest = 2
        assert provider.unwrap(*new, CONTEXT) == DEK
        with pytest.raises(OfAnotherMasterKey):
            provider.unwrap(*old, CONTEXT)
        server.oldest = 1
        server.versions.pop()
        with pytest.raises(OfAnotherMasterKey):
            provider.unwrap(*new, CONTEXT)
        server.name = "renamed"
        with pytest.raises(OfAnotherMasterKey):
            provider.unwrap(*old, CONTEXT)


def test_rewrapping_keeps_the_key_and_its_context(kept):
    first = kept.provider.wrap(DEK, CONTEXT)
    again = kept.provider.rewrap(*first, CONTEXT)
    assert again[1] != first[1]
    assert kept.provider.unwrap(*again, CONTEXT) == DEK
    with pytest.raises(KeyProviderError) as raised:
        kept.provider.rewrap(*first, CONTEXT + b"x")
    assert sentence(raised)


def test_after_a_new_master_key_the_old_one_still_opens_until_all_is_rewrapped(kept):
    if kept.renew is None:
        pytest.skip("the development file holds one key for good")
    first = kept.provider.wrap(DEK, CONTEXT)
    kept.renew()
    assert kept.provider.unwrap(*first, CONTEXT) == DEK
    again = kept.provider.rewrap(*first, CONTEXT)
    assert again[0] != first[0]
    assert again[0] == kept.provider.wrap(DEK, CONTEXT)[0]
    assert kept.provider.unwrap(*again, CONTEXT) == DEK


def test_it_says_that_it_is_well_without_telling_a_secret(kept):
    said = kept.provider.health()
    assert said.endswith(".")
    assert not any(secret in said for secret in SECRETS)
    assert DEK.hex() not in said


def test_nothing_of_it_is_shown_that_could_be_used(kept):
    shown = repr(kept.provider)
    assert not any(secret in shown for secret in ("hvs.", "token-of-this-test", "AKIA"))


def test_one_that_is_down_says_so_in_one_sentence(kept):
    first = kept.provider.wrap(DEK, CONTEXT)
    kept.down()
    for question in (
        kept.provider.health,
        lambda: kept.provider.wrap(DEK, CONTEXT),
        lambda: kept.provider.unwrap(*first, CONTEXT),
        lambda: kept.provider.rewrap(*first, CONTEXT),
    ):
        with pytest.raises(KeyProviderError) as raised:
            question()
        assert sentence(raised)


@pytest.mark.parametrize("name", ["vault", "azure"])
def test_a_server_that_is_gone_is_unreachable_not_wrong(name, request, monkeypatch):
    monkeypatch.setattr("dhr_app.adapters.keys.azure.SECONDS", 1)
    kept: Kept = request.getfixturevalue(name)
    gone = replace(kept.provider, url=f"{'https' if name == 'azure' else 'http'}://127.0.0.1:9")
    for question in (gone.health, lambda: gone.wrap(DEK, CONTEXT)):
        with pytest.raises(KeyProviderUnreachable) as raised:
            question()
        assert sentence(raised)


def test_a_vault_token_that_is_wrong_or_missing_is_said_without_showing_it(vault, tmp_path, monkeypatch):
    monkeypatch.delenv("VAULT_TOKEN", raising=False)
    wrong = tmp_path / "wrong"
    wrong.write_text("hvs.wrong")
    wrong.chmod(0o600)
    with pytest.raises(KeyProviderUnreachable, match="expired") as raised:
        replace(vault.provider, credential=str(wrong)).health()
    assert sentence(raised)
    with pytest.raises(KeyProviderError, match="token is missing"):
        replace(vault.provider, credential="").health()
    wrong.chmod(0o644)
    with pytest.raises(KeyProviderError, match="chmod 600"):
        replace(vault.provider, credential=str(wrong)).health()


def test_a_vault_key_that_is_not_derived_is_refused():
    server = VaultServer(derived=False)
    with server.running() as url, pytest.MonkeyPatch.context() as environ:
        environ.setenv("VAULT_TOKEN", server.token)
        with pytest.raises(KeyProviderError, match="derived=true"):
            VaultTransit(url, "dhr").health()


def test_a_row_leads_to_no_key_of_another_account_or_vault(aws, azure):
    for provider, kek_id in (
        (aws.provider, "aws:arn:aws:kms:eu-west-2:999999999999:key/1234"),
        (azure.provider, "azure:https://evil.example/keys/dhr/0123"),
        (azure.provider, azure.provider.wrap(DEK, CONTEXT)[0] + "/../../evil"),
    ):
        with pytest.raises(KeyProviderError, match="wrapped by another key"):
            provider.unwrap(kek_id, os.urandom(64), CONTEXT)


@pytest.mark.parametrize(
    "make",
    [
        lambda: VaultTransit("", "dhr"),
        lambda: VaultTransit("http://vault.example", "dhr"),
        lambda: AzureKeyVault("http://vault.example", "dhr"),
        lambda: AzureKeyVault("https://vault.example", "a/b"),
        lambda: AwsKms("", "dhr"),
        lambda: AwsKms("http://kms.example", "arn:aws:kms:eu-west-2:123456789012:key/1"),
    ],
)
def test_what_is_not_whole_or_would_cross_an_open_line_is_refused_before_anybody_is_asked(make):
    with pytest.raises(KeyProviderError, match=r"key_url|key_name"):
        make()


def test_an_answer_is_remembered_for_a_minute_and_no_longer():
    server, now = VaultServer(), [0.0]
    with server.running() as url, pytest.MonkeyPatch.context() as environ:
        environ.setenv("VAULT_TOKEN", server.token)
        provider = KeptBriefly(VaultTransit(url, "dhr"), clock=lambda: now[0])
        first = provider.wrap(DEK, CONTEXT)
        for moment in (0, 59, 61):
            now[0] = moment
            assert provider.unwrap(*first, CONTEXT) == DEK
        assert [path.split("/")[3] for path in server.asked] == ["encrypt", "decrypt", "decrypt"]
        with pytest.raises(KeyProviderError):
            provider.unwrap(*first, CONTEXT + b"x")
        for number in range(70):
            context = b"%d" % number
            provider.unwrap(*provider.wrap(DEK, context), context)
        assert len(provider._kept) == 64
        assert DEK.hex() not in repr(provider)
