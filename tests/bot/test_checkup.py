"""What `amity check` says of the webhook, in plain words and without secrets."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.checkup import Finding, Posting, look
from bot.settings import Settings
from tests.conftest import NOON

MINUTE = timedelta(minutes=1)
HOOK = "https://amity.example/hook-Xy12"
STANDS = Posting(HOOK, 0, "", None)
FAILED = replace(STANDS, problem="Wrong response from the webhook: 502 Bad Gateway", failed_at=NOON - MINUTE)


def posted_to(folder: Path, **more: object) -> Settings:
    given = {
        "bot_token": "1:abc",
        "owners": [1],
        "database_url": f"sqlite+aiosqlite:///{folder}/amity.db",
        "listen": "127.0.0.1:1",
        "webhook_url": HOOK,
        "webhook_secret": "what-only-two-know",
    }
    return Settings.model_validate(given | more)


async def found(settings: Settings, posting: Posting | ConnectionError) -> list[Finding]:
    async def ask_name(_: Settings) -> str:
        return "amity_bot"

    async def ask_posting(_: Settings) -> Posting:
        if isinstance(posting, ConnectionError):
            raise posting
        return posting

    findings = await look(settings, ask_name, ask_posting, now=NOON)
    return [one for one in findings if one.subject == "webhook"]


@pytest.mark.parametrize(
    ("posting", "well", "words"),
    [
        (STANDS, True, "posts to AMITY_WEBHOOK_URL"),
        (Posting("", 0, "", None), True, "`amity run` tells it"),
        (Posting("https://elsewhere.example/secret", 0, "", None), False, "another address"),
        (FAILED, False, "502 Bad Gateway"),
        (replace(FAILED, failed_at=NOON - 60 * MINUTE), True, "posts to AMITY_WEBHOOK_URL"),
        (replace(FAILED, failed_at=NOON - 60 * MINUTE, waiting=3), False, "(3 wait)"),
        (ConnectionError("Telegram can't be reached"), False, "can't be reached"),
    ],
)
async def test_it_says_whether_telegram_posts_to_where_it_should(
    tmp_path: Path, posting: Posting | ConnectionError, well: bool, words: str
) -> None:
    (finding,) = await found(posted_to(tmp_path), posting)
    assert finding.well is well
    assert words in finding.line
    assert "\n" not in finding.line


async def test_it_tells_the_time_of_home_and_no_secret(tmp_path: Path) -> None:
    told = f"403 at {HOOK}\nfor /hook-Xy12 with what-only-two-know by bot1:abc"
    (finding,) = await found(posted_to(tmp_path), replace(FAILED, problem=told))
    assert "2026-11-22 at 11:59" in finding.line
    assert not any(secret in finding.line for secret in ("Xy12", "what-only", "1:abc", "\n"))


async def test_whoever_polls_hears_nothing_of_it(tmp_path: Path) -> None:
    assert await found(posted_to(tmp_path, webhook_url=None), FAILED) == []
