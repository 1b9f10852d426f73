"""An organiser chooses who gets a broadcast, sees in words and numbers who that is, and can't go astray."""

from datetime import timedelta

import pytest

from bot import attendance, groups
from bot import broadcasts as decisions
from bot.audiences import MOST
from bot.language import LOCALES, language
from storage import broadcasts, events, people, rsvps
from storage import groups as group_rows
from storage.audiences import Audience, Segment
from storage.broadcasts import Variant
from storage.events import Event, EventText
from tests.conftest import NOON, OWNER, Amity
from tests.making import agreed, known_person, published_event
from tests.phone import Message, Phone, buttons, text_of
from tests.shifts import new_shift, take, volunteer

VOLUNTEERS = Segment("volunteers")


async def boss_with_draft(amity: Amity, *, locale: str = "en") -> Phone:
    """An organiser who looks at the page on which the audience of a draft, number 1, is chosen."""
    boss = await agreed(amity.telegram, "Boss", id=OWNER, locale=locale)
    async with amity.database.write() as tx:
        me = await people.find_by_telegram_id(tx, OWNER)
        assert me
        await decisions.draft(tx, author_id=me.id, locale="en", variant=Variant("We move."), now=NOON)
    await opened(boss, "broadcastwhom:1")
    return boss


async def opened(phone: Phone, data: str) -> Message:
    """The screen after a press with the data, whether or not there is such a button."""
    message = await phone.last()
    await phone.telegram.answer(await phone.forge(f"v1:{data}", message["message_id"]))
    await phone.settled()
    return await phone.last()


async def pressed(phone: Phone, label_or_data: str) -> Message:
    await phone.press(label_or_data)
    await phone.settled()
    return await phone.last()


async def audience_of(amity: Amity) -> Audience:
    async with amity.database.read() as tx:
        found = await broadcasts.find(tx, 1)
    assert found
    return found.audience


async def choose(amity: Amity, audience: Audience) -> None:
    async with amity.database.write() as tx:
        assert await decisions.choose(tx, 1, audience)


def would_get_it(locale: str, n: int) -> str:
    said = language(locale).nhtml(
        "<b>{n} person</b> would get it now, once.", "<b>{n} people</b> would get it now, each once.", n
    )
    return str(said.striptags())


def labels(message: Message) -> list[str]:
    return [label.removeprefix("✓ ") for label in buttons(message)]


def ticked(message: Message) -> list[str]:
    return [label.removeprefix("✓ ") for label in buttons(message) if label.startswith("✓")]


async def event_with_people(amity: Amity, title: str = "Harbour Forum", **values: object) -> Event:
    """One with a place (person 501), one waiting (502), one who said no (503)."""
    event = await published_event(amity.database, now=NOON, title=title, capacity=1, **values)
    for number in (501, 502, 503):
        person = await known_person(amity.database, number, now=NOON)
        async with amity.database.write() as tx:
            await attendance.join(tx, event.id, person.id, now=NOON)
            if number == 503:
                await attendance.leave(tx, event.id, person.id, now=NOON)
    return event


@pytest.mark.parametrize("locale", LOCALES)
async def test_the_way_from_everyone_to_an_events_people_and_back(amity: Amity, locale: str) -> None:
    words = language(locale)
    event = await event_with_people(amity)
    boss = await boss_with_draft(amity, locale=locale)
    page = await boss.last()
    assert ticked(page) == [words.gettext("Everyone")]
    assert would_get_it(locale, 5) in text_of(page)
    await pressed(boss, "v1:broadcastevents:1:to")
    page = await pressed(boss, event.texts["en"].title)
    assert labels(page) == [
        words.gettext("Those with a place"),
        words.gettext("Those waiting"),
        words.gettext("Those who have not answered"),
        words.gettext("‹ Events"),
    ]
    await pressed(boss, words.gettext("Those with a place"))
    page = await pressed(boss, words.gettext("Those waiting"))
    assert ticked(page) == [words.gettext("Those with a place"), words.gettext("Those waiting")]
    assert would_get_it(locale, 2) in text_of(page)
    going = words.gettext("those with a place at “{title}”", title="Harbour Forum")
    waiting = words.gettext("those waiting for “{title}”", title="Harbour Forum")
    assert words.joined([going, waiting]) in text_of(page)
    page = await pressed(boss, words.gettext("Those waiting"))
    assert ticked(page) == [words.gettext("Those with a place")]
    await pressed(boss, words.gettext("‹ Events"))
    page = await pressed(boss, words.gettext("‹ Back"))
    assert words.gettext("Everyone") in labels(page)
    assert ticked(page) == [words.gettext("An event or shift…")]
    page = await pressed(boss, words.gettext("Everyone"))
    assert ticked(page) == [words.gettext("Everyone")]
    await boss.press(words.gettext("‹ Back"))
    await boss.wait_for(lambda message: "v1:broadcastconfirm" in str(message))


