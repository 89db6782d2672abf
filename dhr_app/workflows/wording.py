"""The choices that forms offer and figures count: codes and their words on screen."""

from __future__ import annotations

AWAITED = {
    "post_mortem": "The post-mortem",
    "charge": "A charging decision",
    "inquest": "The inquest",
    "agency_information": "More information from agencies",
}

HELD_BECAUSE = {
    "criminal_trial": "Criminal proceedings",
    "appeal": "An appeal",
    "inquest": "The inquest",
    "iopc": "An IOPC investigation",
    "family_request": "Agreed so that the family could take part",
    "chair_change": "A change of chair",
}

HOLD_ASKED_OF = {
    "officer_in_charge": "The officer in charge",
    "cps": "The Crown Prosecution Service",
    "coroner": "The coroner",
    "family": "The family",
    "nobody": "Nobody needed to be asked",
}

MOVED_BECAUSE = {
    "criminal_proceedings": "Criminal proceedings",
    "inquest": "The inquest",
    "late_information": "Information came late from an agency",
    "family_time": "More time was agreed so that the family could take part",
    "chair_availability": "The chair’s or author’s availability",
    "complexity": "The review is wider than was expected",
    "home_office": "Waiting for the Home Office",
}

YES_NO_NOT_KNOWN = {"yes": "Yes", "no": "No", "not_known": "Not known"}

CRIMINAL_STATES = {
    "not_known": "Not known",
    "none": "No criminal proceedings",
    "pre_charge": "Investigation, nobody charged",
    "charged": "Somebody is charged",
    "trial_listed": "A trial is listed",
    "convicted": "Convicted",
    "acquitted": "Acquitted",
    "appeal": "Under appeal",
    "died": "The person who may have caused the death has died",
}

INQUEST_STATES = {
    "not_known": "Not known",
    "none": "No inquest",
    "opened": "Opened",
    "adjourned": "Opened and adjourned",
    "listed": "Listed",
    "concluded": "Concluded",
}

NOTIFIER_KINDS = {
    "police": "The police",
    "agency": "Another agency",
    "family": "The family",
    "other": "Somebody else",
}

# Kinds of death overlap: a parricide is a familial homicide too (vocabulary of the Home Office DHR Library).
KINDS_OF_DEATH = {
    "intimate_partner_violence": "By a partner or former partner",
    "familial_homicide": "By a relative",
    "parricide": "Of a parent",
    "homicide_suicide": "Homicide followed by suicide",
    "household_member": "By a member of the same household",
}

FEATURES = {
    "children_present": "Children in the household",
    "coercive_control": "Coercive control",
    "economic_abuse": "Economic abuse",
    "physical_abuse": "Physical abuse",
    "emotional_abuse": "Emotional abuse",
    "sexual_abuse": "Sexual abuse",
    "stalking": "Stalking",
    "separation": "Separation",
    "forced_marriage": "Forced marriage",
    "faith_based_marriage": "Faith-based marriage",
    "honour_based_violence": "So-called honour-based abuse",
}

CAUSES_OF_DEATH = {
    "unknown": "Not known",
    "sharp_instrument": "Sharp instrument",
    "blunt_instrument": "Blunt instrument",
    "hitting_with_a_weapon": "Hitting with a weapon",
    "shooting": "Shooting",
    "ligature_strangulation": "Strangulation with a ligature",
    "manual_strangulation": "Manual strangulation",
    "suffocation": "Suffocation, asphyxiation or smothering",
    "arson": "Arson",
    "burning": "Burning or scalding",
    "drowning": "Drowning",
    "fall": "Fall to a hard surface",
    "other_poisoning": "Poisoning",
    "other": "Other",
}

PLACES_OF_DEATH = {
    "not_known": "Not known",
    "residential": "At a home",
    "public_place": "In a public place",
    "other": "Elsewhere",
}

PARALLEL_REVIEWS = {
    "safeguarding_adults": "Safeguarding adults review",
    "child_safeguarding": "Child safeguarding practice review",
    "mappa": "MAPPA serious case review",
    "mental_health_homicide": "Mental health homicide investigation",
    "offensive_weapons": "Offensive weapons homicide review",
    "prison_probation": "Prisons and Probation Ombudsman investigation",
    "iopc": "IOPC investigation",
    "coroner": "Coroner’s investigation",
}

TEMPLATES = {
    "own": "This review’s own report",
    "joint": "One joint report for both reviews",
    "other": "The other review’s report covers this one",
}

PARTS = {
    "victim": "Victim",
    "perpetrator": "Alleged perpetrator",
    "child": "Child",
    "witness": "Witness",
}

SEXES = {"female": "Female", "male": "Male", "other": "Other", "not_known": "Not known"}

AGE_BANDS = {
    "not_known": "Not known",
    "under_16": "Under 16",
    "16-19": "16 to 19",
    "20-24": "20 to 24",
    "25-34": "25 to 34",
    "35-44": "35 to 44",
    "45-54": "45 to 54",
    "55-64": "55 to 64",
    "65+": "65 and over",
}

# What the victim was to the person who may have caused the death.
RELATIONSHIPS = {
    "not_known": "Not known",
    "spouse": "Spouse or civil partner",
    "ex_spouse": "Former spouse or civil partner",
    "common_law_spouse": "Living as a couple",
    "partner": "Boyfriend or girlfriend",
    "ex_partner": "Former boyfriend or girlfriend",
    "cohabitant": "Living in the same home",
    "parent": "Parent",
    "step_parent": "Step-parent",
    "grandparent": "Grandparent",
    "child": "Son or daughter",
    "sibling": "Brother or sister",
    "other_relative": "Another relative",
    "not_related": "Not related",
}

CHANNELS = {
    "letter": "By letter",
    "e_mail": "By e-mail",
    "telephone": "By telephone",
    "in_person": "In person",
    "advocate": "Through the advocate",
    "family_liaison": "Through the family liaison officer",
}

NOT_CONTACTED_BECAUSE = {
    "safety": "For somebody’s safety",
    "suspect": "They are, or may be, a suspect",
    "police_request": "The police asked us to wait",
    "own_wish": "They asked not to be contacted",
}

NOT_TOLD_BECAUSE = {
    **NOT_CONTACTED_BECAUSE,
    "not_traced": "They could not be traced",
    "nobody_known": "Nobody is known to tell",
}

DECISIONS = {"review": "To review", "not_review": "Not to review"}

SCOPING_OUTCOMES = {
    "open": "Waiting for the return",
    "in": "Return received",
    "nil": "Nothing to return",
    "no_reply": "Closed: no reply after escalation",
}
