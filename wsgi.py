"""What a WSGI server loads: `gunicorn wsgi:app`."""

from __future__ import annotations

import sys

from dhr_app import create_app
from dhr_app.adapters.keys import KeyProviderError
from dhr_app.casework.troubles import CheckpointFailed, DatabaseUnavailable, TombstonesUnheeded
from dhr_app.settings import SettingsError

try:
    app = create_app()
except (SettingsError, KeyProviderError, CheckpointFailed, DatabaseUnavailable, TombstonesUnheeded) as error:
    print(error, file=sys.stderr)
    sys.exit(2)
