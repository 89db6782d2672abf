"""The certificate of a disposal: true to what was destroyed, honest about old copies, without a name of the case."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from dhr_app.adapters.clock import london_date
from dhr_app.adapters.keys import PROVIDERS
from dhr_app.adapters.typesetting import typeset
from dhr_app.casework import certificate, certificate_words
from dhr_app.casework.certificate import certificate_of, the_certificate
from dhr_app.casework.certificate_words import KEEPERS, as_data
from dhr_app.casework.house import at_work
from dhr_app.casework.outgoing import MayNotLeave
from dhr_app.casework.tombstones import must_be_applied, read_tombstones
from dhr_app.database.models import AuditCheckpoint, Disposal, DisposalPart
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.errors import NotAllowed, NotYet, OutOfReach
from dhr_app.workflows.events import Happened
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.record_wording import DETAILS_OPENED
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests import disposals, pdf
from tests.disposals import POLICY, last_day_over, noticed
from tests.reviews import Case, County


def destroyed(county: County, *classes: str) -> Case:
    case = county.review(Stage.CLOSED)
    disposals.disposed(case, *classes)
    return case


@pytest.fixture
def disposed(county: County) -> Case:
    """A closed review of which everything that is due was destroyed."""
    return destroyed(county)


def made(case: Case, **by: Person) -> bytes:
    return certificate_of(case.reference, 1, by=by.get("by", case.county.coordinator), at=case.wait(minutes=1))


def told(case: Case) -> certificate_words.Certificate:
    return the_certificate(case.reference, 1, by=case.county.coordinator, at=case.at)


def test_it_says_what_was_destroyed_by_whom_and_under_which_policy(disposed: Case) -> None:
    said = pdf.words(made(disposed))
    county = disposed.county
    deputy = county.who(Role.STEERING_DEPUTY)
    what = told(disposed)
    for words in (
        f"Review {disposed.reference}",
        f"Policy {POLICY}",
        f"Confirmed first {deputy.name}, steering group deputy",
        f"Confirmed second {county.coordinator.name}, coordinator, {in_words(london_date(what.begun_at))}",
        f"Destruction completed {in_words(london_date(what.done_at))}",
    ):
        assert words in said
    parts = disposed.rows(DisposalPart)
    assert len(what.destroyed) == len(parts) > 2
    for each in what.destroyed:
        generations = ", ".join(str(one) for one in each.generations)
        assert f"{each.what} {generations} {each.values:,} {each.files:,}" in said


def test_it_proves_itself_by_the_tombstones_the_trail_and_the_checkpoint(disposed: Case) -> None:
    said = pdf.words(made(disposed)).replace(" ", "")
    stones = read_tombstones(disposed.county.house.settings)
    assert stones
    for stone in stones:
        assert stone.hash in said
        assert stone.grave.last_hash.hex() in said
    with disposed.county.house.reading() as session:
        checkpoint = session.scalars(select(AuditCheckpoint).where(AuditCheckpoint.reason == "disposal")).one()
    assert f"checkpointnumber{checkpoint.number}," in said
    assert checkpoint.root.hex() in said
    must_be_applied(disposed.county.house)


def test_it_says_until_when_an_old_copy_could_still_open_them(disposed: Case) -> None:
    what = told(disposed)
    said = pdf.words(made(disposed))
    until = london_date(what.done_at) + timedelta(days=35)
    assert "Backups of the keystore are kept for 35 days." in said
    assert f"until {in_words(until)}" in said
    assert "with the master key or two of the recovery shares" in said


@pytest.mark.parametrize(("days", "said"), [(90, 90), (7, 35)])
def test_a_later_setting_makes_the_time_longer_and_never_shorter(disposed: Case, days: int, said: int) -> None:
    house, by = disposed.county.house, disposed.county.coordinator
    now = replace(house.settings, keystore_backup_days=days, key_provider="vault-transit")
    with at_work(replace(house, settings=now)):
        later = the_certificate(disposed.reference, 1, by=by, at=disposed.wait(minutes=1))
    assert later.openable_until == london_date(later.done_at) + timedelta(days=said)
    assert later.key_provider == house.settings.key_provider, "who kept the master key when they were destroyed"


@pytest.mark.parametrize("provider", KEEPERS)
def test_it_says_who_keeps_the_master_key_and_of_azure_what_deleting_means_there(disposed: Case, provider: str) -> None:
    said = " ".join(as_data(replace(told(disposed), key_provider=provider))["honestly"])
    assert f"The master key is kept {KEEPERS[provider]}." in said
    assert ("7 to 90 days" in said) == (provider == "azure-key-vault")


def test_every_provider_that_can_be_chosen_is_named() -> None:
    assert set(KEEPERS) == set(PROVIDERS)


def test_only_the_classes_that_were_destroyed_are_named(county: County) -> None:
    case = destroyed(county, "evidence", "identities")
    assert {each.what for each in told(case).destroyed} <= {
        "Names and other identities", "Files that show what agencies did",
    }  # fmt: skip
    assert "Working papers" not in pdf.words(made(case))


def test_what_was_to_be_destroyed_too_and_never_was_there_is_said(disposed: Case) -> None:
    """The review’s page counts every class of the disposal as destroyed: the paper must not miss one."""
    (row,) = disposed.rows(Disposal)
    what = told(disposed)
    named = {each.what.partition(", ")[0] for each in what.destroyed} | set(what.nothing_of)
    assert named == {DETAILS_OPENED[each] for each in row.classes}
    assert what.nothing_of
    assert "of which the review held none: " + "; ".join(what.nothing_of) in pdf.words(made(disposed))


def test_it_is_tagged_and_its_title_names_nobody(disposed: Case) -> None:
    said = pdf.about(made(disposed))
    assert said["title"] == f"Certificate of disposal {disposed.reference}, number 1"
    assert (said["language"], said["tagged"], said["universal"], said["shows_title"]) == ("en-GB", True, "1", True)
    assert {"H1", "H2", "P", "Table", "TH", "TD"} <= set(said["tags"])


def test_the_same_disposal_gives_the_same_bytes_on_another_day(disposed: Case) -> None:
    one = made(disposed)
    disposed.wait(days=40)
    assert made(disposed) == one


def test_that_it_was_made_is_in_the_trail_before_it_is_handed_out(
    disposed: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    def certified() -> int:
        return sum(event.kind == Happened.DISPOSAL_CERTIFIED.value for event in disposed.events())

    made(disposed)
    assert certified() == 1

    def broken(*args: Any, **more: Any) -> bytes:
        raise MemoryError

    monkeypatch.setattr(certificate, "typeset", broken)
    with pytest.raises(MemoryError):
        made(disposed)
    assert certified() == 1


def test_a_name_of_the_case_stops_it(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    case = destroyed(county, "evidence", "working_papers")  # the names are still known
    assert made(case)
    named = replace(told(case), policy="Policy on Ada Harding")
    monkeypatch.setattr(certificate, "the_certificate", lambda *_, **__: named)
    with pytest.raises(MayNotLeave, match="a name that"):
        made(case)


@pytest.mark.parametrize(
    "typed", ['#import "x"', "*bold*", "$x^2$", "// gone", "#sys.inputs", "\\ ] [ #[", "<label> @ref"]
)
def test_what_looks_like_a_command_of_the_typesetter_stands_there_as_it_was_typed(disposed: Case, typed: str) -> None:
    what = replace(told(disposed), policy=f"Policy {typed} end")
    said = pdf.words(typeset("certificate", as_data(what), at=what.done_at))
    assert f"Policy {' '.join(typed.split())} end" in said


def test_there_is_none_before_all_is_destroyed_and_none_of_a_number_that_there_is_not(county: County) -> None:
    case = county.review(Stage.CLOSED)
    with pytest.raises(OutOfReach):
        certificate_of(case.reference, 1, by=county.coordinator, at=case.at)
    noticed(last_day_over(case))
    with pytest.raises(NotYet):
        certificate_of(case.reference, 1, by=county.coordinator, at=case.wait(minutes=1))


@pytest.mark.parametrize("role", [Role.STEERING_CHAIR, Role.AUDITOR])
def test_the_steering_chair_and_the_auditor_have_it(disposed: Case, role: Role) -> None:
    assert made(disposed, by=disposed.county.who(role)).startswith(b"%PDF-")


def test_a_member_of_the_steering_group_has_not(disposed: Case) -> None:
    with pytest.raises(NotAllowed):
        made(disposed, by=disposed.county.who(Role.STEERING_MEMBER))
