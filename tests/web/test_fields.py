"""Boxes that forms are made of: what is typed becomes a value or a sentence, and the summary leads to the right box."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask, render_template_string
from flask_wtf import FlaskForm

from dhr_app.web.answering import put_beside, taken
from dhr_app.web.date_fields import DayField, PartialDayField
from dhr_app.web.error_summary import wtforms_errors
from dhr_app.web.fields import from_list, line, long_text, one_of, some_of, tick
from dhr_app.workflows.errors import Invalid
from dhr_app.workflows.wording import AWAITED

COLOURS = {"red": "Red", "green": "Green"}


class Example(FlaskForm):
    name = line("What is it called?", missing="Enter what it is called.")
    told = long_text("What was said?", limit=20)
    colour = one_of("Which colour?", COLOURS, missing="Choose a colour.")
    shade = one_of("Which shade?", COLOURS)
    awaited = some_of("What is awaited?", AWAITED)
    body = from_list("Which body?", COLOURS)
    sure = tick("I am sure")
    on = DayField("When was it decided?", missing="Enter the day it was decided.", called="The day of the decision")
    born = PartialDayField("When was that?", called="The date")


FILLED = {"name": " Ash ", "colour": "red", "on-day": "3", "on-month": "6", "on-year": "2026"}


@pytest.fixture
def app(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The application, whose forms are taken without their token."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    return app


def filled(app: Flask, data: dict[str, Any], **kept: Any) -> Example:
    """The form as this was typed into it; without any data, as it is first shown."""
    method = "POST" if data else "GET"
    with app.test_request_context(method=method, data=data or None):
        form = Example(**kept)
        form.sent = form.validate_on_submit()
        form.page = render_template_string("{% for field in form %}{{ field }}{% endfor %}", form=form)
    return form


def test_what_is_filled_in_properly_becomes_values(app):
    typed = FILLED | {"told": "one\r\ntwo", "awaited": ["charge", "inquest"], "body": "green", "sure": "y"}
    form = filled(app, typed | {"born-year": "2018", "born-month": "9"})
    assert form.errors == {}
    assert form.name.data == "Ash"
    assert form.told.data == "one\ntwo"
    assert form.colour.data == "red"
    assert form.shade.data is None
    assert form.awaited.data == ["charge", "inquest"]
    assert form.body.data == "green"
    assert form.sure.data is True
    assert form.on.data == date(2026, 6, 3)
    assert form.born.data == "2018-09"


def test_what_is_missing_is_said_in_its_own_sentence(app):
    form = filled(app, {"name": "  "})
    assert form.errors == {
        "name": ["Enter what it is called."],
        "colour": ["Choose a colour."],
        "on": ["Enter the day it was decided."],
    }


def test_an_answer_that_was_not_offered_is_refused(app):
    form = filled(app, FILLED | {"colour": "blue", "shade": "blue", "awaited": ["charge", "x"], "body": "blue"})
    assert set(form.errors) == {"colour", "shade", "awaited", "body"}
    assert form.colour.errors == ["Choose one of the answers shown."]


def test_a_text_longer_than_its_box_is_refused_and_the_box_counts(app):
    form = filled(app, FILLED | {"told": "x" * 21})
    assert form.told.errors == ["Use 20 characters or fewer. You have used 21."]
    assert 'data-maxlength="20"' in form.page


@pytest.mark.parametrize(
    ("typed", "sentence", "box"),
    [
        (("", "6", "2026"), "The day of the decision must include a day.", "on-day"),
        (("3", "", "2026"), "The day of the decision must include a month.", "on-month"),
        (("3", "", ""), "The day of the decision must include a month and a year.", "on-month"),
        (("3", "6", "26"), "The day of the decision must have a year of four figures, like 2026.", "on-year"),
        (("3", "13", "2026"), "The day of the decision must have a month from 1 to 12.", "on-month"),
        (("third", "6", "2026"), "The day of the decision must have a day from 1 to 31.", "on-day"),
        (("31", "6", "2026"), "The day of the decision must be a real date: June 2026 has 30 days.", "on-day"),
        (("29", "2", "2026"), "The day of the decision must be a real date: February 2026 has 28 days.", "on-day"),
        (("²", "2", "2026"), "The day of the decision must have a day from 1 to 31.", "on-day"),
    ],
)
def test_a_date_that_cannot_be_says_why_and_the_summary_leads_to_the_box(app, typed, sentence, box):
    form = filled(app, FILLED | dict(zip(("on-day", "on-month", "on-year"), typed, strict=True)))
    assert form.on.errors == [sentence]
    assert {"text": sentence, "href": f"#{box}"} in wtforms_errors(form)["errorList"]
    assert f'id="{box}"' in form.page
    assert f'value="{typed[0]}"' in form.page or not typed[0]


@pytest.mark.parametrize("month", ["6", "06", "June", "jun"])
def test_a_month_may_be_written_out(app, month):
    assert filled(app, FILLED | {"on-month": month}).on.data == date(2026, 6, 3)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ({"born-year": "2018"}, "2018"),
        ({"born-year": "2018", "born-month": "9"}, "2018-09"),
        ({"born-year": "2018", "born-month": "9", "born-day": "14"}, "2018-09-14"),
        ({}, None),
    ],
)
def test_as_much_of_a_date_as_is_known(app, typed, value):
    assert filled(app, FILLED | typed).born.data == value


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"born-month": "9"}, "The date must include a year."),
        ({"born-year": "2018", "born-day": "14"}, "The date must include a month if it has a day."),
        ({"born-year": "2018", "born-month": "2", "born-day": "30"}, "must be a real date"),
    ],
)
def test_a_date_in_part_still_has_to_make_sense(app, typed, sentence):
    form = filled(app, FILLED | typed)
    assert sentence in form.born.errors[0]
    assert form.born.data is None


def test_what_is_stored_is_spread_over_the_boxes(app):
    form = filled(app, {}, on=date(2026, 6, 3), born="2018-09", awaited=["charge"])
    for part in ('name="on-day" type="text" value="3"', 'value="2026"', 'value="2018"'):
        assert part in " ".join(form.page.split())
    assert form.born.typed == {"day": "", "month": "9", "year": "2018"}


def test_no_box_calls_up_the_browsers_own_bubbles(app):
    assert " required" not in filled(app, {}).page


def test_what_the_work_refuses_stands_beside_its_box_and_the_rest_is_kept(app):
    form = filled(app, FILLED)
    put_beside(form, Invalid({"on": "It cannot be in the future.", "whatever": "Something else is wrong."}))
    summary = wtforms_errors(form)["errorList"]
    assert summary == [
        {"text": "Something else is wrong."},
        {"text": "It cannot be in the future.", "href": "#on-day"},
    ]
    assert form.name.data == "Ash"


def test_a_form_is_taken_only_when_the_work_took_it(app):
    def refuse() -> None:
        raise Invalid({"name": "That name is taken."})

    with app.test_request_context(method="POST", data=FILLED):
        assert taken(Example(), lambda: None)
        form = Example()
        assert not taken(form, refuse)
        assert form.name.errors == ["That name is taken."]
    with app.test_request_context():
        assert not taken(Example(), refuse)
