"""What must be true before a move: each condition is a question to the facts, and its docstring is the page's sentence.

A question that no record of its own answers rests on a dated statement of a named person (`facts.stated`).
"""

from __future__ import annotations

from dhr_app.workflows.condition import CONDITIONS, STEERING, Condition, condition
from dhr_app.workflows.facts import Audience, ReviewFacts
from dhr_app.workflows.family_steps import STEPS_ASKED
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage

__all__ = ["CONDITIONS", "Condition"]

# What is sent to the Home Office, and signed, approved and published by its current version.
PAPERS = ("overview_report", "executive_summary", "action_plan")


# --- Notification and scoping ---------------------------------------------------------------------------------------


@condition("notification", record=True, always=True)
def lead_partnership_named(facts: ReviewFacts) -> bool:
    """The partnership that leads the review is named."""
    return facts.lead_partnership_named


@condition("notification", record=True, always=True)
def aware_date_recorded(facts: ReviewFacts) -> bool:
    """The day the partnership became aware of the death is recorded."""
    return facts.aware_recorded


@condition("scoping", record=True, always=True)
def an_agency_asked(facts: ReviewFacts) -> bool:
    """At least one agency has been asked what it knows."""
    return facts.agencies_asked > 0


@condition("scoping", record=True, always=True)
def every_return_settled(facts: ReviewFacts) -> bool:
    """Every agency asked has sent its return, has nothing to return, or is closed as no reply after escalation."""
    return facts.agencies_asked > 0 and not facts.outstanding


@condition("other_reviews", record=True)
def other_reviews_considered(facts: ReviewFacts) -> bool:
    """Other kinds of review were considered, and the lead body and report template recorded."""
    return facts.other_reviews_considered


@condition("decision", record=True, always=True, afresh=True)
def decided_to_review(facts: ReviewFacts) -> bool:
    """The decision to review is recorded, with the criteria it rests on and the reasons."""
    return facts.decision == "review"


@condition("decision", record=True, always=True, afresh=True)
def decided_not_to_review(facts: ReviewFacts) -> bool:
    """The decision not to review is recorded, with the criteria considered and the reasons."""
    return facts.decision == "not_review"


@condition(always=True, afresh=True, stated_by=frozenset({Role.COORDINATOR}))
def direction_on_file(facts: ReviewFacts) -> bool:
    """The Secretary of State’s direction is on file."""
    return facts.stated("direction_on_file")


@condition(always=True, stated_by=frozenset({Role.COORDINATOR}))
def contribution_asked_for(facts: ReviewFacts) -> bool:
    """The letter in which the other partnership asks for our contribution is on file."""
    return facts.stated("contribution_asked_for")


# --- Review panel ---------------------------------------------------------------------------------------------------


@condition("panel", record=True, once_stated=True, always=True)
def chair_appointed(facts: ReviewFacts) -> bool:
    """An independent chair is appointed."""
    return facts.panel.chairs > 0


@condition("panel", record=True, once_stated=True, always=True)
def independence_declared(facts: ReviewFacts) -> bool:
    """The chair has declared that they are independent of the agencies involved."""
    return facts.panel.chairs > 0 and facts.panel.independent == facts.panel.chairs


@condition("panel", record=True, once_stated=True)
def specialist_on_panel(facts: ReviewFacts) -> bool:
    """A specialist domestic abuse service sits on the review panel."""
    return facts.panel.specialists > 0


@condition("terms", record=True, once_stated=True)
def terms_agreed(facts: ReviewFacts) -> bool:
    """The review panel has agreed the terms of reference."""
    return facts.panel.terms_agreed


@condition("imrs", record=True, once_stated=True)
def every_imr_settled(facts: ReviewFacts) -> bool:
    """Every IMR asked for is received, is not required, or is closed as no reply after escalation."""
    return facts.panel.imrs_asked > 0 and not facts.panel.imrs_open


