"""The overview’s bar charts as macros/bars.html draws them; whatever a bar shows stands in the table beside it too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from textwrap import wrap

from dhr_app.casework.overview import Overview
from dhr_app.casework.review_page import WAITING_WORDS
from dhr_app.workflows.lateness import ACTION_BANDS, LOOK_AGAIN, LOOK_AGAIN_LABEL, REPORTED, REPORTED_LABEL, Band
from dhr_app.workflows.waiting import Waiting

WAITS_FOR: Mapping[Waiting, str] = {
    **WAITING_WORDS, Waiting.CHAIR: "The independent chair", Waiting.AGENCY: "An agency"
}  # fmt: skip
WORDS = {REPORTED: REPORTED_LABEL, LOOK_AGAIN: LOOK_AGAIN_LABEL, **{band.value: band.label for band in Band}}
BAND_WORDS: Mapping[str, str] = {band: WORDS[band] for band in ACTION_BANDS}
LONGEST_LINE = 34  # letters of a label that stand beside each other on the narrowest telephone


@dataclass(frozen=True)
class Part:
    """A piece of a bar: `kind` is the end of its CSS class, dhr-fill--…"""

    kind: str
    number: int


@dataclass(frozen=True)
class Bar:
    """One bar with the words above it."""

    label: str
    parts: tuple[Part, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """The words above it, broken where they would be cut off on a telephone."""
        return tuple(wrap(self.label, LONGEST_LINE))

    @property
    def total(self) -> int:
        """Its whole length."""
        return sum(part.number for part in self.parts)


@dataclass(frozen=True)
class Chart:
    """A chart; `description` says all of it in words, `key` what each kind of piece means, where there are several."""

    id: str
    title: str
    description: str
    bars: tuple[Bar, ...]
    key: tuple[tuple[str, str], ...] = ()

    @property
    def longest(self) -> int:
        """The length that fills the whole width."""
        return max((bar.total for bar in self.bars), default=0)

    @property
    def more_lines(self) -> int:
        """How many lines its words take beyond one for each bar."""
        return sum(len(bar.lines) - 1 for bar in self.bars)


@dataclass(frozen=True)
class Charts:
    """Every chart of the page."""

    stages: Chart
    lateness: Chart
    waiting: Chart
    agencies: Chart


def charts(page: Overview) -> Charts:
    """The charts of an overview."""
    return Charts(_stages(page), _lateness(page), _waiting(page), _agencies(page))


def kind_of(code: str) -> str:
    """A code as the end of a CSS class."""
    return code.replace("_", "-")


def _stages(page: Overview) -> Chart:
    bars = tuple(
        Bar(line.stage.label, (Part("late-31-to-90", line.late), Part("partnership", line.reviews - line.late)))
        for line in page.stages
    )
    said = _said((line.stage.label, f"{line.reviews}, of which {line.late} late") for line in page.stages)
    key = (("late-31-to-90", "Late"), ("partnership", "Not late"))
    return Chart("stages", "Reviews at each stage", said, bars, key)


def _lateness(page: Overview) -> Chart:
    bars = tuple(Bar(band.label, (Part(kind_of(band), number),)) for band, number in page.bands.items())
    return Chart("lateness", "Reviews by their next date", _said(_numbers(bars)), bars)


def _waiting(page: Overview) -> Chart:
    bars = tuple(Bar(WAITS_FOR[kind], (Part(kind_of(kind), number),)) for kind, number in page.waiting.items())
    return Chart("waiting", "Whom reviews are waiting for", _said(_numbers(bars)), bars)


def _agencies(page: Overview) -> Chart:
    bars = tuple(
        Bar(line.agency, tuple(Part(kind_of(band), line.bands[band]) for band in ACTION_BANDS))
        for line in page.agencies
    )
    key = tuple((kind_of(band), BAND_WORDS[band]) for band in ACTION_BANDS)
    said = _said((line.agency, f"{line.open} open, of which {line.late} late") for line in page.agencies)
    return Chart("agencies", "Open actions of each agency", said, bars, key)


def _numbers(bars: Iterable[Bar]) -> Iterable[tuple[str, str]]:
    return ((bar.label, str(bar.total)) for bar in bars)


def _said(lines: Iterable[tuple[str, str]]) -> str:
    return "; ".join(f"{label}: {number}" for label, number in lines) + "."
