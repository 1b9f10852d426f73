"""At the door: tickets shown and scanned, names typed, lists tapped, and what others learn of it: nothing."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bot import attendance, tickets, volunteering
from bot.language import LOCALES, language
from bot.papers import qr
from storage import checkins, shifts
from storage.checkins import Checkin
from storage.events import Event
from tests.conftest import NOON, OWNER, Amity, amity_running
from tests.making import agreed, published_event
from tests.messages import Message, buttons, text_of
from tests.moves import card, finished, forged, person_of, pressed
from tests.phone import Phone

START = NOON + timedelta(hours=2)


async def event_soon(amity: Amity, **values: object) -> Event:
    return await published_event(amity.database, now=NOON, **{"starts_at": START, **values})


async def seat(amity: Amity, phone: Phone, event: Event, *, companions: int = 0) -> None:
    person = await person_of(amity, phone)
    async with amity.database.write() as tx:
        await attendance.join(tx, event.id, person.id, companions=companions, now=amity.clock.now())


async def ticket_of(amity: Amity, phone: Phone, event: Event) -> Message:
    """The member's ticket, as the button on the event's card sends it."""
    await card(phone, event.id)
    await pressed(amity, phone, f"v1:ticket:{event.id}")
    return await phone.wait_for(lambda message: "photo" in message)


async def code_of(amity: Amity, phone: Phone, event: Event) -> str:
    (link,) = qr.read(await phone.download(await ticket_of(amity, phone, event)))
    return link.partition("start=")[2]


def photographed(ticket: bytes) -> bytes:
    """A screen as another phone's camera sees it: turned, smaller, in a JPEG of poor quality."""
    with Image.open(BytesIO(ticket)) as picture:
        turned = picture.convert("RGB").resize((420, 420)).rotate(17, expand=True, fillcolor="grey")
    scene = Image.new("RGB", (900, 1200), "grey")
    scene.paste(turned, (150, 300))
    content = BytesIO()
    scene.save(content, "JPEG", quality=60)
    return content.getvalue()


async def boss(amity: Amity, locale: str = "en") -> Phone:
    return await agreed(amity.telegram, "Boss", id=OWNER, locale=locale)


async def helper(amity: Amity, event: Event) -> Phone:
    """A volunteer with a shift at the event."""
    phone = await agreed(amity.telegram, "Helper")
    person = await person_of(amity, phone)
    async with amity.database.write() as tx:
        await volunteering.sign_up(tx, person.id, languages=["en"], skills="", free=[], now=NOON)
        shift_id = await shifts.add(
            tx, event.id, starts_at=START, ends_at=event.ends_at, places=2, roles={"en": "Door"}
        )
        await volunteering.take(tx, shift_id, person.id, now=NOON)
    return phone


async def opened(amity: Amity, phone: Phone, event: Event) -> Message:
    """The door's screen, as the button on the event's or the shift's card opens it."""
    await forged(amity, phone, f"v1:door:{event.id}")
    return await phone.last()


async def here(amity: Amity, event: Event) -> list[Checkin]:
    async with amity.database.read() as tx:
        return await checkins.list_here(tx, event.id)


async def said(amity: Amity, phone: Phone) -> str:
    """What the bot answers last to what has just been sent."""
    await phone.settled()
    await finished(amity)
    return text_of(await phone.last())


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_ticket_is_shown_photographed_and_counts_once(amity: Amity, locale: str) -> None:
    words = language(locale)
    event = await event_soon(amity, capacity=60, companions=2)
    crew, ming = await boss(amity, locale), await agreed(amity.telegram, "Ming", locale=locale)
    await seat(amity, ming, event, companions=2)
    ticket = await ticket_of(amity, ming, event)
    assert words.gettext("Show this code at the door.") in text_of(ticket)
    assert "Harbour Forum" in text_of(ticket)
    assert "Ming" in text_of(ticket)
    image = photographed(await ming.download(ticket))
    await crew.send_photo(image)
    first = await said(amity, crew)
    assert "Ming" in first
    assert "3" in first
    assert [(one.party, one.how) for one in await here(amity, event)] == [(3, "code")]
    shown = await crew.last()
    assert words.gettext("↩ Not here after all") in buttons(shown)
    await crew.send_photo(image)
    since = words.time((await here(amity, event))[0].at)
    assert since in await said(amity, crew)
    assert "Boss" in await said(amity, crew)
    assert len(await here(amity, event)) == 1


