"""Emergency access: asked for by anybody, answered by anybody, ended, lapsed and over, whatever else happens."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import rule

from dhr_app.casework.emergency import EmergencyEntry, ask, confirm, end, refuse
from dhr_app.casework.emergency_ending import write_down
from tests.access import model
from tests.access.accounts import Accounts
from tests.access.life import anybody, keeper, review, sitter

ASKING = st.sampled_from(("chair", "author", "panel member", "member", "steering chair")) | anybody
STEP = timedelta(seconds=5)  # what each deed takes


class Emergencies(Accounts):
    """Everybody tries to open what is closed to them, and to let others."""

    def __init__(self) -> None:
        super().__init__()
        self.questions: dict[tuple[str, str], UUID] = {}

    @rule(by=ASKING, where=review)
    def ask_in_an_emergency(self, by: str, where: str) -> None:
        ref, idea = self._ref(where), self.idea
        if self._comes(by):
            at, part = self.at + STEP, idea.part(by, ref)
            reads = part in model.READS_ALL or idea.reads_in_an_emergency(by, ref, at)
            waits = any(whose == by and idea.waits(by, on, at) for whose, on in idea.asked)
            seconds = any(
                other != by and not account.blocked and idea.reaches_as(other, ref, *model.DECIDERS)
                for other, account in idea.accounts.items()
            )
            may = idea.may_have_it(by, ref) and part != model.SHUT and not reads and not waits and seconds
            entry, made = EmergencyEntry(ref, "at_risk", "Somebody rang."), list[UUID]()
            if self._does(may, lambda who: made.append(ask(entry, by=who, at=self.at)), by):
                idea.asked[by, ref], self.questions[by, ref] = self.at, made[0]

    @rule(by=keeper, name=ASKING, where=review, confirms=st.sampled_from((True, True, False)))
    def answer_it(self, by: str, name: str, where: str, confirms: bool) -> None:
        ref, idea = self._ref(where), self.idea
        row = self.questions.get((name, ref))
        if row is not None and self._comes(by):
            waits = idea.waits(name, ref, self.at + STEP)
            may = idea.reaches_as(by, ref, *model.DECIDERS) and by != name and waits
            if confirms:
                may = may and idea.may_have_it(name, ref)
                if self._does(may, lambda who: confirm(ref, row, by=who, at=self.at), by):
                    idea.open_until[name, ref] = (self.at + model.AN_HOUR, by)
                    del idea.asked[name, ref]
            elif self._does(may, lambda who: refuse(ref, row, "not_needed", by=who, at=self.at), by):
                del idea.asked[name, ref]

    @rule(name=ASKING, where=review, barred=st.booleans())
    def be_let_in_an_emergency(self, name: str, where: str, barred: bool) -> None:
        """Somebody asks, tries to confirm it, and two others do; now and then they are barred in the middle."""
        self.ask_in_an_emergency(name, where)
        for by in (name, "colleague", "deputy"):
            self.answer_it(by, name, where, confirms=True)
        if barred:
            self.put_on_the_block_list("coordinator", name, where)

    @rule(by=keeper | sitter, name=ASKING, where=review)
    def end_it(self, by: str, name: str, where: str) -> None:
        ref, idea = self._ref(where), self.idea
        row = self.questions.get((name, ref))
        if row is not None and self._comes(by):
            runs = idea.reads_in_an_emergency(name, ref, self.at + STEP)
            confirmed = runs and idea.open_until[name, ref][1] == by and idea.reaches_as(by, ref, *model.DECIDERS)
            may = runs and (by == name or confirmed or idea.reaches_as(by, ref, *model.STEERING_CHAIRS))
            if self._does(may, lambda who: end(ref, row, by=who, at=self.at), by):
                del idea.open_until[name, ref]

    @rule(minutes=st.sampled_from((31, 59, 60)), writes=st.booleans())
    def minutes_pass(self, minutes: int, writes: bool) -> None:
        """Everybody is signed out meanwhile; whether the clockwork writes the ends down makes no difference."""
        self.at += timedelta(minutes=minutes)
        for name in self.idea.accounts:
            self.idea.sign_out_everywhere(name)
        if writes:
            write_down(self.county.house, at=self.at)
