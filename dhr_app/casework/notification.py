"""A death is notified: the record begins, and the notification is corrected and added to as more becomes known."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from dhr_app.adapters.clock import london_date
from dhr_app.casework import aware, clocks
from dhr_app.casework.checks import known_codes, not_in_future, partial_day
from dhr_app.casework.house import house
from dhr_app.casework.partnership import adopt_rule_set
from dhr_app.casework.people import PersonEntry, add_to_scene, person_faults
from dhr_app.casework.scene import Scene, changing, find_review, looking, require, same_version
from dhr_app.casework.taking_records import takes_records
from dhr_app.database.models.notification import Notification
from dhr_app.database.models.partnership import Agency, ReferenceCounter
from dhr_app.database.models.review import Review
from dhr_app.database.session import NamedSession
from dhr_app.workflows import wording as w
from dhr_app.workflows.errors import Invalid, OutOfReach
from dhr_app.workflows.events import Happened
from dhr_app.workflows.partial_dates import earliest, latest
from dhr_app.workflows.permissions import DataClass, Person
from dhr_app.workflows.stages import Stage


@dataclass(frozen=True)
class NotificationEntry:
    """What the form of a notification says. Days known only to the month or year are texts: 2018-09, 2018."""

    lead_partnership_id: UUID | None = None
    notifier_kind: str = "police"
    notifier_agency_id: UUID | None = None
    aware_on: date | None = None
    police_told_on: date | None = None
    found_on: str = ""
    suspected_suicide: str = "not_known"
    criminal_state: str = "not_known"
    inquest_state: str = "not_known"
    kinds: tuple[str, ...] = ()
    features: dict[str, str] = field(default_factory=dict)
    parallel_reviews: tuple[str, ...] = ()
    cause_of_death: str = "unknown"
    place_of_death: str = "not_known"
    officer: str = ""
    crime_number: str = ""
    safeguarding: str = ""
    account: str = ""


SEALED_TEXTS = ("found_on", "officer", "crime_number", "safeguarding", "account")
CODES = (
    "notifier_kind", "criminal_state", "inquest_state", "cause_of_death", "place_of_death",
)  # fmt: skip
CHOICES = {
    "notifier_kind": w.NOTIFIER_KINDS,
    "criminal_state": w.CRIMINAL_STATES,
    "inquest_state": w.INQUEST_STATES,
    "cause_of_death": w.CAUSES_OF_DEATH,
    "place_of_death": w.PLACES_OF_DEATH,
    "suspected_suicide": w.YES_NO_NOT_KNOWN,
}


def kinds_of_review() -> dict[str, str]:
    """The kinds of review that a new one may be: each rule set in force, and its name; contributions come last."""
    in_order = sorted(house().rule_book.rule_sets.values(), key=lambda one: (one.path == "contribution", one.name))
    return {rule_set.key: rule_set.name for rule_set in in_order}


def notify(
    entry: NotificationEntry,
    victims: tuple[PersonEntry, ...],
    rule_set_key: str,
    *,
    once: UUID | None = None,
    by: Person,
    at: datetime,
) -> str:
    """Begin the record of a death and return its reference.

    `once` marks the form it came on: sent again, that form makes nothing more and returns the same reference.
    Raises NotAllowed, Invalid with a sentence for each field that cannot be right, or OutOfReach where the review
    of that form is not for this person.
    """
    try:
        return _notify(entry, victims, rule_set_key, once=once, by=by, at=at)
    except OutOfReach as refusal:
        reasons = ["out_of_reach"]
        house().database.record_refusal(
            review_id=refusal.review_id, what="review.notify", reasons=reasons, by=by, at=at
        )
        raise


def _notify(
    entry: NotificationEntry,
    victims: tuple[PersonEntry, ...],
    rule_set_key: str,
    *,
    once: UUID | None,
    by: Person,
    at: datetime,
) -> str:
    today = london_date(at)
    require(by, "review.notify", on=today)
    with house().transaction(by=by, at=at) as session:
        session.hold()
        if made := _made_before(session, once, by=by, today=today):
            return made
        rule_set = house().rule_book.rule_sets.get(rule_set_key)
        faults = _faults(session, entry, [victim.died_on for victim in victims], today)
        if rule_set is None:
            faults["rule_set"] = "Choose the kind of review."
        if not victims:
            faults["victims"] = "Record at least one person who died; the name can follow."
        for number, victim in enumerate(victims, start=1):
            faults |= {f"victim_{number}_{name}": said for name, said in person_faults(victim, today).items()}
        if faults or rule_set is None:
            raise Invalid(faults)
        review = Review(
            id=once,
            reference=_next_reference(session, today.year),
            rule_set_id=adopt_rule_set(session, rule_set, on=today).id,
            stage=Stage.NOTIFICATION.value,
            moves_made=0,
            lead_partnership_id=entry.lead_partnership_id,
            suspected_suicide=entry.suspected_suicide,
            notified_at=at,
            sorts_on=date.max,
        )
        session.add(review)
        session.flush()
        scene = Scene(session, review, rule_set, by, at)
        notification = Notification(review_id=review.id, logged_on=today, **_columns(entry))
        session.add(notification)
        for victim in victims:
            add_to_scene(scene, victim)
        sealed = aware.keep(
            notification, entry.aware_on, died=[victim.died_on for victim in victims], found_on=entry.found_on
        )
        scene.record(Happened.REVIEW_NOTIFIED, subject=review, rule_set=rule_set.key)
        if entry.aware_on:
            clocks.happened(scene, "aware", entry.aware_on, sealed_day=sealed)
        scene.rewrite_next_date()
        return review.reference


def correct_notification(reference: str, entry: NotificationEntry, version: int, *, by: Person, at: datetime) -> None:
    """Correct or add to a notification. Raises Stale with both texts if somebody saved since `version`, or Invalid."""
    with changing(reference, "notification.change", by=by, at=at) as scene:
        scene.must_be_open()
        row = aware.notification_of(scene.session, scene.review.id)
        same_version(row, version, theirs=texts(_entry(scene.review, row)), yours=texts(entry))
        died = aware.days_of_death(scene.session, scene.review.id)
        aware_before = row.aware_on or row.sealed_aware_on
        faults = _faults(scene.session, entry, died, scene.today)
        if aware_before and entry.aware_on is None:
            faults["aware_on"] = "A date to decide by counts from this day: it can be corrected, but not taken away."
        if faults:
            raise Invalid(faults)
        for name, value in _columns(entry).items():
            setattr(row, name, value)
        scene.review.lead_partnership_id = entry.lead_partnership_id
        scene.review.suspected_suicide = entry.suspected_suicide
        sealed = aware.keep(row, entry.aware_on, died=died, found_on=entry.found_on)
        if entry.aware_on and entry.aware_on != aware_before:
            clocks.restart(scene, "aware", entry.aware_on, sealed_day=sealed)
        else:
            aware.anchor(scene, None if sealed else entry.aware_on)
        scene.record(Happened.NOTIFICATION_CHANGED, subject=row)


@dataclass(frozen=True)
class NotificationPage:
    """A notification as its page shows it, opened."""

    reference: str
    version: int
    logged_on: date
    rule_set: str
    may_change: bool
    entry: NotificationEntry


def open_notification(reference: str, *, by: Person, at: datetime) -> NotificationPage:
    """The notification, opened for somebody who may see it. Raises OutOfReach, NotAllowed, SealError."""
    with looking(reference, "notification.see", opens=[DataClass.IDENTITIES], by=by, at=at) as look:
        row = aware.notification_of(look.session, look.review.id)
        may_change = look.may("notification.change") and takes_records(look)
        return NotificationPage(
            reference, row.version, row.logged_on, look.rule_set.name, may_change, _entry(look.review, row)
        )


def texts(entry: NotificationEntry) -> dict[str, str]:
    """The entry field by field in words, for choosing between two people’s versions."""
    said: dict[str, str] = {}
    for name, value in vars(entry).items():
        if isinstance(value, dict):
            said |= {f"features-{key}": chosen for key, chosen in value.items()}
        elif isinstance(value, tuple):
            said[name] = ", ".join(value)
        else:
            said[name] = "" if value is None else str(value)
    return said


def _entry(review: Review, row: Notification) -> NotificationEntry:
    return NotificationEntry(
        lead_partnership_id=review.lead_partnership_id,
        notifier_agency_id=row.notifier_agency_id,
        aware_on=row.aware_on or row.sealed_aware_on,
        police_told_on=row.police_told_on,
        suspected_suicide=review.suspected_suicide,
        kinds=tuple(row.kinds),
        features=dict(row.features),
        parallel_reviews=tuple(row.parallel_reviews),
        **{name: getattr(row, name) for name in CODES},
        **{name: getattr(row, name) or "" for name in SEALED_TEXTS},
    )


def _columns(entry: NotificationEntry) -> dict[str, object]:
    return {
        "notifier_agency_id": entry.notifier_agency_id,
        "police_told_on": entry.police_told_on,
        "kinds": list(entry.kinds),
        "features": {name: said for name, said in entry.features.items() if said in ("yes", "no")},
        "parallel_reviews": list(entry.parallel_reviews),
        **{name: getattr(entry, name) for name in CODES},
        **{name: getattr(entry, name).strip() or None for name in SEALED_TEXTS},
    }


def _faults(session: NamedSession, entry: NotificationEntry, died: list[str], today: date) -> dict[str, str]:
    faults = known_codes(entry, CHOICES)
    faults |= not_in_future(today, aware_on=entry.aware_on, police_told_on=entry.police_told_on)
    faults |= partial_day("found_on", entry.found_on, today)
    if set(entry.kinds) - set(w.KINDS_OF_DEATH):
        faults["kinds"] = "Choose from the list."
    if set(entry.features) - set(w.FEATURES) or set(entry.features.values()) - set(w.YES_NO_NOT_KNOWN):
        faults["features"] = "Choose yes, no or not known for each."
    if set(entry.parallel_reviews) - set(w.PARALLEL_REVIEWS):
        faults["parallel_reviews"] = "Choose from the list."
    for name, agency_id in (
        ("lead_partnership_id", entry.lead_partnership_id), ("notifier_agency_id", entry.notifier_agency_id),
    ):  # fmt: skip
        agency = session.get(Agency, agency_id) if agency_id else None
        if agency_id and (agency is None or (name == "lead_partnership_id" and not agency.leads_reviews)):
            faults[name] = "This is not known to the partnership: choose one from the list."
    return faults or _out_of_order(entry, died)


def _out_of_order(entry: NotificationEntry, died: list[str]) -> dict[str, str]:
    """An end before its start: found before the death, or aware before it."""
    faults = {}
    first_death = min((earliest(day) for day in died if day), default=None)
    if first_death and entry.found_on and latest(entry.found_on) < first_death:
        faults["found_on"] = "The finding cannot be before the death: check both days."
    if first_death and entry.aware_on and entry.aware_on < first_death:
        faults["aware_on"] = "The partnership cannot have been aware before the death: check both days."
    if entry.police_told_on and entry.aware_on and entry.police_told_on < entry.aware_on:
        faults["police_told_on"] = (
            "The partnership is aware from the day the police told it at the latest: check both days."
        )
    return faults


def _made_before(session: NamedSession, once: UUID | None, *, by: Person, today: date) -> str | None:
    """The reference of the review that this form made already, or None. Raises OutOfReach."""
    session.queue("notify")  # the first of a year finds no counter whose row could be locked
    review = session.get(Review, once) if once else None
    return find_review(session, review.reference, by=by, on=today)[0].reference if review else None


def _next_reference(session: NamedSession, year: int) -> str:
    """The next number of the year in which the death was notified; a number is never used again."""
    counter = session.get(ReferenceCounter, year, with_for_update=True)
    if counter is None:
        counter = ReferenceCounter(year=year, given=0)
        session.add(counter)
    counter.given += 1
    return f"DHR-{year}-{counter.given:03}"