async def test_the_button_under_a_ticket_leads_on_below_it(amity: Amity) -> None:
    event = await event_soon(amity)
    ming = await agreed(amity.telegram, "Ming")
    await seat(amity, ming, event)
    ticket = await ticket_of(amity, ming, event)
    await pressed(amity, ming, "Open the event", ticket)
    assert "You have a place." in text_of(await ming.last())


async def test_a_ticket_sent_as_a_file_is_read_too(amity: Amity) -> None:
    event = await event_soon(amity)
    crew, ming = await helper(amity, event), await agreed(amity.telegram, "Ming")
    await seat(amity, ming, event)
    image = await ming.download(await ticket_of(amity, ming, event))
    await crew.send_document(image, "screenshot.png")
    assert "✅ Checked in: \u2068Ming\u2069" in await said(amity, crew)


async def test_the_phones_camera_opens_the_code_and_one_tap_lets_in(amity: Amity) -> None:
    event = await event_soon(amity)
    crew, ming = await helper(amity, event), await agreed(amity.telegram, "Ming")
    await seat(amity, ming, event)
    code = await code_of(amity, ming, event)
    await crew.write(f"/start {code}")
    assert "✅ Checked in: \u2068Ming\u2069" in await said(amity, crew)
    assert "Here: 1 of 1" in await said(amity, crew)


async def test_others_learn_nothing_from_a_ticket(amity: Amity) -> None:
    event = await event_soon(amity)
    ming, curious = await agreed(amity.telegram, "Ming"), await agreed(amity.telegram, "Curious")
    await seat(amity, ming, event)
    await seat(amity, curious, event)
    code = await code_of(amity, ming, event)
    polite = "🎟 This is a ticket. Please show it to the crew at the door."
    for payload in (code, code[:-1] + "_", "t_1_aaaaaaaaaaaaaaaa", "t_zzz"):
        await curious.write(f"/start {payload}")
        assert await said(amity, curious) == polite
    await curious.send_photo(photographed(await ming.download(await ticket_of(amity, ming, event))))
    assert (await said(amity, curious)).startswith("I can only read text here.")
    assert not await amity.telegram.calls("getFile")
    assert await here(amity, event) == []
    await ming.write(f"/start {code}")
    await ming.wait_for(lambda message: "photo" in message)


async def test_a_stranger_with_a_ticket_is_asked_to_agree_first_and_learns_nothing(amity: Amity) -> None:
    event = await event_soon(amity)
    ming = await agreed(amity.telegram, "Ming")
    await seat(amity, ming, event)
    code = await code_of(amity, ming, event)
    stranger = await amity.telegram.person("Stranger", language_code="en")
    await stranger.write(f"/start {code}")
    await stranger.wait_for("language")
    await stranger.press("v1:hello:en")
    await stranger.wait_for("/privacy")
    await stranger.press("v1:agree")
    await stranger.wait_for("This is a ticket. Please show it to the crew at the door.")


async def test_crew_are_told_why_a_ticket_is_refused(amity: Amity) -> None:
    event, tea = await event_soon(amity), await event_soon(amity, title="Tea")
    crew, ming = await helper(amity, event), await agreed(amity.telegram, "Ming")
    await seat(amity, ming, event)
    await seat(amity, ming, tea)
    code, other = await code_of(amity, ming, event), await code_of(amity, ming, tea)
    await crew.write(f"/start {other}")
    assert "This ticket is for another event: Tea" in await said(amity, crew)
    await crew.write(f"/start {code[:-1]}{'A' if code[-1] != 'A' else 'B'}")
    assert "This ticket is not valid" in await said(amity, crew)
    person = await person_of(amity, ming)
    async with amity.database.write() as tx:
        await attendance.leave(tx, event.id, person.id, now=amity.clock.now())
    await crew.write(f"/start {code}")
    assert "This place has been given up." in await said(amity, crew)
    assert "Ming" not in await said(amity, crew)
    amity.clock.move(60)
    await seat(amity, ming, event)
    await crew.write(f"/start {code}")
    assert "This ticket is not valid" in await said(amity, crew)
    await crew.write(f"/start {await code_of(amity, ming, event)}")
    assert "Checked in" in await said(amity, crew)


