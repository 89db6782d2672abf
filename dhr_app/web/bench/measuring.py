"""Measuring through the front door: every page in turn, round after round, so that noise falls on all alike."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from flask import Flask
from flask.testing import FlaskClient

from dhr_app.casework.bench import COORDINATOR, PASSWORD, Empty, Ground, count_queries, prepare
from dhr_app.casework.bench.auditing import SECONDS, measure_audit
from dhr_app.casework.bench.mornings import SIZES as MORNINGS
from dhr_app.casework.bench.mornings import measure_mornings
from dhr_app.casework.bench.rotating import measure_rotation
from dhr_app.casework.bench.sealing import measure_sealing
from dhr_app.casework.bench.search import NAMES, measure_search
from dhr_app.web.bench.figures import Figures
from dhr_app.web.bench.files import MEGABYTES, measure_files
from dhr_app.web.bench.floor import FLOOR, lay_floor

SIZES = (100, 1_000, 10_000)
ROUNDS = 30
WARM_UP = 3
OVERVIEW = "/overview"
TODAY = "/today"
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass(frozen=True)
class Site:
    """An installation with its application, and a browser signed in to it."""

    ground: Ground
    app: Flask
    client: FlaskClient

    @property
    def list_pages(self) -> tuple[str, ...]:
        """The first page of the list, one in its middle, and the last."""
        return "/reviews", f"/reviews?after={self.ground.middle}", "/reviews?last=yes"

    @property
    def review_page(self) -> str:
        """The page of the review in which most happened."""
        return f"/reviews/{self.ground.busiest}"

    @property
    def plan_page(self) -> str:
        """The action plan of the same review: 30 recommendations and 60 actions."""
        return f"/reviews/{self.ground.busiest}/plan"


@dataclass(frozen=True)
class Timed:
    """A page to measure: which figure it belongs to, who asks for it, and where."""

    figure: str
    client: FlaskClient
    path: str


def measure(
    sizes: Sequence[int] = SIZES,
    rounds: int = ROUNDS,
    megabytes: int = MEGABYTES,
    names: int = NAMES,
    mornings: Sequence[int] = MORNINGS,
    on_postgresql: Empty | None = None,
) -> Figures:
    """Make throw-away installations of these sizes, measure, and throw them away.

    Mornings, over so many reviews each, and the audit trail are measured in two empty databases of PostgreSQL too,
    where they are named. Raises SettingsError.
    """
    engines = {"sqlite": None} | ({"postgresql": on_postgresql} if on_postgresql else {})
    with ExitStack() as stack:
        stack.enter_context(redirect_stdout(StringIO()))  # where the log of requests goes
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="dhr-bench-")))
        sites = [stack.enter_context(_open(folder / str(size), size)) for size in sizes]
        largest, middling = sites[-1], sites[len(sites) // 2]
        pages = [Timed(str(site.ground.reviews), site.client, path) for site in sites for path in site.list_pages]
        pages.append(Timed("page", largest.client, largest.review_page))
        pages.append(Timed("plan", largest.client, largest.plan_page))
        pages.append(Timed("overview", largest.client, OVERVIEW))
        pages.append(Timed("today", middling.client, TODAY))
        pages += [Timed("floor", largest.app.test_client(), FLOOR)] * len(largest.list_pages)
        took = _time(pages, rounds)
        return Figures(
            list_ms={site.ground.reviews: took[str(site.ground.reviews)] for site in sites},
            list_queries={site.ground.reviews: max(_queries(site, path) for path in site.list_pages) for site in sites},
            floor_ms=took["floor"],
            page_ms=took["page"],
            page_queries=_queries(largest, largest.review_page),
            plan_ms=took["plan"],
            plan_queries=_queries(largest, largest.plan_page),
            overview_ms=took["overview"],
            overview_queries=_queries(largest, OVERVIEW),
            today_ms=took["today"],
            today_queries=_queries(middling, TODAY),
            today_reviews=middling.ground.reviews,
            files=measure_files(largest.ground, (COORDINATOR, PASSWORD), megabytes=megabytes),
            search=measure_search(folder / "search", names=names),
            sealing=measure_sealing(folder / "sealing", rows=max(100, names // 5), rounds=max(3, rounds // 2)),
            mornings=[  # before the audit trail, which leaves databases that are not empty
                each
                for engine, on in engines.items()
                for each in measure_mornings(folder / f"mornings {engine}", on, sizes=mornings)
            ],
            audit=[
                measure_audit(folder / f"audit {engine}", on, seconds=min(SECONDS, names / 1000), entries=names * 100)
                for engine, on in engines.items()
            ],
            rotation=measure_rotation(folder / "rotation", people=max(100, names // 5)),
        )


@contextmanager
def _open(folder: Path, reviews: int) -> Iterator[Site]:
    from dhr_app import create_app  # noqa: PLC0415 - which puts together the rooms, this one among them

    ground = prepare(folder, reviews)
    try:
        app = create_app(house=ground.house)
        lay_floor(app, ground)
        yield Site(ground, app, _signed_in(app))
    finally:
        ground.house.database.dispose()


def _signed_in(app: Flask) -> FlaskClient:
    client = app.test_client()
    token = TOKEN.search(client.get("/sign-in").text)
    if token is None:
        raise RuntimeError("The sign-in page has no form.")
    form = {"email": COORDINATOR, "password": PASSWORD, "csrf_token": token.group(1)}
    client.post("/sign-in", data=form)
    return client


def _time(pages: Sequence[Timed], rounds: int) -> dict[str, float]:
    """The median of each figure in milliseconds, over all its pages and rounds."""
    found: dict[str, list[float]] = defaultdict(list)
    for number in range(WARM_UP + rounds):
        for page in pages:
            began = perf_counter()
            answer = page.client.get(page.path)
            took = (perf_counter() - began) * 1000
            if answer.status_code != 200:
                raise RuntimeError(f"{page.path} was answered with {answer.status}.")
            if number >= WARM_UP:
                found[page.figure].append(took)
    return {figure: median(times) for figure, times in found.items()}


def _queries(site: Site, path: str) -> int:
    """What the page asks when it was asked for just before: once a minute it also notes that somebody was here."""
    site.client.get(path)
    with count_queries(site.ground.house) as asked:
        site.client.get(path)
    return len(asked)
