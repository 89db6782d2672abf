"""The written documents say what the rule book says now."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dhr_app.casework import docs
from dhr_app.casework.rule_book import load
from dhr_app.settings import ROOT
from dhr_app.workflows.conditions import CONDITIONS
from dhr_app.workflows.duties import DUTIES
from dhr_app.workflows.lifecycle import MOVES
from dhr_app.workflows.permissions import GRANTS
from dhr_app.workflows.stages import Stage


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "config", tmp_path / "config")
    return tmp_path


def test_the_documents_are_fresh() -> None:
    assert docs.stale() == [], "run `make docs`"


def test_the_same_rule_book_writes_the_same_documents(root: Path) -> None:
    assert docs.write(root) == list(docs.DOCUMENTS)
    assert docs.write(root) == []
    assert docs.stale(root) == []


def test_a_changed_deadline_makes_one_document_stale(root: Path) -> None:
    docs.write(root)
    regime = root / "config/regimes/dhr-2016.toml"
    regime.write_text(regime.read_text(encoding="utf-8").replace('"90 days"', '"60 days"'), encoding="utf-8")
    assert docs.stale(root) == ["deadlines.md"]
    assert docs.write(root) == ["deadlines.md"]


def test_every_move_question_duty_and_stage_is_in_the_lifecycle_document() -> None:
    text = docs.DOCUMENTS["lifecycle.md"](load(ROOT / "config"))
    for names in (MOVES, CONDITIONS, DUTIES, [stage.value for stage in Stage]):
        assert [name for name in names if f"`{name}`" not in text] == []


def test_every_arrow_of_the_diagram_is_a_move_of_the_table() -> None:
    text = docs.DOCUMENTS["lifecycle.md"](load(ROOT / "config"))
    diagram = text.split("```mermaid\n")[1].split("```")[0]
    drawn = {tuple(line.strip().replace(" --> ", ": ").split(": ")) for line in diagram.splitlines() if " --> " in line}
    arrows = {
        (source, target, move.button) for move in MOVES.values() for source in move.source for target in move.targets
    }
    assert {arrow for arrow in drawn if "[*]" not in arrow} <= arrows


def test_every_permission_is_in_its_document() -> None:
    text = docs.DOCUMENTS["permissions.md"](load(ROOT / "config"))
    assert [name for name in GRANTS if not name.startswith("move.") and f"`{name}`" not in text] == []
    assert [move.button for move in MOVES.values() if f"| {move.button} |" not in text] == []


def test_every_deadline_of_every_rule_set_is_in_its_document_and_unchecked_ones_say_so() -> None:
    rule_book = load(ROOT / "config")
    parts = docs.DOCUMENTS["deadlines.md"](rule_book).split("\n## ")[1:]
    for rule_set, part in zip(rule_book.rule_sets.values(), parts, strict=True):
        rows = {rule.key: row for rule in rule_set.deadlines for row in part.splitlines() if f"`{rule.key}`" in row}
        assert set(rows) == {rule.key for rule in rule_set.deadlines}
        unchecked = [rule.key for rule in rule_set.deadlines if not rule.checked]
        assert all("check against the " in rows[key].lower() for key in unchecked)


def test_tables_have_as_many_cells_in_every_line() -> None:
    rule_book = load(ROOT / "config")
    for document in docs.DOCUMENTS.values():
        for table in document(rule_book).split("\n\n"):
            cells = {line.replace("\\|", "").count("|") for line in table.splitlines() if line.startswith("|")}
            assert len(cells) <= 1