async def test_a_ticket_of_another_associations_bot_is_none_of_ours(amity: Amity, tmp_path: Path) -> None:
    event = await event_soon(amity)
    crew = await boss(amity)
    folder = tmp_path / "other"
    folder.mkdir()
    async with amity_running(folder, secret="x" * 32) as other:
        theirs = await event_soon(other)
        ming = await agreed(other.telegram, "Ming")
        await seat(other, ming, theirs)
        code = await code_of(other, ming, theirs)
    await crew.write(f"/start {code}")
    assert "This ticket is not valid" in await said(amity, crew)
    assert await here(amity, event) == []


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_typed_name_is_found_and_let_in(amity: Amity, locale: str) -> None:
    words = language(locale)
    event = await event_soon(amity, companions=1)
    crew, jose = await boss(amity, locale), await agreed(amity.telegram, "José <b>&")
    await seat(amity, jose, event, companions=1)
    screen = await opened(amity, crew, event)
    assert words.gettext("🔄 Refresh") in buttons(screen)
    await crew.write("jose")
    assert await said(amity, crew) == words.gettext("Who is it?")
    await pressed(amity, crew, f"v1:doorin:{event.id}")
    assert "José <b>&" in await said(amity, crew)
    assert [one.party for one in await here(amity, event)] == [2]
    await pressed(amity, crew, "1")
    assert [one.party for one in await here(amity, event)] == [1]
    await pressed(amity, crew, words.gettext("↩ Not here after all"))
    assert await here(amity, event) == []


async def test_a_guest_without_an_account_is_let_in_once_however_often_it_is_pressed(amity: Amity) -> None:
    event = await event_soon(amity, capacity=1)
    crew = await boss(amity)
    await opened(amity, crew, event)
    await crew.write("Auntie Wong")
    assert "There is nobody called “\u2068Auntie Wong\u2069” on the list." in await said(amity, crew)
    asked = await crew.last()
    await pressed(amity, crew, f"v1:doorguest:{event.id}", asked)
    assert "✅ Checked in: \u2068Auntie Wong\u2069" in await said(amity, crew)
    await pressed(amity, crew, f"v1:doorguest:{event.id}", asked)
    assert "is here already" in await said(amity, crew)
    assert [(one.name, one.how) for one in await here(amity, event)] == [("Auntie Wong", "walkin")]
    await crew.write("Uncle Lee")
    await said(amity, crew)
    await pressed(amity, crew, f"v1:doorguest:{event.id}")
    assert "⛔️ Full: all 1 places are given." in await said(amity, crew)


async def test_the_list_is_tapped_away_and_corrected(amity: Amity) -> None:
    event = await event_soon(amity)
    crew = await helper(amity, event)
    phones = [await agreed(amity.telegram, f"Guest {number}") for number in range(3)]
    for phone in phones:
        await seat(amity, phone, event)
    await opened(amity, crew, event)
    await pressed(amity, crew, "📋 Not here yet")
    answer = await pressed(amity, crew, "Guest 1")
    assert answer["text"].startswith("✅ Checked in: \u2068Guest 1\u2069")
    shown = await crew.last()
    assert "Here: 1 of 3" in text_of(shown)
    assert not any("Guest 1" in label for label in buttons(shown))
    await pressed(amity, crew, "🚪 Check-in")
    await pressed(amity, crew, "✅ Here")
    await pressed(amity, crew, "Guest 1")
    assert "let in by \u2068Helper\u2069" in await said(amity, crew)
    await pressed(amity, crew, "↩ Not here after all")
    assert "Nobody has come yet." in await said(amity, crew)


async def test_a_screen_left_open_is_refreshed_in_place(amity: Amity) -> None:
    event = await event_soon(amity)
    crew, ming = await boss(amity), await agreed(amity.telegram, "Ming")
    await seat(amity, ming, event)
    screen = await opened(amity, crew, event)
    assert "Here: 0 of 1" in text_of(screen)
    code, person = await code_of(amity, ming, event), await person_of(amity, crew)
    async with amity.database.write() as tx:
        me = (await person_of(amity, ming)).id
        await checkins.add(tx, event.id, person_id=me, name="", party=1, at=NOON, how="list", by=person.id)
    await pressed(amity, crew, "🔄 Refresh", screen)
    refreshed = await crew.last()
    assert refreshed["message_id"] == screen["message_id"]
    assert "Here: 1 of 1" in text_of(refreshed)
    assert tickets.rsvp_id(code) is not None


