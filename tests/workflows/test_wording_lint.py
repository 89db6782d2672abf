"""Weak wording is pointed out, by what it leaves open; firm wording is left alone."""

from __future__ import annotations

import pytest

from dhr_app.workflows.wording_lint import weak_wording


def codes(text: str) -> list[str]:
    return [one.code for one in weak_wording(text)]


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("The Trust should consider a new policy.", "consider"),
        ("Consideration to be given to a campaign by the partnership.", "consideration"),
        ("The Board will explore joint training.", "explore"),
        ("Police to continue to attend the conference.", "continue"),
        ("The partnership will raise public awareness of coercive control.", "raise public awareness"),
        ("The surgery reminds its staff of the policy.", "reminds"),
        ("Staff need to be mindful of carers.", "be mindful of"),
        ("Housing to share what it knows where appropriate.", "where appropriate"),
    ],
)
def test_words_that_nobody_could_check_are_named(text, quoted):
    found = [one for one in weak_wording(text) if one.code == "weak_verb"]
    assert len(found) == 1
    assert f"“{quoted}”" in found[0].said


def test_to_ensure_is_weak_without_a_measure_and_firm_with_one():
    assert codes("The Trust ensures that carers are assessed.") == ["no_measure"]
    assert codes("The Trust ensures that carers are assessed within 28 days.") == []
    assert codes("The Trust makes sure, by audit, that carers are assessed.") == []


@pytest.mark.parametrize(
    "text",
    [
        "The police should change the form. The Trust should train its staff.",
        "The Trust:\n- changes the policy\n- trains two teams",
        "The Board will\n1. write a protocol\n2. share it",
    ],
)
def test_several_things_in_one_are_counted(text):
    assert "several" in codes(text)


def test_everybody_is_nobody():
    (found,) = weak_wording("All partner agencies must record the decision.")
    assert (found.code, "all partner agencies" in found.said) == ("everybody", True)


@pytest.mark.parametrize(
    "text",
    [
        "The Mental Health Trust decides within 24 hours who is responsible for a patient who left unexpectedly.",
        "Barsetshire Police must ask, at every first response, who else lives in the house.",
        "",
    ],
)
def test_firm_wording_is_left_alone(text):
    assert weak_wording(text) == ()


def test_a_weak_word_inside_another_word_is_not_meant():
    assert codes("The discontinued form and its reminder slip must go by May.") == []
