"""The line to the mail server: encrypted where it can be, and a password never goes out, nor into a word, in clear."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from dhr_app.adapters.mail import Letter, ServerGone, postbox
from tests.factories import NOW
from tests.mailserver import MailServer, mail_server, text_of

LETTER = Letter("<1@barsetshire.example>", "a@barsetshire.example", "Subject", "Words – with a dash\n", NOW)
SENDER = "dhr@barsetshire.example"
TRUSTING = ssl.create_default_context  # as it is before a test replaces it


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of this machine, which nobody but this test trusts, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    began = datetime(2020, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(began)
        .not_valid_after(began + timedelta(days=36500))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(private + made.public_bytes(pem))
    return path


@pytest.fixture
def encryption(certificate: Path) -> ssl.SSLContext:
    """What the server encrypts with."""
    found = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    found.load_cert_chain(certificate)
    return found


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This process trusts that certificate."""
    monkeypatch.setattr(ssl, "create_default_context", lambda: TRUSTING(cafile=str(certificate)))


def _open_to_the_chief(*asked: object) -> AuthResult:
    given = asked[-1]
    assert isinstance(given, LoginPassword)
    return AuthResult(success=given.login == b"dhr" and given.password == b"pass:w@rd", handled=False)


@pytest.fixture
def guarded(encryption: ssl.SSLContext) -> Iterator[MailServer]:
    """A server that offers encryption, and takes mail only from whoever gives name and password."""
    options = {"auth_required": True, "authenticator": _open_to_the_chief}
    with mail_server(tls_context=encryption, require_starttls=True, **options) as running:
        yield running


def test_where_the_server_offers_encryption_it_is_used_and_then_we_sign_in(guarded: MailServer, trusted: None) -> None:
    with postbox(f"smtp://dhr:pass%3Aw%40rd@127.0.0.1:{guarded.port}", SENDER) as box:
        box.send(LETTER)
    assert [text_of(message).strip() for message in guarded.taken] == ["Words – with a dash"]


def test_a_wrong_password_is_said_without_the_password(guarded: MailServer, trusted: None) -> None:
    with (
        pytest.raises(ServerGone) as gone,
        postbox(f"smtp://dhr:swordfish@127.0.0.1:{guarded.port}", SENDER),
    ):
        pass
    assert gone.value.said == "535 The server does not accept our name and password."
    assert "swordfish" not in repr(gone.value)


def test_a_certificate_that_nobody_vouches_for_is_not_accepted(guarded: MailServer) -> None:
    with pytest.raises(ServerGone) as gone, postbox(guarded.url, SENDER):
        pass
    assert gone.value.said == "The mail server’s certificate or encryption is not accepted."
    assert guarded.taken == []


def test_to_a_server_without_encryption_no_password_is_sent() -> None:
    with (
        mail_server() as plain,
        pytest.raises(ServerGone) as gone,
        postbox(f"smtp://dhr:swordfish@127.0.0.1:{plain.port}", SENDER),
    ):
        pass
    assert gone.value.said == "The server offers no encryption, so our name and password were not sent to it."


def test_several_messages_go_over_one_connection() -> None:
    with mail_server() as plain:
        with postbox(plain.url, SENDER) as box:
            for _ in range(3):
                box.send(LETTER)
        assert len(plain.taken) == 3


def test_a_server_that_is_not_there() -> None:
    with mail_server() as gone:
        url = gone.url
    with pytest.raises(ServerGone, match="did not take"), postbox(url, SENDER):
        pass
