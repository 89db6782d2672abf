"""The form of a statement: the answer, who states it, when, and what shows it."""

from __future__ import annotations

from dhr_app.casework.statement import StatementEntry
from dhr_app.web.again import AsksAgain, code_again, password_again
from dhr_app.web.date_fields import DayField
from dhr_app.web.fields import from_list, line, long_text, one_of
from dhr_app.workflows.answers import WHY_NOT_APPLICABLE, Answer
from dhr_app.workflows.conditions import Condition
from dhr_app.workflows.stages import Stage


class StatementForm(AsksAgain):
    """What a condition does not ask for is taken away; whoever asks a second person to agree gives their password."""

    answer = one_of("How does it stand?", {})
    reason_code = from_list("Why does it not apply?", WHY_NOT_APPLICABLE, hint="Only if it does not apply.")
    about = from_list(
        "Which stage do you agree to?", {"": "Choose one", **{stage.value: stage.label for stage in Stage}}
    )
    stated_by = line("Who states this?", hint="The name and post of a member of staff.", autocomplete="off")
    stated_on = DayField("On which day?", hint="For example, 27 3 2026", called="The day")
    evidence = long_text(
        "What shows it?",
        hint="The letter, e-mail or minute, and where it is kept; or what was tried without success. This is sealed.",
        autocomplete="off",
    )
    password = password_again()
    code = code_again()

    def __init__(self, condition: Condition) -> None:
        accepted = [answer for answer in Answer if condition.accepts(answer)]
        super().__init__(data={"answer": accepted[0].value} if len(accepted) == 1 else None)
        self.answer.choices = {answer.value: answer.label for answer in accepted}
        unasked = [
            *(["about"] if not condition.stage else []),
            *(["password", "code"] if not condition.two_people else []),
            *(["reason_code"] if Answer.DOES_NOT_APPLY not in accepted else []),
        ]
        for name in unasked:
            if name in self:
                del self[name]

    def entry(self) -> StatementEntry:
        """What was entered, for the work."""
        given = {name: field.data for name, field in self._fields.items() if field.data}
        return StatementEntry(
            answer=given.get("answer", ""),
            stated_by=given.get("stated_by", ""),
            stated_on=given.get("stated_on"),
            reason_code=given.get("reason_code", ""),
            evidence=given.get("evidence", ""),
            about=given.get("about", ""),
        )
