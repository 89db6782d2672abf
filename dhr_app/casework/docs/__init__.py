"""The documents that the rule book writes about itself, so that paper and program cannot disagree."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from dhr_app.casework.docs import deadlines, lifecycle, permissions
from dhr_app.casework.rule_book import RuleBook, load
from dhr_app.settings import ROOT

DOCUMENTS: dict[str, Callable[[RuleBook], str]] = {
    "lifecycle.md":   lifecycle.document,
    "permissions.md": permissions.document,
    "deadlines.md":   deadlines.document,
}  # fmt: skip


def stale(root: Path = ROOT) -> list[str]:
    """The documents that are missing, or say something else than the rule book says now."""
    return [name for name, text in _written(root).items() if _present(root / "docs" / name) != text]


def write(root: Path = ROOT) -> list[str]:
    """Write every document that is stale; returns their names. Raises SettingsError for a broken rule book."""
    renewed = {name: text for name, text in _written(root).items() if _present(root / "docs" / name) != text}
    (root / "docs").mkdir(exist_ok=True)
    for name, text in renewed.items():
        (root / "docs" / name).write_text(text, encoding="utf-8")
    return list(renewed)


def _written(root: Path) -> dict[str, str]:
    rule_book = load(root / "config")
    return {name: document(rule_book) for name, document in DOCUMENTS.items()}


def _present(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None
