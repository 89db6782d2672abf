"""The one-action link: how long it works, how often its code may be tried, and what the timeline says of it."""

from __future__ import annotations

from datetime import timedelta

from dhr_app.workflows.events import Happened

LINK_LASTS = timedelta(days=14)
CODE_LASTS = timedelta(minutes=10)  # from the moment at which its mail is handed over
VISIT_LASTS = timedelta(minutes=20)
CODE_TRIES = 5  # of one code
CODES_AN_HOUR = 5  # that one link sends
WRONG_CODES = 20  # after so many in all the link opens nothing: one chance in fifty thousand to have guessed
NAMES_HELD = 3  # reports held back because they may name somebody; then the visit ends, so that nobody tries names out

# What a timeline says, by the kind of event; those that it does not show are marked by their place in QUIET.
SENTENCES = {
    Happened.LINK_SENT:         "{agency} was sent a link to report on action {number}",
    Happened.LINK_WITHDRAWN:    "The link of {agency} to report on action {number} was withdrawn",
}  # fmt: skip
QUIET = {
    Happened.LINK_OPENED:       "A link of {agency} to action {number} was opened with its code",
    Happened.LINK_CODE_REFUSED: "A wrong code was entered for a link of {agency} to action {number}",
}  # fmt: skip
