"""The master key in HashiCorp Vault's transit engine (or OpenBao's), which wraps and unwraps without ever showing it.

One derived key: each data key's context gives it a wrapping key of its own. No associated_data, which `rewrap` refuses.
Vault's own audit device sees every unwrapping. Run so far against an in-process server that speaks the real API's paths
and JSON (tests/adapters/vault_server.py), never against a real Vault.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import hvac
from hvac.exceptions import Forbidden, InvalidPath, InvalidRequest, VaultDown, VaultError
from requests.exceptions import RequestException

from dhr_app.adapters.keys.provider import KeyProviderError, KeyProviderUnreachable, changed, of_another
from dhr_app.adapters.keys.wrapping import private_bytes

PREFIX = "vault:"
SECONDS = 10  # how long an answer may take
HERE = ("127.0.0.1", "localhost", "::1")
WHERE = "Vault’s transit key"
AWAY = "Vault cannot be reached, or does not know the transit key."
# How Vault says that it no longer opens with the version that wrapped a key, never had it, or lacks the whole key.
UNKNOWN = ("disallowed by policy (too old)", "version is too new", "encryption key not found")
T = TypeVar("T")


@dataclass(frozen=True)
class VaultTransit:
    """A transit key by its name, `mount/name` where the engine is not mounted at `transit`.

    The token is read for every question from the file `credential` names (an agent renews it), or from VAULT_TOKEN.
    """

    url: str
    name: str
    credential: str = ""

    def __post_init__(self) -> None:
        if not self.url or not self.name:
            raise KeyProviderError("vault-transit needs key_url, Vault's address, and key_name, the transit key.")
        parts = urlsplit(self.url)
        if parts.scheme != "https" and parts.hostname not in HERE:
            raise KeyProviderError("key_url must begin with https: the data keys would cross an open line.")

    def begin(self) -> None:
        """Nothing: its key is made in Vault."""

    def wrap(self, dek: bytes, context: bytes) -> tuple[str, bytes]:
        """Wrap a data key under the newest version of the transit key."""
        return self._named(
            self._ask(lambda transit: transit.encrypt_data(plaintext=_text(dek), context=_text(context), **self._key()))
        )

    def unwrap(self, kek_id: str, blob: bytes, context: bytes) -> bytes:
        """The data key again. Raises KeyProviderError for another context, another key or changed bytes."""
        told = self._blob(kek_id, blob)
        found = self._ask(
            lambda transit: transit.decrypt_data(ciphertext=told, context=_text(context), **self._key()), blob=True
        )
        return base64.b64decode(found["plaintext"])

    def rewrap(self, kek_id: str, blob: bytes, context: bytes) -> tuple[str, bytes]:
        """The same data key under the newest version; it does not leave Vault on the way."""
        told = self._blob(kek_id, blob)
        return self._named(
            self._ask(
                lambda transit: transit.rewrap_data(ciphertext=told, context=_text(context), **self._key()), blob=True
            )
        )

    def health(self) -> str:
        """Says which version of the key is in use. Raises KeyProviderError where it is not a key of the right kind."""
        found = self._ask(lambda transit: transit.read_key(**self._key()))
        if not found["derived"] or found["exportable"] or not found["supports_decryption"]:
            raise KeyProviderError("The transit key must be made with derived=true and exportable=false.")
        return f"Vault answers; version {found['latest_version']} of its transit key wraps the data keys."

    def _named(self, found: dict[str, Any]) -> tuple[str, bytes]:
        version = str(found["ciphertext"]).split(":", 2)[1]
        return f"{PREFIX}{self.name}:{version}", str(found["ciphertext"]).encode()

    def _blob(self, kek_id: str, blob: bytes) -> str:
        if kek_id.rpartition(":")[0] != f"{PREFIX}{self.name}":
            raise of_another(WHERE)
        try:
            text = blob.decode("ascii")
        except UnicodeDecodeError:
            raise changed() from None
        if not text.startswith(f"vault:{kek_id.rpartition(':')[2]}:"):
            raise changed()
        return text

    def _key(self) -> dict[str, str]:
        mount, _, name = self.name.rpartition("/")
        return {"name": name, "mount_point": mount or "transit"}

    def _ask(self, question: Callable[[Any], Any], *, blob: bool = False) -> dict[str, Any]:
        """The answer's data. With `blob`, a question that Vault calls invalid means a wrapped key that was changed."""
        client = hvac.Client(url=self.url, token=self._token(), timeout=SECONDS)
        try:
            return dict(question(client.secrets.transit)["data"])
        except InvalidRequest as refusal:
            if blob:
                raise (of_another(WHERE) if any(said in str(refusal) for said in UNKNOWN) else changed()) from None
            raise KeyProviderError("Vault refused the question: the transit key must be derived.") from None
        except InvalidPath:
            if blob:
                raise of_another(WHERE) from None
            raise KeyProviderUnreachable(AWAY) from None
        except Forbidden:
            raise KeyProviderUnreachable("Vault refuses this token: it has expired, or lacks the policy.") from None
        except VaultDown:
            raise KeyProviderUnreachable("Vault is sealed or standing by: nobody can open anything.") from None
        except (VaultError, RequestException, OSError):
            raise KeyProviderUnreachable(AWAY) from None
        except (KeyError, TypeError, ValueError):
            raise KeyProviderError("Vault’s answer cannot be understood.") from None
        finally:
            with suppress(Exception):
                client.adapter.close()

    def _token(self) -> str:
        if self.credential:
            return private_bytes(Path(self.credential)).decode("utf-8", "replace").strip()
        if token := os.environ.get("VAULT_TOKEN"):
            return token
        raise KeyProviderError("Vault’s token is missing: name its file in key_credential, or set VAULT_TOKEN.")


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
