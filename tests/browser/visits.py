"""Which pages there are: for each route how to find real ones, and whether the table of permissions opens them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from dhr_app.adapters.clock import london_date
from dhr_app.casework.bank_holidays import HolidayEntry, add_holiday, look_at_adding
from dhr_app.casework.emergency import EmergencyEntry, ask
from dhr_app.casework.house import at_work
from dhr_app.casework.reminding import remind
from dhr_app.database.models import (
    Account,
    AccuracyCheck,
    Action,
    Addressee,
    Agreement,
    Appointment,
    Approval,
    Briefing,
    Conflict,
    Declaration,
    Disposal,
    Draft,
    EmergencyAccess,
    Evidence,
    ExtraHoliday,
    FamilyComment,
    FamilyMember,
    FamilyStep,
    Handover,
    HandoverItem,
    HomeOfficeLetter,
    Imr,
    Incident,
    InformationRequest,
    InvolvedPerson,
    JointBody,
    LegalHold,
    LetterPoint,
    Meeting,
    Message,
    PanelSeat,
    Paper,
    PlannedMeeting,
    Publication,
    Recommendation,
    ScopingRequest,
    Seminar,
    SensitiveNote,
    Statement,
    Telling,
    Tenant,
    Terms,
)
from dhr_app.web.guide.views import TITLES
from dhr_app.web.owed.forms import FORMS
from dhr_app.web.routes import PUBLIC, Door
from dhr_app.workflows.errors import Invalid
from dhr_app.workflows.lifecycle import MOVES
from dhr_app.workflows.permissions import Person, allows
from dhr_app.workflows.roles import Role
from tests.browser.site import Site
from tests.factories import NOW, TODAY

Way = dict[str, Any]
Finding = Callable[[Site], Iterator[Way]]

EVERY_CASE = "every case of the demo"


def nothing(site: Site) -> Iterator[Way]:
    """A page that is the same page whatever it is about."""
    yield {}


def of(*cases: str) -> Finding:
    """The page of each of these cases of the demo."""

    def ways(site: Site) -> Iterator[Way]:
        for case in site.demo.references if cases == (EVERY_CASE,) else cases:
            yield {"reference": site.reference(case)}

    return ways


def rows(model: Any, argument: str, *cases: str, **having: object) -> Finding:
    """The page of each row that these cases have, of those that have these values."""

    def ways(site: Site) -> Iterator[Way]:
        for case in cases:
            for row_id in site.ids(model, case, **having):
                yield {"reference": site.reference(case), argument: row_id}

    return ways


def named(*pairs: tuple[str, str]) -> Finding:
    """The page of each move or condition, by its case and its name."""

    def ways(site: Site) -> Iterator[Way]:
        for case, name in pairs:
            yield {"reference": site.reference(case), "name": name}

    return ways


def with_query(visits: Finding, **query: str) -> Finding:
    """The same pages, asked for with something after the question mark."""
    return lambda site: ({**way, **query} for way in visits(site))


def both(*several: Finding) -> Finding:
    """One after the other."""
    return lambda site: (way for visits in several for way in visits(site))


def moves_to_see(site: Site) -> Iterator[Way]:
    """Each move of the table at a case where it starts, and one that does not start there."""
    starts_at = {
        "notified": ("begin_scoping", "void", "bring_in", "direct"),
        "scoping": ("commission", "defer"),
        "late": ("decide_not_to_review", "transfer", "withdraw", "pause"),
        "handing_over": ("transfer",),
        "not_reviewed": ("reconsider",),
        "panel": ("begin_report", "extend", "replace_chair"),
        "on_hold": ("resume", "keep_hold"),
        "chair_report": ("submit_to_home_office",),
        "home_office_qa": ("clear", "send_back"),
        "publication": ("publish", "withhold", "correct_stage"),
        "seminar": ("close", "take_down", "publish_again"),
        "closed": ("reopen", "begin_scoping"),
        "local": ("finish_local",),
        "contribution": ("close_contribution", "begin_contribution"),
    }
    assert {name for names in starts_at.values() for name in names} == set(MOVES)
    return named(*((case, name) for case, names in starts_at.items() for name in names))(site)


def seminars(site: Site) -> Iterator[Way]:
    """Each seminar of the demo."""
    with site.house.reading() as session:
        found = list(session.scalars(select(Seminar.id).order_by(Seminar.held_on)))
    assert len(found) > 1
    return iter([{"seminar_id": seminar_id} for seminar_id in found])


def learning_events(site: Site) -> Iterator[Way]:
    """Each learning event that is planned: everybody who works with the partnership may know of it."""
    with site.house.reading() as session:
        ours = select(PlannedMeeting.id).where(PlannedMeeting.kind == "learning_event").order_by(PlannedMeeting.id)
        found = list(session.scalars(ours))
    assert found
    return iter([{"planned_id": planned_id} for planned_id in found])


def shared_drafts(site: Site) -> Iterator[Way]:
    """The file of each draft that the panel may read too."""
    reference = site.reference("chair_report")
    with site.house.reading() as session:
        rows = select(Draft.id).where(Draft.review_id == site.review_id(reference), Draft.shared_at.is_not(None))
        return iter([{"reference": reference, "draft_id": draft_id} for draft_id in session.scalars(rows)])


def drafts_to_file(site: Site) -> Iterator[Way]:
    """The form of a new version, filled in from each draft of a paper."""
    found = rows(Draft, "draft", "chair_report", kind="overview_report")(site)
    return ({**way, "draft": str(way["draft"])} for way in found)


def of_family(model: Any, argument: str, *cases: str) -> Finding:
    """The page of each row that these cases have of a family member."""

    def ways(site: Site) -> Iterator[Way]:
        for way in rows(model, argument, *cases)(site):
            with site.house.reading() as session:
                yield {**way, "member_id": session.get_one(model, way[argument]).family_member_id}

    return ways


def steps_to_take(site: Site) -> Iterator[Way]:
    """The form of steps of different kinds; one of the two in the second case is not to be contacted."""
    members = list(rows(FamilyMember, "member_id", "chair_report", "suspected_suicide")(site))
    return ({**way, "kind": kind} for way in members for kind in ("reading", "publication_date", "withholding"))


def numbered(case: str) -> Finding:
    """The page of the disposal that runs in a case, by its number; none once nothing runs there."""

    def ways(site: Site) -> Iterator[Way]:
        for disposal_id in site.ids(Disposal, case, stopped_at=None, done_at=None):
            with site.house.reading() as session:
                yield {"reference": site.reference(case), "number": session.get_one(Disposal, disposal_id).number}

    return ways


def each(model: Any, argument: str) -> Finding:
    """The page of each row of a table that belongs to no one review."""

    def ways(site: Site) -> Iterator[Way]:
        with site.house.reading() as session:
            found = list(session.scalars(select(model.id).order_by(model.number)))
        assert found
        return iter([{argument: row_id} for row_id in found])

    return ways


def keyed(*keys: str) -> Finding:
    """The page of each of these rows of the table of reminders."""
    return lambda site: iter([{"key": key} for key in keys])


def freezes(site: Site) -> Iterator[Way]:
    """The page of each freeze in force: none in the demo, which would hold everything (tests/web/test_records.py)."""
    with site.house.reading() as session:
        found = select(LegalHold.id).where(LegalHold.review_id.is_(None), LegalHold.lifted_at.is_(None))
        return iter([{"hold_id": hold_id} for hold_id in session.scalars(found.order_by(LegalHold.id))])


def mails(site: Site) -> Iterator[Way]:
    """Each message of this morning, written now unless that was done."""
    remind(site.house, TODAY, at=NOW)
    with site.house.reading() as session:
        found = list(session.scalars(select(Message.id).order_by(Message.id)))
    assert found
    return iter([{"message_id": message_id} for message_id in found])


def questions(site: Site) -> Iterator[Way]:
    """The question for emergency access that waits for a second person: asked ten minutes ago, unless that was done.

    Of destroyed records there is none: nobody can ask for what cannot be opened.
    """
    case = {"reference": site.reference("suspected_suicide")}
    if not site.ids(EmergencyAccess, "suspected_suicide"):
        entry = EmergencyEntry(case["reference"], "nobody_there", "The ward asks whether her mother may be rung.")
        with at_work(site.house), suppress(Invalid):
            ask(entry, by=site.person(Role.STEERING_MEMBER), at=NOW - timedelta(minutes=10))
    return iter([{**case, "emergency_id": each} for each in site.ids(EmergencyAccess, "suspected_suicide")])


def accounts(site: Site) -> Iterator[Way]:
    """The account of somebody who visits no page themselves: nobody does these things with their own."""
    with site.house.reading() as session:
        found = select(Account.id).where(Account.role == Role.STEERING_DEPUTY.value).order_by(Account.id)
        return iter([{"account_id": account_id} for account_id in session.scalars(found)])


def holidays(site: Site) -> Iterator[Way]:
    """A bank holiday that was added, in a year on which no date of the demo hangs."""
    by, entry = site.person(Role.COORDINATOR), HolidayEntry(date(2031, 7, 2), "Day of thanksgiving", "The Gazette")
    with at_work(site.house), suppress(Invalid):
        mark = look_at_adding(entry, by=by, at=NOW).mark
        add_holiday(entry, mark, by=by, at=NOW)
    with site.house.reading() as session:
        standing = select(ExtraHoliday.id).where(ExtraHoliday.taken_back_at.is_(None)).order_by(ExtraHoliday.id)
        return iter([{"holiday_id": each} for each in session.scalars(standing)])


def agreements(site: Site) -> Iterator[Way]:
    """The newest agreements."""
    with site.house.reading() as session:
        found = select(Agreement.id).order_by(Agreement.id.desc()).limit(2)
        return iter([{"agreement_id": agreement_id} for agreement_id in session.scalars(found)])


def tenants(site: Site) -> Iterator[Way]:
    """Each organisation's own sign-in: none in the demo (tests/web/test_tenants.py comes back from one)."""
    with site.house.reading() as session:
        found = select(Tenant.id).order_by(Tenant.id)
        return iter([{"tenant_id": tenant_id} for tenant_id in session.scalars(found)])


