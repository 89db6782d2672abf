"""Settings: where each comes from, and everything wrong with them named at once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dhr_app.settings import ROOT, SettingsError, load

SECRET = "a secret for the tests, forty letters long"


def environ(instance: Path, **more: str) -> dict[str, str]:
    return {"DHR_ENV": "testing", "DHR_INSTANCE": str(instance), "DHR_SECRET_KEY": SECRET, **more}


def problems(environment: dict[str, str], root: Path = ROOT) -> str:
    with pytest.raises(SettingsError) as refusal:
        load(environment, root=root)
    return "\n".join(refusal.value.problems)


class TestWhereTheyComeFrom:
    def test_the_environment_wins_over_the_instance_and_that_over_the_files_of_config(self, tmp_path: Path) -> None:
        assert load(environ(tmp_path)).port == 8000
        (tmp_path / "settings.toml").write_text("port = 8100\nthreads = 3\n")
        assert load(environ(tmp_path)).port == 8100
        chosen = load(environ(tmp_path, DHR_PORT="8200"))
        assert (chosen.port, chosen.threads) == (8200, 3)

    def test_unless_it_says_so_it_is_production(self, tmp_path: Path) -> None:
        named = problems({"DHR_INSTANCE": str(tmp_path)})
        assert "secret_key" in named
        assert "key_provider" in named

    def test_the_databases_stand_in_the_instance_unless_they_are_named(self, tmp_path: Path) -> None:
        chosen = load(environ(tmp_path, DHR_KEYSTORE_URL="postgresql://keys"))
        assert chosen.database_url == f"sqlite:///{tmp_path / 'dhr.db'}"
        assert chosen.keystore_url == "postgresql://keys"

    def test_a_number_and_a_yes_are_read_from_text(self, tmp_path: Path) -> None:
        chosen = load(environ(tmp_path, DHR_IDLE_MINUTES="15", DHR_SECURE_COOKIES="TRUE"))
        assert (chosen.idle_minutes, chosen.secure_cookies) == (15, True)

    def test_a_day_may_be_chosen_for_a_test(self, tmp_path: Path) -> None:
        assert load(environ(tmp_path, DHR_TODAY="2026-06-03")).today == date(2026, 6, 3)
        assert load(environ(tmp_path)).today is None


class TestWhatIsRefused:
    def test_everything_that_is_wrong_is_named_at_once(self, tmp_path: Path) -> None:
        (tmp_path / "settings.toml").write_text("colour = 'blue'\nport = 'eight'\n")
        named = problems(environ(tmp_path, DHR_SECRET_KEY="short", DHR_TODAY="tomorrow", DHR_PARTNERSHIP="atlantis"))
        for each in ("colour", "port", "secret_key", "DHR_TODAY", "atlantis"):
            assert each in named

    @pytest.mark.parametrize(
        ("name", "value", "said"),
        [
            ("DHR_PORT",           "-1",       "port"),
            ("DHR_THREADS",        "some",     "threads"),
            ("DHR_SECURE_COOKIES", "maybe",    "secure_cookies"),
            ("DHR_KEY_PROVIDER",   "",         "key_provider"),
            ("DHR_PARTNERSHIP",    "atlantis", "partnership"),
        ],
    )  # fmt: skip
    def test_a_setting_that_cannot_be_used_is_named(self, tmp_path: Path, name: str, value: str, said: str) -> None:
        assert said in problems(environ(tmp_path, **{name: value}))

    def test_an_environment_that_does_not_exist(self, tmp_path: Path) -> None:
        assert "staging" in problems(environ(tmp_path, DHR_ENV="staging"))

    def test_a_file_that_is_no_toml(self, tmp_path: Path) -> None:
        (tmp_path / "settings.toml").write_text("port: 8000")
        assert "settings.toml" in problems(environ(tmp_path))

    def test_the_keys_kept_beside_what_they_seal(self, tmp_path: Path) -> None:
        same = "postgresql://one"
        assert "keystore_url" in problems(environ(tmp_path, DHR_DATABASE_URL=same, DHR_KEYSTORE_URL=same))

    @pytest.mark.parametrize(
        ("more", "said"),
        [
            ({"DHR_KEY_PROVIDER": "development-file"},                                 "development-file"),
            ({"DHR_KEY_PROVIDER": "credential-file", "DHR_SECURE_COOKIES": "false"},   "secure_cookies"),
            ({"DHR_KEY_PROVIDER": "credential-file", "DHR_SECOND_FACTOR": "false"},    "second_factor"),
            ({"DHR_KEY_PROVIDER": "credential-file", "DHR_TODAY": "2026-06-03"},       "DHR_TODAY"),
        ],
    )  # fmt: skip
    def test_in_production_what_is_only_fit_for_development(
        self, tmp_path: Path, more: dict[str, str], said: str
    ) -> None:
        assert said in problems(environ(tmp_path, DHR_ENV="production", **more))

    def test_a_secret_never_stands_in_the_message(self, tmp_path: Path) -> None:
        assert "swordfish" not in problems(environ(tmp_path, DHR_SECRET_KEY="swordfish"))


def test_settings_once_read_do_not_change(tmp_path: Path) -> None:
    with pytest.raises(AttributeError):
        load(environ(tmp_path)).port = 1  # type: ignore[misc]
