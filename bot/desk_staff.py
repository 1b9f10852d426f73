"""Who sits at the desk, and telling them."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from bot.cutting import shortened
from bot.language import HK
from storage import Transaction, options, organisers, owing, people
from storage.people import Person
from storage.threads import Thread


@dataclass(frozen=True)
class Desk:
    """Who answers: everybody in one chat, or else each organiser in their own."""

    chat_id: int | None
    owners: frozenset[int]
    # Whether that chat has topics, and the bot may open some.
    has_topics: bool = False
    # By whose clock it is open.
    zone: ZoneInfo = HK


@dataclass(frozen=True)
class Clerk:
    """Somebody who answers for the association. In the desk's chat that may be nobody we know."""

    name: str
    chat_id: int
    person_id: int | None = None


# Whether there are topics: the bot may open some, or may not, or the group has none.
Topics = Literal["yes", "refused", "none"]
_REMEMBERED = "desk"
# How much of an answer the others at the desk are shown.
SHOWN = 600


async def find_desk(tx: Transaction, chat_id: int | None, owners: Collection[int], zone: ZoneInfo) -> Desk:
    """The desk as it stands now, its group under the id that it has today."""
    if chat_id is None:
        return Desk(None, frozenset(owners), zone=zone)
    moved = await options.find(tx, _moved(chat_id))
    now_is = int(moved) if moved else chat_id
    has_topics = await options.find(tx, _topics(now_is)) == "yes"
    return Desk(now_is, frozenset(owners), has_topics, zone)


async def remember(tx: Transaction, chat_id: int | None, zone: ZoneInfo) -> None:
    """Keep where the desk is, for what is decided by the clock."""
    await options.remember(tx, _REMEMBERED, json.dumps({"chat": chat_id, "zone": str(zone)}))


async def remembered(tx: Transaction) -> Desk:
    """The desk for what is decided by the clock."""
    kept = await options.find_many(tx, [_REMEMBERED, organisers.OWNERS])
    owners = json.loads(kept.get(organisers.OWNERS, "[]"))
    place = json.loads(kept.get(_REMEMBERED, "{}"))
    return await find_desk(tx, place.get("chat"), owners, ZoneInfo(place.get("zone", str(HK))))


async def note_move(tx: Transaction, chat_id: int, new_id: int) -> None:
    """Remember under which id Telegram knows the desk's group from now on."""
    await options.remember(tx, _moved(chat_id), str(new_id))


async def topics_of(tx: Transaction, chat_id: int) -> Topics | None:
    """What is known about the group's topics."""
    match await options.find(tx, _topics(chat_id)):
        case "yes" | "refused" | "none" as known:
            return known
        case _:
            return None


async def note_topics(tx: Transaction, chat_id: int, topics: Topics) -> None:
    """Remember whether the bot can open topics in the group."""
    if await topics_of(tx, chat_id) != topics:
        await options.remember(tx, _topics(chat_id), topics)


def _moved(chat_id: int) -> str:
    return f"moved:{chat_id}"


def _topics(chat_id: int) -> str:
    return f"desk_topics:{chat_id}"


async def list_staff(tx: Transaction, desk: Desk) -> list[Person]:
    """The organisers who can be reached."""
    found = await people.list_organisers(tx, desk.owners)
    return [person for person in found if person.unreachable_since is None]


async def is_staffed(tx: Transaction, desk: Desk) -> bool:
    return desk.chat_id is not None or bool(await list_staff(tx, desk))


async def tell(
    tx: Transaction,
    desk: Desk,
    kind: str,
    thread_id: int | None,
    occasion: str,
    params: Mapping[str, Any],
    *,
    now: datetime,
    but: Collection[int | None] = (),
) -> None:
    """Owe the whole desk a notice, except some organisers. None: it is about no question that is kept."""
    if desk.chat_id is not None:
        await owe(tx, None, desk.chat_id, kind, occasion, thread_id, params, now=now)
        return
    for person in await list_staff(tx, desk):
        if person.id not in but:
            each = f"{occasion}:{person.id}"
            await owe(tx, person.id, person.telegram_id, kind, each, thread_id, params, now=now)


async def tell_others(
    tx: Transaction,
    desk: Desk,
    thread: Thread,
    clerk: Clerk,
    what: str,
    occasion: str,
    *,
    to: Person | None = None,
    text: str = "",
    now: datetime,
) -> None:
    """Tell the organisers who don't see it happen: in the desk's own chat everybody does.

    `to` is whom it concerns; they are told otherwise. `text` is what was said to the member.
    """
    if desk.chat_id is None or clerk.chat_id != desk.chat_id:
        params = {"what": what, "by": clerk.name} | ({"to": to.name} if to else {})
        params |= {"text": shortened(text, SHOWN)} if text else {}
        but = [clerk.person_id, to.id if to else None]
        await tell(tx, desk, "desk_note", thread.id, occasion, params, now=now, but=but)


async def owe(
    tx: Transaction,
    person_id: int | None,
    chat_id: int,
    kind: str,
    occasion: str,
    thread_id: int | None,
    params: Mapping[str, Any],
    *,
    now: datetime,
) -> None:
    """Owe a notice to somebody we know, or else to a chat."""
    about = {} if thread_id is None else {"thread_id": thread_id}
    whole = about | dict(params)
    if person_id is not None:
        await owing.owe_person(tx, person_id, kind, occasion=occasion, due_at=now, params=whole)
    else:
        await owing.owe_chat(tx, chat_id, kind, occasion=occasion, due_at=now, params=whole)
