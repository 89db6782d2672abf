"""`dhr keys …` and `dhr keystore …`: the keys that everything personal is sealed with, and what was destroyed."""

from __future__ import annotations

import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dhr_app.cli.core import AS_JSON, Refused, about, in_house, main, print_json

if TYPE_CHECKING:
    from dhr_app.casework.shares import Shares


@main.group()
def keys() -> None:
    """Look after the keys that everything personal is sealed with."""


@keys.command("status")
@AS_JSON
def keys_status(as_json: bool) -> None:
    """Say which keys there are, what wraps them, and what is still sealed with an older one."""
    from dhr_app.casework.key_status import in_lines, key_status

    with in_house(whatever_wraps=True) as house:
        found = key_status(house)
    if as_json:
        print_json(asdict(found))
    for line in [] if as_json else in_lines(found):
        click.echo(line)


@keys.command("rotate")
@click.option("--review", "reference", help="Only the review of this reference.")
@click.option("--master", is_flag=True, help="Put every key under today’s master key instead; nothing is sealed anew.")
@click.option("--yes", is_flag=True, help="Do not ask first.")
@click.option("--settle", type=click.FloatRange(0), help="Seconds to wait before the last count, instead of 120.")
def keys_rotate(reference: str | None, master: bool, yes: bool, settle: float | None) -> None:
    """Seal everything with new keys while people work. Run again, it carries on where it was broken off."""
    from dhr_app.casework import rotation

    if master and reference:
        raise Refused("--master is for all keys: leave --review out.")
    if not yes:
        click.confirm("Change the keys now? Nobody has to stop working.", abort=True)
    with about(reference), in_house() as house:
        if master:
            done, failed = rotation.rewrap(house, say=click.echo)
            click.echo(f"{done} keys were put under today’s master key; {failed} could not be.")
            sys.exit(1 if failed else 0)
        wait = rotation.SETTLE_SECONDS if settle is None else settle
        rotated = rotation.rotate(house, reference, wait=time.sleep, say=click.echo, settle=wait)
    for line in rotation.in_lines(rotated):
        click.echo(line)
    sys.exit(0 if rotated.complete else 1)


SHARES = click.option(
    "--share", "files", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file with the words of one holder, given twice; otherwise they are asked for.",
)  # fmt: skip


@keys.command("escrow")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Write each share to a file here.")
@click.option("--prove", "reference", help="Make none: open one value of the review of this reference with two shares.")
@SHARES
@click.option("--yes", is_flag=True, help="Do not ask before earlier shares are made useless.")
def keys_escrow(out: Path | None, reference: str | None, files: tuple[Path, ...], yes: bool) -> None:
    """Give out recovery shares to three people, any two of whom open everything if the master key is lost."""
    from dhr_app.casework import escrow, handing_out

    with about(reference), in_house(whatever_wraps=reference is not None) as house:
        if reference is not None:
            proof = escrow.prove(house, reference, _shares(files), at=house.clock.now())
            click.echo(f"The two shares open {proof.field} of {reference}, and all {proof.keys} of its keys.")
            return
        before = escrow.in_use(house)
        if before is not None and not yes:
            click.confirm(f"The shares of set {before.share_set} will open nothing more. Make new ones?", abort=True)
        if out is None and not sys.stdout.isatty():
            raise Refused("The shares are shown on a terminal only: run this on one, or say --out FOLDER.")
        hand_over = handing_out.to_folder(out, not_in=house.settings.instance) if out else _show_in_turn
        made = escrow.share_out(house, hand_over, at=house.clock.now())
    click.echo(f"Set {made.number} is in use. Prove it now: dhr keys escrow --prove REF")


@keys.command("recover")
@SHARES
@click.option("--yes", is_flag=True, help="Do not ask first.")
def keys_recover(files: tuple[Path, ...], yes: bool) -> None:
    """Put every key under the master key that the settings name now, by two shares: for when the old one is lost."""
    from dhr_app.casework import escrow

    if not yes:
        click.confirm("Put every key under the master key of the settings, without the one before it?", abort=True)
    with in_house(whatever_wraps=True) as house:
        done = escrow.recover(house, _shares(files), at=house.clock.now())
    click.echo(f"{done.keys} keys are under today’s master key; {done.lost} had no good copy and are as they were.")
    sys.exit(1 if done.lost else 0)


@keys.command("make")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def keys_make(file: Path) -> None:
    """Write a new master key at the end of FILE, for the provider “credential-file”; keep the file with no backup."""
    from dhr_app.adapters.keys import add_key

    click.echo(f"The master key {add_key(file)} was written; it is today’s. Older keys in the file still open.")


@main.group()
def keystore() -> None:
    """Look after the database that holds the keys, once it was restored from a backup."""


@keystore.command()
def apply_tombstones() -> None:
    """Destroy again what was destroyed before and came back with a backup. Safe to run again."""
    from dhr_app.casework import tombstones

    with in_house(ready=False) as house:
        done = tombstones.apply(house, at=house.clock.now())
    for line in tombstones.in_lines(done):
        click.echo(line)


def _show_in_turn(made: Shares) -> None:
    """Show each holder their words alone, once, and wipe the screen before the next."""
    from dhr_app.casework.handing_out import in_turn

    for words in in_turn(made):
        click.clear()
        click.echo(words)
        click.pause("When the words are written down and read back, press a key: the screen is wiped.")
        click.clear()


def _shares(files: tuple[Path, ...]) -> list[str]:
    """The words of two holders, from files or as they are typed."""
    if files:
        return [file.read_text(encoding="utf-8", errors="replace") for file in files]
    return [click.prompt(f"The words of the {which} holder") for which in ("first", "second")]
