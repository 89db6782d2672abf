"""`dhr …`: what an operator or a developer asks of an installation. Each command hands over at once."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dhr_app.adapters.keys import KeyProviderError
from dhr_app.casework.troubles import DatabaseUnavailable, KeyUnavailable
from dhr_app.settings import SettingsError, load
from dhr_app.workflows.errors import OutOfReach, RuleError

if TYPE_CHECKING:
    from dhr_app.casework.house import House

TROUBLES = (SettingsError, KeyProviderError, DatabaseUnavailable, KeyUnavailable, RuleError)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
PRIVATE = 0o077


class Refused(click.ClickException):
    """Something stands in the way that the person at the command line can put right: its sentence, and exit code 2."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """The sentence alone, on the error stream."""
        click.echo(self.message, err=True)


class Commands(click.Group):
    """The commands, each of which turns a trouble into a sentence."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command. Raises Refused for a trouble with a sentence of its own."""
        try:
            return super().invoke(ctx)
        except TROUBLES as trouble:
            raise Refused(str(trouble)) from None


@click.group(cls=Commands)
def main() -> None:
    """Case management for Domestic Homicide Reviews."""


@main.command()
def init() -> None:
    """Make this installation ready, or bring it up to date. Safe to run again."""
    from dhr_app.casework.installation import establish

    os.umask(PRIVATE)
    for sentence in establish(os.environ):
        click.echo(sentence)


@main.command()
def serve() -> None:
    """Serve the site and run the clockwork, until stopped."""
    from dhr_app.web import server

    with _house() as house:  # whatever is not ready is said here, before anything starts
        settings = house.settings
    clockwork = [sys.executable, "-m", "dhr_app.cli", "work", "--beside", str(os.getpid())]
    click.echo(f"Serving on http://{settings.host}:{settings.port} (stop with Ctrl-C)")
    if not settings.production:
        click.echo(f"The mail it writes can be read at http://{settings.host}:{settings.port}/inbox")
    server.serve(settings, beside=clockwork)


@main.command()
@click.option("--beside", type=int, hidden=True, help="The process that started this one and takes it along.")
def work(beside: int | None) -> None:
    """Run the clockwork alone, until stopped."""
    import logging

    from dhr_app import jobs

    logging.basicConfig(format="%(asctime)s %(name)s: %(message)s")
    logging.getLogger("dhr_app").setLevel(logging.INFO)
    with _house() as house:
        jobs.keep_time(house, beside=beside)


@main.command()
@click.option(
    "--check", "only_check", is_flag=True, help="Change nothing; say what is stale, and exit with 1 if anything is."
)
def docs(only_check: bool) -> None:
    """Write the documents that are made from the rule book."""
    from dhr_app.casework import docs as documents

    if not only_check:
        for name in documents.write():
            click.echo(f"docs/{name} was written.")
        return
    stale = documents.stale()
    for name in stale:
        click.echo(f"docs/{name} does not say what the rule book says: run `make docs`.", err=True)
    sys.exit(1 if stale else 0)


@main.command()
def migrations_agree() -> None:
    """Exit with 1 where the models and the migrations describe different databases."""
    from dhr_app.casework.installation import schema_differences

    differences = schema_differences()
    for line in differences:
        click.echo(line, err=True)
    sys.exit(1 if differences else 0)


@main.command()
@click.argument("words")
def make_migration(words: str) -> None:
    """Draft the next migration from what the models say now; WORDS say what it does. For developers."""
    from dhr_app.casework.installation import draft_migration

    click.echo(f"{draft_migration(words)} was drafted: read and tidy it.")


@main.command()
@click.argument("reference")
@AS_JSON
def dates(reference: str, as_json: bool) -> None:
    """Show every due date of the review REFERENCE with its working."""
    from dhr_app.casework.workings import in_lines, workings

    with _about(reference), _house() as house:
        found = workings(house, reference, at=house.clock.now())
    if as_json:
        _print_json({"reference": reference, "dates": [asdict(one) for one in found]})
    for line in [] if as_json else in_lines(found):
        click.echo(line)


@main.command()
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="The day as of which it stands, such as 2026-06-03.")
@click.option("--if-empty", is_flag=True, help="Leave an installation in use as it is, and print the sign-ins again.")
@AS_JSON
def demo(today: datetime | None, if_empty: bool, as_json: bool) -> None:
    """Load the invented county of Barsetshire, and print one sign-in for each role."""
    from dhr_app.casework import demo as barsetshire

    with _house() as house:
        found = barsetshire.load(house, today=today.date() if today else None, if_empty=if_empty)
    if as_json:
        _print_json(asdict(found))
    for line in [] if as_json else barsetshire.in_lines(found):
        click.echo(line)


