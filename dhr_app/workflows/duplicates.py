"""Whether two records may be of one person, and how short a term of a name must be so that it tells nobody whose."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, log2, sqrt

from dhr_app.workflows.spelling import Nicknames, likeness, sounds, words

FEWEST = 16  # with fewer names on record, no term is short enough to hide one among the others
MOST_BITS = 11
ALIKE = 0.92

FULL_NAME, SOUND_AND_YEAR = "full_name", "sound_and_year"

ON_REASONS = {
    "agreed": "The partnership and its information-governance lead agreed to it",
    "near_miss": "A person was found in two reviews too late",
    "trial": "It is tried out for a time",
    "other": "Another reason, which is in the steering group’s minutes",
}
OFF_REASONS = {
    "not_needed": "It is not needed any more",
    "not_agreed": "The information-governance lead does not agree to it any more",
    "trial_over": "The trial is over",
    "other": "Another reason, which is in the steering group’s minutes",
}


class TooFewNames(ValueError):
    """With so few names on record the check would give away whose they are."""


@dataclass(frozen=True)
class Plan:
    """How many bits of a term are kept in each index. Together they leave at least two people to each pair of terms."""

    name_bits: int
    sound_bits: int


def plan_for(records: int) -> Plan:
    """How short terms must be for so many names: records / 2^bits lies between 2 and √records, and nearer to √records.

    `bits` are those of both indexes together. Raises TooFewNames.
    """
    if records < FEWEST:
        raise TooFewNames(f"{records} names are on record, and at least {FEWEST} are needed.")
    longest, shortest = floor(log2(records / 2)), ceil(log2(records) / 2)
    bits = min(MOST_BITS, max(shortest, longest - 1))
    return Plan(bits - bits // 2, bits // 2)


def fits(plan: Plan, records: int) -> bool:
    """Whether a plan made for fewer or more names still keeps to the rule for so many."""
    if records < FEWEST:
        return False
    bits = plan.name_bits + plan.sound_bits
    coincidences = records / 2**bits
    return coincidences >= 2 and (coincidences <= sqrt(records) or bits == MOST_BITS)


@dataclass(frozen=True)
class Identity:
    """Who somebody is, as far as the check looks: the day of birth as far as it is known, 1980 or 1980-06-03."""

    full_name: str = ""
    born_on: str = ""


def indexed(one: Identity) -> dict[str, str]:
    """What each index is told of somebody. What is not known makes no term, or all unknown people would be alike."""
    borne = _in_order(one.full_name)
    if not borne:
        return {}
    found = {FULL_NAME: " ".join(sorted(borne))}
    if one.born_on and (surname := sounds(borne[-1])):
        found[SOUND_AND_YEAR] = f"{surname} {one.born_on[:4]}"
    return found


def may_be_same(one: Identity, other: Identity, nicknames: Nicknames) -> bool:
    """Whether two records may be of one person; their birth must not speak against it.

    Either their names are the same, in whatever order; or they were born in the same year, their surnames sound alike,
    and their first names are alike, familiar forms of one another, or an initial.
    """
    ours, theirs = _in_order(one.full_name), _in_order(other.full_name)
    born = (one.born_on, other.born_on)
    known = all(born)
    if not ours or not theirs or (known and not (born[0].startswith(born[1]) or born[1].startswith(born[0]))):
        return False
    if sorted(ours) == sorted(theirs):
        return len(ours) > 1 or known
    same_surname = sounds(ours[-1]) == sounds(theirs[-1]) != ""
    return known and same_surname and _same_given_name(ours[0], theirs[0], nicknames)


def _in_order(name: str) -> tuple[str, ...]:
    """The words of a name, the surname last: “Harding, Ada” as “Ada Harding”."""
    surname, _, given = name.partition(",")
    return words(f"{given} {surname}")


def _same_given_name(one: str, other: str, nicknames: Nicknames) -> bool:
    if one == other or other in nicknames.of(one) or sounds(one) == sounds(other) != "":
        return True
    if min(len(one), len(other)) == 1:
        return one[0] == other[0]
    return likeness(one, other) >= ALIKE