@condition("family", record=True, once_stated=True, from_stage=Stage.PANEL)
def family_offered_part(facts: ReviewFacts) -> bool:
    """Each family member taking part was offered an advocate, the leaflet, a say in the terms and a meeting."""
    return facts.taking_part.each(*STEPS_ASKED["family_offered_part"])


# --- The chair's report ---------------------------------------------------------------------------------------------


@condition("report", record=True, once_stated=True, afresh=True)
def final_papers_on_file(facts: ReviewFacts) -> bool:
    """
    The final overview report, executive summary and action plan are on file, marked final by the chair and agreed by
    the review panel; after the Home Office asked for the report again, at least one of them is a new version.
    """
    report = facts.report
    return report.final == len(PAPERS) and (not report.sent_back or report.revised > 0)


@condition("accuracy", record=True, once_stated=True, afresh=True)
def accuracy_checked(facts: ReviewFacts) -> bool:
    """Each agency’s factual accuracy check is answered, or lapsed without an answer."""
    return facts.report.checks_sent > 0 and not facts.report.checks_open


@condition("family", record=True, once_stated=True, afresh=True)
def family_offered_reading(facts: ReviewFacts) -> bool:
    """Each family member taking part was offered a reading, and every comment of theirs is answered."""
    return facts.taking_part.each(*STEPS_ASKED["family_offered_reading"]) and not facts.taking_part.comments_open


@condition("approval", record=True, once_stated=True, afresh=True)
def report_agreed(facts: ReviewFacts) -> bool:
    """
    The report was agreed by the approving body: at a meeting with a quorum, or by circulation and reported to its next.
    """
    return facts.report.approved


@condition("plan", record=True, once_stated=True, afresh=True)
def action_plan_complete(facts: ReviewFacts) -> bool:
    """
    Each recommendation has an addressee, each local one an action with owner and date or a refusal, each national
    one a named department and a letter.
    """
    return facts.plan.recommendations > 0 and not (facts.plan.unaddressed or facts.plan.unplanned or facts.plan.unsent)


def _held_jointly(facts: ReviewFacts) -> bool:
    """the review is another body’s too"""
    return facts.report.joint_bodies > 0


@condition("approval", record=True, once_stated=True, afresh=True, arises_if=_held_jointly)
def joint_bodies_agreed(facts: ReviewFacts) -> bool:
    """Every body of a joint review has agreed the report."""
    return not facts.report.joint_open


@condition(always=True, afresh=True, two_people=True, files=True)
def anonymity_checked(facts: ReviewFacts) -> bool:
    """The anonymity check passed on exactly these files: two people signed them."""
    return facts.stated("anonymity_checked")


# --- Home Office quality assurance ----------------------------------------------------------------------------------


@condition(
    "home_office", record=True, once_stated=True, always=True, afresh=True, stated_by=frozenset({Role.COORDINATOR})
)
def resubmission_letter_on_file(facts: ReviewFacts) -> bool:
    """The Home Office letter that asks for resubmission is on file."""
    return facts.home_office.verdict == "resubmit"


@condition(
    "home_office", record=True, once_stated=True, always=True, afresh=True, stated_by=frozenset({Role.COORDINATOR})
)
def clearance_letter_on_file(facts: ReviewFacts) -> bool:
    """The Home Office letter is on file that says the report may be published, at once or after changes."""
    return facts.home_office.verdict in ("cleared", "cleared_after_changes")


@condition("home_office", record=True, once_stated=True, afresh=True)
def letter_points_answered(facts: ReviewFacts) -> bool:
    """Each point of the Home Office letter is changed, or not changed and why."""
    return facts.home_office.points_settled


@condition("report", record=True, once_stated=True, afresh=True)
def revised_papers_on_file(facts: ReviewFacts) -> bool:
    """The revised final files and the action plan are on file."""
    return (
        facts.home_office.verdict is not None
        and facts.report.final == len(PAPERS)
        and (not facts.home_office.points_changed or facts.report.revised > 0)
    )


