"""Tickets: what a seated person shows at the door, signed so that nobody can make one up."""

import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from typing import Final
from urllib.parse import parse_qs, urlsplit

from storage import Transaction, options
from storage.rsvps import Rsvp

OPTION: Final = "ticket_secret"
# 96 bits: sixteen characters, so that a stranger's first buttons can carry a ticket along.
_MAC_BYTES: Final = 12
_CODE: Final = re.compile(r"t_([0-9a-z]{1,13})_([A-Za-z0-9_-]{16})")
_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
_LARGEST: Final = 2**63
# Nobody holds more tickets than this into one picture.
MOST_IN_A_PICTURE: Final = 10


async def keep_secret(tx: Transaction) -> str:
    """The secret of a bot whose operator has set none: made up once, by whoever asks first."""
    return await options.remember_first(tx, OPTION, secrets.token_urlsafe(32))


def code(rsvp: Rsvp, secret: bytes) -> str:
    """The ticket's code: a deep link's payload of at most 32 characters.

    It is signed over the person, the event and when the seat was taken: a seat given up and taken again
    has another code, and the old one is none any more. Only a seat has one; anything else raises.
    """
    if rsvp.seated_at is None:
        raise ValueError("only a seat has a ticket")
    return f"t_{_base36(rsvp.id)}_{_sign(rsvp, secret)}"


def link(rsvp: Rsvp, secret: bytes, username: str) -> str:
    """The address in the ticket's QR code: opened by any camera, it leads to the bot."""
    return f"https://t.me/{username}?start={code(rsvp, secret)}"


def rsvp_id(text: str) -> int | None:
    """Which sign-up a code says it is of, genuine or not; None for what is no code."""
    match = _CODE.fullmatch(text)
    number = int(match[1], 36) if match else _LARGEST
    return number if number < _LARGEST else None


def is_genuine(text: str, rsvp: Rsvp, secret: bytes) -> bool:
    """Whether this is the code of that seat as it is held now."""
    match = _CODE.fullmatch(text)
    if match is None or rsvp.seated_at is None or rsvp.id != rsvp_id(text):
        return False
    return hmac.compare_digest(match[2], _sign(rsvp, secret))


def codes_in(texts: Iterable[str], username: str) -> list[str]:
    """The codes that QR codes' texts hold, each once; other bots' and what is no ticket are left out."""
    found = (_payload(text, username) for text in texts)
    return list(dict.fromkeys(one for one in found if one))[:MOST_IN_A_PICTURE]


def _payload(text: str, username: str) -> str | None:
    try:
        parts = urlsplit(text.strip())
    except ValueError:
        return None
    ours = parts.hostname in ("t.me", "telegram.me") and parts.path.strip("/").lower() == username.lower()
    payload = parse_qs(parts.query).get("start", [""])[0] if ours else ""
    return payload if _CODE.fullmatch(payload) else None


def _sign(rsvp: Rsvp, secret: bytes) -> str:
    seated = int(rsvp.seated_at.timestamp()) if rsvp.seated_at else 0
    signed = f"ticket:{rsvp.id}:{rsvp.event_id}:{rsvp.person_id}:{seated}"
    digest = hmac.digest(secret, signed.encode(), "sha256")
    return urlsafe_b64encode(digest[:_MAC_BYTES]).decode()


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
    return digits or "0"
