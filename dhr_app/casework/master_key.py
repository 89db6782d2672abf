"""Nothing starts under a master key that does not open what lies in the keystore: new keys would be wrapped by it."""

from __future__ import annotations

import logging

from sqlalchemy.exc import DBAPIError

from dhr_app.casework.house import House
from dhr_app.database import masters
from dhr_app.database.errors import KeysUnreachable, MasterKeyUnknown
from dhr_app.settings import SettingsError

LOG = logging.getLogger(__name__)


def must_be_known(in_house: House) -> None:
    """Ask about one key for each master key that wraps any; where its keeper is only away, that is let pass.

    Raises MasterKeyUnknown, KeyUnavailable with what the keeper says of itself, SettingsError for want of the tables.
    """
    try:
        _must_open(in_house)
    except KeysUnreachable:
        LOG.info("the keeper of the master key does not answer: it was not asked whether the key is the right one")


def finding(in_house: House) -> tuple[bool, str]:
    """For `dhr check`: whose key it is that opens what lies here. Raises as `must_be_known`, and KeysUnreachable."""
    _must_open(in_house)
    return True, in_house.database.keystore.health()


def _must_open(in_house: House) -> None:
    try:
        unopened = masters.unopened(in_house.database.keystore)
    except DBAPIError:
        raise SettingsError(["It cannot be read as it stands: run `dhr init`."], what="The keystore") from None
    if unopened:
        raise MasterKeyUnknown(unopened)
