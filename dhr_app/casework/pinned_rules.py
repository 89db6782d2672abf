"""The rule sets that reviews are pinned to, for what looks at many reviews at once: each is read a single time."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select

from dhr_app.casework import rule_book
from dhr_app.casework.statement import conditions_asked
from dhr_app.database.models.partnership import RuleSetUsed
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.rule_sets import RuleSet
from dhr_app.workflows.stages import Stage


@dataclass
class PinnedRules:
    """Every rule set in use by its id."""

    rule_sets: dict[UUID, RuleSet]
    _asked: dict[tuple[UUID, str], frozenset[str]] = field(default_factory=dict)

    def asks(self, rule_set_id: UUID, stage: str, condition: str) -> bool:
        """Whether a review of this rule set asks the condition at this stage: only then can a statement be settled."""
        at = rule_set_id, stage
        if at not in self._asked:
            asked = conditions_asked(Stage(stage), self.rule_sets[rule_set_id])
            self._asked[at] = frozenset(one.name for one in asked)
        return condition in self._asked[at]


def pinned_rules(session: NamedSession) -> PinnedRules:
    """The rule sets in use, in one statement."""
    rows = session.execute(select(RuleSetUsed.id, RuleSetUsed.content).order_by(RuleSetUsed.id))
    return PinnedRules({row.id: rule_book.pinned(row.content) for row in rows})
