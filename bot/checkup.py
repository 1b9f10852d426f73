"""Telling an operator in plain words whether everything is in place."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.language import LOCALES, language
from bot.pack import Faults, read_pack
from bot.settings import BadSetting, Settings
from storage import Unavailable, backups, connect
from storage.migrations import is_current


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: whether it is well, and a line that says what was found."""

    subject: str
    well: bool
    line: str


# Asks Telegram for the bot's name; raises with one line when it can't be had.
AskName = Callable[[Settings], Awaitable[str]]


async def look(settings: Settings, ask_name: AskName) -> list[Finding]:
    """Look at everything once and change nothing."""
    return [
        await _token(settings, ask_name),
        await _database(settings),
        _owners(settings),
        _catalogues(),
        _content(settings),
        *_paying(settings),
    ]


async def _token(settings: Settings, ask_name: AskName) -> Finding:
    try:
        name = await ask_name(settings)
    except BadSetting as error:
        return Finding("token", False, str(error))
    except ConnectionError as error:
        return Finding("token", False, str(error))
    return Finding("token", True, f"Telegram knows this bot as @{name}")


async def _database(settings: Settings) -> Finding:
    try:
        database = connect(settings.database_url)
    except ValueError as error:
        return Finding("database", False, f"AMITY_DATABASE_URL is wrong: {error}")
    try:
        await backups.probe(database)
        current = await is_current(database)
    except Unavailable as error:
        return Finding("database", False, f"the database can't be used: {error}")
    finally:
        await database.close()
    line = "it can be written" if current else "it can be written; its tables will be made at the next start"
    return Finding("database", True, line)


def _owners(settings: Settings) -> Finding:
    if settings.owners:
        return Finding("owners", True, f"{len(settings.owners)} may organise and appoint organisers")
    return Finding("owners", False, "AMITY_OWNERS is empty: put your own Telegram user id there")


def _catalogues() -> Finding:
    for locale in LOCALES:
        language(locale).gettext("‹ Menu")
    return Finding("languages", True, ", ".join(LOCALES))


def _content(settings: Settings) -> Finding:
    if settings.content is None:
        return Finding("content", True, "AMITY_CONTENT is not set; `amity import` loads a pack")
    match read_pack(settings.content):
        case Faults() as faults:
            return Finding("content", False, str(faults))
        case pack:
            return Finding(
                "content", True, f"{len(pack.programmes)} programmes, {len(pack.questions)} questions"
            )


def _paying(settings: Settings) -> list[Finding]:
    if not settings.paid_broadcasts:
        return []
    line = (
        "organisers may pay for broadcasts: Telegram takes 0.1 Star for each message from the bot's balance"
    )
    return [Finding("paid broadcasts", True, line)]
