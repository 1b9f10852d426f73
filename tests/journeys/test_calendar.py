"""A member's own calendar: its address, its file, and taking the address back."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import vobject

from bot import attendance
from bot.language import LOCALES, language
from storage import people
from tests.conftest import NOON, Amity, amity_running
from tests.making import agreed, published_event
from tests.messages import buttons, text_of
from tests.moves import forged, pressed
from tests.phone import Phone


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Amity]:
    """A bot whose web server can be reached."""
    async with amity_running(tmp_path, listen="127.0.0.1:0", public_url="https://amity.example") as started:
        yield started


async def place_of(amity: Amity, phone: Phone) -> int:
    event = await published_event(amity.database, now=NOON)
    async with amity.database.write() as tx:
        person = await people.find_by_telegram_id(tx, phone.id)
        assert person is not None
        await attendance.join(tx, event.id, person.id, now=NOON)
    return event.id


def address_in(text: str) -> str:
    return next(word for word in text.split() if word.startswith("https://"))


async def shown_after(amity: Amity, phone: Phone, data: str) -> str:
    """The address that the newest message shows once the button is pressed."""
    if data == "v1:calendarrenew":
        await pressed(amity, phone, data)
    else:
        await forged(amity, phone, data)
    return address_in(text_of(await phone.last()))


async def get(amity: Amity, address: str, **headers: str) -> tuple[int, str, dict[str, str]]:
    """What the bot's own server answers for an address as members are told it."""
    here = address.replace("https://amity.example", amity.service.web_address or "")
    async with aiohttp.ClientSession() as session, session.get(here, headers=headers) as response:
        return response.status, await response.text(), dict(response.headers)


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_calendar_program_reads_what_the_member_holds(served: Amity, locale: str) -> None:
    words = language(locale)
    ming = await agreed(served.telegram, "Ming", locale=locale)
    event_id = await place_of(served, ming)
    await forged(served, ming, "v1:calendar")
    await ming.press(words.gettext("Make my address"))
    shown = await ming.wait_for("https://amity.example/calendar/")
    address = address_in(text_of(shown))
    status, document, headers = await get(served, address)
    assert status == 200
    assert headers["Content-Type"].startswith("text/calendar")
    (entry,) = vobject.readOne(document).contents["vevent"]
    assert entry.summary.value == "Harbour Forum"
    assert entry.uid.value.startswith(f"event-{event_id}@")
    again, _, _ = await get(served, address, **{"If-None-Match": headers["Etag"]})
    assert again == 304


async def test_an_address_that_was_taken_back_shows_nothing(served: Amity) -> None:
    ming = await agreed(served.telegram, "Ming")
    await place_of(served, ming)
    first = await shown_after(served, ming, "v1:calendarnew")
    await forged(served, ming, "v1:calendarask")
    second = await shown_after(served, ming, "v1:calendarrenew")
    assert first != second
    assert (await get(served, first))[0] == 404
    assert (await get(served, second))[0] == 200
    await forged(served, ming, "v1:calendarstop")
    assert "Make my address" in buttons(await ming.last())
    assert (await get(served, second))[0] == 404


async def test_renewing_twice_by_a_double_tap_makes_one_new_address(served: Amity) -> None:
    ming = await agreed(served.telegram, "Ming")
    old = await shown_after(served, ming, "v1:calendarnew")
    token = old.rpartition("/")[2].removesuffix(".ics")
    new = await shown_after(served, ming, f"v1:calendarrenew:{token[:8]}")
    assert new != old
    assert await shown_after(served, ming, f"v1:calendarrenew:{token[:8]}") == new


@pytest.mark.parametrize("name", ["nobodys", "..%2f..%2fetc%2fpasswd", "%00", "x" * 4000, "會"])
async def test_a_made_up_address_shows_nothing(served: Amity, name: str) -> None:
    status, text, _ = await get(served, f"https://amity.example/calendar/{name}.ics")
    assert status == 404
    assert "Traceback" not in text


@pytest.mark.parametrize("locale", LOCALES)
async def test_without_a_web_server_everything_comes_as_a_file(amity: Amity, locale: str) -> None:
    words = language(locale)
    ming = await agreed(amity.telegram, "Ming", locale=locale)
    await place_of(amity, ming)
    await forged(amity, ming, "v1:calendar")
    shown = await ming.last()
    assert words.gettext("Make my address") not in buttons(shown)
    await ming.press(words.gettext("📄 All as a file"))
    sent = await ming.wait_for(
        words.gettext("Open this file to put your places and shifts into your calendar.")
    )
    assert sent["document"]["file_name"].endswith(".ics")