def agencies_with_people(site: Site) -> Iterator[Way]:
    """Each agency of which somebody is a contributor."""
    with site.house.reading() as session:
        found = select(Account.agency_id).where(Account.role == Role.AGENCY_CONTRIBUTOR.value).distinct()
        return iter([{"agency_id": agency_id} for agency_id in session.scalars(found)])


def colleagues(site: Site) -> Iterator[Way]:
    """Whom an agency’s contact could end: nobody in the demo (tests/casework/test_takeover.py)."""
    return iter(())


def links(site: Site) -> Iterator[Way]:
    """The link of a mail: none in the demo, and one that opens nothing is no page (web/test_invitations.py)."""
    return iter(())


def own_actions(site: Site) -> Iterator[Way]:
    """The actions of these cases through their agencies’ door, which names no review."""
    found = rows(Action, "action_id", "publication", "seminar", "withheld", "closed")(site)
    return ({"action_id": way["action_id"]} for way in found)


def own_evidence(site: Site) -> Iterator[Way]:
    """Each file that shows what was done, through its agency’s door."""
    return ({"evidence_id": way["evidence_id"]} for way in rows(Evidence, "evidence_id", "withheld")(site))


def each_answer(visits: Finding) -> Finding:
    """The form of each answer that an agency may give."""
    return lambda site: ({**way, "step": step} for way in visits(site) for step in FORMS)