def _letter_touches_the_family(facts: ReviewFacts) -> bool:
    """a point of the Home Office letter touches the family"""
    return facts.home_office.points_touching_family > 0


@condition("family", record=True, once_stated=True, afresh=True, arises_if=_letter_touches_the_family)
def family_told_of_changes(facts: ReviewFacts) -> bool:
    """The family was told of the changes that touch them."""
    return facts.taking_part.each(*STEPS_ASKED["family_told_of_changes"])


# --- Publication ----------------------------------------------------------------------------------------------------


@condition("family", record=True, once_stated=True, afresh=True)
def family_told_of_publication(facts: ReviewFacts) -> bool:
    """
    The family was told the date five working days before agencies and press, has its copy, and the date is not one
    of theirs to avoid.
    """
    return (
        facts.taking_part.each(*STEPS_ASKED["family_told_of_publication"])
        and facts.publication.in_time
        and facts.publication.avoids_dates
    )


@condition("publication", record=True, once_stated=True, afresh=True)
def agencies_told_of_publication(facts: ReviewFacts) -> bool:
    """The agencies were told the date of publication."""
    return facts.publication.agencies_told


@condition("told", afresh=True, tells=Audience.COMMISSIONER, told_once=True)
def commissioner_sent_copy(facts: ReviewFacts) -> bool:
    """A copy of the report was sent to the Domestic Abuse Commissioner."""
    return facts.was_sent(Audience.COMMISSIONER) or facts.stated("commissioner_sent_copy")


@condition("publication", record=True, once_stated=True, afresh=True, stated_by=STEERING | {Role.COORDINATOR})
def publication_approved(facts: ReviewFacts) -> bool:
    """Publication is approved."""
    return facts.publication.approved


@condition("family", record=True, once_stated=True, afresh=True)
def family_view_recorded(facts: ReviewFacts) -> bool:
    """The family was told why the report is withheld, and its view is recorded."""
    return facts.taking_part.each_answered(*STEPS_ASKED["family_view_recorded"])


# --- Learning and action plan, closing ------------------------------------------------------------------------------


@condition("learning", record=True, once_stated=True)
def briefing_issued(facts: ReviewFacts) -> bool:
    """The learning briefing is issued."""
    return facts.ending.briefings > 0


@condition("learning", record=True, once_stated=True)
def learning_shared(facts: ReviewFacts) -> bool:
    """The learning was shared at a seminar, or in another way that is minuted."""
    return facts.ending.shared > 0


@condition("plan", record=True, once_stated=True, afresh=True, stated_by=STEERING)
def local_actions_signed_off(facts: ReviewFacts) -> bool:
    """
    Each local recommendation has its action or a refusal, and every such action is signed off by the steering group,
    superseded, or not taken forward by minute.
    """
    return facts.plan.recommendations > 0 and not (facts.plan.actions_open or facts.plan.unacted)


@condition("plan", record=True, once_stated=True)
def national_recommendations_sent(facts: ReviewFacts) -> bool:
    """Each national recommendation is sent to its department and on the ledger."""
    return facts.plan.recommendations > 0 and not facts.plan.unsent


@condition("family", record=True, once_stated=True, afresh=True)
def family_told_what_changed(facts: ReviewFacts) -> bool:
    """Each family member was told what changed, or asked not to be."""
    return facts.taking_part.each(*STEPS_ASKED["family_told_what_changed"])


@condition("closing", record=True, once_stated=True, afresh=True)
def retention_date_set(facts: ReviewFacts) -> bool:
    """The date until which the records are kept is set."""
    return facts.ending.kept_until is not None


# --- Told, agreed, handed over: conditions of the side paths --------------------------------------------------------


@condition("told", afresh=True, tells=Audience.HOME_OFFICE)
def home_office_told(facts: ReviewFacts) -> bool:
    """The Home Office was told."""
    return facts.was_told(Audience.HOME_OFFICE) or facts.stated("home_office_told")


