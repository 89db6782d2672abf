"""`dhr init`, `serve`, `work`, `check`, `demo`, `bench`: an installation made ready, run and looked after."""

from __future__ import annotations

import os
import sys
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING

import click

from dhr_app.cli.core import AS_JSON, PRIVATE, Day, in_house, main, print_json

if TYPE_CHECKING:
    pass


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

    with in_house() as house:  # whatever is not ready is said here, before anything starts
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
    with in_house() as house:
        jobs.keep_time(house, beside=beside)


@main.command()
@AS_JSON
def check(as_json: bool) -> None:
    """Say whether everything is as it should be; exit with 1 if anything is red."""
    from dhr_app.casework import health

    with in_house(ready=False) as house:
        findings = health.check(house)
    good = all(finding.good for finding in findings)
    if as_json:
        print_json({"good": good, "findings": [asdict(finding) for finding in findings]})
    for finding in [] if as_json else findings:
        click.echo(f"{'good' if finding.good else 'RED '}  {finding.sentence}")
    sys.exit(0 if good else 1)


@main.command()
@click.option("--today", type=Day(), help="The day as of which it stands, such as 2026-06-03.")
@click.option("--if-empty", is_flag=True, help="Leave an installation in use as it is, and print the sign-ins again.")
@AS_JSON
def demo(today: date | None, if_empty: bool, as_json: bool) -> None:
    """Load the invented county of Barsetshire, and print one sign-in for each role."""
    from dhr_app.casework import demo as barsetshire

    with in_house() as house:
        found = barsetshire.load(house, today=today, if_empty=if_empty)
    if as_json:
        print_json(asdict(found))
    for line in [] if as_json else barsetshire.in_lines(found):
        click.echo(line)


@main.command()
@click.option("--postgresql", nargs=2, metavar="MAIN KEYSTORE", help="Two empty databases, which are spoilt by it.")
@AS_JSON
def bench(postgresql: tuple[str, str] | None, as_json: bool) -> None:
    """Measure on throw-away installations, the audit trail on PostgreSQL too where it is named; takes some minutes."""
    from dhr_app.casework.bench import Empty
    from dhr_app.web import bench as measuring

    figures = measuring.measure(on_postgresql=Empty(*postgresql) if postgresql else None)
    if as_json:
        print_json(figures.as_json())
    for line in [] if as_json else measuring.in_lines(figures):
        click.echo(line)
