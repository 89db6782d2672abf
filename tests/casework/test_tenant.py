"""An agency’s tenant is entered, turned off and on: by whom, how it must look, and what the settings have to hold."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from dhr_app.adapters.tenant import TenantGone, may_be_asked, our_key
from dhr_app.casework.house import House, at_work
from dhr_app.casework.tenant import (
    HAS_ONE,
    TenantEntry,
    add_tenant,
    organisations,
    tenants_page,
    turn_off,
    turn_on,
)
from dhr_app.workflows.errors import Invalid, NotAllowed, OutOfReach, Over
from dhr_app.workflows.roles import Role
from tests.factories import NOW, make_account
from tests.identity_provider import IdentityProvider
from tests.reviews import County
from tests.tenants import with_key

ISSUER = "https://login.example/7/v2.0"


@pytest.fixture
def house_with_key(bare_county: County, house: House, provider: IdentityProvider) -> Iterator[House]:
    with at_work(with_key(house, provider)) as made:
        yield made


def entry(county: County, agency: str = "Police", issuer: str = ISSUER, client_id: str = "dhr") -> TenantEntry:
    return TenantEntry(county.agency(agency), issuer, client_id)


def test_only_an_administrator_enters_one(house_with_key, bare_county):
    for role in (Role.COORDINATOR, Role.STEERING_CHAIR, Role.AUDITOR):
        with pytest.raises(NotAllowed):
            add_tenant(entry(bare_county), by=make_account(house_with_key, role)[0], at=NOW)
    assert organisations() == {}


def test_one_that_is_on_is_offered_and_an_agency_has_one(house_with_key, bare_county):
    by, _ = make_account(house_with_key, Role.ADMINISTRATOR)
    first = add_tenant(entry(bare_county), by=by, at=NOW)
    assert list(organisations()) == [str(first)]
    with pytest.raises(Invalid) as wrong:
        add_tenant(entry(bare_county, issuer="https://login.example/8/v2.0"), by=by, at=NOW)
    assert wrong.value.fields == {"agency_id": HAS_ONE}
    turn_off(first, by=by, at=NOW)
    assert organisations() == {}
    second = add_tenant(entry(bare_county, issuer="https://login.example/8/v2.0"), by=by, at=NOW)
    with pytest.raises(Over):
        turn_on(first, by=by, at=NOW)
    with pytest.raises(Over):
        turn_on(second, by=by, at=NOW)
    with pytest.raises(Over):
        turn_off(first, by=by, at=NOW)
    with pytest.raises(OutOfReach):
        turn_off(bare_county.agency("Police"), by=by, at=NOW)
    lines = tenants_page(by=by, at=NOW).lines
    assert [(one.id, one.enabled) for one in lines] == [(second, True), (first, False)]
    assert lines[0].redirect_uri == f"{house_with_key.settings.site_url}/sign-in/organisation/{second}/back"


def test_without_a_key_of_ours_none_is_offered(house, bare_county):
    by, _ = make_account(house, Role.ADMINISTRATOR)
    add_tenant(entry(bare_county), by=by, at=NOW)
    assert organisations() == {}
    assert tenants_page(by=by, at=NOW).has_key is False


@pytest.mark.parametrize(
    ("address", "loopback", "good"),
    [
        (ISSUER, False, True),
        ("http://127.0.0.1:8080/tenant", True, True),
        ("http://127.0.0.1:8080/tenant", False, False),
        ("http://login.example/7", True, False),
        ("https://login.example/7?tenant=8", False, False),
        ("https://login.example/7#8", False, False),
        ("https://login.example@evil.example/7", False, False),
        ("https://login.example/7 8", False, False),
        ("https://[login.example/7", False, False),
        ("file:///etc/passwd", True, False),
        ("", True, False),
    ],
)
def test_an_issuer_is_an_https_address_in_which_nothing_is_hidden(address: str, loopback: bool, good: bool) -> None:
    assert may_be_asked(address, loopback=loopback) is good


def test_a_client_id_is_needed(house_with_key, bare_county):
    by, _ = make_account(house_with_key, Role.ADMINISTRATOR)
    with pytest.raises(Invalid) as wrong:
        add_tenant(entry(bare_county, issuer="login.example", client_id=" "), by=by, at=NOW)
    assert set(wrong.value.fields) == {"issuer", "client_id"}


def test_a_key_with_its_certificate_is_named_by_the_certificate_s_print(tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "dhr")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(7).not_valid_before(NOW).not_valid_after(NOW + timedelta(days=730))
    certificate = made.sign(key, SHA256())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for order in ((pem, certificate.public_bytes(Encoding.PEM)), (certificate.public_bytes(Encoding.PEM), pem)):
        (tmp_path / "tenant.pem").write_bytes(b"".join(order))
        _, headers, algorithm = our_key(str(tmp_path / "tenant.pem"))
        assert (algorithm, len(headers["x5t#S256"])) == ("ES256", 43)


@pytest.mark.parametrize("content", [b"", b"no key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_a_file_without_a_key_lets_nobody_be_asked(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "tenant.pem").write_bytes(content)
    with pytest.raises(TenantGone):
        our_key(str(tmp_path / "tenant.pem"))
    with pytest.raises(TenantGone):
        our_key(str(tmp_path / "missing.pem"))
