"""The life of a review, written out by hand from the design: what lifecycle.MOVES is compared with.

Independent of the program: change a row here only because the partnership’s way of working changed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

STAGES = (
    "notification", "scoping", "panel", "chair_report", "home_office_qa", "publication", "seminar", "closed",
    "not_reviewed", "transferred", "withdrawn", "void",
)  # fmt: skip
OPEN = STAGES[:7]

# Who may record a move, by whose decision it is: they, their deputy, or the coordinator with the evidence on file.
RECORDERS = {
    "coordinator":                      {"coordinator"},
    "deciding body":                    {"coordinator", "steering_chair", "steering_deputy"},
    "Secretary of State":               {"coordinator"},
    "independent chair":                {"coordinator", "independent_chair"},
    "partnership":                      {"coordinator", "steering_chair", "steering_deputy"},
    "Home Office":                      {"coordinator"},
    "steering chair":                   {"coordinator", "steering_chair", "steering_deputy"},
    "independent chair or partnership": {"coordinator", "steering_chair", "steering_deputy", "independent_chair"},
}  # fmt: skip

# One row: the move | from | to | whose decision; then what it needs, and the duties it leaves owing.
# Places: "-" is the same stage, "open" each from the notification to the seminar, "any" each, "any left" each that was
# neither transferred nor made void.
# Marks: "!" only “done” will do, by the design; "=" only “done”, because a record of its own answers it; "+" only
# “done”, because the step means nothing without it.
TABLE = """
begin_scoping         | notification    | scoping         | coordinator
    needs lead_partnership_named= aware_date_recorded= an_agency_asked=
defer                 | scoping         | -               | deciding body
commission            | scoping         | panel           | deciding body
    needs every_return_settled= other_reviews_considered decided_to_review=
    owes  home_office_told family_told notifier_told agencies_told
decide_not_to_review  | scoping         | not_reviewed    | deciding body
    needs decided_not_to_review=
    owes  home_office_told family_told notifier_told agencies_told
direct                | notification scoping not_reviewed withdrawn | panel | Secretary of State
    needs direction_on_file!
    owes  family_told notifier_told agencies_told
reconsider            | not_reviewed    | scoping         | deciding body
    owes  home_office_told family_told
begin_report          | panel           | chair_report    | independent chair
    needs chair_appointed! independence_declared! specialist_on_panel terms_agreed every_imr_settled
    needs family_offered_part
submit_to_home_office | chair_report    | home_office_qa  | partnership
    needs final_papers_on_file accuracy_checked family_offered_reading report_agreed action_plan_complete
    needs joint_bodies_agreed anonymity_checked!
send_back             | home_office_qa  | chair_report    | Home Office
    needs resubmission_letter_on_file!
    owes  family_told panel_told
clear                 | home_office_qa  | publication     | Home Office
    needs clearance_letter_on_file! letter_points_answered revised_papers_on_file family_told_of_changes
    owes  commissioner_copy
publish               | publication     | seminar         | steering chair
    needs anonymity_checked! family_told_of_publication agencies_told_of_publication commissioner_sent_copy
    needs publication_approved
    owes  home_office_told
withhold              | publication     | seminar         | partnership
    needs family_view_recorded home_office_told commissioner_sent_copy
take_down             | seminar closed  | -               | coordinator
    owes  chair_told home_office_told family_told
publish_again         | seminar closed  | -               | steering chair
    needs anonymity_checked! family_told
finish_local          | chair_report    | seminar         | partnership
    needs final_papers_on_file family_offered_reading report_agreed action_plan_complete anonymity_checked!
close                 | seminar         | closed          | steering chair
    needs briefing_issued learning_shared local_actions_signed_off national_recommendations_sent
    needs family_told_what_changed retention_date_set
begin_contribution    | notification    | panel           | coordinator
    needs lead_partnership_named= contribution_asked_for+
close_contribution    | panel           | closed          | coordinator
    needs every_imr_settled local_actions_signed_off
reopen                | closed          | seminar publication chair_report | steering chair
transfer              | any left        | transferred     | coordinator
    needs receiver_acknowledged+ handed_over_by_list family_told
withdraw              | open            | withdrawn       | deciding body
    needs home_office_told family_told panel_told agencies_told
void                  | notification    | void            | coordinator
    needs agreed_to_void+
bring_in              | notification    | any             | coordinator
    needs earlier_steps_marked agreed_to_bring_in+
pause                 | open            | -               | independent chair or partnership
    needs not_on_hold= panel_told family_told
keep_hold             | open            | -               | independent chair or partnership
    needs is_on_hold=
resume                | open            | -               | independent chair or partnership
    needs is_on_hold= family_told
extend                | open            | -               | steering chair
    needs home_office_told family_told
replace_chair         | panel chair_report home_office_qa publication | - | coordinator
    needs access_ended+ papers_returned interim_holder_named new_independence_declared+ family_told
correct_stage         | any             | any             | coordinator
    needs agreed_to_correct+