@condition("told", afresh=True, tells=Audience.FAMILY)
def family_told(facts: ReviewFacts) -> bool:
    """Each family member was told, or it is recorded why not."""
    if facts.family_to_tell:
        return facts.family_told >= facts.family_to_tell or facts.stated("family_told")
    return facts.family_barred > 0 or facts.was_told(Audience.FAMILY) or facts.stated("family_told")


@condition("told", afresh=True, tells=Audience.PANEL, from_stage=Stage.PANEL)
def panel_told(facts: ReviewFacts) -> bool:
    """The review panel was told."""
    return facts.was_told(Audience.PANEL) or facts.stated("panel_told")


@condition("told", afresh=True, tells=Audience.AGENCIES, from_stage=Stage.SCOPING)
def agencies_told(facts: ReviewFacts) -> bool:
    """The agencies were told."""
    return facts.was_told(Audience.AGENCIES) or facts.stated("agencies_told")


@condition("handover", record=True, once_stated=True, always=True, afresh=True)
def receiver_acknowledged(facts: ReviewFacts) -> bool:
    """The receiving partnership has acknowledged the transfer."""
    return facts.ending.handover_acknowledged


@condition("handover", record=True, once_stated=True, afresh=True)
def handed_over_by_list(facts: ReviewFacts) -> bool:
    """Papers, open actions and family contact were handed over by list."""
    return facts.ending.handover_items > 0 and not facts.ending.handover_open


@condition(always=True, afresh=True, two_people=True)
def agreed_to_void(facts: ReviewFacts) -> bool:
    """A second person agrees that this record was entered in error."""
    return facts.stated("agreed_to_void")


@condition(always=True, afresh=True, two_people=True, stage=True)
def agreed_to_bring_in(facts: ReviewFacts) -> bool:
    """A second person agrees to what is brought in: the stage and the day it stood there."""
    return facts.stated("agreed_to_bring_in")


@condition(always=True, afresh=True, two_people=True, stage=True)
def agreed_to_correct(facts: ReviewFacts) -> bool:
    """A second person agrees to the corrected stage."""
    return facts.stated("agreed_to_correct")


@condition("earlier_steps", afresh=True, record=True, once_stated=True)
def earlier_steps_marked(facts: ReviewFacts) -> bool:
    """Every earlier step is marked “before this system”, with its date where it is known."""
    return facts.ending.earlier_steps > 0


@condition(record=True, always=True, mend="hold")
def not_on_hold(facts: ReviewFacts) -> bool:
    """The review is not already on hold."""
    return facts.open_pause is None


@condition(record=True, always=True, mend="hold")
def is_on_hold(facts: ReviewFacts) -> bool:
    """The review is on hold."""
    return facts.open_pause is not None


@condition("panel", record=True, once_stated=True, always=True, afresh=True)
def access_ended(facts: ReviewFacts) -> bool:
    """The former chair’s access ended the same day."""
    return facts.panel.leavers > 0 and not facts.panel.leavers_with_access


@condition("panel", record=True, once_stated=True, afresh=True)
def papers_returned(facts: ReviewFacts) -> bool:
    """The former chair returned or destroyed the papers."""
    return facts.panel.leavers > 0 and not facts.panel.leavers_with_papers


@condition("panel", record=True, once_stated=True, afresh=True)
def interim_holder_named(facts: ReviewFacts) -> bool:
    """Somebody is named who holds the review until the new chair begins."""
    return facts.panel.leavers > 0 and not facts.panel.leavers_without_interim


@condition("panel", record=True, once_stated=True, always=True, afresh=True)
def new_independence_declared(facts: ReviewFacts) -> bool:
    """The new chair has declared that they are independent of the agencies involved."""
    return facts.panel.leavers > 0 and facts.panel.chairs > 0 and facts.panel.independent == facts.panel.chairs
