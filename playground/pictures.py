"""Taking the pictures that the README and the guides show: `python -m playground.pictures FOLDER`."""

import argparse
import asyncio
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from bot.settings import load
from playground.play import playing
from playground.sample import ORGANISER, PEOPLE

if TYPE_CHECKING:
    from playwright.async_api import APIRequestContext, Browser

BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CONTENT: Final = Path(__file__).parent.parent / "content"
PATIENCE = 15.0

MING, ALEX = PEOPLE[0][0], PEOPLE[1][0]
PHONE, DESKTOP, TALL = (390, 844), (1100, 680), (1100, 780)


class Missing(Exception):
    """What was to be pressed is not on the screen, or there is nothing to take pictures with."""


@dataclass(frozen=True)
class Hand:
    """One person's hand on the playground: it writes and presses, and waits until the bot has answered."""

    api: "APIRequestContext"
    person: int

    async def write(self, text: str) -> None:
        await self._post("/api/send", {"person": self.person, "chat": self.person, "text": text})
        await self._settle()

    async def press(self, *labels: str) -> None:
        """Press the newest buttons whose labels contain these, one after the other."""
        for label in labels:
            await self._press(label)

    async def _press(self, label: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while (found := await self._find(label)) is None:
            if time.monotonic() > deadline:
                raise Missing(f"no button says “{label}”")
            await asyncio.sleep(0.2)
        await self._post("/api/press", {"person": self.person, "chat": self.person, **found})
        await self._settle()

    async def _find(self, label: str) -> dict[str, Any] | None:
        """Find the newest button with the label that the bot hears of."""
        answer = await self.api.get(f"/api/chats/{self.person}/messages")
        for message in reversed((await answer.json())["messages"]):
            for row in message.get("reply_markup", {}).get("inline_keyboard", []):
                for one in row:
                    if label in one["text"] and "callback_data" in one:
                        return {"message_id": message["message_id"], "data": one["callback_data"]}
        return None

    async def move_clock(self, **by: Any) -> None:
        """Move everybody's clock, as /api/clock takes it: `seconds=3600` or `to="next"`."""
        await self._post("/api/clock", by)
        await self._settle()

    async def _post(self, path: str, body: dict[str, Any]) -> None:
        answer = await self.api.post(path, data=body)
        if not answer.ok:
            raise Missing(f"{path}: {await answer.text()}")

    async def _settle(self) -> None:
        await self.api.get(f"/api/settled?quiet=0.6&wait={PATIENCE:g}")


async def sign_up(hand: Hand) -> None:
    """Ming takes a place at the forum."""
    await hand.write("/start")
    await hand.press("繁體中文", "我同意", "活動", "城市友誼論壇", "我會出席")


async def ask_in_cantonese(hand: Hand) -> None:
    """Ming asks as people speak, and is understood."""
    await hand.write("外交知識競賽係咩嚟㗎？")


async def ask(hand: Hand) -> None:
    """Alex asks something that is answered with its source."""
    await hand.write("/start")
    await hand.press("English", "I agree")
    await hand.write("What is the Diplomatic Knowledge Contest?")


async def wait_for_reminder(hand: Hand) -> None:
    """Ming looks at the place once more and lets time pass until the first reminder comes."""
    await hand.write("/my")
    await hand.press("城市友誼論壇")
    await hand.move_clock(to="next")


async def describe_event(hand: Hand) -> None:
    """The organiser describes a visit up to the look before publishing."""
    await hand.write("/organise")
    await hand.press("新增活動", "文化參訪")
    await hand.write("（示例）茶館文化半日遊")
    await hand.write("與虛構的茶藝師學沖工夫茶，聽老街坊講上環的故事。")
    await hand.write("下星期六下午3時")
    await hand.press("2小時")
    await hand.write("上環示例茶館")
    await hand.press("略過", "略過")
    await hand.write("24")
    await hand.press("2", "不設截止時間", "完成")
    await hand.press("略過", "略過", "略過")


async def write_broadcast(hand: Hand) -> None:
    """Alex, made an organiser, writes to the members in two languages, up to the last question."""
    chair = Hand(hand.api, ORGANISER)
    await chair.press("停止")
    await chair.write("/organise")
    await chair.press("團隊", "新增主辦人員")
    await chair.write(str(hand.person))
    await chair.press("是，新增")
    await hand.write("/organise")
    await hand.press("Broadcast", "New broadcast")
    await hand.write("(Sample) Sign-up for our forum is open.")
    await hand.press("繁體中文")
    await hand.write("（示例）城市友誼論壇現已接受報名。")
    await hand.press("Send…")


@dataclass(frozen=True)
class Picture:
    """A picture's file, whose chat it shows, and what happens before it is taken."""

    name: str
    person: int
    size: tuple[int, int]
    before: Callable[[Hand], Awaitable[None]]
    scheme: Literal["light", "dark"] = "light"


# In this order: each goes on from where the last one left the playground.
PICTURES: Final = (
    Picture("member-phone", MING, PHONE, sign_up),
    Picture("member-desktop", MING, DESKTOP, ask_in_cantonese),
    Picture("member-en-phone", ALEX, PHONE, ask),
    Picture("organiser-desktop", ORGANISER, TALL, describe_event),
    Picture("broadcast-desktop", ALEX, DESKTOP, write_broadcast),
    Picture("dark-phone", MING, PHONE, wait_for_reminder, scheme="dark"),
)


async def take(browser: "Browser", address: str, picture: Picture, folder: Path) -> Path:
    """Show the person's chat at its end and keep a picture of it."""
    width, height = picture.size
    page = await browser.new_page(
        viewport={"width": width, "height": height},
        color_scheme=picture.scheme,
        reduced_motion="reduce",
        locale="en",
        timezone_id="Asia/Hong_Kong",
    )
    try:
        await page.goto(f"{address}/#person={picture.person}")
        await page.locator(".theirs").last.wait_for()
        await page.evaluate("document.fonts.ready")
        # The conversation scrolls to its end once its letters have their sizes.
        await page.wait_for_timeout(500)
        path = folder / f"{picture.name}.png"
        await page.screenshot(path=path)
    finally:
        await page.close()
    return path


@asynccontextmanager
async def browsing(executable: str) -> AsyncIterator[tuple["Browser", Callable[[str], Awaitable[Any]]]]:
    """Run a headless browser; beside it, what opens a connection to an address."""
    try:
        from playwright.async_api import async_playwright  # noqa: PLC0415 - only those who take pictures have it
    except ImportError:
        raise Missing(
            "Pictures are taken with Playwright: install the packages in requirements/test.txt."
        ) from None
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox", "--disable-gpu"]
        )
        try:
            yield browser, lambda address: playwright.request.new_context(base_url=address)
        finally:
            await browser.close()


