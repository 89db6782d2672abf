"""The audit trail’s page: what it shows, narrowed and page by page, who may see it, and what leaves with it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dhr_app.casework.checkpoints import signer_of
from dhr_app.casework.family import FamilyMemberEntry, add_family_member, open_family
from dhr_app.casework.house import House
from dhr_app.casework.program import Program
from dhr_app.casework.trail_files import neutral
from dhr_app.casework.trail_page import BY_ITSELF, PAGE
from dhr_app.database.audit import record
from dhr_app.database.models import Conflict
from dhr_app.workflows.data_class import DataClass
from dhr_app.workflows.events import Happened
from dhr_app.workflows.record_wording import DETAILS_OPENED
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.factories import NOW
from tests.queries import asked_by
from tests.reviews import County
from tests.stories.visitor import Visitor

NAME = "Griselda Grantly"
TOOL = Path(__file__).parents[2] / "tools/verify_audit.py"


@pytest.fixture
def case(county: County):
    """A review on which a detail was opened, and somebody was refused."""
    case = county.review(Stage.SCOPING)
    entry = FamilyMemberEntry(full_name=NAME, relationship="sister")
    add_family_member(case.reference, entry, by=county.coordinator, at=case.wait(minutes=1))
    open_family(case.reference, by=county.coordinator, at=case.wait(minutes=1))
    return case


@pytest.fixture
def auditor(client: FlaskClient, sign_in) -> Visitor:
    sign_in(client, Role.AUDITOR)
    return Visitor(client)


def happen(house: House, times: int) -> None:
    """So many nightly jobs, one after the other."""
    for number in range(times):
        with house.database.transaction(by=Program("a test"), at=NOW + timedelta(minutes=number)) as session:
            record(session, Happened.JOB_DONE, happened_on=NOW.date(), details={"job": f"job_{number}"})


def html(visitor: Visitor) -> str:
    return str(visitor.page)


def rows_of(visitor: Visitor) -> int:
    return len(visitor.page.select(".dhr-table__heads-row"))


def follow(visitor: Visitor, words: str) -> None:
    (way,) = visitor.links("/trail", words=words)
    visitor.open(way)


def _open_files(house: House) -> int:
    """How many files without a name this process holds open in the instance."""
    held = [os.readlink(link) for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    return sum(at.startswith(f"{house.settings.instance}/#") and at.endswith("(deleted)") for at in held)


def take_out(visitor: Visitor, what: str, **asked: str) -> TestResponse:
    token = visitor.page.select_one("main input[name=csrf_token]")
    assert token is not None
    return visitor.client.post(f"/trail/{what}", data={"csrf_token": str(token["value"]), **asked})


class TestThePage:
    def test_it_says_who_did_what_to_which_review_and_no_value(self, county: County, case, auditor: Visitor) -> None:
        auditor.open("/trail")
        assert case.reference in auditor.text
        assert f"{county.coordinator.name} Coordinator" in auditor.text
        assert "Opened: The family’s records" in auditor.text
        assert "Family member 1 was recorded" in auditor.text
        assert NAME not in html(auditor)
        assert "Ada Harding" not in html(auditor)

    def test_what_the_program_did_is_told_in_words_and_as_its_own(self, house: House, auditor: Visitor) -> None:
        happen(house, 1)
        auditor.open("/trail")
        assert f"a test {BY_ITSELF}" in auditor.text
        assert set(DETAILS_OPENED) == set(DataClass)  # no class is told by the program's own word for it

    def test_it_is_where_an_auditor_s_day_begins(self, county: County, auditor: Visitor) -> None:
        assert auditor.open("/").path == "/trail"

    @pytest.mark.parametrize("role", [Role.AUDITOR, Role.STEERING_CHAIR, Role.STEERING_DEPUTY])
    def test_those_who_watch_over_it_see_it(self, county: County, client: FlaskClient, sign_in, role: Role) -> None:
        sign_in(client, role)
        assert client.get("/trail").status_code == 200

    @pytest.mark.parametrize("role", sorted(set(Role) - {Role.AUDITOR, Role.STEERING_CHAIR, Role.STEERING_DEPUTY}))
    def test_nobody_else_does_the_administrator_least_of_all(
        self, county: County, client: FlaskClient, sign_in, role: Role
    ) -> None:
        sign_in(client, role)
        assert client.get("/trail").status_code == 403
        visitor = Visitor(client).open("/")
        assert "/trail" not in html(visitor)

    def test_pages_follow_each_other_without_a_line_twice_or_left_out(
        self, house: House, county: County, auditor: Visitor
    ) -> None:
        happen(house, PAGE + 7)
        auditor.open("/trail?sort=program")
        seen = [number for number in range(PAGE + 7) if f"job {number}<" in html(auditor)]
        assert len(seen) == PAGE
        follow(auditor, "Show earlier")
        rest = [number for number in range(PAGE + 7) if f"job {number}<" in html(auditor)]
        assert sorted(seen + rest) == list(range(PAGE + 7))
        follow(auditor, "Back to the latest")
        assert "Show earlier" in auditor.text

    def test_it_asks_the_database_as_often_for_many_lines_as_for_few(
        self, house: House, county: County, auditor: Visitor
    ) -> None:
        happen(house, 3)
        few = asked_by(house, lambda: auditor.open("/trail"))
        happen(house, PAGE + 3)
        county.review(Stage.SCOPING)
        assert asked_by(house, lambda: auditor.open("/trail")) == few


class TestNarrowing:
    def test_by_sort_person_review_agency_and_day(self, house: House, county: County, case, auditor: Visitor) -> None:
        other = county.review(Stage.NOTIFICATION, at=case.at)
        officer = county.who(Role.AGENCY_CONTRIBUTOR)
        with house.database.transaction(by=officer, at=case.at) as session:
            record(session, Happened.SIGNED_OUT, happened_on=case.today)
        auditor.open("/trail?sort=opened")
        assert "Opened: The family’s records" in auditor.text
        assert "Family member 1 was recorded" not in auditor.text
        auditor.open(f"/trail?review={other.reference.lower()}")
        assert "Family member 1 was recorded" not in auditor.text
        assert f"/reviews/{other.reference}/openings" in html(auditor)
        auditor.open(f"/trail?person={county.coordinator.id}")
        assert "Family member 1 was recorded" in auditor.text
        assert "Signed out" not in auditor.text
        auditor.open(f"/trail?agency={county.agency('Police')}")
        assert rows_of(auditor) == 1
        assert "Agency contributor, Police" in auditor.text
        day = case.today
        auditor.open(f"/trail?from_on-day={day.day}&from_on-month={day.month}&from_on-year={day.year}&sort=records")
        assert "Family member 1 was recorded" in auditor.text
        assert "The death was notified" not in auditor.text or other.today == day

    @pytest.mark.parametrize(
        ("asked", "said"),
        [
            ("review=DHR-1999-001", "There is no review of this reference that you can see"),
            ("from_on-day=31&from_on-month=2&from_on-year=2026", "The first day must be a real date"),
            ("from_on-day=3&from_on-month=6&from_on-year=2026&to_on-day=2&to_on-month=6&to_on-year=2026",
             "The last day cannot be before the first"),
            ("sort=everything", "Choose one of the answers shown"),
            ("person=nobody", "Choose one of the answers shown"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_is_said_beside_its_box_and_kept(
        self, county: County, auditor: Visitor, asked: str, said: str
    ) -> None:
        auditor.open(f"/trail?{asked}")
        assert auditor.status == 422
        assert said in auditor.text
        if "review" in asked:
            assert 'value="DHR-1999-001"' in html(auditor)

    def test_a_review_that_is_barred_to_the_reader_is_not_told_of(
        self, house: House, county: County, case, client: FlaskClient, sign_in
    ) -> None:
        person = sign_in(client, Role.AUDITOR)
        with house.database.transaction(by=county.coordinator, at=case.at) as session:
            session.add(Conflict(review_id=case.row.id, account_id=person.id))
        visitor = Visitor(client).open("/trail")
        assert case.reference not in html(visitor)
        assert "There is no review of this reference" in visitor.open(f"/trail?review={case.reference}").text
        visitor.open("/trail")
        assert take_out(visitor, "whole").status_code == 403


class TestTakingItOut:
    def test_a_table_holds_what_was_asked_for_and_is_written_down(
        self, house: House, county: County, case, auditor: Visitor
    ) -> None:
        auditor.open("/trail?sort=opened")
        answer = take_out(auditor, "table", sort="opened")
        assert answer.headers["Content-Disposition"].startswith('attachment; filename="audit-trail-')
        table = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
        assert table[0][:7] == ["Day", "Time in London", "Who", "Role", "For", "Review", "What"]
        assert table[0][7:] == ["Request", "Sign-in"]
        assert {row[6].partition(":")[0] for row in table[1:]} == {"Opened"}
        assert NAME not in answer.text
        assert "The audit trail was exported: csv" in auditor.open("/trail?sort=program").text
        assert list(Path(house.settings.checkpoints).glob("*.note"))

    def test_a_file_that_nobody_waited_for_is_closed_all_the_same(self, house: House, auditor: Visitor) -> None:
        with take_out(auditor.open("/trail"), "whole") as answer:
            assert _open_files(house) == 1
            assert answer.mimetype == "application/jsonl"
        assert _open_files(house) == 0

    def test_the_whole_of_it_is_what_the_outside_check_reads(self, house: House, case, auditor: Visitor) -> None:
        auditor.open("/trail")
        answer = take_out(auditor, "whole")
        lines = [json.loads(line) for line in answer.get_data(as_text=True).splitlines()]
        assert lines[0]["kind"] == "trail"
        assert lines[-1] == {"kind": "end", "lines": len(lines) - 1}
        assert NAME not in answer.get_data(as_text=True)
        assert answer.content_length == len(answer.get_data())

    def test_both_say_by_which_request_and_in_which_sign_in_a_person_did_it_and_the_outside_check_holds(
        self, house: House, case, auditor: Visitor, tmp_path: Path
    ) -> None:
        auditor.open(f"/reviews/{case.reference}/people")  # which an auditor is refused: so it is written down
        auditor.open("/trail")
        table = list(csv.reader(io.StringIO(take_out(auditor, "table").get_data().decode("utf-8-sig"))))
        whole = take_out(auditor, "whole").get_data()
        bodies = [json.loads(line["body"]) for line in map(json.loads, whole.splitlines()) if line["kind"] == "entry"]
        (refused,) = [body for body in bodies if [event["kind"] for event in body["events"]] == ["refused"]]
        (begun,) = [event for body in bodies for event in body["events"] if event["kind"] == "signed_in"]
        assert refused["via"]["sign_in"] == hashlib.sha256(begun["subject_id"].encode()).hexdigest()[:16]
        (row,) = [row for row in table if row[6].startswith("Was refused")]
        assert row[7:] == [refused["via"]["request"], refused["via"]["sign_in"]]
        assert [row[7:] for row in table if row[6] == "Opened: The family’s records"] == [["", ""]]  # by no request
        (tmp_path / "trail.jsonl").write_bytes(whole)
        given = ["--notes", str(house.settings.checkpoints), "--key", str(signer_of(house.settings).verifier)]
        words = [sys.executable, "-I", str(TOOL), str(tmp_path / "trail.jsonl"), *given]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    def test_nothing_leaves_where_no_checkpoint_can_be_signed(self, house: House, case, auditor: Visitor) -> None:
        Path(house.settings.instance, "checkpoint.key").write_text("not a key", encoding="utf-8")
        Path(house.settings.instance, "checkpoint.key").chmod(0o600)
        auditor.open("/trail")
        answer = take_out(auditor, "whole")
        assert answer.status_code == 409
        assert "does not hold a signing key" in answer.text

    @pytest.mark.parametrize(
        "cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "\uff1d1", "|cmd", "%0A", "\r=1", "\n-1"]
    )
    def test_no_cell_is_a_formula(self, cell: str) -> None:
        assert neutral(cell) == f"'{cell}"

    def test_a_cell_that_is_none_stays_as_it_is(self) -> None:
        assert neutral("Opened: Names") == "Opened: Names"
