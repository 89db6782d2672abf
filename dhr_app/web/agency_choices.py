"""The agencies as forms offer them: those there are today, and whichever was chosen before and has ended since."""

from __future__ import annotations

from uuid import UUID

from dhr_app.adapters.clock import london_date
from dhr_app.casework import partnership
from dhr_app.casework.partnership import Agency
from dhr_app.web.security import this_moment


def agency_names(*also: UUID) -> dict[str, str]:
    """Every agency by its id: its name."""
    return _names(also, leading_only=False)


def asked_names() -> dict[str, str]:
    """The agencies that may have known the people of a review, by id: no national body, and no partnership itself."""
    return {str(one.id): one.name for one in partnership.agencies(on=london_date(this_moment())) if one.local}


def leading_names(*also: UUID) -> dict[str, str]:
    """The partnerships that lead reviews, by id."""
    return _names(also, leading_only=True)


def _names(also: tuple[UUID, ...], *, leading_only: bool) -> dict[str, str]:
    today = london_date(this_moment())
    offered = [one for one in partnership.agencies(on=today) if one.leads_reviews or not leading_only]
    missing = set(also) - {one.id for one in offered}
    ended: list[Agency] = [partnership.agency(one) for one in sorted(missing)]
    return {str(one.id): one.name for one in (*offered, *ended)}
