"""Cases with a review panel: newly commissioned, after a suspected suicide, on hold for a trial."""

from __future__ import annotations

from dhr_app.casework.demo.agreement_steps import met, terms_agreed, terms_drafted
from dhr_app.casework.demo.draft_steps import drafted
from dhr_app.casework.demo.emergency_steps import opened_in_an_emergency
from dhr_app.casework.demo.family_steps import avoided, offered, takes_part
from dhr_app.casework.demo.imr_steps import (
    chronology_sent,
    imr_asked,
    imr_author,
    imr_escalated,
    imr_excused,
    imr_given_up,
    imr_nil,
    imr_sent,
)
from dhr_app.casework.demo.kept_apart_steps import let_open, set_apart
from dhr_app.casework.demo.moving import hold_kept, moved, paused
from dhr_app.casework.demo.panel_steps import appointed, declared, seated
from dhr_app.casework.demo.plan import Case
from dhr_app.casework.demo.planned_steps import gathering_planned, meeting_planned
from dhr_app.casework.demo.request_steps import ABOUT_A_LIVING_REVIEW
from dhr_app.casework.demo.steps import considered, decided, joined, relative, stated, told
from dhr_app.casework.demo.stretches import commissioned, scoped
from dhr_app.casework.family import FamilyMemberEntry
from dhr_app.casework.notification import NotificationEntry
from dhr_app.casework.people import PersonEntry
from dhr_app.casework.statement import StatementEntry
from dhr_app.workflows.answers import Answer
from dhr_app.workflows.roles import Role

PANEL = Case(
    # Home Office and agencies were told in time; the family and the police still have to be: those duties are late.
    key="panel",
    rule_set="dardr",
    died=-72,
    aware=-68,
    notification=NotificationEntry(
        criminal_state="charged",
        inquest_state="adjourned",
        kinds=("intimate_partner_violence",),
        features={"physical_abuse": "yes", "children_present": "no"},
        cause_of_death="sharp_instrument",
        place_of_death="public_place",
        officer="DI Solomon Thwackray",
        crime_number="42/BARS/60258",
    ),
    victims=(
        PersonEntry(
            full_name="Harriet Greenacre",
            born_on="1994-12-19",
            address="Room 9, Weavers Hostel, Barchester",
            sex="female",
            age_band="25-34",
            relationship_to_victim="partner",
        ),
    ),
    steps=(
        relative(
            -66, FamilyMemberEntry("Dorothea Greenacre", "mother, living at Courcy", "courcy.greenacre@post.example")
        ),
        *scoped(
            -64,
            "Dunnock",
            {
                "Police": "Seven incidents in fourteen months, four with the same partner.",
                "Probation": "He was supervised until the winter; recall was discussed once.",
                "Mental Health Trust": "Two crisis contacts, the second a week before.",
            },
        ),
        considered(-40, "mappa"),
        decided(
            -38,
            "review",
            ("domestic_abuse", "both_16_or_over", "connected"),
            "Seven incidents were known to three agencies, and nobody put them together.",
        ),
        moved(-35, "commission", "Minute of the steering group, item 2, folder Dunnock"),
        told(-31, "home_office", "agencies", note="Letters of decision, folder Dunnock"),
        joined(-22, Role.INDEPENDENT_CHAIR, Role.REPORT_AUTHOR, Role.PANEL_MEMBER, Role.AGENCY_CONTRIBUTOR),
        appointed(-22),
        declared(-21, "A cousin works for the fire service, which has no part; two pages, folder Dunnock"),
        seated(-21, "Police", "Probation", "Mental Health Trust", "NHS Barsetshire", "Barset Refuge"),
        imr_asked(-21, "Police", "Probation", "Mental Health Trust"),
        imr_asked(-21, "NHS Barsetshire", "Barset Refuge", kind="summary_report", chronology=False),
        imr_author(-16, "Mental Health Trust", "Dr Plantagenet Erle, consultant", by=Role.AGENCY_CONTRIBUTOR),
        imr_excused(-14, "NHS Barsetshire", "scoping_return_enough"),
        terms_drafted(-15, "What seven incidents told three agencies."),
        met(
            -13,
            "panel",
            ("Police", "Probation", "Mental Health Trust", "Barset Refuge"),
            "The terms are agreed; the hostel is asked for its log.",
            "Panel minute 1, folder Dunnock",
            apologies=("NHS Barsetshire",),
        ),
        terms_agreed(-13),
        opened_in_an_emergency(
            -8, "court_today", "The court asks by noon whether anybody at the hostel gave a statement.", found="rightly"
        ),
        opened_in_an_emergency(
            -7, "at_risk", "The hostel rang: he has written from prison to a woman who stays there now."
        ),
        meeting_planned(-7, 6, moved_to=8),
        meeting_planned(-7, 15, "debrief", cancelled=True),
        gathering_planned(-7, 5, "steering_group"),
        gathering_planned(-7, 27, "learning_event"),
        terms_drafted(-6, "As before, and what the hostel saw from its first night.", years=7),
        drafted(
            -5, "other", "Dunnock outline.docx", "An outline of chapters, to talk about.", title="Outline of chapters"
        ),
        drafted(-4, "other", "Dunnock nights.docx", "Which nights the hostel was full.", title="Nights at the hostel"),
        set_apart(
            -12,
            "police_intelligence",
            "Discussed at the MARAC in the spring, with what an informant had told about him.",
            agency="Police",
        ),
        set_apart(
            -9,
            "health",
            "What she told the crisis team of the winter before.",
            agency="Mental Health Trust",
            by=Role.REPORT_AUTHOR,
        ),
        let_open(-8, Role.REPORT_AUTHOR, "drafting", weeks=6),
        chronology_sent(-4, "Police", "E-mail of the review officer, folder Dunnock"),
        imr_sent(
            -2,
            "Barset Refuge",
            "Violet Effingham, caseworker",
            "Laura Standish, director",
            "Six nights in the hostel, and a move to another town that was not offered.",
            "E-mail of the refuge, folder Dunnock",
        ),
        stated(
            -6,
            "family_offered_part",
            StatementEntry(
                Answer.COULD_NOT_BE_DONE, evidence="Two letters came back unopened; the advocate reached nobody."
            ),
            by=Role.INDEPENDENT_CHAIR,
        ),
        *ABOUT_A_LIVING_REVIEW,
    ),
)

