"""Hours of service: earned, looked at, certified, corrected, and none of anybody else's business."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from bot import crew, service_hours, shift_changes, volunteering
from bot.language import LOCALES, language
from bot.lengths import change, length
from storage import service_hours as entries
from storage.events import Event
from storage.people import Person
from storage.shifts import Shift
from tests.conftest import NOON, OWNER, Amity
from tests.making import agreed, published_event
from tests.moves import person_of
from tests.phone import Phone, buttons, text_of

HOUR = timedelta(hours=1)


async def new_shift(amity: Amity, event: Event) -> Shift:
    """A shift of three hours."""
    async with amity.database.write() as tx:
        return await shift_changes.add(
            tx,
            event,
            starts_at=event.starts_at,
            ends_at=event.starts_at + 3 * HOUR,
            places=3,
            roles={"en": "Guide"},
            now=NOON,
        )


async def helper(
    amity: Amity, shift: Shift, name: str = "Ming", *, locale: str = "en"
) -> tuple[Phone, Person]:
    """A volunteer who has taken the shift."""
    phone = await agreed(amity.telegram, name, locale=locale)
    person = await person_of(amity, phone)
    async with amity.database.write() as tx:
        await volunteering.sign_up(tx, person.id, languages=["en"], skills="", free=[], now=NOON)
        await volunteering.take(tx, shift.id, person.id, now=NOON)
    return phone, person


async def boss(amity: Amity, *, locale: str = "en") -> tuple[Phone, Person]:
    phone = await agreed(amity.telegram, "Boss", id=OWNER, locale=locale)
    return phone, await person_of(amity, phone)


async def worked(amity: Amity, shift: Shift, person: Person, by: Person) -> None:
    """The person came, and the shift is over."""
    async with amity.database.write() as tx:
        await crew.mark(tx, shift.id, person.id, True, actor_id=by.id, now=shift.starts_at)
    await amity.telegram.move((shift.ends_at - amity.clock.now()).total_seconds() + 60)
    async with amity.database.write() as tx:
        await service_hours.end(tx, shift.id, now=amity.clock.now())


async def minutes(amity: Amity, shift: Shift, person: Person) -> list[int]:
    async with amity.database.read() as tx:
        return [entry.minutes for entry in await entries.list_of_shift(tx, shift.id, person.id)]


async def forge(phone: Phone, data: str) -> dict[str, Any] | None:
    """Press a button with this data, and wait for what it changes."""
    query = await phone.forge(data, (await phone.last())["message_id"])
    answer = await phone.telegram.answer(query)
    await phone.settled()
    return answer


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_volunteer_sees_the_years_hours_and_gets_a_certificate(amity: Amity, locale: str) -> None:
    words = language(locale)
    event = await published_event(amity.database, now=NOON, title="Harbour Forum")
    shift = await new_shift(amity, event)
    phone, person = await helper(amity, shift, "陳大文", locale=locale)
    await worked(amity, shift, person, (await boss(amity))[1])
    await forge(phone, "v1:hours")
    shown = text_of(await phone.last())
    assert words.gettext("Forum") in shown
    assert shown.count(length(words, 180)) == 3
    await phone.press(words.gettext("📄 Certificate of service"))
    await phone.wait_for(words.gettext("For which year do you need the certificate?"))
    await phone.press("v1:hoursfile:2026")
    sent = await phone.wait_for(lambda message: "document" in message)
    assert sent["document"]["file_name"] == "certificate-of-service-2026.pdf"
    read = PdfReader(BytesIO(await phone.download(sent)))
    said = "".join("".join(page.extract_text().split()) for page in read.pages)
    for wanted in (words.gettext("Certificate of Service"), "陳大文", "Harbour Forum", length(words, 180)):
        assert "".join(wanted.split()) in said


@pytest.mark.parametrize("locale", LOCALES)
async def test_an_organiser_corrects_hours_with_a_reason_and_the_volunteer_hears_it(
    amity: Amity, locale: str
) -> None:
    words = language(locale)
    event = await published_event(amity.database, now=NOON)
    shift = await new_shift(amity, event)
    ming, person = await helper(amity, shift, locale=locale)
    phone, organiser = await boss(amity, locale=locale)
    await worked(amity, shift, person, organiser)
    await forge(phone, f"v1:oshift:{shift.id}")
    await phone.press(words.gettext("⏱ Hours"))
    await phone.wait_for("Ming")
    await phone.press("1. ")
    await phone.wait_for(words.gettext("✅ came"))
    await phone.press(words.gettext("✏️ Correct the hours"))
    await phone.settled()
    await phone.write("3h30")
    await phone.wait_for(words.gettext("Why? The volunteer reads your reason. One sentence is enough."))
    await phone.write("Stayed & helped <clean up>")
    done = await phone.wait_for(length(words, 210))
    assert words.gettext("↩ Undo") in buttons(done)
    assert await minutes(amity, shift, person) == [180, 30]
    told = await ming.wait_for("Stayed & helped <clean up>")
    assert length(words, 180) in text_of(told)
    assert length(words, 210) in text_of(told)
    await ming.press(words.gettext("⏱ My hours"))
    shown = text_of(await ming.wait_for(change(words, 30)))
    assert "Stayed & helped <clean up>" in shown


async def test_a_correction_is_undone_by_one_tap_and_pressing_again_changes_nothing(amity: Amity) -> None:
    shift = await new_shift(amity, await published_event(amity.database, now=NOON))
    _, person = await helper(amity, shift)
    phone, organiser = await boss(amity)
    await worked(amity, shift, person, organiser)
    async with amity.database.write() as tx:
        answer = await service_hours.correct(
            tx, shift.id, person.id, 60, reason="Left early", by=organiser.id, now=amity.clock.now()
        )
    assert isinstance(answer, service_hours.Corrected)
    for _ in range(2):
        await forge(phone, f"v1:hoursundo:{answer.entry}")
    assert await minutes(amity, shift, person) == [180, -120, 120]


async def test_where_nobody_has_said_who_came_the_organiser_is_asked_when_the_shift_ends(
    amity: Amity,
) -> None:
    phone, organiser = await boss(amity)
    event = await published_event(amity.database, now=NOON)
    shift = await new_shift(amity, event)
    _, person = await helper(amity, shift)
    await amity.telegram.move((shift.ends_at - amity.clock.now()).total_seconds() + 5)
    async with amity.database.write() as tx:
        await service_hours.end(tx, shift.id, now=amity.clock.now())
    # The creator has no account that could be written to here; the owner presses what they would.
    await forge(phone, f"v1:crew:{shift.id}:0")
    await phone.press("✅ 1.")
    await phone.settled()
    assert await minutes(amity, shift, person) == [180]
    assert organiser.id != person.id


async def test_a_leader_corrects_others_but_not_the_own_hours(amity: Amity) -> None:
    shift = await new_shift(amity, await published_event(amity.database, now=NOON))
    _, organiser = await boss(amity)
    lead, leader = await helper(amity, shift, "Lead")
    _, person = await helper(amity, shift, "Ming")
    async with amity.database.write() as tx:
        await crew.set_leader(tx, shift.id, leader.id, True, actor_id=organiser.id, now=NOON)
        await crew.mark(tx, shift.id, leader.id, True, actor_id=organiser.id, now=shift.starts_at)
    await worked(amity, shift, person, organiser)
    await forge(lead, f"v1:hourswho:{shift.id}:{leader.id}")
    assert "✏️ Correct the hours" not in buttons(await lead.last())
    await forge(lead, f"v1:hoursfix:{shift.id}:{leader.id}")
    assert "How long did" not in text_of(await lead.last())
    await forge(lead, f"v1:hourswho:{shift.id}:{person.id}")
    assert "✏️ Correct the hours" in buttons(await lead.last())


@pytest.mark.parametrize(
    "press", ["shifthours:{shift}", "hourswho:{shift}:{person}", "hoursfix:{shift}:{person}"]
)
async def test_nobody_else_sees_or_corrects_hours_by_a_made_up_button(amity: Amity, press: str) -> None:
    shift = await new_shift(amity, await published_event(amity.database, now=NOON))
    phone, person = await helper(amity, shift)
    stranger = await agreed(amity.telegram, "Eve")
    await worked(amity, shift, person, (await boss(amity))[1])
    for nosy in (phone, stranger):
        answer = await forge(nosy, "v1:" + press.format(shift=shift.id, person=person.id))
        assert answer is not None
        assert answer["text"] == language("en").gettext("That button does nothing here.")
        await nosy.write("3 hours")
        await nosy.settled()
    assert await minutes(amity, shift, person) == [180]


@pytest.mark.parametrize(
    "data",
    [
        "hours:x",
        "hoursyears:9",
        "hoursfile:2025",
        "hoursfile:-5",
        "hoursfile:99999999999999999999",
        "hoursfile:x",
    ],
)
async def test_without_hours_there_is_nothing_to_certify_and_a_way_on(amity: Amity, data: str) -> None:
    phone = await agreed(amity.telegram, "Ming")
    await forge(phone, f"v1:{data}")
    shown = await phone.last()
    assert "There are none yet." in text_of(shown)
    assert "‹ Shifts" in buttons(shown)


@pytest.mark.parametrize(
    "data", ["shifthours:-1", "shifthours:x:y", "hourswho:1:zzz", "hoursundo:77", "hoursfix"]
)
async def test_an_organisers_made_up_buttons_are_answered(amity: Amity, data: str) -> None:
    phone, _ = await boss(amity)
    assert await forge(phone, f"v1:{data}") is not None


async def test_nonsense_instead_of_a_length_is_asked_again(amity: Amity) -> None:
    shift = await new_shift(amity, await published_event(amity.database, now=NOON))
    _, person = await helper(amity, shift)
    phone, organiser = await boss(amity)
    await worked(amity, shift, person, organiser)
    await forge(phone, f"v1:hoursfix:{shift.id}:{person.id}")
    for nonsense in ("soon", "3", "2000 hours", "-2 hours", "x" * 4000):
        await phone.write(nonsense)
        await phone.wait_for("How long did")
    await phone.send_sticker()
    await phone.wait_for("How long did")
    await phone.write("2 hours")
    await phone.wait_for("Why?")
    await phone.write("y" * 4000)
    await phone.wait_for("That is too long.")
    await phone.write("/cancel")
    await phone.wait_for("Stopped. Nothing was saved.")
    assert await minutes(amity, shift, person) == [180]
