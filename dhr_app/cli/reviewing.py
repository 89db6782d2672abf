"""`dhr dates`, `remind`, `report`: what is asked of the reviews."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dhr_app.cli.core import AS_JSON, Day, Refused, about, in_house, main, print_json, write

if TYPE_CHECKING:
    pass


@main.command()
@click.argument("reference")
@AS_JSON
def dates(reference: str, as_json: bool) -> None:
    """Show every due date of the review REFERENCE with its working."""
    from dhr_app.casework.workings import in_lines, workings

    with about(reference), in_house() as house:
        found = workings(house, reference, at=house.clock.now())
    if as_json:
        print_json({"reference": reference, "dates": [asdict(one) for one in found]})
    for line in [] if as_json else in_lines(found):
        click.echo(line)


@main.command()
@click.option("--today", type=Day(), help="The day to write for, such as 2026-06-03.")
@click.option("--dry-run", is_flag=True, help="Write nothing; show what would be said.")
def remind(today: date | None, dry_run: bool) -> None:
    """Write the reminders of a day, one message to each person; run again, it writes nothing more."""
    from dhr_app.adapters.clock import london_date
    from dhr_app.casework import reminding

    with in_house() as house:
        at = house.clock.now()
        found = reminding.remind(house, today or london_date(at), dry_run=dry_run, at=at)
        settings = house.settings
    for line in reminding.in_lines(found):
        click.echo(line)
    if found.digests and not dry_run and not settings.production:
        click.echo(f"Read them at {settings.site_url}/inbox while the site is served.")


@main.group()
def report() -> None:
    """Write a report."""


@report.command()
@click.option("--as-at", "as_at", type=Day(), required=True, help="The day, such as 2026-03-31.")
@click.option("--format", "kind", type=click.Choice(["html", "json"]), default="html", show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="Write it to this file.")
def steering(as_at: date, kind: str, out: Path | None) -> None:
    """The steering group's report as at the end of a day; nothing personal stands in it."""
    from dhr_app.casework.steering_json import as_json
    from dhr_app.casework.steering_report import steering_report

    if kind == "html" and out is None and sys.stdout.isatty():
        raise Refused("That is a page of some hundred kilobytes, not for a terminal: say where with --out report.html.")
    with in_house() as house:
        found = steering_report(as_at, at=house.clock.now())
        if kind == "json":
            text = json.dumps(as_json(found), ensure_ascii=False, indent=2)
        else:
            from dhr_app import create_app
            from dhr_app.web.overview import report_file

            text = report_file(create_app(house=house), found)
    if out is None:
        click.echo(text)
        return
    write(out, text)
    click.echo(f"{out} was written.")
