"""The proof with keys: what is sealed beside each entry opens, and is what the entry committed to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dhr_app.database.errors import SealError
from dhr_app.database.keyring import Keyring
from dhr_app.database.models.audit import AuditEntry, AuditPayload
from dhr_app.database.payloads import commit_of
from dhr_app.database.verify import AT_ONCE, Break


def payload_breaks(session: Session, chain: UUID, keyring: Keyring) -> Iterator[Break]:
    """Payloads of one chain that cannot be opened or hold something else. Their classes were announced before.

    That one is gone is found without keys (database/verify.py).
    """
    query = (
        select(AuditPayload, AuditEntry.body)
        .join(AuditEntry, (AuditEntry.chain == AuditPayload.chain) & (AuditEntry.seq == AuditPayload.seq))
        .where(AuditPayload.chain == chain)
        .order_by(AuditPayload.seq, AuditPayload.record_class, AuditPayload.subject_id)
    )
    for payload, body in session.execute(query.execution_options(yield_per=AT_ONCE)):
        try:
            committed = _committed(json.loads(body), payload)
            if commit_of(payload, keyring) != committed:
                yield Break(chain, payload.seq, "its payload is not what the entry committed to")
        except SealError:
            yield Break(chain, payload.seq, "its payload cannot be opened")
        except (ValueError, LookupError, TypeError):
            yield Break(chain, payload.seq, "cannot be read")


def _committed(content: dict[str, Any], payload: AuditPayload) -> str | None:
    whose = payload.record_class, str(payload.subject_id)
    found = (told["commit"] for told in content.get("commits", ()) if (told["class"], told["subject"]) == whose)
    return next(found, None)