@main.command()
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="The day to write for, such as 2026-06-03.")
@click.option("--dry-run", is_flag=True, help="Write nothing; show what would be said.")
def remind(today: datetime | None, dry_run: bool) -> None:
    """Write the reminders of a day, one message to each person; run again, it writes nothing more."""
    from dhr_app.adapters.clock import london_date
    from dhr_app.casework import reminding

    with _house() as house:
        at = house.clock.now()
        found = reminding.remind(house, today.date() if today else london_date(at), dry_run=dry_run, at=at)
        settings = house.settings
    for line in reminding.in_lines(found):
        click.echo(line)
    if found.digests and not dry_run and not settings.production:
        click.echo(f"Read them at {settings.site_url}/inbox while the site is served.")


@main.command()
@AS_JSON
def bench(as_json: bool) -> None:
    """Measure the case list and a review's page on throw-away installations; takes about a minute."""
    from dhr_app.web import bench as measuring

    figures = measuring.measure()
    if as_json:
        _print_json(figures.as_json())
    for line in [] if as_json else measuring.in_lines(figures):
        click.echo(line)


@main.group()
def report() -> None:
    """Write a report."""


@report.command()
@click.option("--as-at", "as_at", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The day, such as 2026-03-31.")
@click.option("--format", "kind", type=click.Choice(["html", "json"]), default="html", show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="Write it to this file.")
def steering(as_at: datetime, kind: str, out: Path | None) -> None:
    """The steering group's report as at the end of a day; nothing personal stands in it."""
    from dhr_app.casework.steering_json import as_json
    from dhr_app.casework.steering_report import steering_report

    with _house() as house:
        found = steering_report(as_at.date(), at=house.clock.now())
        if kind == "json":
            text = json.dumps(as_json(found), ensure_ascii=False, indent=2)
        else:
            from dhr_app import create_app
            from dhr_app.web.overview import report_file

            text = report_file(create_app(house=house), found)
    if out is None:
        click.echo(text)
        return
    _write(out, text)
    click.echo(f"{out} was written.")


@main.command()
@AS_JSON
def check(as_json: bool) -> None:
    """Say whether everything is as it should be; exit with 1 if anything is red."""
    from dhr_app.casework import health

    with _house(ready=False) as house:
        findings = health.check(house)
    good = all(finding.good for finding in findings)
    if as_json:
        _print_json({"good": good, "findings": [asdict(finding) for finding in findings]})
    for finding in [] if as_json else findings:
        click.echo(f"{'good' if finding.good else 'RED '}  {finding.sentence}")
    sys.exit(0 if good else 1)


@main.group()
def audit() -> None:
    """Ask about the audit trail."""


@audit.command()
@click.option("--review", "reference", help="Only the review of this reference.")
@AS_JSON
def verify(reference: str | None, as_json: bool) -> None:
    """Say whether the audit trail holds: exit with 0 if it does, 1 if it is broken."""
    from dhr_app.casework import health

    with _about(reference), _house(ready=False) as house:
        broken = health.broken_places(house, reference)
    if as_json:
        _print_json({"good": not broken, "breaks": [asdict(one) for one in broken]})
    elif not broken:
        click.echo("The audit trail holds.")
    for one in [] if as_json else broken:
        click.echo(f"{one.chain}, entry {one.seq or 'unknown'}: {one.what}", err=True)
    sys.exit(1 if broken else 0)


@contextmanager
def _house(*, ready: bool = True) -> Iterator[House]:
    """The house of this installation for one command; with `ready`, only once `dhr init` has nothing left to do."""
    from dhr_app.casework.house import at_work, open_house
    from dhr_app.casework.installation import open_ready

    os.umask(PRIVATE)
    house = open_ready(load()) if ready else open_house(load())
    try:
        with at_work(house):
            yield house
    finally:
        house.database.dispose()


@contextmanager
def _about(reference: str | None) -> Iterator[None]:
    """Say which review there is not."""
    try:
        yield
    except OutOfReach:
        raise Refused(f"There is no review {reference} here.") from None


def _write(out: Path, text: str) -> None:
    """Write a file that only its owner reads. Raises Refused where that cannot be."""
    try:
        out.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise Refused(f"{out} could not be written: {error.strerror}.") from None


def _print_json(answer: dict[str, Any]) -> None:
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2, default=str))


if __name__ == "__main__":
    main()
