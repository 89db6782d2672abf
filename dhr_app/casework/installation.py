"""One installation on one machine: made ready once, safely again and again, and refused where it is not ready."""

from __future__ import annotations

import os
import secrets
import tomllib
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import make_url

from dhr_app import settings
from dhr_app.casework import contacts_apart, master_key, partnership, tombstones
from dhr_app.casework.house import House, at_work, open_house
from dhr_app.database import grants, migrations
from dhr_app.database.engine import keystore_engine, main_engine
from dhr_app.database.keystore import Keystore
from dhr_app.database.models.audit import NEVER_CHANGED
from dhr_app.settings import Settings, SettingsError

PRIVATE = 0o700


def establish(environ: Mapping[str, str]) -> list[str]:
    """Make folder, secret, keys, databases and partnership where they are not there yet; says what it did.

    Raises SettingsError, KeyProviderError or DatabaseUnavailable; what was made by then is found again the next time.
    """
    done = _furnish(Path(environ.get("DHR_INSTANCE", settings.ROOT / "instance")).resolve(), environ)
    chosen = settings.load(environ)
    house = open_house(chosen, create=True)
    _make_keystore(house)
    done.append(house.database.keystore.health())
    done.append(_to_newest(chosen))
    partnership.check_pinned(house)
    seeded = partnership.seed(house, at=house.clock.now())
    done += _contacts_apart(house)
    done.append(f"The partnership “{chosen.partnership}” {'was set up' if seeded else 'was set up before'}.")
    house.database.dispose()
    return done


def _contacts_apart(house: House) -> list[str]:
    """Finish what a step of the tables began and only the keys can: see contacts_apart."""
    with at_work(house):
        moved = contacts_apart.keep_apart(house, at=house.clock.now())
    said = [f"{moved.done} family members’ contact details were moved to a key of their own."] if moved.done else []
    if moved.left:
        said.append(f"{moved.left} contact details were left where they are: no key opens them.")
    return said


def open_ready(chosen: Settings, *, whatever_wraps: bool = False) -> House:
    """The house, once everything it needs is there, nothing in it that was destroyed, and its master key opens it.

    With `whatever_wraps` also where another master key wraps its keys: for what finds that out or mends it. Raises
    SettingsError naming what `dhr init` has yet to do; TombstonesUnheeded, CheckpointFailed, KeyUnavailable.
    """
    house = open_house(chosen)
    try:
        _must_be_ready(house)
        tombstones.must_be_applied(house)
        if not whatever_wraps:
            master_key.must_be_known(house)
    except BaseException:
        house.database.dispose()
        raise
    return house


def _must_be_ready(house: House) -> None:
    chosen = house.settings
    with house.reading() as session:
        step = migrations.revision(session.connection())
    if step != migrations.newest():
        named = make_url(chosen.database_url).render_as_string(hide_password=True)
        needed = "It is not what this version of the program needs: run `dhr init`."
        raise SettingsError([needed], what=f"The database {named}")
    partnership.check_pinned(house)
    with house.reading() as session:
        if partnership.key_of(session) is None:
            raise SettingsError(["No partnership is set up here: run `dhr init`."])


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


def _make_keystore(house: House) -> None:
    """Its tables, made by the role that owns them, who need not be the one that works with them."""
    chosen, keystore = house.settings, house.database.keystore
    engine = keystore_engine(chosen.keystore_owner_url or chosen.keystore_url, create=True)
    Keystore(engine, keystore.provider, env=chosen.env).create()
    if chosen.keystore_owner_url:
        grants.give(engine, to=grants.role_of(chosen.keystore_url))
    engine.dispose()


def _to_newest(chosen: Settings) -> str:
    # Not the house's own engine, which refuses such changes, and whose role may not own what it works with.
    engine = main_engine(chosen.owner_url or chosen.database_url, create=True)
    before, now = migrations.upgrade(engine)
    if chosen.owner_url:
        grants.give(engine, to=grants.role_of(chosen.database_url), append_only=NEVER_CHANGED)
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
