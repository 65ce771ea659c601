"""The running product and a real browser: the server as a process of its own, and Chromium with an eye on its console.

`python browser.py FOLDER` (with the tests on the path) puts the cast into an installation, each with `PASSWORD`.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin, urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

__all__ = ["PASSWORD", "PHONE", "Town", "Visitor", "chromium", "running", "serving"]

PASSWORD: Final = "青禾-Luoshi-2026"
PHONE: Final = {"width": 390, "height": 844}
DESK: Final = {"width": 1366, "height": 768}
HERE: Final = Path(__file__).parent
_ARGUMENTS: Final = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage")


@dataclass
class Visitor:
    """One person at one browser: the page, and everything that its console complained of."""

    page: Page
    base: str
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> int:
        """Open an address of the product; return the answer's status."""
        answer = self.page.goto(urljoin(self.base, path))
        assert answer is not None
        return answer.status

    def sign_in(self, name: str) -> None:
        """Sign in as one of the cast."""
        self.go("/account/login/")
        self.page.fill("input[name=login]", name)
        self.page.fill("input[name=password]", PASSWORD)
        self.press_and_arrive(lambda: self.page.keyboard.press("Enter"))
        assert self.path == "/", self.text

    def press_and_arrive(self, act: Callable[[], object]) -> None:
        """Do what leads to another page, and wait until it is there."""
        with self.page.expect_navigation():
            act()

    def send(self, button: str) -> None:
        """Press a button of the page's form by its words."""
        self.press_and_arrive(self.page.locator("main form").get_by_role("button", name=button, exact=True).click)

    def follow(self, words: str) -> None:
        """Follow a link by its words."""
        self.press_and_arrive(self.page.get_by_role("link", name=words, exact=True).first.click)

    @property
    def path(self) -> str:
        """Where the visitor is."""
        return urlsplit(self.page.url).path

    @property
    def text(self) -> str:
        """What the page says."""
        return self.page.inner_text("body")

    def wider_than_the_screen(self) -> int:
        """Return by how many pixels the page has to be pushed sideways."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))

    def unlabelled(self) -> list[str]:
        """Return what a reader aloud could not name: fields, buttons, pictures; and headings and language amiss."""
        return [str(one) for one in self.page.evaluate((HERE / "nameless.js").read_text(encoding="utf-8"))]


@dataclass
class Town:
    """A running installation with the cast in it, and the browser in which they work."""

    base: str
    browser: Browser
    environment: dict[str, str]
    open_contexts: list[BrowserContext] = field(default_factory=list)
    visitors: list[Visitor] = field(default_factory=list)

    def visitor(self, name: str = "", **options: Any) -> Visitor:
        """Return somebody at a browser of their own, signed in as one of the cast unless nobody is named."""
        context = self.browser.new_context(**{"viewport": DESK, "locale": "zh-CN"} | options)
        context.set_default_timeout(20_000)
        self.open_contexts.append(context)
        visitor = Visitor(context.new_page(), self.base)
        self.visitors.append(visitor)
        visitor.page.on(
            "console",
            lambda said: visitor.complaints.append(said.text) if said.type in {"error", "warning"} else None,
        )
        visitor.page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
        if name:
            visitor.sign_in(name)
        return visitor

    def leave(self) -> None:
        """Close every window."""
        for context in self.open_contexts:
            context.close()
        self.open_contexts.clear()
        self.visitors.clear()


def chromium() -> str | None:
    """Return the browser's program, or None where there is none."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@contextmanager
def running(folder: Path) -> Iterator[Town]:
    """Set up an installation with the cast, serve it, start the browser; end both afterwards."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LUOSHI_")}
    environment |= {"LUOSHI_DATA": str(folder), "PYTHONPATH": str(HERE.parent), "PYTHONWARNINGS": "default"}
    environment |= _own_database()
    subprocess.run([sys.executable, str(HERE / "browser.py"), str(folder)], env=environment, check=True)
    with serving(folder, environment) as town:
        yield town


@contextmanager
def serving(folder: Path, environment: dict[str, str]) -> Iterator[Town]:
    """Serve an installation that is there, start the browser; end both afterwards."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 — only where there is a browser

    port = _free_port()
    command = [str(Path(sys.executable).with_name("luoshi")), "serve", "--data", str(folder), "--port", str(port)]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    base = f"http://127.0.0.1:{port}/"
    try:
        _wait_for(base + "alive/", server)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=list(_ARGUMENTS))
            yield Town(base, browser, environment)
            browser.close()
    finally:
        server.terminate()
        server.wait(timeout=60)


def _own_database() -> dict[str, str]:
    """Return the address of a new database of the test cluster where the run is on PostgreSQL."""
    cluster = os.environ.get("LUOSHI_TEST_CLUSTER")
    if not cluster:
        return {}
    import psycopg  # noqa: PLC0415 — only on PostgreSQL

    name = f"browser_{os.getpid()}_{time.monotonic_ns()}"
    with psycopg.connect(cluster, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return {"LUOSHI_DATABASE_URL": cluster.replace("/postgres?", f"/{name}?")}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if server.poll() is not None:
            raise RuntimeError(f"the server ended with {server.returncode}")
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                answer.read()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(url)


def _people(folder: Path) -> None:
    """Put the cast into an installation."""
    from luoshi.web.server import prepare, start_django  # noqa: PLC0415 — settings first

    start_django(folder)
    prepare()
    from django.contrib.auth.hashers import make_password  # noqa: PLC0415

    from cast import make_cast  # noqa: PLC0415
    from luoshi.accounts.models import Account  # noqa: PLC0415

    make_cast()
    Account.objects.update(password=make_password(PASSWORD))


if __name__ == "__main__":
    _people(Path(sys.argv[1]))
