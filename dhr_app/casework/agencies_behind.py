"""The agencies that had something late as the month began, each as one thing to be taken further."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy import select

from dhr_app.casework.open_actions import NOT_OURS
from dhr_app.database.models.agreement import AgencyContact
from dhr_app.database.models.partnership import Agency
from dhr_app.database.named_session import NamedSession
from dhr_app.workflows.escalation import OWED, Behind, Late, empty_rungs
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.reminders import Kind, Rule, Thing


def agencies_behind(
    session: NamedSession, found: Iterable[Thing], people: Sequence[Person], rules: Sequence[Rule], *, today: date
) -> Iterator[Thing]:
    """What is late with each agency, out of what was found open.

    `people` are those who can sign in: of a rung where none of them stands, the coordinator is told.
    """
    month = today.replace(day=1)
    late: dict[UUID, list[Late]] = defaultdict(list)
    for one in found:
        if one.kind in OWED and one.agency_id and one.review_id and one.due_on and one.due_on < month:
            late[one.agency_id].append(Late(one.kind, one.review_id, one.due_on))
    rows = session.execute(
        select(Agency.id, Agency.name, Agency.kind, AgencyContact.account_id)
        .outerjoin(AgencyContact, AgencyContact.agency_id == Agency.id)
        .order_by(Agency.name, Agency.id)
    )
    for row in rows:
        if row.id in late:
            behind = Behind(row.id, month, tuple(late[row.id]), row.account_id, row.kind not in NOT_OURS)
            yield _thing(row.name, replace(behind, empty=empty_rungs(behind, people, rules)))


def _thing(agency: str, behind: Behind) -> Thing:
    return Thing(
        kind=Kind.ESCALATED,
        subject_id=behind.agency_id,
        review_id=None,
        reference="",
        stage=None,
        what="",
        path="/overview",
        due_on=behind.month,
        agency_id=behind.agency_id,
        agency=agency,
        behind=behind,
    )
