"""The roles that can be given, in a list: which of them two people give, whoever it is that asks."""

from __future__ import annotations

from dhr_app.workflows.access import gives_by_two
from dhr_app.workflows.person import Person
from dhr_app.workflows.roles import Role

WHY_TWO = (
    "Such a role decides, sees every review or opens what your own does not. An "
    "independent chair opens what is kept apart on the review they chair, so no one person gives that role."
)


def role_names(by: Person) -> dict[str, str]:
    """Every role by its code, and beside its name whether somebody else has to confirm it."""
    return {role.value: f"{role.label}{' (two people)' if gives_by_two(by, role) else ''}" for role in Role}