async def take_all(folder: Path, executable: str) -> None:
    """Play everything that the pictures show in a fresh playground, and take them."""
    with tempfile.TemporaryDirectory(prefix="amity-") as kept:
        async with (
            browsing(executable) as (browser, connect),
            playing(load(env_file=None), Path(kept), CONTENT, 0) as address,
        ):
            api = await connect(address)
            for picture in PICTURES:
                await picture.before(Hand(api, picture.person))
                path = await take(browser, address, picture, folder)
                sys.stdout.write(f"{path} ({path.stat().st_size // 1024} KB)\n")
            await api.dispose()


def main() -> int:
    """Take the pictures; end with 1 and one clear line where that can't be done."""
    parser = argparse.ArgumentParser(description="Take the pictures that the README and the guides show.")
    parser.add_argument("folder", type=Path, help="where the pictures go, such as docs/pictures")
    parser.add_argument("--browser", help="the path of Chromium or Chrome, if it is not on the PATH")
    given = parser.parse_args()
    executable = given.browser or next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if executable is None:
        sys.stderr.write("No Chromium or Chrome on the PATH: name one with --browser.\n")
        return 1
    outcome = 0
    try:
        given.folder.mkdir(parents=True, exist_ok=True)
        asyncio.run(take_all(given.folder, executable))
    except* Missing as problems:
        sys.stderr.write(f"{_innermost(problems)}\n")
        outcome = 1
    return outcome


def _innermost(problem: BaseException) -> BaseException:
    while isinstance(problem, BaseExceptionGroup):
        problem = problem.exceptions[0]
    return problem


if __name__ == "__main__":
    sys.exit(main())
