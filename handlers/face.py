"""What Telegram shows of the bot to somebody who has not written to it yet."""

import logging
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from bot.language import language
from handlers.menu import listed_commands
from handlers.wire import Sent, Wire

logger = logging.getLogger(__name__)

# Telegram tells languages apart by two letters alone: whoever reads Chinese there sees Hong Kong's, and
# their own script once they have chosen it.
SHOWN_IN: Mapping[str, str] = {"": "en", "zh": "zh_Hant_HK"}


async def put_on(wire: Wire, home: ZoneInfo) -> None:
    """Tell Telegram the bot's description and commands. Where that fails the bot works all the same."""
    for code, locale in SHOWN_IN.items():
        words = language(locale, home)
        description = words.gettext(
            "Ask about programmes, sign up for forums and visits, volunteer, and be reminded"
            " – in your own language. Press Start."
        )
        short = words.gettext("Events, sign-up, volunteering and questions, in your own language.")
        for method, params in (
            ("setMyCommands", {"commands": listed_commands(words)}),
            ("setMyDescription", {"description": description}),
            ("setMyShortDescription", {"short_description": short}),
        ):
            await _tell(wire, method, {**params, "language_code": code or None})


async def _tell(wire: Wire, method: str, params: Mapping[str, Any]) -> None:
    outcome = await wire.call(method, params)
    if not isinstance(outcome, Sent):
        logger.warning("%s did not work (%s); it is tried again at the next start", method, outcome)
