"""The form of a statement: the answer, who states it, when, and what shows it."""

from __future__ import annotations

from collections.abc import Iterable

from flask_wtf import FlaskForm

from dhr_app.casework.partnership import Agency
from dhr_app.casework.statement import StatementEntry
from dhr_app.web.date_fields import DayField
from dhr_app.web.fields import from_list, line, long_text, one_of, some_of, tick
from dhr_app.workflows.answers import WHY_NOT_APPLICABLE, Answer
from dhr_app.workflows.conditions import Condition


class StatementForm(FlaskForm):
    """What a condition does not ask for is taken away."""

    answer = one_of("How does it stand?", {})
    reason_code = from_list("Why does it not apply?", WHY_NOT_APPLICABLE, hint="Only if it does not apply.")
    organisations = some_of("Which organisations were present?", {})
    by_circulation = tick("Agreed by circulation instead, and reported to the next meeting")
    files = long_text(
        "The SHA-256 of each file",
        hint="Exactly the files that were checked: 64 characters of 0-9 and a-f each, one to a line.",
        rows=4,
        autocomplete="off",
        spellcheck=False,
    )
    stated_by = line("Who states this?", hint="The name and post of a member of staff.", autocomplete="off")
    stated_on = DayField("On which day?", hint="For example, 27 3 2026", called="The day")
    evidence = long_text(
        "What shows it?",
        hint="The letter, e-mail or minute, and where it is kept; or what was tried in vain. This is sealed.",
        autocomplete="off",
    )

    def __init__(self, condition: Condition, agencies: Iterable[Agency], quorum: int) -> None:
        accepted = [answer for answer in Answer if condition.accepts(answer)]
        super().__init__(data={"answer": accepted[0].value} if len(accepted) == 1 else None)
        self.answer.choices = {answer.value: answer.label for answer in accepted}
        self.organisations.choices = {str(agency.id): agency.name for agency in agencies}
        self.organisations.description = f"At least {quorum} different organisations make the meeting quorate."
        unasked = [
            *(["organisations", "by_circulation"] if not condition.quorum else []),
            *(["files"] if not condition.files else []),
            *(["reason_code"] if Answer.DOES_NOT_APPLY not in accepted else []),
        ]
        for name in unasked:
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
            organisations=tuple(given.get("organisations", ())),
            by_circulation=given.get("by_circulation", False),
            files=tuple(given.get("files", "").split()),
        )
