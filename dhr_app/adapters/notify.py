"""GOV.UK Notify: mail is handed to its API, and what became of each message is asked of it later.

Its template holds nothing but ((subject)) and ((body)): what is said is decided here. Each message bears our number as
its reference, by which one that may have got out before is found again: Notify itself would send it twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from notifications_python_client.errors import APIError, HTTPError
from notifications_python_client.notifications import NotificationsAPIClient

from dhr_app.adapters.letter import Letter
from dhr_app.adapters.mail import LONGEST_ANSWER, SECONDS, MailRefused, ServerGone

SCHEME = "notify"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
LEAST_KEY = 73  # a service’s number, a stroke, and the secret; its name may stand before them
DELIVERED = "delivered"
# What a message ends as that did not arrive, by Notify’s word for it.
FAILED = {
    "permanent-failure": "the address does not exist, or takes no mail from us",
    "temporary-failure": "its mailbox took nothing for three days",
    "technical-failure": "something went wrong between Notify and the mail server",
}
UNKNOWN_KEY = "The key to GOV.UK Notify cannot be read: look at the setting notify_key."
ODD = "GOV.UK Notify answered in a way that is not understood."
# Of what Notify refuses with 400, whatever it says these words of is ours to mend, and no fault of the message.
OUR_TEMPLATE = ("template", "personalisation")
OUR_SERVICE = ("trial mode", "team-only")
BAD_REQUEST = 400
NO_SUCH = "NoResultFound"


@dataclass(frozen=True)
class Fate:
    """What became of a message: Notify’s word for it, and since when; `forgotten` where it knows it no more."""

    status: str
    since: datetime | None = None
    forgotten: bool = False


class Counter:
    """Where mail is handed to Notify, and asked after."""

    def __init__(self, client: NotificationsAPIClient, template: str) -> None:
        self._client = client
        self._template = template

    def send(self, letter: Letter) -> UUID:
        """Hand a message over, unless Notify has it from an earlier try: its number there.

        Raises MailRefused for this message alone, or ServerGone.
        """
        had = self._had(letter) if letter.again else None
        if had is not None:
            return had
        answer = _asked(
            lambda: self._client.send_email_notification(
                letter.to,
                self._template,
                personalisation={"subject": letter.marked_subject, "body": letter.text},
                reference=letter.reference,
            )
        )
        return _number(answer)

    def fate_of(self, number: UUID) -> Fate:
        """What became of a message, as far as Notify knows. Raises ServerGone."""
        try:
            answer = _asked(lambda: self._client.get_notification_by_id(str(number)))
        except MailRefused as refused:
            if NO_SUCH in refused.said:
                return Fate("", forgotten=True)
            raise ServerGone(refused.said) from None
        return Fate(str(answer.get("status", "")), _moment(answer.get("completed_at")))

    def _had(self, letter: Letter) -> UUID | None:
        """The number of this message where it was handed over before and did not fail since."""
        answer = _asked(lambda: self._client.get_all_notifications(template_type="email", reference=letter.reference))
        before = answer.get("notifications", [])
        ours = [each for each in before if isinstance(each, dict) and each.get("reference") == letter.reference]
        return next((_number(each) for each in ours if each.get("status") not in FAILED), None)


@contextmanager
def counter(mail_url: str, key_file: str) -> Iterator[Counter]:
    """The counter at notify://host/template-id, closed at the end. Raises ServerGone where the key cannot be read."""
    host, template = parts_of(mail_url)
    plain = urlsplit(mail_url).hostname in LOOPBACK
    try:
        key = Path(key_file).read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        raise ServerGone(UNKNOWN_KEY) from None
    if len(key) < LEAST_KEY:
        raise ServerGone(UNKNOWN_KEY)
    client = NotificationsAPIClient(key, base_url=f"{'http' if plain else 'https'}://{host}", timeout=SECONDS)
    try:
        yield Counter(client, template)
    finally:
        client.request_session.close()


def parts_of(mail_url: str) -> tuple[str, str]:
    """The host, with its port where it has one, and the template’s number. Raises ValueError where it is none."""
    parts = urlsplit(mail_url)
    return parts.netloc, str(UUID(parts.path.strip("/")))


def _asked(question: Callable[[], Any]) -> dict[str, Any]:
    """The answer to a question. Raises MailRefused where the message is at fault, else ServerGone."""
    try:
        answer = question()
    except HTTPError as refused:
        raise _refusal(refused) from None
    except APIError:
        raise ServerGone(ODD) from None
    if not isinstance(answer, dict):
        raise ServerGone(ODD)
    return answer


def _refusal(refused: HTTPError) -> MailRefused:
    if refused.response is None:
        return ServerGone("GOV.UK Notify cannot be reached.")
    said = _words(refused)
    if refused.status_code != BAD_REQUEST or any(word in said.lower() for word in OUR_TEMPLATE):
        return ServerGone(said)
    return MailRefused(said, for_good=not any(word in said for word in OUR_SERVICE))


def _words(refused: HTTPError) -> str:
    """Its own words: `400 BadRequestError: …`."""
    said = refused.message
    errors = said if isinstance(said, list) else [said]
    words = [
        f"{each.get('error', '')}: {each.get('message', '')}" if isinstance(each, dict) else str(each)
        for each in errors
    ]  # fmt: skip
    return " ".join(f"{refused.status_code} {'; '.join(words)}".split())[:LONGEST_ANSWER]


def _number(answer: dict[str, Any]) -> UUID:
    try:
        return UUID(str(answer["id"]))
    except (KeyError, ValueError):
        raise ServerGone(ODD) from None


def _moment(said: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(said))
    except ValueError:
        return None
    return moment if moment.tzinfo else None
