"""What a move obliges somebody to do afterwards: red when late, never a block."""

from __future__ import annotations

from dataclasses import dataclass

from dhr_app.workflows.facts import Audience


@dataclass(frozen=True)
class Duty:
    """Something owed after a move: whom to tell, and the deadline rule (per rule set) that counts from the decision.

    With `answers_next` the telling that settles it goes on to answer the same question of a later move: a copy of the
    report is sent to the Commissioner once.
    """

    name: str
    audience: Audience
    sentence: str
    rule: str
    answers_next: bool = False


def _duty(name: str, audience: Audience, sentence: str, *, answers_next: bool = False) -> Duty:
    return Duty(name, audience, sentence, f"duty_{name}", answers_next)


# fmt: off
HOME_OFFICE_TOLD = _duty("home_office_told",  Audience.HOME_OFFICE,    "Tell the Home Office, with reasons")
FAMILY_TOLD      = _duty("family_told",       Audience.FAMILY,         "Tell each family member, and how to respond")
NOTIFIER_TOLD    = _duty("notifier_told",     Audience.NOTIFIER,       "Tell whoever notified the death")
AGENCIES_TOLD    = _duty("agencies_told",     Audience.AGENCIES,       "Tell the agencies")
PANEL_TOLD       = _duty("panel_told",        Audience.PANEL,          "Tell the review panel")
CHAIR_TOLD       = _duty("chair_told",        Audience.STEERING_CHAIR, "Tell the steering group chair")
COMMISSIONER     = _duty("commissioner_copy", Audience.COMMISSIONER,   "Send the Domestic Abuse Commissioner a copy",
                         answers_next=True)
# fmt: on

DECISION = (HOME_OFFICE_TOLD, FAMILY_TOLD, NOTIFIER_TOLD, AGENCIES_TOLD)

DUTIES = {
    duty.name: duty
    for duty in (HOME_OFFICE_TOLD, FAMILY_TOLD, NOTIFIER_TOLD, AGENCIES_TOLD, PANEL_TOLD, CHAIR_TOLD, COMMISSIONER)
}