# How to find real pages behind each route: a function from the site to what its address is made of.
VISITS: dict[str, Finding] = {
    "front.home":            nothing,
    "front.health":          nothing,
    "front.alive":           nothing,
    "signing_in.sign_in":    nothing,
    "signing_in.enter_code": nothing,
    "signing_in.forgotten":  nothing,
    "signing_in.enter_by_passkey": nothing,
    "organisation.choose":   nothing,
    "organisation.back":     tenants,
    "sign_ins.see":          nothing,
    "sign_ins.set_up":       nothing,
    "sign_ins.prove":        nothing,
    "sign_ins.add_passkey":  nothing,
    "sign_ins.change_password": nothing,
    "day.today":             nothing,
    "accounts.index":        nothing,
    "accounts.see":          accounts,
    "accounts.block":        accounts,
    "accounts.change":       accounts,
    "invitations.see":       nothing,
    "invitations.invite":    nothing,
    "agreements.see":        nothing,
    "agreements.add":        nothing,
    "agreements.end":        agreements,
    "bank_holidays.see":     nothing,
    "bank_holidays.add":     nothing,
    "bank_holidays.take_back": holidays,
    "contacts.see":          nothing,
    "contacts.choose":       agencies_with_people,
    "tenants.see":           nothing,
    "tenants.add":           nothing,
    "substitutes.see":       nothing,
    "substitutes.end":       colleagues,
    "joining.join":          links,
    "ways_in.ask":           accounts,
    "ways_in.choose":        links,
    "by_link.ask":           links,
    "by_link.enter_code":    links,
    "by_link.see":           links,
    "by_link.report":        links,
    "by_link.sent":          nothing,
    "owed.see":              nothing,
    "owed.action":           own_actions,
    "owed.report":           each_answer(own_actions),
    "owed.take_out":         own_evidence,
    "overview.see":          nothing,
    "overview.report":       both(with_query(nothing, **{"as-at": "2026-05-31"}), nothing),
    "reviews.index":         both(nothing, lambda site: iter([{"stage": "scoping"}, {"last": ""}])),
    "reviews.see":           of(EVERY_CASE),
    "reviews.timeline":      of("notified", "scoping", "seminar"),
    "access.see":            of("notified", "panel", "publication"),
    "openings.see":          both(of("notified", "panel"), with_query(of("panel"), until="2020-01-01")),
    "trail.see":             both(nothing, with_query(nothing, sort="opened")),
    "earlier.see":           of("notified", "brought_in"),
    "earlier.mark":          with_query(of("notified"), stage="panel"),
    "notification.notify":   nothing,
    "guide.own":             nothing,
    "guide.see":             lambda site: ({"name": name} for name in TITLES),
    "notification.see":      of("notified", "scoping", "closed"),
    "notification.correct":  of("notified", "scoping"),
    "people.see":            of("notified", "panel", "closed"),
    "people.add":            of("notified", "panel"),
    "people.correct":        rows(InvolvedPerson, "person_id", "notified", "panel"),
    "family.see":            of("notified", "scoping", "panel"),
    "family.add":            of("scoping", "panel"),
    "family.correct":        rows(FamilyMember, "member_id", "scoping"),
    "kept_apart.see":        of("notified", "scoping", "panel", "closed"),
    "kept_apart.add":        of("scoping", "panel"),
    "kept_apart.note":       rows(SensitiveNote, "note_id", "panel"),
    "kept_apart.correct":    rows(SensitiveNote, "note_id", "panel"),
    "kept_apart.strike":     rows(SensitiveNote, "note_id", "panel"),
    "kept_apart.contact":    rows(FamilyMember, "member_id", "panel"),
    "kept_apart.give":       of("scoping", "panel"),
    "family_part.see":       rows(FamilyMember, "member_id", "scoping", "chair_report", "suspected_suicide"),
    "family_part.change":    rows(FamilyMember, "member_id", "suspected_suicide"),
    "family_part.news":      rows(FamilyMember, "member_id", "scoping", "chair_report"),
    "family_part.add_step":  steps_to_take,
    "family_part.step":      of_family(FamilyStep, "step_id", "chair_report"),
    "family_part.add_comment": rows(FamilyMember, "member_id", "chair_report"),
    "family_part.comment":   of_family(FamilyComment, "comment_id", "chair_report"),
    "family_part.add_day":   rows(FamilyMember, "member_id", "chair_report"),
    "scoping.see":           of("notified", "scoping", "late", "panel"),
    "scoping.answer":        rows(ScopingRequest, "request_id", "scoping"),
    "imr.see":               of("notified", "panel", "on_hold"),
    "imr.answer":            rows(Imr, "imr_id", "panel", "on_hold"),
    "imr.request":           rows(Imr, "imr_id", "panel"),
    "accuracy.see":          of("panel", "chair_report", "seminar"),
    "accuracy.answer":       rows(AccuracyCheck, "check_id", "chair_report", "seminar"),
    "accuracy.settle":       rows(AccuracyCheck, "check_id", "chair_report", outcome="corrections", voided_on=None),
    "accuracy.sent":         rows(AccuracyCheck, "check_id", "chair_report", voided_on=None),
    "terms.see":             of("panel", "on_hold", "home_office_qa"),
    "terms.draft":           of("panel", "on_hold", "home_office_qa"),
    "terms.correct":         rows(Terms, "terms_id", "panel"),
    "terms.agree":           rows(Terms, "terms_id", "panel"),
    "meeting.see":           of("panel", "on_hold", "home_office_qa"),
    "meeting.hold":          of("panel"),
    "planned.index":         nothing,
    "planned.gather":        nothing,
    "planned.plan":          of("panel"),
    "planned.see":           learning_events,
    "planned.hold":          rows(PlannedMeeting, "planned_id", "panel", cancelled_at=None),
    "calendar.see":          nothing,
    "calendar.feed":         links,
    "meeting.correct":       rows(Meeting, "meeting_id", "home_office_qa"),
    "approval.see":          of("panel", "chair_report", "home_office_qa", "closed"),
    "approval.approve":      of("panel", "chair_report"),
    "approval.correct":      rows(Approval, "approval_id", "chair_report", "home_office_qa", joint_body_id=None),
    "approval.report":       rows(Approval, "approval_id", "chair_report"),
    "approval.take_back":    rows(Approval, "approval_id", "chair_report"),
    "joint_body.add":        of("home_office_qa"),
    "joint_body.correct":    rows(JointBody, "body_id", "home_office_qa"),
    "joint_body.agree":      rows(JointBody, "body_id", "home_office_qa"),
    "joint_body.remove":     rows(JointBody, "body_id", "home_office_qa"),
    "other_reviews.consider": of("scoping", "late", "panel"),
    "decision.prepare":      of("scoping", "late", "not_reviewed", "panel"),
    "publication.see":       of("panel", "publication", "seminar", "withheld", "closed", "local"),
    "publication.plan":      of("seminar"),
    "publication.earlier":   of("seminar"),
    "publication.correct":   rows(Publication, "publication_id", "publication", "closed"),
    "publication.approve":   rows(Publication, "publication_id", "publication", "closed"),
    "learning.see":          of("panel", "publication", "seminar", "closed"),
    "learning.issue":        of("seminar"),
    "learning.correct":      rows(Briefing, "briefing_id", "seminar"),
    "seminars.hold":         both(nothing, lambda site: iter([{"review": site.reference("seminar")}])),
    "seminars.see":          seminars,
    "seminars.correct":      seminars,
    "seminars.figures":      seminars,
    "closing.see":           of("panel", "seminar", "closed"),
    "closing.retention":     of("seminar", "closed"),
    "closing.audit":         of("seminar", "closed"),
    "plan.see":              of("panel", "home_office_qa", "seminar", "closed"),
    "plan.in_report":        of("panel", "seminar"),
    "plan.consent":          of("home_office_qa", "seminar"),
    "plan.add":              of("panel"),
    "plan.correct":          rows(Recommendation, "recommendation_id", "seminar"),
    "plan.withdraw":         rows(Recommendation, "recommendation_id", "local"),
    "plan.letter":           rows(Recommendation, "recommendation_id", "seminar"),
    "plan.refusal":          rows(Addressee, "addressee_id", "seminar"),
    "plan.add_action":       rows(Recommendation, "recommendation_id", "local"),
    "plan.correct_action":   rows(Action, "action_id", "seminar"),
    "plan.move_date":        rows(Action, "action_id", "seminar"),
    "plan.report_done":      rows(Action, "action_id", "seminar"),
    "plan.close_action":     rows(Action, "action_id", "seminar", "closed"),
    "plan.reporting":        rows(Action, "action_id", "publication", "closed"),
    "plan.report":           each_answer(rows(Action, "action_id", "publication", "withheld")),
    "plan.answer_longer":    rows(Action, "action_id", "publication"),
    "plan.send_link":        rows(Action, "action_id", "publication", "closed"),
    "plan.take_out":         rows(Evidence, "evidence_id", "withheld"),
    "public_name.give":      of("notified", "seminar"),
    "search.see":            nothing,
    "duplicates.see":        nothing,
    "told.see":              rows(Telling, "telling_id", "panel", "seminar"),
    "told.tell":             both(of("scoping", "panel", "not_reviewed"), with_query(of("panel"), whom="family")),
    "paper.see":            of("panel", "chair_report", "home_office_qa", "publication", "closed"),
    "paper.add":            both(of("chair_report", "home_office_qa"),
                                 with_query(of("chair_report"), paper="action_plan"),
                                 drafts_to_file),
    "drafts.see":           of("panel", "chair_report", "closed"),
    "drafts.hand_in":       of("panel", "chair_report"),
    "drafts.share":         rows(Draft, "draft_id", "panel", "chair_report"),
    "drafts.take_out":      shared_drafts,
    "desk.see":             nothing,
    "paper.finish":         of("chair_report", "publication"),
    "paper.agree":          of("chair_report", "publication"),
    "paper.correct":        rows(Paper, "paper_id", "chair_report"),
    "home_office.see":      of("chair_report", "home_office_qa", "returned_twice", "publication"),
    "home_office.add_letter": of("chair_report", "home_office_qa"),
    "home_office.correct_letter": rows(HomeOfficeLetter, "letter_id", "home_office_qa"),
    "home_office.add_points": rows(HomeOfficeLetter, "letter_id", "home_office_qa"),
    "home_office.correct_point": rows(LetterPoint, "point_id", "publication"),
    "home_office.answer":   rows(LetterPoint, "point_id", "publication"),
    "members.see":           of("notified", "scoping", "panel", "seminar"),
    "before_start.see":      of("scoping", "panel"),
    "before_start.declare":  of("scoping"),
    "block_list.see":        of("scoping", "panel"),
    "block_list.bar":        of("scoping"),
    "block_list.decide":     rows(Declaration, "declaration_id", "scoping", answer="unsure", decided=None),
    "block_list.off":        rows(Conflict, "conflict_id", "scoping"),
    "panel.see":             of("scoping", "panel", "suspected_suicide", "home_office_qa", "closed"),
    "panel.take":            of("panel"),
    "panel.correct":         rows(PanelSeat, "seat_id", "panel"),
    "panel.end":             rows(PanelSeat, "seat_id", "on_hold"),
    "appointment.appoint":   of("panel", "suspected_suicide"),
    "appointment.see":       rows(Appointment, "appointment_id", "panel", "home_office_qa"),
    "appointment.leave":     rows(Appointment, "appointment_id", "panel", "home_office_qa"),
    "conditions.see":        named(*(("seminar", name) for name in ("briefing_issued", "local_actions_signed_off")),
                                   ("panel", "chair_appointed"), ("publication", "anonymity_checked"),
                                   ("chair_report", "report_agreed"), ("late", "other_reviews_considered"),
                                   ("on_hold", "family_told")),
    "conditions.second":     rows(Statement, "statement_id", "chair_report", condition="anonymity_checked"),
    "conditions.accept":     rows(Statement, "statement_id", "panel", condition="family_offered_part"),
    "conditions.withdraw":   rows(Statement, "statement_id", "chair_report", condition="accuracy_checked"),
    "records.see":           of("panel", "closed", "long_closed", "not_reviewed"),
    "records.hold":          of("panel", "closed"),
    "records.notice":        of("closed", "long_closed"),
    "records.lift":          rows(LegalHold, "hold_id", "closed", lifted_at=None),
    "records.stop":          numbered("long_closed"),
    "records.confirm":       numbered("long_closed"),
    "records.second":        numbered("long_closed"),
    "retention.see":         nothing,
    "emergency.ask":         nothing,
    "emergency.see":         of("suspected_suicide", "panel"),
    "emergency.answer":      questions,
    "emergency.look":        rows(EmergencyAccess, "emergency_id", "panel", looked_at=None, refused_because=None,
                                  reason="at_risk"),
    "had_access.see":        of("panel", "publication", "closed", "long_closed"),
    "requests.index":        nothing,
    "requests.receive":      both(nothing, lambda site: iter([{"review": site.reference("panel")}])),
    "requests.see":          each(InformationRequest, "asking_id"),
    "requests.correct":      each(InformationRequest, "asking_id"),
    "requests.answer":       each(InformationRequest, "asking_id"),
    "incidents.index":       nothing,
    "incidents.enter":       both(nothing, lambda site: iter([{"review": site.reference("panel")}])),
    "incidents.see":         each(Incident, "incident_id"),
    "incidents.correct":     each(Incident, "incident_id"),
    "incidents.answer":      each(Incident, "incident_id"),
    "retention.freeze":      nothing,
    "retention.thaw":        freezes,
    "handover.see":          of("handing_over", "transferred", "void", "closed"),
    "handover.begin":        of("late", "closed"),
    "handover.correct":      rows(Handover, "handover_id", "handing_over"),
    "handover.acknowledge":  rows(Handover, "handover_id", "handing_over"),
    "handover.fill_in":      rows(HandoverItem, "item_id", "handing_over"),
    "moves.make":            moves_to_see,
    "messages.see":          nothing,
    "reminders.see":         nothing,
    "reminders.change":      keyed("date-coordinator", "draft-coordinator", "escalated-member"),
    "reminders.put_back":    keyed("action-coordinator"),
    "inbox.see":             nothing,
    "inbox.mail":            mails,
}  # fmt: skip

