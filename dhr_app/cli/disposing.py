"""`dhr dispose`: records whose destruction two people have begun are destroyed for good."""

from __future__ import annotations

import click

from dhr_app.cli.core import about, in_house, main
from dhr_app.workflows.retention import RECORDS

STEPS = {
    "keys": "The keys are destroyed.",
    "tombstones": "The tombstones are written.",
    "files": "The files are taken out of the store.",
    "records": "What the audit trail kept of the records is gone.",
    "checkpoint": "A checkpoint was asked for.",
}


@main.command()
@click.argument("reference")
@click.option(
    "--class", "classes", multiple=True, type=click.Choice([each.value for each in RECORDS]),
    help="Only if exactly these classes were confirmed; may be given more than once.",
)  # fmt: skip
def dispose(reference: str, classes: tuple[str, ...]) -> None:
    """Finish destroying the records of REFERENCE that two people have confirmed on its page “Records”."""
    from dhr_app.casework.dispose_command import dispose

    with about(reference), in_house() as house:
        done = dispose(house, reference, classes, at=house.clock.now(), say=lambda step: click.echo(STEPS[step]))
    click.echo(f"Disposal {done.number} of {reference} is complete: {', '.join(done.classes)}.")
