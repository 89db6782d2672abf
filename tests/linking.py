"""One-action links for tests: sent by the coordinator, read in the mail as a mail server took it, and followed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dhr_app.casework import link_door, outbox
from dhr_app.casework.action_link import LinkEntry, send_link
from dhr_app.casework.agreement import AgreementEntry, add_agreement
from dhr_app.casework.house import House
from dhr_app.database.models import ActionLink
from tests.factories import submit
from tests.mailserver import MailServer, text_of
from tests.reviews import Case

ADDRESS = "plans@police.barsetshire.example"


@dataclass
class Post:
    """A mail server that takes what the house sends, and the newest mail to somebody."""

    house: House
    server: MailServer
    read: int = field(default=0)

    def brings(self, *, at: datetime) -> list[str]:
        """What came since it was asked last: each mail’s subject and words."""
        settings = replace(self.house.settings, mail_url=self.server.url, mail_from="dhr@barsetshire.example")
        for _ in range(5):  # a run ends at twenty messages that are all too old to go, as those of the demo are
            outbox.deliver(replace(self.house, settings=settings), at=at)
        new, self.read = self.server.taken[self.read :], len(self.server.taken)
        return [f"To: {each['To']}\n{each['Subject']}\n{text_of(each)}" for each in new]

    def link(self, *, at: datetime) -> str:
        """The path of the link in the newest mail that has one."""
        return re.findall(r"(/link/[\w-]{43})\s", "\n".join(self.brings(at=at)))[-1]

    def code(self, *, at: datetime) -> str:
        """The code in the newest mail that has one."""
        return re.findall(r"^(\d{6})\s*$", "\n".join(self.brings(at=at)), re.MULTILINE)[-1]


def agreed(case: Case, agency: str = "Police") -> None:
    """An agreement with the agency is in force."""
    entry = AgreementEntry("information_sharing", case.county.agency(agency), signed_on=case.today)
    add_agreement(entry, by=case.county.coordinator, at=case.at)


def sent(case: Case, action_id: UUID, email: str = ADDRESS, *, sure: bool = True) -> UUID:
    """The coordinator sends a link to an action."""
    entry = LinkEntry(email, sure)
    return send_link(case.reference, action_id, entry, by=case.county.coordinator, at=case.wait(minutes=1))


def kept(house: House, link_id: UUID | None = None) -> ActionLink:
    """What is kept of a link; of the only one where none is named."""
    with house.reading() as session:
        return session.get_one(ActionLink, link_id) if link_id else session.scalars(select(ActionLink)).one()


def visiting(post: Post, token: str, *, at: datetime) -> str:
    """Have a code sent and enter it; the token of the visit."""
    browser = link_door.ask_code(token, address="192.0.2.7", at=at)
    return link_door.enter_code(token, browser, post.code(at=at), address="192.0.2.7", at=at)


def at_the_action(app: Flask, post: Post, link: str, *, at: datetime, guest: FlaskClient | None = None) -> FlaskClient:
    """A browser that followed the link and entered its code; a new one unless it is said."""
    guest = guest or app.test_client()
    assert submit(guest, link, {}).location == f"{link}/code"
    assert submit(guest, f"{link}/code", {"code": post.code(at=at)}).location == "/answer"
    return guest
