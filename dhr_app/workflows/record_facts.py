"""What the rules may know of a review's records, from the panel to its closing: counts, codes and days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class PanelFacts:
    """The panel and its work.

    Of the `chairs` in office `independent` have declared that they are. `leavers` are former chairs whose leaving no
    move has rested on yet: of them so many have not returned their `papers`, have `no_interim`. With `access` they are
    all counted as long as anybody reaches the review as its chair who is not the chair in office.
    """

    chairs: int = 0
    independent: int = 0
    leavers: int = 0
    leavers_with_access: int = 0
    leavers_with_papers: int = 0
    leavers_without_interim: int = 0
    specialists: int = 0
    terms_agreed: bool = False
    imrs_asked: int = 0
    imrs_open: int = 0


@dataclass(frozen=True)
class TakingPart:
    """The family members who may be contacted: how many are `undecided`, how many take part.

    `reached` says, for each kind of step, how many of those who take part it was done for since a move rested on it;
    `answered` how many of them no answer is awaited from.
    """

    undecided: int = 0
    taking_part: int = 0
    reached: Mapping[str, int] = field(default_factory=dict)
    answered: Mapping[str, int] = field(default_factory=dict)
    comments_open: int = 0

    def each(self, *kinds: str) -> bool:
        """Whether somebody takes part, nobody is undecided, and each step was done for everybody who takes part."""
        return self._everybody(self.reached, kinds)

    def each_answered(self, *kinds: str) -> bool:
        """Whether each step was also answered by everybody who takes part, or their answer is not awaited any more."""
        return self._everybody(self.answered, kinds)

    def _everybody(self, counted: Mapping[str, int], kinds: tuple[str, ...]) -> bool:
        settled = self.taking_part > 0 and not self.undecided
        return settled and all(counted.get(kind, 0) >= self.taking_part for kind in kinds)


@dataclass(frozen=True)
class ReportFacts:
    """The papers and who agreed them.

    `final` of the three papers are current, marked final by the chair and agreed by the panel; `revised` of those were
    not signed for an earlier step. With `sent_back` the latest letter of the Home Office asked for the report again.
    """

    final: int = 0
    revised: int = 0
    sent_back: bool = False
    checks_sent: int = 0
    checks_open: int = 0
    approved: bool = False
    joint_bodies: int = 0
    joint_open: int = 0


@dataclass(frozen=True)
class HomeOfficeFacts:
    """The latest letter that no move has rested on yet: its verdict, and its points."""

    verdict: str | None = None
    points: int = 0
    points_open: int = 0
    points_changed: int = 0
    points_touching_family: int = 0

    @property
    def points_settled(self) -> bool:
        """Whether each point is answered; a letter that asks for changes raises at least one."""
        asks_for_changes = self.verdict in ("cleared_after_changes", "resubmit")
        return self.verdict is not None and not self.points_open and (self.points > 0 or not asks_for_changes)


@dataclass(frozen=True)
class PublicationFacts:
    """The publication that is planned and not yet done. `in_time` and `avoids_dates` are about the family."""

    planned: bool = False
    in_time: bool = False
    avoids_dates: bool = False
    agencies_told: bool = False
    approved: bool = False


@dataclass(frozen=True)
class PlanFacts:
    """The recommendations that stand and their actions.

    `unaddressed` have no addressee. Of the local and regional ones `unplanned` have an action without owner or date, or
    none at all though not every addressee refused in writing; of these `unacted` have no action whatever. `unsent`
    national ones have no department or no letter. `actions_open` counts local and regional actions not yet signed off,
    superseded, or minuted as not taken forward.
    """

    recommendations: int = 0
    unaddressed: int = 0
    unplanned: int = 0
    unsent: int = 0
    unacted: int = 0
    actions_open: int = 0


@dataclass(frozen=True)
class EndingFacts:
    """What is done towards the end of a review, or its leaving."""

    briefings: int = 0
    shared: int = 0
    kept_until: date | None = None
    handover_acknowledged: bool = False
    handover_items: int = 0
    handover_open: int = 0
    earlier_steps: int = 0
