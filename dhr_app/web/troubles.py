"""The words of the pages that say something went wrong: what happened, whether anything was lost, what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Trouble:
    """One such page. `with_reference` is off where two answers must not be told apart."""

    status: int
    title: str
    sentence: str
    steps: tuple[str, ...] = ()
    with_reference: bool = True
    headers: Mapping[str, str] = field(default_factory=dict)


NOTHING_HERE = Trouble(
    404,
    "Page not found",
    "There is nothing here that you can open.",
    ("Check the address for a mistake.", "If somebody sent you the link, ask them whether you were given access."),
    with_reference=False,
)
NOT_ALLOWED = Trouble(
    403, "This is for somebody else to do", "", ("Ask the coordinator if you think it should be yours.",)
)
NOT_OPEN = Trouble(
    403,
    "This page is not open to you",
    "It is kept for those whose part in the review needs it.",
    ("Ask the coordinator if you need it for your work.",),
)
NOT_THIS_PART = Trouble(
    403,
    "You cannot open this part",
    "You may see this review, but this part of it is kept for others.",
    ("Ask the coordinator if you need it for your work.",),
)
NOT_YET = Trouble(409, "This cannot be done yet", "Some things have to be in place first. Nothing was changed.")
OVER = Trouble(409, "This was done already", "", ("Nothing was changed now, and nothing more has to be done here.",))
CHANGED_MEANWHILE = Trouble(
    409,
    "Somebody else was quicker",
    "Somebody else changed this while you were working on it. Your change was not saved.",
    ("Open the page again to see how it stands now.", "Make your change again if it is still needed."),
)
INVALID = Trouble(422, "Something has to be put right", "Nothing was saved. Go back and put these right.")
REFUSED = Trouble(422, "This cannot be done", "", ("Go back and check what you entered.",))
DATABASE_GONE = Trouble(
    503,
    "The system is busy or being looked after",
    "Your page could not be made. If you were saving something, it was not saved.",
    ("Wait a minute and try again.", "If it happens again, tell the person who runs the system."),
    headers={"Retry-After": "30"},
)
CANNOT_BE_READ = Trouble(
    500,
    "This cannot be read",
    "Something on this page is sealed and cannot be opened. Nothing was changed and nothing was lost by opening it.",
    ("Tell the person who runs the system, with the reference below.", "The other pages can still be used."),
)
DESTROYED = Trouble(
    410,
    "These records were destroyed",
    "Their last day was over, and two people confirmed it. Nothing can be read or added here again.",
    ("The review’s page “Records” says on which day, and under which policy.",),
    with_reference=False,
)
UNFORESEEN = Trouble(
    500,
    "Something went wrong",
    "The fault is the system’s, not yours. If you were saving something, it was not saved.",
    ("Go back and try again.", "If it happens again, tell the person who runs the system."),
)
NOT_UNDERSTOOD = Trouble(
    400,
    "This could not be understood",
    "What your browser sent is not what this page expects. Nothing was saved.",
    ("Go back, open the page again, and try once more.",),
)
FORM_EXPIRED = Trouble(
    400,
    "This form was open too long",
    "You signed in again, or signed out, since this form was opened, so it was not taken. Nothing was saved.",
)
PROVE_FIRST = Trouble(
    403,
    "Show that it is you first",
    "More than five minutes have passed since you last did, so nothing was saved. It is asked for so that nobody does "
    "this at a screen that was left open.",
)
SIGNED_OUT = Trouble(
    401,
    "You have been signed out",
    "Nothing was saved, because you were signed out while you were writing. That happens after a time without reading "
    "a page, so that nobody else can use your screen.",
)

LEFT = Trouble(
    401,
    "You have signed out",
    "Nothing was saved. What was written is not shown here, because somebody has signed out in this browser since: "
    "whoever uses it next must not read it.",
)

BY_STATUS = {
    404: NOTHING_HERE,
    405: Trouble(405, NOTHING_HERE.title, NOTHING_HERE.sentence, NOTHING_HERE.steps, with_reference=False),
    410: DESTROYED,
    413: Trouble(413, "This is too long", "What you sent is more than one form can take. Nothing was saved.",
                 ("Send it in shorter parts.",)),
    415: Trouble(415, "This is not one of our forms", "What was sent could not be read as a form. Nothing was saved.",
                 ("Open the page again and send its form from there.",)),
    429: Trouble(429, "Too many tries", "Wait a little before you try again."),
}  # fmt: skip
