"""`dhr docs`, `migrations-agree`, `make-migration`: what those who build the program ask."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from dhr_app.cli.core import main

if TYPE_CHECKING:
    pass


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
