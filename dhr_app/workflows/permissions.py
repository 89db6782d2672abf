"""Who may do what: one table, GRANTS, from a permission to the named predicates of which one must hold."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from dhr_app.workflows.data_class import DataClass
from dhr_app.workflows.lifecycle import MOVES, Decider
from dhr_app.workflows.person import ExtraGrant, Membership, Person
from dhr_app.workflows.predicates import (
    Predicate,
    Query,
    a_chair_or_author,
    a_coordinator,
    a_panel_member,
    an_administrator,
    an_agency_contributor,
    an_auditor,
    anyone_signed_in,
    author_of_the_review,
    chair_of_the_review,
    contributor_for_the_agency,
    contributor_of_the_agency,
    holder_of_an_extra_grant,
    in_an_emergency,
    member_of_the_review,
    on_reviews_by_membership,
    on_the_panel,
    seated_on_the_review,
    the_steering_chair,
    the_steering_group,
)

__all__ = [
    "GRANTS",
    "MAY_OPEN",
    "MAY_RECORD",
    "STEP_UP",
    "DataClass",
    "ExtraGrant",
    "Membership",
    "Person",
    "Predicate",
    "Query",
    "allows",
    "closed_by_its_stage",
    "may_open",
    "may_open_once_proved",
]


# Who may record a move, by whose decision it is: they, their deputy, or the coordinator with the evidence on file.
MAY_RECORD: dict[Decider, tuple[Predicate, ...]] = {
    Decider.COORDINATOR:          (a_coordinator,),
    Decider.DECIDING_BODY:        (a_coordinator, the_steering_chair),
    Decider.SECRETARY_OF_STATE:   (a_coordinator,),
    Decider.INDEPENDENT_CHAIR:    (a_coordinator, chair_of_the_review),
    Decider.PARTNERSHIP:          (a_coordinator, the_steering_chair),
    Decider.HOME_OFFICE:          (a_coordinator,),
    Decider.STEERING_CHAIR:       (a_coordinator, the_steering_chair),
    Decider.CHAIR_OR_PARTNERSHIP: (a_coordinator, the_steering_chair, chair_of_the_review),
}  # fmt: skip

GRANTS: dict[str, tuple[Predicate, ...]] = {
    "home.see":            (anyone_signed_in,),
    "day.see":             (a_coordinator,),
    "accounts.see":        (a_coordinator, the_steering_chair, an_administrator),
    "accounts.change":     (a_coordinator, an_administrator),
    "accounts.change_office": (an_administrator,),
    "accounts.confirm":    (a_coordinator, the_steering_chair, an_administrator),
    "factor.forget":       (an_administrator,),
    "way_in.ask":          (an_administrator,),
    "agreements.see":      (a_coordinator, an_administrator),
    "agreements.change":   (a_coordinator, an_administrator),
    "contacts.see":        (a_coordinator,),
    "contacts.change":     (a_coordinator,),
    "tenants.see":         (an_administrator,),
    "tenants.change":      (an_administrator,),
    "holidays.see":        (a_coordinator, an_administrator),
    "holidays.change":     (a_coordinator,),
    "invitations.see":     (a_coordinator, the_steering_chair, an_administrator),
    "invitations.make":    (a_coordinator, an_administrator),
    "substitutes.see":     (an_agency_contributor,),
    "substitutes.change":  (an_agency_contributor,),
    "desk.see":            (a_chair_or_author,),
    "owed.see":            (an_agency_contributor,),
    "overview.see":        (a_coordinator, the_steering_group),
    "messages.see":        (a_coordinator,),
    "reminders.change":    (a_coordinator,),
    "search.see":          (a_coordinator, the_steering_chair, a_chair_or_author),
    "duplicates.see":      (a_coordinator, the_steering_chair),
    "duplicates.change":   (the_steering_chair,),
    "reviews.list":        (a_coordinator, the_steering_group, an_auditor, on_reviews_by_membership),
    "reviews.list_all":    (a_coordinator, the_steering_group, an_auditor),
    "review.notify":       (a_coordinator,),
    "review.reach":        (a_coordinator, the_steering_group, an_auditor, member_of_the_review, in_an_emergency),
    "review.see":          (a_coordinator, the_steering_group, on_the_panel, in_an_emergency),
    "review.outline":      (an_auditor,),  # security 3.3: skeletons only
    "review.change":       (a_coordinator,),
    "seat.prepare":        (seated_on_the_review,),
    "conflict.declare":    (a_coordinator, the_steering_group, an_auditor, seated_on_the_review, in_an_emergency),
    "conflict.see":        (a_coordinator, the_steering_chair),
    "conflict.enter":      (a_coordinator, the_steering_chair),
    "conflict.decide":     (a_coordinator, the_steering_chair),
    "conflict.lift":       (a_coordinator, the_steering_chair),
    "notification.see":    (a_coordinator, the_steering_chair, chair_of_the_review, author_of_the_review,
                            in_an_emergency),
    "notification.change": (a_coordinator,),
    "people.see":          (a_coordinator, the_steering_chair, chair_of_the_review, author_of_the_review,
                            in_an_emergency),
    "people.change":       (a_coordinator,),
    "family.see":          (a_coordinator, chair_of_the_review, in_an_emergency),
    "family.change":       (a_coordinator, chair_of_the_review),
    "kept_apart.see":      (a_coordinator, the_steering_chair, chair_of_the_review, author_of_the_review,
                            holder_of_an_extra_grant, in_an_emergency),
    "kept_apart.read":     (chair_of_the_review, holder_of_an_extra_grant, in_an_emergency),
    "kept_apart.change":   (a_coordinator, chair_of_the_review, author_of_the_review),
    "extra_grant.give":    (a_coordinator, the_steering_chair),
    "extra_grant.seated":  (the_steering_chair,),
    "extra_grant.end":     (a_coordinator, the_steering_chair),
    "scoping.see":         (a_coordinator, the_steering_chair, chair_of_the_review, author_of_the_review,
                            in_an_emergency),
    "scoping.ask":         (a_coordinator,),
    "scoping.answer":      (a_coordinator, contributor_for_the_agency),
    "scoping.read":        (a_coordinator, the_steering_chair, chair_of_the_review, author_of_the_review,
                            contributor_for_the_agency, in_an_emergency),
    "decision.see":        (a_coordinator, the_steering_chair, chair_of_the_review, author_of_the_review,
                            in_an_emergency),
    "decision.change":     (a_coordinator, the_steering_chair),
    "statement.see":       (a_coordinator, the_steering_group, chair_of_the_review, author_of_the_review,
                            in_an_emergency),
    "statement.make":      (a_coordinator, the_steering_chair, chair_of_the_review, author_of_the_review),
    "statement.second":    (a_coordinator, the_steering_chair),
    "statement.accept":    (the_steering_chair,),
    "appointment.see":    (a_coordinator, the_steering_group, on_the_panel, in_an_emergency),
    "appointment.read":   (a_coordinator, the_steering_chair, chair_of_the_review, author_of_the_review,
                           in_an_emergency),
    "appointment.change": (a_coordinator,),
    "panel.see":          (a_coordinator, the_steering_group, on_the_panel, in_an_emergency),
    "panel.change":       (a_coordinator, chair_of_the_review),
    "terms.see":          (a_coordinator, the_steering_chair, on_the_panel, in_an_emergency),
    "terms.change":       (a_coordinator, chair_of_the_review, author_of_the_review),
    "meeting.see":        (a_coordinator, the_steering_chair, on_the_panel, in_an_emergency),
    "meeting.change":     (a_coordinator, chair_of_the_review, author_of_the_review),
    "meeting.plan":       (a_coordinator, chair_of_the_review),
    "meetings.list":      (a_coordinator, the_steering_group, on_reviews_by_membership),
    "meetings.plan":      (a_coordinator,),
    "imr.see":            (a_coordinator, the_steering_chair, chair_of_the_review, author_of_the_review,
                           in_an_emergency),
    "imr.ask":            (a_coordinator, chair_of_the_review),
    "imr.answer":         (a_coordinator, contributor_for_the_agency),
    "imr.read":           (a_coordinator, the_steering_chair, chair_of_the_review, author_of_the_review,
                           contributor_for_the_agency, in_an_emergency),
    "paper.see":          (a_coordinator, the_steering_chair, on_the_panel, in_an_emergency),
    "paper.change":       (a_coordinator, chair_of_the_review, author_of_the_review),
    "paper.finish":       (a_coordinator, chair_of_the_review),
    "draft.see":          (a_coordinator, the_steering_chair, on_the_panel, in_an_emergency),
    "draft.hand_in":      (a_coordinator, chair_of_the_review, author_of_the_review),
    "draft.share":        (a_coordinator, chair_of_the_review),
    "accuracy.see":       (a_coordinator, the_steering_chair, chair_of_the_review, author_of_the_review,
                           in_an_emergency),
    "accuracy.ask":       (a_coordinator, chair_of_the_review, author_of_the_review),
    "accuracy.answer":    (a_coordinator, contributor_for_the_agency),
    "accuracy.read":      (a_coordinator, the_steering_chair, chair_of_the_review, author_of_the_review,
                           contributor_for_the_agency, in_an_emergency),
    "accuracy.settle":    (a_coordinator, chair_of_the_review),
    "approval.see":       (a_coordinator, the_steering_chair, chair_of_the_review, author_of_the_review,
                           in_an_emergency),
    "approval.record":    (a_coordinator, the_steering_chair),
    "home_office.see":    (a_coordinator, the_steering_chair, on_the_panel, in_an_emergency),
    "home_office.change": (a_coordinator,),
    "home_office.answer": (a_coordinator, chair_of_the_review, author_of_the_review),
    "publication.see":    (a_coordinator, the_steering_chair, chair_of_the_review, author_of_the_review,
                           in_an_emergency),
    "publication.change": (a_coordinator,),
    "publication.approve":(a_coordinator, the_steering_chair),
    "learning.see":       (a_coordinator, the_steering_group, on_the_panel, in_an_emergency),
    "learning.change":    (a_coordinator,),
    "seminar.see":        (a_coordinator, the_steering_group),
    "seminar.change":     (a_coordinator,),
    "plan.see":           (a_coordinator, the_steering_group, on_the_panel, in_an_emergency),
    "plan.change":        (a_coordinator, chair_of_the_review, author_of_the_review),
    "plan.report_done":   (a_coordinator,),
    "plan.move_date":     (a_coordinator, the_steering_chair),
    "plan.answer_longer": (a_coordinator, the_steering_chair),
    "plan.close_action":  (the_steering_chair,),
    "progress.see":       (a_coordinator, the_steering_group, contributor_of_the_agency),
    "progress.report":    (a_coordinator, contributor_of_the_agency),
    "action_link.send":   (a_coordinator,),
    "closing.see":        (a_coordinator, the_steering_group),
    "closing.change":     (a_coordinator,),
    "records.see":        (a_coordinator, the_steering_chair, an_auditor),
    "hold.place":         (a_coordinator, the_steering_chair),
    "hold.lift":          (a_coordinator, the_steering_chair),
    "disposal.notice":    (a_coordinator, the_steering_chair),
    "disposal.confirm":   (the_steering_chair,),
    "disposal.second":    (a_coordinator, the_steering_chair),
    "retention.see":      (a_coordinator, the_steering_chair, an_auditor),
    "had_access.see":     (a_coordinator, the_steering_chair, an_auditor),
    "requests.see":       (a_coordinator, the_steering_chair, an_auditor),
    "requests.read":      (a_coordinator, the_steering_chair),
    "requests.change":    (a_coordinator,),
    "incidents.list":     (a_coordinator, the_steering_chair, an_auditor, an_administrator),
    "incidents.see":      (a_coordinator, the_steering_chair, an_auditor),
    "incidents.read":     (a_coordinator, the_steering_chair),
    "incidents.enter":    (a_coordinator, the_steering_chair, an_administrator),
    "incidents.change":   (a_coordinator, the_steering_chair),
    "handover.see":       (a_coordinator, the_steering_chair),
    "handover.change":    (a_coordinator,),
    "access.see":         (a_coordinator, the_steering_chair, an_auditor, chair_of_the_review),
    "access.confirm":     (a_coordinator,),
    "emergency.ask":      (a_coordinator, the_steering_group, a_chair_or_author, a_panel_member),
    "emergency.confirm":  (a_coordinator, the_steering_chair),
    "emergency.see":      (a_coordinator, the_steering_chair, an_auditor, member_of_the_review, in_an_emergency),
    "emergency.end":      (a_coordinator, the_steering_chair, in_an_emergency),
    "emergency.look":     (the_steering_chair,),
    "openings.see":       (a_coordinator, the_steering_chair, an_auditor),
    "trail.see":          (the_steering_chair, an_auditor),
    "trail.export":       (the_steering_chair, an_auditor),
    "told.record":         (a_coordinator, the_steering_chair, chair_of_the_review),
    **{f"move.{name}": MAY_RECORD[move.who] for name, move in MOVES.items()},
}  # fmt: skip

# Which data class a person may open on a review; a value that an agency owns is also open to that agency's contributor.
MAY_OPEN: dict[DataClass, tuple[Predicate, ...]] = {
    DataClass.IDENTITIES:     (a_coordinator, the_steering_chair, chair_of_the_review, author_of_the_review,
                               in_an_emergency),
    DataClass.WORKING_PAPERS: (a_coordinator, the_steering_chair, chair_of_the_review, author_of_the_review,
                               contributor_for_the_agency, in_an_emergency),
    DataClass.PANEL_PAPERS:   (a_coordinator, the_steering_chair, on_the_panel, in_an_emergency),
    DataClass.FAMILY:         (a_coordinator, chair_of_the_review, in_an_emergency),
    # Children, health, police intelligence, and where the family can be reached: nobody by their office alone.
    DataClass.SENSITIVE:      (chair_of_the_review, holder_of_an_extra_grant, in_an_emergency),
    DataClass.EVIDENCE:       (a_coordinator, the_steering_group, contributor_of_the_agency),
    # An agency that reports on its action may keep words in it, on the review or not.
    DataClass.KEPT_WORDS:     (a_coordinator, the_steering_chair, chair_of_the_review, author_of_the_review,
                               contributor_of_the_agency),
    DataClass.SYSTEM:         (),
}  # fmt: skip

# What opens only for whoever showed within five minutes who they are, besides being among those above.
STEP_UP = frozenset({DataClass.SENSITIVE})


def allows(
    person: Person, permission: str, *, review_id: UUID | None = None, agency_id: UUID | None = None, on: date
) -> bool:
    """Whether the person holds the permission on this day, at the stage of the review (windows.py).

    The conflict-of-interest list wins over every grant. Raises KeyError for a permission that is not in the table: a
    misspelt permission must never pass.
    """
    predicates = GRANTS[permission]
    if review_id is not None and review_id in person.conflicts:
        return False
    query = Query(person, review_id, agency_id, on, permission)
    return any(predicate(query) for predicate in predicates)


def closed_by_its_stage(
    person: Person, permission: str, *, review_id: UUID, agency_id: UUID | None = None, on: date
) -> bool:
    """Whether the person holds the permission at another stage of the review, and not at the one where it stands."""
    if allows(person, permission, review_id=review_id, agency_id=agency_id, on=on) or review_id in person.conflicts:
        return False
    query = Query(person, review_id, agency_id, on, what=None)
    return any(predicate(query) for predicate in GRANTS[permission])


def may_open(
    person: Person,
    review_id: UUID,
    data_class: DataClass,
    *,
    agency_id: UUID | None = None,
    on: date,
    at: datetime | None = None,
) -> bool:
    """Whether the keyring may open values of this class on this review for the person; asked for each row.

    What asks for a step-up stays shut where no moment is given, and for whoever did not just show who they are.
    """
    if data_class in STEP_UP and not person.proved(at):
        return False
    return may_open_once_proved(person, review_id, data_class, agency_id=agency_id, on=on)


def may_open_once_proved(
    person: Person, review_id: UUID, data_class: DataClass, *, agency_id: UUID | None = None, on: date
) -> bool:
    """The same for somebody who is not at their browser, or has yet to show who they are: may it open for them at all?

    It opens nothing by itself: the keyring asks may_open().
    """
    if person.conflicts and review_id in person.conflicts:
        return False
    query = Query(person, review_id, agency_id, on, data_class)
    for predicate in MAY_OPEN[data_class]:  # noqa: SIM110 - written out: asked for every sealed value that is read
        if predicate(query):
            return True
    return False