# What is answered with something else than a page: figures for a machine, or a file to save.
NO_PAGES = {
    "front.alive", "front.health", "calendar.feed", "drafts.take_out", "owed.take_out", "plan.take_out",
    "organisation.back",
}  # fmt: skip

# What the work asks for beyond the route's own permission.
ASKS_BEYOND = {
    "scoping.see": "scoping.read", "scoping.answer": "scoping.read", "imr.see": "imr.read", "imr.answer": "imr.read",
    "accuracy.see": "accuracy.read", "accuracy.answer": "accuracy.read",
    "kept_apart.correct": "kept_apart.read",
    "accounts.block": "accounts.change_office", "accounts.change": "accounts.change_office",  # a deputy’s
    "incidents.see": "incidents.see",  # whoever only enters incidents sees their own, of which the demo has none
}  # fmt: skip
# What belongs to one agency, by the argument that names it.
OWNED = {"request_id": ScopingRequest, "imr_id": Imr, "check_id": AccuracyCheck}


@dataclass(frozen=True)
class Visit:
    """One address, and whether this person may have it."""

    endpoint: str
    path: str
    allowed: bool


def doors(site: Site) -> list[Door]:
    """Every route that can be looked at."""
    found = [
        rule for rule in site.app.url_map.iter_rules() if "GET" in (rule.methods or ()) and rule.endpoint != "static"
    ]
    return [rule for rule in found if isinstance(rule, Door)]


