"""Looking for an event and reading its card."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import delete

from bot.language import LOCALES, language
from storage.events import EventText
from storage.tables import events as event_rows
from tests.conftest import NOON, Amity
from tests.making import agreed, published_event
from tests.messages import buttons, text_of
from tests.moves import card, finished, pressed
from tests.phone import Phone

GONE = "This event is not there any more."


async def test_eight_pages_of_events_are_turned_without_missing_one(amity: Amity) -> None:
    for number in range(38):
        await published_event(
            amity.database, now=NOON, title=f"Talk {number:02}", starts_at=NOON + timedelta(days=number + 1)
        )
    ming = await agreed(amity.telegram, "Ming")
    await ming.write("/events")
    page = await ming.wait_for("Upcoming events")
    seen: list[str] = []
    for number in range(8):
        seen += [label for label in buttons(page) if "Talk" in label]
        if number < 7:
            await pressed(amity, ming, "Later ›", page)
            page = await ming.wait_for(f"Talk {5 * (number + 1):02}")
    assert [label.split(". ")[1] for label in seen] == [f"Talk {number:02}" for number in range(38)]
    assert "Later ›" not in buttons(page)
    assert "‹ Earlier" in buttons(page)


async def test_a_page_past_the_end_is_the_last_one(amity: Amity) -> None:
    await published_event(amity.database, now=NOON)
    ming = await agreed(amity.telegram, "Ming")
    await ming.write("/events")
    page = await ming.wait_for("Upcoming events")
    for forged in ["v1:events:999999:-", "v1:events:99999999999999999999:-", "v1:events:-5:nonsense"]:
        await ming.forge(forged, page["message_id"])
        await finished(amity)
        assert "Harbour Forum" in text_of(await ming.last())


@pytest.mark.parametrize("locale", LOCALES)
async def test_events_are_found_by_their_kind(amity: Amity, locale: str) -> None:
    words = language(locale)
    await published_event(amity.database, now=NOON, title="Harbour Forum")
    await published_event(amity.database, now=NOON, title="Summer Camp", kind="camp")
    ming = await agreed(amity.telegram, "Ming", locale=locale)
    await ming.write("/events")
    await ming.wait_for("Harbour Forum")
    await pressed(amity, ming, "v1:kinds")
    offered = await ming.wait_for(words.gettext("Which kind of event?"))
    assert words.gettext("Camp") in buttons(offered)
    assert words.gettext("Charity or community work") not in buttons(offered)
    await pressed(amity, ming, "v1:events:0:camp")
    found = await ming.wait_for("Summer Camp")
    assert "Harbour Forum" not in text_of(found)


async def test_the_card_leads_back_to_the_page_and_kind_that_it_was_opened_from(amity: Amity) -> None:
    for number in range(8):
        await published_event(
            amity.database,
            now=NOON,
            title=f"Camp {number}",
            kind="camp",
            companions=1,
            starts_at=NOON + timedelta(days=number + 1),
        )
    await published_event(amity.database, now=NOON, starts_at=NOON + timedelta(hours=2))
    ming = await agreed(amity.telegram, "Ming")
    await ming.write("/events")
    page = await ming.wait_for("Upcoming events")
    await pressed(amity, ming, "v1:kinds", page)
    await pressed(amity, ming, "v1:events:0:camp")
    await pressed(amity, ming, "Later ›")
    await pressed(amity, ming, "Camp 6")
    await pressed(amity, ming, "I will come")
    await pressed(amity, ming, "Change companions")
    await pressed(amity, ming, "I come alone")
    await pressed(amity, ming, "I can't come")
    await pressed(amity, ming, "No, I will come")
    await pressed(amity, ming, "‹ Events")
    said = text_of(await ming.last())
    assert "Camp 6" in said
    assert "Camp 0" not in said
    assert "Harbour Forum" not in said


@pytest.mark.parametrize("locale", LOCALES)
async def test_no_events_is_said_kindly_with_a_way_on(amity: Amity, locale: str) -> None:
    words = language(locale)
    ming = await agreed(amity.telegram, "Ming", locale=locale)
    await ming.write("/events")
    said = await ming.wait_for(
        words.gettext("There are no upcoming events just now. Please look again in a few days.")
    )
    assert words.gettext("‹ Menu") in buttons(said)


async def test_an_empty_kind_leads_to_all_kinds(amity: Amity) -> None:
    await published_event(amity.database, now=NOON)
    ming = await agreed(amity.telegram, "Ming")
    await ming.write("/events")
    page = await ming.wait_for("Harbour Forum")
    await ming.forge("v1:events:0:charity", page["message_id"])
    said = await ming.wait_for("Nothing of this kind")
    assert buttons(said) == ["All kinds", "‹ Menu"]


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_card_tells_everything_in_the_readers_language(amity: Amity, locale: str) -> None:
    words = language(locale)
    texts = {
        one: EventText(f"Title {one}", f"About {one}", f"Place {one}", f"Bring {one}") for one in LOCALES
    }
    event = await published_event(
        amity.database, now=NOON, texts=texts, capacity=12, deadline_at=NOON + timedelta(days=3)
    )
    ming = await agreed(amity.telegram, "Ming", locale=locale)
    shown = text_of(await card(ming, event.id))
    for part in (texts[locale].title, texts[locale].description, texts[locale].place, texts[locale].bring):
        assert part in shown
    assert words.gettext("Forum") in shown
    assert words.span(event.starts_at, event.ends_at, now=NOON) in shown
    assert words.ngettext("👥 {n} place left", "👥 {n} places left", 12) in shown
    assert (
        words.gettext("⏳ Sign up by {when}", when=words.moment(NOON + timedelta(days=3), now=NOON)) in shown
    )
    assert "Shown in" not in shown


async def test_words_in_another_language_are_marked_as_such(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON)
    ming = await agreed(amity.telegram, "Ming", locale="zh_Hant_HK")
    shown = text_of(await card(ming, event.id))
    assert language("zh_Hant_HK").gettext("<i>Shown in {language}.</i>", language="English")[3:-4] in shown


async def test_a_time_in_another_zone_names_the_zone(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON, zone="Europe/London")
    ming = await agreed(amity.telegram, "Ming")
    assert "(London time)" in text_of(await card(ming, event.id))


@pytest.mark.parametrize(
    "title", ["<b>bold</b> & <script>", "مرحبا \u202eevil", "👩‍👩‍👧‍👦 Family day 🇭🇰", "{n} %s {}"]
)
async def test_titles_are_shown_as_they_are_written(amity: Amity, title: str) -> None:
    event = await published_event(amity.database, now=NOON, title=title)
    ming = await agreed(amity.telegram, "Ming")
    await ming.write("/events")
    assert title in text_of(await ming.wait_for("Upcoming events"))
    assert title in text_of(await card(ming, event.id))
    await pressed(amity, ming, "v1:join")
    await ming.write("/my")
    assert title in text_of(await ming.wait_for("What you have signed up for"))


@pytest.mark.parametrize("operation", ["event", "join", "party", "leave", "left"])
async def test_buttons_of_a_deleted_event_lead_back_to_the_list(amity: Amity, operation: str) -> None:
    event = await published_event(amity.database, now=NOON)
    ming = await agreed(amity.telegram, "Ming")
    shown = await card(ming, event.id)
    async with amity.database.write() as tx:
        await tx.run(delete(event_rows).where(event_rows.c.id == event.id))
    await ming.forge(f"v1:{operation}:{event.id}", shown["message_id"])
    said = await ming.wait_for(GONE)
    assert buttons(said) == ["📅 Events"]


@pytest.mark.parametrize("forged", ["", "0", "-1", "abc", "1e9", "99999999999999999999999", "٣"])
@pytest.mark.parametrize("operation", ["event", "join", "party", "leave", "left", "map", "ics"])
async def test_a_forged_event_is_refused(amity: Amity, operation: str, forged: str) -> None:
    ming = await agreed(amity.telegram, "Ming")
    menu = await ming.last()
    answer = await amity.telegram.answer(await ming.forge(f"v1:{operation}:{forged}", menu["message_id"]))
    assert answer is not None
    await finished(amity)
    said = answer.get("text") or text_of(await ming.last())
    assert said in (GONE, "There is no map for this event.")


@pytest.mark.parametrize("locale", LOCALES)
async def test_the_calendar_file_holds_the_event(amity: Amity, locale: str) -> None:
    event = await published_event(amity.database, now=NOON, online_url="https://talks.example/1")
    ming = await agreed(amity.telegram, "Ming", locale=locale)
    await card(ming, event.id)
    entry = await calendar_entry(amity, ming)
    assert str(entry["summary"]) == "Harbour Forum"
    assert instant(entry["dtstart"].dt) == event.starts_at
    assert instant(entry["dtend"].dt) == event.ends_at
    assert "url" not in entry, "the online link is for those who have a place"
    await pressed(amity, ming, "v1:join")
    assert str((await calendar_entry(amity, ming))["url"]) == "https://talks.example/1"


def instant(value: Any) -> datetime:
    assert isinstance(value, datetime)
    return value


async def calendar_entry(amity: Amity, phone: Phone) -> Any:
    await pressed(amity, phone, "v1:ics")
    message = await phone.wait_for(lambda message: "document" in message)
    newest = [one for one in await phone.messages() if "document" in one][-1]
    assert message["document"]["file_name"].endswith(".ics")
    return Calendar.from_ical(await phone.download(newest)).walk("VEVENT")[0]


async def test_only_those_with_a_place_see_the_online_link(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON, capacity=1, online_url="https://talks.example/1")
    ming, wai = await agreed(amity.telegram, "Ming"), await agreed(amity.telegram, "Wai")
    assert "talks.example" not in str(await card(ming, event.id))
    await pressed(amity, ming, "v1:join")
    assert "talks.example" in str(await ming.last())
    await card(wai, event.id)
    await pressed(amity, wai, "v1:join")
    await wai.wait_for("number 1 on the waitlist")
    assert "talks.example" not in str(await wai.messages())


async def test_the_map_button_sends_a_pin(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON, latitude=22.28, longitude=114.17)
    ming = await agreed(amity.telegram, "Ming")
    await card(ming, event.id)
    await pressed(amity, ming, "v1:map")
    pin = await ming.wait_for(lambda message: "venue" in message)
    assert pin["venue"]["title"] == "Harbour Forum"
    assert pin["venue"]["address"] == "Sample Hall"


async def test_a_shared_link_opens_the_card_for_somebody_new(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON)
    ming = await agreed(amity.telegram, "Ming")
    assert f"start%3Devent_{event.id}" in str(await card(ming, event.id))
    wai = await amity.telegram.person("Wai")
    await wai.write(f"/start event_{event.id}")
    await wai.wait_for("語言")
    await pressed(amity, wai, "v1:hello:en")
    await wai.wait_for("/privacy")
    await pressed(amity, wai, "v1:agree")
    shown = await wai.wait_for(lambda message: "I will come" in buttons(message))
    assert "Harbour Forum" in text_of(shown)


@pytest.mark.parametrize(
    "payload", ["event_0", "event_99999999999999999999999", "event_", "event_x", "nonsense"]
)
async def test_a_broken_link_still_leads_somewhere(amity: Amity, payload: str) -> None:
    ming = await agreed(amity.telegram, "Ming")
    await ming.write(f"/start {payload}")
    said = await ming.wait_for(lambda message: bool(buttons(message)))
    assert text_of(said)


async def test_a_description_at_its_longest_is_shown_whole(amity: Amity) -> None:
    long = EventText("&" * 120, "<&>" * 833, "p" * 300, "b" * 300)
    event = await published_event(amity.database, now=NOON, texts={"en": long})
    ming = await agreed(amity.telegram, "Ming")
    shown = text_of(await card(ming, event.id))
    assert long.description in shown
    assert long.bring in shown
