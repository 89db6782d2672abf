"""Cases whose report is being written or read: two victims and a later date, sent back once, held locally."""

from __future__ import annotations

from dhr_app.casework.demo.accuracy_steps import (
    check_answered,
    check_lapsed,
    check_stands,
    corrections_settled,
    passages_sent,
)
from dhr_app.casework.demo.agreement_steps import approval_reported, approved_without_meeting, held_jointly, met
from dhr_app.casework.demo.draft_steps import draft_read, drafted
from dhr_app.casework.demo.family_steps import avoided, commented, hears, offered
from dhr_app.casework.demo.moving import extended, moved, paused, resumed
from dhr_app.casework.demo.panel_steps import appointed, chair_left
from dhr_app.casework.demo.paper_steps import filed, marked_final
from dhr_app.casework.demo.plan import Case
from dhr_app.casework.demo.steps import accepted, involved, relative, stated, told
from dhr_app.casework.demo.stretches import (
    begun,
    checklist,
    commissioned,
    finished_locally,
    scoped,
    sent_back,
    submitted,
)
from dhr_app.casework.family import FamilyMemberEntry
from dhr_app.casework.notification import NotificationEntry
from dhr_app.casework.people import PersonEntry
from dhr_app.casework.statement import StatementEntry
from dhr_app.workflows.answers import Answer
from dhr_app.workflows.roles import Role

TWO_VICTIMS = Case(
    # A later date was agreed, and the anonymity check still waits for a second person.
    key="chair_report",
    rule_set="dhr-2016",
    died=-330,
    aware=-325,
    notification=NotificationEntry(
        criminal_state="died",
        inquest_state="listed",
        kinds=("familial_homicide", "homicide_suicide"),
        features={"children_present": "yes", "physical_abuse": "yes"},
        parallel_reviews=("child_safeguarding", "coroner"),
        cause_of_death="shooting",
        place_of_death="residential",
        officer="DCI Hezekiah Brandreth",
        crime_number="42/BARS/30119",
    ),
    victims=(
        PersonEntry(
            full_name="Millicent Yeoman-Bell",
            born_on="1976-01-29",
            address="Home Farm, Little Bath Lane",
            sex="female",
            age_band="45-54",
            relationship_to_victim="spouse",
        ),
        PersonEntry(
            full_name="Tobias Yeoman-Bell",
            born_on="2005-06-17",
            sex="male",
            age_band="16-19",
            relationship_to_victim="child",
        ),
    ),
    steps=(
        involved(
            -324, PersonEntry("witness", full_name="Keturah Stubbs", notes="Keeps the shop opposite the farm gate.")
        ),
        relative(-320, FamilyMemberEntry("Horatia Fothergill", "grandmother at Eiderdown", "01632 960254")),
        *scoped(
            -318,
            "Lapwing",
            {
                "Police": "His shotgun certificate was renewed eleven months before.",
                "Children’s Services": "A school referral was closed after one visit.",
                "NHS Barsetshire": "He was treated for depression; nobody asked about guns.",
            },
        ),
        *commissioned(
            -290,
            "Lapwing",
            ("aged_16_or_over", "abuse_or_neglect", "partner", "household"),
            "Two people died, and a certificate was renewed without asking the surgery.",
        ),
        *begun(-200, "Lapwing"),
        told(-122, "home_office", family=(1,), of="extend", note="Told that more time is agreed, folder Lapwing"),
        extended(
            -120,
            "overview_report_due",
            60,
            "Minute on the later date, folder Lapwing",
            "The grandmother asked for time until the inquest.",
        ),
        avoided(-150, "1962-11-09", "Tobias used to come to her on it"),
        drafted(-48, "overview_report", "Lapwing chapters 1 to 4.docx", "Chapter 3 waits for the surgery’s part."),
        draft_read(-47, "overview_report", 1, by=Role.COORDINATOR),
        drafted(-38, "overview_report", "Lapwing whole.docx", "Whole now; please look at chapter 5.", shared=True),
        draft_read(-36, "overview_report", 2, by=Role.PANEL_MEMBER),
        draft_read(-35, "overview_report", 2, by=Role.COORDINATOR),
        drafted(
            -34, "executive_summary", "Lapwing summary.docx", "Four pages, without the dates.", by=Role.REPORT_AUTHOR
        ),
        *filed(-32, "Lapwing"),
        passages_sent(-31, "Police", "Children’s Services", "NHS Barsetshire"),
        offered(-30, "update", channel="telephone", note="She asks to be told on Mondays"),
        check_answered(-24, "Police", "Form of the licensing office, folder Lapwing"),
        check_answered(
            -22,
            "Children’s Services",
            "E-mail of the head of service, folder Lapwing",
            "Page nine: two visits were tried, the second found nobody in.",
        ),
        offered(-20, "reading", channel="in_person", note="The draft is with her until the inquest"),
        corrections_settled(-15, "Children’s Services", "Page nine: accepted, both visits are named now."),
        commented(-14, "He was never the quiet boy of page twelve.", "Page twelve is rewritten with her words."),
        commented(-13, "Nobody asked his school, and somebody should."),
        stated(
            -12,
            "accuracy_checked",
            StatementEntry(
                Answer.COULD_NOT_BE_DONE, evidence="The surgery closed in spring; nobody there can check its part."
            ),
        ),
        accepted(-10, "accuracy_checked"),
        check_lapsed(-10, "NHS Barsetshire"),
        approved_without_meeting(-9, "circulation", "Five e-mails of members, folder Lapwing"),
        *filed(-8, "Lapwing", "overview_report", version=2, changes="The surgery’s part says that nobody checked it."),
        marked_final(-6),
        passages_sent(-6, "Police", "Children’s Services"),
        check_stands(-5, "NHS Barsetshire"),
        approved_without_meeting(-5, "circulation", "Four e-mails of members, folder Lapwing"),
        check_answered(
            -4,
            "Police",
            "Second form of the licensing office, folder Lapwing",
            "Page thirty: the certificate ran for five years, not for three.",
        ),
        stated(-3, "anonymity_checked", checklist("Lapwing", 1)),
    ),
)

