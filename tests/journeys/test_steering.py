"""Every page on which a shop is steered, filled, on a phone and a desktop, by day and by night, in both languages."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Literal

import pytest

from tests.growth.messages.conftest import carried
from tests.journeys.clerk import Clerk
from tests.journeys.looking import grave
from tests.journeys.shopper import DESKTOP, PHONE, PICTURES, Screen, photograph
from tests.journeys.steered import Steered, steered
from tests.shop.conftest import wait
from tests.steer.plays.conftest import plugged

__all__ = ["carried", "plugged", "wait"]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.dear,
    pytest.mark.django_db(transaction=True),
    pytest.mark.tables("orders", "offers", "sku_days", "stock_days", "visits"),
]

LIGHTS: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# What says of itself that it is English, such as the English words of a letter, may be.
SAID_IN_CHINESE = """(() => {
  const main = document.querySelector("main");
  for (const part of main.querySelectorAll("[lang=en]")) part.hidden = true;
  return main.innerText;
})()"""
# Two English words beside each other; names of people, goods and methods are no sentence.
ENGLISH = re.compile(r"[A-Z]?[a-z]{2,}(?: [a-z]{2,})+")


def pages(world: Steered) -> dict[str, str]:
    """Each page by the name of its picture."""
    return {
        "hands": "hands/",
        "goals": "goals/",
        "goal": f"goals/{world.goal}/",
        "goal-year": f"goals/{world.year_goal}/",
        "goal-new": "goals/new/",
        "goal-teams": "goals/teams/",
        "budgets": "budgets/?on=2026-12-09",
        "signals": "signals/",
        "signal": f"signals/{world.signal}/",
        "risks": "risks/",
        "plays": "plays/",
        "play-new": "plays/new/",
        "play-draft": f"plays/{world.draft}/",
        "play-edit": f"plays/{world.draft}/edit/",
        "play-running": f"plays/{world.running}/",
        "play-measured": f"plays/{world.measured}/",
        "effects": "effects/",
        "briefings": "briefings/",
        "briefing-month": f"briefings/{world.month}/",
        "briefing-edit": f"briefings/{world.month}/?edit=1",
        "briefing-year": f"briefings/{world.year}/",
        "messages": "messages/",
        "message": f"messages/{world.step}/",
        "selfcheck": "system/selfcheck/",
        "goods": "goods/",
        "value": "value/",
    }


def test_every_page_of_steering_fits_its_screen_and_can_be_read(
    open_shop: str, clerk: Callable[[Screen], Clerk], carried: None, wait: Callable[[timedelta], datetime]
) -> None:
    world = steered(wait)
    found = {}
    someone = clerk(Screen(language="zh"))
    for language, theme in zip(("zh", "en"), LIGHTS, strict=True):
        someone.reads(language)
        for name, path in pages(world).items():
            someone.opens(path)
            if faults := [*looked_at(someone, name, language=language, theme=theme)]:
                found[language, name] = faults

    assert found == {}


def looked_at(someone: Clerk, name: str, *, language: str, theme: Literal["light", "dark"]) -> Iterator[str]:
    """What is wrong with the page on both screens; it is loaded once. Pictures are taken in both lights."""
    page = someone.page
    for light in LIGHTS if PICTURES in os.environ else (theme,):
        page.emulate_media(color_scheme=light)
        for size, kind in ((PHONE, "phone"), (DESKTOP, "desktop")):
            page.set_viewport_size({"width": size[0], "height": size[1]})
            if light == theme and (wide := page.evaluate(SIDEWAYS)):
                yield f"{kind}: {wide} pixels hang over the edge"
            photograph(page, f"steer-{name}-{kind}-{language}-{light}")
    if page.locator("h1").count() != 1:
        yield "not one h1"
    page.emulate_media(color_scheme=theme)
    yield from (f"{rule}: {place}" for rule, place in grave(page))
    if language == "zh" and (left := ENGLISH.findall(page.evaluate(SAID_IN_CHINESE))):
        yield f"English: {sorted(set(left))}"
