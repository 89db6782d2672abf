"""What every answer tells the browser."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from pathlib import Path

import govuk_frontend_jinja
import pytest

from dhr_app import create_app
from dhr_app.casework import account
from dhr_app.casework.account import WrongSignIn
from dhr_app.web.headers import TEMPLATE_SCRIPT_SHA256
from tests.factories import submit

STATIC = Path(__file__).parents[2] / "dhr_app/static"
PAGES = ("/sign-in", "/", "/nothing", "/health", "/alive")


def test_the_only_inline_script_is_the_installed_templates():
    template = Path(govuk_frontend_jinja.__file__).parent / "templates/template.html"
    script = re.search(r"<script.*?>(document.*?)</script>", template.read_text(encoding="utf-8"), re.DOTALL)
    assert script is not None
    digest = base64.b64encode(hashlib.sha256(script.group(1).encode()).digest()).decode()
    assert digest == TEMPLATE_SCRIPT_SHA256


def test_a_page_holds_that_script_byte_for_byte_and_no_other_inline(client):
    scripts = re.findall(r"<script(.*?)>(.*?)</script>", client.get("/sign-in").text, re.DOTALL)
    inline = [content for attributes, content in scripts if "src=" not in attributes]
    assert len(inline) == 1
    digest = base64.b64encode(hashlib.sha256(inline[0].encode()).digest()).decode()
    assert digest == TEMPLATE_SCRIPT_SHA256


def test_no_page_carries_a_style_or_an_event_handler_inline(client, sign_in):
    pages = [client.get("/sign-in").text, sign_in(client) and client.get("/nothing").text]
    for page in pages:
        assert not re.search(r"<[^>]+\s(style|on[a-z]+)=", page)
        assert "<style" not in page


def test_our_scripts_never_write_html_so_no_trusted_type_is_needed():
    for script in STATIC.rglob("*.js"):
        text = script.read_text(encoding="utf-8")
        for sink in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "createPolicy"):
            assert sink not in text, f"{script.name}: {sink}"


@pytest.mark.parametrize("path", [*PAGES, "/static/app.js", "/static/nothing.css"])
def test_every_answer_is_protected(client, path):
    headers = client.get(path, buffered=True).headers
    policy = dict(each.split(" ", 1) for each in headers["Content-Security-Policy"].split("; "))
    assert policy == {
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
        "trusted-types": "'none'",
    }
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in headers


@pytest.mark.parametrize("path", PAGES)
def test_no_page_is_kept_by_the_browser(client, path):
    assert client.get(path).headers["Cache-Control"] == "no-store"


def test_stylesheets_are_kept_for_a_little_while_and_asked_for_again_cheaply(client):
    first = client.get("/static/govuk/app.css", buffered=True)
    assert first.status_code == 200
    assert first.headers["Cache-Control"] == "max-age=300, public"
    assert "Set-Cookie" not in first.headers
    again = client.get("/static/govuk/app.css", buffered=True, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_https_is_insisted_on_where_the_cookie_needs_it(house, client, settings):
    assert "Strict-Transport-Security" not in client.get("/sign-in").headers
    secure = create_app(house=replace(house, settings=replace(settings, secure_cookies=True)))
    answer = secure.test_client().get("/sign-in", base_url="https://localhost")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=63072000")


@pytest.mark.parametrize(("proxies", "seen"), [(0, "127.0.0.1"), (1, "203.0.113.9"), (2, "198.51.100.1")])
def test_exactly_as_many_proxies_are_believed_as_stand_in_front(house, settings, proxies, seen, monkeypatch):
    addresses = []

    def note(email, password, *, address, at, browser):
        addresses.append(address)
        raise WrongSignIn

    monkeypatch.setattr(account, "sign_in", note)
    app = create_app(house=replace(house, settings=replace(settings, trusted_proxies=proxies)))
    forwarded = {"X-Forwarded-For": "192.0.2.1, 198.51.100.1, 203.0.113.9", "X-Forwarded-Host": "evil.example"}
    submit(app.test_client(), "/sign-in", {"email": "a@b.example", "password": "x"}, headers=forwarded)
    assert addresses == [seen]
