"""The settings of one installation: read once, checked all at once, then frozen."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENTS = ("production", "development", "testing")
MINIMUM_SECRET = 32
MARKING = re.compile(r"([A-Za-z]([A-Za-z -]{0,38}[A-Za-z])?)?")


class SettingsError(Exception):
    """The settings, or `what` else is named, cannot be used; `problems` names each one, with how to put it right."""

    def __init__(self, problems: list[str], *, what: str = "The settings") -> None:
        super().__init__(f"{what} cannot be used:\n" + "\n".join(f"  - {problem}" for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class Settings:
    """Everything an installation may choose. Minutes and hours say so in their names."""

    env: str
    instance: Path
    config: Path
    secret_key: str
    partnership: str
    database_url: str
    keystore_url: str
    owner_url: str
    keystore_owner_url: str
    key_provider: str
    key_url: str
    key_name: str
    key_credential: str
    store_url: str
    checkpoints: str
    checkpoint_key: str
    tombstones: str
    keystore_backup_days: int
    mail_url: str
    mail_from: str
    mail_marking: str
    notify_key: str
    site_url: str
    host: str
    port: int
    threads: int
    trusted_proxies: int
    secure_cookies: bool
    idle_minutes: int
    absolute_hours: int
    password_memory_kib: int
    password_passes: int
    common_passwords: str
    sign_in_tries: int
    sign_in_tries_window: int
    second_factor: bool
    calendar_feed: bool
    tenant_key: str
    today: date | None = None

    @property
    def production(self) -> bool:
        """Whether real people's data may be here."""
        return self.env == "production"


# Decided by where the program stands, not by a file of settings.
_PLACED = {"env", "instance", "config", "today"}
_CHOSEN = {field.name: str(field.type) for field in fields(Settings) if field.name not in _PLACED}


def load(environ: Mapping[str, str] | None = None, *, root: Path = ROOT) -> Settings:
    """Read the settings for the environment named by DHR_ENV (unset means production).

    Raises SettingsError naming everything that is missing or wrong, so that it can be put right in one go.
    """
    environ = os.environ if environ is None else environ
    problems: list[str] = []
    env = environ.get("DHR_ENV", "production")
    if env not in ENVIRONMENTS:
        raise SettingsError([f"DHR_ENV is “{env}”: choose one of {', '.join(ENVIRONMENTS)}."])
    instance = Path(environ.get("DHR_INSTANCE", root / "instance")).resolve()
    values: dict[str, Any] = {}
    for path in (root / "config/default.toml", root / f"config/{env}.toml", instance / "settings.toml"):
        values |= _read(path, problems)
    values |= {name: environ[f"DHR_{name.upper()}"] for name in _CHOSEN if f"DHR_{name.upper()}" in environ}
    unknown = sorted(set(values) - set(_CHOSEN))
    problems += [f"“{name}” is not a setting: check its spelling in the settings files." for name in unknown]
    chosen = {name: _convert(name, kind, values.get(name), problems) for name, kind in _CHOSEN.items()}
    today = _today(environ.get("DHR_TODAY"), env, problems)
    chosen["database_url"] = chosen["database_url"] or f"sqlite:///{instance / 'dhr.db'}"
    chosen["store_url"] = chosen["store_url"] or f"file://{instance / 'documents'}"
    chosen["checkpoints"] = chosen["checkpoints"] or str(instance / "checkpoints")
    chosen["tombstones"] = chosen["tombstones"] or str(instance / "tombstones")
    chosen["keystore_url"] = chosen["keystore_url"] or f"sqlite:///{instance / 'keystore.db'}"
    chosen["site_url"] = chosen["site_url"].rstrip("/") or f"http://{chosen['host']}:{chosen['port']}"
    problems += _wrong(chosen, env, root) + _wrong_about_mail(chosen, env)
    if problems:
        raise SettingsError(problems)
    return Settings(env=env, instance=instance, config=root / "config", today=today, **chosen)


def _read(path: Path, problems: list[str]) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problems.append(f"{path.name} cannot be read as TOML: {error}.")
        return {}


def _convert(name: str, kind: str, value: Any, problems: list[str]) -> Any:
    if kind == "str":
        return "" if value is None else str(value)
    if kind == "bool":
        if isinstance(value, bool):
            return value
        if str(value).lower() in ("true", "false"):
            return str(value).lower() == "true"
        problems.append(f"{name} must be true or false.")
        return False
    try:
        number = int(value)
    except (TypeError, ValueError):
        problems.append(f"{name} must be a whole number.")
        return 0
    if number < 0:
        problems.append(f"{name} must not be negative.")
    return number


