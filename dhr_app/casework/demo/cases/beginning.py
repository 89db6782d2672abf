"""Cases not yet decided: just notified, being scoped, late, deferred."""

from __future__ import annotations

from dhr_app.casework.demo.moving import deferred, moved
from dhr_app.casework.demo.plan import Case
from dhr_app.casework.demo.steps import (
    answered,
    asked,
    considered,
    escalated,
    given_up,
    involved,
    joined,
    kept_out,
    relative,
    unsure,
    waiting_to_start,
)
from dhr_app.casework.demo.stretches import scoped
from dhr_app.casework.family import FamilyMemberEntry
from dhr_app.casework.notification import NotificationEntry
from dhr_app.casework.people import PersonEntry
from dhr_app.workflows.roles import Role

NOTIFIED = Case(
    # The partnership became aware on the day of the death: that day is sealed, and only its month stands in clear.
    key="notified",
    rule_set="dardr",
    died=-3,
    aware=-2,
    aware_that_day=True,
    notification=NotificationEntry(
        criminal_state="pre_charge",
        inquest_state="not_known",
        kinds=("intimate_partner_violence",),
        features={"children_present": "yes", "separation": "yes"},
        cause_of_death="sharp_instrument",
        place_of_death="residential",
        officer="DI Obadiah Wiggleswick",
        crime_number="42/BARS/70916",
        safeguarding="Both children are staying with their grandparents at Framley Parva.",
        account="A neighbour called an ambulance shortly before midnight; the front door stood open.",
    ),
    victims=(
        PersonEntry(
            full_name="Lavinia Plomacy",
            other_names="Vinnie Ullathorne",
            born_on="1988-02-21",
            address="14 Ropewalk Steps, Hogglestock",
            sex="female",
            age_band="35-44",
            relationship_to_victim="ex_partner",
        ),
    ),
    steps=(
        involved(
            -1,
            PersonEntry("perpetrator", full_name="Jabez Harkaway", born_on="1985-09-30", sex="male", age_band="35-44"),
        ),
        involved(-1, PersonEntry("child", full_name="Clementina Plomacy", born_on="2016-04-12", age_band="under_16")),
    ),
)

SCOPING = Case(
    # Three agencies answered in their ways, one was closed after escalation, one is silent, one was asked later.
    key="scoping",
    rule_set="dhr-2016",
    died=-22,
    aware=-19,
    notification=NotificationEntry(
        criminal_state="charged",
        inquest_state="adjourned",
        kinds=("familial_homicide", "parricide"),
        features={"coercive_control": "yes"},
        parallel_reviews=("mental_health_homicide",),
        cause_of_death="blunt_instrument",
        place_of_death="residential",
        officer="DCI Hannah Threlkeld",
        crime_number="42/BARS/68120",
        account="Her son rang the surgery in the morning and said that she would not wake.",
    ),
    victims=(
        PersonEntry(
            full_name="Jemima Umbleby",
            born_on="1951-11-08",
            address="3 Almshouse Row, Puddingdale",
            sex="female",
            age_band="65+",
            relationship_to_victim="parent",
        ),
    ),
    steps=(
        asked(-18, "Police", "Fire and Rescue", "Adult Social Care", "Probation"),
        moved(-18, "begin_scoping"),
        relative(
            -16,
            FamilyMemberEntry(
                "Cordelia Umbleby",
                "younger daughter in Hogglestock",
                "01632 960417, after six in the evening",
                "She would like to hear from one person only.",
            ),
        ),
        relative(
            -16,
            FamilyMemberEntry(
                "Bartholomew Umbleby", "elder son, held at Silverbridge", not_contacted_because="suspect"
            ),
        ),
        answered(
            -12,
            "Police",
            "Two calls to the house in a year, both logged as concern for welfare.",
            "E-mail of the review officer, log 811",
        ),
        answered(-11, "Fire and Rescue", "", "E-mail of station office, log 812"),
        asked(-8, "Mental Health Trust"),
        joined(-7, Role.AGENCY_CONTRIBUTOR),
        escalated(-6, "Probation"),
        given_up(-2, "Probation"),
        kept_out(-6, "dorothea.umbleby@barsetshire.example"),
        unsure(-2, Role.STEERING_MEMBER, "My late father farmed next to a family of that name in Puddingdale."),
        waiting_to_start(-1, Role.REPORT_AUTHOR),
    ),
)

LATE = Case(
    # Everything is known, nobody has decided: the month is long over.
    key="late",
    rule_set="dardr",
    died=-65,
    aware=-62,
    notification=NotificationEntry(
        criminal_state="trial_listed",
        inquest_state="opened",
        kinds=("intimate_partner_violence",),
        features={"economic_abuse": "yes", "stalking": "yes"},
        cause_of_death="manual_strangulation",
        place_of_death="residential",
        officer="DS Phineas Oldbuckle",
        crime_number="42/BARS/61733",
    ),
    victims=(
        PersonEntry(
            full_name="Augusta Lookaloft",
            born_on="1979-07-03",
            address="Flat 2, Rosebank Court, Plumstead Episcopi",
            sex="female",
            age_band="45-54",
            relationship_to_victim="spouse",
        ),
    ),
    steps=(
        *scoped(
            -58,
            "Goldcrest",
            {
                "Police": "One report of harassment two years before, no further action.",
                "Barset Refuge": "She rang the helpline three times in spring and asked about money.",
                "NHS Barsetshire": "Seen twice with bruises; she said that she had fallen.",
            },
        ),
        considered(-40),
    ),
)

DEFERRED = Case(
    key="deferred",
    rule_set="dhr-2016",
    died=-44,
    aware=-40,
    notification=NotificationEntry(
        criminal_state="none",
        inquest_state="opened",
        kinds=("household_member",),
        cause_of_death="fall",
        place_of_death="residential",
        officer="DC Letitia Crabtree",
        crime_number="42/BARS/64902",
    ),
    victims=(
        PersonEntry(
            full_name="Roger Winterbones",
            born_on="1962-05-27",
            address="The Old Tollhouse, Boxall Hill",
            sex="male",
            age_band="55-64",
            relationship_to_victim="cohabitant",
        ),
    ),
    steps=(
        *scoped(
            -36,
            "Fieldfare",
            {
                "Police": "No earlier calls; the lodger found him at the foot of the stairs.",
                "Adult Social Care": "A care assessment was offered twice and declined.",
            },
        ),
        deferred(-8, ("post_mortem",), 20, "Minute on deferring until the second post-mortem, folder Fieldfare"),
    ),
)

CASES = (NOTIFIED, SCOPING, LATE, DEFERRED)
