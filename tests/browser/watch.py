"""What a browser complains of while a test looks at pages: its console is to be silent, and no request to fail."""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page, Request, Response

# What the browser gave up itself: an icon, mostly, because it went on to the next page; or, on the way back, the answer
# to a form, which it was not to keep.
GIVEN_UP = ("net::ERR_ABORTED", "net::ERR_CACHE_MISS")

# Chromium's own remark on any page that was answered with an error, ours included.
PAGE_REFUSED = "Failed to load resource"

# Chromium’s own remark on a sign-out, which tells it to keep nothing.
CLEARED = "Clear-Site-Data header on"


@dataclass
class Watch:
    """`complaints` are sentences. A page answered with 4xx is none; a script or picture answered so is one."""

    complaints: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        """Watch every page of a context, those opened later too."""
        context.on("page", self._page)
        context.on("response", self._response)
        context.on("requestfailed", self._failed)

    def _page(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", self._error)

    def _console(self, message: ConsoleMessage) -> None:
        if not message.text.startswith((PAGE_REFUSED, CLEARED)):  # what was refused is judged by its response
            self.complaints.append(f"{message.type} at {message.location.get('url')}: {message.text}")

    def _error(self, error: Error) -> None:
        self.complaints.append(f"script error: {error.message}")

    def _response(self, response: Response) -> None:
        asked = response.request
        if response.status >= 500 or (response.status >= 400 and not asked.is_navigation_request()):
            self.complaints.append(f"{response.status} for {asked.method} {response.url}")

    def _failed(self, request: Request) -> None:
        if request.failure not in GIVEN_UP:
            self.complaints.append(f"{request.method} {request.url} failed: {request.failure}")
