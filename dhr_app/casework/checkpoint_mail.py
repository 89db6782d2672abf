"""Once a day the newest checkpoint goes to every auditor by mail: what they hold, nobody here can change any more."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from dhr_app.adapters.checkpoint_folder import file_name
from dhr_app.adapters.clock import LONDON, london_date
from dhr_app.casework.checkpoints import CLOCKWORK
from dhr_app.casework.house import House
from dhr_app.casework.outbox import message_of
from dhr_app.casework.principal import people_in
from dhr_app.database.models.audit import AuditCheckpoint
from dhr_app.database.models.reminder import Message
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.roles import Role

CHECKPOINT = "checkpoint"


def tell_auditors(in_house: House, *, at: datetime) -> str:
    """Write each auditor the newest checkpoint, once a day and only where there is one that they do not have yet.

    Says to how many; nothing where there was nothing to say.
    """
    today, told = london_date(at), 0
    with in_house.database.transaction(by=CLOCKWORK, at=at) as session:
        session.queue("checkpoint mail")
        newest = session.scalars(select(AuditCheckpoint).order_by(AuditCheckpoint.number.desc()).limit(1)).first()
        if newest is None:
            return ""
        last = dict(
            session.execute(
                select(Message.account_id, func.max(Message.made_at))
                .where(Message.kind == CHECKPOINT)
                .group_by(Message.account_id)
                .order_by(Message.account_id)
            ).all()
        )
        for auditor in people_in(session, (Role.AUDITOR,)):
            before = last.get(auditor.id)
            if before is None or (before < newest.at and london_date(before) < today):
                subject = f"Checkpoint {newest.number} of the audit trail"
                session.add(message_of(CHECKPOINT, auditor.id, today, subject, body(newest), at=at))
                told += 1
    return f"the newest checkpoint goes to {told} {'auditor' if told == 1 else 'auditors'}" if told else ""


def body(checkpoint: AuditCheckpoint) -> str:
    """The mail: the note as it was signed, and what to do with it."""
    at = checkpoint.at.astimezone(LONDON)
    return "\n".join(
        (
            f"Checkpoint {checkpoint.number} of the audit trail, signed on {in_words(at.date())} at {at:%H:%M}.",
            "",
            "Keep this message. Whoever changes the audit trail afterwards contradicts the note below, which you hold "
            "and they do not. There is nothing to do today.",
            "",
            "To hold the trail against it, save the note, from its first line to its last, in a folder of your own as "
            f"{file_name(checkpoint.number)}, and give that folder as --notes to tools/verify_audit.py.",
            "",
            checkpoint.note,
            "",
            "You get this message once a day while the trail grows. It never holds a name. Nobody reads answers to it.",
            "",
        )
    )
