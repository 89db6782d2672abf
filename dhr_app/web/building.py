"""The order in which the front door is put together: limits, who is there, what is refused, what is shown."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Flask
from govuk_frontend_wtf.main import WTFormsHelpers
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise  # type: ignore[import-untyped]

from dhr_app.casework.house import House
from dhr_app.web import (
    error_summary,
    errors,
    filters,
    headers,
    navigation,
    nearest_page,
    plain_text,
    request_log,
    security,
    sessions,
    unasked,
    uploads,
)
from dhr_app.web.routes import Building, Room, check_doors, open_static

ASSET_SECONDS = 300  # names carry no hash, so a new version must be noticed soon; the ETag makes asking again cheap

MEGABYTE = 1024 * 1024


def build(house: House, rooms: Iterable[Room]) -> Flask:
    """One application for one house. Raises RuntimeError for a route without permission."""
    app = Building("dhr_app")
    app.config.update(_config(house))
    app.jinja_loader = ChoiceLoader(
        [
            PackageLoader("dhr_app"),
            PrefixLoader({name: PackageLoader(name) for name in ("govuk_frontend_jinja", "govuk_frontend_wtf")}),
        ]
    )
    WTFormsHelpers(app)
    request_log.install(app, house)
    uploads.install(app)
    plain_text.install(app)
    security.install(app, house)
    unasked.install(app)  # after security too, which finds the token of the form good
    nearest_page.install(app)  # after security, which finds out who is there
    sessions.install(app)
    errors.install(app, house)
    headers.install(app, house)
    navigation.install(app)
    filters.install(app)
    error_summary.install(app)  # after WTFormsHelpers, whose summary it replaces
    for room in rooms:
        app.register_blueprint(room)
    open_static(app)
    check_doors(app)
    _stand_behind(app, house)
    return app


def _config(house: House) -> dict[str, object]:
    return {
        "SECRET_KEY": house.settings.secret_key,
        "TESTING": house.settings.env == "testing",
        **sessions.cookie(house.settings),
        "WTF_CSRF_TIME_LIMIT": None,  # a form is good for as long as the sign-in: writing may take an hour
        "MAX_CONTENT_LENGTH": MEGABYTE,  # the only limit on a plain form; a page that takes files raises it for itself
        "MAX_FORM_MEMORY_SIZE": MEGABYTE,
        "MAX_FORM_PARTS": 1000,
    }


def _stand_behind(app: Flask, house: House) -> None:
    """Serve what is static before anything else, and believe exactly as many proxies as stand in front."""
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=app.static_folder,
        prefix="static/",
        max_age=ASSET_SECONDS,
        autorefresh=not house.settings.production,
        allow_all_origins=False,
        add_headers_function=headers.on_static,
    )
    if proxies := house.settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=0)  # type: ignore[method-assign]
