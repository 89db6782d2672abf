"""The master key in AWS KMS, bound to each data key's context through the encryption context, which CloudTrail shows.

Run so far against moto, which imitates KMS in this process, never against AWS.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from dhr_app.adapters.keys.provider import KeyProviderError, KeyProviderUnreachable, changed, of_another

PREFIX = "aws:"
SECONDS = 10  # how long a connection or an answer may take
_ARN = re.compile(r"arn:aws[a-z-]*:kms:(?P<region>[a-z0-9-]+):(?P<account>\d{12}):(key|alias)/\S+")
# The wrapped key, its context or the key it names: something of the row is not what it was.
_ROW = {"InvalidCiphertextException", "IncorrectKeyException", "ValidationException"}
_CLIENTS: dict[tuple[str, str], Any] = {}


@dataclass(frozen=True)
class AwsKms:
    """A symmetric KMS key by its ARN, or its alias's. Credentials come from the instance's role or the environment."""

    url: str  # of a VPC endpoint, or empty
    name: str

    def __post_init__(self) -> None:
        if not _ARN.fullmatch(self.name):
            raise KeyProviderError("aws-kms needs key_name, the ARN of the key or of its alias.")
        if self.url and urlsplit(self.url).scheme != "https":
            raise KeyProviderError("key_url must begin with https: the data keys would cross an open line.")

    def begin(self) -> None:
        """Nothing: its key is made in KMS."""

    def wrap(self, dek: bytes, context: bytes) -> tuple[str, bytes]:
        """Wrap a data key."""
        found = self._ask(lambda kms: kms.encrypt(KeyId=self.name, Plaintext=dek, EncryptionContext=_bound(context)))
        return PREFIX + found["KeyId"], found["CiphertextBlob"]

    def unwrap(self, kek_id: str, blob: bytes, context: bytes) -> bytes:
        """The data key again. Raises KeyProviderError for another context, another key or changed bytes."""
        key = self._key(kek_id)
        asked = {"KeyId": key, "CiphertextBlob": blob, "EncryptionContext": _bound(context)}
        found: bytes = self._ask(lambda kms: kms.decrypt(**asked), blob=True)["Plaintext"]
        return found

    def rewrap(self, kek_id: str, blob: bytes, context: bytes) -> tuple[str, bytes]:
        """The same data key under the key that the settings name; it does not leave KMS on the way."""
        asked = {
            "CiphertextBlob": blob,
            "SourceKeyId": self._key(kek_id),
            "SourceEncryptionContext": _bound(context),
            "DestinationKeyId": self.name,
            "DestinationEncryptionContext": _bound(context),
        }
        found = self._ask(lambda kms: kms.re_encrypt(**asked), blob=True)
        return PREFIX + found["KeyId"], found["CiphertextBlob"]

    def health(self) -> str:
        """Says which key is in use."""
        found = self._ask(lambda kms: kms.describe_key(KeyId=self.name))["KeyMetadata"]
        if found["KeyState"] != "Enabled" or found["KeySpec"] != "SYMMETRIC_DEFAULT":
            raise KeyProviderError("The KMS key is not an enabled symmetric key.")
        return f"AWS KMS answers; its key {str(found['KeyId'])[:8]}… wraps the data keys."

    def _ask(self, question: Callable[[Any], Any], *, blob: bool = False) -> dict[str, Any]:
        """The answer. With `blob`, what KMS refuses about the ciphertext means that the wrapped key was changed."""
        try:
            return dict(question(self._client()))
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if blob and code in _ROW:
                raise changed() from None
            if blob and code == "NotFoundException":
                raise of_another("those in AWS KMS") from None
            raise KeyProviderUnreachable("AWS KMS refuses: the key is disabled, gone, or not this server’s.") from None
        except BotoCoreError:
            raise KeyProviderUnreachable("AWS KMS cannot be reached, or knows no credentials of this server.") from None

    def _key(self, kek_id: str) -> str:
        """The ARN in a key's name: of this account alone, so that nobody's row leads to a key of their own."""
        found = _ARN.fullmatch(kek_id.removeprefix(PREFIX))
        if not kek_id.startswith(PREFIX) or found is None or found["account"] != _parts(self.name)["account"]:
            raise of_another("the one in AWS KMS")
        return found[0]

    def _client(self) -> Any:
        """Made once, since that takes a tenth of a second; it may be used by several threads."""
        if (self.name, self.url) not in _CLIENTS:
            settled = Config(connect_timeout=SECONDS, read_timeout=SECONDS, retries={"total_max_attempts": 2})
            _CLIENTS[self.name, self.url] = boto3.session.Session().client(
                "kms", region_name=_parts(self.name)["region"], endpoint_url=self.url or None, config=settled
            )
        return _CLIENTS[self.name, self.url]


def _parts(arn: str) -> dict[str, str]:
    found = _ARN.fullmatch(arn)
    return found.groupdict() if found else {}


def _bound(context: bytes) -> dict[str, str]:
    return {"dhr": base64.b64encode(context).decode()}
