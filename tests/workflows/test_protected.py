"""The protected-name check: every way to write what is protected is found, and ordinary sentences are left alone."""

from __future__ import annotations

import json
import re
import time
import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dhr_app.workflows.many_watches import ManyWatches
from dhr_app.workflows.protected import Kind, Named, Protected, Watch
from dhr_app.workflows.spelling import Nicknames

ROOT = Path(__file__).parents[2]
NICKNAMES = Nicknames.from_toml(tomllib.loads((ROOT / "config" / "nicknames.toml").read_text(encoding="utf-8")))
RECOMMENDATIONS = json.loads((ROOT / "tests" / "data" / "recommendations.json").read_text(encoding="utf-8"))

PEOPLE = (
    Named("Elizabeth Ann Thorne", "Lizzie Quiverful, née Grantly"),
    Named("Anne-Marie O’Brien-Łuczak"),
    Named("Zoë van der Berg"),
    Named("William Hope", "Will"),
    Named("Grace May", "Rose"),
    Named("Mark McKenzie"),
    Named("De’Shawn Desouza"),
)
WATCH = Watch(
    Protected(
        PEOPLE,
        (date(1985, 6, 3), date(2025, 12, 21)),
        ("14 Hogglestock Avenue, Barchester, BA1 2CD", "Rose Cottage, Plumstead Lane, Barchester"),
        ("42/CR/11234/25 and URN 44-55666",),
        ("01632 960983, mobile 07700 900123, thorne.family@example.org",),
        known=("Susan Thorne", "Thorne House Surgery"),
        public_name="Columbine",
    ),
    NICKNAMES,
)


def found(text: str) -> list[str]:
    return [hit.words for hit in WATCH.hits(text)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Elizabeth Thorne was known to the GP.", ["Elizabeth Thorne"]),
        ("The GP knew Thorne’s history.", ["Thorne’s"]),
        ("The Thornes’ home was visited.", ["Thornes"]),
        ("ELIZABETH THORNE", ["ELIZABETH THORNE"]),
        ("elizabeth thorne", ["elizabeth thorne"]),
        ("Thorne, Elizabeth", ["Thorne, Elizabeth"]),
        ("E. Thorne", ["E. Thorne"]),
        ("E.A. Thorne", ["E.A. Thorne"]),
        ("Thorne E", ["Thorne E"]),
        ("Beth Thorne and Liz", ["Beth Thorne", "Liz"]),
        ("Elizabeth\nThorne", ["Elizabeth\nThorne"]),
        ("Mrs Grantly and Lizzie", ["Grantly", "Lizzie"]),
        ("Anne Marie O'Brien", ["Anne Marie O'Brien"]),
        ("Annemarie Luczak", ["Annemarie Luczak"]),
        ("anne-marie obrien łuczak", ["anne-marie obrien łuczak"]),
        ("Mr O Brien", ["O Brien"]),
        ("Zoe Vanderberg", ["Zoe Vanderberg"]),
        ("Mr Mc Kenzie", ["Mc Kenzie"]),
        ("DeShawn’s key worker", ["DeShawn’s"]),
        ("Eliz\u00adabeth Tho\u0301rne", ["Eliz\u00adabeth Tho\u0301rne"]),
    ],
)  # fmt: skip
def test_a_name_is_found_however_it_is_spelled(text: str, words: list[str]) -> None:
    assert found(text) == words
    assert {hit.kind for hit in WATCH.hits(text)} == {Kind.NAME}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Training for Grace and her GP.", ["Grace"]),
        ("Grace’s GP was told.", ["Grace’s"]),
        ("Ms May was told.", ["May"]),
        ("Ask Will whether the form helps.", ["Will"]),
        ("Grace May was told; G. May agreed.", ["Grace May", "G. May"]),
        ("William Hope", ["William Hope"]),
        ("The offer to Rose was late.", ["Rose"]),
    ],
)
def test_a_name_that_is_also_a_word_counts_where_it_is_meant_as_one(text: str, words: list[str]) -> None:
    assert found(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "Grace periods end in May 2027 and by 3 May at the latest.",
        "Will agencies mark the form? The agencies may hope so. Hope may help.",
        "Rose from 3 to 12. Mark each form; a grace period may apply.",
        "WILL THE AGENCY MARK THE FORM",
        "May is a busy month. In May, from May until June, every May.",
        "The review is called Columbine, and Columbine’s plan is published.",
        "Susan Thorne of Thorne House Surgery reports on it.",
        "Due on 3 June 2026, 21 December 2026 or 03/06/1986.",
        "Room 14, then 12 or 16 Acacia Avenue; BA1 3CD; ring 01632 960984.",
    ],
)
def test_what_names_nobody_is_left_alone(text: str) -> None:
    assert found(text) == []


