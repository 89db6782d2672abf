"""The five keepers of the master key, each as the tests can have it, for everything that asks the same of all of them.

AWS KMS is moto's imitation; Vault and Azure Key Vault are in-process servers that speak the real paths and JSON and
really encrypt. None of the three was run against the real thing here.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.backends import get_backend

from dhr_app.adapters.keys import DevelopmentFile
from dhr_app.adapters.keys.aws import AwsKms
from dhr_app.adapters.keys.azure import AzureKeyVault
from dhr_app.adapters.keys.credential import CredentialFile, add_key
from dhr_app.adapters.keys.vault import VaultTransit
from tests.adapters.azure_server import AzureServer, Identity, certificate
from tests.adapters.vault_server import VaultServer

REMOTE = ("vault", "azure", "aws")
ACCOUNT = "123456789012"  # moto's


@dataclass(frozen=True)
class Kept:
    """A provider, another of its kind with another master key, and what can be done to it."""

    provider: Any
    other: Any
    renew: Callable[[], Any] | None = None  # makes another master key today's
    down: Callable[[], Any] = lambda: None  # from here on nobody answers
    stranger: Any = None  # one that knows nothing of what the provider wrapped, where `other` may
    swap: Callable[[], Any] = lambda: None  # in the master key's place, under its name, another one is put


@pytest.fixture
def development(tmp_path) -> Kept:
    one, other = (DevelopmentFile(tmp_path / f"{name}.key", env="testing") for name in ("one", "other"))
    one.begin()
    other.begin()

    def swap() -> None:
        one.path.unlink()
        one.begin()

    return Kept(one, other, down=one.path.unlink, stranger=other, swap=swap)


@pytest.fixture
def credential(tmp_path) -> Kept:
    paths = [tmp_path / name for name in ("one", "other")]
    for path in paths:
        add_key(path)
    one, other = (CredentialFile(path, tmp_path / "instance") for path in paths)

    def swap() -> None:
        paths[0].unlink()
        add_key(paths[0])

    return Kept(one, other, renew=partial(add_key, paths[0]), down=paths[0].unlink, stranger=other, swap=swap)


@pytest.fixture
def vault(tmp_path) -> Iterator[Kept]:
    one, other = VaultServer(), VaultServer(name="other")
    token = tmp_path / "token"
    token.write_text(one.token + "\n")
    token.chmod(0o600)
    with one.running() as url, other.running() as elsewhere:
        stranger = VaultTransit(elsewhere, "other", str(token))
        yield Kept(
            VaultTransit(url, "dhr", str(token)),
            stranger,
            renew=one.rotate,
            down=lambda: setattr(one, "sealed", True),
            stranger=stranger,
            swap=lambda: one.versions.__setitem__(slice(None), [os.urandom(32) for _ in one.versions]),
        )


@pytest.fixture
def azure(tmp_path) -> Iterator[Kept]:
    one, other = AzureServer(), AzureServer()
    tls, known = certificate(tmp_path)
    options = {"connection_verify": str(known), "verify_challenge_resource": False, "retry_total": 0}
    with one.running(tls) as url, other.running(tls) as elsewhere:
        made = AzureKeyVault(url, "dhr", Identity, options)
        stranger = replace(made, url=elsewhere)

        def swap() -> None:
            one.rotate()
            for version in list(one.versions)[:-1]:
                del one.versions[version]

        yield Kept(
            made,
            stranger,
            renew=one.rotate,
            down=lambda: setattr(one, "disabled", True),
            stranger=stranger,
            swap=swap,
        )


@pytest.fixture
def aws(monkeypatch) -> Iterator[Kept]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "AKIAtesting")
    with mock_aws():
        kms = boto3.client("kms", "eu-west-2")
        one, new, other = (kms.create_key()["KeyMetadata"]["Arn"] for _ in range(3))
        kms.create_alias(AliasName="alias/dhr", TargetKeyId=one)
        alias = one.partition(":key/")[0] + ":alias/dhr"

        def swap() -> None:
            get_backend("kms")[ACCOUNT]["eu-west-2"].reset()
            anew = kms.create_key()["KeyMetadata"]["Arn"]
            kms.create_alias(AliasName="alias/dhr", TargetKeyId=anew)

        made = AwsKms("", alias)
        yield Kept(
            made,
            AwsKms("", other),
            renew=partial(kms.update_alias, AliasName="alias/dhr", TargetKeyId=new),
            down=partial(object.__setattr__, made, "url", "https://127.0.0.1:9"),
            stranger=AwsKms("", alias.replace(ACCOUNT, "999999999999")),
            swap=swap,
        )


@pytest.fixture(params=["development", "credential", *REMOTE])
def kept(request) -> Kept:
    found: Kept = request.getfixturevalue(request.param)
    return found
