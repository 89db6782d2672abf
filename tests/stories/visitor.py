"""A visitor uses the site over HTTP as a browser without JavaScript does: opens pages and fills forms in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient

Values = Mapping[str, Any]  # a text, a list of texts, or a list of files as (stream, name)


@dataclass
class Visitor:
    """Somebody at a browser; `page` is what they look at, `status` what the server said."""

    client: FlaskClient
    status: int = 0
    path: str = ""
    page: BeautifulSoup = field(default_factory=lambda: BeautifulSoup("", "html.parser"))

    def open(self, path: str) -> Visitor:
        """Go to an address, wherever it leads on to."""
        answer = self.client.get(path, follow_redirects=True)
        return self.see(answer.status_code, answer.request.path, answer.text)

    def send(self, values: Values | None = None, *, to: str | None = None, button: str | None = None) -> Visitor:
        """Fill in the page’s form, everything else left as the page has it, and send it.

        Without `to` or `button` it is the form in the page’s main part; `button` finds the form by its button’s words.
        """
        form = self._form(to, button)
        filled = _as_it_stands(form)
        for name, value in (values or {}).items():
            assert name in filled or form.select_one(f'[name="{name}"]') is not None, (
                f"{self.path} has no field “{name}”"
            )
            filled[name] = [value] if isinstance(value, str) else list(value)
        pressed = form.find("button", string=lambda text: button is not None and text is not None and button in text)
        if isinstance(pressed, Tag) and pressed.get("name"):
            filled[str(pressed["name"])] = [str(pressed.get("value", ""))]
        self.about_to_send(form, filled)
        target = str(form.get("action") or self.path)
        answer = self.client.post(target, data=filled, follow_redirects=True)
        return self.see(answer.status_code, answer.request.path, answer.text)

    def about_to_send(self, form: Tag, filled: dict[str, list[str]]) -> None:
        """What else somebody types before they send the form: nothing."""

    @property
    def text(self) -> str:
        """The words of the page’s main part."""
        main = self.page.find("main") or self.page
        return " ".join(main.get_text(" ").split())

    def errors(self) -> list[str]:
        """The sentences of the page’s error summary."""
        return [item.get_text(strip=True) for item in self.page.select(".govuk-error-summary__list li")]

    def was_taken(self) -> None:
        """What was sent was good: the page that follows came, without an error on it."""
        assert (self.status, self.errors()) == (200, []), (self.path, self.errors() or self.text[:400])

    def links(self, part: str, *, words: str = "") -> list[str]:
        """Where the links of the main part lead whose address holds this and that begin so, each once, in order."""
        found = [link for link in self.page.select(f"main a[href*='{part}']") if link.get_text().startswith(words)]
        return list(dict.fromkeys(str(link["href"]) for link in found))

    def option(self, name: str, words: str = "") -> str:
        """The value of the first line of a list that holds these words, the empty line left aside."""
        for option in self.page.select(f"select[name='{name}'] option[value]:not([value=''])"):
            if words in option.get_text():
                return str(option["value"])
        raise AssertionError(f"{self.path} offers no “{words}” in “{name}”: {self.text[:300]}")

    def boxes(self, name: str) -> list[str]:
        """The words beside each tick box of this name, in the page’s order."""
        boxes = self.page.select(f"input[name='{name}']")
        beside = [self.page.select_one(f"label[for='{box['id']}']") for box in boxes]
        return [said.get_text(strip=True) for said in beside if said is not None]

    def box(self, name: str, label: str) -> str:
        """The value of the tick box that stands before these words."""
        for box in self.page.select(f"input[name='{name}']"):
            said = self.page.select_one(f"label[for='{box['id']}']")
            if said is not None and said.get_text(strip=True) == label:
                return str(box["value"])
        raise AssertionError(f"{self.path} offers no “{label}”")

    def value(self, name: str) -> str:
        """What a field of the page holds."""
        return " ".join(_as_it_stands(self._form(None, None)).get(name, []))

    def see(self, status: int, path: str, text: str) -> Visitor:
        """Look at what the server answered."""
        self.status, self.path, self.page = status, path, BeautifulSoup(text, "html.parser")
        return self

    def _form(self, to: str | None, button: str | None) -> Tag:
        forms = list(self.page.select("main form"))
        if to is not None:
            forms = [form for form in forms if str(form.get("action") or self.path) == to]
        if button is not None:
            forms = [form for form in forms if any(button in each.get_text() for each in form.find_all("button"))]
        posts = [form for form in forms if str(form.get("method", "")).lower() == "post"]
        assert posts, f"{self.path} ({self.status}) has no such form: {self.text[:300]}"
        return posts[0]


def _as_it_stands(form: Tag) -> dict[str, list[str]]:
    """Every field of a form with what it holds now."""
    values: dict[str, list[str]] = {}
    for item in form.find_all(["input", "textarea", "select"]):
        name, kind = str(item.get("name") or ""), str(item.get("type") or "")
        if not name or kind in ("submit", "button"):
            continue
        if item.name == "select":
            chosen = item.find_all("option", selected=True) or item.find_all("option")[:1]
            values.setdefault(name, []).extend(str(option.get("value", option.get_text())) for option in chosen)
        elif kind in ("checkbox", "radio"):
            if item.has_attr("checked"):
                values.setdefault(name, []).append(str(item.get("value", "on")))
        else:
            text = item.get_text() if item.name == "textarea" else str(item.get("value") or "")
            values.setdefault(name, []).append(text)
    return values
