"""Recommendations: entered, corrected, withdrawn; and what those addressed answered."""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue

from dhr_app.casework import addressee, plan_parts, recommendation
from dhr_app.web.agency_choices import names_through_time
from dhr_app.web.answering import taken
from dhr_app.web.choosing import settled, version_of
from dhr_app.web.plan.forms import STANDS, LetterForm, RecommendationForm, RefusalForm, WithdrawalForm
from dhr_app.web.plan.room import answered, room
from dhr_app.web.review_part import done, show_part
from dhr_app.web.security import current_person, this_moment
from dhr_app.workflows.record_wording import WITHDRAWN_BECAUSE

WITHDRAWN = {"because": {"": "It stands", **WITHDRAWN_BECAUSE}}


@room.form("/reviews/<reference>/plan/recommendations/new", permission="plan.change")
def add(reference: str) -> ResponseReturnValue:
    """Enter a recommendation; the next one is entered after it."""
    plan_parts.may_change_plan(reference, by=current_person(), at=this_moment())
    form = RecommendationForm(data={"origin": "overview"})
    form.addressee_ids.choices = names_through_time()

    def take() -> None:
        recommendation.add_recommendation(reference, form.entry, by=current_person(), at=this_moment())

    if taken(form, take):
        said = f"Recommendation {form.entry.number} is entered."
        return done(said, url_for("plan.see", reference=reference) + "#enter")
    return show_part("plan/recommendation.html", reference, form, part=None)


@room.form("/reviews/<reference>/plan/recommendations/<uuid:recommendation_id>", permission="plan.change")
def correct(reference: str, recommendation_id: UUID) -> ResponseReturnValue:
    """Correct a recommendation, or to whom it is addressed."""
    part = plan_parts.recommendation_part(reference, recommendation_id, by=current_person(), at=this_moment())
    ticked = [str(one) for one in part.entry.addressee_ids]
    form = RecommendationForm(data={**vars(part.entry), "addressee_ids": ticked, "version": part.version})
    form.addressee_ids.choices = names_through_time()

    def take() -> None:
        entry = settled(form.entry, part.entry)
        recommendation.correct_recommendation(
            reference, recommendation_id, entry, version_of(form), by=current_person(), at=this_moment()
        )

    said = f"Recommendation {part.number} is saved."
    words = {"addressee_ids": form.addressee_ids.choices}
    return answered(form, part, take, said, "plan/recommendation.html", at=f"r-{recommendation_id}", words=words)


@room.form("/reviews/<reference>/plan/recommendations/<uuid:recommendation_id>/withdraw", permission="plan.change")
def withdraw(reference: str, recommendation_id: UUID) -> ResponseReturnValue:
    """Withdraw a recommendation, or let it stand again."""
    part = plan_parts.withdrawal_part(reference, recommendation_id, by=current_person(), at=this_moment())
    stands = {"because": part.entry.because or STANDS}
    form = WithdrawalForm(data={**vars(part.entry), **stands, "version": part.version})

    def take() -> None:
        entry = settled(form.entry, part.entry)
        recommendation.withdraw_recommendation(
            reference, recommendation_id, entry, version_of(form), by=current_person(), at=this_moment()
        )

    said = f"Recommendation {part.number} is saved."
    return answered(form, part, take, said, "plan/withdraw.html", at=f"r-{recommendation_id}", words=WITHDRAWN)


@room.form("/reviews/<reference>/plan/recommendations/<uuid:recommendation_id>/letter", permission="plan.change")
def letter(reference: str, recommendation_id: UUID) -> ResponseReturnValue:
    """When a national recommendation was sent, and what the department answered."""
    part = plan_parts.letter_part(reference, recommendation_id, by=current_person(), at=this_moment())
    form = LetterForm(data={**vars(part.entry), "version": part.version})

    def take() -> None:
        entry = settled(form.entry, part.entry)
        addressee.record_letter(
            reference, recommendation_id, entry, version_of(form), by=current_person(), at=this_moment()
        )

    said = f"The letter of recommendation {part.number} is recorded."
    return answered(form, part, take, said, "plan/letter.html", at=f"r-{recommendation_id}")


@room.form("/reviews/<reference>/plan/addressees/<uuid:addressee_id>", permission="plan.change")
def refusal(reference: str, addressee_id: UUID) -> ResponseReturnValue:
    """What an addressee said in writing that will not act."""
    part = plan_parts.refusal_part(reference, addressee_id, by=current_person(), at=this_moment())
    form = RefusalForm(data={**vars(part.entry), "version": part.version})

    def take() -> None:
        entry = settled(form.entry, part.entry)
        addressee.record_refusal(
            reference, addressee_id, entry, version_of(form), by=current_person(), at=this_moment()
        )

    return answered(form, part, take, f"The answer of {part.agency} is recorded.", "plan/refusal.html")
