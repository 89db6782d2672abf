"""What a recommendation lacks, how an action stands, and which move of a date is short."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from dhr_app.workflows.action_plan import ActionSeen, AddresseeSeen, lacking, needs_minute, state_of

TODAY = date(2026, 6, 3)
HERE, REFUSES, DEPARTMENT = AddresseeSeen(False, False), AddresseeSeen(False, True), AddresseeSeen(True, False)


def seen(**known: object) -> ActionSeen:
    whole = {"owned": True, "target_on": date(2026, 12, 1), "ongoing": False, "look_again_on": None}
    return ActionSeen(**{"label": "4/1", "done_on": None, "outcome": "open", **whole, **known})  # type: ignore[arg-type]


OWNERLESS, UNDATED = seen(owned=False), seen(target_on=None)
ONGOING = seen(target_on=None, ongoing=True, look_again_on=date(2026, 12, 1))


@pytest.mark.parametrize(
    ("scope", "addressees", "actions", "sent_on", "missing"),
    [
        ("local",    [HERE],             [seen()],    None,  []),
        ("regional", [HERE],             [ONGOING],   None,  []),
        ("local",    [],                 [seen()],    None,  ["addressed to nobody"]),
        ("local",    [HERE],             [],          None,  ["no action yet"]),
        ("local",    [REFUSES],          [],          None,  []),
        ("local",    [REFUSES, HERE],    [],          None,  ["no action yet"]),
        ("local",    [HERE],             [OWNERLESS], None,  ["no action yet", "no owner"]),
        ("local",    [HERE],             [UNDATED],   None,  ["no action yet", "no date"]),
        ("local",    [HERE],             [seen(), UNDATED], None, ["no date"]),
        ("local",    [HERE],             [seen(), seen(owned=False, outcome="superseded")], None, []),
        ("national", [DEPARTMENT],       [],          TODAY, []),
        ("national", [DEPARTMENT, HERE], [],          None,  ["letter"]),
        ("national", [HERE],             [],          TODAY, ["No national department"]),
        ("national", [],                 [],          None,  ["addressed to nobody", "letter"]),
    ],
)  # fmt: skip
def test_what_keeps_a_plan_from_being_complete_is_said(scope, addressees, actions, sent_on, missing):
    found = lacking(scope, addressees, actions, sent_on)
    assert len(found) == len(missing)
    assert all(part in sentence for part, sentence in zip(missing, found, strict=True))


@pytest.mark.parametrize(
    ("known", "code"),
    [
        ({"target_on": TODAY + timedelta(days=29)},                     "under_way"),
        ({"target_on": TODAY + timedelta(days=28)},                     "soon"),
        ({"target_on": TODAY},                                          "soon"),
        ({"target_on": TODAY - timedelta(days=1)},                      "late"),
        ({"target_on": None},                                           "undated"),
        ({"target_on": None, "ongoing": True},                          "undated"),
        ({"target_on": None, "ongoing": True, "look_again_on": TODAY},  "ongoing"),
        ({"target_on": None, "ongoing": True, "look_again_on": TODAY - timedelta(days=1)}, "look_again"),
        ({"target_on": TODAY - timedelta(days=9), "done_on": TODAY},    "reported"),
        ({"done_on": TODAY, "outcome": "signed_off"},                   "signed_off"),
        ({"outcome": "superseded"},                                     "superseded"),
        ({"outcome": "not_taken_forward"},                              "not_taken_forward"),
    ],
)  # fmt: skip
def test_how_an_action_stands_follows_from_its_record(known, code):
    assert state_of(seen(**known), TODAY).code == code


def test_a_move_by_four_weeks_is_short_and_counted_from_the_first_date():
    first = date(2026, 3, 1)
    assert not needs_minute(first, first + timedelta(days=28))
    assert needs_minute(first, first + timedelta(days=29))
    assert not needs_minute(first, first - timedelta(days=90))
    assert needs_minute(first, None)
