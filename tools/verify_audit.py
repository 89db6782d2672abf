#!/usr/bin/env python3
"""Verify an audit trail from outside: python verify_audit.py TRAIL --notes FOLDER --key KEY

TRAIL is the file that `dhr audit export` wrote, or a copy of the SQLite database; FOLDER holds the checkpoints as they
were received over time; KEY is the line of `dhr audit checkpoint --show-key`, or a file with it, received another way.
Needs Python 3.11 and the package “cryptography”, nothing of the program it checks. It prints what does not hold. Only
the program itself can tell whether the records are what the trail says of them: `dhr audit verify --deep`.
Exit code: 0 everything holds, 1 something does not, 2 it could not be checked.

How the trail is made (the program’s docs/decisions/0016-the-audit-trail.md says why):
  entry   hash = SHA-256("dhr-audit1" LP(prev) LP(chain) LP(seq) LP(SHA-256(body)))     LP = two bytes of length, bytes
          chain: a UUID's 16 bytes, seq: 8 bytes from 1, prev: the hash before, 32 zero bytes at first
  leaf    SHA-256(00 "dhr-leaf1" LP(chain) LP(seq) LP(hash)), one for each chain that moved, at every checkpoint
  root    the Merkle tree hash of RFC 9162 over the first `size` leaves
  note    origin, size, root in base64, lines of its own, an empty line, and an Ed25519 signature (C2SP signed-note)
"""

import argparse
import base64
import binascii
import hashlib
import json
import sqlite3
import struct
import sys
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FIRST = b"\0" * 32
SYSTEM = UUID(int=0)
NOT_READABLE = (ValueError, LookupError, TypeError, AttributeError)


class CannotCheck(Exception):
    """What was handed over is not something that can be checked."""


def main() -> int:
    """Check what the command line names."""
    asked = argparse.ArgumentParser(description="Verify an audit trail from outside.")
    asked.add_argument("trail", type=Path, help="the export, or a copy of the SQLite database")
    asked.add_argument("--notes", type=Path, required=True, help="the folder of checkpoints")
    asked.add_argument("--key", required=True, help="the public key, or a file that holds it")
    given = asked.parse_args()
    try:
        rows = from_sqlite(given.trail) if is_sqlite(given.trail) else from_lines(given.trail)
        found = [*chain_breaks(rows), *log_breaks(rows, read_key(given.key), received(given.notes))]
    except (CannotCheck, OSError, sqlite3.DatabaseError) as trouble:
        print(f"This could not be checked: {trouble}", file=sys.stderr)
        return 2
    except (*NOT_READABLE, struct.error):
        print("Something in the trail is not what its place holds, and cannot be read.")
        return 1
    for line in found:
        print(line)
    chains = {entry[0] for entry in rows["entry"]}
    verdict = f"{len(found)} things do not hold" if found else "everything holds"
    counts = f"{len(rows['entry'])} entries in {len(chains)} chains, {len(rows['checkpoint'])} checkpoints"
    print(f"{counts}: {verdict}.")
    return 1 if found else 0


# --- Reading what was handed over -------------------------------------------------------------------------------------


def is_sqlite(path: Path) -> bool:
    """Whether the file is an SQLite database."""
    with path.open("rb") as file:
        return file.read(16) == b"SQLite format 3\0"


def from_sqlite(path: Path) -> dict[str, list[tuple]]:
    """The trail as it lies in a database: nothing is written to it."""
    asked = {
        "entry": "SELECT chain, seq, body, prev, hash FROM audit_entry ORDER BY chain, seq",
        "head": "SELECT chain, seq, hash FROM audit_head ORDER BY chain",
        "payload": "SELECT chain, seq, record_class, subject_id FROM audit_payload",
        "salt": "SELECT chain, seq FROM audit_salt",
        "leaf": "SELECT position, chain, seq, hash FROM audit_leaf ORDER BY position",
        "checkpoint": "SELECT number, note FROM audit_checkpoint ORDER BY number",
    }
    connection = sqlite3.connect(f"file:{path.resolve()}?mode=ro", uri=True)
    return {kind: connection.execute(sql).fetchall() for kind, sql in asked.items()}


