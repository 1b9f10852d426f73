"""Where a card was opened from: carried along in its buttons, so that "back" leads back there."""

import re

from bot.kinds import KINDS
from bot.language import Language
from handlers.replies import Button, button
from handlers.turns import Press, Turn

ANY_KIND = "-"
MINE = "my"
_ORIGIN = re.compile(r"(\d{1,6})\.([a-z-]{1,16})")


def origin(page: int, list_name: str) -> str:
    """The last argument of a button: the page of a list, and which list it is."""
    return f"{page}.{list_name}"


def carried(turn: Turn) -> tuple[str, ...]:
    """The origin in the pressed button, to be carried on; empty where there is none."""
    found = _read(turn)
    return () if found is None else (origin(*found),)


def back_button(turn: Turn) -> Button:
    """Back to the page of the list that the person came from; else to the beginning of all events."""
    language: Language = turn.language
    match _read(turn):
        case (page, "my"):
            return button(language.gettext("‹ My places"), "my", page)
        case (page, kind):
            return button(language.gettext("‹ Events"), "events", page, kind)
        case None:
            return button(language.gettext("‹ Events"), "events")


def _read(turn: Turn) -> tuple[int, str] | None:
    if not isinstance(turn, Press) or not turn.args:
        return None
    found = _ORIGIN.fullmatch(turn.args[-1])
    if found is None or found[2] not in (ANY_KIND, MINE, *KINDS):
        return None
    return int(found[1]), found[2]
