"""`dhr new-password`: the last administrator comes back in; while two others could help, nobody does by the command."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from dhr_app.casework import coming_back
from dhr_app.casework.account_block import block
from dhr_app.casework.house import House, at_work, open_house
from dhr_app.casework.passwords import fits
from dhr_app.database.models import Account, Event, Message, WayIn
from dhr_app.settings import load
from dhr_app.workflows.roles import Role
from tests.commands import Dhr
from tests.factories import make_account

NEW = "walrus lantern Plumstead seven"


@pytest.fixture
def dhr(dhr_in_use: Dhr) -> Dhr:
    """Every command here runs on an installation that `dhr init` made."""
    return dhr_in_use


def with_accounts(environ: dict[str, str], *roles: Role) -> list[str]:
    """Somebody in each role; their addresses."""
    house = open_house(load(environ))
    with at_work(house):
        emails = [make_account(house, role)[1] for role in roles]
    house.database.dispose()
    return emails


def follow(environ: dict[str, str], link: str) -> House:
    house = open_house(load(environ))
    with at_work(house):
        token = link.rpartition("/")[2]
        coming_back.choose_anew(token, NEW, address="192.0.2.1", at=house.clock.now())
    return house


def test_the_only_administrator_comes_back_by_a_link_that_is_shown_once(dhr: Dhr, environ: dict[str, str]) -> None:
    (email,) = with_accounts(environ, Role.ADMINISTRATOR)
    answer = dhr("new-password", email.upper())
    assert answer.exit_code == 0, answer.output
    assert "It works once, until" in answer.output
    token = answer.output.strip().rpartition("/")[2]
    house = follow(environ, answer.output.strip())
    with house.reading() as session:
        row = session.scalars(select(WayIn)).one()
        kinds = list(session.scalars(select(Event.kind).where(Event.kind.like("way_in%")).order_by(Event.recorded_at)))
        bodies = list(session.scalars(select(Message.body)))
        account = session.get_one(Account, row.account_id)
    assert (row.made_by_id, row.made_by_name, row.made_sure) == (None, "dhr new-password", "server")
    assert kinds == ["way_in_given", "way_in_used"]
    assert any("whoever runs this system made a link" in body for body in bodies)
    assert token not in "".join(bodies)
    assert fits(NEW, account.password_hash, house.settings)
    house.database.dispose()
    again = dhr("new-password", email, "--second-factor", "--json")
    assert token not in json.loads(again.output)["link"]


@pytest.mark.parametrize(
    ("others", "allowed"),
    [
        ((), True),
        ((Role.ADMINISTRATOR,), True),  # who asks, but nobody confirms
        ((Role.COORDINATOR, Role.STEERING_CHAIR), True),  # who confirm, but nobody asks
        ((Role.ADMINISTRATOR, Role.COORDINATOR), False),
        ((Role.ADMINISTRATOR, Role.ADMINISTRATOR), False),
    ],
)
def test_it_is_refused_once_two_others_could_do_it_on_the_pages(
    dhr: Dhr, environ: dict[str, str], others: tuple[Role, ...], allowed: bool
) -> None:
    email, *_ = with_accounts(environ, Role.ADMINISTRATOR, *others)
    answer = dhr("new-password", email)
    assert answer.exit_code == (0 if allowed else 2)
    assert ("Another administrator can ask for it" in answer.stderr) is not allowed


@pytest.mark.parametrize("whose", ["nobody@barsetshire.example", "coordinator", "blocked"])
def test_it_is_for_administrators_who_may_sign_in_alone(dhr: Dhr, environ: dict[str, str], whose: str) -> None:
    house = open_house(load(environ))
    with at_work(house):
        _, address = make_account(house, Role.COORDINATOR)
        blocked, other = make_account(house, Role.ADMINISTRATOR)
        administrator, _ = make_account(house, Role.ADMINISTRATOR)
        block(blocked.id, "left_post", by=administrator, at=house.clock.now())
    house.database.dispose()
    answer = dhr("new-password", {"coordinator": address, "blocked": other}.get(whose, whose))
    assert answer.exit_code == 2
    assert "No administrator who may sign in has this address" in answer.stderr
