"""What the certificate of a disposal says, and until when an old copy of the keystore could still open the records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from dhr_app.adapters.clock import london_date
from dhr_app.workflows.calendar import in_words

KEEPERS = {
    "development-file": "in a plain file on the same machine, as only a development installation keeps it",
    "credential-file": "in a file outside every backup",
    "vault-transit": "by HashiCorp Vault",
    "azure-key-vault": "by Azure Key Vault",
    "aws-kms": "by AWS Key Management Service",
}
SOFT_DELETE = (
    "Azure Key Vault keeps a key that is deleted there for 7 to 90 days before it is purged. That does not bear on "
    "this certificate: the master key was not deleted, since it goes on serving the other reviews."
)


@dataclass(frozen=True)
class Confirmed:
    """One of the two people: their name and post as the audit trail has them, and the moment."""

    name: str
    post: str
    at: datetime


@dataclass(frozen=True)
class Destroyed:
    """The records under one key. `hash` is that of its tombstone."""

    what: str
    generations: tuple[int, ...]
    values: int
    files: int
    hash: bytes


@dataclass(frozen=True)
class Certificate:
    """Everything that the certificate says. `checkpoint` is the signed one that covers the disposal, None before it.

    `nothing_of` are the classes that the disposal was of too, of which there was nothing to destroy.
    `openable_until` is the last day on which a backup of the keystore may exist that still holds the keys; `kept_texts`
    counts the texts in clear that were kept though a word there may name somebody.
    """

    reference: str
    number: int
    partnership: str
    policy: str
    noticed_on: date
    noticed_by: str
    first: Confirmed
    second: Confirmed
    begun_at: datetime
    done_at: datetime
    destroyed: tuple[Destroyed, ...]
    nothing_of: tuple[str, ...]
    last_hash: bytes
    checkpoint: int | None
    checkpoint_root: bytes | None
    key_provider: str
    backup_days: int
    kept_texts: int

    @property
    def openable_until(self) -> date:
        """A backup taken just before the last step is kept for so many days and no longer."""
        return london_date(self.done_at) + timedelta(days=self.backup_days)


def as_data(certificate: Certificate) -> dict[str, Any]:
    """The words of the paper, for papers/certificate.typ."""
    until = in_words(certificate.openable_until)
    done = in_words(london_date(certificate.done_at))
    return {
        "title": f"Certificate of disposal {certificate.reference}, number {certificate.number}",
        "heading": "Certificate of disposal",
        "partnership": certificate.partnership,
        "opening": (
            f"The records named below, of the review {certificate.reference}, were destroyed on {done}, by destroying "
            "the only keys that open them."
        ),
        "facts": [
            ["Review", certificate.reference],
            ["Disposal", f"Number {certificate.number} of this review"],
            ["Policy", certificate.policy],
            ["Notice given", f"{in_words(certificate.noticed_on)}, by {certificate.noticed_by}"],
            ["Confirmed first", _person(certificate.first)],
            ["Confirmed second", _person(certificate.second)],
            ["Destruction begun", in_words(london_date(certificate.begun_at))],
            ["Destruction completed", done],
        ],
        "what": (
            "Every value and file was sealed under a key of its class of records. Every generation of those keys is "
            f"gone. {_nothing_of(certificate.nothing_of)}Records of a class that is not named here are not touched by "
            "this disposal."
        ),
        "parts": [
            {
                "cells": [
                    each.what,
                    ", ".join(str(one) for one in each.generations) or "none",
                    f"{each.values:,}",
                    f"{each.files:,}",
                ]
            }
            for each in certificate.destroyed
        ],
        "remains": (
            "The reference, dates, stages and statistics of the review, its audit trail without the values that were "
            "changed, whatever was published, and the texts that were never sealed: the action plan and its progress, "
            f"themes, and the words of holds. {_kept(certificate.kept_texts)} "
            "The destroyed values are still there as sealed bytes, in the database and its backups, and nothing opens "
            "them."
        ),
        "honestly": [*_honestly(certificate, until)],
        "proof": (
            "Each tombstone is a signed line outside the databases’ backups: it keeps a restored backup from bringing "
            "the key back. The audit trail had to hold before anything was destroyed. It goes on from the entry named "
            "here, and an auditor can prove it with tools/verify_audit.py."
        ),
        "hashes": [*_hashes(certificate)],
    }


def _nothing_of(classes: tuple[str, ...]) -> str:
    """What was to be destroyed too and never was there: who reads of it elsewhere must not miss it here."""
    return f"It was also of these, of which the review held none: {'; '.join(classes)}. " if classes else ""


def _kept(texts: int) -> str:
    if not texts:
        return "None of these texts is known to name anybody of the case."
    return f"{texts:,} of these were kept though a word there may name somebody, because a person gave a reason for it."


def _person(one: Confirmed) -> str:
    return f"{one.name}{f', {one.post[0].lower()}{one.post[1:]}' if one.post else ''}, {in_words(london_date(one.at))}"


def _honestly(certificate: Certificate, until: str) -> list[str]:
    keeper = KEEPERS[certificate.key_provider]
    told = [
        f"Backups of the keystore are kept for {certificate.backup_days} days. A backup made before the destruction "
        f"may therefore hold the keys, still wrapped, until {until}. With it, and with the master key or two of the "
        "recovery shares, the records could be opened until that day; with anything less they cannot be, and after "
        "it by nobody. Whoever keeps those backups sees to it that they are removed in time. The keystore in use, and "
        "every restored one once the tombstones are applied, opens nothing of them already.",
        f"The master key is kept {keeper}. It wraps the keys of all reviews and is not part of this disposal.",
    ]
    return [*told, SOFT_DELETE] if certificate.key_provider == "azure-key-vault" else told


def _hashes(certificate: Certificate) -> list[dict[str, str]]:
    told = [{"label": "Last entry of the review’s trail before the destruction", "hash": certificate.last_hash.hex()}]
    told += [{"label": f"Tombstone: {each.what}", "hash": each.hash.hex()} for each in certificate.destroyed]
    if certificate.checkpoint is not None and certificate.checkpoint_root is not None:
        label = f"Root of the signed checkpoint number {certificate.checkpoint}, which covers the disposal"
        told.append({"label": label, "hash": certificate.checkpoint_root.hex()})
    return told
