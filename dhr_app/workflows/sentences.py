"""The sentence that a timeline makes of each kind of event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from dhr_app.workflows import action_links, emergency, meeting_sentences, way_in
from dhr_app.workflows.answers import Answer
from dhr_app.workflows.calendar import in_words
from dhr_app.workflows.conditions import CONDITIONS
from dhr_app.workflows.events import Happened
from dhr_app.workflows.facts import Audience
from dhr_app.workflows.family_steps import step_words
from dhr_app.workflows.lifecycle import MOVES
from dhr_app.workflows.reminder_sentences import OF_REMINDERS
from dhr_app.workflows.sentences_of_days import OF_DAYS


@dataclass(frozen=True)
class Telling:
    """How a kind of event is told: its sentence, and whether a review's timeline shows it."""

    sentence: str
    on_timeline: bool = True


# Sentences are made of codes, agencies and numbers only; {agency}, {number}, {label} come from clear columns.
TELLING: dict[Happened, Telling] = {
    Happened.REVIEW_NOTIFIED:          Telling("The death was notified and this record begun"),
    Happened.NOTIFICATION_CHANGED:     Telling("The notification was corrected or added to"),
    Happened.VICTIM_ADDED:             Telling("A person who died was recorded: person {number}"),
    Happened.PERSON_ADDED:             Telling("A person was recorded: {label}"),
    Happened.PERSON_CHANGED:           Telling("The record of a person was corrected: {label}"),
    Happened.PERSON_REMOVED:           Telling("The record of a person was removed: {label}"),
    Happened.FAMILY_MEMBER_ADDED:      Telling("Family member {number} was recorded"),
    Happened.FAMILY_MEMBER_CHANGED:    Telling("The record of family member {number} was corrected"),
    Happened.AGENCY_ASKED:             Telling("{agency} was asked what it knows"),
    Happened.AGENCY_ESCALATED:         Telling("{agency} had not answered, and somebody more senior there was asked"),
    Happened.RETURN_RECEIVED:          Telling("{agency} sent its scoping return"),
    Happened.RETURN_NIL:               Telling("{agency} answered that it has nothing to return"),
    Happened.RETURN_NO_REPLY:          Telling("{agency} was closed as no reply after escalation"),
    Happened.RETURN_CHANGED:           Telling("The scoping return of {agency} was corrected"),
    Happened.OTHER_REVIEWS_CONSIDERED: Telling("Other kinds of review were considered"),
    Happened.DECISION_RECORDED:        Telling("A decision was prepared: {label}"),
    Happened.STATEMENT_MADE:           Telling("Answered “{answer}”: {condition}"),
    Happened.STATEMENT_SECONDED:       Telling("A second person agreed: {condition}"),
    Happened.STATEMENT_ACCEPTED:       Telling("Accepted that this could not be done: {condition}"),
    Happened.STATEMENT_WITHDRAWN:      Telling("A statement was taken back: {condition}"),
    Happened.TOLD:                     Telling("Told {audience}{about}"),
    Happened.NOT_TOLD:                 Telling("Recorded why {audience} could not be told{about}"),
    Happened.TELLING_TAKEN_BACK:       Telling("What was recorded of telling {audience} was taken back: a mistake"),
    Happened.MOVED:                    Telling("{move}"),
    Happened.EXTRA_GRANT_GIVEN:        Telling("{label} was let open what is kept apart, until {until}"),
    Happened.EXTRA_GRANT_ENDED:        Telling("The extra grant of the {label} ended"),
    Happened.KEPT_APART_ADDED:         Telling("Something was recorded to be kept apart"),
    Happened.KEPT_APART_CORRECTED:     Telling("Something that is kept apart was corrected"),
    Happened.KEPT_APART_STRUCK_OUT:    Telling("Something that was kept apart was struck out"),
    Happened.CONTACTS_KEPT_APART:      Telling("How to reach the family is kept apart from now on"),
    Happened.CONTACT_FORGOTTEN:        Telling("How to reach family member {number} was taken out of the record"),
    Happened.ACCESS_CONFIRMED:         Telling("The list of who can see the review was confirmed"),
    **{kind: Telling(said) for kind, said in (emergency.SENTENCES | action_links.SENTENCES).items()},
    **{kind: Telling(said, on_timeline=False) for kind, said in (action_links.QUIET | way_in.SENTENCES).items()},
    Happened.MEMBER_JOINED:            Telling("{label} joined the review"),
    Happened.MEMBER_LEFT:              Telling("{label} left the review"),
    Happened.SEATS_LAPSE:              Telling("The seats on the review lapse after {until}, unless they are kept"),
    Happened.SEATS_LAPSE_NO_MORE:      Telling("The review went back, so its seats lapse no more"),
    Happened.SEAT_KEPT:                Telling("The seat of the {label} was kept until {until}"),
    Happened.SEAT_LAPSED:              Telling("The seat of the {label} lapsed after the publication"),
    Happened.DECLARATION_MADE:         Telling("Somebody declared whether they have a conflict", on_timeline=False),
    Happened.DECLARATION_DECIDED:      Telling("It was decided whether somebody takes part", on_timeline=False),
    Happened.UNDERTAKING_ADOPTED:      Telling("A text of the undertaking was first signed", on_timeline=False),
    Happened.UNDERTAKING_SIGNED:       Telling("The undertaking of confidentiality was signed", on_timeline=False),
    Happened.CONFLICT_ENTERED:         Telling("Somebody was put on the block list", on_timeline=False),
    Happened.CONFLICT_LIFT_ASKED:      Telling("Taking somebody off the block list was asked for", on_timeline=False),
    Happened.CONFLICT_LIFTED:          Telling("Somebody was taken off the block list", on_timeline=False),
    Happened.APPOINTED:                Telling("{label} was appointed"),
    Happened.INDEPENDENCE_DECLARED:    Telling("{label} declared their independence"),
    Happened.APPOINTMENT_CHANGED:      Telling("The record of an appointment was corrected: {label}"),
    Happened.APPOINTMENT_ENDED:        Telling("{label} left the review"),
    Happened.SEAT_TAKEN:               Telling("{agency} took a seat on the review panel"),
    Happened.SEAT_CHANGED:             Telling("The panel seat of {agency} was corrected"),
    Happened.SEAT_LEFT:                Telling("{agency} left the review panel"),
    Happened.TERMS_DRAFTED:            Telling("Version {number} of the terms of reference was drafted"),
    Happened.TERMS_CHANGED:            Telling("Version {number} of the terms of reference was corrected"),
    Happened.TERMS_AGREED:             Telling("The review panel agreed version {number} of the terms of reference"),
    **{kind: Telling(said) for kind, said in meeting_sentences.OF_MEETINGS.items()},
    **{kind: Telling(said, on_timeline=False) for kind, said in meeting_sentences.OF_CALENDARS.items()},
    Happened.IMR_REQUESTED:            Telling("{agency} was asked for its {label}"),
    Happened.IMR_ESCALATED:            Telling("{agency} had not given its {label} yet, and somebody senior was asked"),
    Happened.IMR_RECEIVED:             Telling("{agency} sent its {label}"),
    Happened.IMR_NIL:                  Telling("{agency} answered that it has nothing for its {label}"),
    Happened.IMR_NOT_REQUIRED:         Telling("The {label} of {agency} is not required"),
    Happened.IMR_NO_REPLY:             Telling("The {label} of {agency} was closed as no reply after escalation"),
    Happened.IMR_CHANGED:              Telling("The record of the {label} of {agency} was corrected"),
    Happened.CHRONOLOGY_RECEIVED:      Telling("{agency} sent its chronology"),
    Happened.FAMILY_PART_RECORDED:     Telling("It was recorded how family member {number} takes part"),
    Happened.FAMILY_STEP_TAKEN:        Telling("Family member {number}: {step}"),
    Happened.FAMILY_STEP_CHANGED:      Telling("A step with family member {number} was corrected: {step}"),
    Happened.FAMILY_STEP_REMOVED:      Telling("A step with family member {number} was entered by mistake: {step}"),
    Happened.FAMILY_COMMENT_MADE:      Telling("Family member {number} commented on the draft"),
    Happened.FAMILY_COMMENT_ANSWERED:  Telling("A comment of family member {number} was answered"),
    Happened.FAMILY_COMMENT_CHANGED:   Telling("The record of a comment of family member {number} was corrected"),
    Happened.FAMILY_COMMENT_REMOVED:   Telling("A comment of family member {number} was entered by mistake"),
    Happened.DATE_TO_AVOID_ADDED:      Telling("A date to avoid was recorded for family member {number}"),
    Happened.DATE_TO_AVOID_REMOVED:    Telling("A date to avoid was removed for family member {number}"),
    Happened.PAPER_ADDED:              Telling("Version {number} of the {label} was put on file"),
    Happened.PAPER_CHANGED:            Telling("The record of version {number} of the {label} was corrected"),
    Happened.PAPER_FINAL:              Telling("The chair marked version {number} of the {label} as final"),
    Happened.PAPER_AGREED:             Telling("The review panel agreed version {number} of the {label}"),
    Happened.APPROVAL_VOIDED:          Telling("The approval no longer counts, since the {label} has a new version"),
    Happened.ANONYMITY_VOIDED:         Telling("The anonymity check is void, since the {label} has a new version"),
    Happened.ACCURACY_VOIDED:          Telling("The passages of {agency} changed: its accuracy check is asked again"),
    Happened.ACCURACY_SENT:            Telling("{agency} was sent its passages for the factual accuracy check"),
    Happened.ACCURACY_ANSWERED:        Telling("{agency} answered its factual accuracy check: {label}"),
    Happened.ACCURACY_LAPSED:          Telling("The factual accuracy check of {agency} lapsed without an answer"),
    Happened.ACCURACY_SETTLED:         Telling("The corrections of {agency} were settled"),
    Happened.ACCURACY_CHANGED:         Telling("The factual accuracy check of {agency} was corrected"),
    Happened.REPORT_APPROVED:          Telling("The report was agreed: {label}"),
    Happened.APPROVAL_CHANGED:         Telling("The record of an approval was corrected"),
    Happened.APPROVAL_REPORTED:        Telling("The approval was reported to the next meeting"),
    Happened.APPROVAL_TAKEN_BACK:      Telling("An approval that was entered by mistake was taken back"),
    Happened.JOINT_BODY_ADDED:         Telling("The review is held jointly with another body"),
    Happened.JOINT_BODY_AGREED:        Telling("Another body of the joint review agreed the report"),
    Happened.JOINT_BODY_CHANGED:       Telling("The record of another body of the joint review was corrected"),
    Happened.JOINT_BODY_REMOVED:       Telling("A body is no longer part of the joint review"),
    Happened.LETTER_RECEIVED:          Telling("A letter of the Home Office came: {label}"),
    Happened.LETTER_CHANGED:           Telling("The record of a Home Office letter was corrected"),
    Happened.POINT_ADDED:              Telling("Point {number} of the Home Office letter was entered"),
    Happened.POINT_ANSWERED:           Telling("Point {number} of the Home Office letter was answered: {label}"),
    Happened.POINT_CHANGED:            Telling("Point {number} of the Home Office letter was corrected"),
    Happened.PUBLICATION_PLANNED:      Telling("Publication {number} was planned"),
    Happened.PUBLICATION_CHANGED:      Telling("The plan of publication {number} was corrected or added to"),
    Happened.PUBLICATION_APPROVED:     Telling("Publication {number} was approved"),
    Happened.BRIEFING_ISSUED:          Telling("The learning briefing was issued"),
    Happened.BRIEFING_CHANGED:         Telling("The record of the learning briefing was corrected"),
    Happened.BRIEFING_REMOVED:         Telling("A learning briefing was removed: it was entered by mistake"),
    Happened.LEARNING_SHARED:          Telling("What was learnt was shared: {label}"),
    Happened.SEMINAR_CHANGED:          Telling("The record of a seminar was corrected"),
    Happened.SEMINAR_REMOVED:          Telling("A seminar was removed: it was entered by mistake, or not about this"),
    Happened.RECOMMENDATION_ADDED:     Telling("Recommendation {number} was entered"),
    Happened.RECOMMENDATION_CHANGED:   Telling("Recommendation {number} was corrected"),
    Happened.RECOMMENDATION_WITHDRAWN: Telling("Recommendation {number} was withdrawn"),
    Happened.RECOMMENDATION_REFUSED:   Telling("{agency} refused recommendation {number} in writing"),
    Happened.RECOMMENDATION_SENT:      Telling("Recommendation {number} was sent to its department"),
    Happened.RECOMMENDATION_REPLIED:   Telling("The department answered recommendation {number}"),
    Happened.ACTION_ADDED:             Telling("Action {number} was entered"),
    Happened.ACTION_CHANGED:           Telling("Action {number} was corrected"),
    Happened.ACTION_DATE_MOVED:        Telling("The date of action {number} was moved"),
    Happened.ACTION_DONE:              Telling("{agency} reported action {number} as done"),
    Happened.ACTION_CLOSED:            Telling("Action {number}: {label}"),
    Happened.ACTION_REMOVED:           Telling("Action {number} was taken off the plan: it was entered by mistake"),
    Happened.RECOMMENDATIONS_COUNTED:  Telling("It was recorded how many recommendations the report makes in all"),
    Happened.PUBLIC_NAME_GIVEN:        Telling("The public name of the review was recorded"),
    Happened.RETENTION_SET:            Telling("The date until which the records are kept was set"),
    Happened.RETENTION_CHANGED:        Telling("The date until which the records are kept was corrected"),
    Happened.ACTIONS_AUDITED:          Telling("The action plan was audited: {label}"),
    Happened.HOLD_PLACED:              Telling("A legal hold was placed on the records: {label}"),
    Happened.HOLD_LIFT_ASKED:          Telling("It was asked that a legal hold be lifted"),
    Happened.HOLD_LIFTED:              Telling("A legal hold was lifted"),
    Happened.DISPOSAL_NOTICED:         Telling("Notice was given that records are to be destroyed"),
    Happened.DISPOSAL_STOPPED:         Telling("The notice that records are to be destroyed was ended: {label}"),
    Happened.DISPOSAL_CONFIRMED:       Telling("A first person confirmed that records are to be destroyed"),
    Happened.DISPOSAL_BEGUN:           Telling("A second person confirmed it, and the destruction was begun"),
    Happened.DISPOSAL_DONE:            Telling("Records were destroyed for good"),
    Happened.DISPOSAL_CERTIFIED:       Telling("A certificate of the destruction of records was made"),
    Happened.REQUEST_RECEIVED:         Telling("Request {number} for information: {label}", on_timeline=False),
    Happened.REQUEST_CHANGED:          Telling("Request {number} for information was corrected", on_timeline=False),
    Happened.REQUEST_DECIDED:          Telling("Request {number} was decided: {label}", on_timeline=False),
    Happened.INCIDENT_ENTERED:         Telling("Incident {number} was recorded: {label}", on_timeline=False),
    Happened.INCIDENT_CHANGED:         Telling("The record of incident {number} was corrected", on_timeline=False),
    Happened.INCIDENT_ANSWERED:        Telling("What was done about incident {number} was recorded", on_timeline=False),
    Happened.HANDOVER_BEGUN:           Telling("A handing-over to {agency} was begun"),
    Happened.HANDOVER_CHANGED:         Telling("The record of the handing-over to {agency} was corrected"),
    Happened.HANDOVER_LISTED:          Telling("A line of the handing-over list was filled in: {label}"),
    Happened.HANDOVER_ACKNOWLEDGED:    Telling("{agency} acknowledged the handing-over"),
    Happened.HANDOVER_GIVEN_UP:        Telling("The handing-over to {agency} was given up"),
    Happened.EARLIER_STEP_MARKED:      Telling("An earlier step was marked “before this system”: {label}"),
    Happened.DRAFT_HANDED_IN:          Telling("Draft {number} was handed in: {label}"),
    Happened.DRAFT_SHARED:             Telling("Draft {number} was shared with the review panel: {label}"),
    Happened.DRAFT_READ:               Telling("Draft {number} was read: {label}", on_timeline=False),
    Happened.PROGRESS_REPORTED:        Telling("{agency} reported on action {number}: {label}"),
    Happened.LONGER_ANSWERED:          Telling("{agency} asked for longer and was answered: action {number}, {label}"),
    Happened.EVIDENCE_READ:            Telling("Evidence for action {number} was read", on_timeline=False),
    **{kind: Telling(words, on_timeline=False) for kind, words in OF_REMINDERS.items()},
    Happened.NEXT_DATE_MENDED:         Telling("The next date shown in lists was put right by the nightly check"),
    Happened.WORDS_KEPT:               Telling("Words that might name somebody were kept in a text, with a reason"),
    Happened.MESSAGE_HELD:             Telling("A message was held, since it may name somebody", on_timeline=False),
    Happened.SEARCHED:                 Telling("Somebody was looked for by name", on_timeline=False),
    Happened.DUPLICATES_SOUGHT:        Telling("People were compared with those of other reviews", on_timeline=False),
    Happened.DUPLICATE_CHECK_ON:       Telling("The check for duplicates was turned on", on_timeline=False),
    Happened.DUPLICATE_CHECK_OFF:      Telling("The check for duplicates was turned off", on_timeline=False),
    Happened.INDEX_EPOCH_BEGUN:        Telling("The check for duplicates began a new key", on_timeline=False),
    Happened.INDEX_EPOCH_ENDED:        Telling("The check for duplicates ended a key", on_timeline=False),
    Happened.TRAIL_PROVED:             Telling("The audit trail was proved and holds", on_timeline=False),
    Happened.TRAIL_BROKEN:             Telling("The audit trail was found broken", on_timeline=False),
    Happened.TRAIL_EXPORTED:           Telling("The audit trail was exported: {label}", on_timeline=False),
    Happened.JOB_DONE:                 Telling("The clockwork did its work: {job}", on_timeline=False),
    Happened.JOB_FAILED:               Telling("The clockwork failed at its work: {job}", on_timeline=False),
    Happened.KEYS_ROTATION_BEGUN:      Telling("A change of keys was begun", on_timeline=False),
    Happened.KEYS_ROTATED:             Telling("Every sealed value was sealed with new keys", on_timeline=False),
    Happened.KEYS_REWRAPPED:           Telling("The keys were put under a new master key", on_timeline=False),
    Happened.KEYS_DESTROYED:           Telling("Keys that sealed nothing any more were destroyed", on_timeline=False),
    Happened.KEYS_SHARED_OUT:          Telling("Recovery shares of the keys were made", on_timeline=False),
    Happened.KEYS_PROVED:              Telling("Two recovery shares were proved to open", on_timeline=False),
    Happened.KEYS_RECOVERED:           Telling("The keys were recovered with two shares", on_timeline=False),
    Happened.TOMBSTONES_APPLIED:       Telling("Destroyed keys that had come back with a backup were destroyed again"),
    Happened.MANY_REVIEWS_OPENED:      Telling("Details of many reviews were opened within an hour", on_timeline=False),
    Happened.OPENED:                   Telling("Personal details were opened", on_timeline=False),
    Happened.REFUSED:                  Telling("A step was refused: {move}", on_timeline=False),
    Happened.SIGNED_IN:                Telling("Signed in", on_timeline=False),
    Happened.SIGN_IN_FAILED:           Telling("A sign-in failed", on_timeline=False),
    Happened.SIGN_IN_THROTTLED:        Telling("A sign-in was refused after too many tries", on_timeline=False),
    Happened.SIGNED_OUT:               Telling("Signed out", on_timeline=False),
    Happened.PROVED_AGAIN:             Telling("Showed once more that it is they, before a step", on_timeline=False),
    Happened.PROOF_REFUSED:            Telling("Could not show that it is they: nothing done", on_timeline=False),
    Happened.SIGN_IN_ENDED:            Telling("A sign-in was ended from elsewhere", on_timeline=False),
    Happened.CODE_ASKED:               Telling("A password was right; a code was asked for", on_timeline=False),
    Happened.CODE_REFUSED:             Telling("A code after the right password was refused", on_timeline=False),
    Happened.AUTHENTICATOR_SET_UP:     Telling("Set up an authenticator", on_timeline=False),
    Happened.AUTHENTICATOR_TAKEN_AWAY: Telling("An authenticator was taken away from an account", on_timeline=False),
    Happened.RECOVERY_CODES_MADE:      Telling("Made new recovery codes", on_timeline=False),
    Happened.RECOVERY_CODE_USED:       Telling("Used a recovery code instead of the authenticator", on_timeline=False),
    Happened.PASSKEY_ADDED:            Telling("Added a passkey", on_timeline=False),
    Happened.PASSKEY_ENDED:            Telling("Ended a passkey", on_timeline=False),
    Happened.PASSWORD_CHANGED:         Telling("Changed their password", on_timeline=False),
    Happened.PASSKEY_USED:             Telling("A passkey was right", on_timeline=False),
    Happened.PASSKEY_WENT_BACK:        Telling("A passkey’s count went back: it may be a copy", on_timeline=False),
    Happened.TENANT_ADDED:             Telling("An organisation’s own sign-in was entered", on_timeline=False),
    Happened.TENANT_TURNED_OFF:        Telling("An organisation’s own sign-in was turned off", on_timeline=False),
    Happened.TENANT_TURNED_ON:         Telling("An organisation’s own sign-in was turned on", on_timeline=False),
    Happened.TENANT_REFUSED:           Telling("A sign-in through an organisation was refused", on_timeline=False),
    Happened.IDENTITY_BOUND:           Telling("An account was joined to an organisation’s one", on_timeline=False),
    Happened.IDENTITY_ENDED:           Telling("An account was parted from that sign-in", on_timeline=False),
    Happened.ACCOUNT_CREATED:          Telling("An account was made", on_timeline=False),
    Happened.AGREEMENT_ADDED:          Telling("An agreement with an organisation was recorded", on_timeline=False),
    Happened.AGREEMENT_ENDED:          Telling("The end of an agreement was recorded", on_timeline=False),
    Happened.CONTACT_SET:              Telling("{agency} was given its single point of contact", on_timeline=False),
    Happened.CONTACT_ENDED:            Telling("{agency} has no single point of contact any more", on_timeline=False),
    Happened.INVITED:                  Telling("Somebody was invited to have an account", on_timeline=False),
    Happened.INVITATION_CONFIRMED:     Telling("A second person confirmed an invitation", on_timeline=False),
    Happened.INVITATION_SENT_AGAIN:    Telling("An invitation was sent again", on_timeline=False),
    Happened.INVITATION_WITHDRAWN:     Telling("An invitation was withdrawn", on_timeline=False),
    Happened.INVITATION_ACCEPTED:      Telling("An invitation was accepted", on_timeline=False),
    Happened.ACCOUNT_BLOCKED:          Telling("An account was blocked", on_timeline=False),
    Happened.ACCOUNT_UNBLOCKED:        Telling("An account was let in again", on_timeline=False),
    Happened.ACCOUNT_UNBLOCK_PROPOSED: Telling("It was proposed to let an account in again", on_timeline=False),
    Happened.ACCOUNT_CHANGE_PROPOSED:  Telling("Another role was proposed for an account", on_timeline=False),
    Happened.ACCOUNT_CHANGE_WITHDRAWN: Telling("A proposed change of an account was withdrawn", on_timeline=False),
    Happened.ACCOUNT_CHANGED:          Telling("The role or agency of an account was changed", on_timeline=False),
    Happened.WORK_TAKEN_OVER:          Telling("The contact of {agency} took over {number} seats of a colleague",
                                               on_timeline=False),
    Happened.WORK_LEFT_BEHIND:         Telling("{number} seats of {agency} were left with nobody", on_timeline=False),
    Happened.PARTNERSHIP_SEEDED:       Telling("The partnership was set up", on_timeline=False),
    Happened.RULE_SET_ADOPTED:         Telling("A rule set was first used", on_timeline=False),
    **{kind: Telling(*said) for kind, said in OF_DAYS.items()},
}  # fmt: skip

