"""An installation that cannot be used says which part of it, and what to do about that."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from dhr_app.casework.installation import establish, open_ready
from dhr_app.settings import SettingsError, load


def test_a_database_of_an_older_version_is_named_with_the_command_that_mends_it(tmp_path: Path) -> None:
    environ = {"DHR_ENV": "testing", "DHR_INSTANCE": str(tmp_path / "here")}
    establish(environ)
    open_ready(load(environ)).database.dispose()
    file = tmp_path / "here" / "dhr.db"
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
    connection.close()
    with pytest.raises(SettingsError) as refusal:
        open_ready(load(environ))
    said = str(refusal.value)
    assert said.startswith(f"The database sqlite:///{file} cannot be used:")
    assert "run `dhr init`" in said
