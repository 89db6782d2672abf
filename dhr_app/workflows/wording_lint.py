"""Weak wording of a recommendation is pointed out, never blocked: who can tell later whether it was carried out?"""

from __future__ import annotations

import re
from dataclasses import dataclass

# The words seen most in published recommendations that nobody could check later, and what to ask of each.
WEAK: tuple[tuple[str, str], ...] = (
    (r"consider(?:s|ed|ing|ation)?", "“{}” is done once somebody has thought about it. What should they do?"),
    (r"explor(?:e|es|ing)",          "“{}” is done once somebody has looked. What should come of it?"),
    (r"continu(?:e|es|ing)",         "“{}” asks for no change. What should be different from now on?"),
    (r"rais(?:e|es|ing) (?:the |public |staff )?awareness",
                                     "“{}”: whose, by what, and how will anybody see that it has grown?"),
    (r"remind(?:s|ed|ing)?",         "“{}”: people forget again. What would make it happen every time?"),
    (r"be (?:aware|mindful) of",     "“{}”: nobody can see what somebody is aware of. What should they do?"),
    (r"(?:where|if|as) (?:appropriate|possible|necessary)",
                                     "“{}”: who decides that, and when is it?"),
)  # fmt: skip
ENSURES = re.compile(r"\b(?:ensur(?:e|es|ing)|mak(?:e|es|ing) sure)\b", re.IGNORECASE)
# What lets somebody see later whether a thing is so: a figure, a time, a count or a look at it.
MEASURED = re.compile(
    r"\d|\b(?:by (?:the end|january|february|march|april|may|june|july|august|september|october|november|december)"
    r"|within|every|each|audit|measur|report(?:s|ed)? (?:to|on)|percent|per cent|dip sample)",
    re.IGNORECASE,
)
ASKS = re.compile(r"\b(?:should|must|will|needs? to|is to|are to)\b", re.IGNORECASE)
BULLET = re.compile(r"^\s*(?:[-•*–]|\(?[a-z0-9]{1,3}[.)])\s+", re.IGNORECASE | re.MULTILINE)
EVERYBODY = re.compile(r"\ball (?:the )?(?:local |partner )?(?:agencies|organisations|partners|professionals)\b", re.I)


@dataclass(frozen=True)
class Weakness:
    """One thing about the wording: its code, and the question it leaves open."""

    code: str
    said: str


def weak_wording(text: str) -> tuple[Weakness, ...]:
    """What could be said more firmly in a recommendation, in the order of the list above; empty where nothing is."""
    found = []
    for pattern, question in WEAK:
        if match := re.search(rf"\b{pattern}\b", text, re.IGNORECASE):
            found.append(Weakness("weak_verb", question.format(_in_one_line(match[0]))))
    if (match := ENSURES.search(text)) and not MEASURED.search(text):
        found.append(
            Weakness("no_measure", f"“{_in_one_line(match[0])}”: by when, and how will anybody see that it is so?")
        )
    if len(ASKS.findall(text)) > 1 or len(BULLET.findall(text)) > 1:
        found.append(
            Weakness("several", "It asks for more than one thing. Each needs an action of its own, or its own number.")
        )
    if match := EVERYBODY.search(text):
        found.append(
            Weakness("everybody", f"“{_in_one_line(match[0])}”: what is everybody’s task is nobody’s. Name them.")
        )
    return tuple(found)


def _in_one_line(words: str) -> str:
    return " ".join(words.split()).lower()
