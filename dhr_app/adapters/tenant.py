"""An agency's own tenant (OpenID Connect): where a browser is sent to, and who the tenant says came back.

Of what a tenant says, `subject`, the methods and the time of a sign-in are read; names and addresses never. What is
known of a tenant is kept for an hour, and read again where it signs by a key that is not known.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from authlib.oidc.core import CodeIDToken
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, RSAKey

SECONDS = 5  # for each answer
LEEWAY = 60  # seconds by which two clocks may differ
KEPT = timedelta(hours=1)
ALGORITHMS = ["RS256", "ES256"]
LOOPBACK = ("127.0.0.1", "localhost", "::1")
NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
PEM = re.compile(r"(-----BEGIN ([A-Z ]+)-----.+?-----END \2-----)", re.DOTALL)
LONGEST_SUBJECT = 255  # OpenID Connect Core


class TenantGone(Exception):
    """A tenant cannot be reached, or says of itself what cannot be used; or we have no key to prove who we are."""


class AnswerRefused(Exception):
    """What came back is not what was asked for; `reason` is a code, and holds nothing of the answer."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Registration:
    """This site as one tenant knows it. `key_file` holds our private key, and its certificate where it has one."""

    issuer: str
    client_id: str
    redirect_uri: str
    key_file: str


@dataclass(frozen=True)
class Secrets:
    """What is made anew for each sign-in: `state` travels, `nonce` comes back signed, `verifier` shows it was us."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Identity:
    """Who came: by `subject`. `by_several` factors, and when they signed in there, as far as the tenant says so."""

    subject: str
    by_several: bool
    signed_in_at: datetime | None


@dataclass(frozen=True)
class _Known:
    metadata: Mapping[str, Any]
    keys: KeySet
    read_at: datetime


_known: dict[str, _Known] = {}


def may_be_asked(address: str, *, loopback: bool = False) -> bool:
    """Whether this is an https address in which nothing is hidden; `loopback` lets plain http on it pass."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        return False
    plain = address.isprintable() and " " not in address and "@" not in parts.netloc and port != 0
    secure = parts.scheme == "https" or (loopback and parts.scheme == "http" and host in LOOPBACK)
    return bool(host) and plain and secure and not parts.query and not parts.fragment


def address_to_ask(us: Registration, secrets: Secrets, *, at: datetime) -> str:
    """Where the browser goes to sign in. The tenant is told to ask anew, and to say when it did. Raises TenantGone.

    Whoever is sent a `max_age` must answer with `auth_time` (OpenID Connect Core 1.0, 3.1.2.1); not every tenant does.
    """
    metadata = _about(us.issuer, at=at).metadata
    with _client(us) as client:
        address, _ = client.create_authorization_url(
            metadata["authorization_endpoint"],
            state=secrets.state,
            nonce=secrets.nonce,
            code_verifier=secrets.verifier,
            prompt="login",
            max_age="0",
        )
    return str(address)


def check_sender(us: Registration, named: str | None, *, at: datetime) -> None:
    """Raise AnswerRefused where the answer names another issuer, or none though this tenant always does (RFC 9207)."""
    always = _about(us.issuer, at=at).metadata.get("authorization_response_iss_parameter_supported") is True
    if named != us.issuer and (named is not None or always):
        raise AnswerRefused("issuer_of_answer")


def who_came(us: Registration, code: str, secrets: Secrets, *, at: datetime) -> Identity:
    """Give the code in return for a token, and say whom it is about. Raises AnswerRefused, TenantGone."""
    known = _about(us.issuer, at=at)
    token = _token(us, known, code, secrets, at=at)
    if not isinstance(token.get("id_token"), str):
        raise AnswerRefused("no_token")
    decoded = _opened(us, token["id_token"], at=at)
    claims = CodeIDToken(
        decoded.claims,
        decoded.header,
        {"iss": {"essential": True, "value": us.issuer}, "aud": {"essential": True, "value": us.client_id}},
        {"nonce": secrets.nonce, "client_id": us.client_id, "access_token": token.get("access_token")},
    )
    try:
        claims.validate(now=int(at.timestamp()), leeway=LEEWAY)
        return _identity(claims, us)
    except (JoseError, OSError, OverflowError, TypeError, ValueError) as wrong:
        raise AnswerRefused(_code_of(wrong)) from None


def _identity(claims: Mapping[str, Any], us: Registration) -> Identity:
    subject, audience = claims["sub"], claims["aud"]
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise AnswerRefused("claim_sub")
    if isinstance(audience, list) and len(audience) > 1 and claims.get("azp") != us.client_id:
        raise AnswerRefused("claim_azp")
    methods, signed_in = claims.get("amr") or [], claims.get("auth_time")
    return Identity(
        subject, "mfa" in methods, datetime.fromtimestamp(signed_in, UTC) if isinstance(signed_in, int) else None
    )


