"""The pages in a real browser: the demo city served as it is served to anybody, and Chromium, which may speak to nobody else.

``page_of("auditor")`` answers the first page of an officer who signed in through the form.  A test fails by itself when the browser complains - an
error on the console, a violation of the content security policy, a fault of a script, an asset that is missing, an answer of
500 - or asks for anything that is not on loopback.  ``no_violations(page)`` asks axe.

The city is started by the first worker that needs it, shared by all, and stopped by the last.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Response,
    expect,
    sync_playwright,
)

from application.database import Connection, connect
from interface import embedded
from interface.demo import ACCOUNTS, PASSWORD
from tests.interface.city import City, free_port

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--disable-default-apps", "--mute-audio",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]  # fmt: skip
OWN = ("127.0.0.1", "localhost", "::1")
ASSETS = ("script", "stylesheet", "image", "font")
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PATIENCE = 10_000
"""Milliseconds a page may take on a busy machine."""

expect.set_options(timeout=PATIENCE)


# The city


@contextmanager
def _shared(folder: Path) -> Iterator[City]:
    """The city that all workers of this run share: started by the first, stopped by the last."""
    register = folder / "city.json"
    with _alone(folder):
        told = json.loads(register.read_text()) if register.exists() else {"users": 0, "port": free_port()}
        city = City(folder / "city", told["port"])
        if told["users"] == 0:
            city.home.mkdir(exist_ok=True)
            started = city.run("serve", "--demo", "--detach")
            assert started.returncode == 0, started.stderr + city.everything_said()
        register.write_text(json.dumps({**told, "users": told["users"] + 1}))
    try:
        yield city
    finally:
        with _alone(folder):
            told = json.loads(register.read_text())
            register.write_text(json.dumps({**told, "users": told["users"] - 1}))
            if told["users"] == 1:
                city.processes()
                city.run("stop")
                city.end()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / "city.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """The demo city and everything that runs for it."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent  # which the workers of a run have in common
    with _shared(folder) as city:
        yield city


@pytest.fixture(scope="session")
def city(served: City) -> str:
    """The address of the demo city."""
    return f"http://127.0.0.1:{served.port}"


@pytest.fixture
def owner(served: City) -> Iterator[Connection]:
    """The owner's connection to the database of the city."""
    url = embedded.running(served.home / "postgres")
    assert url is not None
    with connect(url, "owner") as connection:
        yield connection


# The browser


def chromium() -> str:
    """Where the browser is.  Fails if there is none: pages nobody looked at are not tested."""
    found = (shutil.which(name) for name in (os.environ.get("CHROMIUM"), *NAMES) if name)
    path = next(filter(None, found), None)
    if path is None:
        pytest.fail(
            "找不到浏览器,网页测试无法进行;请安装 chromium-headless-shell(或 chromium)与 fonts-noto-cjk,或将 CHROMIUM 设为其路径 / there is no browser for the "
            "tests of the pages: install chromium-headless-shell or chromium, and fonts-noto-cjk (as root on Debian `./dev test` does), or set CHROMIUM to one",
            pytrace=False,
        )
    return path


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium, started once for each worker."""
    running = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
    yield running
    running.close()


class Watched:
    """A window of the browser, and what the browser had to complain of."""

    def __init__(self, context: BrowserContext):
        self.context = context
        self.complaints: list[str] = []
        context.on("console", self._said)
        context.on("weberror", lambda error: self.complaints.append(f"a script failed: {error.error}"))
        context.on("response", self._answered)
        context.on("request", lambda request: self._asked(request.url))

    def _said(self, message: ConsoleMessage) -> None:
        """Whatever stands on the console as an error; what is refused is told by ``_answered``, with its address."""
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.complaints.append(f"on the console: {message.text}")

    def _answered(self, response: Response) -> None:
        missing = response.status >= 400 and response.request.resource_type in ASSETS
        if response.status >= 500 or missing:
            self.complaints.append(f"{response.status} for {response.url}")

    def _asked(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname not in OWN:
            self.complaints.append(f"asked elsewhere: {url}")


@pytest.fixture(scope="session")
def cookies() -> dict[str, list[Any]]:
    """The cookies of whoever signed in through the form before, by account: once for each worker is enough."""
    return {}


@pytest.fixture
def page_of(browser: Browser, city: str, cookies: dict[str, list[Any]]) -> Iterator[Callable[..., Page]]:
    """Opens a window of its own for an officer, by account or by role, or for a stranger (None); see the top of this file.

    ``afresh`` signs in through the form for this test alone: for whoever is going to sign out.
    """
    windows: list[Watched] = []

    def opened(
        who: str | None = None,
        lang: str = "zh",
        dark: bool = False,
        size: tuple[int, int] = (1366, 768),
        javascript: bool = True,
        afresh: bool = False,
        **options: Any,
    ) -> Page:
        context = browser.new_context(
            base_url=city,
            viewport={"width": size[0], "height": size[1]},
            locale="zh-CN" if lang == "zh" else "en-GB",
            color_scheme="dark" if dark else "light",
            java_script_enabled=javascript,
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(PATIENCE)
        likes = {"lang": lang, "theme": "dark" if dark else "light"}
        context.add_cookies([{"name": name, "value": value, "url": city} for name, value in likes.items()])
        windows.append(Watched(context))
        page = context.new_page()
        if who is not None:
            name = account(who)
            if afresh or not came_back(page, name):
                sign_in(page, name)
                if not afresh:
                    cookies[name] = [cookie for cookie in context.cookies() if cookie["name"] == "qingxin"]
        return page

    def came_back(page: Page, name: str) -> bool:
        """Whether an officer who signed in before still is."""
        if name not in cookies:
            return False
        page.context.add_cookies(cookies[name])
        page.goto("/")
        return page.locator("header form.who b").count() == 1

    yield opened
    complaints = [complaint for window in windows for complaint in window.complaints]
    for window in windows:
        window.context.close()
    assert not complaints, "\n".join(dict.fromkeys(complaints))


def account(who: str) -> str:
    """The account of that name, or the first of that role."""
    found = next((name for name, role, *_ in ACCOUNTS if who in (name, role)), None)
    assert found is not None, f"the demo city has no officer {who}"
    return found


def sign_in(page: Page, name: str, password: str = PASSWORD, *, going: str = "/") -> None:
    """Sign in through the form, and see the bar with one's own name."""
    fill_in(page, name, password, going=going)
    expect(page.locator("header form.who b")).to_have_text(name)


def fill_in(page: Page, name: str, password: str, *, going: str | None = None) -> None:
    """Fill in the form of the sign-in page and send it."""
    if going is not None:
        page.goto(f"/sign-in?next={going}")
    page.locator("#name").fill(name)
    page.locator("#password").fill(password)
    page.locator("main form button").click()


# Who cannot see, or has no mouse

AXE = Axe.from_file(Path(__file__).parent / "vendor" / "axe" / "axe.min.js")
"""Newer than the one its Python package brings: it takes little more than half the time."""


def no_violations(page: Page, *, within: str | None = None) -> None:
    """Assert that axe has nothing to say of a page as it stands, or of a part of it."""
    found = AXE.run(page, context=within).response["violations"]
    told = [
        f"{violation['id']} ({violation['impact']}): {violation['help']}\n"
        + "\n".join(
            f"    {' '.join(map(str, node['target']))}  {node['html'][:160]}" for node in violation["nodes"][:5]
        )
        for violation in found
    ]
    assert not told, f"{page.url}\n" + "\n".join(told)
