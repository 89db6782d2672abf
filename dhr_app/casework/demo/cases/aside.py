"""Cases beside the way: not reviewed, handed over, withdrawn, void, and a contribution to another county’s."""

from __future__ import annotations

from dhr_app.casework.demo.handover_steps import (
    acknowledged,
    given_up,
    handed_over,
    handover_begun,
    none_to_hand_over,
)
from dhr_app.casework.demo.imr_steps import chronology_sent, imr_asked, imr_sent
from dhr_app.casework.demo.moving import moved, transferred
from dhr_app.casework.demo.plan import Case
from dhr_app.casework.demo.steps import decided, relative, seconded, stated, told
from dhr_app.casework.demo.stretches import commissioned, scoped
from dhr_app.casework.family import FamilyMemberEntry
from dhr_app.casework.notification import NotificationEntry
from dhr_app.casework.people import PersonEntry
from dhr_app.casework.statement import StatementEntry

NOT_REVIEWED = Case(
    key="not_reviewed",
    rule_set="dhr-2016",
    died=-135,
    aware=-130,
    notification=NotificationEntry(
        criminal_state="none",
        inquest_state="concluded",
        kinds=("household_member",),
        cause_of_death="fall",
        place_of_death="residential",
        officer="DC Prudence Ottershaw",
        crime_number="42/BARS/55018",
    ),
    victims=(
        PersonEntry(
            full_name="Leander Hoggett",
            born_on="1944-10-31",
            address="19 Barn Elms, Hogglestock",
            sex="male",
            age_band="65+",
            relationship_to_victim="cohabitant",
        ),
    ),
    steps=(
        relative(-128, FamilyMemberEntry("Seraphina Hoggett", "niece with power of attorney", "01632 960649")),
        *scoped(-126, "Wheatear", {"Police": "The inquest found that he fell while alone in the house."}),
        decided(
            -104,
            "not_review",
            ("cause_not_abuse",),
            "The coroner heard from the pathologist and ruled out any other person.",
        ),
        moved(-102, "decide_not_to_review", "Minute of the steering group, item 9, folder Wheatear"),
        told(
            -99,
            "home_office",
            "agencies",
            "notifier",
            family=(1,),
            note="Letters with the right to challenge, folder Wheatear",
        ),
    ),
)

TRANSFERRED = Case(
    key="transferred",
    rule_set="dardr",
    died=-190,
    aware=-186,
    notification=NotificationEntry(
        criminal_state="charged",
        inquest_state="adjourned",
        kinds=("intimate_partner_violence",),
        officer="DI Fabian Quintrell",
        crime_number="42/BARS/45560",
    ),
    victims=(
        PersonEntry(
            full_name="Araminta Sowerby-Dell",
            born_on="1997-01-11",
            address="Caravan 4, Matching Green",
            sex="female",
            age_band="25-34",
            relationship_to_victim="partner",
        ),
    ),
    steps=(
        relative(-184, FamilyMemberEntry("Octavius Sowerby-Dell", "stepfather in Silverbridge", "01632 960532")),
        *scoped(-182, "Pipit", {"Police": "She lived in Silverbridge until a month before her death."}),
        handover_begun(-166, "Silverbridge CSP"),
        handed_over(-164, "papers", "Notification, scoping returns and letters: twelve papers, folder Pipit"),
        none_to_hand_over(-164, "actions", "No action was agreed before it went, folder Pipit"),
        handed_over(-163, "family_contact", "Her stepfather prefers the telephone, card in folder Pipit"),
        acknowledged(-162, "Frank Gresham, coordinator in Silverbridge"),
        told(-161, family=(1,), of="transfer", note="Told who leads from now on, folder Pipit"),
        transferred(-160, "Silverbridge CSP", "Both coordinators’ e-mails, folder Pipit"),
    ),
)

