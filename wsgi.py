"""What a WSGI server loads: `gunicorn wsgi:app`."""

from __future__ import annotations

import sys

from dhr_app import create_app
from dhr_app.adapters.keys import KeyProviderError
from dhr_app.settings import SettingsError

try:
    app = create_app()
except (SettingsError, KeyProviderError) as error:
    print(error, file=sys.stderr)
    sys.exit(2)
