"""The rule book in force, read from config/ and pinned by each review that begins under it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from dhr_app.casework.adoption import check_pinned
from dhr_app.casework.rule_book import load, pinned
from dhr_app.database.models import RuleSetUsed
from dhr_app.settings import ROOT, SettingsError
from tests.reviews import County

SHIPPED = {"dhr-2016", "dardr", "local-review", "contribution"}


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A copy of config/ that a test may break."""
    shutil.copytree(ROOT / "config", tmp_path / "config")
    return tmp_path / "config"


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def faults(config: Path) -> str:
    with pytest.raises(SettingsError) as refusal:
        load(config)
    return "\n".join(refusal.value.problems)


def test_the_shipped_rule_book_can_be_used(config: Path) -> None:
    assert set(load(config).rule_sets) == SHIPPED


def test_a_longer_list_of_passwords_is_read_or_named_as_a_fault(config: Path, tmp_path: Path) -> None:
    (tmp_path / "breached.txt").write_bytes(b"oxbow gravel oboe\nca\xe9sar\n")
    assert load(config, more_passwords=str(tmp_path / "breached.txt")).common_passwords.hold("Oxbow gravel oboe 9")
    assert not load(config).common_passwords.hold("Oxbow gravel oboe 9")
    with pytest.raises(SettingsError, match="common_passwords"):
        load(config, more_passwords=str(tmp_path / "nowhere.txt"))


def test_every_fault_of_every_file_is_named_at_once(config: Path) -> None:
    change(config / "regimes/dhr-2016.toml", 'period      = "1 month"', 'period      = "a while"')
    change(config / "regimes/local-review.toml", '"home_office_told"', '"home_office_tolled"')
    (config / "regimes/dardr.toml").write_text("key: dardr", encoding="utf-8")
    (config / "bank_holidays.toml").unlink()
    named = faults(config)
    for each in (
        "dhr-2016.toml: deadlines.decision_due.period",
        "home_office_tolled",
        "dardr.toml",
        "bank_holidays.toml",
    ):
        assert each in named


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"moved:commission", "moved:decide_not_to_review"', '"moved:comission"',          "comission"),
        ('"answered:chair_appointed"',                       '"answered:chair_appointd"',  "chair_appointd"),
        ('"finish_local"',                                   '"finish_locally"',           "finish_locally"),
        ("[deadlines.duty_panel_told]",                      "[deadlines.duty_pannel]",    "duty_panel_told"),
    ],
)  # fmt: skip
def test_a_misspelt_name_does_not_pass_unseen(config: Path, old: str, new: str, said: str) -> None:
    change(config / "regimes/dhr-2016.toml", old, new)
    assert said in faults(config)


def test_a_folder_without_rule_sets_is_a_fault(config: Path) -> None:
    shutil.rmtree(config / "regimes")
    assert "no rule set" in faults(config)


def test_a_review_is_pinned_to_the_rule_set_it_began_under(county: County) -> None:
    case = county.review()
    with county.house.reading() as session:
        row = session.get_one(RuleSetUsed, case.row.rule_set_id)
    assert pinned(row.content) == county.house.rule_book.rule_sets["dhr-2016"]
    assert (row.key, row.sha256) == ("dhr-2016", pinned(row.content).sha256())


def test_two_reviews_under_the_same_rules_share_one_row(county: County) -> None:
    first, second = county.notified(), county.notified()
    other = county.notified(rule_set="local-review")
    assert first.row.rule_set_id == second.row.rule_set_id != other.row.rule_set_id


def test_a_file_changed_under_the_same_version_refuses_to_start(county: County) -> None:
    county.review()
    rules = county.house.rule_book.rule_sets["dhr-2016"]
    book = replace(county.house.rule_book, rule_sets={"dhr-2016": replace(rules, name="Another name")})
    check_pinned(county.house)
    with pytest.raises(SettingsError, match=f"version {rules.version}"):
        check_pinned(replace(county.house, rule_book=book))


def test_the_next_version_leaves_the_reviews_that_began_before_alone(county: County) -> None:
    before = county.review()
    rules = county.house.rule_book.rule_sets["dhr-2016"]
    newer = replace(rules, version=rules.version + 1, without_moves=rules.without_moves | {"defer"})
    book = replace(county.house.rule_book, rule_sets={**county.house.rule_book.rule_sets, "dhr-2016": newer})
    check_pinned(replace(county.house, rule_book=book))
    assert "defer" not in before.rule_set.without_moves
