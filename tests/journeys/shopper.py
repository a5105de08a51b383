"""A shopper with a real browser, on a phone or a desktop, with scripts or without, in one of two languages."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.core import signing
from django.db import connection
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from zhanggui.base.outbox.models import Letter

PHONE, DESKTOP, NARROW = (390, 844), (1440, 900), (320, 640)

ADDRESSES = {
    "zh": {
        "recipient": "林小满",
        "phone": "13800138000",
        "region": "浙江",
        "city": "杭州",
        "district": "西湖区",
        "street": "龙井路 1 号",
    },
    "en": {
        "recipient": "Ada Lovelace",
        "phone": "+44 20 7946 0000",
        "city": "London",
        "street": "12 St James's Square",
        "postcode": "SW1Y 4JH",
    },
}
# Chromium's own name without a window says headless, which the shop takes for a robot.
AGENTS = {
    True: "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36",
    False: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36",
}
# What a page sends as it is left does not show among its requests; it is noted down on the way.
_NOTE_BEACONS = """
const beacon = navigator.sendBeacon.bind(navigator);
navigator.sendBeacon = (address, body) => {
  localStorage.beacons = JSON.stringify([...JSON.parse(localStorage.beacons || "[]"), body]);
  return beacon(address, body);
};
"""
COUNTRIES = {"zh": "CN", "en": "GB"}
# The first page of a run loads and compiles what all pages need, and may do so on a busy machine.
PATIENCE_MS = 60_000
# Whoever wants to look at the walks names a folder; else no picture is taken.
PICTURES = "ZHANGGUI_PICTURES"


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """What somebody looks at.

    size  CSS pixels, wide and high
    """

    size: tuple[int, int] = DESKTOP
    language: str = "en"
    has_scripts: bool = True
    theme: str = "light"

    def __str__(self) -> str:
        kind = {PHONE: "phone", DESKTOP: "desktop", NARROW: "narrow"}[self.size]
        return f"{kind}-{self.language}-{'scripts' if self.has_scripts else 'plain'}"


class Shopper:
    """One browser profile that is walked through the shop."""

    def __init__(self, browser: Browser, screen: Screen, address: str) -> None:
        self.screen, self.address = screen, address
        self.complaints: list[str] = []
        self.sightings: list[dict[str, Any]] = []
        is_small = screen.size != DESKTOP
        self.context = browser.new_context(
            base_url=address,
            viewport={"width": screen.size[0], "height": screen.size[1]},
            locale="zh-CN" if screen.language == "zh" else "en-GB",
            java_script_enabled=screen.has_scripts,
            user_agent=AGENTS[is_small],
            is_mobile=is_small,
            has_touch=is_small,
            color_scheme="dark" if screen.theme == "dark" else "light",
        )
        self.context.add_init_script(_NOTE_BEACONS)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._see)

    def opens(self, path: str) -> None:
        """Open an address of the shop."""
        self.page.goto(path)

    def fills_in_where(self) -> None:
        """Type the address of this shopper's country."""
        self.page.locator("[name=country]").select_option(COUNTRIES[self.screen.language])
        for name, typed in ADDRESSES[self.screen.language].items():
            self.page.fill(f"[name={name}]", typed)

    def presses(self, selector: str) -> None:
        """Press the one thing of that kind, wherever it leads."""
        self.page.locator(selector).click()
        self.page.wait_for_load_state("load")

    def orders_and_pays(self) -> str:
        """On the checkout page: say where it goes, order, and pay at the sandbox; the order's number."""
        self.fills_in_where()
        self.presses(".sum button.is-main")
        return self.pays()

    def pays(self) -> str:
        """At the sandbox; the number of the order that is paid."""
        self.presses("button[value=pay]")
        self.page.locator(".order-mark.good").wait_for()
        return self.path.strip("/").rpartition("/")[2]

    def reads(self, selector: str = "main") -> str:
        """What stands there."""
        return self.page.locator(selector).inner_text()

    def sums(self) -> str:
        """What the checkout adds up, folded away or not."""
        return self.page.locator("#sum-lines").text_content() or ""

    def is_known_as(self, person: str) -> None:
        """Walk on in the browser of somebody who was here before."""
        visitor = signing.Signer(salt="storefront.visitor").sign(person)
        self.context.add_cookies([{"name": "visitor", "value": visitor, "url": self.address}])

    def signs_in(self, handle: str) -> None:
        """On the sign-in page: ask for a code, read it in the development outbox, type it."""
        with connection.cursor() as cursor:  # the wait between two codes is over
            cursor.execute("delete from base_accounts_asked")
        self.page.fill("[name=handle]", handle)
        self.page.check("[name=agree]")
        self.presses(".gate-form button")
        letter = Letter.objects.order_by("-id").first()
        found = re.search(r"\b\d{6}\b", letter.words) if letter else None
        assert found
        self.page.fill("[name=code]", found[0])
        self.presses(".gate-form button")

    @property
    def path(self) -> str:
        """Where the shopper is."""
        return urlsplit(self.page.url).path

    def shows(self, name: str) -> None:
        """Take a picture of the page, if somebody wants to look at it."""
        photograph(self.page, f"{name}-{self.screen}")

    def view(self) -> str:
        """The id of the page view."""
        return str(self.page.locator("body").get_attribute("data-view"))

    def told(self) -> dict[str, list[dict[str, Any]]]:
        """What the browser script reported of its own page and those before, by name, each once."""
        beacons = json.loads(self.page.evaluate("localStorage.beacons || '[]'"))
        sent = self.sightings + [one for body in beacons for one in json.loads(body)["batch"]]
        by_name: dict[str, list[dict[str, Any]]] = {}
        for sighting in {one["messageId"]: one for one in sent}.values():
            by_name.setdefault(sighting.get("event") or sighting["type"], []).append(sighting)
        return by_name

    def leave(self) -> None:
        """Close the browser; it must not have complained."""
        self.context.close()
        assert self.complaints == []

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.text} ({message.location.get('url', '')})")

    def _see(self, request: Request) -> None:
        where = urlsplit(request.url)
        if where.path == "/v1/batch" and request.post_data:
            self.sightings += json.loads(request.post_data)["batch"]
        if where.path == "/v1/pixel.gif":
            said = {name: values[0] for name, values in parse_qs(where.query).items()}
            self.sightings.append({"type": "page", "messageId": said["view"], "anonymousId": said["visitor"]})


def photograph(page: Page, name: str) -> None:
    """Keep a picture of a page in the folder that `ZHANGGUI_PICTURES` names."""
    if folder := os.environ.get(PICTURES):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