"""

# The moves that a rule set does not have: no Home Office, no publication; only IMRs and actions.
PUBLISHING = {"submit_to_home_office", "send_back", "clear", "publish", "withhold", "take_down", "publish_again"}
CONTRIBUTING = {"begin_contribution", "close_contribution"}
WITHOUT_MOVES = {
    "dhr-2016":     {"finish_local"} | CONTRIBUTING,
    "dardr":        {"finish_local"} | CONTRIBUTING,
    "local-review": {"direct"} | PUBLISHING | CONTRIBUTING,
    "contribution": {
        "begin_scoping", "defer", "commission", "decide_not_to_review", "direct", "reconsider", "begin_report",
        "finish_local", "close", "reopen", "replace_chair",
    } | PUBLISHING,
}  # fmt: skip

# How a condition is answered, where it is not simply a statement that stands for good.
_AFRESH = """
    decided_to_review decided_not_to_review direction_on_file
    final_papers_on_file accuracy_checked family_offered_reading report_agreed action_plan_complete joint_bodies_agreed
    anonymity_checked resubmission_letter_on_file clearance_letter_on_file letter_points_answered
    revised_papers_on_file family_told_of_changes family_told_of_publication agencies_told_of_publication
    commissioner_sent_copy publication_approved family_view_recorded local_actions_signed_off
    family_told_what_changed retention_date_set home_office_told family_told panel_told agencies_told
    receiver_acknowledged handed_over_by_list earlier_steps_marked
    agreed_to_void agreed_to_bring_in agreed_to_correct
    access_ended papers_returned interim_holder_named new_independence_declared
"""
_RECORDS = """
    lead_partnership_named aware_date_recorded an_agency_asked every_return_settled other_reviews_considered
    decided_to_review decided_not_to_review not_on_hold is_on_hold
"""
# Answered by statements once, and by records of their own since then: what was stated then goes on counting.
_ONCE_STATED = """
    chair_appointed independence_declared specialist_on_panel
    access_ended papers_returned interim_holder_named new_independence_declared
    agencies_told_of_publication publication_approved briefing_issued learning_shared retention_date_set
    final_papers_on_file resubmission_letter_on_file clearance_letter_on_file letter_points_answered
    revised_papers_on_file
    every_imr_settled accuracy_checked
    action_plan_complete local_actions_signed_off national_recommendations_sent
    family_offered_part family_offered_reading family_told_of_changes family_told_of_publication
    family_view_recorded family_told_what_changed
    terms_agreed report_agreed joint_bodies_agreed
    receiver_acknowledged handed_over_by_list earlier_steps_marked
"""
AFRESH, RECORDS = frozenset(_AFRESH.split()), frozenset(_RECORDS.split())
ONCE_STATED = frozenset(_ONCE_STATED.split())
# The pages on which conditions are answered.
_PAGES = """
    statement notification scoping other_reviews decision told hold
    panel report home_office family imrs accuracy terms approval
    publication learning closing plan handover earlier_steps
"""
PAGES = frozenset(_PAGES.split())
TWO_PEOPLE = {"anonymity_checked", "agreed_to_void", "agreed_to_bring_in", "agreed_to_correct"}
NOT_BEFORE = {"family_offered_part": "panel", "panel_told": "panel", "agencies_told": "scoping"}
# Questions that arise only where there is something to ask about.
ONLY_WHERE = {
    "joint_bodies_agreed":    "the review is another body’s too",
    "family_told_of_changes": "a point of the Home Office letter touches the family",
}  # fmt: skip
TELLS = {
    "commissioner_sent_copy": "commissioner",
    "home_office_told":       "home_office",
    "family_told":            "family",
    "panel_told":             "panel",
    "agencies_told":          "agencies",
}  # fmt: skip
# Who may state it, where that is not everybody who works on the review (the coordinator, the chairs, the author).
STATED_BY = {
    "direction_on_file":           {"coordinator"},
    "contribution_asked_for":      {"coordinator"},
    "resubmission_letter_on_file": {"coordinator"},
    "clearance_letter_on_file":    {"coordinator"},
    "publication_approved":        {"coordinator", "steering_chair", "steering_deputy"},
    "local_actions_signed_off":    {"steering_chair", "steering_deputy"},
}  # fmt: skip
WORK_ON_IT = {"coordinator", "steering_chair", "steering_deputy", "independent_chair", "report_author"}


@dataclass(frozen=True)
class Row:
    """One row of the table; `always` are the conditions that only “done” answers."""

    move: str
    source: frozenset[str]
    targets: tuple[str, ...]
    who: str
    needs: tuple[str, ...]
    always: frozenset[str]
    duties: tuple[str, ...]

    @property
    def recorders(self) -> set[str]:
        """The roles that may record it."""
        return RECORDERS[self.who]

    def leads_to(self, stage: str) -> tuple[str, ...]:
        """Where it may lead from a stage."""
        return self.targets or (stage,)


def _places(text: str) -> tuple[str, ...]:
    named = {"-": (), "open": OPEN, "any": STAGES, "any left": STAGES[:9] + STAGES[10:11]}
    return named[text] if text in named else tuple(text.split())


def _row(block: str) -> Row:
    head, *lines = block.splitlines()
    move, source, target, who = (cell.strip() for cell in head.split("|"))
    said: dict[str, list[str]] = {"needs": [], "owes": []}
    for line in lines:
        word, *names = line.split()
        said[word] += names
    return Row(
        move,
        frozenset(_places(source)),
        _places(target),
        who,
        tuple(name.rstrip("!=+") for name in said["needs"]),
        frozenset(name.rstrip("!=+") for name in said["needs"] if name[-1] in "!=+"),
        tuple(said["owes"]),
    )


ROWS = {row.move: row for row in map(_row, re.split(r"\n(?! )", TABLE.strip()))}
ALWAYS = frozenset(name for row in ROWS.values() for name in row.always)
NEEDS = frozenset(name for row in ROWS.values() for name in row.needs)
