"""What the mails of a one-action link say. The link, and its code, is made when the mail is handed over.

Only hashes are kept: of a link's token the SHA-256, which 256 random bits need no more than; of a code, whose six
figures anybody could try through, an HMAC under this installation's own secret, which no copy of the database holds.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime

from dhr_app.adapters.clock import london_date
from dhr_app.casework.house import House
from dhr_app.database.models.action_link import ActionLink
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.action_links import CODE_LASTS, WRONG_CODES
from dhr_app.workflows.calendar import in_words

LINK, CODE = "action_link", "action_link_code"
PLACE = "(it stands in the mail alone)"
LINK_SUBJECT = "Report on one of your agency’s actions"
CODE_SUBJECT = "Your code"
LINK_BODY = f"""\
Your agency is asked to report on one of its actions. You need no account and no password.
Open this page, and have a code sent to this address:
{PLACE}

The link works for one report, until {{until}}. Please do not pass it on: the code comes to this address only.
If you did not expect this, do nothing.

Nobody reads answers to this message.
"""
CODE_BODY = f"""\
Your code is:
{PLACE}

It works for ten minutes, on the page where you asked for it. Nobody will ever ask you for it by telephone or mail.
If you did not ask for a code, do nothing.

Nobody reads answers to this message.
"""


def is_live(row: ActionLink, *, at: datetime) -> bool:
    """Whether a link is neither used, withdrawn nor too old, and too many wrong codes have not shut it."""
    settled = row.used_at is not None or row.withdrawn_at is not None
    return not settled and at < row.expires_at and row.wrong_codes < WRONG_CODES


def link_body(row: ActionLink) -> str:
    """What the mail with the link says, without it: no review, no action, nobody’s name."""
    return LINK_BODY.format(until=in_words(london_date(row.expires_at)))


def completed(session: NamedSession, kind: str, body: str, row: ActionLink, in_house: House, *, at: datetime) -> str:
    """The mail as it is handed over, inside a verb: what was made for an earlier try opens nothing any more."""
    if kind == CODE:
        code = f"{secrets.randbelow(1_000_000):06d}"
        row.code_hmac, row.code_until, row.code_tries = code_hmac(row, code, in_house), at + CODE_LASTS, 0
        made = code
    else:
        token = secrets.token_urlsafe(32)
        row.token_sha256 = sha256(token)
        made = f"{in_house.settings.site_url}/link/{token}"
    session.flush()
    return body.replace(PLACE, made)


def code_hmac(row: ActionLink, code: str, in_house: House) -> bytes:
    """What is kept of a code: it is good for this link and in this installation alone."""
    told = b"dhr one-action link\0" + row.id.bytes + code.encode()
    return hmac.digest(in_house.settings.secret_key.encode(), told, "sha256")


def sha256(token: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).digest()
