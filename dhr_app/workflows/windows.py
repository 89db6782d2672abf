"""From which stage of a review to which a seat on it opens what: one table, WINDOWS, beside GRANTS and MAY_OPEN.

It only narrows: what a role is not granted there, no window gives. Whoever reaches reviews by their office needs no
seat and is not in it: they decide, correct, answer for and destroy at every stage. Nor is what an agency does without a
seat, on its own actions. "Domain" is the brief on the domain, kept with the design; section 2.2 of it is "who sees
what, by stage".
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from dhr_app.workflows.data_class import DataClass
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import MAIN_LINE, Stage


@dataclass(frozen=True)
class Window:
    """What a seat in one of these roles opens from one stage of the main line to another, both included.

    `what` names permissions and classes of data; empty, it is everything that no other window of the role names.
    `beside` are stages aside at which it is open too. Where the review goes back, the window follows it.
    """

    roles: tuple[Role, ...]
    what: tuple[str, ...]
    first: Stage
    last: Stage
    beside: tuple[Stage, ...] = ()

    @property
    def stages(self) -> frozenset[Stage]:
        """Every stage at which it is open."""
        line = MAIN_LINE[MAIN_LINE.index(self.first) : MAIN_LINE.index(self.last) + 1]
        return frozenset(line) | frozenset(self.beside)


CHAIR, AUTHOR, PANEL_MEMBER = Role.INDEPENDENT_CHAIR, Role.REPORT_AUTHOR, Role.PANEL_MEMBER
CONTRIBUTOR = Role.AGENCY_CONTRIBUTOR

# What is left to work on or to know once the publication is decided: where the review stands, who took part, its plan
# and its learning. Domain 2.2 closes none of it (tier C, not sealed), so it stays until the seat lapses. Words that
# somebody kept in the plan are opened where the plan is corrected.
REMAINS = (
    "review.reach", "review.see", "appointment.see", "panel.see", "access.see", "learning.see", "plan.see",
    "plan.change", DataClass.KEPT_WORDS,
)  # fmt: skip

WINDOWS = (
    # Domain 1.4: the chair is appointed once the review is commissioned, with access to this case only. Domain 2.2:
    # before that neither is among its readers; after the publication real identities, families' contacts, returns and
    # IMRs are the coordinator's alone, and of the drafts what is published. Domain 2.6: the chair's copies end then.
    Window((CHAIR, AUTHOR), (), Stage.PANEL, Stage.PUBLICATION),
    Window((CHAIR, AUTHOR), REMAINS, Stage.PANEL, Stage.SEMINAR),
    # Domain 1.5: the panel is set up after the commission. Domain 2.2: it reads nothing before, and after the
    # publication the published version. Security 3.3: panel material of the review at the current stage.
    Window((PANEL_MEMBER,), (), Stage.PANEL, Stage.PUBLICATION),
    Window((PANEL_MEMBER,), REMAINS, Stage.PANEL, Stage.SEMINAR),
    # Domain 1.2: agencies are asked what they know before scoping begins. Domain 2.2: an agency's author and signatory
    # read its own papers until the publication, then the coordinator alone does: the Home Office may ask for changes
    # that an agency has to check again. A decision not to review may be reconsidered: its return stays at hand.
    Window((CONTRIBUTOR,), (), Stage.NOTIFICATION, Stage.PUBLICATION, (Stage.NOT_REVIEWED,)),
)


@cache
def stages_open(role: Role, what: str) -> frozenset[Stage]:
    """The stages at which a seat in this role opens this permission or class of data, if it is granted at all.

    Any other stage ends every seat (closing, leaving), or is before the first.
    """
    windows = [each for each in WINDOWS if role in each.roles]
    named = [each for each in windows if what in each.what] or [each for each in windows if not each.what]
    return frozenset().union(*(each.stages for each in named))


def is_over(role: Role, stage: Stage) -> bool:
    """Whether a seat in this role opens the review neither at this stage of the main line nor at one after it."""
    ahead = MAIN_LINE[MAIN_LINE.index(stage) :] if stage in MAIN_LINE else ()
    return stage in MAIN_LINE and stages_open(role, "review.reach").isdisjoint(ahead)
