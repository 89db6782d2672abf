"""Nobody grants themselves anything: what a single administrator tries, and what is left of a captured cookie."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from dhr_app import create_app
from dhr_app.casework.account import WrongSignIn, sign_in
from dhr_app.casework.account_block import block, unblock
from dhr_app.casework.account_change import ChangeEntry, change, confirm_change
from dhr_app.casework.agreement import AgreementEntry, add_agreement
from dhr_app.casework.invitation import InvitationEntry, confirm, invite
from dhr_app.casework.membership import join
from dhr_app.casework.outbox import deliver
from dhr_app.database.models import Account, AccountChange, AuditEntry, Invitation, Membership, Message
from dhr_app.workflows.access import BY_TWO
from dhr_app.workflows.errors import NotAllowed, OutOfReach, Over
from dhr_app.workflows.permissions import GRANTS, MAY_OPEN, DataClass, Person, Query, allows, may_open
from dhr_app.workflows.roles import BY_MEMBERSHIP, Role
from dhr_app.workflows.stages import Stage
from tests.factories import NOW, PASSWORD, TODAY, make_account, submit
from tests.installations import Installation

OFFICES = sorted(BY_TWO)
HERE = "198.51.100.7"

# All that an administrator may do: users and configuration. What is added here shows no data of any review.
CONFIGURATION = {
    "home.see", "accounts.see", "accounts.change", "accounts.change_office", "accounts.confirm", "agreements.see",
    "agreements.change", "tenants.see", "tenants.change", "invitations.see", "invitations.make", "holidays.see",
    "factor.forget", "way_in.ask",
    "incidents.list", "incidents.enter",  # the first to see that something went wrong, by codes alone
}  # fmt: skip


def agreed(installation: Installation, agency: str = "Police") -> UUID:
    """An agreement in force with an agency; its id is the agency’s."""
    agency_id = installation.county.agency(agency)
    entry = AgreementEntry("information_sharing", agency_id, signed_on=TODAY)
    add_agreement(entry, by=installation.county.who(Role.ADMINISTRATOR), at=NOW)
    return agency_id


def rows(installation: Installation, model: Any) -> list:
    with installation.house.reading() as session:
        return list(session.scalars(select(model).order_by(model.id)))


def refusals(installation: Installation) -> int:
    with installation.house.reading() as session:
        bodies = [row.body for row in session.scalars(select(AuditEntry))]
    return sum(b'"refused"' in body and b'"accounts.confirm"' in body for body in bodies)


@pytest.mark.parametrize("role", OFFICES)
def test_t45_a_single_administrator_lets_nobody_into_an_office(installation: Installation, role: Role) -> None:
    county, agency_id = installation.county, agreed(installation)
    administrator = county.who(Role.ADMINISTRATOR)
    entry = InvitationEntry("Arabella Trefoil", "arabella@barsetshire.example", role, agency_id)
    assert invite(entry, by=administrator, at=NOW) is False
    (invitation,) = rows(installation, Invitation)
    assert (invitation.expires_at, invitation.token_sha256) == (None, None)
    assert rows(installation, Message) == []
    with pytest.raises(NotAllowed):
        confirm(invitation.id, by=administrator, at=NOW)
    assert refusals(installation) == 1
    assert deliver(installation.house, at=NOW).sentence == ""
    confirm(invitation.id, by=county.chair, at=NOW)
    assert [message.invitation_id for message in rows(installation, Message)] == [invitation.id]


@pytest.mark.parametrize("role", OFFICES)
def test_t45_a_single_administrator_gives_no_office_to_an_account(installation: Installation, role: Role) -> None:
    county = installation.county
    administrator = county.who(Role.ADMINISTRATOR)
    member, _ = make_account(installation.house, Role.REPORT_AUTHOR)
    assert change(member.id, ChangeEntry(role), by=administrator, at=NOW) is False
    (proposed,) = [row.id for row in _changes(installation)]
    for by in (administrator, member):
        with pytest.raises(NotAllowed):
            confirm_change(proposed, by=by, at=NOW)
    assert _role(installation, member) == Role.REPORT_AUTHOR
    confirm_change(proposed, by=county.coordinator, at=NOW)
    assert _role(installation, member) == role


@pytest.mark.parametrize("role", OFFICES)
def test_t45_one_person_alone_lets_no_office_in_again(installation: Installation, role: Role) -> None:
    county = installation.county
    administrator = county.who(Role.ADMINISTRATOR)
    holder, email = make_account(installation.house, role)
    block(holder.id, "concern", by=administrator, at=NOW)
    assert unblock(holder.id, "mistake", by=administrator, at=NOW) is False
    (proposed,) = [row.id for row in _changes(installation)]
    for by in (administrator, holder):
        with pytest.raises(NotAllowed):
            confirm_change(proposed, by=by, at=NOW)
    with pytest.raises(Over, match="waits to be confirmed"):
        unblock(holder.id, "mistake", by=county.who(Role.ADMINISTRATOR, 2), at=NOW)
    with pytest.raises(WrongSignIn):
        sign_in(email, PASSWORD, address=HERE, at=NOW)
    confirm_change(proposed, by=county.coordinator, at=NOW)
    assert sign_in(email, PASSWORD, address=HERE, at=NOW)
    with pytest.raises(Over):
        confirm_change(proposed, by=county.coordinator, at=NOW)


def test_t45_who_is_blocked_meanwhile_lets_nobody_in_again(installation: Installation) -> None:
    county = installation.county
    administrator, other = county.who(Role.ADMINISTRATOR), county.who(Role.ADMINISTRATOR, 2)
    block(county.who(Role.AUDITOR).id, "away", by=other, at=NOW)
    unblock(county.who(Role.AUDITOR).id, "returned", by=other, at=NOW)
    (proposed,) = [row.id for row in _changes(installation)]
    block(other.id, "concern", by=administrator, at=NOW)
    with pytest.raises(Over):
        confirm_change(proposed, by=administrator, at=NOW)


@pytest.mark.parametrize("number", [1, 2])
def test_t45_nobody_changes_their_own_role_agency_block_or_seat(installation: Installation, number: int) -> None:
    county, case = installation.county, installation.county.review(Stage.PANEL)
    agency_id = agreed(installation)
    administrator = county.who(Role.ADMINISTRATOR, number)
    for by in (administrator, county.coordinator):
        for role in Role:
            with pytest.raises(NotAllowed):
                change(by.id, ChangeEntry(role, agency_id), by=by, at=NOW)
        for verb, reason in ((block, "away"), (unblock, "mistake")):
            with pytest.raises(NotAllowed):
                verb(by.id, reason, by=by, at=NOW)
    with pytest.raises(OutOfReach):  # to an administrator there is no review
        join(case.reference, administrator.id, by=administrator, at=NOW)
    assert [row for row in rows(installation, Membership) if row.account_id == administrator.id] == []


def test_t45_an_administrator_reaches_no_review_and_opens_nothing(installation: Installation) -> None:
    case = installation.county.review(Stage.PANEL)
    administrator = installation.county.who(Role.ADMINISTRATOR)
    for agency_id in (None, installation.county.agency("Police")):
        held = {
            name for name in GRANTS if allows(administrator, name, review_id=case.row.id, agency_id=agency_id, on=TODAY)
        }
        assert held == CONFIGURATION
        query = Query(administrator, case.row.id, agency_id, TODAY, None)
        for data_class in DataClass:
            assert not any(predicate(query) for predicate in MAY_OPEN[data_class]), data_class
            assert not may_open(administrator, case.row.id, data_class, agency_id=agency_id, on=TODAY)


@pytest.mark.parametrize("how", ["blocked", "another role"])
def test_t45_a_captured_cookie_is_dead_once_the_account_is_blocked_or_changed(
    installation: Installation, how: str
) -> None:
    administrator = installation.county.who(Role.ADMINISTRATOR)
    member, email = make_account(installation.house, Role.STEERING_MEMBER)
    app = create_app(house=installation.house)
    own, thief = app.test_client(), app.test_client()
    assert submit(own, "/sign-in", {"email": email, "password": PASSWORD}).status_code == 302
    cookie = own.get_cookie("dhr")
    assert cookie is not None
    thief.set_cookie("dhr", cookie.value)
    assert thief.get("/overview").status_code == 200
    if how == "blocked":
        block(member.id, "concern", by=administrator, at=NOW)
    else:
        change(member.id, ChangeEntry(Role.REPORT_AUTHOR), by=administrator, at=NOW)
        (proposed,) = [row.id for row in _changes(installation)]
        confirm_change(proposed, by=installation.county.coordinator, at=NOW)
    for client in (thief, own):
        assert client.get("/overview").location == "/sign-in?next=/overview"
        assert client.get("/desk").location == "/sign-in?next=/desk"


@pytest.mark.parametrize("role", sorted(BY_MEMBERSHIP - {Role.INDEPENDENT_CHAIR}))
def test_t45_who_sits_by_a_seat_and_chairs_nothing_is_invited_by_one_person(
    installation: Installation, role: Role
) -> None:
    entry = InvitationEntry("Arabella Trefoil", "arabella@barsetshire.example", role, agreed(installation))
    assert invite(entry, by=installation.county.coordinator, at=NOW) is True


def _changes(installation: Installation) -> list:
    return rows(installation, AccountChange)


def _role(installation: Installation, person: Person) -> str:
    with installation.house.reading() as session:
        return session.get_one(Account, person.id).role