@pytest.mark.parametrize("locale", LOCALES)
async def test_whom_all_of_it_must_be_true_of_is_said_and_counted(amity: Amity, locale: str) -> None:
    words = language(locale)
    boss = await boss_with_draft(amity, locale=locale)
    helper, fan = await volunteer(amity.database, 601), await known_person(amity.database, 602, now=NOON)
    await volunteer(amity.database, 603)
    async with amity.database.write() as tx:
        for person in (helper, fan):
            await people.add_interest(tx, person.id, "forum")
    page = await pressed(boss, words.gettext("Volunteers"))
    assert words.gettext("All of these") not in labels(page), "there is nothing to combine yet"
    await pressed(boss, "v1:broadcasttopics:1:to")
    await pressed(boss, "v1:broadcastpick:1:to:on:topic:0:forum")
    page = await pressed(boss, "v1:broadcastwhom:1:to")
    assert would_get_it(locale, 3) in text_of(page)
    page = await pressed(boss, words.gettext("All of these"))
    assert words.gettext("All of these") in ticked(page)
    assert would_get_it(locale, 1) in text_of(page)
    topic = words.gettext("those interested in {topic}", topic=words.gettext("Forum"))
    said = words.html(
        "👥 Goes only to people of whom all of this is true: {groups}",
        groups=words.joined([words.gettext("volunteers"), topic]),
    )
    assert said.striptags() in text_of(page)
    page = await pressed(boss, words.gettext("Any of these"))
    assert would_get_it(locale, 3) in text_of(page)


@pytest.mark.parametrize("locale", LOCALES)
async def test_some_are_left_out_and_can_be_taken_in_again(amity: Amity, locale: str) -> None:
    words = language(locale)
    boss = await boss_with_draft(amity, locale=locale)
    await volunteer(amity.database, 601)
    page = await pressed(boss, words.gettext("🚫 Leave out…"))
    assert ticked(page) == [words.gettext("Leave out nobody")]
    page = await pressed(boss, words.gettext("Volunteers"))
    assert ticked(page) == [words.gettext("Volunteers")]
    said = words.html("🚫 But not to: {groups}", groups=words.gettext("volunteers"))
    assert said.striptags() in text_of(page)
    assert would_get_it(locale, 1) in text_of(page)
    page = await pressed(boss, words.gettext("‹ Back"))
    assert words.gettext("🚫 Leave out…") in ticked(page)
    await pressed(boss, words.gettext("🚫 Leave out…"))
    page = await pressed(boss, words.gettext("Leave out nobody"))
    assert would_get_it(locale, 2) in text_of(page)


async def test_organisers_members_and_groups_can_be_chosen(amity: Amity) -> None:
    boss = await boss_with_draft(amity)
    singer, member = [await known_person(amity.database, number, now=NOON) for number in (501, 502)]
    async with amity.database.write() as tx:
        circle = await groups.ensure_members_group(tx, now=NOON)
        await group_rows.join(tx, circle.id, member.id, now=NOON)
        choir = await groups.create(tx, {"en": "Choir"}, actor_id=member.id, now=NOON)
        await group_rows.join(tx, choir.id, singer.id, now=NOON)
    page = await pressed(boss, "Organisers")
    assert would_get_it("en", 1) in text_of(page), "the owner organises"
    page = await pressed(boss, "Members")
    assert ticked(page) == ["Members", "Organisers", "Any of these"]
    assert would_get_it("en", 2) in text_of(page)
    page = await pressed(boss, "A group…")
    assert labels(page) == ["Choir", "‹ Back"], "the members have a button of their own"
    page = await pressed(boss, "Choir")
    assert ticked(page) == ["Choir"]
    assert would_get_it("en", 3) in text_of(page)