HANDING_OVER = Case(
    # It was to go once already and stayed; now the papers are there, and nobody has said that they came.
    key="handing_over",
    rule_set="dhr-2016",
    died=-56,
    aware=-50,
    notification=NotificationEntry(
        criminal_state="charged",
        inquest_state="adjourned",
        kinds=("familial_homicide",),
        officer="DS Thomasina Belfrage",
        crime_number="42/BARS/62207",
    ),
    victims=(
        PersonEntry(
            full_name="Hortensia Quaverdale",
            born_on="1958-12-02",
            address="2 Lock Cottages, Allington",
            sex="female",
            age_band="65+",
            relationship_to_victim="parent",
        ),
    ),
    steps=(
        relative(-48, FamilyMemberEntry("Gervase Quaverdale", "her brother in Silverbridge", "01632 960288")),
        *scoped(-46, "Dipper", {"Police": "She had moved to her son in Silverbridge six weeks before."}),
        handover_begun(-30, "Silverbridge CSP"),
        given_up(-24),
        handover_begun(-9, "Silverbridge CSP"),
        handed_over(-7, "papers", "Notification and two scoping returns, list in folder Dipper"),
        none_to_hand_over(-7, "actions", "Nothing is agreed so early, folder Dipper"),
    ),
)

WITHDRAWN = Case(
    key="withdrawn",
    rule_set="dhr-2016",
    died=-360,
    aware=-355,
    notification=NotificationEntry(
        criminal_state="none",
        inquest_state="concluded",
        kinds=("intimate_partner_violence",),
        officer="DCI Drusilla Paramore",
        crime_number="42/BARS/27714",
    ),
    victims=(
        PersonEntry(
            full_name="Florinda Dugdale",
            born_on="1966-06-06",
            address="70 Assize Street, Barchester",
            sex="female",
            age_band="55-64",
            relationship_to_victim="spouse",
        ),
    ),
    steps=(
        relative(-352, FamilyMemberEntry("Lysander Dugdale", "widower of the deceased", "01632 960905")),
        *scoped(-350, "Merlin", {"Police": "He called the ambulance himself and was at work when she fell ill."}),
        *commissioned(
            -320,
            "Merlin",
            ("aged_16_or_over", "abuse_or_neglect", "partner"),
            "It was thought at first that she had been poisoned.",
        ),
        told(
            -241,
            "home_office",
            "panel",
            "agencies",
            family=(1,),
            of="withdraw",
            note="Told that the review is withdrawn, folder Merlin",
        ),
        moved(
            -240,
            "withdraw",
            "Minute of the steering group, item 7, folder Merlin",
            reason="Toxicology showed a natural illness; nobody harmed her.",
        ),
    ),
)

VOID = Case(
    key="void",
    rule_set="dhr-2016",
    died=-76,
    aware=-67,
    notification=NotificationEntry(officer="DI Solomon Thwackray", crime_number="42/BARS/60258-B"),
    victims=(PersonEntry(full_name="Harriet Greenaker", sex="female", age_band="25-34"),),
    steps=(
        stated(-66, "agreed_to_void", StatementEntry(evidence="Both compared the two e-mails, folder Dunnock")),
        seconded(-66, "agreed_to_void"),
        moved(-65, "void", reason="The same death was notified twice under two spellings."),
    ),
)

CONTRIBUTION = Case(
    # Silverbridge holds the review; Barsetshire owes it IMRs and actions.
    key="contribution",
    rule_set="contribution",
    lead="Silverbridge CSP",
    died=-95,
    aware=-80,
    notification=NotificationEntry(
        notifier_kind="agency",
        criminal_state="charged",
        kinds=("intimate_partner_violence",),
        officer="DS Winifred Gostling",
        crime_number="17/SILV/20933",
    ),
    victims=(
        PersonEntry(
            full_name="Beatrix Scatcherd-Low",
            born_on="1987-10-10",
            address="6 Canal Street, Silverbridge",
            sex="female",
            age_band="35-44",
            relationship_to_victim="partner",
        ),
    ),
    steps=(
        stated(-78, "contribution_asked_for", StatementEntry(evidence="Letter of Silverbridge, folder Siskin")),
        moved(-77, "begin_contribution"),
        imr_asked(-75, "Police", "Barset Refuge"),
        chronology_sent(-38, "Police", "E-mail of the review team, folder Siskin"),
        imr_sent(
            -9,
            "Police",
            "Sergeant Robert Kennedy",
            "Chief Inspector Fanny Dean",
            "Two calls were logged in our county and not passed on to Silverbridge.",
            "E-mail of the chief inspector, folder Siskin",
        ),
    ),
)

CASES = (NOT_REVIEWED, TRANSFERRED, HANDING_OVER, WITHDRAWN, VOID, CONTRIBUTION)
