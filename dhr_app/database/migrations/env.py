"""What Alembic runs for each command: the steps, on the connection it is handed, in that connection's transaction."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from dhr_app.database.models import AuditEntry
from dhr_app.database.sealed import SealedBytes
from dhr_app.database.types import UTCDateTime


def plainly(kind: str, thing: Any, generating: AutogenContext) -> str | Literal[False]:
    """Our own types written as what the database keeps: a step must mean the same when the program has moved on."""
    if kind == "type" and isinstance(thing, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(thing, SealedBytes):
        return "sa.LargeBinary()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=AuditEntry.metadata,
    render_as_batch=True,
    render_item=plainly,
    compare_type=True,
)
context.run_migrations()
