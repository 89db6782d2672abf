"""What a WSGI server loads: `gunicorn wsgi:app`."""

from __future__ import annotations

import sys

from dhr_app import create_app
from dhr_app.adapters.keys import KeyProviderError
from dhr_app.casework.troubles import CheckpointFailed, DatabaseUnavailable, KeyUnavailable, TombstonesUnheeded
from dhr_app.settings import SettingsError

TROUBLES = (
    SettingsError,
    KeyProviderError,
    KeyUnavailable,
    CheckpointFailed,
    DatabaseUnavailable,
    TombstonesUnheeded,
)

try:
    app = create_app()
except TROUBLES as error:
    print(error, file=sys.stderr)
    sys.exit(2)
