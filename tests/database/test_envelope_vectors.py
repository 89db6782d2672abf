"""Every future version opens what version 1 sealed: fixed keys, nonces and places, and the bytes they give."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from dhr_app.database import envelope as sealing
from dhr_app.database.envelope import CannotOpen, Envelope, Place, seal, unseal
from dhr_app.database.keyring import _derive
from dhr_app.database.keystore import DataKey
from dhr_app.database.keytable import Domain, binding_of

KEPT = json.loads((Path(__file__).parents[1] / "data/envelope_v1.json").read_text(encoding="utf-8"))


def place_of(vector: dict[str, Any]) -> Place:
    return Place(vector["name"], UUID(vector["row"]), UUID(vector["review"]))


def cipher_of(vector: dict[str, Any]) -> AESGCM:
    return _derive(DataKey(vector["generation"], bytes.fromhex(vector["dek"])), vector["purpose"])


@pytest.mark.parametrize("vector", KEPT["envelopes"], ids=str)
def test_what_was_sealed_then_opens_now(vector: dict[str, Any]) -> None:
    envelope = Envelope(bytes.fromhex(vector["envelope"]))
    assert (envelope.suite, envelope.generation) == (KEPT["version"], vector["generation"])
    assert unseal(envelope, place_of(vector), cipher_of(vector)) == bytes.fromhex(vector["value"])


@pytest.mark.parametrize("vector", KEPT["envelopes"], ids=str)
def test_the_same_nonce_gives_the_same_bytes(vector: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    nonce, truly = bytes.fromhex(vector["nonce"]), os.urandom
    monkeypatch.setattr(sealing.os, "urandom", lambda size: nonce if size == len(nonce) else truly(size))
    value, pad = bytes.fromhex(vector["value"]), vector["pad"]
    made = seal(value, place_of(vector), cipher_of(vector), vector["generation"], pad=pad)
    assert made.hex() == vector["envelope"]


def test_none_of_them_opens_in_another_s_place_or_under_another_s_key() -> None:
    vectors = KEPT["envelopes"]
    for one in vectors:
        for other in vectors:
            if one is not other:
                envelope = Envelope(bytes.fromhex(one["envelope"]))
                with pytest.raises(CannotOpen):
                    unseal(envelope, place_of(other), cipher_of(one))
                with pytest.raises(CannotOpen):
                    unseal(envelope, place_of(one), cipher_of(other))


@pytest.mark.parametrize("kept", KEPT["bindings"], ids=str)
def test_a_wrapped_key_is_bound_as_it_was(kept: dict[str, Any]) -> None:
    domain = Domain(UUID(kept["review"]), kept["record_class"], UUID(kept["subject"]))
    assert domain.context(kept["generation"]).hex() == kept["context"]
    assert binding_of(bytes.fromhex(kept["dek"]), domain, kept["generation"]).hex() == kept["binding"]
