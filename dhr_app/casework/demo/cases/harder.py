"""Cases that went a harder way: a report sent back twice by the Home Office, and one withheld for a child’s sake."""

from __future__ import annotations

from dhr_app.casework.demo.family_steps import hears, offered
from dhr_app.casework.demo.home_office_steps import letter_came, point_answered
from dhr_app.casework.demo.learning_steps import briefed, minuted
from dhr_app.casework.demo.moving import moved
from dhr_app.casework.demo.plan import Case
from dhr_app.casework.demo.progress_steps import done_with_a_file
from dhr_app.casework.demo.steering_steps import waits_for_the_steering_group
from dhr_app.casework.demo.steps import involved, relative, told
from dhr_app.casework.demo.stretches import begun, cleared, commissioned, scoped, sent_back, submitted
from dhr_app.casework.family import FamilyMemberEntry
from dhr_app.casework.notification import NotificationEntry
from dhr_app.casework.people import PersonEntry

RETURNED_TWICE = Case(
    # The second letter lies on the chair’s desk; one of its points is still to be answered.
    key="returned_twice",
    rule_set="dhr-2016",
    died=-905,
    aware=-900,
    notification=NotificationEntry(
        criminal_state="convicted",
        inquest_state="none",
        kinds=("intimate_partner_violence",),
        features={"coercive_control": "yes"},
        cause_of_death="sharp_instrument",
        place_of_death="residential",
        officer="DI Leontine Bracegirdle",
        crime_number="42/BARS/84417",
    ),
    victims=(
        PersonEntry(
            full_name="Rosamund Tickler",
            born_on="1975-03-19",
            address="11 Tanner Street, Barchester",
            sex="female",
            age_band="45-54",
            relationship_to_victim="spouse",
        ),
    ),
    steps=(
        relative(-895, FamilyMemberEntry("Philippa Tickler", "her cousin in Chaldicotes", "01632 960354")),
        *scoped(
            -892,
            "Whimbrel",
            {
                "Police": "Her employer rang twice when she did not come to work.",
                "NHS Barsetshire": "Her husband sat in at every appointment and answered for her.",
            },
        ),
        *commissioned(
            -862,
            "Whimbrel",
            ("aged_16_or_over", "abuse_or_neglect", "partner"),
            "Nobody had ever spoken with her alone.",
        ),
        *begun(-742, "Whimbrel"),
        *submitted(-500, "Whimbrel"),
        *sent_back(-380, "Whimbrel"),
        *submitted(-300, "Whimbrel", round_=2),
        letter_came(
            -30,
            "resubmit",
            "Whimbrel",
            "Better, and still not adequate, second letter in folder Whimbrel",
            (
                "The two calls of her employer are told and not analysed.",
                "Recommendation 2.2 says neither what changes nor by when.",
            ),
        ),
        moved(-29, "send_back", "The second letter, received, folder Whimbrel"),
        told(-27, "panel", family=(1,), note="Told of the second resubmission, folder Whimbrel"),
        point_answered(-12, 1, "changed", "Section 5.2 asks now what a colleague can do, and whom to tell."),
    ),
)

WITHHELD = Case(
    key="withheld",
    rule_set="dhr-2016",
    died=-1010,
    aware=-1005,
    notification=NotificationEntry(
        criminal_state="convicted",
        inquest_state="concluded",
        kinds=("intimate_partner_violence",),
        features={"children_present": "yes", "separation": "yes"},
        cause_of_death="manual_strangulation",
        place_of_death="residential",
        officer="DS Theophania Ragg",
        crime_number="42/BARS/77502",
    ),
    victims=(
        PersonEntry(
            full_name="Cressida Umfraville",
            born_on="1993-08-14",
            address="4 Weir Cottages, Scarrington",
            sex="female",
            age_band="25-34",
            relationship_to_victim="ex_partner",
        ),
    ),
    steps=(
        involved(-1000, PersonEntry("child", full_name="Linnet Umfraville", born_on="2014-10-30", age_band="under_16")),
        relative(
            -1000, FamilyMemberEntry("Winifred Umfraville", "grandmother who brings the child up", "01632 960667")
        ),
        relative(
            -1000,
            FamilyMemberEntry(
                "Crispin Dashwood-Pell", "the child’s father, in prison", not_contacted_because="suspect"
            ),
        ),
        *scoped(-998, "Wigeon", {"Police": "She had asked for a marker on her new address."}),
        *commissioned(
            -968,
            "Wigeon",
            ("aged_16_or_over", "abuse_or_neglect", "partner"),
            "Her new address became known through a school letter.",
        ),
        *begun(-850, "Wigeon"),
        *submitted(-620, "Wigeon"),
        *cleared(-420, "Wigeon"),
        offered(
            -390,
            "withholding",
            "view_given",
            channel="in_person",
            note="She asked that no schoolfriend may ever read it, folder Wigeon",
        ),
        told(-385, "home_office", of="withhold", note="Told that it will be withheld, folder Wigeon"),
        moved(
            -380,
            "withhold",
            "Board minute on withholding, item 4, folder Wigeon",
            reason="The child would be known from every page, whatever is taken out.",
        ),
        hears(-378, "at_the_end"),
        briefed(-340, "agencies", "practitioners", kept="Briefing without any detail of the child, folder Wigeon"),
        minuted(-300, "Keeping a new address safe", "Safeguarding leads of the schools, minute 3"),
        done_with_a_file(
            -10, "2.1/1", "Statement of the trust’s medical director, and the signed protocol.", "Heron protocol.docx"
        ),
        *waits_for_the_steering_group(-9),
    ),
)

CASES = (RETURNED_TWICE, WITHHELD)