def from_lines(path: Path) -> dict[str, list[tuple]]:
    """The trail as `dhr audit export` wrote it."""
    shape = {
        "entry": lambda told: (
            told["chain"],
            told["seq"],
            told["body"].encode(),
            *map(_hex, (told["prev"], told["hash"])),
        ),
        "head": lambda told: (told["chain"], told["seq"], _hex(told["hash"])),
        "payload": lambda told: (told["chain"], told["seq"], told["class"], told["subject"]),
        "salt": lambda told: (told["chain"], told["seq"]),
        "leaf": lambda told: (told["position"], told["chain"], told["seq"], _hex(told["hash"])),
        "checkpoint": lambda told: (told["number"], told["note"]),
    }
    rows: dict[str, list[tuple]] = {kind: [] for kind in shape}
    count, told = 0, {}
    with path.open(encoding="utf-8") as file:
        for line in file:
            try:
                told = json.loads(line)
                if told["kind"] in rows:
                    rows[told["kind"]].append(shape[told["kind"]](told))
            except NOT_READABLE:
                raise CannotCheck(f"line {count + 1} is not a line of an export") from None
            count += 1
    if told.get("kind") != "end" or told.get("lines") != count - 1:
        raise CannotCheck("the export was cut short, or lines of it are missing")
    return rows


def received(folder: Path) -> list[tuple[str, str]]:
    """Every note in the folder, by its file's name."""
    if not folder.is_dir():
        raise CannotCheck(f"{folder} is not a folder")
    return [(path.name, path.read_text(encoding="utf-8", errors="replace")) for path in sorted(folder.glob("*.note"))]


def read_key(given: str) -> tuple[str, bytes]:
    """The signer's name and public key."""
    line = Path(given).read_text(encoding="utf-8") if Path(given).is_file() else given
    name, _, rest = line.strip().partition("+")
    named, _, encoded = rest.partition("+")
    key = _base64(encoded)
    if len(key) != 33 or key[:1] != b"\x01" or key_id(name, key[1:]).hex() != named:
        raise CannotCheck("the key is not the public key of a signer of checkpoints")
    return name, key[1:]


# --- The chains -------------------------------------------------------------------------------------------------------


def chain_breaks(rows: dict[str, list[tuple]]) -> list[str]:
    """Where a chain, its end, or what is kept beside its entries does not hold."""
    found, at, prev, broken = [], {}, {}, set()
    payloads, salts, destroyed = set(), set(), set()
    in_order = sorted(rows["entry"], key=lambda row: (_name(row[0]), str(row[1]).zfill(20)))
    for chain, seq, body, said_prev, said_hash in in_order:
        name = _name(chain)
        if name in broken:
            continue
        expected = at.get(name, 0) + 1
        wrong = entry_fault(chain, expected, prev.get(name, FIRST), (seq, body, said_prev, said_hash))
        if wrong is None:
            try:
                content = json.loads(body)
                destroyed |= {
                    (name, each) for event in content["events"] for each in event["details"].get("destroys", ())
                }
                payloads |= {(name, seq, told["class"], _name(told["subject"])) for told in content.get("commits", ())}
                cells = (cell for change in content["changes"] for cell in change["cells"].values())
                if any(isinstance(side, str) and side.startswith("salted:") for cell in cells for side in cell):
                    salts.add((name, seq))
                if (content["chain"], content["seq"]) != (name, seq):
                    wrong = "speaks of another place in the trail"
            except NOT_READABLE:
                wrong = "cannot be read"
        if wrong is not None:
            found.append(f"{name}, entry {expected}: {wrong}")
            broken.add(name)
            continue
        at[name], prev[name] = seq, said_hash
    heads = {_name(chain): (seq, last) for chain, seq, last in rows["head"]}
    for name in sorted((set(at) | set(heads)) - broken):
        if heads.get(name) != (at.get(name, 0), prev.get(name, FIRST)):
            found.append(f"{name}: does not end where it should")
    kept = {(_name(chain), seq, kind, _name(subject)) for chain, seq, kind, subject in rows["payload"]}
    may_go = {row for row in payloads if {(row[0], row[2]), (row[0], f"{row[2]}:{row[3]}")} & destroyed}
    found += differing(payloads - (may_go - kept), kept, "payload", broken)
    kept = {(_name(chain), seq) for chain, seq in rows["salt"]}
    return found + differing(
        {row for row in salts if row in kept or (row[0], "salts") not in destroyed}, kept, "salt", broken
    )


def entry_fault(chain: object, expected: int, prev: bytes, entry: tuple) -> str | None:
    """What is wrong with one entry, if anything is."""
    seq, body, said_prev, said_hash = entry
    if seq != expected:
        return f"expected entry {expected}, found {seq}"
    if said_prev != prev:
        return "does not follow the entry before it"
    if not isinstance(body, bytes) or not isinstance(said_hash, bytes):
        return "is not what was hashed"
    parts = prefixed(prev, UUID(_name(chain)).bytes, struct.pack(">Q", seq), hashlib.sha256(body).digest())
    return None if hashlib.sha256(b"dhr-audit1" + parts).digest() == said_hash else "is not what was hashed"


