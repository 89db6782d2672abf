"""Which SQL only asks. Not a list of changes but of questions: a form that nobody thought of is taken for a change."""

from __future__ import annotations

import re
from functools import lru_cache

# What the two engines, or psycopg and we, do not read alike, so that one’s name or text might be the other’s statement:
# backticks, dollar quotes, backslashes, and a quote or a comment in brackets or in the name of a placeholder.
_UNCLEAR = (re.compile(r"[`$\\\0]"), re.compile(r"\[[^\]]*(?:['\"]|--|/\*)"), re.compile(r"%\((?!\w+\)s)"))
_COMMENT = r"--[^\r\n]*(?:\n|\Z)|/\*(?:(?!/\*|\*/).)*\*/"
_ASIDE = re.compile(rf"{_COMMENT}|'[^']*'|\"[^\"]*\"|%\(\w+\)s", re.DOTALL)
_LEFT_OPEN = re.compile(r"'|\"|;|--|/\*|\*/")

_CHANGES = {word: re.compile(rf"\b{word}\b") for word in ("into", "insert", "update", "delete", "merge")}
_EXPLAIN = r"(?:explain (?:query plan |analyze |verbose |\([\w ,]+\) ?)*)?"
_TABLE_OF = r"pragma (?:\w+\.)?(?:table_x?info|index_list|index_x?info|foreign_key_list) ?\( ?\w* ?\)"
_SETTING = r"pragma (?:journal_mode|synchronous|foreign_keys|recursive_triggers|trusted_schema|query_only)"
_SAVEPOINT = r"(?:savepoint|release savepoint|rollback to savepoint) sa_savepoint_\d+"  # begin_nested() names them so
_PICTURE = r"begin|set transaction isolation level repeatable read, read only"  # what reading() begins with
_ASKS = re.compile(  # or says nothing at all, by which SQLAlchemy asks whether a connection still answers
    rf"|{_EXPLAIN}[( ]*(?:select|values|with)\b.*|show [\w. ]+|{_TABLE_OF}|{_SETTING}|{_SAVEPOINT}|{_PICTURE}"
)


@lru_cache(maxsize=2048)
def asks(statement: str) -> bool:
    """Whether this is one statement that only asks: true of nothing that changes a row, a table or a setting."""
    if any(each.search(statement) for each in _UNCLEAR):
        return False
    words = " ".join(_ASIDE.sub(" ", statement).lower().split()).removesuffix(";").rstrip()
    if _LEFT_OPEN.search(words) or not _ASKS.fullmatch(words):
        return False
    words = words.replace("for update", "").replace("for no key update", "")  # no change of rows is begun after FOR
    return not any(word in words and found.search(words) for word, found in _CHANGES.items())
