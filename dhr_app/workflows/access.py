"""Who may let whom in: the roles that two people give, those that need an agency, and the codes of why."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from dhr_app.workflows.permissions import STEP_UP, DataClass, Membership, Person, allows, may_open_once_proved
from dhr_app.workflows.roles import BY_MEMBERSHIP, Role
from dhr_app.workflows.stages import MAIN_LINE

# Somebody, some agency, some review, some day: what a role opens is asked of the rule book, and hangs on none of them.
SOMEBODY, AGENCY, REVIEW, DAY = UUID(int=1), UUID(int=2), UUID(int=3), date(2026, 1, 1)


def _opens(who: Person) -> frozenset[DataClass]:
    """The sealed classes that somebody opens, their agency's own values among them."""
    return frozenset(
        each for each in DataClass if may_open_once_proved(who, REVIEW, each, agency_id=who.agency_id, on=DAY)
    )


def _by_office(role: Role) -> bool:
    """Whether a role alone, without a seat, reaches every review, opens something sealed, or says who comes in."""
    who = Person(SOMEBODY, "", role)
    return (allows(who, "review.reach", review_id=REVIEW, on=DAY) or allows(who, "accounts.confirm", on=DAY)) or bool(
        _opens(who)
    )


def _opens_what_is_kept_apart(role: Role) -> bool:
    """Whether a seat in this role opens, at one stage or another, what otherwise a second person lets somebody open."""
    seats = (Membership(REVIEW, role, AGENCY, DAY, is_open=True, stage=stage) for stage in MAIN_LINE)
    people = [Person(SOMEBODY, "", role, AGENCY, (seat,)) for seat in seats]
    return role in BY_MEMBERSHIP and any(_opens(who) & STEP_UP for who in people)


# Whoever holds one of these decides, sees every review, opens something sealed by the role itself or lets others in, or
# has a seat that opens what is kept apart: one person proposes it, another confirms (decisions 26 and 43).
BY_TWO = frozenset(role for role in Role if _by_office(role) or _opens_what_is_kept_apart(role))

# Whoever holds one of these works for an agency, which is said with it.
OF_AN_AGENCY = frozenset({Role.PANEL_MEMBER, Role.AGENCY_CONTRIBUTOR})
# A member of the steering group may speak for a body: what it is behind with is taken to them.
NAMES_AN_AGENCY = OF_AN_AGENCY | {Role.STEERING_MEMBER}

INVITATION_LASTS = timedelta(days=14)

# From the day on which the report's publication was decided nobody needs the case any more but who works on what is
# left: a seat lapses four weeks later, and is kept for twelve weeks at a time where it is still needed.
SEATS_LAPSE_AFTER = timedelta(weeks=4)
SEATS_KEPT_FOR = timedelta(weeks=12)

AGREEMENT_KINDS = {
    "information_sharing": "Information sharing agreement",
    "review_specific": "Agreement for one review",
    "data_processing": "Data processing contract",
}

BLOCKED_BECAUSE = {
    "left_post": "They left their post",
    "no_longer_needed": "They no longer need it",
    "away": "They are away for long",
    "agreement_ended": "The agreement with their organisation ended",
    "concern": "A concern about how the account is used",
}

UNBLOCKED_BECAUSE = {
    "returned": "They are back in their post",
    "agreement_renewed": "A new agreement is in force",
    "concern_settled": "The concern is settled",
    "mistake": "It was blocked by mistake",
}


def needs_two(*roles: Role) -> bool:
    """Whether one of these roles is given, or taken from somebody, only by two people, whoever they are."""
    return not BY_TWO.isdisjoint(roles)


def gives_by_two(by: Person, role: Role) -> bool:
    """Whether this person gives the role only together with another: nobody alone lets open what they do not open.

    A contributor reads what their agency handed in without a seat on any review. So does a coordinator, who lets one
    in alone; an administrator, who opens nothing, does not.
    """
    role_opens = _opens(Person(SOMEBODY, "", role, AGENCY))
    giver_opens = _opens(Person(SOMEBODY, "", by.role, AGENCY))
    return needs_two(role) or not role_opens <= giver_opens


def may_change_account(by: Person, role: Role, *, on: date) -> bool:
    """Whether this person changes, blocks or lets in an account that has this role: one's office is not a colleague's.

    An office is an administrator's to take, or else a coordinator could alone shut out whoever watches over them.
    """
    return allows(by, "accounts.change" if role in BY_MEMBERSHIP else "accounts.change_office", on=on)


def may_confirm(by: Person, proposed_by: object, about: object = None) -> bool:
    """Whether this person may confirm what that one proposed: another one, and not the one whom it is about."""
    return by.id not in (proposed_by, about)