def _token(us: Registration, known: _Known, code: str, secrets: Secrets, *, at: datetime) -> Mapping[str, Any]:
    endpoint = known.metadata["token_endpoint"]
    with _client(us) as client:
        client.client_secret, headers, algorithm = our_key(us.key_file)
        moment = int(at.timestamp())
        claims = {"iat": moment, "nbf": moment, "exp": moment + 300}
        client.register_client_auth_method(PrivateKeyJWT(endpoint, claims, headers, algorithm))
        try:
            answer: Mapping[str, Any] = client.fetch_token(
                endpoint,
                grant_type="authorization_code",
                code=code,
                code_verifier=secrets.verifier,
                redirect_uri=us.redirect_uri,
                timeout=SECONDS,
                allow_redirects=False,
            )
        except AuthlibBaseError:
            raise AnswerRefused("code_not_taken") from None
        except (AttributeError, TypeError, ValueError, requests.RequestException):  # whatever else it sent
            raise TenantGone from None
    return answer


def _opened(us: Registration, id_token: str, *, at: datetime) -> jwt.Token:
    """The token, signed by a key of the tenant's in one of the two ways that we take, whatever it says of itself."""
    try:
        named = jws.extract_compact(id_token.encode()).headers().get("kid")
        known = _about(us.issuer, at=at)
        if named not in {key.kid for key in known.keys.keys}:
            known = _about(us.issuer, at=at, afresh=True)
        return jwt.decode(id_token, known.keys, algorithms=ALGORITHMS)
    except (JoseError, ValueError):
        raise AnswerRefused("signature") from None


def _about(issuer: str, *, at: datetime, afresh: bool = False) -> _Known:
    """What a tenant says of itself, and its keys. Raises TenantGone."""
    kept = _known.get(issuer)
    if kept is not None and not afresh and abs(at - kept.read_at) < KEPT:
        return kept
    metadata = _read(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    loopback = issuer.startswith("http://")
    addresses = [metadata.get(name) for name in NEEDED]
    if metadata.get("issuer") != issuer or not all(
        isinstance(address, str) and may_be_asked(address, loopback=loopback) for address in addresses
    ):
        raise TenantGone
    try:
        keys = KeySet.import_key_set(_read(metadata["jwks_uri"]))  # type: ignore[arg-type]
    except (JoseError, KeyError, TypeError, ValueError):
        raise TenantGone from None
    _known[issuer] = _Known(metadata, keys, at)
    return _known[issuer]


def _read(address: str) -> dict[str, Any]:
    try:
        answer = requests.get(address, timeout=SECONDS, allow_redirects=False)
        found = answer.json() if answer.status_code == requests.codes.ok else None
    except (requests.RequestException, ValueError):
        raise TenantGone from None
    if not isinstance(found, dict):
        raise TenantGone
    return found


def _client(us: Registration) -> Any:
    return OAuth2Session(
        us.client_id,
        token_endpoint_auth_method=PrivateKeyJWT.name,
        scope="openid",
        redirect_uri=us.redirect_uri,
        code_challenge_method="S256",
    )


def our_key(path: str) -> tuple[RSAKey | ECKey, dict[str, str], str]:
    """Our private key, what says which it is, and how it signs. Raises TenantGone where there is none.

    Entra ID knows a key by its certificate's SHA-256.
    """
    try:
        blocks = {label: whole for whole, label in PEM.findall(Path(path).read_text(encoding="ascii"))}
        private = next(whole for label, whole in blocks.items() if label.endswith("PRIVATE KEY"))
        is_rsa = isinstance(load_pem_private_key(private.encode(), None), RSAPrivateKey)
        key: RSAKey | ECKey = RSAKey.import_key(private) if is_rsa else ECKey.import_key(private)
        headers = {}
        if "CERTIFICATE" in blocks:
            print_of = x509.load_pem_x509_certificate(blocks["CERTIFICATE"].encode()).fingerprint(SHA256())
            headers["x5t#S256"] = base64.urlsafe_b64encode(print_of).rstrip(b"=").decode()
    except (OSError, TypeError, ValueError, StopIteration, JoseError, UnsupportedAlgorithm):
        raise TenantGone from None
    return key, headers, "PS256" if is_rsa else "ES256"


def _code_of(wrong: Exception) -> str:
    """Which claim was wrong, as a code of ours: what the claim held is not told."""
    claim = getattr(wrong, "claim", None)
    if claim in ("iss", "aud", "exp", "iat", "nbf", "nonce", "azp", "at_hash", "sub", "amr", "auth_time"):
        return f"claim_{claim}"
    return "claim_exp" if type(wrong).__name__ == "ExpiredTokenError" else "claims"
