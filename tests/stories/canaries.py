"""Canaries: invented words, no two alike, typed into every box, and looked for wherever they could be read."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from bs4 import Tag
from sqlalchemy import Engine, String, inspect, select, table, text
from sqlalchemy.orm import Mapper
from sqlalchemy.types import JSON

from dhr_app.casework.house import House
from dhr_app.casework.purposes import AUDIT_PROOF
from dhr_app.database.base import Base
from dhr_app.database.keyring import announce
from dhr_app.database.sealed import Sealed, sealed_on
from dhr_app.workflows.permissions import DataClass
from tests.stories.visitor import Values, Visitor

CANARY = re.compile(r"qanary[a-z]{6}")
_NUMBERS = count()


def canary() -> str:
    """A word that nothing else holds, of letters alone."""
    number, letters = next(_NUMBERS), ""
    for _ in range(6):
        number, letter = divmod(number, 26)
        letters = chr(ord("a") + letter) + letters
    return f"qanary{letters}"


@dataclass
class CanaryVisitor(Visitor):
    """Somebody who adds a canary to every box in which one can write.

    Where the site does not take that, it says so and keeps nothing: then the form is sent again without canaries in the
    boxes it named, then with them in boxes that were filled in anyway, then with none.
    """

    seen_in_passing: list[str] = field(default_factory=list)
    without: set[str] = field(default_factory=set)
    empty_ones_too: bool = True

    def send(self, values: Values | None = None, *, to: str | None = None, button: str | None = None) -> Visitor:
        """Send the form, with canaries wherever they are taken."""
        page, path = self.page, self.path
        boxes = {str(box.get("name")) for box in page.select("input, textarea")}
        self.without, self.empty_ones_too = set(), True
        while True:
            self.page, self.path = page, path
            super().send(values, to=to, button=button)
            named = {str(link["href"])[1:] for link in self.page.select(".govuk-error-summary__list a[href^='#']")}
            if self.status != 422 or self.without >= boxes:
                return self
            if named - self.without and named <= boxes:
                self.without |= named
            elif self.empty_ones_too:
                self.empty_ones_too = False
            else:
                self.without = boxes

    def see(self, status: int, path: str, text: str) -> Visitor:
        """Addresses and titles are kept by every browser and read over every shoulder."""
        super().see(status, path, text)
        self.seen_in_passing += [path, str(self.page.title)]
        return self

    def about_to_send(self, form: Tag, filled: dict[str, list[str]]) -> None:
        """Add a canary to each box that takes words."""
        for box in form.find_all(["input", "textarea"]):
            name = str(box.get("name") or "")
            wanted = name in filled and name not in self.without and _takes_words(box)
            if wanted and (self.empty_ones_too or filled[name][0]):
                filled[name] = [f"{filled[name][0]} {canary()}".strip()]


def _takes_words(box: Tag) -> bool:
    if box.name == "textarea":
        return True
    kind, completed = str(box.get("type") or "text"), str(box.get("autocomplete") or "")
    return kind == "text" and box.get("inputmode") is None and completed not in ("username", "current-password")


@dataclass(frozen=True)
class Found:
    """The canaries of an installation, by the sealed attribute and by the clear column that holds them.

    `opened` has every value of each sealed attribute, as text.
    """

    sealed: dict[str, set[str]]
    clear: dict[str, set[str]]
    opened: dict[str, set[str]]

    @property
    def secret(self) -> set[str]:
        """Those that must be readable nowhere: sealed, and not also typed into something that is clear."""
        return set().union(*self.sealed.values()) - set().union(*self.clear.values(), set())


def sealed_attributes() -> Iterator[tuple[Mapper[Any], Sealed[Any]]]:
    """Everything that is sealed, in a stable order."""
    for mapper in sorted(Base.registry.mappers, key=lambda mapper: mapper.class_.__name__):
        for attribute in sealed_on(mapper.class_).values():
            yield mapper, attribute


def found_in_the_tables(house: House) -> Found:
    """Open everything that is sealed, as the proof of the trail may, and read everything that is clear."""
    sealed: dict[str, set[str]] = defaultdict(set)
    clear: dict[str, set[str]] = defaultdict(set)
    opened: dict[str, set[str]] = defaultdict(set)
    at = house.clock.now()
    with house.with_keys(AUDIT_PROOF, at=at), house.reading() as session:
        for mapper, attribute in sealed_attributes():
            for row in session.scalars(select(mapper.class_).order_by(*mapper.primary_key)):
                if attribute.data_class == DataClass.SYSTEM:
                    continue
                announce(_review(mapper, row), [attribute.data_class], at=at)
                value = str(getattr(row, attribute.name) or "")
                opened[attribute.logical] |= {value} - {""}
                sealed[attribute.logical] |= set(CANARY.findall(value))
        for each in Base.metadata.sorted_tables:
            for column in each.columns:
                if column.info.get("class") == "clear" and isinstance(column.type, String | JSON):
                    for (value,) in session.execute(select(column)):
                        clear[f"{each.name}.{column.name}"] |= set(CANARY.findall(str(value)))
    return Found(dict(sealed), {name: words for name, words in clear.items() if words}, dict(opened))


def _review(mapper: Mapper[Any], row: Any) -> Any:
    return row.id if mapper.local_table.name == "review" else row.review_id  # type: ignore[attr-defined]


def dump(engine: Engine) -> str:
    """Every value of every row of a database, as somebody who copies it has them."""
    told: list[str] = []
    with engine.connect() as connection:
        for name in inspect(connection).get_table_names():
            rows = connection.execute(select(text("*")).select_from(table(name)))
            told += (each.decode("latin-1") if isinstance(each, bytes) else str(each) for row in rows for each in row)
    return "\n".join(told)


def readable(words: Iterable[str], folder: Path, **texts: str) -> Iterator[str]:
    """Each place where one of the words can be read: a file under the folder, or one of the texts, by its name."""
    files = {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
    for place, content in {**files, **{name: words_there.encode() for name, words_there in texts.items()}}.items():
        lowered = content.lower()
        yield from (f"{word} in {place}" for word in sorted(words) if word.lower().encode() in lowered)
