"""The choices that the forms of records offer, from the panel to the end: codes and their words on screen."""

from __future__ import annotations

APPOINTED_AS = {"independent_chair": "Independent chair", "report_author": "Report author"}

LEFT_BECAUSE = {
    "work_done": "Their work on the review is done",
    "stepped_down": "They stepped down",
    "unavailable": "They can no longer take part",
    "not_independent": "They turned out not to be independent",
    "partnership_ended": "The partnership ended the appointment",
    "mistake": "They were never appointed: it was entered by mistake",
}

SEAT_BRINGS = {
    "agency": "Its agency’s own part",
    "domestic_abuse": "Specialist knowledge of domestic abuse",
    "culture": "Knowledge of a culture or community",
    "other": "Other expert knowledge",
}

MEETING_KINDS = {
    "panel": "Review panel",
    "approving_body": "Approving body",
    "steering_group": "Steering group",
    "debrief": "Debrief of staff",
}

IMR_KINDS = {"imr": "IMR", "summary_report": "Summary report"}

IMR_OUTCOMES = {
    "open": "Waiting",
    "received": "Received",
    "nil": "Nil return",
    "not_required": "Not required",
    "no_reply": "No reply after escalation",
}

IMR_NOT_REQUIRED_BECAUSE = {
    "no_contact": "The agency had no contact with anybody involved",
    "outside_period": "Its contact lies outside the period under review",
    "scoping_return_enough": "Its scoping return says all there is",
    "other_review_covers": "Another review covers it",
    "wrong_agency": "The wrong agency was asked",
}

TAKES_PART = {
    "not_known": "Not yet known",
    "yes": "Takes part",
    "later": "Perhaps later",
    "no": "Does not want to take part",
}

FAMILY_STEPS = {
    "advocate": "An advocate was offered",
    "leaflet": "The Home Office leaflet was given",
    "terms": "A say in the terms of reference was offered",
    "meeting": "A meeting with the panel was offered",
    "update": "An update was given",
    "reading": "A reading of the draft was offered",
    "changes": "Told of changes after the Home Office letter",
    "publication_date": "Told the date of publication",
    "copy": "Given their copy of the report",
    "withholding": "Told why the report is withheld, and asked for their view",
    "what_changed": "Told what has changed since",
}

# The same steps while they are still ahead: “Still to be offered or told: an advocate; the Home Office leaflet.”
FAMILY_STEPS_AHEAD = {
    "advocate": "an advocate",
    "leaflet": "the Home Office leaflet",
    "terms": "a say in the terms of reference",
    "meeting": "a meeting with the panel",
    "update": "how the review is going",
    "reading": "a reading of the draft",
    "changes": "what changed after the Home Office letter",
    "publication_date": "the date of publication",
    "copy": "their copy of the report",
    "withholding": "why the report is withheld, with the question what they think of it",
    "what_changed": "what has changed since",
}

FAMILY_ANSWERS = {
    "awaited": "No answer yet",
    "accepted": "Yes",
    "declined": "No, thank you",
    "view_given": "They gave their view",
    "not_needed": "No answer is needed",
    "no_answer": "They did not answer in the time they were given",
    "asked_not_to_be": "They asked not to be told or asked again",
}

PAPER_KINDS = {
    "overview_report": "Overview report",
    "executive_summary": "Executive summary",
    "action_plan": "Action plan",
}

# A draft is one of the papers, or anything else that a chair hands in.
DRAFT_KINDS = {**PAPER_KINDS, "other": "Other document"}

ACCURACY_OUTCOMES = {
    "open": "Waiting",
    "agreed": "Agrees with its passages",
    "corrections": "Asks for corrections",
    "lapsed": "Lapsed without an answer",
    "taken_back": "Sent by mistake, taken back",
}

AGREED_HOW = {
    "meeting": "At a meeting",
    "circulation": "By circulation",
    "steering_chair": "By the steering group chair, after a resubmission",
}

VERDICTS = {
    "cleared": "May be published as it is",
    "cleared_after_changes": "May be published after changes",
    "resubmit": "To be changed and submitted again",
}

POINT_OUTCOMES = {"open": "Still to be answered", "changed": "Changed", "not_changed": "Not changed"}

PUBLICATION_MODES = {
    "full": "The whole report and its executive summary",
    "redacted": "Redacted",
    "summary": "The executive summary alone",
}

