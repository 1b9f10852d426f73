"""After the event: thanks, how it was, and what it came to."""

from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from bot import door, feedback
from bot.door import Crew
from bot.language import LOCALES, language
from storage.events import Event
from tests.conftest import NOON, Amity
from tests.journeys.test_door import boss, event_soon, person_of, seat
from tests.making import agreed
from tests.messages import buttons, text_of
from tests.moves import finished, forged, pressed
from tests.phone import Phone


async def came(amity: Amity, event: Event, crew: Phone, *phones: Phone) -> None:
    by = Crew((await person_of(amity, crew)).id, organises=True)
    async with amity.database.write() as tx:
        for phone in phones:
            me = (await person_of(amity, phone)).id
            await door.check_in(tx, by, event, me, how="list", at=NOON, now=NOON)


async def over(amity: Amity, event: Event) -> None:
    """Move to when those who came are asked."""
    amity.clock.move((feedback.due_at(event) - amity.clock.now()).total_seconds() + 1)


@pytest.mark.parametrize("locale", LOCALES)
async def test_who_came_is_thanked_and_says_how_it_was(amity: Amity, locale: str) -> None:
    words = language(locale)
    event = await event_soon(amity)
    crew = await boss(amity)
    ming, missing = await agreed(amity.telegram, "Ming", locale=locale), await agreed(amity.telegram, "Gone")
    await seat(amity, ming, event)
    await seat(amity, missing, event)
    await came(amity, event, crew, ming)
    before = len(await missing.messages())
    await over(amity, event)
    await ming.wait_for("🙏")
    answer = await pressed(amity, ming, f"v1:rate:{event.id}:4")
    assert answer["text"] == words.gettext("Thank you!")
    shown = await ming.last()
    assert "✓ 4" in buttons(shown)
    await pressed(amity, ming, f"v1:rate:{event.id}:5")
    await pressed(amity, ming, "v1:ratesay")
    await ming.send_sticker()
    await ming.wait_for(words.gettext("Please write it in words."))
    await ming.write("Lovely <b>& warm")
    await ming.wait_for("Lovely <b>& warm")
    assert len(await missing.messages()) == before
    await forged(amity, crew, f"v1:oafter:{event.id}")
    seen = text_of(await crew.last())
    assert "Came: 1" in seen
    assert "Did not come: 1" in seen
    assert "⭐ 5 of 5, from 1 answer" in seen
    await pressed(amity, crew, "v1:ocomments")
    seen = text_of(await crew.last())
    assert "Lovely <b>& warm" in seen
    assert "Ming" not in seen


async def test_a_double_tap_and_a_skipped_sentence_change_nothing(amity: Amity) -> None:
    event = await event_soon(amity)
    crew, ming = await boss(amity), await agreed(amity.telegram, "Ming")
    await seat(amity, ming, event)
    await came(amity, event, crew, ming)
    await over(amity, event)
    asked = await ming.wait_for("🙏")
    await amity.telegram.press_many([(ming, asked, f"v1:rate:{event.id}:3")] * 2)
    await finished(amity)
    await ming.wait_for("You gave Harbour Forum 3 of 5.")
    await pressed(amity, ming, "v1:ratesay")
    await ming.write("x" * 4000)
    await ming.wait_for("too long")
    await pressed(amity, ming, "Skip")
    await ming.wait_for("You gave Harbour Forum 3 of 5.")
    amity.clock.move(timedelta(days=15).total_seconds())
    answer = await forged(amity, ming, f"v1:rate:{event.id}:1")
    assert answer["text"] == "This can't be changed any more. Thank you all the same!"


@pytest.mark.parametrize("locale", LOCALES)
async def test_the_list_as_a_file_says_who_came_and_how_it_was(amity: Amity, locale: str) -> None:
    words = language(locale)
    event = await event_soon(amity, companions=1)
    crew = await boss(amity, locale)
    ming, missing = await agreed(amity.telegram, "Ming"), await agreed(amity.telegram, "Gone")
    await seat(amity, ming, event, companions=1)
    await seat(amity, missing, event)
    await came(amity, event, crew, ming)
    async with amity.database.write() as tx:
        by = Crew((await person_of(amity, crew)).id, organises=True)
        await door.let_in_guest(tx, by, event, "=HYPERLINK(1)", now=NOON)
    await over(amity, event)
    await ming.wait_for("🙏")
    await pressed(amity, ming, f"v1:rate:{event.id}:4")
    await forged(amity, crew, f"v1:oxlsx:{event.id}")
    message = await crew.wait_for(lambda one: "document" in one)
    book = load_workbook(BytesIO(await crew.download(message)))
    people, told = book.worksheets
    headings, *lines = ([cell.value for cell in line] for line in people.iter_rows())
    where = {name: headings.index(words.gettext(name)) for name in ("Name", "Came", "People who came")}
    read = {line[where["Name"]]: (line[where["Came"]], line[where["People who came"]]) for line in lines}
    assert read == {
        "Ming": (words.gettext("yes"), 2),
        "Gone": (words.gettext("no"), ""),
        "=HYPERLINK(1)": (words.gettext("yes"), 1),
    }
    assert [cell.value for cell in told[3]][:2] == [4, 1]
    every = {str(cell.value) for sheet in book.worksheets for line in sheet.iter_rows() for cell in line}
    assert not {str(ming.id), str(missing.id), str(crew.id)} & every
