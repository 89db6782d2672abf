"""Each threat that the design answers has a test by its number."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

HERE = Path(__file__).parent

# The threats to what is sealed, to the audit trail and to sign-ins, as the design numbers them.
THREATS = {
    1:  "a thief of a dump reads names",
    2:  "a thief of the databases and the keystore unwraps keys",
    3:  "a victim’s sealed value is pasted into another row",
    4:  "a sealed value is pasted into another column or review",
    5:  "an older value of the same cell is put back",
    6:  "two wrapped keys are exchanged",
    7:  "the bytes of an envelope are changed or cut",
    8:  "a sealed value is emptied or a row removed by SQL",
    9:  "an answer is told by the length of what is sealed",
    10: "names are tried against an index",
    11: "an old backup opens a review that was disposed of",
    12: "a restored keystore brings destroyed keys back",
    13: "a crash while keys are changed loses a key or a value",
    14: "a stale process seals with an old key after the sweep",
    15: "plain words are written round the attributes",
    16: "a new sealed column is missed when keys are changed",
    17: "plain words reach a log, an error or a picture of a row",
    18: "a shell on the server reads everything",
    19: "a program that is broken into opens every review",
    20: "an entry of the trail is changed",
    21: "a superuser writes the trail anew from its beginning",
    22: "the program’s own role changes the trail",
    23: "an entry is replaced by inserting it again",
    24: "writers at once fork a chain",
    25: "a form says who acts, or what is entered in the trail",
    26: "an auditor learns values from what the trail shows",
    27: "what somebody sends forges a line of the log",
    28: "passwords are guessed without end",
    29: "who has an account is told by words or by time",
    30: "sign-ins at once take all the memory",
    31: "a code that was seen is used again",
    32: "a false site passes on what somebody signs in with",
    33: "a tenant’s administrator gives somebody another’s address",
    34: "somebody else’s answer of a tenant, or an old one, signs a browser in",
    35: "a tenant’s token is signed by nobody, by a key that all know, or in a way of its own",
    36: "a cookie that was planted becomes a sign-in",
    37: "a cookie that was captured is used after its sign-in ended",
    38: "a page being read brings an ended sign-in back",
    39: "another site sends a form, or frames a page",
    40: "somebody on one review asks for another’s pages",
    41: "an agency reads what another was asked",
    42: "a member who was removed goes on in an open tab",
    43: "a form sends a role, a review or a stage that it does not have",
    44: "a list of several holds one that is out of reach, or changes all but that",
    45: "an administrator gives themselves a role or a seat",
    46: "a page is added whose permission nobody thought of",
    72: "somebody related to the case reaches it by another way",
}  # fmt: skip


@cache
def written() -> set[str]:
    """The names of all tests of threats, of those in crash/ that kill a process, and of those that ask every door."""
    paths = [*HERE.glob("test_*.py"), *(HERE.parent / "crash").glob("test_*.py"), HERE.parent / "web/test_access.py"]
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in sorted(paths)]
    return {node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("number", sorted(THREATS))
def test_every_threat_is_met_by_a_test_of_its_number(number: int) -> None:
    if not any(name.startswith(f"test_t{number:02}_") for name in written()):
        pytest.fail(
            f"No test meets threat {number}: {THREATS[number]}. Write tests/threats/test_<subject>.py with\n"
            f"  def test_t{number:02}_…(installation): …\n"
            "which does what the attacker does, on SQLite and PostgreSQL (see tests/threats/conftest.py).",
            pytrace=False,
        )
