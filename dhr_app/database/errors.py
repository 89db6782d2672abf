"""What can go wrong in the memory, each with a sentence that holds no value of anybody's."""

from __future__ import annotations

from uuid import UUID


class GroundError(Exception):
    """Anything the memory refuses or cannot do."""


class DatabaseUnavailable(GroundError):
    """The database or keystore is locked, full, unreachable or gone; nothing was half-written (503)."""

    def __init__(self) -> None:
        super().__init__("The database cannot be reached or is busy; nothing was saved.")


class KeysUnreachable(DatabaseUnavailable):
    """Who keeps the master key does not answer, or lets nobody ask just now; nothing was half-written (503)."""

    def __init__(self, sentence: str) -> None:
        GroundError.__init__(self, sentence)


class UnnamedChange(GroundError):
    """A programming mistake: something would be changed without saying who changes it."""


class ChangedMeanwhile(GroundError):
    """Somebody else changed a row between its reading and its writing; nothing was saved."""

    def __init__(self, table: str, row: UUID | str | None) -> None:
        super().__init__(f"{table} {row} was changed by somebody else meanwhile; nothing was saved.")


class SealError(GroundError):
    """A sealed value cannot be opened: its bytes, its place or its key are not what they were when it was sealed."""

    def __init__(self, table: str, column: str, row: UUID | str | None) -> None:
        super().__init__(f"The sealed value {table}.{column} of row {row} cannot be opened.")
        self.table, self.column, self.row = table, column, row

    def __reduce__(self) -> tuple[type[SealError], tuple[str, str, UUID | str | None]]:
        return type(self), (self.table, self.column, self.row)


class ValueDestroyed(SealError):
    """A sealed value whose key was destroyed on purpose, with every record of its kind: nothing is amiss."""


class OpeningRefused(GroundError):
    """The policy does not let this person open this class of data on this review."""

    def __init__(self, data_class: str, review_id: UUID | None) -> None:
        super().__init__(f"The {data_class.replace('_', ' ')} of review {review_id} are not open to this person.")
        self.data_class, self.review_id = data_class, review_id


class NoKeyring(GroundError):
    """A programming mistake: sealed data was touched where nobody was named as the one who opens it."""


class Unannounced(GroundError):
    """A programming mistake: sealed data would be opened without an entry in the audit trail before it."""


class TrailBroken(GroundError):
    """The audit trail is not what it was when it was last signed: nothing is signed or destroyed on top of it."""


class CheckpointFailed(GroundError):
    """No checkpoint can be signed, kept or checked: its key or its folder is not as it must be."""


class TombstonesUnheeded(GroundError):
    """Something that was destroyed could be opened again, or it cannot be told whether: until then nothing is."""


class KeyUnavailable(GroundError):
    """The key of a domain is retired, destroyed, unknown, or is not the key it claims to be."""


class MasterKeyUnknown(KeyUnavailable):
    """Keys lie in the keystore that no master key of these settings opens: nothing starts, and no new key is made."""

    def __init__(self, keys: int) -> None:
        super().__init__(
            f"The master key of these settings does not open what lies in the keystore (keys: {keys}): put the right"
            " one back, or run `dhr keys recover` with two recovery shares."
        )


class KeyDestroyed(KeyUnavailable):
    """The key was destroyed with the records that it sealed: nothing of them can be read or added to again."""

    def __init__(self) -> None:
        super().__init__("The records of this domain were destroyed: nothing can be opened or sealed there again.")


class FileUnreadable(GroundError):
    """A sealed file is gone from the store, cannot be reached, or is not the one that was put there."""

    def __init__(self, row: UUID) -> None:
        super().__init__(
            f"The file of row {row} is gone from the document store, or is not the one that was put there."
        )
        self.row = row
