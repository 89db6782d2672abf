"""Somebody related to a case, and a member who was removed: neither reaches a page of it, by whatever way."""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from dhr_app import create_app
from dhr_app.casework import block_list, membership, reminding
from dhr_app.casework.account import AccountEntry, create_account
from dhr_app.casework.before_start import DeclarationEntry, declare
from dhr_app.casework.case_list import Filters, case_list
from dhr_app.casework.day import what_needs_you
from dhr_app.casework.overview import overview
from dhr_app.casework.search import search
from dhr_app.casework.steering_json import as_json
from dhr_app.casework.steering_report import report_for
from dhr_app.database.models import Account, Conflict, Membership
from dhr_app.workflows.errors import Invalid, OutOfReach
from dhr_app.workflows.permissions import DataClass, Person, may_open
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.factories import OPERATOR, PASSWORD, bare, submit
from tests.installations import Installation
from tests.reviews import Case
from tests.seating import holder, join

MAIL = "septimus.harding@barsetshire.example"


def signed_in(installation: Installation, person: Person) -> FlaskClient:
    client = create_app(house=installation.house).test_client()
    with installation.house.reading() as session:
        email = session.scalar(select(Account.email).where(Account.id == person.id))
    answer = submit(client, "/sign-in", {"email": str(email), "password": PASSWORD})
    assert answer.status_code in (302, 303)
    return client


def a_review(installation: Installation) -> Case:
    case = installation.county.review(Stage.PANEL)
    installation.house.clock.moment = case.wait(minutes=10)  # type: ignore[attr-defined]
    return case


def test_t42_a_removed_member_is_out_at_the_next_click(installation: Installation) -> None:
    case = a_review(installation)
    chair = case.seat(Role.INDEPENDENT_CHAIR)
    client = signed_in(installation, chair)
    assert client.get(f"/reviews/{case.reference}").status_code == 200
    (seat,) = case.rows(Membership)
    membership.leave(case.reference, seat.id, by=case.county.coordinator, at=case.wait(minutes=1))
    unknown = client.get("/reviews/DHR-1999-999")
    for page in ("", "/people", "/timeline", "/drafts", "/before-you-start", "/declare"):
        answer = client.get(f"/reviews/{case.reference}{page}")
        assert (answer.status_code, bare(answer)) == (404, bare(unknown).replace("DHR-1999-999", case.reference))


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.STEERING_CHAIR, Role.STEERING_MEMBER, Role.AUDITOR])
def test_t72_whoever_is_barred_is_told_of_the_review_nowhere_whatever_their_office(
    installation: Installation, role: Role
) -> None:
    case = a_review(installation)
    related, placing = case.county.who(role, 2), case.county.coordinator
    client = signed_in(installation, related)
    assert client.get(f"/reviews/{case.reference}").status_code == 200
    block_list.bar_account(case.reference, related.id, by=placing, at=case.wait(minutes=1))
    related, at = holder(related.id), case.wait(days=90)
    installation.house.clock.moment = case.wait(minutes=1)  # type: ignore[attr-defined]
    client = signed_in(installation, related)
    unknown = client.get("/reviews/DHR-1999-999")
    for page in ("", "/people", "/members", "/conflicts", "/declare", "/before-you-start"):
        answer = client.get(f"/reviews/{case.reference}{page}")
        assert (answer.status_code, bare(answer)) == (404, bare(unknown).replace("DHR-1999-999", case.reference))
    for page in ("/today", "/overview", "/reviews", "/retention", "/trail", f"/overview/report?as-at={case.today}"):
        assert case.reference not in client.get(page).text, page
    assert case_list(Filters(), by=related, at=at).lines == ()
    assert not any(may_open(related, case.row.id, each, on=case.today) for each in DataClass)
    if role in (Role.COORDINATOR, Role.STEERING_CHAIR):
        assert search("Harding", by=related, at=at).reviews == ()
    if role is Role.COORDINATOR:
        assert what_needs_you(by=related, at=at).sections == ()
    if role is not Role.AUDITOR:
        assert overview(by=related, at=at).reviews == 0
        assert case.reference not in json.dumps(as_json(report_for(case.today, by=related, at=at)))
    told = reminding.remind(installation.house, case.today, at=at).digests
    assert all(each.person.id != related.id for each in told)
    assert any(case.reference in each.body for each in told)  # others are told, so there was something to tell


def test_t72_an_address_on_the_list_bars_whoever_is_given_an_account_with_it_later(
    installation: Installation,
) -> None:
    case, other = a_review(installation), installation.county.review()
    block_list.bar_address(
        case.reference, " Septimus.Harding@Barsetshire.example ", by=case.county.coordinator, at=case.wait(minutes=1)
    )
    entry = AccountEntry("Septimus Harding", MAIL, Role.COORDINATOR, PASSWORD)
    person = holder(create_account(entry, by=OPERATOR, at=case.wait(minutes=1)))
    assert person.conflicts == {case.row.id}
    assert [line.reference for line in case_list(Filters(), by=person, at=case.at).lines] == [other.reference]
    (row,) = case.rows(Conflict)
    assert (row.account_id, row.why) == (person.id, "taken_over")
    with pytest.raises(Invalid):
        join(case.reference, person.id, by=case.county.coordinator, at=case.wait(minutes=1))


def test_t72_whoever_declares_a_conflict_later_is_out_at_the_next_click(installation: Installation) -> None:
    case = a_review(installation)
    chair = case.seat(Role.INDEPENDENT_CHAIR)
    client = signed_in(installation, chair)
    assert client.get(f"/reviews/{case.reference}").status_code == 200
    declare(case.reference, DeclarationEntry("conflict", "His sister"), by=chair, at=case.wait(minutes=1))
    assert client.get(f"/reviews/{case.reference}").status_code == 404
    with pytest.raises(OutOfReach):
        declare(case.reference, DeclarationEntry("none"), by=holder(chair.id), at=case.wait(minutes=1))
    (seat,) = case.rows(Membership)
    assert seat.ended_at is not None
