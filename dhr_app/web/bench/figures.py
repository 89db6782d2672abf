"""What was measured, as people and as other programs read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dhr_app.casework.bench import auditing, mornings, rotating, sealing
from dhr_app.casework.bench.auditing import AuditFigures
from dhr_app.casework.bench.mornings import MorningFigures
from dhr_app.casework.bench.rotating import RotationFigures
from dhr_app.casework.bench.sealing import SealingFigures
from dhr_app.casework.bench.search import SearchFigures
from dhr_app.web.bench import files
from dhr_app.web.bench.files import FileFigures

GROWTH_GOAL, FLOOR_GOAL, PAGE_QUERIES_GOAL = 1.3, 2.0, 12
SEARCH_GOAL_MS = 200


@dataclass(frozen=True)
class Figures:
    """Medians in milliseconds; the case list’s by the number of reviews. Queries are the most that any page asked.

    The coordinator’s day is measured over `today_reviews`, the others over most.
    """

    list_ms: Mapping[int, float]
    list_queries: Mapping[int, int]
    floor_ms: float
    page_ms: float
    page_queries: int
    plan_ms: float
    plan_queries: int
    overview_ms: float
    overview_queries: int
    today_ms: float
    today_queries: int
    today_reviews: int
    files: FileFigures | None = None
    search: SearchFigures | None = None
    sealing: SealingFigures | None = None
    rotation: RotationFigures | None = None
    audit: Sequence[AuditFigures] = ()
    mornings: Sequence[MorningFigures] = ()

    @property
    def growth(self) -> float:
        """How much longer the list takes with most reviews than with fewest."""
        return self.list_ms[max(self.list_ms)] / self.list_ms[min(self.list_ms)]

    @property
    def over_floor(self) -> float:
        """How much longer the list takes, with most reviews, than a page of its size that asks next to nothing."""
        return self.list_ms[max(self.list_ms)] / self.floor_ms

    @property
    def overview_over_floor(self) -> float:
        """How much longer the overview takes, with most reviews, than a page that asks next to nothing."""
        return self.overview_ms / self.floor_ms

    def as_json(self) -> dict[str, Any]:
        """The keys that other programs read."""
        return {
            "case_list": {
                "ms": {str(number): round(ms, 2) for number, ms in self.list_ms.items()},
                "queries": max(self.list_queries.values()),
                "floor_ms": round(self.floor_ms, 2),
            },
            "review_page": {"ms": round(self.page_ms, 2), "queries": self.page_queries},
            "plan_page": {"ms": round(self.plan_ms, 2), "queries": self.plan_queries},
            "overview": {"ms": round(self.overview_ms, 2), "queries": self.overview_queries},
            "today": {
                "ms": round(self.today_ms, 2),
                "queries": self.today_queries,
                "reviews": self.today_reviews,
            },
            "files": {} if self.files is None else self.files.as_json(),
            "search": {} if self.search is None else self.search.as_json(),
            "sealing": {} if self.sealing is None else self.sealing.as_json(),
            "rotation": {} if self.rotation is None else self.rotation.as_json(),
            "audit": {each.engine: each.as_json() for each in self.audit},
            "mornings": {f"{each.engine} {each.reviews}": each.as_json() for each in self.mornings},
        }


def in_lines(figures: Figures) -> Iterator[str]:
    """The figures with the goals they are held against."""
    for number, ms in figures.list_ms.items():
        yield f"Case list, {number:>6,} reviews  {ms:7.1f} ms  {figures.list_queries[number]:>3} queries"
    yield f"A review’s page            {figures.page_ms:7.1f} ms  {figures.page_queries:>3} queries"
    yield f"Its action plan            {figures.plan_ms:7.1f} ms  {figures.plan_queries:>3} queries"
    yield f"The overview               {figures.overview_ms:7.1f} ms  {figures.overview_queries:>3} queries"
    yield f"Today, {figures.today_reviews:>10,} reviews  {figures.today_ms:7.1f} ms  {figures.today_queries:>3} queries"
    yield f"Floor                      {figures.floor_ms:7.1f} ms"
    few, many = min(figures.list_ms), max(figures.list_ms)
    yield _ratio(f"{many:,} reviews against {few:,}", figures.growth, GROWTH_GOAL)
    yield _ratio("The case list against the floor", figures.over_floor, FLOOR_GOAL)
    yield f"The overview of {many:,} reviews against the floor: {figures.overview_over_floor:.2f} times"
    yield f"A review’s page asks {figures.page_queries} queries (goal: at most {PAGE_QUERIES_GOAL})"
    if figures.files is not None:
        yield from files.in_lines(figures.files)
    if figures.search is not None:
        yield from _search_lines(figures.search)
    if figures.sealing is not None:
        yield from sealing.in_lines(figures.sealing)
    if figures.rotation is not None:
        yield from rotating.in_lines(figures.rotation)
    for each in figures.audit:
        yield from auditing.in_lines(each)
    yield from mornings.in_lines(figures.mornings)


def _search_lines(search: SearchFigures) -> Iterator[str]:
    """A search among sealed names, and among the same in clear."""
    among = f"{search.names:,} names in {search.reviews} reviews"
    yield f"Search among {among}: {search.sealed_ms:.0f} ms (goal: at most {SEARCH_GOAL_MS} on a quiet machine)"
    yield f"The same names in clear: {search.clear_ms:.0f} ms, so seal and trail make it {search.ratio:.1f} times"


def _ratio(what: str, found: float, goal: float) -> str:
    return f"{what}: {found:.2f} times (goal: at most {goal})"