SUICIDE = Case(
    # The next of kin may be the one who abused her: nothing is sent or shown to him.
    key="suspected_suicide",
    rule_set="dardr",
    died=-58,
    aware=-55,
    notification=NotificationEntry(
        suspected_suicide="yes",
        criminal_state="pre_charge",
        inquest_state="opened",
        features={"coercive_control": "yes", "economic_abuse": "yes"},
        parallel_reviews=("coroner",),
        cause_of_death="other_poisoning",
        place_of_death="residential",
        officer="DC Araminta Fell",
        crime_number="42/BARS/62440",
        account="She left a note for her sister, which the coroner’s officer holds.",
    ),
    victims=(
        PersonEntry(
            full_name="Rosamund Tickler",
            born_on="1991-03-15",
            address="27 Quarry Lane, Annesgrove",
            sex="female",
            age_band="35-44",
            relationship_to_victim="spouse",
        ),
    ),
    steps=(
        relative(
            -53, FamilyMemberEntry("Sylvester Tickler", "husband, separated in March", not_contacted_because="suspect")
        ),
        relative(-53, FamilyMemberEntry("Philippa Nearthewinde", "twin sister in Silverbridge", "01632 960883")),
        *scoped(
            -50,
            "Whinchat",
            {
                "Police": "He was warned once about messages to her place of work.",
                "Barset Refuge": "She came to four sessions and stopped without a word.",
            },
        ),
        *commissioned(
            -15,
            "Whinchat",
            ("suicide_concern", "connected"),
            "Control and debt ran through every contact in her last year.",
            family=(2,),
        ),
        avoided(-14, "1991-03-16", "The birthday that the twins shared", number=2),
        takes_part(-8, advocate="Sunniva Hallett, Advocacy After Fatal Domestic Abuse (AAFDA), 01632 960467", number=2),
        offered(-8, "advocate", "accepted", channel="in_person", number=2),
        offered(-8, "leaflet", channel="in_person", number=2),
        offered(-5, "terms", channel="advocate", number=2, note="She is writing them down with her advocate"),
    ),
)

ON_HOLD = Case(
    key="on_hold",
    rule_set="dhr-2016",
    died=-170,
    aware=-165,
    notification=NotificationEntry(
        criminal_state="trial_listed",
        inquest_state="adjourned",
        kinds=("intimate_partner_violence",),
        cause_of_death="ligature_strangulation",
        place_of_death="residential",
        officer="DCI Rupert Mallingham",
        crime_number="42/BARS/48071",
    ),
    victims=(
        PersonEntry(
            full_name="Wilhelmina Gazebee",
            born_on="1983-08-02",
            address="11 Chantry Close, Barchester",
            sex="female",
            age_band="35-44",
            relationship_to_victim="common_law_spouse",
        ),
    ),
    steps=(
        relative(
            -162,
            FamilyMemberEntry(
                "Ambrose Gazebee", "brother in Uffley", "12 Market Hill, Uffley", "By letter, please, not by telephone."
            ),
        ),
        *scoped(-160, "Nightjar", {"Police": "A non-molestation order was served the summer before."}),
        *commissioned(
            -130,
            "Nightjar",
            ("aged_16_or_over", "abuse_or_neglect", "partner"),
            "An order was in force, and three agencies did not know of it.",
        ),
        appointed(-100, "Nothing to declare, says the signed form, folder Nightjar"),
        seated(-98, "Police", "Adult Social Care"),
        imr_asked(-96, "Police", "Adult Social Care"),
        imr_asked(-96, "Barchester Housing", "Mental Health Trust", kind="summary_report", chronology=False),
        imr_nil(-81, "Barchester Housing", "E-mail of the tenancy team, folder Nightjar"),
        chronology_sent(-60, "Police", "E-mail with forty pages, folder Nightjar"),
        told(-49, "panel", family=(1,), of="pause", note="Told that the review is put on hold, folder Nightjar"),
        paused(
            -48,
            -10,
            ("overview_report_due", "first_panel_due"),
            "Request of the officer in charge, folder Nightjar",
            "IMRs go on; nobody who may be a witness is spoken to.",
        ),
        imr_sent(
            -15,
            "Police",
            "Inspector Lucius Mason",
            "Superintendent Felix Graham",
            "The order was on one system and the address on another.",
            "E-mail with the signed report, folder Nightjar",
        ),
        hold_kept(
            -12,
            40,
            "Telephone note, the trial is listed again, folder Nightjar",
            "The jury was discharged; nothing else has changed.",
        ),
        imr_escalated(-8, "Adult Social Care"),
        imr_given_up(-2, "Adult Social Care"),
    ),
)

CASES = (PANEL, SUICIDE, ON_HOLD)