RESUBMITTED = Case(
    key="home_office_qa",
    rule_set="dhr-2016",
    died=-640,
    aware=-635,
    notification=NotificationEntry(
        criminal_state="convicted",
        inquest_state="none",
        kinds=("intimate_partner_violence",),
        cause_of_death="hitting_with_a_weapon",
        place_of_death="residential",
        officer="DI Erasmus Pickersgill",
        crime_number="42/BARS/09904",
    ),
    victims=(
        PersonEntry(
            full_name="Clarinda Boncassen",
            born_on="1969-04-04",
            address="52 Staple Street, Barchester",
            sex="female",
            age_band="55-64",
            relationship_to_victim="ex_spouse",
        ),
    ),
    steps=(
        relative(
            -630, FamilyMemberEntry("Isadora Boncassen", "only daughter, in Allington", "isadora@boncassen.example")
        ),
        *scoped(
            -628,
            "Redshank",
            {
                "Police": "She reported him on the eve of the divorce.",
                "Barchester Housing": "A transfer was asked for in May and refused in June.",
            },
        ),
        *commissioned(
            -600,
            "Redshank",
            ("aged_16_or_over", "abuse_or_neglect", "partner"),
            "A refused transfer left her at an address he knew.",
        ),
        appointed(
            -592,
            "No tie to any agency; his firm once advised the health board, folder Redshank",
            holder="Obadiah Slope",
            organisation="Slope and Partners",
        ),
        told(-541, "panel", family=(1,), of="pause", note="Told of the hold until the trial, folder Redshank"),
        paused(
            -540,
            -470,
            ("overview_report_due",),
            "E-mail of the Crown’s solicitor, folder Redshank",
            "The panel reads what it has.",
        ),
        told(-481, family=(1,), of="resume", note="Told that the review goes on, folder Redshank"),
        resumed(-480, "Note of the verdict, folder Redshank"),
        chair_left(-466, "unavailable", "Mary Thorne, coordinator"),
        told(-455, family=(1,), of="replace_chair", note="Told who chairs the review from now on, folder Redshank"),
        *begun(-400, "Redshank"),
        moved(
            -395,
            "replace_chair",
            "E-mail of the first chair, folder Redshank",
            reason="His firm took work that leaves him no time.",
        ),
        held_jointly(-360, "Barsetshire Safeguarding Adults Board"),
        met(
            -300,
            "debrief",
            ("Police", "Barchester Housing"),
            "The housing officer who refused the transfer was offered help.",
            "Note of the debrief, sleeve 9, folder Redshank",
        ),
        *submitted(-230, "Redshank", joint=True),
        *sent_back(-95, "Redshank"),
        *submitted(-60, "Redshank", round_=2, joint=True),
        hears(-58, "two_months"),
        offered(-36, "update", channel="telephone", note="Told that the Home Office has it again, folder Redshank"),
        approval_reported(-30),
    ),
)

LOCAL = Case(
    key="local",
    rule_set="local-review",
    died=-420,
    aware=-410,
    notification=NotificationEntry(
        notifier_kind="agency",
        criminal_state="none",
        inquest_state="concluded",
        officer="PS Barnaby Uthwatt",
        crime_number="42/BARS/22581",
    ),
    victims=(
        PersonEntry(
            full_name="Ottoline Marrable",
            born_on="1958-09-09",
            address="The Lock Cottage, Puddingdale",
            sex="female",
            age_band="65+",
            relationship_to_victim="sibling",
        ),
    ),
    steps=(
        relative(-405, FamilyMemberEntry("Gideon Marrable", "nephew who wrote to us", "01632 960771")),
        *scoped(
            -400,
            "Turnstone",
            {"Adult Social Care": "Her brother answered the door and the telephone for years."},
            nil=("Police",),
        ),
        *commissioned(
            -370,
            "Turnstone",
            ("outside_the_act", "agencies_involved"),
            "The Act does not reach it, and three agencies want to learn from it.",
            home_office=False,
        ),
        *begun(-270, "Turnstone"),
        *finished_locally(-120, "Turnstone"),
        hears(-90, "at_the_end"),
    ),
)

CASES = (TWO_VICTIMS, RESUBMITTED, LOCAL)