def _today(text: str | None, env: str, problems: list[str]) -> date | None:
    if not text:
        return None
    if env == "production":
        problems.append("DHR_TODAY is for development and testing only: unset it.")
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        problems.append(f"DHR_TODAY is “{text}”: write a date as 2026-06-03.")
        return None


def _wrong(chosen: Mapping[str, Any], env: str, root: Path) -> list[str]:
    wrong = []
    if len(chosen["secret_key"]) < MINIMUM_SECRET:
        wrong.append("secret_key is missing or short: run `dhr init`, which writes one to instance/settings.toml.")
    if not chosen["key_provider"]:
        wrong.append("key_provider is not chosen: say who keeps the master key (docs/running.md lists the choices).")
    if env == "production" and chosen["key_provider"] == "development-file":
        wrong.append("key_provider “development-file” keeps the master key in a plain file: production refuses it.")
    if env == "production" and not chosen["secure_cookies"]:
        wrong.append("secure_cookies is off: production refuses to send its cookie over an open line.")
    if env == "production" and not chosen["second_factor"]:
        wrong.append("second_factor is off: production refuses to let anybody in by a password alone.")
    if chosen["database_url"] == chosen["keystore_url"]:
        wrong.append("keystore_url is the database itself: the keys must be kept apart from what they seal.")
    for owner, used in (("owner_url", "database_url"), ("keystore_owner_url", "keystore_url")):
        if chosen[owner] and not _same_database_of_two_roles(chosen[owner], chosen[used]):
            wrong.append(f"{owner} must lead to the PostgreSQL database of {used}, and each must name its own role.")
    if not (root / "config/partnerships" / f"{chosen['partnership']}.toml").is_file():
        wrong.append(f"partnership “{chosen['partnership']}” has no file in config/partnerships/.")
    return wrong


def _wrong_about_mail(chosen: Mapping[str, Any], env: str) -> list[str]:
    """What would keep mail from going out, or its links from leading here. No part of mail_url is ever quoted."""
    wrong = []
    if not _has_host(chosen["site_url"], ("http", "https")):
        wrong.append("site_url must be an address such as https://dhr.example.gov.uk: links in mail begin with it.")
    if not MARKING.fullmatch(chosen["mail_marking"]):
        wrong.append("mail_marking may hold letters, spaces and hyphens, 40 at most; leave it empty for none.")
    if not chosen["mail_url"]:
        return wrong
    wrong += _wrong_about_notify(chosen) if chosen["mail_url"].startswith("notify:") else _wrong_about_smtp(chosen)
    if env == "production" and not chosen["site_url"].startswith("https://"):
        wrong.append(
            "site_url is where people find this site, and links in mail begin with it: give its https:// address."
        )
    return wrong


def _wrong_about_smtp(chosen: Mapping[str, Any]) -> list[str]:
    wrong = []
    if not _has_host(chosen["mail_url"], ("smtp", "smtps")):
        wrong.append(
            "mail_url must be smtp://host:587 or smtps://host:465, with name:password@ before the host if needed, "
            "or notify://api.notifications.service.gov.uk/ and the number of its template."
        )
    address = parseaddr(chosen["mail_from"])[1]
    if not all(address.rpartition("@")) or not chosen["mail_from"].isprintable():
        wrong.append("mail_from must be the address that mail comes from, such as dhr@example.gov.uk.")
    return wrong


def _wrong_about_notify(chosen: Mapping[str, Any]) -> list[str]:
    wrong = []
    if not _has_host(chosen["mail_url"], ("notify",)) or not _ends_in_a_number(chosen["mail_url"]):
        wrong.append("mail_url must be notify://api.notifications.service.gov.uk/ and the number of the template.")
    if not chosen["notify_key"]:
        wrong.append("notify_key is missing: name the file that holds the API key of GOV.UK Notify.")
    return wrong


def _ends_in_a_number(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return bool(UUID(parts.path.strip("/"))) and "@" not in parts.netloc and not parts.query and not parts.fragment
    except ValueError:
        return False


def _same_database_of_two_roles(owner: str, used: str) -> bool:
    try:
        one, other = urlsplit(owner), urlsplit(used)
        return (
            one.scheme.startswith("postgresql")
            and (one.hostname, one.path) == (other.hostname, other.path)
            and bool(one.username and other.username)
            and one.username != other.username
        )
    except ValueError:
        return False


def _has_host(url: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in schemes and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False
