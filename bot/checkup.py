"""Telling an operator in plain words whether everything is in place."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

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


@dataclass(frozen=True)
class Posting:
    """How Telegram posts updates: where to, how many wait, and what last went wrong, and when."""

    address: str
    waiting: int
    problem: str
    failed_at: datetime | None


# Asks Telegram for the bot's name; raises with one line when it can't be had.
AskName = Callable[[Settings], Awaitable[str]]
# Asks Telegram how it posts updates; raises ConnectionError with one line when it does not say.
AskPosting = Callable[[Settings], Awaitable[Posting]]

# For so long what went wrong is worth telling, though Telegram has posted everything since.
RECENT = timedelta(minutes=10)


async def look(
    settings: Settings, ask_name: AskName, ask_posting: AskPosting, *, now: datetime
) -> list[Finding]:
    """Look at everything once and change nothing."""
    token = await _token(settings, ask_name)
    return [
        token,
        *(await _webhook(settings, ask_posting, now) if token.well else []),
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


async def _webhook(settings: Settings, ask_posting: AskPosting, now: datetime) -> list[Finding]:
    """Whether Telegram posts to where it was asked to, where updates are posted at all."""
    if settings.webhook_url is None:
        return []
    try:
        posting = await ask_posting(settings)
    except ConnectionError as error:
        return [Finding("webhook", False, str(error))]
    recent = posting.failed_at is not None and now - posting.failed_at < RECENT
    if not posting.address:
        return [
            Finding("webhook", True, "Telegram does not know AMITY_WEBHOOK_URL yet; `amity run` tells it")
        ]
    if posting.address.rstrip("/") != settings.webhook_url:
        line = "Telegram posts to another address than AMITY_WEBHOOK_URL: start `amity run`, and stop others"
        return [Finding("webhook", False, line)]
    if posting.failed_at is not None and (recent or posting.waiting):
        when = f"{posting.failed_at.astimezone(settings.home):%Y-%m-%d at %H:%M}"
        said = _without_secrets(posting.problem, settings)
        line = f"Telegram could not post to AMITY_WEBHOOK_URL on {when}: {said} ({posting.waiting} wait)"
        return [Finding("webhook", False, line)]
    return [Finding("webhook", True, f"Telegram posts to AMITY_WEBHOOK_URL ({posting.waiting} wait)")]


def _without_secrets(said: str, settings: Settings) -> str:
    """One line of what Telegram said, without what only it and the bot may know."""
    hidden = [settings.webhook_url or "", urlsplit(settings.webhook_url or "").path.strip("/")]
    secrets = (settings.bot_token, settings.webhook_secret, settings.secret)
    hidden += [secret.get_secret_value() for secret in secrets if secret is not None]
    for one in filter(None, hidden):
        said = said.replace(one, "…")
    return " ".join(said.split()) or "it does not say why"


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
