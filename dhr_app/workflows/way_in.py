"""A new way in for whoever has forgotten their password: how one made sure of them, how long it is good, its words.

Security 3.1: a lost factor takes a proof of who it is, by the partnership, and never a mail alone (OWASP ASVS 5.0,
6.3.6 and 6.4.4).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from dhr_app.workflows.events import Happened

# The link is good for a day from the moment in which it was let go; what waits for a second person, for three.
LASTS = timedelta(hours=24)
WAITS = timedelta(days=3)

# How whoever lets somebody choose a new password made sure that it is they: never by a mail.
MADE_SURE = {
    "seen": "I saw them and know them, or saw their staff card",
    "telephone": "I rang them at a number that we had before",
    "video": "I spoke with them by video and know their face",
    "manager": "Their line manager, whom I rang, says that it is they",
}
AT_THE_SERVER = "server"  # whoever may run commands there is known to the machine

SENTENCES = {
    Happened.WAY_IN_ASKED:     "A new password was asked for, for an account",
    Happened.WAY_IN_CONFIRMED: "A second person confirmed that an account may have a new password",
    Happened.WAY_IN_WITHDRAWN: "The link to a new password for an account was taken back",
    Happened.WAY_IN_GIVEN:     "The link to a new password for an account was given out at the server",
    Happened.WAY_IN_USED:      "A new password was chosen by such a link",
}  # fmt: skip


def how_sure(code: str) -> str:
    """How somebody made sure, in words; what a command at the server gave has words of its own."""
    return "By a command at the server" if code == AT_THE_SERVER else MADE_SURE.get(code, code)


def still_waits(made_at: datetime, *, at: datetime) -> bool:
    """Whether a second person may still confirm what was asked at a moment (aware, UTC)."""
    return at < made_at + WAITS