ON_TIMELINE = frozenset(kind for kind, telling in TELLING.items() if telling.on_timeline)


def sentence(kind: Happened, details: Mapping[str, str | int], *, agency: str | None = None) -> str:
    """The event in words. `details` holds clear codes only, so a sentence can never hold a name."""
    move = MOVES.get(str(details.get("move", "")))
    audience = str(details.get("audience", ""))
    answer = str(details.get("answer", ""))
    condition = CONDITIONS.get(str(details.get("condition", "")))
    words = {
        "agency": agency or "An agency",
        "number": details.get("number", ""),
        "label": details.get("label", ""),
        "move": move.happened if move else "",
        "condition": condition.sentence.removesuffix(".") if condition else "",
        "answer": Answer(answer).label.lower() if answer else "",
        "job": str(details.get("job", "")).replace("_", " "),
        "step": step_words(str(details.get("step", ""))),
        "about": _about(str(details.get("about", ""))),
        "because": emergency.because(kind, str(details.get("because", ""))),
        "audience": _audience(audience, details.get("number")),
        "until": in_words(date.fromisoformat(str(details["until"]))) if "until" in details else "",
    }
    said = TELLING[kind].sentence.format(**words).strip()
    return said[:1].upper() + said[1:]


def _audience(audience: str, number: object) -> str:
    if not audience:
        return ""
    if audience == Audience.FAMILY and number:
        return f"family member {number}"
    return Audience(audience).label


def _about(step: str) -> str:
    """Of which step somebody was told; nothing where it was of none, or recorded before that was asked."""
    move = MOVES.get(step)
    return f" about “{move.button}”" if move else ""