def visits_of(site: Site, person: Person) -> Iterator[Visit]:
    """Everything to be seen, as this person finds it."""
    for door in doors(site):
        for way in VISITS[door.endpoint](site):
            with site.app.test_request_context():
                path = site.app.url_for(door.endpoint, **way)
            yield Visit(door.endpoint, path, may_see(site, person, door, way))


# Two people confirm a destruction: the first page answers until one has, the second then, and to somebody else.
ONE_AFTER_THE_OTHER = ("records.confirm", "records.second")


def may_see(site: Site, person: Person, door: Door, way: Way) -> bool:
    """Whether the table of permissions opens this page to the person."""
    permission = ASKS_BEYOND.get(door.endpoint, door.permission or "")
    if door.endpoint == "moves.make":
        permission = f"move.{way['name']}"
    if permission == PUBLIC:
        return True
    if door.endpoint in ONE_AFTER_THE_OTHER and not _whose_turn(site, person, door.endpoint, way):
        return False
    if door.endpoint == "reviews.see" and allows(person, "review.outline", on=london_date(NOW)):
        return True
    if door.endpoint == "conditions.withdraw" and person.role is Role.REPORT_AUTHOR:
        return False  # somebody else stated it
    if door.endpoint.startswith("substitutes."):
        return False  # nobody is an agency’s contact in the demo
    if door.endpoint.startswith("owed.") and way:
        return _owes(site, person, way)
    if door.endpoint.startswith("plan."):  # whoever may report for an agency there does so for every one
        person = replace(person, agency_id=None)
    review_id = site.review_id(way["reference"]) if "reference" in way else None
    owned = [(model, way[argument]) for argument, model in OWNED.items() if argument in way]
    agency_id = _agency(site, *owned[0]) if owned else person.agency_id
    return allows(person, permission, review_id=review_id, agency_id=agency_id, on=london_date(NOW))


def _whose_turn(site: Site, person: Person, endpoint: str, way: Way) -> bool:
    """Whether the destruction waits for its first person, or for a second who is not the first."""
    with site.house.reading() as session:
        about = Disposal.review_id == site.review_id(way["reference"]), Disposal.number == way["number"]
        first = session.scalars(select(Disposal).where(*about)).one().confirmed_by_id
    return first is None if endpoint == "records.confirm" else first not in (None, person.id)


def _owes(site: Site, person: Person, way: Way) -> bool:
    """Whether the person works for the agency whose action or file this is."""
    today = london_date(NOW)
    with site.house.reading() as session:
        if "action_id" in way:
            action = session.get_one(Action, way["action_id"])
            review_id, agency_id = action.review_id, action.owner_id
        else:
            file = session.get_one(Evidence, way["evidence_id"])
            review_id, agency_id = file.review_id, file.agency_id
    own = allows(person, "progress.report", review_id=review_id, agency_id=agency_id, on=today)
    return own and allows(person, "owed.see", on=today)


def _agency(site: Site, model: Any, row_id: UUID) -> UUID:
    with site.house.reading() as session:
        agency_id: UUID = session.get_one(model, row_id).agency_id
        return agency_id
