"""The Chromium that the page's tests drive: find one, or have one installed.

Run as `python -m tests.browser` before the tests; it ends with 1 and one clear line where none can be had.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--no-sandbox",
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def executable() -> str | None:
    """Return the path of an installed Chromium, Playwright's own download included; None without one."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    downloads = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    return next((str(found) for found in sorted(downloads.glob("chromium-*/chrome-linux*/chrome"))), None)


def starts(path: str) -> bool:
    """Launch the browser once and say whether it shows a page."""
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
            page = browser.new_page()
            page.set_content("<title>ready</title>")
            ready = page.title() == "ready"
            browser.close()
    except Error:
        return False
    return ready


def have_chinese_letters() -> bool:
    """Make sure that pictures of the page show Chinese; False where a font can't be had."""
    listed = shutil.which("fc-list")
    if listed and subprocess.run([listed, ":lang=zh"], capture_output=True, check=False).stdout.strip():
        return True
    return _install_packages("fonts-noto-cjk")


def main() -> int:
    """Find a browser that starts, else install one; tell the outcome in one line."""
    installs: tuple[Callable[[], bool], ...] = (
        lambda: True,
        lambda: _install_packages("chromium"),
        _download,
    )
    for install in installs:
        if install() and (path := executable()) and starts(path):
            letters = "" if have_chinese_letters() else " (no Chinese font: pictures will lack characters)"
            sys.stdout.write(f"Browser for the page's tests: {path}{letters}\n")
            return 0
    sys.stderr.write(
        "No browser for the page's tests: install Chromium (on Debian: apt-get install chromium).\n"
    )
    return 1


def _install_packages(*names: str) -> bool:
    """Install Debian packages as root or by a sudo that asks for no password; False where that may not be."""
    if not (apt := shutil.which("apt-get")):
        return False
    prefix: list[str] = []
    if os.geteuid() != 0:
        sudo = shutil.which("sudo")
        if sudo is None or not _runs([sudo, "-n", "true"]):
            return False
        prefix = [sudo, "-n"]
    install = [*prefix, apt, "install", "-y", "--no-install-recommends", *names]
    return _runs(install) or (_runs([*prefix, apt, "update"]) and _runs(install))


def _download() -> bool:
    return _runs([sys.executable, "-m", "playwright", "install", "chromium"])


def _runs(command: list[str]) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    finished = subprocess.run(command, capture_output=True, check=False, env=environment)
    return finished.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