async def test_while_the_screen_is_open_nonsense_is_answered_and_nothing_happens(amity: Amity) -> None:
    event = await event_soon(amity)
    crew = await boss(amity)
    await opened(amity, crew, event)
    await crew.send_sticker()
    assert "Please send a photo of a ticket, or type a name." in await said(amity, crew)
    picture = BytesIO()
    Image.new("RGB", (300, 300), "white").save(picture, "JPEG")
    await crew.send_photo(picture.getvalue())
    assert "I see no ticket in this picture." in await said(amity, crew)
    await crew.write("<b>&" * 900)
    assert "There is nobody called" in await said(amity, crew)
    await crew.write("\u202eנמל")
    assert "There is nobody called" in await said(amity, crew)
    await forged(amity, crew, "v1:form:1:back")
    await crew.write("/cancel")
    assert "Check-in is closed on your phone." in await said(amity, crew)
    assert await here(amity, event) == []


async def test_a_picture_that_cant_be_fetched_is_asked_for_again(amity: Amity) -> None:
    event = await event_soon(amity)
    crew, ming = await boss(amity), await agreed(amity.telegram, "Ming")
    await seat(amity, ming, event)
    image = await ming.download(await ticket_of(amity, ming, event))
    await opened(amity, crew, event)
    await amity.telegram.fault("getFile", "500", times=5)
    await crew.send_photo(image)
    assert "I could not fetch this picture." in await said(amity, crew)
    await amity.telegram.clear_faults()
    await crew.send_photo(image)
    assert "Checked in" in await said(amity, crew)


async def test_who_is_no_crew_has_no_buttons_of_the_door(amity: Amity) -> None:
    event = await event_soon(amity)
    crew, curious = await boss(amity), await agreed(amity.telegram, "Curious")
    await seat(amity, curious, event)
    me = (await person_of(amity, curious)).id
    await opened(amity, crew, event)
    await crew.write("curious")
    await said(amity, crew)
    await pressed(amity, crew, "v1:doorin")
    (entry,) = await here(amity, event)
    for data in (
        f"door:{event.id}",
        f"odoor:{event.id}",
        f"doorlist:{event.id}:0",
        f"doorhere:{event.id}:0",
        f"doorin:{event.id}:{me}:name",
        f"doortap:{event.id}:{me}:0",
        f"doorguest:{event.id}:1",
        f"doorone:{entry.id}",
        f"doorparty:{entry.id}:3",
        f"doorout:{entry.id}",
        f"oafter:{event.id}",
        f"ocomments:{event.id}:0",
    ):
        answer = await forged(amity, curious, f"v1:{data}")
        assert answer["text"] == "That button does nothing here.", data
    assert [one.party for one in await here(amity, event)] == [1]


@pytest.mark.parametrize(
    "data",
    [
        "door:0",
        "door:x",
        "doorin:{event}:99999:name",
        "doorin:{event}:-1:name:1",
        "doortap:{event}:99999:0",
        "doorguest:{event}:7",
        "doorguest:{event}:x:1",
        "doorlist:{event}:99999999999999999999",
        "doorlist:{event}:9999",
        "doorhere:{event}:9999",
        "doorhere:{event}:-5",
        "doorone:12345",
        "doorparty:12345:2",
        "doorout:x",
        "ticket:99999",
        "ticket:{event}",
        "rate:{event}:3",
        "rate:{event}:9",
        "ratesay:{event}",
    ],
)
async def test_crew_with_forged_buttons_break_nothing(amity: Amity, data: str) -> None:
    event = await event_soon(amity)
    crew = await boss(amity)
    await opened(amity, crew, event)
    await forged(amity, crew, "v1:" + data.format(event=event.id))
    assert await here(amity, event) == []
    assert "went wrong" not in await crew.transcript()
    assert "something went wrong" not in await crew.transcript()


async def test_the_door_closes_by_itself_for_who_is_no_crew_any_more(amity: Amity) -> None:
    event = await event_soon(amity)
    crew = await helper(amity, event)
    await opened(amity, crew, event)
    amity.clock.move(17 * 3600)
    await crew.write("Ming")
    assert "on the list" not in await said(amity, crew)


@pytest.mark.parametrize("locale", LOCALES)
async def test_nobody_has_a_ticket_without_a_seat(amity: Amity, locale: str) -> None:
    words = language(locale)
    event = await event_soon(amity, capacity=1)
    first, second = (
        await agreed(amity.telegram, "First"),
        await agreed(amity.telegram, "Second", locale=locale),
    )
    await seat(amity, first, event)
    await seat(amity, second, event)
    await card(second, event.id)
    answer = await forged(amity, second, f"v1:ticket:{event.id}")
    assert answer["text"] == words.gettext("You have no place here, so there is no ticket.")
