"""Tickets are signed, name nobody, and are good for one seat as long as it is held."""

import asyncio
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from bot import tickets
from bot.settings import BadSetting, load
from storage import Database, options
from storage.rsvps import Rsvp
from tests.conftest import NOON

SECRET = b"a secret of thirty-two characters"
SEAT = Rsvp(id=4711, event_id=3, person_id=9, state="going", companions=2, asked_at=NOON, seated_at=NOON)


def test_a_code_fits_a_deep_link_and_a_strangers_buttons() -> None:
    code = tickets.code(replace(SEAT, id=36**6 - 1), SECRET)
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,32}", code)


def test_a_code_is_good_for_its_own_seat_alone() -> None:
    code = tickets.code(SEAT, SECRET)
    assert tickets.rsvp_id(code) == SEAT.id
    assert tickets.is_genuine(code, SEAT, SECRET)
    assert tickets.is_genuine(code, replace(SEAT, companions=0), SECRET)
    for other in (
        replace(SEAT, person_id=10),
        replace(SEAT, event_id=4),
        replace(SEAT, id=4712),
        replace(SEAT, seated_at=NOON + timedelta(seconds=1)),
        replace(SEAT, state="left", seated_at=None),
    ):
        assert not tickets.is_genuine(code, other, SECRET)


def test_a_code_signed_with_another_secret_is_refused() -> None:
    assert not tickets.is_genuine(tickets.code(SEAT, b"another"), SEAT, SECRET)


def test_every_changed_character_spoils_a_code() -> None:
    code = tickets.code(SEAT, SECRET)
    for position in range(2, len(code)):
        forged = code[:position] + ("A" if code[position] != "A" else "B") + code[position + 1 :]
        assert not tickets.is_genuine(forged, SEAT, SECRET)


@pytest.mark.parametrize(
    "text",
    ["", "t_", "t_1_", "t_1_short", "event_3", "t_zzzzzzzzzzzzz_aaaaaaaaaaaaaaaa", "t_-1_aaaaaaaaaaaaaaaa"],
)
def test_what_is_no_code_is_of_nobody(text: str) -> None:
    assert tickets.rsvp_id(text) is None


def test_only_a_seat_has_a_ticket() -> None:
    with pytest.raises(ValueError, match="only a seat"):
        tickets.code(replace(SEAT, state="waiting", seated_at=None), SECRET)


def test_only_our_own_bots_codes_are_found_each_once() -> None:
    link, code = tickets.link(SEAT, SECRET, "Amity_bot"), tickets.code(SEAT, SECRET)
    texts = [
        "https://example.com/?start=" + code,
        f"https://t.me/other_bot?start={code}",
        "https://t.me/amity_bot?start=event_3",
        "WIFI:S:hall;;",
        "http://[broken",
        link,
        link,
    ]
    assert tickets.codes_in(texts, "amity_bot") == [code]


async def test_the_secret_is_made_up_once_whoever_asks_first(database: Database) -> None:
    async def ask() -> str:
        async with database.write() as tx:
            return await tickets.keep_secret(tx)

    made = await asyncio.gather(*(ask() for _ in range(5)))
    assert len(set(made)) == 1
    assert len(made[0]) >= 32
    async with database.read() as tx:
        assert await options.find(tx, tickets.OPTION) == made[0]


@pytest.mark.parametrize("secret", ["short", "x" * 15])
def test_a_secret_that_could_be_guessed_is_refused(secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMITY_SECRET", secret)
    with pytest.raises(BadSetting, match="AMITY_SECRET is wrong: it must have 16 characters") as refused:
        load(None)
    assert secret not in str(refused.value)


def test_an_empty_secret_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMITY_SECRET", "")
    assert load(None).secret is None
