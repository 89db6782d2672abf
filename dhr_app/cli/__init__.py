"""`dhr …`: what an operator or a developer asks of an installation. Each command hands over at once."""

from dhr_app.cli import auditing, developing, disposing, inviting, keeping_keys, reviewing, running
from dhr_app.cli.core import main

__all__ = ["auditing", "developing", "disposing", "inviting", "keeping_keys", "main", "reviewing", "running"]
