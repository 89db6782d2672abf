"""`dhr bench` measures what it says, on ground of its own; how long anything took is never asked here."""

from __future__ import annotations

import json
from pathlib import Path
from unittest.mock import patch

import pytest
from click.testing import CliRunner

from dhr_app.casework.bench import Empty, prepare
from dhr_app.casework.bench import under_way as mornings
from dhr_app.casework.bench.auditing import measure_audit
from dhr_app.casework.bench.mornings import measure_mornings
from dhr_app.casework.bench.search import SearchFigures
from dhr_app.casework.case_list import PAGE
from dhr_app.casework.house import at_work
from dhr_app.casework.partnership import agencies
from dhr_app.cli import main
from dhr_app.settings import SettingsError
from dhr_app.web import bench
from dhr_app.web.bench import figures
from dhr_app.web.bench.figures import Figures
from dhr_app.web.bench.files import MEMORY_GOAL
from tests.postgres import Postgres


@pytest.fixture(scope="module")
def found() -> Figures:
    return bench.measure((20, 40), rounds=1, megabytes=3, names=200, mornings=(5, 20))


@pytest.mark.slow
def test_the_list_asks_the_same_number_of_queries_whatever_the_number_of_reviews(found: Figures) -> None:
    assert set(found.list_queries) == {20, 40}
    assert len(set(found.list_queries.values())) == 1


@pytest.mark.slow
def test_a_reviews_page_asks_no_more_than_its_share_however_much_happened(found: Figures) -> None:
    assert found.page_queries <= figures.PAGE_QUERIES_GOAL
    assert found.plan_queries <= figures.PAGE_QUERIES_GOAL
    assert found.overview_queries <= figures.PAGE_QUERIES_GOAL


@pytest.mark.slow
def test_the_command_prints_the_keys_that_others_read(found: Figures) -> None:
    with patch("dhr_app.web.bench.measure", return_value=found):
        printed = CliRunner().invoke(main, ["bench", "--json"], catch_exceptions=False).output
    answer = json.loads(printed)
    assert set(answer["case_list"]) == {"ms", "queries", "floor_ms"}
    assert set(answer["case_list"]["ms"]) == {"20", "40"}
    assert set(answer["review_page"]) == set(answer["plan_page"]) == set(answer["overview"]) == {"ms", "queries"}
    assert answer["today"]["reviews"] == 40


@pytest.mark.slow
def test_a_file_goes_up_and_down_without_being_held_in_memory(found: Figures) -> None:
    assert found.files is not None
    assert set(found.files.as_json()) == {"upload_mb_s", "download_mb_s", "copy_mb_s", "extra_memory_mb"}
    assert found.files.memory < MEMORY_GOAL


@pytest.mark.slow
def test_a_search_among_sealed_names_is_measured_beside_the_same_in_clear(found: Figures) -> None:
    assert found.search is not None
    assert set(found.search.as_json()) == {"names", "reviews", "sealed_ms", "clear_ms", "ratio"}
    assert (found.search.names, found.search.reviews) == (200, 60)


def test_the_command_says_how_long_a_search_takes_with_its_goal() -> None:
    measured = SearchFigures(10_000, 60, sealed_ms=150.0, clear_ms=50.0)
    lines = list(figures._search_lines(measured))
    assert lines == [
        "Search among 10,000 names in 60 reviews: 150 ms (goal: at most 200 on a quiet machine)",
        "The same names in clear: 50 ms, so seal and trail make it 3.0 times",
    ]


def test_the_command_says_both_ratios_with_their_goals() -> None:
    measured = Figures(
        {100: 10.0, 10_000: 12.0},
        {100: 4, 10_000: 4},
        floor_ms=8.0,
        page_ms=40.0,
        page_queries=10,
        plan_ms=30.0,
        plan_queries=9,
        overview_ms=60.0,
        overview_queries=8,
        today_ms=150.0,
        today_queries=32,
        today_reviews=1_000,
    )
    with patch("dhr_app.web.bench.measure", return_value=measured):
        printed = CliRunner().invoke(main, ["bench"], catch_exceptions=False).output
    assert "10,000 reviews against 100: 1.20 times (goal: at most 1.3)" in printed
    assert "The case list against the floor: 1.50 times (goal: at most 2.0)" in printed
    assert "Today,      1,000 reviews    150.0 ms   32 queries" in printed
    assert "The overview of 10,000 reviews against the floor: 7.50 times" in printed