def test_a_member_of_staff_with_the_whole_protected_name_is_found_all_the_same() -> None:
    watch = Watch(Protected((Named("Amelia Roper"),), known=("Amelia Roper", "Jane Roper")), NICKNAMES)
    assert [hit.words for hit in watch.hits("Amelia Roper and Jane Roper chair it.")] == ["Amelia Roper"]


def test_the_public_name_is_no_hit_unless_it_is_itself_looked_at() -> None:
    watch = Watch(Protected((Named("Daphne Bloom"),), public_name="Daphne"), NICKNAMES)
    assert watch.hits("Daphne’s plan") == ()
    assert [hit.words for hit in watch.hits("Daphne", is_public_name=True)] == ["Daphne"]


@pytest.mark.parametrize("name", ["Grace", "grace", "May", "Rose", "Will", "Hope", "Mark", "Thorne House"])
def test_no_part_of_a_protected_name_becomes_the_public_name_whatever_else_the_word_means(name: str) -> None:
    assert [hit.kind for hit in WATCH.hits(name, is_public_name=True)] == [Kind.NAME]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a call to Thor-ne in May", ["Thor-ne"]),
        ("she said T h o r n e.", ["T h o r n e"]),
        ("T.H.O.R.N.E was there", ["T.H.O.R.N.E"]),
        ("T-h-o-r-n-e", ["T-h-o-r-n-e"]),
        ("Eliza\u2011beth", ["Eliza\u2011beth"]),
    ],
)
def test_a_name_written_in_parts_is_found(text: str, words: list[str]) -> None:
    assert found(text) == words
    assert list(ManyWatches({"DHR-2026-001": WATCH}).hits(text)) == ["DHR-2026-001"]


@pytest.mark.parametrize("text", ["a well-known follow-up", "A B C", "the multi-agency re-view", "e.g. a D V A lead"])
def test_words_with_dashes_and_letters_in_a_row_are_left_alone(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "3 June 1985", "03/06/1985", "3.6.85", "3-6-1985", "1985-06-03", "3rd of June", "June 3", "3 June",
        "the third of June 1985", "3rd day of June, 1985", "Jun 3rd, 1985", "3 Jun 85", "21 DECEMBER 2025",
        "the twenty-first of December",
    ],
)  # fmt: skip
def test_a_day_of_birth_or_death_is_found_in_every_usual_spelling(text: str) -> None:
    (hit,) = WATCH.hits(f"She was seen on {text} by the GP.")
    assert hit.kind is Kind.DATE
    assert hit.words in text


@pytest.mark.parametrize(
    "text",
    ["14 Hogglestock Avenue", "14, Hogglestock Ave.", "14 HOGGLESTOCK AVENUE", "BA1 2CD", "ba12cd",
     "Rose Cottage, Plumstead Ln"],
)  # fmt: skip
def test_an_address_is_found_by_house_and_street_or_by_postcode(text: str) -> None:
    assert [hit.kind for hit in WATCH.hits(f"Officers went to {text} twice.")] == [Kind.ADDRESS]


@pytest.mark.parametrize(
    "text",
    ["42/CR/11234/25", "42 CR 11234 25", "42cr1123425", "4455666", "44 55666", "07700 900 123", "+44 7700 900123",
     "01632-960983", "Thorne.Family@example.org"],
)  # fmt: skip
def test_an_identifying_number_is_found_with_and_without_its_spaces(text: str) -> None:
    assert Kind.NUMBER in {hit.kind for hit in WATCH.hits(f"It is filed under {text}.")}


def test_each_hit_says_where_it_stands_in_what_was_typed() -> None:
    text = "Ærø ﬁrst, then Zoë and\u200b Elizabeth."
    assert [text[hit.start : hit.end] for hit in WATCH.hits(text)] == ["Zoë", "Elizabeth"]
    assert all(text[hit.start : hit.end] == hit.words for hit in WATCH.hits(text))


ORDINARY = sorted(
    {
        recommendation["fact"]
        for review in RECOMMENDATIONS["reviews"]
        for recommendation in review["recommendations"]
    }
    | {
        "Train every front-line member of staff in professional curiosity by the end of March 2027.",
        "The police may ask the housing officer who else lives there; the form will say why.",
        "Good practice: health visitors mark the record when a routine question was asked.",
        "Review the MARAC referral pathway; report to the board in June, and each May after that.",
        "Grant funding is sought. Hope House will run sessions in three places by Christmas.",
        "GPs, midwives and the Crown Prosecution Service are to agree one form. Case closed after 28 days.",
    }
)  # fmt: skip
THIRTY = Watch(
    Protected(
        tuple(Named(name) for name in (
            "Adebayo Okonkwo", "Brenda Pugh", "Cerys Llewellyn", "Dorota Nowak", "Edwin Postlethwaite",
            "Fatima Hussain", "Gwendolen Harleth", "Hamza Qureshi", "Imelda Quiverful", "Joanna Trollope-Smythe",
            "Kwame Asante", "Mary Bold", "William Grace", "Rose Hope", "Mark Law",
        )),
        tuple(date(1960 + year, 1 + year % 12, 11) for year in range(8)),
        ("3 Puddingdale Close, Barchester, BC9 8XY", "Flat 2, 77 Crabtree Parva Road, BC7 6TS"),
        ("99/CR/12345/24",),
        ("07700 900456", "01632 960111", "someone@example.net", "mother@example.net"),
    ),
    NICKNAMES,
)  # fmt: skip


