"""A fresh ground for each test, in files, as it is in life."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from dhr_app.adapters.keys import DevelopmentFile
from dhr_app.database.base import Base
from dhr_app.database.engine import keystore_engine, main_engine
from dhr_app.database.keystore import Keystore
from dhr_app.database.models import AuditEntry, AuditHead, Event
from dhr_app.database.session import Database
from tests.database.examples import ExampleBase, Ground

TRAIL = [model.__table__ for model in (AuditEntry, AuditHead, Event)]


@pytest.fixture
def ground(tmp_path: Path) -> Iterator[Ground]:
    url = f"sqlite:///{tmp_path}/main.db"
    maker = main_engine(url, create=True)
    Base.metadata.create_all(maker, tables=TRAIL)  # type: ignore[arg-type]
    ExampleBase.metadata.create_all(maker)
    maker.dispose()
    provider = DevelopmentFile(tmp_path / "development.key", env="testing")
    keystore = Keystore(
        keystore_engine(f"sqlite:///{tmp_path}/keystore.db", create=True, busy_ms=500), provider, env="testing"
    )
    keystore.create()
    raw = main_engine(url, busy_ms=200)
    db = Database(main_engine(url, busy_ms=400), keystore)
    yield Ground(tmp_path, db, raw, url)
    with raw.connect() as connection:
        assert connection.execute(text("pragma integrity_check")).scalar_one() == "ok"
    raw.dispose()
    db.dispose()
