"""The master key in Azure Key Vault: an RSA key whose public half wraps here, and whose private half unwraps there.

RSA-OAEP-256 binds no context, so a digest of it is wrapped beside the data key, and compared. What it cannot prove is
that this program did the wrapping: whoever has the public half and may write to the keystore can put a key there that
they know, and would read what is sealed from then on. The other providers exclude that. A deleted vault key can be
brought back for 7 to 90 days, which a certificate of disposal must say.
Run so far against an in-process server that speaks the real API's paths and JSON (tests/adapters/azure_server.py),
never against a real Key Vault.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlsplit

from azure.core.credentials import TokenCredential
from azure.core.exceptions import AzureError, ClientAuthenticationError, HttpResponseError, ResourceNotFoundError
from azure.identity import DefaultAzureCredential
from azure.keyvault.keys import KeyClient
from azure.keyvault.keys.crypto import CryptographyClient, KeyWrapAlgorithm

from dhr_app.adapters.keys.provider import KEY_BYTES, KeyProviderError, KeyProviderUnreachable, changed, of_another

PREFIX = "azure:"
SECONDS = 10  # how long a connection or an answer may take
WHERE = "the one in Azure Key Vault"
AWAY = "Azure Key Vault cannot answer, or does not know the key."
ALGORITHM = KeyWrapAlgorithm.rsa_oaep_256
_NAME = re.compile(r"[0-9A-Za-z-]{1,127}")
T = TypeVar("T")


def _managed_identity() -> TokenCredential:
    """Whoever this server is to Azure: its managed identity, or what AZURE_CLIENT_ID and the like say."""
    return DefaultAzureCredential(exclude_interactive_browser_credential=True)


@dataclass(frozen=True)
class AzureKeyVault:
    """An RSA key by the address of its vault and its name. Data keys remember which version wrapped them."""

    url: str
    name: str
    sign_in: Callable[[], TokenCredential] = field(default=_managed_identity, repr=False)
    options: Mapping[str, Any] = field(default_factory=dict, repr=False)  # of the library: its certificates, its proxy

    def __post_init__(self) -> None:
        if urlsplit(self.url).scheme != "https" or not _NAME.fullmatch(self.name):
            raise KeyProviderError(
                "azure-key-vault needs key_url, such as https://name.vault.azure.net, and key_name, the key’s name."
            )
        object.__setattr__(self, "_clients", {})

    def begin(self) -> None:
        """Nothing: its key is made in the vault."""

    def wrap(self, dek: bytes, context: bytes) -> tuple[str, bytes]:
        """Wrap a data key under the newest version of the key."""
        version = self._newest()
        found = _ask(lambda: self._client(version).wrap_key(ALGORITHM, dek + _digest(context)))
        return PREFIX + version, bytes(found.encrypted_key)

    def unwrap(self, kek_id: str, blob: bytes, context: bytes) -> bytes:
        """The data key again. Raises KeyProviderError for another context, another key or changed bytes."""
        version = kek_id.removeprefix(PREFIX)
        if not re.fullmatch(re.escape(f"{PREFIX}{self.url.rstrip('/')}/keys/{self.name}/") + r"\w+", kek_id):
            raise of_another(WHERE)
        whole = bytes(_ask(lambda: self._client(version).unwrap_key(ALGORITHM, blob).key, blob=True))
        if not hmac.compare_digest(whole[KEY_BYTES:], _digest(context)):
            raise changed()
        return whole[:KEY_BYTES]

    def rewrap(self, kek_id: str, blob: bytes, context: bytes) -> tuple[str, bytes]:
        """The same data key under the newest version; it passes through this process."""
        return self.wrap(self.unwrap(kek_id, blob, context), context)

    def health(self) -> str:
        """Says which version of the key is in use."""
        return f"Azure Key Vault answers; version {self._newest().rpartition('/')[2]} of its key wraps the data keys."

    def _newest(self) -> str:
        """The full name of the newest version."""
        return str(_ask(lambda: self._keys().get_key(self.name).id))

    def _keys(self) -> KeyClient:
        return self._kept("", lambda: KeyClient(self.url, self.sign_in(), **self._settled()))

    def _client(self, version: str) -> CryptographyClient:
        return self._kept(version, lambda: CryptographyClient(version, self.sign_in(), **self._settled()))

    def _kept(self, what: str, make: Callable[[], T]) -> T:
        """One client of each kind, since each signs in for itself."""
        clients: dict[str, Any] = self._clients  # type: ignore[attr-defined]
        if what not in clients:
            clients[what] = make()
        found: T = clients[what]
        return found

    def _settled(self) -> dict[str, Any]:
        return {"connection_timeout": SECONDS, "read_timeout": SECONDS, "retry_total": 1, **self.options}


def _ask(question: Callable[[], T], *, blob: bool = False) -> T:
    """The answer. With `blob`, a question that Azure calls bad means that the wrapped key was changed."""
    try:
        return question()
    except ClientAuthenticationError:
        raise KeyProviderUnreachable(
            "Azure Key Vault does not know this server: see to its managed identity."
        ) from None
    except ResourceNotFoundError:
        if blob:
            raise of_another(WHERE) from None
        raise KeyProviderUnreachable(AWAY) from None
    except HttpResponseError as error:
        if blob and error.status_code == 400:
            raise changed() from None
        if error.status_code == 403:
            raise KeyProviderUnreachable(
                "Azure Key Vault refuses: the key is disabled, or this server may not use it."
            ) from None
        raise KeyProviderUnreachable(AWAY) from None
    except AzureError:
        raise KeyProviderUnreachable("Azure Key Vault cannot be reached.") from None
    except ValueError:
        if blob:
            raise changed() from None
        raise KeyProviderError("Azure Key Vault’s answer cannot be understood.") from None


def _digest(context: bytes) -> bytes:
    return hashlib.sha256(b"dhr-kek-context" + context).digest()
