"""The web server, in this process, with a companion process that begins and ends with it."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from typing import Any

from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

from dhr_app.settings import Settings

STOPPING_SECONDS = 30


class Site(BaseApplication):
    """The site as gunicorn runs it, told by our settings alone: no file and no environment of gunicorn's own."""

    def __init__(self, settings: Settings, options: dict[str, Any]) -> None:
        self._settings, self._options = settings, options
        super().__init__()

    def load_config(self) -> None:
        """Called by gunicorn when it is made."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """The application, made in the worker process, so that no open connection is shared between processes."""
        from dhr_app import create_app  # noqa: PLC0415 - this room is imported while the application is put together

        return create_app(self._settings)


def serve(settings: Settings, *, beside: Sequence[str]) -> None:
    """Serve until SIGTERM or SIGINT, with the command `beside` running meanwhile; returns by SystemExit.

    One worker process with threads: SQLite has one writer at a time anyway.
    """
    companion = subprocess.Popen(beside)  # noqa: S603 - our own program, started by its own path

    def stop_companion(server: Any) -> None:
        companion.terminate()
        try:
            companion.wait(STOPPING_SECONDS)
        except subprocess.TimeoutExpired:
            companion.kill()

    options = {
        "bind": f"{settings.host}:{settings.port}",
        "workers": 1,
        "threads": settings.threads,
        "worker_class": "gthread",
        "loglevel": "warning",
        "forwarder_headers": "",  # else whoever is on this machine, a proxy too, could send SCRIPT_NAME and PATH_INFO
        "control_socket_disable": True,  # else it makes one in the home folder that takes commands
        "on_exit": stop_companion,
    }
    Site(settings, options).run()
