"""For which site passkeys are made: a browser gives one to this site only, and says to us which site it was on."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from dhr_app.settings import Settings

NAME = "Domestic Homicide Reviews"
LOCAL = "localhost"
USUAL_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True)
class RelyingParty:
    """The site as WebAuthn names it: `id` is its host, `origin` what stands before the path of its addresses."""

    id: str
    origin: str


def relying_party(settings: Settings) -> RelyingParty | None:
    """The site of `site_url`; None where browsers make no passkey for it: at a number, or over an open line.

    Their own machine, by the name localhost, browsers count as safe.
    """
    parts = urlsplit(settings.site_url)
    host, scheme = parts.hostname or "", parts.scheme
    if _is_number(host) or (scheme != "https" and host != LOCAL):
        return None
    port = "" if parts.port in (None, USUAL_PORTS[scheme]) else f":{parts.port}"
    return RelyingParty(host, f"{scheme}://{host}{port}")


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