async def test_those_on_a_shift_are_chosen_on_the_events_page(amity: Amity) -> None:
    boss = await boss_with_draft(amity)
    event = await event_with_people(amity)
    shifts = [
        await new_shift(
            amity.database,
            event,
            starts_at=event.starts_at + timedelta(minutes=number),
            roles={"en": "Guide"},
        )
        for number in range(8)
    ]
    await take(amity.database, shifts[7], await volunteer(amity.database, 601))
    await opened(boss, f"broadcastevent:1:to:{event.id}")
    await pressed(boss, "Those on a shift…")
    await pressed(boss, "Next ›")
    page = await pressed(boss, f"v1:broadcastpick:1:to:on:shift:{shifts[7].id}:")
    assert len(ticked(page)) == 1, "the page stays where it was"
    assert would_get_it("en", 1) in text_of(page)
    assert "those on the shift “Guide” of “Harbour Forum”" in text_of(page)


async def test_after_an_event_those_who_came_can_be_chosen_and_nobody_is_asked_for_an_answer(
    amity: Amity,
) -> None:
    begun = NOON - timedelta(hours=30)
    event = await published_event(amity.database, now=begun - timedelta(days=3), starts_at=begun)
    boss = await boss_with_draft(amity)
    page = await opened(boss, f"broadcastevent:1:to:{event.id}")
    assert "Those who came" in labels(page)
    assert "Those who have not answered" not in labels(page)


async def test_where_places_are_applied_for_applicants_can_be_chosen(amity: Amity) -> None:
    boss = await boss_with_draft(amity)
    event = await published_event(amity.database, now=NOON, approval=True)
    person = await known_person(amity.database, 501, now=NOON)
    async with amity.database.write() as tx:
        await attendance.join(tx, event.id, person.id, now=NOON)
        stands = await rsvps.find(tx, event.id, person.id)
        assert stands
        assert stands.state == "applied"
    await opened(boss, f"broadcastevent:1:to:{event.id}")
    page = await pressed(boss, "Those who have applied")
    assert would_get_it("en", 1) in text_of(page)


@pytest.mark.parametrize("locale", LOCALES)
async def test_those_not_yet_reached_by_an_earlier_broadcast_are_two_presses_away(
    amity: Amity, locale: str
) -> None:
    words = language(locale)
    boss = await boss_with_draft(amity, locale=locale)
    async with amity.database.write() as tx:
        me = await people.find_by_telegram_id(tx, OWNER)
        assert me
        for number in range(7):
            broadcast_id = await decisions.draft(
                tx, author_id=me.id, locale="en", variant=Variant(f"Earlier {number}"), now=NOON
            )
            await broadcasts.change(tx, broadcast_id, state="done", finished_at=NOON)
    page = await pressed(boss, words.gettext("Not yet reached by…"))
    assert labels(page)[0].strip("\u2068\u2069") == "Earlier 6"
    assert not any("We move." in label for label in labels(page)), "a draft has reached nobody"
    await pressed(boss, words.gettext("Next ›"))
    page = await pressed(boss, "Earlier 0")
    assert [label.strip("\u2068\u2069") for label in ticked(page)] == ["Earlier 0"]
    got = words.gettext("those who got “{words}”", words="\u2068Earlier 0\u2069")
    assert words.html("🚫 But not to: {groups}", groups=got).striptags() in text_of(page)


async def test_a_double_tap_chooses_once(amity: Amity) -> None:
    boss = await boss_with_draft(amity)
    for _ in range(2):
        await opened(boss, "broadcastpick:1:to:on:volunteers:0:")
    assert await audience_of(amity) == Audience((VOLUNTEERS,))
    for _ in range(2):
        await opened(boss, "broadcastpick:1:to:off:volunteers:0:")
    assert await audience_of(amity) == Audience()


async def test_forged_buttons_change_nothing(amity: Amity) -> None:
    boss = await boss_with_draft(amity)
    for data in (
        "broadcastpick",
        "broadcastpick:x",
        "broadcastpick:1",
        "broadcastpick:1:to",
        "broadcastpick:1:to:on",
        "broadcastpick:1:to:on:nonsense:1:x",
        "broadcastpick:1:to:on:event:99:going",
        "broadcastpick:1:to:on:event:-1:",
        "broadcastpick:1:to:on:event:9999999999999999999:going",
        "broadcastpick:1:not:on:topic:0:nonsense",
        "broadcastpick:1:to:on:topic:0:",
        "broadcastpick:1:to:on:locale:0:xx",
        "broadcastpick:1:to:on:match:0:all",
        "broadcastpick:1:to:on:shift:5::-9",
        "broadcastpick:1:to:on:group:5::99",
        "broadcastpick:1:not:on:broadcast:1::0",
        "broadcastpick:99:to:on:volunteers:0:",
        "broadcastwhom",
        "broadcastwhom:1:nonsense",
        "broadcasttopics:1:nonsense",
        "broadcastevents:1:to:99",
        "broadcastevent:1:to",
        "broadcastevent:1:to:x",
        "broadcastshifts:1:to:99:99",
        "broadcastgroups:1:to:-3",
        "broadcastearlier:99",
        "broadcastlanguages",
    ):
        message = await boss.last()
        assert await boss.telegram.answer(await boss.forge(f"v1:{data}", message["message_id"])), data
    await boss.settled()
    assert await audience_of(amity) == Audience()


