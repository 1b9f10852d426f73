"""What the association is called, in each language: as its content pack says."""

import json

from bot.importing import NAME
from storage import Transaction, options


async def name_in(tx: Transaction, locale: str) -> str:
    """The association's name in the language, or in any that it has; empty where no pack was ever loaded."""
    kept = await options.find(tx, NAME)
    names: dict[str, str] = json.loads(kept) if kept else {}
    return names.get(locale) or next(iter(names.values()), "")
