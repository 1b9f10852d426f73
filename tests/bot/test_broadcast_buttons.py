"""What stands under a broadcast, and the one poll that all its readers vote in."""

from bot import broadcast_buttons, broadcast_polls, broadcasts, privacy
from bot.broadcast_buttons import MOST, Arranged, NoDraft, ReaderButton, TooMany, buttons_of
from storage import Database
from storage import broadcasts as kept
from storage.broadcasts import Broadcast, Variant
from tests.conftest import NOON
from tests.making import known_person

LINK = ReaderButton("link", "https://example.org/", {"en": "Read on"})
POLL = Variant("", poll={"question": "When?", "options": ["Now", "Later"], "several": False})


async def drafted(database: Database, variant: Variant | None = None) -> int:
    writer = await known_person(database, 9000, now=NOON)
    async with database.write() as tx:
        return await broadcasts.draft(
            tx, author_id=writer.id, locale="en", variant=variant or Variant("Hello"), now=NOON
        )


async def found(database: Database, broadcast_id: int) -> Broadcast:
    async with database.read() as tx:
        broadcast = await kept.find(tx, broadcast_id)
    assert broadcast
    return broadcast


async def added(database: Database, broadcast_id: int, *buttons: ReaderButton) -> list[ReaderButton]:
    for one in buttons:
        async with database.write() as tx:
            await broadcast_buttons.add(tx, broadcast_id, one)
    return buttons_of(await found(database, broadcast_id))


async def test_the_same_button_added_twice_is_there_once(database: Database) -> None:
    draft = await drafted(database)
    kept_buttons = await added(database, draft, ReaderButton("join", "3"), ReaderButton("join", "3"), LINK)
    assert [one.kind for one in kept_buttons] == ["join", "link"]
    assert len({one.key for one in kept_buttons}) == 2


async def test_a_message_has_so_many_buttons_and_no_more(database: Database) -> None:
    draft = await drafted(database)
    await added(database, draft, *(ReaderButton("event", str(number)) for number in range(MOST)))
    async with database.write() as tx:
        assert isinstance(await broadcast_buttons.add(tx, draft, LINK), TooMany)
    assert len(buttons_of(await found(database, draft))) == MOST


async def test_taking_a_button_away_twice_leaves_the_others(database: Database) -> None:
    draft = await drafted(database)
    first, second = await added(database, draft, ReaderButton("ask"), LINK)
    for _ in range(2):
        async with database.write() as tx:
            await broadcast_buttons.drop(tx, draft, first.key)
    assert buttons_of(await found(database, draft)) == [second]


async def test_a_link_keeps_its_only_label(database: Database) -> None:
    draft = await drafted(database)
    (one,) = await added(database, draft, LINK)
    async with database.write() as tx:
        await broadcast_buttons.label(tx, draft, one.key, "zh_Hant_HK", "繼續閱讀")
        await broadcast_buttons.label(tx, draft, one.key, "en", None)
        await broadcast_buttons.label(tx, draft, one.key, "zh_Hant_HK", None)
    assert buttons_of(await found(database, draft))[0].labels == {"zh_Hant_HK": "繼續閱讀"}


async def test_putting_a_button_first_twice_puts_it_first(database: Database) -> None:
    draft = await drafted(database)
    first, second = await added(database, draft, ReaderButton("ask"), LINK)
    for _ in range(2):
        async with database.write() as tx:
            moved = await broadcast_buttons.put_first(tx, draft, second.key)
    assert isinstance(moved, Arranged)
    assert [one.key for one in buttons_of(moved.broadcast)] == [second.key, first.key]


async def test_what_was_sent_keeps_its_buttons(database: Database) -> None:
    draft = await drafted(database)
    (one,) = await added(database, draft, LINK)
    async with database.write() as tx:
        await kept.change(tx, draft, state="sending")
        assert isinstance(await broadcast_buttons.drop(tx, draft, one.key), NoDraft)
        assert isinstance(await broadcast_buttons.add(tx, draft, ReaderButton("ask")), NoDraft)
        assert isinstance(await broadcast_buttons.add(tx, 999, ReaderButton("ask")), NoDraft)
    assert buttons_of(await found(database, draft)) == [one]


async def mark_of(database: Database, draft: int) -> str:
    return broadcast_polls.mark_of((await found(database, draft)).variants["en"])


async def test_the_shared_poll_is_remembered_while_nothing_has_left(database: Database) -> None:
    draft = await drafted(database, POLL)
    mark = await mark_of(database, draft)
    async with database.write() as tx:
        await broadcast_polls.remember(tx, draft, "en", mark, chat_id=70, message_id=9)
    poll = (await found(database, draft)).variants["en"].poll
    assert poll is not None
    assert (poll["chat_id"], poll["message_id"], poll["question"]) == (70, 9, "When?")


async def test_an_earlier_poll_is_not_taken_for_the_one_that_replaced_it(database: Database) -> None:
    draft = await drafted(database, POLL)
    mark = await mark_of(database, draft)
    async with database.write() as tx:
        other = Variant("", poll={"question": "Where?", "options": ["Here", "There"]})
        await broadcasts.write(tx, draft, "en", other)
        await broadcast_polls.remember(tx, draft, "en", mark, chat_id=70, message_id=9)
    poll = (await found(database, draft)).variants["en"].poll
    assert poll is not None
    assert "message_id" not in poll


async def test_a_poll_on_its_way_does_not_change(database: Database) -> None:
    draft = await drafted(database, POLL)
    mark = await mark_of(database, draft)
    async with database.write() as tx:
        await kept.change(tx, draft, state="sending")
        await broadcast_polls.remember(tx, draft, "en", mark, chat_id=70, message_id=9)
        assert await broadcast_polls.find(tx, draft, "en", mark) is None
    assert (await found(database, draft)).variants["en"].poll == POLL.poll


async def test_a_poll_keeps_no_trace_of_an_author_who_is_forgotten(database: Database) -> None:
    draft = await drafted(database, POLL)
    mark = await mark_of(database, draft)
    author = await known_person(database, 5_000_000_001, now=NOON)
    async with database.write() as tx:
        await broadcast_polls.remember(tx, draft, "en", mark, chat_id=author.telegram_id, message_id=9)
    async with database.write() as tx:
        await privacy.forget(tx, author, now=NOON)
    assert (await found(database, draft)).variants["en"].poll == POLL.poll
