"""What lets somebody in and out of the whole house: invitations, roles, blocks, contacts, sign-ins."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy import select

from dhr_app.casework.account import SignedIn, WrongSignIn, person_for_token, sign_out
from dhr_app.casework.account_block import block, unblock
from dhr_app.casework.account_change import ChangeEntry, change, confirm_change
from dhr_app.casework.agency_contact import set_contact
from dhr_app.casework.invitation import InvitationEntry, confirm, invite
from dhr_app.casework.invitation_link import mint
from dhr_app.casework.joining import accept
from dhr_app.casework.substitutes import SubstituteEntry, end_substitute, invite_substitute
from dhr_app.database.models import Account, AccountChange, Invitation
from dhr_app.workflows.roles import Role
from tests.access import model
from tests.access.life import BLOCKED, NEWCOMERS, SEATED, admitting, agency, anybody, chance, review, role, sitter
from tests.access.seats import SeatsAndBars
from tests.factories import OPERATOR, PASSWORD


class Accounts(SeatsAndBars):
    """Everybody tries to let everybody in, themselves too."""

    # --- Accounts ---------------------------------------------------------------------------------------------------

    @rule(by=admitting, name=st.just(SEATED) | anybody, to=role, short=agency)
    def change_the_role(self, by: str, name: str, to: Role, short: str) -> None:
        name = self._meant(name)
        idea = self.idea
        if self._comes(by) and self._known(name):
            account, of = idea.accounts[name], short if to.value in model.NAMES_AN_AGENCY else ""
            may = (
                idea.changes(by, name)
                and not account.blocked
                and (to.value, of) != (account.role, account.agency)
                and name not in idea.proposed
            )
            entry = ChangeEntry(to, self.county.agency(short))
            if self._does(may, lambda who: change(self.ids[name], entry, by=who, at=self.at), by):
                if account.role in model.GIVEN_BY_TWO or idea.gives_by_two(by, to.value):
                    idea.proposed[name] = (to.value, of, by)
                else:
                    idea.becomes(name, to.value, of)

    @rule(by=admitting, name=anybody)
    def confirm_the_change(self, by: str, name: str) -> None:
        idea = self.idea
        if self._comes(by) and name in idea.proposed:
            as_role, of, proposed_by = idea.proposed[name]
            may = idea.is_a(by, *model.CONFIRMING) and by not in (proposed_by, name)
            row = self._change_of(name)
            account = idea.accounts[name]
            comes_back = (as_role, of) == (account.role, account.agency)
            may = may and account.blocked is comes_back
            if self._does(may, lambda who: confirm_change(row, by=who, at=self.at), by):
                del idea.proposed[name]
                if comes_back:
                    account.blocked = False
                else:
                    idea.becomes(name, as_role, of)

    @rule(name=st.just(SEATED) | anybody, to=role, short=agency)
    def change_by_two(self, name: str, to: Role, short: str) -> None:
        """A role is proposed, and confirmed by whoever proposed it, by whom it is about, and by another."""
        name = self._meant(name)
        self.change_the_role("administrator", name, to, short)
        for by in ("administrator", name, "steering chair"):
            self.confirm_the_change(by, name)

    @rule(by=admitting, name=st.just(SEATED) | anybody)
    def block_somebody(self, by: str, name: str) -> None:
        name = self._meant(name)
        idea = self.idea
        if self._comes(by) and self._known(name):
            may = idea.changes(by, name) and not idea.accounts[name].blocked
            if self._does(may, lambda who: block(self.ids[name], "away", by=who, at=self.at), by):
                idea.shut_out(name)
                with pytest.raises(WrongSignIn):
                    self._signs_in(name)

    @rule(by=admitting, name=st.just(BLOCKED) | anybody)
    def let_in_again(self, by: str, name: str) -> None:
        name = self._meant(name)
        idea = self.idea
        if self._comes(by) and self._known(name):
            account = idea.accounts[name]
            by_two = idea.gives_by_two(by, account.role)
            may = idea.changes(by, name) and account.blocked
            may = may and not (by_two and name in idea.proposed)
            if self._does(may, lambda who: unblock(self.ids[name], "returned", by=who, at=self.at), by):
                if by_two:
                    idea.proposed[name] = (account.role, account.agency, by)
                else:
                    account.blocked = False

    @rule(name=st.just(BLOCKED) | anybody)
    def let_in_again_by_two(self, name: str) -> None:
        """Somebody blocked is to come back: by whoever proposed it, and by another."""
        name = self._meant(name)
        for by in ("administrator", "steering chair"):
            self.let_in_again(by, name)
            self.confirm_the_change(by, name)

    @rule(by=admitting, name=sitter, short=agency)
    def make_the_contact(self, by: str, name: str, short: str) -> None:
        idea = self.idea
        if self._comes(by) and self._known(name):
            account = idea.accounts[name]
            fits = (account.role, account.agency, account.blocked) == ("agency_contributor", short, False)
            may = idea.is_a(by, *model.COORDINATORS) and fits
            to = self.county.agency(short), self.ids[name]
            if self._does(may, lambda who: set_contact(*to, by=who, at=self.at), by):
                idea.contacts[short] = name

    @rule(name=st.sampled_from(("officer", "sergeant")), where=review, barred=st.booleans())
    def leave_the_work_to_the_contact(self, name: str, where: str, barred: bool) -> None:
        """A contributor with a seat goes, and their agency’s contact has it after them, where nothing bars them."""
        contact = {"officer": "sergeant", "sergeant": "officer"}[name]
        self.make_the_contact("coordinator", contact, "Police")
        self.begin_work(name, where)
        if barred:
            self.put_on_the_block_list("colleague", contact, where)
        self.end_a_substitute(contact, name)

    @rule(by=sitter, name=sitter)
    def end_a_substitute(self, by: str, name: str) -> None:
        idea = self.idea
        if self._comes(by) and self._known(name):
            own, theirs = idea.accounts[by], idea.accounts[name]
            colleagues = (own.role, own.agency) == (theirs.role, theirs.agency) == ("agency_contributor", own.agency)
            may = colleagues and idea.contacts.get(own.agency) == by and by != name and not theirs.blocked
            if self._does(may, lambda who: end_substitute(self.ids[name], "left_post", by=who, at=self.at), by):
                idea.shut_out(name)

    @rule(by=admitting, name=st.sampled_from(NEWCOMERS), to=role, short=agency)
    def invite_somebody(self, by: str, name: str, to: Role, short: str) -> None:
        idea = self.idea
        if self._comes(by):
            may = idea.is_a(by, *model.LETTING_IN) and name not in idea.accounts and name not in idea.invited
            entry = InvitationEntry("Newcomer", name, to, self.county.agency(short))
            if self._does(may, lambda who: invite(entry, by=who, at=self.at), by):
                of = short if to.value in model.NAMES_AN_AGENCY else ""
                idea.invited[name] = model.Invitation(to.value, of, by, not idea.gives_by_two(by, to.value))

    @rule(by=sitter, name=st.sampled_from(NEWCOMERS))
    def invite_a_substitute(self, by: str, name: str) -> None:
        idea = self.idea
        if self._comes(by):
            own = idea.accounts[by]
            is_contact = own.role == "agency_contributor" and idea.contacts.get(own.agency) == by
            may = is_contact and name not in idea.accounts and name not in idea.invited
            entry = SubstituteEntry("Newcomer", name)
            if self._does(may, lambda who: invite_substitute(entry, by=who, at=self.at), by):
                idea.invited[name] = model.Invitation("agency_contributor", own.agency, by, confirmed=True)

    @rule(by=admitting, name=st.sampled_from(NEWCOMERS))
    def confirm_and_accept(self, by: str, name: str) -> None:
        """An invitation is confirmed where it must be, and followed by whoever has the link."""
        idea, row = self.idea, self._invitation(name)
        if row is None or name not in idea.invited:
            return
        invited = idea.invited[name]
        if self._comes(by):
            may = idea.is_a(by, *model.CONFIRMING) and by != invited.by and not invited.confirmed
            if self._does(may, lambda who: confirm(row, by=who, at=self.at), by):
                invited.confirmed = True
        with self.county.house.database.transaction(by=OPERATOR, at=self.at) as session:
            link = mint(session, session.get_one(Invitation, row), self.county.house)
        token = link.rpartition("/")[2]
        if self._done(lambda: accept(token, PASSWORD, address=None, at=self.at)):
            assert invited.confirmed, "two people give an office"
            idea.comes(name, invited.role, invited.agency)
            del idea.invited[name]
            with self.county.house.reading() as session:
                self.ids[name] = session.scalars(select(Account.id).where(Account.email == name)).one()
        else:
            assert not invited.confirmed

    @rule(name=st.sampled_from(NEWCOMERS), to=role, short=agency)
    def come_by_invitation(self, name: str, to: Role, short: str) -> None:
        """Somebody is invited, tries the link before anybody else confirmed it, and then comes."""
        self.invite_somebody("administrator", name, to, short)
        for by in ("administrator", "deputy"):
            self.confirm_and_accept(by, name)

    @rule(name=st.sampled_from(NEWCOMERS), to=role, short=agency, where=review)
    def come_though_barred(self, name: str, to: Role, short: str, where: str) -> None:
        """An address is on the list before there is an account."""
        self.put_an_address_on_the_block_list("colleague", name, where)
        self.come_by_invitation(name, to, short)
        self.begin_work(name, where)

    # --- Sign-ins, moves and nights ---------------------------------------------------------------------------------

    @rule(name=anybody)
    def sign_in_elsewhere(self, name: str) -> None:
        if self._comes(name):
            self._signs_in(name)

    @rule(name=anybody)
    def sign_out_here(self, name: str) -> None:
        if self._comes(name):
            token = self.idea.accounts[name].tokens[-1]
            here = person_for_token(token, at=self.at)
            assert isinstance(here, SignedIn)
            sign_out(here, at=self.at)
            self.idea.accounts[name].ends([token])

    @rule(sure=chance)
    def a_night_passes(self, sure: int) -> None:
        if sure < 30:
            self.at += timedelta(hours=14)
            for name in self.idea.accounts:
                self.idea.sign_out_everywhere(name)

    def _change_of(self, name: str) -> UUID:
        rows = select(AccountChange.id).where(
            AccountChange.account_id == self.ids[name],
            AccountChange.agreed_at.is_(None),
            AccountChange.withdrawn_at.is_(None),
        )
        with self.county.house.reading() as session:
            return session.scalars(rows).one()

    def _invitation(self, name: str) -> UUID | None:
        rows = select(Invitation.id).where(
            Invitation.email == name, Invitation.used_at.is_(None), Invitation.withdrawn_at.is_(None)
        )
        with self.county.house.reading() as session:
            return session.scalars(rows).one_or_none()
