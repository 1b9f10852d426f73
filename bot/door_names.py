"""Finding people at the door by parts of their names, in whichever script they are typed."""

from collections.abc import Sequence
from typing import Final

from bot.door import Crew
from bot.questions.normalise import clean, fold
from storage import Transaction, checkins
from storage.checkins import Known

MEMBERS_SEARCHED: Final = 20_000
# What no normal form takes apart.
_LETTERS: Final = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe"})


async def search(tx: Transaction, crew: Crew, event_id: int, text: str) -> Sequence[Known]:
    """People whose name or user name holds every part of the text, in any script, those expected first.

    Only organisers find members who never asked for a place: who is a member is not for everybody to see.
    """
    parts = _parts(text)
    if not parts:
        return ()
    found = [one for one in await checkins.list_signed_up(tx, event_id) if _matches(one, parts)]
    if not found and crew.organises:
        members = await checkins.list_members(tx, event_id, limit=MEMBERS_SEARCHED)
        found = [one for one in members if _matches(one, parts)]
    return sorted(found, key=_nearest)


def _nearest(one: Known) -> tuple[bool, bool, str]:
    return one.checked_in, one.state != "going", one.name.casefold()


def _parts(text: str) -> list[str]:
    return _folded(clean(text)).replace("@", " ").split()


def _matches(one: Known, parts: list[str]) -> bool:
    name = _folded(one.name)
    user_name = (one.username or "").casefold()
    joined = name.replace(" ", "")
    return all(part in name or part in joined or part in user_name for part in parts)


def _folded(text: str) -> str:
    return fold(text).translate(_LETTERS)
