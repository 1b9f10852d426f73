"""What the operator types, and the one line that says what is wrong."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands import ROOT, Ended, amity
from tests.phone import Telegram, telegram_running

LISTENING = {"AMITY_BOT_TOKEN": "1:x", "AMITY_LISTEN": "127.0.0.1:1"}
WRONG = [
    ({}, "AMITY_BOT_TOKEN"),
    ({"AMITY_BOT_TOKEN": "1:x", "AMITY_OWNERS": "me"}, "AMITY_OWNERS"),
    ({"AMITY_BOT_TOKEN": "1:x", "AMITY_TIMEZONE": "Mars/Olympus"}, "AMITY_TIMEZONE"),
    ({"AMITY_BOT_TOKEN": "1:x", "AMITY_SEND_RATE": "fast"}, "AMITY_SEND_RATE"),
    ({"AMITY_BOT_TOKEN": "1:x", "AMITY_API_URL": "telegram"}, "AMITY_API_URL"),
    ({"AMITY_BOT_TOKEN": "1:x", "AMITY_DATABASE_URL": "mysql://x"}, "AMITY_DATABASE_URL"),
    ({"AMITY_BOT_TOKEN": "1:x", "AMITY_DATABASE_URL": "nonsense"}, "AMITY_DATABASE_URL"),
    (
        {"AMITY_BOT_TOKEN": "1:x", "AMITY_DATABASE_URL": "sqlite+aiosqlite:///no/a.db"},
        "AMITY_DATABASE_URL",
    ),
    ({"AMITY_BOT_TOKEN": "1:x", "AMITY_WEBHOOK_URL": "https://amity.example/hook"}, "AMITY_LISTEN"),
    ({**LISTENING, "AMITY_WEBHOOK_URL": "http://amity.example/hook"}, "AMITY_WEBHOOK_URL"),
    ({**LISTENING, "AMITY_WEBHOOK_URL": "hook"}, "AMITY_WEBHOOK_URL"),
    ({**LISTENING, "AMITY_WEBHOOK_SECRET": "too short"}, "AMITY_WEBHOOK_SECRET"),
    ({**LISTENING, "AMITY_WEBHOOK_SECRET": "letters that Telegram won't take"}, "AMITY_WEBHOOK_SECRET"),
]


@pytest.mark.parametrize(("settings", "named"), WRONG)
def test_a_wrong_setting_is_one_line_that_names_it(
    tmp_path: Path, settings: dict[str, str], named: str
) -> None:
    ended = amity(tmp_path, "run", **settings)
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1
    assert named in ended.stderr


def test_it_starts_as_a_module_too(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "bot", "run"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1
    assert "AMITY_BOT_TOKEN" in ended.stderr


async def in_thread(folder: Path, *arguments: str, **settings: str) -> Ended:
    return await asyncio.to_thread(amity, folder, *arguments, **settings)


async def test_a_token_that_telegram_refuses_is_one_line(tmp_path: Path) -> None:
    wrong = "123456789:" + "A" * 35
    async with telegram_running() as telegram:
        ended = await in_thread(tmp_path, "run", AMITY_BOT_TOKEN=wrong, AMITY_API_URL=telegram.api_url)
    assert ended.returncode == 2
    assert "AMITY_BOT_TOKEN is not accepted" in ended.stderr
    assert wrong not in ended.stderr + ended.stdout


def checked(telegram: Telegram) -> dict[str, str]:
    return {
        "AMITY_BOT_TOKEN": telegram.token,
        "AMITY_API_URL": telegram.api_url,
        "AMITY_OWNERS": "900000001",
    }


async def test_check_says_that_all_is_well(tmp_path: Path) -> None:
    async with telegram_running() as telegram:
        ended = await in_thread(tmp_path, "check", **checked(telegram))
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "amity_playground_bot" in ended.stdout
    assert "BAD" not in ended.stdout


async def test_check_says_in_plain_words_what_is_wrong(tmp_path: Path) -> None:
    async with telegram_running() as telegram:
        settings = checked(telegram) | {"AMITY_OWNERS": "", "AMITY_CONTENT": str(tmp_path / "nothing")}
        ended = await in_thread(tmp_path, "check", **settings)
    assert ended.returncode == 2
    assert "BAD owners" in ended.stdout
    assert "BAD content" in ended.stdout


async def test_check_looks_at_the_webhook(tmp_path: Path) -> None:
    hook = "http://127.0.0.1:1/hook"
    async with telegram_running() as telegram:
        settings = checked(telegram) | {"AMITY_LISTEN": "127.0.0.1:1", "AMITY_WEBHOOK_URL": hook}
        before = await in_thread(tmp_path, "check", **settings)
        await telegram.call("setWebhook", url=hook)
        await (await telegram.person("Ming")).write("/start")
        async with asyncio.timeout(20):
            while not (await telegram.call("getWebhookInfo"))["result"].get("last_error_message"):
                await asyncio.sleep(0.05)
        after = await in_thread(tmp_path, "check", **settings)
    assert (before.returncode, after.returncode) == (0, 2), before.stdout + after.stdout
    assert "ok  webhook: Telegram does not know" in before.stdout
    assert "BAD webhook: Telegram could not post" in after.stdout


def test_importing_twice_changes_nothing(tmp_path: Path) -> None:
    first = amity(tmp_path, "import", str(ROOT / "content"))
    second = amity(tmp_path, "import", str(ROOT / "content"))
    assert first.returncode == second.returncode == 0, first.stderr
    assert first.stdout == second.stdout


def test_calibrating_says_that_there_is_too_little_to_go_by_and_changes_nothing(tmp_path: Path) -> None:
    first = amity(tmp_path, "calibrate", "--apply")
    assert first.returncode == 0
    assert first.stdout.startswith("Too few labels: 0 questions with a right answer and 0 without")
    assert "Nothing was applied" in amity(tmp_path, "calibrate", "--undo").stdout
    assert amity(tmp_path, "calibrate", "--undo", "--apply").returncode == 2


def test_a_broken_pack_names_the_line_and_changes_nothing(tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    pack.mkdir()
    (pack / "pack.yaml").write_text("name: {en: X}\nbase_locale: tlh\n")
    ended = amity(tmp_path, "import", str(pack))
    assert ended.returncode == 2
    assert "pack.yaml:2" in ended.stderr
    assert not (tmp_path / "amity.db").exists()


def test_a_backup_is_what_restore_puts_back(tmp_path: Path) -> None:
    amity(tmp_path, "import", str(ROOT / "content"))
    copied = amity(tmp_path, "backup", "copy.db")
    assert copied.returncode == 0, copied.stderr
    (tmp_path / "amity.db").unlink()
    for leftover in tmp_path.glob("amity.db-*"):
        leftover.unlink()
    restored = amity(tmp_path, "restore", "copy.db")
    assert restored.returncode == 0, restored.stderr
    found = amity(tmp_path, "ask", "How do I become a volunteer?", "--json")
    assert '"none"' not in found.stdout
    assert found.returncode == 0, found.stderr


def test_restoring_what_is_no_backup_changes_nothing(tmp_path: Path) -> None:
    amity(tmp_path, "migrate")
    (tmp_path / "letter.txt").write_text("Dear all")
    before = (tmp_path / "amity.db").read_bytes()
    ended = amity(tmp_path, "restore", "letter.txt")
    assert ended.returncode == 2
    assert "not a copy" in ended.stderr
    assert (tmp_path / "amity.db").read_bytes() == before
