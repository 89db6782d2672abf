"""The choices of requests for information and of incidents, in words; codes are kept, words may be mended."""

from __future__ import annotations

REQUEST_KINDS = {
    "freedom_of_information": "Freedom of information",
    "subject_access": "Subject access: somebody asks for what is held about them",
    "police": "The police",
    "cps": "The Crown Prosecution Service",
    "coroner": "A coroner",
    "family_court": "The family court",
    "other_statutory": "Another body with a statutory power",
}

# The same in lists, where room is short.
REQUESTS_SHORT = REQUEST_KINDS | {
    "subject_access": "Subject access",
    "police": "Police",
    "cps": "CPS",
    "coroner": "Coroner",
    "family_court": "Family court",
    "other_statutory": "Other statutory body",
}

# UK GDPR Art. 12(3): the only two grounds on which an answer may be put off.
EXTENDED_BECAUSE = {
    "complex": "The request is complex",
    "number": "The same person has made a number of requests",
}

EXTENSIONS = {"1": "One month more", "2": "Two months more"}

REQUEST_DECISIONS = {
    "full": "Disclosed in full",
    "part": "Disclosed in part",
    "refused": "Refused",
    "not_held": "Nothing is held",
    "withdrawn": "The request was withdrawn",
}

GIVEN = ("full", "part")  # decisions by which something went to whoever asked
HELD_BACK = ("part", "refused")

# Freedom of Information Act 2000, Part II.
FOI_EXEMPTIONS = {
    "foi_21": "FOI Act s.21: it can be had in another way",
    "foi_22": "FOI Act s.22: it is going to be published",
    "foi_30": "FOI Act s.30: investigations and proceedings",
    "foi_31": "FOI Act s.31: law enforcement",
    "foi_38": "FOI Act s.38: it would endanger somebody’s health or safety",
    "foi_40": "FOI Act s.40: personal information of somebody living",
    "foi_41": "FOI Act s.41: it was given in confidence",
    "foi_42": "FOI Act s.42: legal professional privilege",
}

# Data Protection Act 2018, Schedules 2 and 3.
DPA_EXEMPTIONS = {
    "dpa_2_1_2": "DPA 2018 Sch. 2 para. 2: crime and taxation",
    "dpa_2_1_5": "DPA 2018 Sch. 2 para. 5: required by law, or for legal proceedings",
    "dpa_2_3_16": "DPA 2018 Sch. 2 para. 16: the rights of others",
    "dpa_3": "DPA 2018 Sch. 3: health, social work, education and child abuse data",
}

EXEMPTIONS = FOI_EXEMPTIONS | DPA_EXEMPTIONS

GIVEN_BY = {
    "secure_mail": "By secure e-mail",
    "post": "By recorded post",
    "by_hand": "By hand",
    "portal": "Through the receiver’s own secure site",
    "read_here": "It was read here, and nothing was taken away",
}

REQUEST_STATES = {
    "overdue": ("Overdue", "red"),
    "due_soon": ("Due this week", "purple"),
    "open": ("Open", "blue"),
    "undated": ("Open, no day given", "blue"),
    "identity": ("Waits: who asks?", "grey"),
    "decided": ("Decided", "green"),
}

INCIDENT_KINDS = {
    "wrong_person": "Sent or shown to the wrong person",
    "published": "Published, or named where it should not be",
    "lost": "Papers or a device lost or stolen",
    "looked": "Somebody looked who had no reason to",
    "attack": "An attack on an account or a system",
    "gone": "Records lost, altered or not to be had",
    "other": "Something else",
}

ICO_DECISIONS = {
    "notify": "The Information Commissioner is told",
    "not": "The Information Commissioner is not told",
}

# UK GDPR Art. 33(1), and Art. 4(12) for what is no breach.
NOT_NOTIFIED_BECAUSE = {
    "unlikely": "A risk to people is unlikely",
    "no_personal_data": "No personal data was touched",
    "by_another": "Another controller has told the Commissioner of it",
}

LATE_BECAUSE = {
    "facts": "The facts were not clear in time",
    "other_body": "Another body told us late what it knew",
    "not_seen": "It was not recognised as a breach at first",
    "nobody_there": "Nobody who decides could be reached",
}

# UK GDPR Art. 34(1) and (3).
PEOPLE_TOLD = {
    "told": "They were told",
    "no_high_risk": "Not told: a high risk to them is unlikely",
    "unreadable": "Not told: whoever has the data cannot read it",
    "risk_ended": "Not told: what was done since has ended the high risk",
    "public": "Not told one by one, which would be out of proportion: it was said in public",
}

LESSONS = {
    "training": "Training",
    "way_of_work": "Another way of working",
    "access": "Who may see what was changed",
    "system": "The system was changed",
    "none": "Nothing could be changed",
}
