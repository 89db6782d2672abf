"""The agencies as forms offer them: those of today, whichever was chosen before, and for what lies back the ended."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from dhr_app.adapters.clock import london_date
from dhr_app.casework import partnership
from dhr_app.casework.partnership import Agency
from dhr_app.web.security import this_moment
from dhr_app.workflows.calendar import in_words


def agency_names(*also: UUID) -> dict[str, str]:
    """Every agency by its id: its name."""
    return _names(also, leading_only=False)


def names_through_time() -> dict[str, str]:
    """Every agency by its id, those that have ended with their last day: for entries that may lie far back."""
    return {str(one.id): _with_its_end(one) for one in partnership.agencies(on=_today(), ended=True)}


def local_names() -> dict[str, str]:
    """The agencies that work with people here today, by id: no national body, and no partnership of others."""
    return {str(one.id): one.name for one in partnership.agencies(on=_today()) if one.local}


def asked_names() -> dict[str, str]:
    """Whoever may have known the people of a review, by id: local agencies, the ended ones with their last day."""
    return {str(one.id): _with_its_end(one) for one in partnership.agencies(on=_today(), ended=True) if one.local}


def leading_names(*also: UUID) -> dict[str, str]:
    """The partnerships that lead reviews, by id."""
    return _names(also, leading_only=True)


def _names(also: tuple[UUID, ...], *, leading_only: bool) -> dict[str, str]:
    offered = [one for one in partnership.agencies(on=_today()) if one.leads_reviews or not leading_only]
    missing = set(also) - {one.id for one in offered}
    ended: list[Agency] = [partnership.agency(one) for one in sorted(missing)]
    return {str(one.id): one.name for one in (*offered, *ended)}


def _with_its_end(agency: Agency) -> str:
    if agency.to_on is None or agency.to_on >= _today():
        return agency.name
    return f"{agency.name} (ended on {in_words(agency.to_on)})"


def _today() -> date:
    return london_date(this_moment())
