"""Where a review stands: the seven stages of its way, its end, and the four places aside."""

from __future__ import annotations

from enum import StrEnum


class Stage(StrEnum):
    """A stage of a review; the value is what the database keeps, LABELS what the screen says."""

    NOTIFICATION = "notification"
    SCOPING = "scoping"
    PANEL = "panel"
    CHAIR_REPORT = "chair_report"
    HOME_OFFICE_QA = "home_office_qa"
    PUBLICATION = "publication"
    SEMINAR = "seminar"
    CLOSED = "closed"
    NOT_REVIEWED = "not_reviewed"
    TRANSFERRED = "transferred"
    WITHDRAWN = "withdrawn"
    VOID = "void"

    @property
    def label(self) -> str:
        """The stage's name on screen."""
        return LABELS[self]


LABELS = {
    Stage.NOTIFICATION:   "Notification",
    Stage.SCOPING:        "Scoping",
    Stage.PANEL:          "Review panel",
    Stage.CHAIR_REPORT:   "Chair’s report",
    Stage.HOME_OFFICE_QA: "Home Office quality assurance",
    Stage.PUBLICATION:    "Publication",
    Stage.SEMINAR:        "Learning and action plan",
    Stage.CLOSED:         "Closed",
    Stage.NOT_REVIEWED:   "Not reviewed",
    Stage.TRANSFERRED:    "Transferred",
    Stage.WITHDRAWN:      "Withdrawn",
    Stage.VOID:           "Entered in error",
}  # fmt: skip

MAIN_LINE = (
    Stage.NOTIFICATION,
    Stage.SCOPING,
    Stage.PANEL,
    Stage.CHAIR_REPORT,
    Stage.HOME_OFFICE_QA,
    Stage.PUBLICATION,
    Stage.SEMINAR,
    Stage.CLOSED,
)
OPEN = frozenset(MAIN_LINE) - {Stage.CLOSED}
ASIDE = frozenset(Stage) - frozenset(MAIN_LINE)
NOT_COMMISSIONED = frozenset({Stage.NOTIFICATION, Stage.SCOPING, Stage.NOT_REVIEWED})
ANY = frozenset(Stage)