async def test_a_member_can_choose_nobody(amity: Amity) -> None:
    await boss_with_draft(amity)
    ming = await agreed(amity.telegram, "Ming")
    for data in ("broadcastwhom:1", "broadcastpick:1:to:on:volunteers:0:", "broadcastearlier:1:not"):
        page = await opened(ming, data)
        assert would_get_it("en", 2) not in text_of(page)
    assert await audience_of(amity) == Audience()


async def test_who_gets_what_was_sent_cant_be_changed_any_more(amity: Amity) -> None:
    boss = await boss_with_draft(amity)
    async with amity.database.write() as tx:
        await broadcasts.change(tx, 1, state="done", started_at=NOON)
    page = await pressed(boss, "Volunteers")
    said = language("en").html("It was sent or deleted meanwhile, so who gets it can't be changed.")
    assert said.striptags() in text_of(page)
    assert labels(page) == ["Open it", "‹ Broadcasts"]
    assert await audience_of(amity) == Audience()


async def test_what_was_chosen_and_is_gone_is_said_to_be_gone(amity: Amity) -> None:
    boss = await boss_with_draft(amity)
    gone = tuple(Segment(what, 99) for what in ("shift", "group", "broadcast"))
    await choose(amity, Audience((Segment("event", 99, "going"), *gone)))
    page = await opened(boss, "broadcastwhom:1")
    assert text_of(page).count("people of something that is not there any more") == 4
    assert would_get_it("en", 0) in text_of(page)
    assert "Everyone" in labels(page), "there is a way on"


async def test_more_groups_than_can_be_looked_over_are_refused(amity: Amity) -> None:
    boss = await boss_with_draft(amity)
    many = [await published_event(amity.database, now=NOON, title=f"Talk {number}") for number in range(MOST)]
    chosen = Audience(tuple(Segment("event", event.id, "going") for event in many))
    await choose(amity, chosen)
    page = await opened(boss, "broadcastwhom:1")
    assert len(text_of(page)) < 1500
    answer = await boss.press("Volunteers")
    assert answer
    assert answer["show_alert"]
    assert str(MOST) in answer["text"]
    assert await audience_of(amity) == chosen


async def test_what_organisers_called_things_is_no_markup_and_never_too_long(amity: Amity) -> None:
    boss = await boss_with_draft(amity)
    title = "<b>5 & 6</b> \u202eשלום " + "very " * 60
    event = await published_event(amity.database, now=NOON, texts={"en": EventText(title, "", "", "")})
    async with amity.database.write() as tx:
        group = await groups.create(tx, {"en": "<i>Choir</i> & friends"}, actor_id=1, now=NOON)
    await choose(amity, Audience((Segment("event", event.id, "going"), Segment("group", group.id))))
    page = await opened(boss, "broadcastwhom:1")
    assert "<b>5 & 6</b>" in text_of(page)
    assert "<i>Choir</i> & friends" in text_of(page)
    for data in ("broadcastevents:1:to", f"broadcastevent:1:to:{event.id}", "broadcastgroups:1:to"):
        assert would_get_it("en", 0) in text_of(await opened(boss, data))
    assert not await boss.telegram.violations()


async def test_drafts_of_events_are_not_offered(amity: Amity) -> None:
    boss = await boss_with_draft(amity)
    event = await published_event(amity.database, now=NOON)
    async with amity.database.write() as tx:
        await events.change(tx, event.id, now=NOON, state="draft")
    page = await opened(boss, "broadcastevents:1:to")
    assert labels(page) == ["‹ Back"]
    page = await opened(boss, f"broadcastevent:1:to:{event.id}")
    assert labels(page) == ["‹ Back"]
