"""`dhr audit …`: the audit trail proved, checkpointed, and given to somebody outside."""

from __future__ import annotations

import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dhr_app.cli.core import AS_JSON, PRIVATE, Refused, about, in_house, main, print_json
from dhr_app.settings import load

if TYPE_CHECKING:
    pass


@main.group()
def audit() -> None:
    """Ask about the audit trail."""


@audit.command()
@click.option("--review", "reference", help="Only the review of this reference, and the checkpoints.")
@click.option("--deep", is_flag=True, help="Compare every record with what the trail last said of it.")
@click.option("--with-keys", is_flag=True, help="Open what is sealed beside each entry, too; this is written down.")
@click.option(
    "--external",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Compare also with the checkpoints in this folder, kept elsewhere.",
)
@AS_JSON
def verify(reference: str | None, deep: bool, with_keys: bool, external: Path | None, as_json: bool) -> None:
    """Say whether the audit trail holds: exit with 0 if it does, 1 if it is broken."""
    from dhr_app.casework import trail_proof

    with about(reference), in_house(ready=False) as house:
        broken = trail_proof.broken_places(house, reference, deep=deep, external=external)
        if with_keys:
            broken += trail_proof.payloads_broken(house, reference, at=house.clock.now())
    if as_json:
        print_json({"good": not broken, "breaks": [asdict(one) for one in broken]})
    elif not broken:
        click.echo("The audit trail holds.")
    for one in [] if as_json else broken:
        click.echo(f"{one.chain}, entry {one.seq or 'unknown'}: {one.what}", err=True)
    sys.exit(1 if broken else 0)


@audit.command()
@click.option("--show-key", is_flag=True, help="Print only the key that an auditor checks checkpoints with.")
def checkpoint(show_key: bool) -> None:
    """Sign where every chain stands, write it to the folder of checkpoints, and print it."""
    from dhr_app.casework import checkpoints

    with in_house() as house:
        if show_key:
            click.echo(checkpoints.signer_of(house.settings).verifier)
            return
        made = checkpoints.make_checkpoint(house, reason=checkpoints.Occasion.ASKED_FOR, at=house.clock.now())
    if made is None:
        click.echo("There is nothing in the audit trail yet.")
        return
    if not made.fresh:
        click.echo(f"Nothing has changed since checkpoint {made.number}.", err=True)
    click.echo(made.note, nl=False)


@audit.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def make_key(file: Path) -> None:
    """Make a key that signs checkpoints, in a new FILE, and print what an auditor checks them with."""
    from dhr_app.casework import checkpoints

    os.umask(PRIVATE)
    click.echo(checkpoints.make_key(load(), file))


@audit.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(file: Path) -> None:
    """Write the whole trail to a new FILE of JSON lines, for tools/verify_audit.py; this is written down."""
    from dhr_app.casework import trail_export
    from dhr_app.casework.program import Program

    with in_house() as house:
        trail_export.announce_export(house, "json lines", by=Program("dhr audit export"), at=house.clock.now())
        try:
            with file.open("x", encoding="utf-8") as out:
                out.writelines(trail_export.trail_lines(house))
        except OSError as error:
            raise Refused(f"{file} could not be written: {error.strerror}.") from None
    click.echo(f"{file} was written.")
