"""What is done by night and by the program is in the trail too; and what cannot be written there does not happen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import Engine, text
from sqlalchemy import event as sa_event

from dhr_app import jobs
from dhr_app.casework.family import FamilyMemberEntry, add_family_member, open_family
from dhr_app.casework.health import check
from dhr_app.casework.house import House, at_work
from dhr_app.casework.trail_proof import broken_places, prove_trail, trail_is_sound
from dhr_app.database.engine import main_engine
from dhr_app.database.errors import DatabaseUnavailable
from dhr_app.database.models import Event
from dhr_app.database.session import Database
from dhr_app.workflows.errors import OutOfReach
from dhr_app.workflows.events import Happened
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.factories import NOW
from tests.reviews import County

NAME = "Griselda Grantly"


def tamper(house: House, sql: str) -> None:
    engine = main_engine(house.settings.database_url)
    with engine.connect() as connection:
        connection.execute(text(sql))
        connection.commit()
    engine.dispose()


def told(house: House, *kinds: Happened) -> list[Event]:
    with house.reading() as session:
        events = session.query(Event).filter(Event.kind.in_(kinds)).order_by(Event.recorded_at, Event.ordinal)
        return list(events)


@pytest.fixture
def case(county: County):
    case = county.review(Stage.SCOPING)
    entry = FamilyMemberEntry(full_name=NAME, relationship="sister")
    add_family_member(case.reference, entry, by=county.coordinator, at=case.wait(minutes=1))
    return case


class TestTheNightlyProof:
    def test_it_says_in_the_trail_that_the_trail_holds(self, county: County, case) -> None:
        assert prove_trail(county.house, at=NOW) == ()
        (event,) = told(county.house, Happened.TRAIL_PROVED, Happened.TRAIL_BROKEN)
        assert (event.kind, event.details) == ("trail_proved", {"breaks": 0})
        assert trail_is_sound(county.house)

    def test_it_says_that_it_is_broken_and_the_check_turns_red(self, county: County, case) -> None:
        tamper(county.house, "UPDATE family_member SET full_name_ct = NULL WHERE full_name_ct IS NOT NULL")
        broken = prove_trail(county.house, at=NOW)
        (event,) = told(county.house, Happened.TRAIL_BROKEN)
        assert event.details == {"breaks": len(broken)}
        assert not trail_is_sound(county.house)
        (finding,) = (each for each in check(county.house) if each.question == "audit")
        assert not finding.good
        assert case.reference in "".join(str(each) for each in broken)
        assert NAME not in finding.sentence

    def test_one_review_alone_can_be_asked_for_and_an_unknown_one_is_not_there(self, county: County, case) -> None:
        other = county.review(Stage.PANEL)
        tamper(county.house, "UPDATE family_member SET full_name_ct = NULL WHERE full_name_ct IS NOT NULL")
        assert broken_places(county.house, case.reference, deep=True) != ()
        assert {each.chain for each in broken_places(county.house, other.reference, deep=True)} <= {other.reference}
        with pytest.raises(OutOfReach):
            broken_places(county.house, "DHR-1999-001")


class TestTheClockwork:
    def job(self, work: Callable[..., str]) -> jobs.Job:
        return jobs.Job("a_job", work, "* * * * *", "Do something")

    def test_a_job_that_did_something_is_told_and_one_that_did_nothing_is_not(self, county: County) -> None:
        jobs.run(self.job(lambda house, at: "3 things were done"), county.house)
        jobs.run(self.job(lambda house, at: ""), county.house)
        (event,) = told(county.house, Happened.JOB_DONE)
        assert (event.recorded_by_name, event.details) == ("the clockwork", {"job": "a_job"})

    def test_a_job_that_failed_is_told_without_what_its_failure_says(self, county: County) -> None:
        def fail(house: House, at: object) -> str:
            raise RuntimeError(f"the record of {NAME} is odd")

        with pytest.raises(RuntimeError, match=NAME):
            jobs.run(self.job(fail), county.house)
        (event,) = told(county.house, Happened.JOB_FAILED)
        assert event.details == {"job": "a_job", "failure": "RuntimeError"}

    def test_the_proof_is_one_of_the_nightly_jobs(self, county: County, case) -> None:
        (job,) = (each for each in jobs.JOBS if each.name == "prove_trail")
        jobs.run(job, county.house)
        kinds = {event.kind for event in told(county.house, Happened.TRAIL_PROVED, Happened.JOB_DONE)}
        assert kinds == {"trail_proved", "job_done"}


class TestRefusals:
    def test_every_review_out_of_reach_and_every_step_not_allowed_is_told(self, county: County, case) -> None:
        outsider = county.who(Role.AGENCY_CONTRIBUTOR, 2)
        for reference in (case.reference, "DHR-1999-001"):
            with pytest.raises(OutOfReach):
                open_family(reference, by=outsider, at=case.wait(minutes=1))
        events = [each for each in told(county.house, Happened.REFUSED) if each.recorded_by_id == outsider.id]
        assert [(each.review_id, each.details["what"]) for each in events] == [
            (case.row.id, "family.see"),
            (None, "family.see"),
        ]


def full(engine: Engine) -> None:
    """Not a page more may be added to the file: what a full disk does to SQLite."""

    @sa_event.listens_for(engine, "connect")
    def no_room(connection: object, record: object) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()  # type: ignore[attr-defined]
        connection.execute(f"PRAGMA max_page_count={pages}")  # type: ignore[attr-defined]


@pytest.mark.sqlite  # a file has one writer, and a size
class TestAReadThatCannotBeWrittenDown:
    """Fail closed: nothing is opened, nobody sees a value."""

    @pytest.fixture
    def patient_house(self, county: County, case) -> House:
        """The same house, whose writer does not wait ten seconds for its turn."""
        engine = main_engine(county.house.settings.database_url, busy_ms=100)
        return replace(county.house, database=Database(engine, county.house.database.keystore))

    def test_nothing_is_opened_while_another_holds_the_database(self, county: County, case, patient_house) -> None:
        blocking = main_engine(county.house.settings.database_url)
        with blocking.connect() as connection, at_work(patient_house):
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            with pytest.raises(DatabaseUnavailable):
                open_family(case.reference, by=county.coordinator, at=case.wait(minutes=1))
            connection.exec_driver_sql("ROLLBACK")
            shown = open_family(case.reference, by=county.coordinator, at=case.wait(minutes=1))
        assert NAME in {member.entry.full_name for member in shown.members}
        blocking.dispose()
        patient_house.database.engine.dispose()

    def test_nothing_is_opened_on_a_full_disk(self, county: County, case, patient_house) -> None:
        tamper(county.house, "VACUUM")
        full(patient_house.database.engine)
        before, opened = len(told(county.house, Happened.OPENED)), 0
        with at_work(patient_house):
            for _ in range(400):  # until the last page is full
                try:
                    open_family(case.reference, by=county.coordinator, at=case.wait(minutes=1))
                    opened += 1
                except DatabaseUnavailable:
                    break
            else:
                pytest.fail("the disk was never full")
            with pytest.raises(DatabaseUnavailable):
                open_family(case.reference, by=county.coordinator, at=case.wait(minutes=1))
        patient_house.database.engine.dispose()
        assert len(told(county.house, Happened.OPENED)) == before + opened
        assert broken_places(county.house, deep=True) == ()
