"""What the list of reviews is narrowed to, as its address says it, and the links from page to page."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from dhr_app.casework.case_list import CaseList, Filters
from dhr_app.casework.house import house
from dhr_app.workflows.stages import Stage


def filters_of(args: Mapping[str, str]) -> Filters:
    """The choices in an address; what is none of the choices narrows nothing."""
    kind = args.get("kind", "")
    return Filters(
        stage=args.get("stage", ""),
        kind=kind if kind in dict(kinds()) else "",
        late="late" in args,
        on_hold="on_hold" in args,
    )


def kinds() -> list[tuple[str, str]]:
    """The kinds of review there are: key and name."""
    return [(key, rule_set.name) for key, rule_set in house().rule_book.rule_sets.items()]


def in_words(filters: Filters) -> list[str]:
    """What the list is narrowed to, for people; empty where it is not."""
    stages = {stage.value: stage.label for stage in Stage}
    chosen = (
        stages.get(filters.stage),
        dict(kinds()).get(filters.kind),
        filters.late and "late",
        filters.on_hold and "on hold",
    )
    return [word for word in chosen if word]


def links(found: CaseList, filters: Filters) -> dict[str, str]:
    """Where first, previous, next and last lead; those that lead nowhere are left out."""
    chosen = {
        **({"stage": filters.stage} if filters.stage else {}),
        **({"kind": filters.kind} if filters.kind else {}),
        **({"late": "yes"} if filters.late else {}),
        **({"on_hold": "yes"} if filters.on_hold else {}),
    }
    places: dict[str, dict[str, str]] = {}
    if found.before:
        places |= {"first": {}, "previous": {"before": str(found.before)}}
    if found.after:
        places |= {"next": {"after": str(found.after)}, "last": {"last": "yes"}}
    return {name: "?" + urlencode(chosen | place) for name, place in places.items()}
