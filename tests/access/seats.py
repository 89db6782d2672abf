"""What opens and shuts a seat: given, answered for, undertaken, taken away, barred, and the moves of the review."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from dhr_app.casework import block_list, membership
from dhr_app.casework.before_start import DeclarationEntry, declare, sign
from dhr_app.casework.house import at_work
from dhr_app.casework.move import make_move
from dhr_app.database.models import Declaration, Membership
from dhr_app.workflows.stages import OPEN, Stage
from tests.access import model
from tests.access.life import BARRED, BLOCKED, SEATED, UNSURE, Life, anybody, chance, keeper, review, sitter


class SeatsAndBars(Life):
    """Everybody tries to open and to shut the seats of everybody."""

    # --- Seats ------------------------------------------------------------------------------------------------------

    @initialize(whom=st.lists(sitter, unique=True, min_size=2, max_size=6), where=review)
    def some_work_already(self, whom: list[str], where: str) -> None:
        for name in whom:
            self.begin_work(name, where)

    @rule(name=sitter, where=review)
    def begin_work(self, name: str, where: str) -> None:
        """Somebody is given a seat and opens it, unless they may not have it."""
        self.give_a_seat("coordinator", name, where)
        self.say(name, where, "none")
        self.undertake(name, where)

    @rule(by=keeper, name=st.sampled_from((SEATED, BARRED, BLOCKED)) | sitter, where=review)
    def give_a_seat(self, by: str, name: str, where: str) -> None:
        name = self._meant(name, where)
        ref, idea = self._ref(where), self.idea
        if self._comes(by) and self._known(name):
            account = idea.accounts[name]
            may = (
                idea.reaches_as(by, ref, *model.COORDINATORS)
                and ref not in idea.ended
                and account.role in model.SEATED
                and not account.blocked
                and not {(name, ref)} & (idea.seats | set(idea.barred))
            )
            if self._does(may, lambda who: membership.join(ref, self.ids[name], by=who, at=self.at), by):
                idea.seats.add((name, ref))

    @rule(by=keeper, name=st.just(SEATED) | sitter, where=review)
    def take_the_seat_away(self, by: str, name: str, where: str) -> None:
        name = self._meant(name, where)
        ref, idea = self._ref(where), self.idea
        seat = self._newest(Membership, where, name)
        if self._comes(by) and seat is not None:
            may = idea.reaches_as(by, ref, *model.COORDINATORS) and (name, ref) in idea.seats
            if self._does(may, lambda who: membership.leave(ref, seat, by=who, at=self.at), by):
                idea.seats.discard((name, ref))

    @rule(by=sitter, where=review, answer=st.sampled_from(("none", "unsure", "none", "conflict")))
    def say(self, by: str, where: str, answer: str) -> None:
        ref, idea = self._ref(where), self.idea
        if self._comes(by):
            entry, part = DeclarationEntry(answer, "His sister, perhaps"), idea.part(by, ref)
            settles = answer == "none" and idea.said.get((by, ref)) == "unsure"
            reads = idea.reads_in_an_emergency(by, ref, self.at + timedelta(seconds=5))
            may = (part not in (model.BARRED, "") or reads) and not settles
            if self._does(may, lambda who: declare(ref, entry, by=who, at=self.at), by):
                idea.said[by, ref] = answer
                if answer != "none":
                    idea.open_until.pop((by, ref), None)
                if answer == "conflict":
                    idea.bar(by, ref)

    @rule(by=keeper, name=st.just(UNSURE) | sitter, where=review, take_part=st.booleans())
    def decide_about_the_unsure(self, by: str, name: str, where: str, take_part: bool) -> None:
        name = self._meant(name, where)
        ref, idea = self._ref(where), self.idea
        row = self._newest(Declaration, where, name)
        if self._comes(by) and row is not None:
            may = idea.reaches_as(by, ref, *model.DECIDERS) and idea.said.get((name, ref)) == "unsure" and by != name
            if self._does(may, lambda who: block_list.decide(ref, row, take_part=take_part, by=who, at=self.at), by):
                idea.said[name, ref] = "allowed" if take_part else "barred"
                if not take_part:
                    idea.bar(name, ref)

    @rule(by=sitter, where=review)
    def undertake(self, by: str, where: str) -> None:
        ref, idea = self._ref(where), self.idea
        if self._comes(by):
            seated, cleared = (by, ref) in idea.seats, idea.said.get((by, ref)) in ("none", "allowed")
            may = seated and cleared and (by, ref, idea.text) not in idea.signed
            if self._does(may, lambda who: sign(ref, idea.text, by=who, at=self.at), by):
                idea.signed.add((by, ref, idea.text))

    @rule(name=sitter, where=review, take_part=st.booleans())
    def wait_for_a_decision(self, name: str, where: str, take_part: bool) -> None:
        """Somebody is not sure, tries to decide it, and another does."""
        self.say(name, where, "unsure")
        for by in (name, "coordinator"):
            self.decide_about_the_unsure(by, name, where, take_part)

    @rule(sure=chance)
    def the_undertaking_has_another_text(self, sure: int) -> None:
        if sure >= 30 or self.idea.text > 2:
            return
        book = self.county.house.rule_book
        self.idea.text += 1
        text = replace(book.undertaking, version=self.idea.text)
        self.stack.enter_context(at_work(replace(self.county.house, rule_book=replace(book, undertaking=text))))

    # --- The block list ---------------------------------------------------------------------------------------------

    @rule(by=keeper, name=st.just(SEATED) | anybody, where=review)
    def put_on_the_block_list(self, by: str, name: str, where: str) -> None:
        name = self._meant(name, where)
        ref, idea = self._ref(where), self.idea
        if self._comes(by) and self._known(name):
            may = idea.reaches_as(by, ref, *model.DECIDERS) and (name, ref) not in idea.barred
            if self._does(may, lambda who: block_list.bar_account(ref, self.ids[name], by=who, at=self.at), by):
                idea.bar(name, ref)

    @rule(by=keeper, name=st.just(SEATED) | anybody, where=review)
    def put_an_address_on_the_block_list(self, by: str, name: str, where: str) -> None:
        name = self._meant(name, where)
        ref, idea = self._ref(where), self.idea
        if self._comes(by):
            there = (name, ref) in idea.barred or (name, ref) in idea.barred_addresses
            may = idea.reaches_as(by, ref, *model.DECIDERS) and not there
            email = f" {self.setting.emails[name].title()}"
            if self._does(may, lambda who: block_list.bar_address(ref, email, by=who, at=self.at), by):
                if name in idea.accounts:
                    idea.bar(name, ref)
                else:
                    idea.barred_addresses[name, ref] = ""

    @rule(by=keeper, other=keeper, name=st.just(BARRED) | anybody, where=review)
    def take_off_the_block_list(self, by: str, other: str, name: str, where: str) -> None:
        """One asks for it, and another does it, or tries before anybody asked."""
        name = self._meant(name, where)
        ref, idea = self._ref(where), self.idea
        known = name in idea.accounts
        listed = idea.barred if known else idea.barred_addresses
        row = self._on_the_list(where, name)
        assert (row is not None) is ((name, ref) in listed), "the list has whoever was put on it"
        if row is None:
            return
        if self._comes(by):
            may = idea.reaches_as(by, ref, *model.DECIDERS) and not listed[name, ref]
            if self._does(may, lambda who: block_list.ask_off(ref, row, "mistaken", by=who, at=self.at), by):
                listed[name, ref] = by
        if self._comes(other):
            may = idea.reaches_as(other, ref, *model.DECIDERS) and listed[name, ref] not in ("", other)
            if self._does(may, lambda who: block_list.take_off(ref, row, by=who, at=self.at), other):
                if known:
                    idea.take_off(name, ref)
                else:
                    del listed[name, ref]

    @rule(name=st.just(SEATED) | sitter, where=review)
    def bar_and_let_back(self, name: str, where: str) -> None:
        """Somebody is barred, taken off by two, and given a seat again: nothing that they said before counts."""
        name = self._meant(name, where)
        self.put_on_the_block_list("colleague", name, where)
        self.give_a_seat("coordinator", name, where)
        self.take_off_the_block_list("coordinator", "steering chair", name, where)
        self.give_a_seat("coordinator", name, where)

    @rule(by=keeper, where=review, name=st.sampled_from(("commission", "withdraw", "commission")), sure=chance)
    def move_the_review(self, by: str, where: str, name: str, sure: int) -> None:
        ref, idea, case = self._ref(where), self.idea, self.cases[where]
        if self._comes(by) and case.stage in OPEN and (name != "withdraw" or sure < 30):
            case.at = self.at
            standing = {"commission": (Stage.SCOPING,), "withdraw": tuple(OPEN)}[name]
            may = idea.reaches_as(by, ref, *model.DECIDERS) and case.stage in standing and not case.needed(name)
            moved = self._does(may, lambda who: make_move(ref, name, case.entry(name), by=who, at=self.at), by)
            if moved:
                idea.stages[ref] = case.stage.value
            if moved and name == "withdraw":
                idea.ends(ref)
