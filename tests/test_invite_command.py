"""`dhr invite-first`: the first people of an installation, and nobody once an administrator can sign in."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from dhr_app.casework import joining
from dhr_app.casework.account_block import block
from dhr_app.casework.house import at_work, open_house
from dhr_app.casework.invitation_link import sha256
from dhr_app.database.models import Account, Event, Invitation
from dhr_app.settings import load
from dhr_app.workflows.roles import Role
from tests.commands import Dhr
from tests.factories import make_account


@pytest.fixture
def dhr(dhr_in_use: Dhr) -> Dhr:
    """Every command here runs on an installation that `dhr init` made."""
    return dhr_in_use


def link(dhr: Dhr, email: str, name: str = "Ethelbert Stanhope") -> str:
    answer = dhr("invite-first", email, "--name", name, "--json")
    assert answer.exit_code == 0, answer.output
    return json.loads(answer.output)["link"]


def accept(environ: dict[str, str], link: str) -> None:
    house = open_house(load(environ))
    with at_work(house):
        token = link.rpartition("/")[2]
        joining.accept(token, "four quiet wolds at dusk", address="192.0.2.1", at=house.clock.now())
    house.database.dispose()


def test_two_people_are_invited_and_nobody_after_that(dhr: Dhr, environ: dict[str, str]) -> None:
    first, second = link(dhr, "one@barsetshire.example"), link(dhr, "two@barsetshire.example")
    accept(environ, first)
    refused = dhr("invite-first", "three@barsetshire.example", "--name", "Somebody")
    assert refused.exit_code == 2
    assert "An administrator can sign in here" in refused.stderr
    accept(environ, second)


def test_the_link_is_shown_once_and_only_its_hash_is_kept(dhr: Dhr, environ: dict[str, str]) -> None:
    answer = dhr("invite-first", "one@barsetshire.example", "--name", "Ethelbert Stanhope")
    assert "It works once, until 15 July 2026" in answer.output
    token = answer.output.strip().rpartition("/")[2]
    house = open_house(load(environ))
    with house.reading() as session:
        row = session.scalars(select(Invitation)).one()
        event = session.scalars(select(Event).where(Event.kind == "invited")).one()
    house.database.dispose()
    assert (row.role, row.made_by_id, row.made_by_name) == ("administrator", None, "dhr invite-first")
    assert event.recorded_by_name == "dhr invite-first"
    assert row.token_sha256 == sha256(token)


def test_a_new_link_for_the_same_person_makes_the_old_one_dead(dhr: Dhr, environ: dict[str, str]) -> None:
    old, new = link(dhr, "one@barsetshire.example"), link(dhr, "ONE@barsetshire.example")
    house = open_house(load(environ))
    with at_work(house):
        with pytest.raises(joining.NoInvitation) as none:
            joining.invited(old.rpartition("/")[2], address=None, at=house.clock.now())
        assert none.value.ask == joining.Inviter()
    house.database.dispose()
    accept(environ, new)


def test_it_works_again_once_no_administrator_is_left(dhr: Dhr, environ: dict[str, str]) -> None:
    house = open_house(load(environ))
    with at_work(house):
        last, _ = make_account(house, Role.ADMINISTRATOR)
        assert dhr("invite-first", "new@barsetshire.example", "--name", "Somebody").exit_code == 2
        other, _ = make_account(house, Role.ADMINISTRATOR)
        block(last.id, "left_post", by=other, at=house.clock.now())
        with house.database.transaction(by=last, at=house.clock.now()) as session:  # as if both had gone at once
            session.get_one(Account, other.id).blocked_on = house.clock.now().date()
    house.database.dispose()
    accept(environ, link(dhr, "new@barsetshire.example"))


def test_what_is_no_address_is_refused_in_a_sentence(dhr: Dhr) -> None:
    answer = dhr("invite-first", "nobody", "--name", "Somebody")
    assert (answer.exit_code, answer.stderr) == (
        2, "Give a name and a work e-mail address: dhr invite-first EMAIL --name NAME.\n",
    )  # fmt: skip
