"""What a row says of a file in the document store, which is found there by the row's own id."""

from __future__ import annotations

from sqlalchemy.orm import Mapped

from dhr_app.database.base import clear, code


class StoredFile:
    """A file as it was handed in, never changed since.

    `sha256` is that of the file itself, `sealed_sha256` that of its sealed form, which is checked before it is opened.
    """

    media: Mapped[str] = code()
    size: Mapped[int] = clear()
    sha256: Mapped[str] = code()
    sealed_sha256: Mapped[str] = code()
