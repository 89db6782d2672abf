"""Emergency access at a browser: asked for, answered by a second person with their password, and over by the clock."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from dhr_app.casework.emergency_ending import write_down
from dhr_app.database.models import EmergencyAccess
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.emergencies import WHY, asked
from tests.factories import NOW, PASSWORD, StoppedClock
from tests.reviews import Case, County
from tests.stories.visitor import Visitor

SignIn = Callable[..., Person]


@pytest.fixture
def case(county: County) -> Case:
    case = county.review(Stage.SCOPING)
    case.at = NOW
    return case


def comes(app: Flask, sign_in: SignIn, role: Role) -> tuple[Visitor, Person]:
    """Somebody of this role at a browser of their own."""
    visitor = Visitor(app.test_client())
    return visitor, sign_in(visitor.client, role)


def test_from_the_question_to_the_last_minute_and_the_look_afterwards(
    app: Flask, case: Case, sign_in: SignIn, clock: StoppedClock
) -> None:
    asker, chair = comes(app, sign_in, Role.INDEPENDENT_CHAIR)
    second, coordinator = comes(app, sign_in, Role.COORDINATOR)
    steering, _ = comes(app, sign_in, Role.STEERING_CHAIR)
    review = f"/reviews/{case.reference}"
    assert asker.open(f"{review}/people").status == 404
    asker.open("/desk")
    asker.open(asker.links("/emergency")[0])
    asker.send(
        {"reference": case.reference.lower(), "reason": "at_risk", "words": WHY}, button="Ask for emergency access"
    )
    assert "A second person has 60 minutes to answer" in asker.text
    assert asker.open(f"{review}/people").status == 404

    second.open("/today")
    assert f": answer {chair.name}" in second.text
    assert WHY not in second.text
    second.open(second.links("/answer")[0])
    assert WHY in second.text
    second.send({"answer": "confirm", "password": "not my password"})
    assert second.errors() == [
        "That was not right. Nothing was changed: use the password or the passkey that you sign in with."
    ]
    assert case.rows(EmergencyAccess)[0].until_at is None
    second.send({"answer": "confirm", "password": PASSWORD})
    assert "they read the review for 60 minutes from now" in second.text
    assert f"Confirmed by {coordinator.name}" in second.text

    for minutes in (19, 19, 19, 2):  # each of them goes on reading, or would be signed out
        clock.advance(minutes=minutes)
        for each in (asker, second, steering):
            assert each.open("/").status == 200
    assert "1 minute left" in asker.open(f"{review}/people").text
    assert "Ada Harding" in asker.text
    clock.advance(seconds=59)
    assert asker.open(f"{review}/family").status == 200
    clock.advance(seconds=1)
    for page in ("", "/people", "/family", "/notification", "/emergency"):
        assert asker.open(f"{review}{page}").status == 404
    assert "left" not in asker.open("/desk").text

    write_down(case.county.house, at=clock.now())
    openings = second.open(f"{review}/openings").text
    assert f"{chair.name}" in openings
    assert "(during emergency access)" in openings
    assert "Emergency access" in second.open(f"{review}/access").text
    steering.open("/overview")
    steering.open(steering.links("/look")[0])
    steering.send()
    assert steering.errors() == ["Choose what you found."]
    steering.send({"found": "rightly"})
    assert "What you found is recorded." in steering.text
    assert "Emergency access to look at" not in steering.open("/overview").text


def test_a_refusal_is_read_by_whoever_asked(app: Flask, case: Case, sign_in: SignIn) -> None:
    asker, chair = comes(app, sign_in, Role.REPORT_AUTHOR)
    second, _ = comes(app, sign_in, Role.STEERING_CHAIR)
    row_id = asked(case, chair)
    second.open("/overview")
    second.open(second.links("/answer")[0])
    second.send({"answer": "refuse", "password": PASSWORD})
    assert second.errors() == ["Say why you refuse it: they are told."]
    second.send({"answer": "refuse", "because": "ask_in_charge", "password": PASSWORD})
    assert "It is refused. They are told." in second.text
    assert "can be reached: ask them" in asker.open("/emergency").text
    again = second.client.get(f"/reviews/{case.reference}/emergency/{row_id}/answer")
    assert again.status_code == 409
    assert "This was refused already." in again.text


def test_whoever_has_it_ends_it_and_is_out(app: Flask, case: Case, sign_in: SignIn) -> None:
    asker, _ = comes(app, sign_in, Role.PANEL_MEMBER)
    second, _ = comes(app, sign_in, Role.COORDINATOR)
    asker.open("/emergency").send({"reference": case.reference, "reason": "other", "words": WHY})
    second.open("/today")
    second.open(second.links("/answer")[0]).send({"answer": "confirm", "password": PASSWORD})
    assert "60 minutes left" in asker.open(f"/reviews/{case.reference}").text
    asker.open("/emergency").send(button="End it now")
    assert "the review is shut to them" in asker.text
    assert asker.open(f"/reviews/{case.reference}").status == 404


def test_what_is_missing_is_said_at_once_and_nobody_is_offered_a_way_who_may_not_ask(
    app: Flask, case: Case, sign_in: SignIn
) -> None:
    asker, _ = comes(app, sign_in, Role.STEERING_MEMBER)
    asker.open("/emergency").send(button="Ask for emergency access")
    assert len(asker.errors()) == 3
    assert case.rows(EmergencyAccess) == []
    for role in (Role.AUDITOR, Role.AGENCY_CONTRIBUTOR, Role.ADMINISTRATOR):
        other = Visitor(app.test_client())
        agency = case.county.agency("Police") if role is Role.AGENCY_CONTRIBUTOR else None
        sign_in(other.client, role, agency_id=agency)
        assert other.open("/emergency").status == 403
        assert other.open("/reviews").links("/emergency") == []
