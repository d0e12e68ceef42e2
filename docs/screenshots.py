"""Take the pictures of the main pages, anew from a demo city: ``./dev screenshots [FOLDER]``.

It starts a city of its own on a free port, signs in as the officers whose pages they are, and stops it again.  Needs a Chromium
(``CHROMIUM`` names one).
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

from interface.demo import PASSWORD

ROOT = Path(__file__).parents[1]
CASE = "/cases/620502-2025-D00373"
YEAR = "from=2025-01-01&to=2025-04-10"


class Shot(NamedTuple):
    """A picture: its name, whose page, which, and how it is looked at."""

    name: str
    who: str | None
    path: str
    size: tuple[int, int] = (1366, 768)
    dark: bool = False
    lang: str = "zh"
    press: str | None = None
    to: str | None = None


SHOTS = (
    Shot("home", "lead.1", "/"),
    Shot("cases", "office.1", "/cases?status=overdue&sort=-claimed"),
    Shot("case", "lead.1", f"{CASE}?list=status%3Doverdue"),
    Shot("act", "lead.1", CASE, press='.acts a[href*="/do/order"]', to="#act"),
    Shot("past", "audit.1", f"{CASE}?on=2025-01-22"),
    Shot(
        "intake",
        "intake.1",
        "/intake?employer-name=秦州丙申水利水电有限公司&project=秦州中学教学楼&summary=拖欠9名工人工资",
    ),
    Shot("checklist", "lead.1", "/inspections/new", size=(820, 1180)),
    Shot("board", "office.1", "/board"),
    Shot("draw", "office.1", "/draws/620500-2025-CD0002"),
    Shot("statistics", "office.1", f"/statistics?{YEAR}", size=(1366, 1500)),
    Shot(
        "statistics-dark", "office.1", f"/statistics?name=closed-loop&{YEAR}", size=(1366, 1500), dark=True, lang="en"
    ),
    Shot("oversight", "audit.1", "/oversight", lang="en"),
    Shot("status", None, "/status", size=(390, 844)),
)


def main(folder: Path) -> None:
    """Every picture, into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        port = _free_port()
        env = {**os.environ, "QINGXIN_HOME": home, "QINGXIN_PORT": str(port)}
        run = [sys.executable, "-m", "interface"]
        subprocess.run([*run, "serve", "--demo", "--detach"], env=env, check=True, stdout=subprocess.DEVNULL)
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=_chromium(), args=["--no-sandbox", "--disable-gpu"]
                )
                for shot in SHOTS:
                    _take(browser, f"http://127.0.0.1:{port}", shot, folder)
                browser.close()
        finally:
            subprocess.run([*run, "stop"], env=env, check=True, stdout=subprocess.DEVNULL)


def _take(browser: Browser, city: str, shot: Shot, folder: Path) -> None:
    width, height = shot.size
    context = browser.new_context(
        base_url=city,
        viewport={"width": width, "height": height},
        locale="zh-CN",
        color_scheme="dark" if shot.dark else "light",
    )
    context.add_cookies([{"name": "lang", "value": shot.lang, "url": city}])
    page = context.new_page()
    if shot.who:
        page.goto("/sign-in")
        page.locator("#name").fill(shot.who)
        page.locator("#password").fill(PASSWORD)
        page.locator("main form button").click()
        page.wait_for_load_state()
    page.goto(shot.path)
    _settled(page, shot)
    page.screenshot(path=folder / f"{shot.name}.jpg", type="jpeg", quality=78)
    context.close()


def _settled(page: Page, shot: Shot) -> None:
    """Whatever is fetched or pressed has come."""
    page.wait_for_load_state("networkidle")
    if shot.press:
        page.locator(shot.press).first.press("Enter")
        page.wait_for_load_state("networkidle")
    if shot.to:
        page.locator(shot.to).evaluate("part => part.scrollIntoView()")


def _chromium() -> str:
    names = (os.environ.get("CHROMIUM"), "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    if found is None:
        sys.exit("no Chromium: install it, or set CHROMIUM to one")
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "screenshots")
