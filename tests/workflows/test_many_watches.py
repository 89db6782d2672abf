"""Many watches behind one index: it finds what each of them finds alone, and asks only those that a text concerns."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dhr_app.workflows.folded_text import FoldedText
from dhr_app.workflows.many_watches import ManyWatches
from dhr_app.workflows.protected import Hit, Named, Protected, Watch
from tests.workflows.test_protected import NICKNAMES, WATCH

OTHER = Watch(
    Protected(
        (Named("Septimus Grantly"), Named("Thorne May")),
        (date(1985, 6, 3),),
        ("14a Plumstead Road, BA1 2CD",),
        ("CAD 0417/26",),
        ("+44 (0)1632 960-984", ),
    ),
    NICKNAMES,
)  # fmt: skip
BOTH = {"DHR-2026-001": WATCH, "DHR-2026-002": OTHER}
PIECES = (
    "Elizabeth", "Thorne", "Ann", "Lizzie", "Grantly’s", "Septimus", "S.", "May", "the", "visited", ",", ".", "\n",
    "14", "14 a", "Plumstead Rd", "Hogglestock Ave", "BA1 2CD", "ba12cd", "3 June", "03/06/1985", "June 3rd",
    "21.12.2025", "42 CR 11234 25", "42/CR/11234/25", "44-55666", "4 4 5 5 6 6 6", "0417/26", "01632 960983",
    "+44 1632 960 984", "(01632) 960984", "thorne.family@example.org", "THORNE.FAMILY@example.org", "Zoë",
    "O’Brien-Luczak", "Columbine",
)  # fmt: skip


def one_by_one(text: str) -> dict[str, object]:
    return {reference: hits for reference, watch in BOTH.items() if (hits := watch.hits(text))}


@pytest.mark.parametrize("piece", PIECES)
def test_it_finds_what_each_watch_finds_alone(piece: str) -> None:
    text = f"It was said of {piece} at home."
    assert ManyWatches(BOTH).hits(text) == one_by_one(text)


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=4)), max_size=8), st.sampled_from(["", " ", "/"]))
def test_it_finds_the_same_in_any_text(pieces: list[str], between: str) -> None:
    text = between.join(pieces)
    assert ManyWatches(BOTH).hits(text) == one_by_one(text)


def test_a_text_is_folded_once_and_only_the_watches_that_it_concerns_look(monkeypatch: pytest.MonkeyPatch) -> None:
    names = [
        f"Ada {first}{last}ton" for first in ("Bar", "Cla", "Dun", "Fra") for last in ("ches", "ver", "stab", "ley")
    ]
    watches = ManyWatches({
        name: Watch(Protected((Named(name.removeprefix("Ada ")),), (), (), (f"9{number:04}7",)), NICKNAMES)
        for number, name in enumerate(names)
    })  # fmt: skip
    looked, folded = list[object](), list[str]()
    hits = Watch.hits

    def look(watch: Watch, text: FoldedText) -> tuple[Hit, ...]:
        looked.append(text)
        return hits(watch, text)

    def fold_once(text: str) -> FoldedText:
        folded.append(text)
        return FoldedText(text)

    monkeypatch.setattr(Watch, "hits", look)
    monkeypatch.setattr("dhr_app.workflows.many_watches.FoldedText", fold_once)
    assert list(watches.hits("Ms Barverton, ref. 9 00 037")) == ["Ada Barleyton", "Ada Barverton"]
    assert (len(looked), len(folded)) == (2, 1)
    assert watches.hits("Nothing of note on 3 June 2026.") == {}
    assert (len(looked), len(folded)) == (2, 2)