def differing(told: set[tuple], kept: set[tuple], what: str, broken: set[str]) -> list[str]:
    """What entries tell of and is gone, and what is there though no entry tells of it."""
    gone = [f"{row[0]}, entry {row[1]}: its {what} is gone" for row in sorted(told - kept, key=str)]
    odd = [f"{row[0]}, entry {row[1]}: has a {what} that it does not tell of" for row in sorted(kept - told, key=str)]
    return gone + [line for line in odd if line.split(",")[0] not in broken]


# --- The log of checkpoints -------------------------------------------------------------------------------------------


def log_breaks(rows: dict[str, list[tuple]], key: tuple[str, bytes], notes: list[tuple[str, str]]) -> list[str]:
    """Where the log, its notes, or what was received does not agree with the chains."""
    entries = {(_name(chain), seq): last for chain, seq, _, _, last in rows["entry"]}
    found, roots, stack = [], {0: hashlib.sha256(b"").digest()}, []
    for expected, (position, chain, seq, last) in enumerate(rows["leaf"]):
        if position != expected or not isinstance(last, bytes):
            return [*found, f"checkpoints: expected leaf {expected}, found {position}"]
        if entries.get((_name(chain), seq)) != last:
            found.append(f"{_name(chain)}, entry {seq}: is gone, or is not the entry that was signed")
        data = b"dhr-leaf1" + prefixed(UUID(_name(chain)).bytes, struct.pack(">Q", seq), last)
        stack.append(hashlib.sha256(b"\0" + data).digest())
        size = expected + 1
        while size % 2 == 0:
            right, left = stack.pop(), stack.pop()
            stack.append(hashlib.sha256(b"\1" + left + right).digest())
            size //= 2
        root = stack[-1]
        for left in reversed(stack[:-1]):
            root = hashlib.sha256(b"\1" + left + root).digest()
        roots[expected + 1] = root
    ours, before = {}, 0
    for expected, (number, note) in enumerate(rows["checkpoint"], start=1):
        said = opened(note, key)
        if said is None:
            found.append(f"checkpoint {number}: does not bear the signature of {key[0]}")
        elif (number, said[2]) != (expected, expected) or said[0] < before or roots.get(said[0]) != said[1]:
            found.append(f"checkpoint {number}: does not follow from the leaves and the checkpoint before it")
        before = said[0] if said else before
        ours[note] = number
    if before != len(rows["leaf"]):
        found.append("checkpoints: there are leaves that no checkpoint signed, or fewer than were signed")
    for name, note in notes:
        if opened(note, key) is None:
            found.append(f"{name}: does not bear the signature of {key[0]}")
        elif note not in ours:
            found.append(f"{name}: was signed and is not in the trail: it was put back, or written anew")
    return found


def opened(note: object, key: tuple[str, bytes]) -> tuple[int, bytes, int] | None:
    """Size, root and number that a note says, if this key signed it."""
    name, public = key
    text, found, lines = str(note).rpartition("\n\n")
    for line in lines.splitlines() if found else ():
        dash, _, rest = line.partition(" ")
        signer, _, encoded = rest.rpartition(" ")
        signature = _base64(encoded)
        if dash != "—" or signer != name or signature[:4] != key_id(name, public):
            continue
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(signature[4:], (text + "\n").encode())
            origin, size, root, number = text.split("\n")[:4]
            return (int(size), _base64(root), int(number.removeprefix("number "))) if origin == name else None
        except (InvalidSignature, ValueError):
            return None
    return None


def key_id(name: str, public: bytes) -> bytes:
    """The four bytes by which a signature says whose it is."""
    return hashlib.sha256(name.encode() + b"\n\x01" + public).digest()[:4]


def prefixed(*parts: bytes) -> bytes:
    """Each part with its length before it."""
    return b"".join(struct.pack(">H", len(part)) + part for part in parts)


def _name(chain: object) -> str:
    try:
        return str(chain if isinstance(chain, UUID) else UUID(str(chain)))
    except ValueError:
        return f"no chain ({chain!r})"


def _hex(text: str) -> bytes:
    return bytes.fromhex(text)


def _base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""


if __name__ == "__main__":
    sys.exit(main())
