"""By what it is decided to answer: as it came with the bot, or as it was fitted to labels since."""

import json
from collections.abc import Mapping
from typing import Any, Final

from bot.questions.decide import Calibration, calibrations, read_calibration
from storage import Transaction, options

# Each that was applied, the latest last, so that it can be taken back.
OPTION: Final = "calibrations"


async def in_use(tx: Transaction) -> Mapping[str, Calibration]:
    """The calibration of each rung: what was applied last, where there is one for it, else the bot's own."""
    applied = await list_applied(tx)
    return as_calibrations(applied[-1] if applied else {})


def as_calibrations(stored: Mapping[str, Any]) -> Mapping[str, Calibration]:
    """The bot's own, and in their place what is stored by rung, with the fields of `calibration.json`.

    What was fitted to other features than today's is passed over.
    """
    found = dict(calibrations())
    for rung, one in stored.items():
        try:
            found[rung] = read_calibration(rung, one)
        except KeyError:
            continue
    return found


async def list_applied(tx: Transaction) -> list[dict[str, Any]]:
    """What was applied, as it is stored, the latest last."""
    held: list[dict[str, Any]] = json.loads(await options.find(tx, OPTION) or "[]")
    return held