@pytest.mark.parametrize("sentence", ORDINARY)
def test_ordinary_sentences_of_action_plans_are_never_asked_about(sentence: str) -> None:
    assert THIRTY.hits(sentence) == ()


def test_two_thousand_letters_are_looked_through_in_a_millisecond() -> None:
    text = (" ".join(ORDINARY) * 3)[:2000]
    THIRTY.hits(text)
    took = []
    for _ in range(40):
        began = time.perf_counter()
        THIRTY.hits(text)
        took.append(time.perf_counter() - began)
    baseline = min(_walk(text) for _ in range(40))
    # A millisecond on an idle machine; where others work beside us, what the bare words take is the measure.
    assert min(took) <= max(0.001, 12 * baseline), f"{min(took) * 1000:.2f} ms"


def _walk(text: str) -> float:
    began = time.perf_counter()
    for word in re.finditer(r"[^\W_]+", text):
        word.span()
    return time.perf_counter() - began


# What the planted variations are made of: names that are no words of English.
GIVEN = st.sampled_from(("Elspeth", "Anne-Marie", "Zoë", "Siobhán", "Kwabena", "François", "Margaret"))
SURNAME = st.sampled_from(("Thorne", "O’Dowd", "Smythe-Quick", "Łuczak", "van der Berg", "McAllister", "Jonas"))
LETTERS = st.text(alphabet="abcdefghijklmnopqrstuvwxyz ,.;", max_size=30)


def _plain(name: str) -> str:
    return name.translate(str.maketrans("ëáçŁ’", "eacL'"))


VARIATIONS = (
    lambda given, surname: f"{given} {surname}",
    lambda given, surname: f"{surname}, {given}",
    lambda given, surname: f"{given[0]}. {surname}",
    lambda given, surname: f"{given} {surname}’s",
    lambda given, surname: f"the {surname}s’",
    lambda given, surname: f"{given} {surname}".upper(),
    lambda given, surname: f"{given} {surname}".casefold(),
    lambda given, surname: f"{given.replace('-', ' ')} {surname.replace('-', ' ')}",
    lambda given, surname: f"{given.replace('-', '')} {surname.replace('-', '')}",
    lambda given, surname: f"{given} {surname.replace('’', '')}",
    lambda given, surname: f"{given} {surname.replace('’', '‘')}",
    lambda given, surname: given,
    lambda given, surname: surname,
)


@given(GIVEN, SURNAME, st.sampled_from(VARIATIONS), st.booleans(), LETTERS, LETTERS)
def test_every_planted_variation_is_found(given, surname, vary, accents_lost, before, after) -> None:
    planted = vary(given, surname)
    planted = _plain(planted) if accents_lost else planted
    text = f"{before} {planted} {after}"
    hits = Watch(Protected((Named(f"{given} {surname}"),)), NICKNAMES).hits(text)
    first = len(before) + 1
    assert any(hit.start < first + len(planted) and hit.end > first for hit in hits), text


@given(
    st.dates(date(1930, 1, 1), date(2026, 12, 31)),
    st.sampled_from(("{d} {month} {y}", "{d:02}/{m:02}/{y}", "{d}.{m}.{y}", "{y}-{m:02}-{d:02}", "{month} {d}, {y}",
                     "{d} {short} {y}", "{d} {month}", "{d}th of {month} {y}")),
)  # fmt: skip
def test_every_spelling_of_a_day_is_found_and_the_day_before_is_not(day: date, spelling: str) -> None:
    said = {"d": day.day, "m": day.month, "y": day.year, "month": day.strftime("%B"), "short": day.strftime("%b")}
    text = f"It was on {spelling.format(**said)} that he wrote."
    assert [hit.kind for hit in Watch(Protected(dates=(day,)), NICKNAMES).hits(text)] == [Kind.DATE]
    other = day.replace(day=day.day % 28 + 1)
    assert Watch(Protected(dates=(other,)), NICKNAMES).hits(text) == ()


@given(st.text(max_size=300))
def test_no_text_is_too_strange_to_be_looked_at(text: str) -> None:
    for hit in WATCH.hits(text):
        assert text[hit.start : hit.end] == hit.words


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=80))
def test_no_record_is_too_strange_to_be_protected(full_name: str, other_names: str, text: str) -> None:
    watch = Watch(Protected((Named(full_name, other_names),), (), (text,), (text,), (text,)), NICKNAMES)
    assert all(hit.words for hit in watch.hits(f"{text} {full_name} {other_names}"))
