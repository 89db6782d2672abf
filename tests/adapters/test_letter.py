"""A message as text and as a page: the same words, the marking above and below, and nothing that is fetched."""

from __future__ import annotations

import re
from email import message_from_bytes, policy

import pytest
from bs4 import BeautifulSoup

from dhr_app.adapters.letter import Letter
from dhr_app.adapters.mail import postbox
from tests.factories import NOW
from tests.mailserver import mail_server, page_of, text_of

BODY = """\
3 June 2026: what to look at.


LATE (2)

DHR-2026-001 (Scoping)
Decision whether to review was due on 1 June 2026, 2 days late.
https://dhr.barsetshire.example/reviews/DHR-2026-001

BARSETSHIRE <b>Police</b> & sons: https://dhr.barsetshire.example/reviews/DHR-2026-002?a=1&b="2"


What needs you today:
https://dhr.barsetshire.example/today

Nobody reads answers to it.
"""
NOTE = "dhr-audit/barsetshire\n2\nVxK3=\nnumber 1\n\n— dhr-audit/barsetshire tZk1=\n"


def letter(body: str = BODY, *, marking: str = "OFFICIAL-SENSITIVE") -> Letter:
    return Letter("<1@barsetshire.example>", "a@barsetshire.example", "1 thing is late", body, NOW, marking)


def page(of: Letter) -> BeautifulSoup:
    return BeautifulSoup(of.page, "html.parser")


def words(text: str) -> list[str]:
    return re.sub(r"\s+", " ", text).split()


class TestThePage:
    def test_it_says_what_the_text_says_in_the_same_order(self) -> None:
        shown = page(letter()).body
        assert shown is not None
        said = words(shown.get_text(" "))
        assert said == words(f"OFFICIAL-SENSITIVE 1 thing is late {letter().text.removeprefix('OFFICIAL-SENSITIVE')}")

    def test_the_marking_stands_first_and_last_in_both(self) -> None:
        shown = page(letter()).select_one(".letter")
        assert shown is not None
        parts = shown.find_all(recursive=False)
        assert [parts[0].text, parts[-1].text] == ["OFFICIAL-SENSITIVE"] * 2
        lines = letter().text.splitlines()
        assert [lines[0], lines[-1]] == ["OFFICIAL-SENSITIVE"] * 2
        assert letter().marked_subject == "OFFICIAL-SENSITIVE: 1 thing is late"

    def test_without_a_marking_there_is_none(self) -> None:
        plain = letter(marking="")
        assert (plain.marked_subject, "OFFICIAL" in plain.page + plain.text) == ("1 thing is late", False)
        assert plain.text.startswith("3 June 2026")

    def test_headings_are_headings_and_a_reference_is_the_title_of_its_lines(self) -> None:
        shown = page(letter())
        assert [each.text for each in shown.select("h1, h2")] == ["1 thing is late", "LATE (2)"]
        assert [each.text for each in shown.select("strong")] == ["DHR-2026-001 (Scoping)"]

    def test_a_link_shows_where_it_leads(self) -> None:
        links = page(letter()).select("a")
        assert [link["href"] for link in links] == [link.text for link in links]
        assert [str(link["href"]).rpartition("example")[2] for link in links] == [
            "/reviews/DHR-2026-001", '/reviews/DHR-2026-002?a=1&b="2"', "/today",
        ]  # fmt: skip

    def test_what_looks_like_html_is_shown_as_it_was_written(self) -> None:
        assert page(letter()).select("b") == []
        assert "BARSETSHIRE <b>Police</b> & sons: https://" in page(letter()).text

    def test_nothing_in_it_is_fetched_and_nothing_runs(self) -> None:
        shown = page(letter())
        assert shown.select("img, script, link, iframe, object, form, meta[http-equiv]") == []
        assert [each.name for each in shown.find_all(src=True)] == []
        style = shown.style
        assert style is not None
        assert not re.search(r"url\(|@import|@font-face", style.text)

    def test_a_signed_note_stands_there_letter_by_letter(self) -> None:
        shown = page(letter(f"Keep this.\n\n{NOTE}\nYou get this once a day.\n"))
        (exact,) = shown.select("pre")
        assert exact.text == NOTE
        assert [each.get_text(strip=True) for each in shown.select("p:not(.marking)")] == [
            "Keep this.", "You get this once a day.",
        ]  # fmt: skip

    @pytest.mark.parametrize("body", ["", "\n\n", "x"])
    def test_a_message_that_says_next_to_nothing_is_still_one(self, body: str) -> None:
        assert page(letter(body)).select_one("h1") is not None


def test_a_mail_has_both_parts_and_a_reader_that_shows_pages_shows_the_page() -> None:
    with mail_server() as server:
        with postbox(server.url, "dhr@barsetshire.example") as box:
            box.send(letter())
        (mail,) = server.taken
    assert [part.get_content_type() for part in mail.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert text_of(mail).replace("\r\n", "\n") == letter().text
    assert page_of(mail).replace("\r\n", "\n") == letter().page + "\n" * (not letter().page.endswith("\n"))
    again = message_from_bytes(mail.as_bytes(), policy=policy.default)
    assert again["Subject"] == "OFFICIAL-SENSITIVE: 1 thing is late"
