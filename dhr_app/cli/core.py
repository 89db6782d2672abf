"""What all commands share: their group, the house they work in, and how troubles are told."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dhr_app.adapters.keys import KeyProviderError
from dhr_app.casework.troubles import (
    CheckpointFailed,
    DatabaseUnavailable,
    KeyUnavailable,
    TombstonesUnheeded,
    TrailBroken,
)
from dhr_app.settings import SettingsError, load
from dhr_app.workflows.errors import OutOfReach, RuleError

if TYPE_CHECKING:
    from dhr_app.casework.house import House

TROUBLES = (
    SettingsError,
    KeyProviderError,
    DatabaseUnavailable,
    KeyUnavailable,
    CheckpointFailed,
    TombstonesUnheeded,
    TrailBroken,
    RuleError,
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
PRIVATE = 0o077


class Refused(click.ClickException):
    """Something stands in the way that the person at the command line can put right: its sentence, and exit code 2."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """The sentence alone, on the error stream."""
        click.echo(self.message, err=True)


class Day(click.ParamType):
    """A day, written as 2026-09-30."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day; whatever is none is refused, with how to write one."""
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"“{value}” is not a day. Write it as 2026-09-30.", param, ctx)


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


@contextmanager
def in_house(*, ready: bool = True, whatever_wraps: bool = False) -> Iterator[House]:
    """The house of this installation for one command; with `ready`, only once `dhr init` has nothing left to do.

    With `whatever_wraps` also where the master key of the settings is not the one that wraps the keys.
    """
    from dhr_app.casework.house import at_work, open_house
    from dhr_app.casework.installation import open_ready

    os.umask(PRIVATE)
    house = open_ready(load(), whatever_wraps=whatever_wraps) if ready else open_house(load())
    try:
        with at_work(house):
            yield house
    finally:
        house.database.dispose()


@contextmanager
def about(reference: str | None) -> Iterator[None]:
    """Say which review there is not."""
    try:
        yield
    except OutOfReach:
        raise Refused(f"There is no review {reference} here.") from None


def write(out: Path, text: str) -> None:
    """Write a file that only its owner reads. Raises Refused where that cannot be."""
    try:
        out.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise Refused(f"{out} could not be written: {error.strerror}.") from None


def print_json(answer: dict[str, Any]) -> None:
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2, default=str))
