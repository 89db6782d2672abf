"""A real mail server on this machine for the tests: it keeps what it takes, and refuses whom it is told to refuse."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class MailServer:
    """What the server took, and what it says to whom instead: `refuses` by address, `refuses_mail` by subject."""

    port: int
    taken: list[EmailMessage] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)
    refuses_mail: str = ""
    refuses_sender: str = ""

    @property
    def url(self) -> str:
        """Where it stands, as settings say it."""
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def addressed(self) -> list[str]:
        """To whom the messages it took went, in the order they came."""
        return [str(message["To"]) for message in self.taken]

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a sender or refuse it."""
        envelope.mail_from = address
        return self.refuses_sender or "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient or refuse them."""
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take a message or refuse it."""
        if self.refuses_mail:
            return self.refuses_mail
        content = envelope.content
        assert isinstance(content, bytes)
        self.taken.append(message_from_bytes(content, policy=policy.default))
        return "250 OK"


@contextmanager
def mail_server(**options: Any) -> Iterator[MailServer]:
    """A server that runs until the block ends, on a port that nobody uses."""
    server = MailServer(_free_port())
    controller = Controller(server, hostname="127.0.0.1", port=server.port, **options)
    controller.start()
    try:
        yield server
    finally:
        controller.stop(no_assert=True)


def text_of(message: EmailMessage) -> str:
    """Its plain text."""
    return _part(message, "plain")


def page_of(message: EmailMessage) -> str:
    """The same as HTML."""
    return _part(message, "html")


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port
