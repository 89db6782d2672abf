"""One installation on one machine: made ready once, safely again and again, and refused where it is not ready."""

from __future__ import annotations

import os
import secrets
import tomllib
from collections.abc import Mapping
from pathlib import Path

from dhr_app import settings
from dhr_app.casework import partnership
from dhr_app.casework.house import House, open_house
from dhr_app.database import migrations
from dhr_app.database.engine import main_engine
from dhr_app.settings import Settings, SettingsError

PRIVATE = 0o700


def establish(environ: Mapping[str, str]) -> list[str]:
    """Make folder, secret, keys, databases and partnership where they are not there yet; says what it did.

    Raises SettingsError, KeyProviderError or DatabaseUnavailable; what was made by then is found again the next time.
    """
    done = _furnish(Path(environ.get("DHR_INSTANCE", settings.ROOT / "instance")).resolve(), environ)
    chosen = settings.load(environ)
    house = open_house(chosen, create=True)
    house.database.keystore.create()
    done.append(house.database.keystore.health())
    done.append(_to_newest(house))
    partnership.check_pinned(house)
    seeded = partnership.seed(house, at=house.clock.now())
    done.append(f"The partnership “{chosen.partnership}” {'was set up' if seeded else 'was set up before'}.")
    house.database.dispose()
    return done


def open_ready(chosen: Settings) -> House:
    """The house, once everything it needs is there. Raises SettingsError naming what `dhr init` has yet to do."""
    house = open_house(chosen)
    with house.reading() as session:
        step = migrations.revision(session.connection())
    if step != migrations.newest():
        raise SettingsError(["The database is not what this version of the program needs: run `dhr init`."])
    partnership.check_pinned(house)
    with house.reading() as session:
        if partnership.key_of(session) is None:
            raise SettingsError(["No partnership is set up here: run `dhr init`."])
    return house


def _furnish(instance: Path, environ: Mapping[str, str]) -> list[str]:
    """The folder that nobody else can look into, and in it a secret of this installation's own."""
    done = [f"The instance folder is {instance}."]
    instance.mkdir(parents=True, exist_ok=True)
    instance.chmod(PRIVATE)
    path = instance / "settings.toml"
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    if "DHR_SECRET_KEY" in environ or _says_a_secret(before):
        return done
    draft = path.with_name(".settings.toml.new")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(f'secret_key = "{secrets.token_urlsafe(48)}"\n{before}')
    draft.replace(path)
    return [*done, "A secret key was made and written to its settings.toml."]


def _says_a_secret(text: str) -> bool:
    try:
        return "secret_key" in tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return True  # left alone: reading the settings will say what is wrong with it


def _to_newest(house: House) -> str:
    engine = main_engine(house.settings.database_url, create=True)  # not the house's own, which refuses such changes
    before, now = migrations.upgrade(engine)
    engine.dispose()
    if before == now:
        return f"The database stands at step {now} already."
    return f"The database was {'made' if before is None else f'taken from step {before}'} and stands at step {now}."


def schema_differences() -> list[str]:
    """Where the models and the migrations describe different databases; needs no installation."""
    return migrations.differences()


def draft_migration(words: str) -> Path:
    """Draft the next migration and return its file."""
    return migrations.make_migration(words)
