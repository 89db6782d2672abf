"""An idea of who may see what, from docs/permissions.md and decisions 26 and 27; it asks nothing of the program.

What happens is told to it (`seat`, `bar`, `shut_out` …); what it is asked is `part` and `opens`: as what somebody
stands before a review at this moment, and which sealed values that opens to them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

COORDINATORS = ("coordinator",)
STEERING_CHAIRS = ("steering_chair", "steering_deputy")
DECIDERS = COORDINATORS + STEERING_CHAIRS
OFFICES = (*DECIDERS, "steering_member", "auditor")
PANEL = ("independent_chair", "report_author", "panel_member")
SEATED = (*PANEL, "agency_contributor")
LETTING_IN = ("coordinator", "administrator")
CONFIRMING = (*DECIDERS, "administrator")
GIVEN_BY_TWO = (*DECIDERS, "steering_member", "independent_chair", "auditor", "administrator")
FROM_AN_AGENCY = ("panel_member", "agency_contributor")
NAMES_AN_AGENCY = (*FROM_AN_AGENCY, "steering_member")  # who may speak for a body

BARRED, SHUT, EARLY, NOTHING = "barred", "shut", "early", ""

# At which stages a seat opens anything, of those to which the lives of the machine come (domain 2.2).
STAGES = {**dict.fromkeys(PANEL, ("panel",)), "agency_contributor": ("scoping", "panel")}

READS_PEOPLE = (*DECIDERS, "independent_chair", "report_author")
PAGES = {
    "the review": (*DECIDERS, "steering_member", *PANEL),
    "timeline": (*DECIDERS, "steering_member", *PANEL),
    "people": READS_PEOPLE,
    "family": ("coordinator", "independent_chair"),
    "terms": (*DECIDERS, *PANEL),
    "decision": READS_PEOPLE,
    "block list": DECIDERS,
    "who can see": (*DECIDERS, "auditor", "independent_chair"),
    "what one’s agency was asked": (*OFFICES, *SEATED),
}

# Which sealed classes are open to whom, whosever the value is.
CLASSES = {
    "identities": READS_PEOPLE,
    "working_papers": READS_PEOPLE,
    "panel_papers": (*DECIDERS, *PANEL),
    "family": ("coordinator", "independent_chair"),
    "sensitive": ("independent_chair",),  # and for five minutes only from their signing in, which shows who they are
    "evidence": (*DECIDERS, "steering_member"),
    "kept_words": READS_PEOPLE,
    "system": (),
}
ASKS_IN_AN_EMERGENCY = (*DECIDERS, "steering_member", *PANEL)
READS_ALL = ("coordinator", "independent_chair")
READ_IN_AN_EMERGENCY = (
    "the review", "timeline", "people", "family", "terms", "decision", "what one’s agency was asked",
)  # fmt: skip
OPENED_IN_AN_EMERGENCY = ("identities", "working_papers", "panel_papers", "family", "sensitive")
AN_HOUR, FIVE_MINUTES = timedelta(minutes=60), timedelta(minutes=5)
SEARCHES = (*DECIDERS, "independent_chair", "report_author")
HAVE_A_DESK = ("independent_chair", "report_author")


@dataclass
class Account:
    """Somebody with an account: what they are, and the sign-ins of theirs that count and that no longer do."""

    role: str
    agency: str = ""
    blocked: bool = False
    tokens: list[str] = field(default_factory=list)
    dead: list[str] = field(default_factory=list)
    came: dict[str, datetime] = field(default_factory=dict)  # by token

    def ends(self, tokens: Iterable[str]) -> None:
        """These sign-ins open nothing from now on."""
        for token in list(tokens):
            self.tokens.remove(token)
            self.dead.append(token)


@dataclass
class Invitation:
    """An invitation that is open: what for, by whom, and whether the second person confirmed where two are asked."""

    role: str
    agency: str
    by: str
    confirmed: bool


@dataclass
class Idea:
    """Everything that decides who sees what, by the names of people and reviews alone."""

    accounts: dict[str, Account] = field(default_factory=dict)
    seats: set[tuple[str, str]] = field(default_factory=set)
    stages: dict[str, str] = field(default_factory=dict)
    said: dict[tuple[str, str], str] = field(default_factory=dict)
    signed: set[tuple[str, str, int]] = field(default_factory=set)
    text: int = 1
    barred: dict[tuple[str, str], str] = field(default_factory=dict)
    barred_addresses: dict[tuple[str, str], str] = field(default_factory=dict)
    contacts: dict[str, str] = field(default_factory=dict)
    proposed: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    invited: dict[str, Invitation] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    asked: dict[tuple[str, str], datetime] = field(default_factory=dict)
    open_until: dict[tuple[str, str], tuple[datetime, str]] = field(default_factory=dict)
    now: datetime = datetime(1, 1, 1, tzinfo=UTC)

    # --- What may be seen -------------------------------------------------------------------------------------------

    def part(self, name: str, review: str) -> str:
        """As what somebody stands before a review: a role that opens it, SHUT, EARLY for its stage, BARRED, NOTHING."""
        account = self.accounts[name]
        if (name, review) in self.barred:
            return BARRED
        if account.role in OFFICES:
            return account.role
        if (name, review) not in self.seats:
            return NOTHING
        cleared = self.said.get((name, review)) in ("none", "allowed")
        if not cleared or (name, review, self.text) not in self.signed:
            return SHUT
        return account.role if self.stages[review] in STAGES[account.role] else EARLY

    def reads_in_an_emergency(self, name: str, review: str, at: datetime) -> bool:
        """Whether somebody has emergency access to the review at this moment."""
        return (name, review) in self.open_until and at < self.open_until[name, review][0]

    def waits(self, name: str, review: str, at: datetime) -> bool:
        """Whether somebody’s question for emergency access waits for an answer."""
        return (name, review) in self.asked and at < self.asked[name, review] + AN_HOUR

    def may_have_it(self, name: str, review: str) -> bool:
        """Whether nothing about somebody is in the way of emergency access."""
        account = self.accounts[name]
        sure = self.said.get((name, review), "none") in ("none", "allowed")
        barred = (name, review) in self.barred
        return account.role in ASKS_IN_AN_EMERGENCY and not account.blocked and not barred and sure

    def opens(self, name: str, review: str) -> set[tuple[str, str]]:
        """The sealed values that are open to somebody now, in an emergency too: see `opens_always`."""
        found = self.opens_always(name, review)
        if self.reads_in_an_emergency(name, review, self.now):
            found |= {(each, whose) for each in OPENED_IN_AN_EMERGENCY for whose in ("", *AGENCIES)}
        account = self.accounts[name]
        came_at = account.came[account.tokens[-1]] if account.tokens else None
        proved = came_at is not None and came_at <= self.now < came_at + FIVE_MINUTES
        return found if proved else {each for each in found if each[0] != "sensitive"}

    def opens_always(self, name: str, review: str) -> set[tuple[str, str]]:
        """The sealed values that are open to somebody: the class, and the agency whose value it is (“”: nobody’s)."""
        part, account = self.part(name, review), self.accounts[name]
        found = {(each, whose) for each, roles in CLASSES.items() if part in roles for whose in ("", *AGENCIES)}
        if account.role == "agency_contributor" and part != BARRED:
            found |= {("evidence", account.agency), ("kept_words", account.agency)}
            if part == "agency_contributor":
                found.add(("working_papers", account.agency))
        return found

    def listed(self, name: str, reviews: Iterable[str]) -> set[str]:
        """The reviews that stand in somebody’s list."""
        return {review for review in reviews if self.part(name, review) in (*OFFICES, *SEATED)}

    # --- Whose step it is -------------------------------------------------------------------------------------------

    def is_a(self, name: str, *roles: str) -> bool:
        """Whether somebody who can come in has one of these roles."""
        return self.accounts[name].role in roles

    def gives_by_two(self, by: str, role: str) -> bool:
        """Whether somebody gives this role only with another: an administrator opens nothing of an agency’s."""
        return role in GIVEN_BY_TWO or (self.is_a(by, "administrator") and role == "agency_contributor")

    def changes(self, by: str, name: str) -> bool:
        """Whether an account is this person’s to change, block or let in again: an office is an administrator’s."""
        theirs = LETTING_IN if self.accounts[name].role in SEATED else ("administrator",)
        return self.is_a(by, *theirs) and by != name

    def reaches_as(self, name: str, review: str, *roles: str) -> bool:
        """Whether somebody reaches the review as one of these."""
        return self.part(name, review) in roles

    # --- What happens -----------------------------------------------------------------------------------------------

    def sign_out_everywhere(self, name: str) -> None:
        """Every sign-in of an account ends."""
        self.accounts[name].ends(self.accounts[name].tokens)

    def bar(self, name: str, review: str) -> None:
        """Somebody is put on the block list: their seat ends, and falls to nobody."""
        self.barred.setdefault((name, review), "")
        self.open_until.pop((name, review), None)
        self.seats.discard((name, review))

    def take_off(self, name: str, review: str) -> None:
        """Two people took somebody off: whether they know anybody is asked anew."""
        del self.barred[name, review]
        self.said.pop((name, review), None)

    def shut_out(self, name: str) -> None:
        """An account is blocked, and what its holder began is withdrawn."""
        self._goes(name)
        self.accounts[name].blocked = True
        self.proposed = {whom: row for whom, row in self.proposed.items() if row[2] != name}
        self.invited = {address: row for address, row in self.invited.items() if row.by != name}

    def becomes(self, name: str, role: str, agency: str) -> None:
        """An account has another role or agency: nothing that it held before fits."""
        self._goes(name)
        self.accounts[name].role, self.accounts[name].agency = role, agency

    def comes(self, name: str, role: str, agency: str) -> None:
        """Somebody has an account from now on, barred wherever their address was."""
        self.accounts[name] = Account(role, agency)
        for address, review in sorted(self.barred_addresses):
            if address == name:
                self.barred[name, review] = self.barred_addresses.pop((address, review))

    def ends(self, review: str) -> None:
        """A review left its way: every seat on it ended."""
        self.ended.add(review)
        self.seats = {seat for seat in self.seats if seat[1] != review}

    def _goes(self, name: str) -> None:
        account = self.accounts[name]
        self.sign_out_everywhere(name)
        self.open_until = {of: until for of, until in self.open_until.items() if of[0] != name}
        self.contacts = {agency: contact for agency, contact in self.contacts.items() if contact != name}
        held = {review for whose, review in self.seats if whose == name}
        self.seats -= {(name, review) for review in held}
        contact = self.contacts.get(account.agency)
        if account.role == "agency_contributor" and contact is not None:
            self.seats |= {(contact, review) for review in held if (contact, review) not in self.barred}


AGENCIES = ("Police", "Probation")