BRIEFING_SENT_TO = {
    "agencies": "The agencies of the review",
    "all_agencies": "Every agency of the partnership",
    "practitioners": "Front-line staff",
    "public": "Everybody, on the web",
}

SEMINAR_FORMATS = {
    "in_person": "In person",
    "online": "Online",
    "hybrid": "In person and online",
    "another_way": "Shared in another way that was minuted",
}

SPEAKERS = {
    "independent_chair": "The independent chair",
    "agency": "Staff of an agency",
    "expert": "An expert",
    "family": "A bereaved family member",
}

RATINGS = {"excellent": "Excellent", "very_good": "Very good", "good": "Good", "fair": "Fair", "poor": "Poor"}

SCOPES = {"local": "Local", "regional": "Regional", "national": "National"}

ORIGINS = {
    "overview": "Overview report",
    "imr": "An agency’s IMR",
    "home_office_letter": "Home Office letter",
    "early_learning": "Early learning",
    "family": "The family",
}

ACTION_OUTCOMES = {
    "open": "Open",
    "signed_off": "Signed off",
    "superseded": "Superseded",
    "not_taken_forward": "Not taken forward",
}

# What an agency is asked to send in the course of a review.
ASKED_FOR = {
    "scoping_return": "Scoping return",
    "imr": "IMR",
    "summary_report": "Summary report",
    "chronology": "Chronology",
    "accuracy_check": "Factual accuracy check",
}

# What an agency reports about its action.
REPORT_KINDS = {
    "no_change": "No change",
    "progress": "Progress",
    "done": "Done",
    "need_longer": "Need longer",
}

MOVED_BECAUSE = {
    "waits_for_others": "It waits for another organisation",
    "no_capacity": "Staff or money were not there in time",
    "larger": "The work turned out to be larger",
    "reorganised": "The organisation is being reorganised",
    "lasting": "It turned out to be work that goes on without an end",
    "sooner": "It can be done sooner",
    "entered_wrongly": "The date was entered wrongly",
}

WITHDRAWN_BECAUSE = {
    "changed_by_panel": "The review panel changed its mind",
    "home_office_letter": "The Home Office letter asked for it",
    "joined": "It was joined with another recommendation",
    "entered_wrongly": "It was entered by mistake",
}

AUDIT_FOUND = {
    "lasted": "What was done has lasted",
    "partly": "Some of it has lasted",
    "not_lasted": "It has not lasted",
}

HANDED_OVER = {"papers": "Papers", "actions": "Open actions", "family_contact": "Contact with the family"}

HANDING_OVER = {"open": "Still to be handed over", "handed_over": "Handed over", "there_is_none": "There is none"}

DETAILS_OPENED = {
    "identities": "Names and other identities",
    "working_papers": "Working papers",
    "panel_papers": "Papers of the review panel",
    "kept_words": "Words kept in a text though they may name somebody",
    "family": "The family’s records",
    "sensitive": "What is kept apart: children, health, police intelligence, family contacts",
    "evidence": "Files that show what agencies did",
    "system": "Secrets that sign-ins and signed notes rest on",
}

# Why nothing may be destroyed.
HOLD_REASONS = {
    "public_inquiry": "A public inquiry has asked that nothing be destroyed",
    "inquest": "An inquest is open or may be reopened",
    "criminal": "Criminal proceedings or an appeal",
    "civil": "A civil claim, or one that is expected",
    "other_review": "Another review needs these records",
    "request": "A request for information, or a complaint, is not settled",
    "other": "Another reason",
}

# Why a notice of disposal was ended before anything was destroyed.
STOPPED_BECAUSE = {
    "held": "a legal hold was placed",
    "retention_changed": "the day until which the records are kept was changed",
    "reopened": "the review was reopened",
    "still_needed": "the records are still needed",
    "given_wrongly": "the notice was given by mistake",
}

# What somebody answers before their seat opens: whether they know anybody in the review.
DECLARED = {
    "none": "No, I know nobody in this review",
    "conflict": "Yes, I know somebody, or somebody close to them",
    "unsure": "I am not sure",
}

# Why somebody stands on the block list of a review.
BARRED_BECAUSE = {
    "declared": "They said so themselves",
    "placed": "They were put on the list",
    "taken_over": "Their e-mail address was on the list",
}

# Why somebody is taken off it again.
LIFTED_BECAUSE = {
    "mistaken": "It was another person, or a mistake",
    "looked_into": "It was looked into, and there is no conflict",
    "over": "What the conflict rested on is over",
}
