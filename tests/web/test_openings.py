"""The page that tells who has opened a review."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dhr_app.casework.people import correct_person, open_people
from dhr_app.database.context import current_via
from dhr_app.database.models import AuditEntry
from dhr_app.database.models import SignIn as SignInRow
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests import drafts
from tests.factories import NOW
from tests.reviews import County
from tests.stories.visitor import Visitor

SignIn = Callable[..., Person]


def test_an_auditor_reads_who_opened_what_and_finds_the_way_from_the_outline(
    app: Flask, county: County, client: FlaskClient, sign_in: SignIn
) -> None:
    review = f"/reviews/{county.review(at=NOW).reference}"
    reader = sign_in(client)
    Visitor(client).open(f"{review}/people")
    auditor = Visitor(app.test_client())
    sign_in(auditor.client, Role.AUDITOR)
    assert "Who has opened this" in auditor.open(review).text
    auditor.open(f"{review}/openings")
    assert reader.name in auditor.text
    assert "Names and other identities" in auditor.text
    assert "Harding" not in auditor.text


def test_a_day_that_is_none_shows_the_latest(county: County, client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client)
    page = Visitor(client).open(f"/reviews/{county.review(at=NOW).reference}/openings?until=yesterday")
    assert page.status == 200
    assert "Back to the latest" in page.text


def test_nobody_else_reads_it(county: County, client: FlaskClient, sign_in: SignIn) -> None:
    review = county.review(at=NOW)
    sign_in(client, Role.STEERING_MEMBER)
    assert Visitor(client).open(f"/reviews/{review.reference}/openings").status == 403


def test_a_file_that_was_downloaded_and_the_text_of_another_that_a_refused_save_showed_stand_there(
    app: Flask, county: County, client: FlaskClient, sign_in: SignIn
) -> None:
    case = county.review(Stage.PANEL, at=NOW)
    drafts.hand_in(case, county.coordinator, name="harding.docx")
    reader = sign_in(client)
    visitor = Visitor(client)
    assert client.get(f"/reviews/{case.reference}/drafts/{drafts.version(case, 1).id}/file").status_code == 200
    (victim,) = open_people(case.reference, by=county.coordinator, at=NOW).people
    visitor.open(f"/reviews/{case.reference}/people/{victim.id}")
    entry = replace(victim.entry, address="1 The Close")
    correct_person(case.reference, victim.id, entry, version=victim.version, by=county.coordinator, at=NOW)
    visitor.send({"address": "2 The Close"})
    assert (visitor.status, "1 The Close" in visitor.text) == (409, True)
    auditor = Visitor(app.test_client())
    sign_in(auditor.client, Role.AUDITOR)
    auditor.open(f"/reviews/{case.reference}/openings")
    assert "The file of draft 1: overview report" in auditor.text
    assert "Names and other identities (in a step that was not carried out)" in auditor.text
    assert f"{reader.name} Coordinator" in " ".join(auditor.text.split())
    assert "harding" not in auditor.text.casefold()
    assert "The Close" not in auditor.text


def test_each_entry_says_by_which_request_of_the_log_and_in_which_sign_in_it_came(
    app: Flask, county: County, client: FlaskClient, sign_in: SignIn, capsys: pytest.CaptureFixture[str]
) -> None:
    case = county.review(at=NOW)
    reader = sign_in(client)
    capsys.readouterr()
    Visitor(client).open(f"/reviews/{case.reference}/people")
    (line,) = [json.loads(one) for one in capsys.readouterr().out.splitlines() if '"people.see"' in one]
    with county.house.reading() as session:
        bodies = select(AuditEntry.body).where(AuditEntry.chain == case.row.id).order_by(AuditEntry.seq.desc())
        last = json.loads(session.scalars(bodies).first() or b"")
        begun = select(SignInRow.id).where(SignInRow.account_id == reader.id).order_by(SignInRow.began_at.desc())
        sign_in_id = session.scalars(begun).one()
    assert last["events"][0]["kind"] == "opened"
    assert last["via"] == {
        "request": line["request"],
        "sign_in": hashlib.sha256(str(sign_in_id).encode()).hexdigest()[:16],
    }
    assert current_via.get() is None  # nothing of it stays for whoever works next in this thread
    open_people(case.reference, by=county.coordinator, at=NOW)
    with county.house.reading() as session:
        assert "via" not in json.loads(session.scalars(bodies).first() or b"")
