"""The mail server: one connection for several messages, and what it said of each that it did not take."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from dhr_app.adapters.letter import Letter

SCHEMES = ("smtp", "smtps")
PORTS = {"smtp": 587, "smtps": 465}
SECONDS = 20  # for each answer of the server
LONGEST_ANSWER = 500
NOT_IN_ASCII = "The mail server takes no address with letters such as é: give one without."


class MailRefused(Exception):
    """A server did not take a message; `said` is its own words. `for_good` where trying again is of no use."""

    def __init__(self, said: str, *, for_good: bool) -> None:
        super().__init__("The mail server did not take a message.")
        self.said = said
        self.for_good = for_good


class ServerGone(MailRefused):
    """The server cannot be reached, or lets us send nothing at all: every message waits."""

    def __init__(self, said: str) -> None:
        super().__init__(said, for_good=False)


class Postbox:
    """An open connection to a mail server."""

    def __init__(self, server: smtplib.SMTP, sender: str) -> None:
        self._server = server
        self._sender = sender

    def send(self, letter: Letter) -> None:
        """Hand a message over. What becomes of it nobody can ask. Raises MailRefused for it alone, or ServerGone."""
        try:
            self._server.send_message(_composed(letter, self._sender))
        except smtplib.SMTPRecipientsRefused as refused:
            code, said = next(iter(refused.recipients.values()))
            raise MailRefused(_words(code, said), for_good=code >= 500) from None
        except smtplib.SMTPDataError as refused:
            raise MailRefused(
                _words(refused.smtp_code, refused.smtp_error), for_good=refused.smtp_code >= 500
            ) from None
        except smtplib.SMTPNotSupportedError:
            raise MailRefused(NOT_IN_ASCII, for_good=True) from None
        except (OSError, smtplib.SMTPException) as trouble:
            raise ServerGone(_trouble(trouble)) from None


@contextmanager
def postbox(mail_url: str, sender: str) -> Iterator[Postbox]:
    """A connection, closed at the end: encrypted where the server offers it, always for smtps. Raises ServerGone."""
    try:
        server = _connect(mail_url)
    except (OSError, smtplib.SMTPException) as trouble:
        raise ServerGone(_trouble(trouble)) from None
    try:
        yield Postbox(server, sender)
    finally:
        _leave(server)


def _connect(mail_url: str) -> smtplib.SMTP:
    parts = urlsplit(mail_url)
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    context = ssl.create_default_context()
    server: smtplib.SMTP
    if parts.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=context)
    else:
        server = smtplib.SMTP(host, port, timeout=SECONDS)
    try:
        server.ehlo()
        encrypted = parts.scheme == "smtps"
        if not encrypted and server.has_extn("starttls"):
            server.starttls(context=context)
            server.ehlo()
            encrypted = True
        if parts.username and not encrypted:
            raise ServerGone("The server offers no encryption, so our name and password were not sent to it.")
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
    except BaseException:
        server.close()
        raise
    return server


def _leave(server: smtplib.SMTP) -> None:
    try:
        server.quit()
    except (OSError, smtplib.SMTPException):
        server.close()


def _composed(letter: Letter, sender: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = letter.to
    message["Subject"] = letter.marked_subject
    message["Date"] = format_datetime(letter.written_at)
    message["Message-ID"] = letter.message_id
    message["Auto-Submitted"] = "auto-generated"  # so that no out-of-office note answers it
    message["Sensitivity"] = "Company-Confidential"
    message.set_content(letter.text)
    message.add_alternative(letter.page, subtype="html")
    return message


def _words(code: int, said: bytes | str) -> str:
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    return f"{code} {' '.join(text.split())}"[:LONGEST_ANSWER]


def _trouble(trouble: Exception) -> str:
    """What went wrong with the connection, without the address or the password that we came with."""
    match trouble:
        case smtplib.SMTPAuthenticationError():
            return f"{trouble.smtp_code} The server does not accept our name and password."
        case smtplib.SMTPResponseException():
            return _words(trouble.smtp_code, trouble.smtp_error)
        case TimeoutError():
            return f"The mail server did not answer within {SECONDS} seconds."
        case ssl.SSLError():
            return "The mail server’s certificate or encryption is not accepted."
        case ConnectionRefusedError():
            return "Nothing answers where the mail server should be."
        case _:
            return f"The connection to the mail server failed ({type(trouble).__name__})."
