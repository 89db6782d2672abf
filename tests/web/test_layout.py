"""What stands around every page."""

from __future__ import annotations

from dhr_app.database.models import Partnership
from dhr_app.web import navigation
from dhr_app.workflows.roles import Role
from tests.factories import NOW, OPERATOR

NAME, LINE = "Barsetshire Community Safety Partnership", "Talk to Sam on the support line: 01632 960 001."


def found_partnership(house, support_line: str = LINE) -> None:
    with house.database.transaction(by=OPERATOR, at=NOW) as session:
        session.add(
            Partnership(
                key="barsetshire",
                name=NAME,
                deciding_body="The partnership",
                approving_body="The partnership",
                quorum=5,
                support_line=support_line,
            )
        )


def test_every_page_says_whose_it_is_and_whom_to_talk_to(house, client):
    found_partnership(house)
    for path in ("/sign-in", "/nothing"):
        page = client.get(path).text
        assert NAME in page
        assert LINE in page


def test_before_the_partnership_is_set_up_the_samaritans_are_named(client):
    assert "Samaritans" in client.get("/sign-in").text


def test_the_letterhead_is_read_once_and_again_after_a_minute(house, client, monkeypatch):
    now = [0.0]
    read = []
    fresh = navigation.letterhead

    def counted() -> navigation.Letterhead:
        read.append(now[0])
        return fresh()

    monkeypatch.setattr(navigation, "monotonic", lambda: now[0])
    monkeypatch.setattr(navigation, "letterhead", counted)
    for _ in range(3):
        client.get("/sign-in")
    now[0] = 61.0
    client.get("/sign-in")
    assert read == [0.0, 61.0]


def test_a_person_sees_who_they_are_signed_in_as(client, sign_in):
    sign_in(client, Role.STEERING_DEPUTY, name="Asha Patel")
    page = client.get("/nothing").text
    assert "Asha Patel, Steering group deputy chair" in page
    assert "Asha Patel" not in page.split("</title>")[0]
