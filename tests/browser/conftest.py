"""The site as somebody at a browser finds it: Barsetshire's demo on a real server, seen through Debian's Chromium."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from jinja2 import BytecodeCache
from playwright.sync_api import Browser, expect
from werkzeug.serving import make_server

from dhr_app import create_app
from tests.browser.site import Site
from tests.browser.walker import DESKTOP, PHONE, Walker
from tests.browser.watch import Watch
from tests.demo import demo_house
from tests.factories import NOW
from tests.installations import Ground

SECONDS = 1_000  # Playwright counts milliseconds
PATIENCE = 15 * SECONDS  # a page of ours takes a tenth of one; a busy machine may take longer

NO_CHROMIUM = "There is no Chromium: install it (apt-get install chromium) or set DHR_CHROMIUM to its path."


@dataclass
class RunningClock:
    """A clock that starts on the tests' morning and runs on, so that what happens later is later."""

    began: float

    def now(self) -> datetime:
        return NOW + timedelta(seconds=monotonic() - self.began)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """How Chromium is started. Without one the suite is skipped, and where it is required it fails."""
    found = os.environ.get("DHR_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None or not Path(found).exists():
        (pytest.fail if os.environ.get("DHR_REQUIRE_BROWSER") == "1" else pytest.skip)(NO_CHROMIUM)
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    return {**browser_type_launch_args, "executable_path": found, "args": quiet}


@pytest.fixture(scope="session")
def site(
    browser: Browser, demo_ground: Ground, compiled_templates: BytecodeCache, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """The demo of the invented county, served to browsers by each process, once it is known that there is one."""
    house, told = demo_house(demo_ground, tmp_path_factory.mktemp("site"), RunningClock(monotonic()))
    app = create_app(house=house)
    app.jinja_env.bytecode_cache = compiled_templates
    server = make_server("127.0.0.1", 0, app, threaded=True)
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    yield Site(f"http://127.0.0.1:{server.port}", house, app, told)
    server.shutdown()
    serving.join()
    server.server_close()
    house.database.dispose()


@pytest.fixture
def arrive(site: Site, browser: Browser) -> Iterator[Callable[..., Walker]]:
    """Open a browser window of its own, for nobody yet; each is watched, and what it complained of fails the test.

    `arrive(phone=True)` is a telephone; `arrive(javascript=False)` runs no script.
    """
    watch = Watch()
    opened = []
    expect.set_options(timeout=PATIENCE)

    def window(*, phone: bool = False, javascript: bool = True) -> Walker:
        context = browser.new_context(
            base_url=site.url,
            viewport=PHONE if phone else DESKTOP,
            java_script_enabled=javascript,
            locale="en-GB",
            timezone_id="Europe/London",
        )
        context.set_default_timeout(PATIENCE)
        opened.append(context)
        watch.over(context)
        return Walker(context.new_page(), site)

    yield window
    for context in opened:
        context.close()
    assert not watch.complaints, "The browser complained:\n" + "\n".join(watch.complaints)
