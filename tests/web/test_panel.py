"""Chair, author and panel on their pages: appointed, seated, corrected, gone, and a chair replaced."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import pytest
from flask import Flask

from dhr_app.casework.membership import leave
from dhr_app.casework.panel_page import open_appointment, panel_page
from dhr_app.casework.telling import TellingEntry, tell
from dhr_app.database.models import Appointment, Membership, PanelSeat
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from tests.factories import NOW
from tests.panels import appoint, end, take_seat
from tests.reviews import Case, County
from tests.seating import join
from tests.stories.visitor import Visitor

SignIn = Callable[..., Person]


def day(name: str, on: date) -> dict[str, str]:
    """The three boxes of a date."""
    return {f"{name}-day": str(on.day), f"{name}-month": str(on.month), f"{name}-year": str(on.year)}


DECLARED = {**day("independence_declared_on", date(2026, 6, 2)), "declaration": "No tie to anybody of the review."}
SEAT = {"brings": "domestic_abuse", "representative": "Ruth Dale, manager", "not_involved": "yes"}
CHAIR = {"role": "independent_chair", "holder": "Septimus Hale", "organisation": "Self-employed"}


@pytest.fixture
def case(county: County) -> Case:
    """A review that has just been commissioned."""
    case = county.review(Stage.PANEL)
    case.at = NOW
    return case


def panel_of(case: Case) -> str:
    return f"/reviews/{case.reference}/panel"


def row_path(case: Case, row_id: object, kind: str = "appointments") -> str:
    return f"{panel_of(case)}/{kind}/{row_id}"


def sent(visitor: Visitor, path: str, values: Mapping[str, str], button: str | None = None) -> list[str]:
    """Fill in the form of a page, and say what is wrong with it."""
    visitor.open(path).send(values, button=button)
    return visitor.errors()


class TestAppointments:
    def test_a_chair_is_appointed_and_the_page_says_what_is_still_to_do(self, case: Case, visitor: Visitor) -> None:
        visitor.open(panel_of(case))
        assert "No independent chair is in office." in visitor.text
        assert sent(visitor, f"{panel_of(case)}/appointments/new", CHAIR) == []
        assert visitor.path == panel_of(case)
        assert "The appointment is recorded." in visitor.text
        assert "Septimus Hale Independent chair Self-employed From 3 June 2026" in visitor.text
        assert "Record that they left : Septimus Hale Not yet No account" in visitor.text
        assert "No independent chair is in office." not in visitor.text

    def test_what_is_wrong_stands_beside_its_box_and_the_rest_is_kept(self, case: Case, visitor: Visitor) -> None:
        values = {"organisation": "Self-employed", "declaration": "Once a governor of the hospital."}
        assert sent(visitor, f"{panel_of(case)}/appointments/new", values) == ["Give their name."]
        visitor.send({"holder": "Septimus Hale"})
        assert visitor.errors() == ["Say as what they are appointed.", "Give the day of the declaration."]
        assert visitor.value("declaration") == "Once a governor of the hospital."

    def test_a_chair_with_an_account_reaches_the_review_until_they_leave(
        self, app: Flask, case: Case, visitor: Visitor, sign_in: SignIn
    ) -> None:
        chair = Visitor(app.test_client())
        person = sign_in(chair.client, Role.INDEPENDENT_CHAIR, name="Septimus Hale")
        assert chair.open(panel_of(case)).status == 404
        sent(visitor, f"{panel_of(case)}/appointments/new", {**CHAIR, "account_id": str(person.id)})
        assert "Reaches this review" in visitor.text
        assert chair.open(panel_of(case)).status == 200
        assert "Record that they left" not in chair.text
        (row,) = case.rows(Appointment)
        visitor.open(f"{row_path(case, row.id)}/end")
        assert "Saving this ends their access at once." in visitor.text
        visitor.send({"ended_because": "stepped_down"})
        assert "They reach this review no longer." in visitor.text
        assert "From 3 June 2026 until 3 June 2026 Papers not back" in visitor.text
        assert chair.open(panel_of(case)).status == 404

    def test_a_chair_whose_seat_was_ended_under_members_is_said_to_have_no_access(
        self, case: Case, visitor: Visitor
    ) -> None:
        appoint(case, account_id=case.county.who(Role.INDEPENDENT_CHAIR).id)
        assert "No access now" not in visitor.open(panel_of(case)).text
        (seat,) = case.rows(Membership)
        leave(case.reference, seat.id, by=case.county.coordinator, at=NOW)
        visitor.open(panel_of(case))
        assert "No access now" in visitor.text
        assert "give them a seat again under Members" in visitor.text

    def test_the_declaration_is_added_later_and_read_by_the_steering_chair_who_changes_nothing(
        self, app: Flask, case: Case, visitor: Visitor, sign_in: SignIn
    ) -> None:
        row_id = appoint(case, independence_declared_on=None, declaration="")
        assert sent(visitor, row_path(case, row_id), DECLARED) == []
        assert "Septimus Hale 2 June 2026 No account" in visitor.text
        overseer = Visitor(app.test_client())
        sign_in(overseer.client, Role.STEERING_CHAIR)
        overseer.open(row_path(case, row_id))
        assert "No tie to anybody of the review." in overseer.text
        assert overseer.page.select("main form") == []
        sign_out = overseer.page.select_one("input[name=csrf_token]")
        assert sign_out is not None
        whole = {"csrf_token": str(sign_out["value"]), **CHAIR, **DECLARED, **day("appointed_on", NOW.date())}
        assert overseer.client.post(row_path(case, row_id), data=whole).status_code == 403
        assert overseer.open(f"{row_path(case, row_id)}/end").status == 403

    def test_whoever_reads_no_working_papers_sees_the_panel_and_no_declaration(
        self, app: Flask, case: Case, sign_in: SignIn
    ) -> None:
        row_id = appoint(case)
        for role in (Role.AUDITOR, Role.STEERING_MEMBER):
            other = Visitor(app.test_client())
            sign_in(other.client, role)
            other.open(panel_of(case))
            assert ("Septimus Hale" in other.text) is (role is Role.STEERING_MEMBER)
            assert not other.page.select("main a[href*='/appointments/'], main a[href*='/seats/']")
            assert other.open(row_path(case, row_id)).status == 403
            assert other.open(f"{panel_of(case)}/appointments/new").status == 403
            assert other.open(f"{row_path(case, row_id)}/end").status == 403

    def test_the_second_to_save_chooses_between_both_texts(
        self, app: Flask, case: Case, visitor: Visitor, sign_in: SignIn
    ) -> None:
        row_id = appoint(case)
        second = Visitor(app.test_client())
        sign_in(second.client)
        second.open(row_path(case, row_id))
        sent(visitor, row_path(case, row_id), {"holder": "Septimus Haile", "organisation": "Hale and Daughter"})
        second.send({"holder": "Septimus Hall"})
        assert second.status == 409
        second.send({"keep-holder": "yours", "keep-organisation": "theirs"})
        entry = open_appointment(case.reference, row_id, by=case.county.coordinator, at=NOW).entry
        assert (entry.holder, entry.organisation, entry.role) == (
            "Septimus Hall", "Hale and Daughter", "independent_chair",
        )  # fmt: skip

    def test_how_somebody_left_is_corrected_and_chosen_as_well(
        self, app: Flask, case: Case, visitor: Visitor, sign_in: SignIn
    ) -> None:
        row_id = appoint(case)
        end(case, row_id, interim_holder="")
        path = f"{row_path(case, row_id)}/end"
        second = Visitor(app.test_client())
        sign_in(second.client)
        second.open(path)
        sent(visitor, path, {"interim_holder": "Ann Thorne"}, "Save")
        second.send({"interim_holder": "Mark Thorne"}, button="Save")
        assert second.status == 409
        second.send({"keep-interim_holder": "theirs"})
        (line,) = panel_page(case.reference, by=case.county.coordinator, at=NOW).appointments
        assert line.interim_holder == "Ann Thorne"

    def test_a_leaving_entered_for_the_wrong_person_is_taken_back(self, case: Case, visitor: Visitor) -> None:
        row_id = appoint(case)
        end(case, row_id)
        other = appoint(case, holder="Lettice Boyce")
        visitor.open(f"{row_path(case, row_id)}/end").send(button="take this back")
        assert visitor.status == 422
        assert visitor.errors()[0].startswith("Lettice Boyce has chaired the review since 3 June 2026")
        sent(visitor, f"{row_path(case, other)}/end", {"ended_because": "mistake"})
        assert "Entered by mistake" in visitor.text
        visitor.open(f"{row_path(case, row_id)}/end").send(button="take this back")
        assert "They are in office again." in visitor.text

    def test_a_second_chair_is_refused_in_a_sentence(self, case: Case, visitor: Visitor) -> None:
        appoint(case, holder="Lettice Boyce")
        assert sent(visitor, f"{panel_of(case)}/appointments/new", CHAIR) == [
            "Lettice Boyce has chaired the review since 3 June 2026: end that appointment first."
        ]

    def test_before_the_review_is_commissioned_nothing_is_offered_and_a_form_sent_all_the_same_is_refused(
        self, county: County, visitor: Visitor
    ) -> None:
        case = county.review(Stage.SCOPING, at=NOW)
        visitor.open(panel_of(case))
        assert "from the day a review is commissioned until it is closed" in visitor.text
        assert visitor.page.select("main a.govuk-button") == []
        visitor.open(f"{panel_of(case)}/appointments/new").send(CHAIR)
        assert visitor.status == 409
        assert "it is not commissioned yet" in visitor.text


class TestSeats:
    def test_an_agency_takes_a_seat_and_leaves_it(self, case: Case, visitor: Visitor) -> None:
        visitor.open(panel_of(case))
        assert "No agency has a seat yet." in visitor.text
        assert "No specialist domestic abuse service sits on the panel yet." in visitor.text
        refuge = str(case.county.agency("Barset Refuge"))
        assert sent(visitor, f"{panel_of(case)}/seats/new", {**SEAT, "agency_id": refuge}) == []
        assert "Barset Refuge and Outreach Ruth Dale, manager Specialist No" in visitor.text
        assert "No specialist domestic abuse service" not in visitor.text
        (seat,) = case.rows(PanelSeat)
        assert sent(visitor, f"{row_path(case, seat.id, 'seats')}/end", day("to_on", date(2026, 6, 2))) == [
            "The seat began on 3 June 2026: this cannot be earlier."
        ]
        visitor.send(day("to_on", date(2026, 6, 3)))
        assert "Barset Refuge and Outreach has left the review panel." in visitor.text

    def test_what_is_missing_is_said_and_the_rest_is_kept(self, case: Case, visitor: Visitor) -> None:
        assert sent(visitor, f"{panel_of(case)}/seats/new", {"representative": "Ruth Dale, manager"}) == [
            "Choose an agency from the list.", "Say what it brings.", "Say whether they were involved in the case.",
        ]  # fmt: skip
        assert visitor.value("representative") == "Ruth Dale, manager"

    def test_a_seat_is_corrected_and_taken_again_by_emptying_the_day_it_ended(
        self, case: Case, visitor: Visitor
    ) -> None:
        path = row_path(case, take_seat(case), "seats")
        visitor.open(path)
        assert visitor.page.select("[name=to_on-day]") == []
        visitor.send({"not_involved": "no"})
        assert "Specialist Yes" in visitor.text
        visitor.open(f"{path}/end").send()
        assert sent(visitor, path, {"to_on-day": "", "to_on-month": "", "to_on-year": ""}) == []
        assert "Record that it left" in visitor.text

    def test_the_second_to_save_chooses_between_both_texts(
        self, app: Flask, case: Case, visitor: Visitor, sign_in: SignIn
    ) -> None:
        seat_id = take_seat(case)
        second = Visitor(app.test_client())
        sign_in(second.client)
        second.open(row_path(case, seat_id, "seats"))
        probation = str(case.county.agency("Probation"))
        sent(visitor, row_path(case, seat_id, "seats"), {"agency_id": probation})
        second.send({"representative": "Ruth Dale, director"})
        assert second.status == 409
        assert "Probation Service, Barsetshire" in second.text
        second.send({"keep-agency_id": "theirs", "keep-representative": "yours"})
        (line,) = panel_page(case.reference, by=case.county.coordinator, at=NOW).seats
        assert (line.agency, line.representative) == ("Probation Service, Barsetshire", "Ruth Dale, director")

    def test_the_chair_of_the_review_gives_seats_and_does_not_appoint(
        self, app: Flask, case: Case, county: County, sign_in: SignIn
    ) -> None:
        chair = Visitor(app.test_client())
        join(case.reference, sign_in(chair.client, Role.INDEPENDENT_CHAIR).id, by=county.coordinator, at=NOW)
        sent(chair, f"{panel_of(case)}/seats/new", {**SEAT, "agency_id": str(county.agency("Barset Refuge"))})
        assert "The agency sits on the review panel." in chair.text
        assert chair.open(f"{panel_of(case)}/appointments/new").status == 403

    def test_a_panel_member_sees_the_panel_and_an_agency_s_contributor_does_not(
        self, app: Flask, case: Case, county: County, sign_in: SignIn
    ) -> None:
        for role, status in ((Role.PANEL_MEMBER, 200), (Role.AGENCY_CONTRIBUTOR, 403)):
            other = Visitor(app.test_client())
            person = sign_in(other.client, role, agency_id=county.agency("Police"))
            assert other.open(panel_of(case)).status == 404
            join(case.reference, person.id, by=county.coordinator, at=NOW)
            assert other.open(panel_of(case)).status == status
            assert other.open(f"{panel_of(case)}/seats/new").status == 403


def test_a_chair_is_replaced_from_beginning_to_end(case: Case, visitor: Visitor, sign_in: SignIn, app: Flask) -> None:
    former = sign_in(app.test_client(), Role.INDEPENDENT_CHAIR, name="Septimus Hale")
    new = sign_in(app.test_client(), Role.INDEPENDENT_CHAIR, name="Lettice Boyce")
    sent(visitor, f"{panel_of(case)}/appointments/new", {**CHAIR, "account_id": str(former.id), **DECLARED})
    move = f"/reviews/{case.reference}/moves/replace_chair"
    visitor.open(move)
    leads_to = [str(link["href"]) for link in visitor.page.select(".govuk-task-list__item a")]
    assert leads_to.count(panel_of(case)) == 4
    (row,) = case.rows(Appointment)
    sent(
        visitor, f"{row_path(case, row.id)}/end",
        {"ended_because": "unavailable", "interim_holder": "Ann Thorne", **day("papers_returned_on", NOW.date())},
    )  # fmt: skip
    assert "The chair has left. Appoint the new one below" in visitor.text
    values = {**CHAIR, "holder": "Lettice Boyce", "account_id": str(new.id), **DECLARED}
    sent(visitor, f"{panel_of(case)}/appointments/new", values)
    assert "now record the replacement as a step of the review" in visitor.text
    entry = TellingEntry(("family",), (), "", NOW.date(), "nobody_known", about="replace_chair")
    tell(case.reference, entry, by=case.county.coordinator, at=case.wait(minutes=1))
    visitor.open(move).send({"decided_by": "Mary Thorne", "reason": "He is ill.", **day("decided_on", NOW.date())})
    assert "The chair was replaced." in visitor.text
    visitor.open(panel_of(case))
    assert "record the replacement" not in visitor.text
    assert "Lettice Boyce Independent chair Self-employed From 3 June 2026" in visitor.text
    assert "Record that they left : Lettice Boyce 2 June 2026 Reaches this review" in visitor.text
    visitor.open(f"{row_path(case, row.id)}/end")
    assert "take this back" not in visitor.text
