"""Somebody at the console with a real browser, on a phone or a desktop, in one of two languages."""

from __future__ import annotations

from django.conf import settings
from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.journeys.shopper import DESKTOP, PATIENCE_MS, Screen, photograph
from tests.journeys.signed_in import as_operator
from tests.shop import made
from zhanggui.base.accounts.actions import take_in
from zhanggui.base.accounts.rules import Role

_LISTS_FIT = """[...document.querySelectorAll(".scroll:has(> .is-stacked)")]
    .every((one) => one.scrollWidth <= one.clientWidth)"""
EMAIL, PASSWORD = "lin@example.com", "seven-teapots-91"


class Clerk:
    """One browser profile that works in the console; it is signed in."""

    def __init__(self, browser: Browser, screen: Screen, address: str) -> None:
        self.screen = screen
        self.complaints: list[str] = []
        self.context = browser.new_context(
            base_url=address,
            viewport={"width": screen.size[0], "height": screen.size[1]},
            locale="zh-CN" if screen.language == "zh" else "en-GB",
            has_touch=screen.size != DESKTOP,
            color_scheme="dark" if screen.theme == "dark" else "light",
        )
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(f"{error} ({self.page.url})"))
        as_operator(self.context, address, take_in(email=EMAIL, password=PASSWORD, role=Role.OWNER))

    def opens(self, path: str) -> None:
        """Open a page of the shop's console."""
        sign = "&" if "?" in path else "?"
        self.page.goto(f"/console/{path}{sign}shop={made.SHOP}")

    def reads(self, language: str) -> None:
        """Have the pages in another language from now on."""
        name = {"zh": "zh-hans"}.get(language, language)
        self.context.add_cookies(
            [{"name": settings.LANGUAGE_COOKIE_NAME, "value": name, "domain": "localhost", "path": "/"}]
        )

    def presses(self, selector: str) -> None:
        """Press the one thing of that kind, wherever it leads."""
        self.page.locator(selector).click()
        self.page.wait_for_load_state("load")

    def fits(self) -> bool:
        """Whether nothing hangs over the edge of the screen, nor a list of things over its own."""
        wide: int = self.page.evaluate("document.documentElement.scrollWidth")
        return wide <= self.screen.size[0] and bool(self.page.evaluate(_LISTS_FIT))

    def shows(self, name: str) -> None:
        """Take a picture of the page, if somebody wants to look at it."""
        photograph(self.page, f"console-{name}-{self.screen}")

    def leave(self) -> None:
        """Close the browser; it must not have complained."""
        self.context.close()
        assert self.complaints == [], self.complaints

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.text} ({message.location.get('url', '')})")
