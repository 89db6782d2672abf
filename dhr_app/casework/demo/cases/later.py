"""Cases whose report is finished: to be published, published and being learnt from, closed, brought in from before."""

from __future__ import annotations

from dhr_app.casework.demo.disposal_steps import confirmed, held, noticed
from dhr_app.casework.demo.earlier_steps import marked_earlier
from dhr_app.casework.demo.family_steps import avoided, offered
from dhr_app.casework.demo.learning_steps import audited, briefed, kept_until, shared
from dhr_app.casework.demo.moving import moved
from dhr_app.casework.demo.plan import Case
from dhr_app.casework.demo.plan_steps import (
    SAFETY_VISITS,
    advised,
    counted,
    date_moved,
    named,
    refused,
    reported,
    signed_off,
)
from dhr_app.casework.demo.progress_steps import asked_longer, link_sent, said
from dhr_app.casework.demo.publication_steps import approved, publication_planned
from dhr_app.casework.demo.request_steps import DECIDED, OF_OTHERS
from dhr_app.casework.demo.steps import relative, seat_kept, seconded, stated, told
from dhr_app.casework.demo.stretches import (
    begun,
    checklist,
    cleared,
    closed,
    commissioned,
    published,
    scoped,
    submitted,
)
from dhr_app.casework.family import FamilyMemberEntry
from dhr_app.casework.notification import NotificationEntry
from dhr_app.casework.people import PersonEntry
from dhr_app.casework.statement import StatementEntry
from dhr_app.workflows.roles import Role
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
        avoided(-16, "1990-05-06", "Her daughter’s birthday, by the hour"),
        publication_planned(-15, 25),
        offered(-13, "publication_date", channel="in_person", about=25, note="Told in her kitchen, folder Kestrel"),
        approved(-6, "E-mail of the steering group’s chair, folder Kestrel", by=Role.COORDINATOR),
        said(-120, "2.1/1", "Both sides have the draft. Two surgeries out of seven have signed."),
        asked_longer(-4, "2.1/1", 60, "The other five sign once their own lawyers have read it."),
        link_sent(-1, "1/1", "action.plans@police.barsetshire.example"),
        *OF_OTHERS,
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
        *advised(-600, SAFETY_VISITS),
        refused(-592, "3", "We may not be told who holds such an order, and cannot visit whom we do not know of."),
        *submitted(-560, "Curlew"),
        counted(-540, 9),
        reported(-430, "1/1", "The form of the force, in use since the autumn, and its superintendent’s statement."),
        signed_off(-400, "4.2"),
        date_moved(-390, "2.1/1", -60, "waits_for_others", minute="4.3"),
        said(-300, "2.1/1", "A first draft of the protocol went to all seven surgeries."),
        asked_longer(-75, "2.1/1", 40, "The trust’s teams are being put together anew until the summer."),
        date_moved(-70, "2.1/1", 40, "reorganised", minute="6.1"),
        *cleared(-240, "Curlew"),
        named(-200, "Columbine", -960),
        *published(-170, "Curlew"),
        seat_kept(-151, Role.INDEPENDENT_CHAIR),
        briefed(-150, "all_agencies", "practitioners", "public", kept="Briefing of two pages, folder Curlew"),
        seat_kept(-76, Role.INDEPENDENT_CHAIR),
        shared(
            -20,
            "Orders that are broken: seeing the pattern",
            {"Police": 23, "Probation": 12, "Barset Refuge": 8, "Mental Health Trust": 17},
            with_closed=True,
        ),
        said(-12, "2.1/1", "Signed by five surgeries of seven.", blocked_by="Two surgeries wait for their new manager"),
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
        named(-560, "Clover", -1260),
        *published(-540, "Avocet"),
        moved(-400, "take_down", reason="A neighbour was recognised from one sentence on page thirty."),
        told(-398, "steering_chair", "home_office", family=(1,), note="Told why the report is down, folder Avocet"),
        stated(-380, "anonymity_checked", checklist("Avocet", 10)),
        seconded(-379, "anonymity_checked"),
        told(-378, family=(1,), of="publish_again", note="Told that the report is back, folder Avocet"),
        moved(-377, "publish_again", "Approval of the changed report, folder Avocet", by=Role.STEERING_CHAIR),
        *closed(-30, "Avocet"),
        audited(-5, "partly"),
        held(-4, "civil", "Letter before claim to the hospital trust, folder Avocet, no. 77", 200),
        *DECIDED,
    ),
)

LONG_CLOSED = Case(
    # Everything personal of it is due to be destroyed; a second person has to confirm.
    key="long_closed",
    rule_set="dhr-2016",
    died=-1692,
    aware=-1690,
    notification=NotificationEntry(
        criminal_state="convicted",
        inquest_state="none",
        kinds=("intimate_partner_violence",),
        cause_of_death="sharp_instrument",
        place_of_death="residential",
        officer="DI Hortensia Quimby",
        crime_number="42/BARS/20917",
    ),
    victims=(
        PersonEntry(
            full_name="Araminta Sedgewick",
            born_on="1969-08-19",
            address="12 Tannery Row, Barchester",
            sex="female",
            age_band="45-54",
            relationship_to_victim="ex_spouse",
        ),
    ),
    steps=(
        relative(-1688, FamilyMemberEntry("Barnaby Sedgewick", "only son, at sea", "barnaby@sedgewick.example")),
        *scoped(-1686, "Dunnock", {"Police": "A caution was given where an order was needed."}),
        *commissioned(-1660, "Dunnock", BY_A_PARTNER, "He was known, and nobody had put together what was known."),
        *begun(-1560, "Dunnock"),
        *submitted(-1380, "Dunnock"),
        *cleared(-1180, "Dunnock"),
        named(-1150, "Sorrel", -1692),
        *published(-1120, "Dunnock"),
        *closed(-980, "Dunnock"),
        audited(-800, "lasted"),
        kept_until(-70, -40),
        noticed(-35),
        confirmed(-2),
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
        marked_earlier(-106, Stage.SCOPING, None),
        marked_earlier(-106, Stage.PANEL, -1400, "year"),
        marked_earlier(-106, Stage.CHAIR_REPORT, -900, "month"),
        marked_earlier(-106, Stage.HOME_OFFICE_QA, -160),
        stated(
            -106,
            "agreed_to_bring_in",
            StatementEntry(evidence="Both looked through the box, folder Bittern", about=Stage.HOME_OFFICE_QA.value),
        ),
        seconded(-105, "agreed_to_bring_in"),
        moved(-104, "bring_in", target=Stage.HOME_OFFICE_QA, as_at=-107),
        told(-100, "steering_chair", note="Told that the box is in the system now, folder Bittern"),
    ),
)

CASES = (PUBLICATION, SEMINAR, CLOSED, LONG_CLOSED, BROUGHT_IN)
