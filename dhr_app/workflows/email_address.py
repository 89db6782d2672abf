"""What can be an e-mail address that mail is sent to."""

from __future__ import annotations

import re

LONGEST_ADDRESS = 254  # RFC 5321
# As browsers tell one address from several (HTML Standard, “valid e-mail address”), with a dot after the @.
_LABEL = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?"
_ADDRESS = re.compile(rf"[a-z0-9.!#$%&'*+/=?^_`{{|}}~-]+@{_LABEL}(\.{_LABEL})+", re.IGNORECASE | re.ASCII)


def looks_right(email: str) -> bool:
    """Whether this can be one address, of letters that every mail server can write."""
    return len(email) <= LONGEST_ADDRESS and _ADDRESS.fullmatch(email) is not None
