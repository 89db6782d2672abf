"""Cases whose report is finished: to be published, published and being learnt from, closed, brought in from before."""

from __future__ import annotations

from dhr_app.casework.demo.moving import moved
from dhr_app.casework.demo.plan import Case
from dhr_app.casework.demo.steps import relative, seconded, stated, told
from dhr_app.casework.demo.stretches import begun, cleared, closed, commissioned, published, scoped, submitted
from dhr_app.casework.family import FamilyMemberEntry
from dhr_app.casework.notification import NotificationEntry
from dhr_app.casework.people import PersonEntry
from dhr_app.casework.statement import StatementEntry
from dhr_app.workflows.stages import Stage

BY_A_PARTNER = ("aged_16_or_over", "abuse_or_neglect", "partner")

PUBLICATION = Case(
    # The Commissioner’s copy is still owed.
    key="publication",
    rule_set="dhr-2016",
    died=-720,
    aware=-715,
    notification=NotificationEntry(
        criminal_state="convicted",
        inquest_state="none",
        kinds=("intimate_partner_violence",),
        cause_of_death="suffocation",
        place_of_death="residential",
        officer="DCI Leopold Cradlock",
        crime_number="42/BARS/98117",
    ),
    victims=(
        PersonEntry(
            full_name="Emmeline Trefoil-Hart",
            born_on="1990-05-05",
            address="8 Bell Foundry Yard, Barchester",
            sex="female",
            age_band="25-34",
            relationship_to_victim="ex_partner",
        ),
    ),
    steps=(
        relative(
            -712, FamilyMemberEntry("Leonora Trefoil", "adoptive mother, in Guestwick", "leonora@trefoil.example")
        ),
        *scoped(-710, "Kestrel", {"Police": "An application under the disclosure scheme was not answered in time."}),
        *commissioned(-680, "Kestrel", BY_A_PARTNER, "A question she asked of the police was answered too late."),
        *begun(-560, "Kestrel"),
        *submitted(-330, "Kestrel"),
        *cleared(-18, "Kestrel", copied=False),
    ),
)

SEMINAR = Case(
    key="seminar",
    rule_set="dhr-2016",
    died=-960,
    aware=-955,
    notification=NotificationEntry(
        criminal_state="convicted",
        inquest_state="concluded",
        kinds=("intimate_partner_violence",),
        features={"stalking": "yes", "separation": "yes"},
        cause_of_death="sharp_instrument",
        place_of_death="public_place",
        officer="DI Cuthbert Rampling",
        crime_number="42/BARS/80345",
    ),
    victims=(
        PersonEntry(
            full_name="Henrietta Cantrip",
            born_on="1981-07-22",
            address="35 Lime Walk, Plumstead Episcopi",
            sex="female",
            age_band="35-44",
            relationship_to_victim="ex_spouse",
        ),
    ),
    steps=(
        relative(-950, FamilyMemberEntry("Augustin Cantrip", "father, formerly of Ostend", "4 Quay Cottages, Ostend")),
        *scoped(
            -948,
            "Curlew",
            {
                "Police": "Two breaches of an order were logged as neighbour disputes.",
                "Probation": "He missed four appointments in a row.",
            },
        ),
        *commissioned(-920, "Curlew", BY_A_PARTNER, "Breaches were not seen as breaches."),
        *begun(-800, "Curlew"),
        *submitted(-560, "Curlew"),
        *cleared(-240, "Curlew"),
        *published(-170, "Curlew"),
        stated(-150, "briefing_issued", StatementEntry(evidence="Briefing of two pages, folder Curlew")),
    ),
)

CLOSED = Case(
    key="closed",
    rule_set="dhr-2016",
    died=-1260,
    aware=-1255,
    notification=NotificationEntry(
        criminal_state="convicted",
        inquest_state="none",
        kinds=("intimate_partner_violence",),
        cause_of_death="burning",
        place_of_death="residential",
        officer="DS Eustacia Vavasour",
        crime_number="42/BARS/51206",
    ),
    victims=(
        PersonEntry(
            full_name="Georgiana Whitstable",
            born_on="1972-02-02",
            address="1 Gasworks Terrace, Silverbridge",
            sex="female",
            age_band="45-54",
            relationship_to_victim="spouse",
        ),
    ),
    steps=(
        relative(-1250, FamilyMemberEntry("Septima Whitstable", "eldest daughter, in Courcy", "01632 960118")),
        *scoped(
            -1248,
            "Avocet",
            {"Police": "Nobody had ever called the police to the house."},
            nil=("Fire and Rescue", "Barset Refuge"),
        ),
        *commissioned(-1220, "Avocet", BY_A_PARTNER, "No agency knew her, and that is what has to be learnt from."),
        *begun(-1100, "Avocet"),
        *submitted(-880, "Avocet"),
        *cleared(-600, "Avocet"),
        *published(-540, "Avocet"),
        *closed(-30, "Avocet"),
    ),
)

BROUGHT_IN = Case(
    # Began on paper; brought in where it stood.
    key="brought_in",
    rule_set="dhr-2016",
    died=-1500,
    aware=-110,
    notification=NotificationEntry(
        criminal_state="convicted",
        inquest_state="none",
        kinds=("familial_homicide",),
        officer="DCI Marmaduke Eames-Roby",
        crime_number="42/BARS/40550",
    ),
    victims=(
        PersonEntry(
            full_name="Theodosia Burslem",
            born_on="1949-12-01",
            address="2 Priory Gardens, Barchester",
            sex="female",
            age_band="65+",
            relationship_to_victim="parent",
        ),
    ),
    steps=(
        stated(-106, "earlier_steps_marked", StatementEntry(evidence="List of nine earlier steps, folder Bittern")),
        stated(-106, "agreed_to_bring_in", StatementEntry(evidence="Both looked through the box, folder Bittern")),
        seconded(-105, "agreed_to_bring_in"),
        moved(-104, "bring_in", target=Stage.HOME_OFFICE_QA, as_at=-107),
        told(-100, "steering_chair", note="Told that the box is in the system now, folder Bittern"),
    ),
)

CASES = (PUBLICATION, SEMINAR, CLOSED, BROUGHT_IN)
