"""The command line as tests use it: in this process, as if typed."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

from click.testing import CliRunner, Result

from dhr_app.cli import main

Dhr = Callable[..., Result]


def commands(environ: Mapping[str, str]) -> Dhr:
    """What runs a command in this environment; its mask for new files does not outlive it."""

    def run(*words: str, **also: str) -> Result:
        mask = os.umask(0o022)
        try:
            return CliRunner().invoke(main, words, env={**environ, **also})
        finally:
            os.umask(mask)

    return run
