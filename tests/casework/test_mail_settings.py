"""What the settings must say before mail goes out; the mail server’s password never stands in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from dhr_app.settings import SettingsError, load

SECRET = "a secret for the tests, forty letters long"
GOOD = {
    "DHR_MAIL_URL": "smtp://dhr:swordfish@mail.barsetshire.example:587",
    "DHR_MAIL_FROM": "Reviews <dhr@barsetshire.example>",
    "DHR_SITE_URL": "https://dhr.barsetshire.example/",
}


def environ(instance: Path, **more: str) -> dict[str, str]:
    return {"DHR_ENV": "testing", "DHR_INSTANCE": str(instance), "DHR_SECRET_KEY": SECRET, **more}


def problems(environment: dict[str, str]) -> str:
    with pytest.raises(SettingsError) as refusal:
        load(environment)
    return "\n".join(refusal.value.problems)


def test_good_settings_are_taken_and_a_stroke_at_the_end_is_not_doubled_in_links(tmp_path: Path) -> None:
    chosen = load(environ(tmp_path, **GOOD))
    assert (chosen.mail_url, chosen.site_url) == (GOOD["DHR_MAIL_URL"], "https://dhr.barsetshire.example")


def test_without_a_site_url_links_lead_to_where_the_site_is_served(tmp_path: Path) -> None:
    assert load(environ(tmp_path, DHR_PORT="8093")).site_url == "http://127.0.0.1:8093"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("DHR_MAIL_URL",  "mail.barsetshire.example",      "mail_url must be smtp://"),
        ("DHR_MAIL_URL",  "http://mail.barsetshire.example", "mail_url must be smtp://"),
        ("DHR_MAIL_URL",  "smtp://mail:many",              "mail_url must be smtp://"),
        ("DHR_MAIL_URL",  "smtp://",                       "mail_url must be smtp://"),
        ("DHR_MAIL_FROM", "",                              "mail_from must be the address"),
        ("DHR_MAIL_FROM", "reviews",                       "mail_from must be the address"),
        ("DHR_MAIL_FROM", "a@b.example\nBcc: c@d.example", "mail_from must be the address"),
        ("DHR_SITE_URL",  "dhr.barsetshire.example",       "site_url must be an address"),
        ("DHR_SITE_URL",  "javascript:alert(1)",           "site_url must be an address"),
    ],
)  # fmt: skip
def test_a_setting_that_cannot_be_used_is_named(tmp_path: Path, name: str, value: str, said: str) -> None:
    named = problems(environ(tmp_path, **{**GOOD, name: value}))
    assert said in named
    assert "swordfish" not in named


def test_in_production_links_in_mail_must_be_encrypted(tmp_path: Path) -> None:
    production = {**GOOD, "DHR_ENV": "production", "DHR_SITE_URL": "http://dhr.barsetshire.example"}
    assert "give its https:// address" in problems(environ(tmp_path, **production))
    assert "site_url" not in problems(environ(tmp_path, **{**production, "DHR_MAIL_URL": ""}))


NOTIFY = {
    "DHR_MAIL_URL": "notify://api.notifications.service.gov.uk/0f7c9a52-3f0b-4f0f-9f5b-5c36c1f6a111",
    "DHR_NOTIFY_KEY": "/etc/dhr/notify.key",
    "DHR_SITE_URL": "https://dhr.barsetshire.example/",
}


def test_notify_needs_no_address_of_ours(tmp_path: Path) -> None:
    chosen = load(environ(tmp_path, **NOTIFY))
    assert (chosen.mail_url, chosen.mail_from) == (NOTIFY["DHR_MAIL_URL"], "")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("DHR_NOTIFY_KEY", "", "notify_key is missing"),
        ("DHR_MAIL_URL",   "notify://api.notifications.service.gov.uk/", "and the number of the template"),
        ("DHR_MAIL_URL",   "notify://api.notifications.service.gov.uk/digest", "and the number of the template"),
        ("DHR_MAIL_URL",   "notify:///0f7c9a52-3f0b-4f0f-9f5b-5c36c1f6a111", "and the number of the template"),
        ("DHR_MAIL_URL",   "notify://swordfish@notify.example/0f7c9a52-3f0b-4f0f-9f5b-5c36c1f6a111", "the template"),
    ],
)  # fmt: skip
def test_what_notify_lacks_is_named(tmp_path: Path, name: str, value: str, said: str) -> None:
    named = problems(environ(tmp_path, **{**NOTIFY, name: value}))
    assert (said in named, "swordfish" in named) == (True, False)


@pytest.mark.parametrize("marking", ["", "OFFICIAL", "OFFICIAL-SENSITIVE", "Official Sensitive"])
def test_the_marking_of_mail_may_be_chosen_or_left_out(tmp_path: Path, marking: str) -> None:
    assert load(environ(tmp_path, DHR_MAIL_MARKING=marking)).mail_marking == marking


def test_unless_it_is_chosen_mail_is_official_sensitive(tmp_path: Path) -> None:
    assert load(environ(tmp_path)).mail_marking == "OFFICIAL-SENSITIVE"


@pytest.mark.parametrize("marking", ["OFFICIAL\nBcc: c@d.example", "<b>", " ", "-", "Secret:", "x" * 41, "No. 1"])
def test_a_marking_that_is_none_is_refused(tmp_path: Path, marking: str) -> None:
    assert "mail_marking may hold letters, spaces and hyphens" in problems(environ(tmp_path, DHR_MAIL_MARKING=marking))
