"""What every answer tells the browser: run our own script only, keep nothing, tell nobody."""

from __future__ import annotations

from wsgiref.headers import Headers as StaticHeaders

from flask import Flask, Response, request

from dhr_app.casework.house import House

# The one inline script of the GOV.UK template, which says that scripts run; a test hashes the installed template’s.
TEMPLATE_SCRIPT_SHA256 = "GUQ5ad8JK5KmEWmROf3LZd9ge94daqNvd8xy9YS1iDw="

POLICY = {
    "default-src": "'none'",
    "script-src": f"'self' 'sha256-{TEMPLATE_SCRIPT_SHA256}'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "'none'",  # neither our script nor GOV.UK Frontend's ever writes HTML
}

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # over https the check of a form's token asks for the referrer of our own pages
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in POLICY.items()),
}

TWO_YEARS = 63_072_000

# What says for itself how long it may be kept: what is static, and a private calendar, which holds references alone.
MAY_BE_KEPT = ("static", "calendar.feed")


def install(app: Flask, house: House) -> None:
    """Put the headers on every answer; https is insisted on wherever the cookie needs it."""

    @app.after_request
    def protect(response: Response) -> Response:
        for name, value in EVERYWHERE.items():
            response.headers.setdefault(name, value)  # a file that goes out has a stricter policy of its own
        if house.settings.secure_cookies:
            response.headers["Strict-Transport-Security"] = f"max-age={TWO_YEARS}; includeSubDomains"
        if request.endpoint not in MAY_BE_KEPT or response.status_code >= 400:
            response.headers["Cache-Control"] = "no-store"
        return response


def on_static(headers: StaticHeaders, path: str, url: str) -> None:
    """The same headers on stylesheet, script and images, which WhiteNoise serves past the application."""
    for name, value in EVERYWHERE.items():
        headers[name] = value
