"""The facts about a review's records as columns of the first statement: counts and codes; nothing is opened."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, String, and_, cast, func, or_, select
from sqlalchemy.orm import aliased

from dhr_app.database.models.account import Membership
from dhr_app.database.models.accuracy import AccuracyCheck
from dhr_app.database.models.appointment import Appointment
from dhr_app.database.models.approval import Approval, JointBody
from dhr_app.database.models.closing import Closing
from dhr_app.database.models.earlier import EarlierStep
from dhr_app.database.models.family_part import FamilyComment
from dhr_app.database.models.handover import Handover, HandoverItem
from dhr_app.database.models.home_office import HomeOfficeLetter, LetterPoint
from dhr_app.database.models.imr import Imr
from dhr_app.database.models.learning import Briefing, SeminarReview
from dhr_app.database.models.panel import PanelSeat
from dhr_app.database.models.paper import Paper
from dhr_app.database.models.partnership import Agency
from dhr_app.database.models.people import FamilyMember
from dhr_app.database.models.plan import Action, Addressee, Recommendation
from dhr_app.database.models.publication import Publication
from dhr_app.database.models.review import Review
from dhr_app.database.models.statement import Statement
from dhr_app.database.models.terms import Terms
from dhr_app.workflows import record_facts as r
from dhr_app.workflows.roles import Role


def columns() -> list[Any]:
    """Everything asked of the records of the review in whose row the columns stand."""
    found = _panel() | _family() | _report() | _home_office() | _publication() | _plan() | _ending()
    return [column.label(name) for name, column in found.items()]


def groups(row: Row[Any], reached: dict[str, int], answered: dict[str, int]) -> dict[str, Any]:
    """The facts, grouped as the rules ask for them.

    `reached` counts the family members each kind of step reached, `answered` those who have answered it.
    """
    return {
        "panel": r.PanelFacts(
            chairs=row.chairs,
            independent=row.independent,
            leavers=row.leavers,
            leavers_with_access=row.leavers_with_access,
            leavers_with_papers=row.leavers_with_papers,
            leavers_without_interim=row.leavers_without_interim,
            specialists=row.specialists,
            terms_agreed=row.terms_agreed_on is not None,
            imrs_asked=row.imrs_asked,
            imrs_open=row.imrs_open,
        ),
        "taking_part": r.TakingPart(row.undecided, row.taking_part, reached, answered, row.comments_open),
        "report": r.ReportFacts(
            final=row.final,
            revised=row.revised,
            sent_back=row.latest_verdict == "resubmit",
            checks_sent=row.checks_sent,
            checks_open=row.checks_open,
            approved=row.approvals > 0,
            joint_bodies=row.joint_bodies,
            joint_open=row.joint_open,
        ),
        "home_office": r.HomeOfficeFacts(
            verdict=row.verdict,
            points=row.points,
            points_open=row.points_open,
            points_changed=row.points_changed,
            points_touching_family=row.points_touching_family,
        ),
        "publication": r.PublicationFacts(
            planned=row.planned > 0,
            in_time=row.in_time > 0,
            avoids_dates=row.avoids_dates > 0,
            agencies_told=row.publication_told > 0,
            approved=row.publication_approved > 0,
        ),
        "plan": r.PlanFacts(
            row.recommendations, row.unaddressed, row.unplanned, row.unsent, row.unacted, row.actions_open
        ),
        "ending": r.EndingFacts(
            briefings=row.briefings,
            shared=row.shared,
            kept_until=row.kept_until,
            handover_acknowledged=row.handover_acknowledged > 0,
            handover_items=row.handover_items,
            handover_open=row.handover_open,
            earlier_steps=row.earlier_steps,
        ),
    }


def _count(model: Any, *where: Any) -> Any:
    return select(func.count()).select_from(model).where(model.review_id == Review.id, *where).scalar_subquery()


def _panel() -> dict[str, Any]:
    chair = Appointment.role == Role.INDEPENDENT_CHAIR.value
    in_office = and_(chair, Appointment.ended_on.is_(None))
    left = and_(
        chair, Appointment.ended_on.is_not(None), Appointment.ended_because != "mistake", Appointment.used_by.is_(None)
    )
    now = aliased(Appointment)
    appointed = (
        select(now.id)
        .where(
            now.review_id == Membership.review_id,
            now.account_id == Membership.account_id,
            now.role == Role.INDEPENDENT_CHAIR.value,
            now.ended_on.is_(None),
        )
        .exists()
    )
    access = (
        select(Membership.id)
        .where(
            Membership.review_id == Appointment.review_id,
            Membership.role == Role.INDEPENDENT_CHAIR.value,
            Membership.to_on.is_(None),
            ~appointed,
        )
        .exists()
    )
    newest = select(Terms.agreed_on).where(Terms.review_id == Review.id).order_by(Terms.number.desc()).limit(1)
    return {
        "chairs": _count(Appointment, in_office),
        "independent": _count(Appointment, in_office, Appointment.independence_declared_on.is_not(None)),
        "leavers": _count(Appointment, left),
        "leavers_with_access": _count(Appointment, left, access),
        "leavers_with_papers": _count(Appointment, left, Appointment.papers_returned_on.is_(None)),
        "leavers_without_interim": _count(Appointment, left, Appointment.interim_holder.is_(None)),
        "specialists": _count(PanelSeat, PanelSeat.brings == "domestic_abuse", PanelSeat.to_on.is_(None)),
        "terms_agreed_on": newest.scalar_subquery(),
        "imrs_asked": _count(Imr),
        "imrs_open": _count(Imr, Imr.outcome == "open"),
    }


def _family() -> dict[str, Any]:
    may_be_asked = FamilyMember.not_contacted_because.is_(None)
    answerable = select(FamilyMember.id).where(FamilyMember.id == FamilyComment.family_member_id, may_be_asked).exists()
    return {
        "undecided": _count(FamilyMember, may_be_asked, FamilyMember.takes_part == "not_known"),
        "taking_part": _count(FamilyMember, may_be_asked, FamilyMember.takes_part == "yes"),
        "comments_open": _count(
            FamilyComment, FamilyComment.answered_on.is_(None), FamilyComment.removed_on.is_(None), answerable
        ),
    }


def _report() -> dict[str, Any]:
    final = and_(Paper.superseded_on.is_(None), Paper.final_on.is_not(None), Paper.panel_agreed_on.is_not(None))
    signed_before = (
        select(Statement.id)
        .where(
            Statement.review_id == Paper.review_id,
            Statement.condition == "anonymity_checked",
            Statement.used_by.is_not(None),
            cast(Statement.file_hashes, String).contains(Paper.sha256),
        )
        .exists()
    )
    latest = (
        select(HomeOfficeLetter.verdict)
        .where(HomeOfficeLetter.review_id == Review.id)
        .order_by(HomeOfficeLetter.received_on.desc(), HomeOfficeLetter.round.desc(), HomeOfficeLetter.id)
        .limit(1)
    )
    again = aliased(AccuracyCheck)
    asked_again = (
        select(again.id)
        .where(
            again.review_id == AccuracyCheck.review_id,
            again.agency_id == AccuracyCheck.agency_id,
            again.voided_on.is_(None),
            again.outcome != "taken_back",
        )
        .exists()
    )
    unsettled = or_(
        AccuracyCheck.outcome == "open",
        and_(AccuracyCheck.outcome == "corrections", AccuracyCheck.settled_on.is_(None)),
    )
    waits = or_(
        and_(AccuracyCheck.voided_on.is_(None), unsettled), and_(AccuracyCheck.voided_on.is_not(None), ~asked_again)
    )
    reported = or_(Approval.how != "circulation", Approval.reported_on.is_not(None))
    counts = and_(Approval.voided_on.is_(None), Approval.used_by.is_(None), reported)
    agreed_too = select(Approval.id).where(Approval.joint_body_id == JointBody.id, counts).exists()
    return {
        "final": _count(Paper, final),
        "revised": _count(Paper, final, ~signed_before),
        "latest_verdict": latest.scalar_subquery(),
        "checks_sent": _count(AccuracyCheck, AccuracyCheck.outcome != "taken_back"),
        "checks_open": _count(AccuracyCheck, waits),
        "approvals": _count(Approval, Approval.joint_body_id.is_(None), counts),
        "joint_bodies": _count(JointBody, JointBody.removed_on.is_(None)),
        "joint_open": _count(JointBody, JointBody.removed_on.is_(None), ~agreed_too),
    }


def _home_office() -> dict[str, Any]:
    unused = HomeOfficeLetter.used_by.is_(None)
    latest = (
        select(HomeOfficeLetter.verdict)
        .where(HomeOfficeLetter.review_id == Review.id, unused)
        .order_by(HomeOfficeLetter.received_on.desc(), HomeOfficeLetter.round.desc(), HomeOfficeLetter.id)
        .limit(1)
    )
    of_it = select(HomeOfficeLetter.id).where(HomeOfficeLetter.id == LetterPoint.letter_id, unused).exists()
    return {
        "verdict": latest.scalar_subquery(),
        "points": _count(LetterPoint, of_it),
        "points_open": _count(LetterPoint, of_it, LetterPoint.outcome == "open"),
        "points_changed": _count(LetterPoint, of_it, LetterPoint.outcome == "changed"),
        "points_touching_family": _count(LetterPoint, of_it, LetterPoint.touches_family.is_(True)),
    }


def _publication() -> dict[str, Any]:
    planned = and_(Publication.used_by.is_(None), Publication.published_on.is_(None))
    in_time = and_(
        Publication.agencies_from.is_not(None),
        Publication.planned_on >= Publication.agencies_from,
        or_(Publication.agencies_told_on.is_(None), Publication.agencies_told_on >= Publication.agencies_from),
        or_(Publication.press_told_on.is_(None), Publication.press_told_on >= Publication.agencies_from),
    )
    return {
        "planned": _count(Publication, planned),
        "in_time": _count(Publication, planned, in_time),
        "avoids_dates": _count(Publication, planned, Publication.avoids_family_dates.is_(True)),
        "publication_told": _count(Publication, planned, Publication.agencies_told_on.is_not(None)),
        "publication_approved": _count(Publication, planned, Publication.approved_on.is_not(None)),
    }


def _plan() -> dict[str, Any]:
    stands = Recommendation.withdrawn_on.is_(None)
    here = Recommendation.scope != "national"
    of_it = Addressee.recommendation_id == Recommendation.id
    addressed = select(Addressee.id).where(of_it).exists()
    asked = select(Addressee.id).where(of_it, Addressee.refused_on.is_(None)).exists()
    department = (
        select(Addressee.id).join(Agency, Agency.id == Addressee.agency_id).where(of_it, Agency.kind == "national")
    ).exists()
    dated = or_(Action.target_on.is_not(None), and_(Action.ongoing.is_(True), Action.look_again_on.is_not(None)))
    whole = and_(Action.owner_id.is_not(None), dated)
    on_the_plan = and_(Action.recommendation_id == Recommendation.id, Action.removed_on.is_(None))
    has_action = select(Action.id).where(on_the_plan).exists()
    acted_on = select(Action.id).where(on_the_plan, whole).exists()
    vague = select(Action.id).where(on_the_plan, Action.outcome == "open", ~whole).exists()
    of_a_local_one = select(Recommendation.id).where(Recommendation.id == Action.recommendation_id, stands, here)
    return {
        "recommendations": _count(Recommendation, stands),
        "unaddressed": _count(Recommendation, stands, ~addressed),
        "unplanned": _count(Recommendation, stands, here, or_(and_(asked, ~acted_on), vague)),
        "unsent": _count(Recommendation, stands, ~here, or_(~department, Recommendation.sent_on.is_(None))),
        "unacted": _count(Recommendation, stands, here, asked, ~has_action),
        "actions_open": _count(Action, Action.outcome == "open", Action.removed_on.is_(None), of_a_local_one.exists()),
    }


def _ending() -> dict[str, Any]:
    running = and_(Handover.used_by.is_(None), Handover.given_up_on.is_(None))
    of_it = select(Handover.id).where(Handover.id == HandoverItem.handover_id, running).exists()
    kept_until = select(Closing.keep_until).where(Closing.review_id == Review.id).scalar_subquery()
    return {
        "briefings": _count(Briefing),
        "shared": _count(SeminarReview),
        "kept_until": kept_until,
        "handover_acknowledged": _count(Handover, running, Handover.acknowledged_on.is_not(None)),
        "handover_items": _count(HandoverItem, of_it),
        "handover_open": _count(
            HandoverItem, of_it, HandoverItem.handed_on.is_(None), HandoverItem.there_is_none.is_(False)
        ),
        "earlier_steps": _count(EarlierStep, EarlierStep.was_reached.is_(True)),
    }