def test_the_ground_is_the_partnerships_own_and_takes_nothing_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DHR_DATABASE_URL", "sqlite:////nowhere/at/all.db")
    ground = prepare(tmp_path / "ground", 2 * PAGE)
    try:
        assert {path.name for path in (tmp_path / "ground").glob("*.db")} == {"dhr.db", "keystore.db"}
        with at_work(ground.house):
            assert agencies(on=ground.house.clock.now().date())
    finally:
        ground.house.database.dispose()


@pytest.mark.slow
def test_sealing_is_measured_beside_the_cipher_and_beside_another_librarys_column(found: Figures) -> None:
    assert found.sealing is not None
    assert found.sealing.theirs_us is not None
    assert set(found.sealing.as_json()) == {
        "open_us", "cipher_us", "open_over_cipher", "field_us", "sqlalchemy_utils_field_us", "cheaper",
    }  # fmt: skip
    assert any("times the bare cipher (goal" in line for line in figures.in_lines(found))


@pytest.mark.slow
def test_a_change_of_keys_measured_among_writers_leaves_nothing_old_and_refuses_nobody(found: Figures) -> None:
    assert found.rotation is not None
    assert (found.rotation.left, found.rotation.refused) == (0, 0)
    assert found.rotation.cells >= 200
    assert any("values a second (goal" in line for line in figures.in_lines(found))


@pytest.mark.slow
def test_a_morning_is_measured_in_a_process_of_its_own_and_says_what_is_late_to_everybody(found: Figures) -> None:
    few, many = found.mornings
    assert (few.reviews, many.reviews) == (5, 20)
    for each in found.mornings:
        assert set(each.as_json()) == {
            "monday_s", "monday_cpu_s", "monday_mb", "monday_reminders", "tuesday_s", "tuesday_mb", "tuesday_reminders",
        }  # fmt: skip
    # Of two hundred actions some are late, and two coordinators, the chair and their agencies hear of each.
    assert many.monday.reminders > 4 * 200 * 7 // mornings.SPREAD
    assert many.tuesday.reminders < many.monday.reminders
    assert any("actions on sqlite" in line and "MB (goal" in line for line in figures.in_lines(found))
    assert any(line.startswith("4 times as many reviews on sqlite") for line in figures.in_lines(found))


@pytest.mark.slow
def test_a_morning_is_measured_on_postgresql_too_and_leaves_its_databases_empty(
    postgres: Postgres, tmp_path: Path
) -> None:
    databases = Empty(*(postgres.url(postgres.database(f"morning_{what}"), "owner") for what in ("main", "keystore")))
    here = measure_mornings(tmp_path, databases, sizes=(5, 10))
    assert [each.engine for each in here] == ["postgresql", "postgresql"]
    assert here[0].monday.reminders < here[1].monday.reminders


@pytest.mark.slow
def test_the_trail_is_measured_on_postgresql_too_in_databases_that_hold_nothing(
    found: Figures, postgres: Postgres, tmp_path: Path
) -> None:
    databases = Empty(*(postgres.url(postgres.database(what), "owner") for what in ("main", "keystore")))
    there = measure_audit(tmp_path / "first", databases, seconds=0.3, entries=1000)
    assert [each.engine for each in (*found.audit, there)] == ["sqlite", "postgresql"]
    for each in (*found.audit, there):
        assert set(each.as_json()) == {
            "commits_s", "p99_ms", "unaudited_commits_s", "unaudited_p99_ms", "entries", "proof_s",
        }  # fmt: skip
        assert each.audited.commits > 0
    with pytest.raises(SettingsError, match="name one that is empty"):
        measure_audit(tmp_path / "second", databases, seconds=0.3, entries=1000)
    with pytest.raises(SettingsError, match="cannot be reached"):
        prepare(tmp_path / "third", 1, Empty("postgresql+psycopg://nobody@127.0.0.1:1/none", databases.keystore))
