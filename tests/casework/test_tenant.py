"""An agency’s tenant is entered, turned off and on: by whom, how it must look, and what the settings have to hold."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from dhr_app.adapters.tenant import TenantGone, may_be_asked, our_key
from dhr_app.casework.account_block import block
from dhr_app.casework.house import House, at_work, house
from dhr_app.casework.invitations_page import invitations_page, to_confirm
from dhr_app.casework.tenant import (
    HAS_ONE,
    TenantEntry,
    add_tenant,
    organisations,
    tenants_page,
    turn_off,
    turn_on,
)
from dhr_app.casework.tenant_confirming import confirm_tenant, take_back_tenant
from dhr_app.workflows.errors import Invalid, NotAllowed, OutOfReach, Over
from dhr_app.workflows.permissions import Person
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
    other = bare_county.coordinator
    first = add_tenant(entry(bare_county), by=by, at=NOW)
    assert organisations() == {}
    confirm_tenant(first, by=other, at=NOW)
    assert list(organisations()) == [str(first)]
    with pytest.raises(Invalid) as wrong:
        add_tenant(entry(bare_county, issuer="https://login.example/8/v2.0"), by=by, at=NOW)
    assert wrong.value.fields == {"agency_id": HAS_ONE}
    turn_off(first, by=by, at=NOW)
    assert organisations() == {}
    second = add_tenant(entry(bare_county, issuer="https://login.example/8/v2.0"), by=by, at=NOW)
    confirm_tenant(second, by=other, at=NOW)
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


def waits_for(person: Person, at: datetime = NOW) -> int:
    """How many proposals the person’s day counts."""
    with house().reading() as session:
        return to_confirm(session, by=person, at=at)


def test_nobody_is_sent_to_one_that_one_person_entered(house_with_key, bare_county):
    by, second = (make_account(house_with_key, Role.ADMINISTRATOR)[0] for _ in range(2))
    tenant_id = add_tenant(entry(bare_county), by=by, at=NOW)
    with pytest.raises(Over, match="Nobody but whoever entered this sign-in"):
        turn_on(tenant_id, by=by, at=NOW)
    with pytest.raises(NotAllowed, match="somebody else has to confirm it"):
        confirm_tenant(tenant_id, by=by, at=NOW)
    with pytest.raises(NotAllowed):
        confirm_tenant(tenant_id, by=bare_county.who(Role.AUDITOR), at=NOW)
    assert [waits_for(one) for one in (by, second, bare_county.coordinator)] == [0, 1, 1]
    (line,) = invitations_page(by=bare_county.coordinator, at=NOW).tenants
    assert (line.issuer, line.by, line.may_confirm) == (ISSUER, by.name, True)
    (mine,) = invitations_page(by=by, at=NOW).tenants
    assert not mine.may_confirm
    assert organisations() == {}
    confirm_tenant(tenant_id, by=second, at=NOW)
    with pytest.raises(Over, match="confirmed already"):
        confirm_tenant(tenant_id, by=bare_county.coordinator, at=NOW)
    turn_off(tenant_id, by=by, at=NOW)
    turn_on(tenant_id, by=by, at=NOW)
    (row,) = tenants_page(by=by, at=NOW).lines
    assert (row.confirmed_by, row.waits, waits_for(bare_county.coordinator)) == (second.name, False, 0)


def test_it_waits_two_weeks_and_not_for_somebody_who_was_blocked(house_with_key, bare_county):
    by, second = (make_account(house_with_key, Role.ADMINISTRATOR)[0] for _ in range(2))
    late = add_tenant(entry(bare_county), by=by, at=NOW - timedelta(days=14))
    assert waits_for(second, NOW - timedelta(seconds=1)) == 1
    assert waits_for(second) == 0
    theirs = add_tenant(entry(bare_county), by=by, at=NOW)
    block(by.id, "left_post", by=second, at=NOW)
    for tenant_id in (late, theirs):
        with pytest.raises(Over, match="enter it anew"):
            confirm_tenant(tenant_id, by=second, at=NOW)
    assert [(row.waits, row.confirmed_by) for row in tenants_page(by=second, at=NOW).lines] == [(False, "")] * 2
    assert waits_for(second) == 0


def test_what_nobody_has_confirmed_is_taken_back_by_either(house_with_key, bare_county):
    by, second = (make_account(house_with_key, Role.ADMINISTRATOR)[0] for _ in range(2))
    for person in (by, second, bare_county.coordinator):
        tenant_id = add_tenant(entry(bare_county), by=by, at=NOW)
        take_back_tenant(tenant_id, by=person, at=NOW)
        assert waits_for(second) == 0
        with pytest.raises(Over, match="enter it anew"):
            take_back_tenant(tenant_id, by=person, at=NOW)
        with pytest.raises(Over, match="enter it anew"):
            confirm_tenant(tenant_id, by=second, at=NOW)
    kept = add_tenant(entry(bare_county), by=by, at=NOW)
    confirm_tenant(kept, by=second, at=NOW)
    with pytest.raises(Over, match="confirmed already"):
        take_back_tenant(kept, by=by, at=NOW)


def test_an_agency_has_one_whoever_confirms_another(house_with_key, bare_county):
    by, second = (make_account(house_with_key, Role.ADMINISTRATOR)[0] for _ in range(2))
    one, other = (
        add_tenant(entry(bare_county, issuer=f"https://login.example/{number}/v2.0"), by=by, at=NOW)
        for number in (8, 9)
    )
    confirm_tenant(one, by=second, at=NOW)
    with pytest.raises(Over, match=HAS_ONE):
        confirm_tenant(other, by=second, at=NOW)


def test_without_a_key_of_ours_none_is_offered(house, bare_county):
    by, other = (make_account(house, Role.ADMINISTRATOR)[0] for _ in range(2))
    confirm_tenant(add_tenant(entry(bare_county), by=by, at=NOW), by=other, at=NOW)
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
