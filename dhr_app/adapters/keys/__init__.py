"""Who keeps the key that wraps all other keys: four questions that every provider answers, and a file per provider."""

from __future__ import annotations

from pathlib import Path

from dhr_app.adapters.keys.credential import CredentialFile, add_key, credential_path
from dhr_app.adapters.keys.development import DevelopmentFile
from dhr_app.adapters.keys.kept import KeptBriefly
from dhr_app.adapters.keys.provider import (
    DEVELOPMENT_PREFIX,
    ChangedBytes,
    KeyProvider,
    KeyProviderError,
    KeyProviderUnreachable,
    OfAnotherMasterKey,
    refuse_development_key,
)

__all__ = [
    "DEVELOPMENT_PREFIX",
    "PROVIDERS",
    "ChangedBytes",
    "CredentialFile",
    "DevelopmentFile",
    "KeptBriefly",
    "KeyProvider",
    "KeyProviderError",
    "KeyProviderUnreachable",
    "OfAnotherMasterKey",
    "add_key",
    "choose_provider",
    "credential_path",
    "refuse_development_key",
]

PROVIDERS = ("development-file", "credential-file", "vault-transit", "azure-key-vault", "aws-kms")


def choose_provider(
    kind: str, *, env: str, instance: Path, url: str = "", name: str = "", credential: str = ""
) -> KeyProvider:
    """The provider that the settings key_provider, key_url, key_name and key_credential describe.

    Raises KeyProviderError when it is unknown, lacks something, or is refused in production. Nobody is asked yet.
    """
    if kind == "development-file":
        return DevelopmentFile(instance / "development.key", env=env)
    if kind == "credential-file":
        return CredentialFile(credential_path(credential), instance)
    if kind not in PROVIDERS:
        raise KeyProviderError(f"The key provider “{kind}” is not known: choose one of {', '.join(PROVIDERS)}.")
    return KeptBriefly(_remote(kind, url, name, credential))


def _remote(kind: str, url: str, name: str, credential: str) -> KeyProvider:
    """Each library is fetched only where its provider is used: they are slow to load, and may not be installed."""
    try:
        if kind == "vault-transit":
            from dhr_app.adapters.keys.vault import VaultTransit  # noqa: PLC0415

            return VaultTransit(url, name, credential)
        if kind == "azure-key-vault":
            from dhr_app.adapters.keys.azure import AzureKeyVault  # noqa: PLC0415

            return AzureKeyVault(url, name)
        from dhr_app.adapters.keys.aws import AwsKms  # noqa: PLC0415

        return AwsKms(url, name)
    except ImportError:
        extra = kind.partition("-")[0]
        raise KeyProviderError(
            f"The libraries for {kind} are not installed: run pip install --no-deps -r requirements/keys-{extra}.txt."
        ) from None
