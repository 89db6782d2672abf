"""The recovery key as words on paper: three shares, of which any two make it again (SLIP-0039)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from shamir_mnemonic import MnemonicError, Share, combine_mnemonics, generate_mnemonics
from shamir_mnemonic.wordlist import WORDLIST

from dhr_app.database.keycopies import SECRET_BYTES, RecoveryKey
from dhr_app.workflows.errors import RuleError

HOLDERS, NEEDED = 3, 2


class SharesRefused(RuleError):
    """These words do not make the recovery key; the sentence says where to look, and quotes one wrong word at most."""


@dataclass(frozen=True)
class Shares:
    """The words of each holder, and the number that all of them carry. Shown to each holder once, and never kept."""

    number: int
    words: tuple[str, ...] = field(repr=False)


def split(key: RecoveryKey) -> Shares:
    """The key in three shares."""
    words = tuple(generate_mnemonics(1, [(NEEDED, HOLDERS)], key.secret)[0])
    return Shares(Share.from_mnemonic(words[0]).identifier, words)


def join(written: Sequence[str]) -> RecoveryKey:
    """The key again from the words of two holders, as they typed them. Raises SharesRefused."""
    if len(written) != NEEDED:
        raise SharesRefused(f"{NEEDED} shares are needed, and {len(written)} were given.")
    read = [_read(words, number) for number, words in enumerate(written, 1)]
    if read[0].identifier != read[1].identifier:
        raise SharesRefused("The two shares are of different sets: both must carry the same set number.")
    if read[0].index == read[1].index:
        raise SharesRefused("This is the same share twice: the words of another holder are needed.")
    try:
        secret = combine_mnemonics([share.mnemonic() for share in read])
    except MnemonicError:
        raise SharesRefused("The two shares do not belong together: were they made by `dhr keys escrow`?") from None
    if len(secret) != SECRET_BYTES:
        raise SharesRefused("These are shares of something else: they were not made by `dhr keys escrow`.")
    return RecoveryKey(bytes(secret))


def _read(words: str, number: int) -> Share:
    lines = [line for line in words.casefold().splitlines() if not line.lstrip().startswith("#")]
    typed = " ".join(lines).split()
    for place, word in enumerate(typed, 1):
        if word not in WORDLIST:
            near = get_close_matches(word, WORDLIST, 1)
            hint = f": perhaps “{near[0]}”?" if near else "."
            raise SharesRefused(f"Share {number}, word {place}: “{word}” is not one of the words{hint}")
    try:
        share = Share.from_mnemonic(" ".join(typed))
    except MnemonicError:
        raise SharesRefused(
            f"Share {number} has {len(typed)} words that do not fit together: one is another than on the paper, left"
            " out, or in another order."
        ) from None
    if (share.group_count, share.member_threshold) != (1, NEEDED):
        raise SharesRefused(f"Share {number} is of something else: it was not made by `dhr keys escrow`.")
    return share
