"""A large shop's cockpit opens with what is at hand, and says of when that is."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client

from tests.doors.console.test_cockpit import cards_of, text_of
from tests.insight.metrics.events import bought, line, remember, utc
from zhanggui.base import clock
from zhanggui.base.home import shelf
from zhanggui.base.shops.rules import Shop
from zhanggui.doors.console import ahead
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.metrics.queries import forget_all
from zhanggui.insight.metrics.queries import shelf as shelving

pytestmark = pytest.mark.django_db

NOON = utc("2026-05-07T04:00")
MONTH = "/console/?shop=acme&period=30d"
SAYS = "the latest are being worked out"


@pytest.fixture(autouse=True)
def every_shop_is_large(acme: Shop, at_noon: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(shelving, "LARGE_ROWS", 1)
    shutil.rmtree(shelf("kept"))
    yield
    shutil.rmtree(shelf("kept"), ignore_errors=True)


def version_of(response) -> str:
    return re.search(r'data-live="([^"]*)"', response.content.decode())[1]


def one_more_order(shop: Shop) -> None:
    remember(shop, *bought("77", "2026-05-07T03:00", line("green", 1, 100_00)))
    # As another process, which keeps nothing.
    forget_all()


def test_a_page_laid_ready_says_as_of_when_and_then_brings_the_latest(acme: Shop, owner: Client) -> None:
    ahead.work_ahead()
    former = cards_of(owner.get(MONTH))["orders_paid"]
    one_more_order(acme)

    opened = owner.get(MONTH)
    assert cards_of(opened)["orders_paid"] == former
    assert "Figures as of 12:00:00; the latest are being worked out." in text_of(opened)

    # As the page's script asks.
    asked = owner.get(MONTH, headers={"X-Known": version_of(opened)})
    assert int(cards_of(asked)["orders_paid"][1]) == int(former[1]) + 1
    assert SAYS not in text_of(asked)
    assert version_of(asked) == str(lake.version("acme"))

    forget_all()
    again = owner.get(MONTH)
    assert (cards_of(again), SAYS in text_of(again)) == (cards_of(asked), False)


def test_what_is_laid_ready_after_a_roll_is_the_latest(acme: Shop, owner: Client) -> None:
    ahead.work_ahead()
    one_more_order(acme)
    ahead.work_ahead()
    latest = cards_of(owner.get(MONTH))
    forget_all()
    opened = owner.get(MONTH)
    assert SAYS not in text_of(opened)
    assert cards_of(opened) == latest
    shutil.rmtree(shelf("kept"))
    forget_all()
    assert cards_of(owner.get(MONTH)) == latest


def test_a_minute_later_the_page_says_that_a_minute_has_passed(
    acme: Shop, owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    ahead.work_ahead()
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(minutes=1))
    opened = owner.get(MONTH)
    assert SAYS in text_of(opened)
    assert SAYS not in text_of(owner.get(MONTH, headers={"X-Known": version_of(opened)}))


def test_what_does_not_run_is_never_of_former_tables(acme: Shop, owner: Client) -> None:
    """A page that does not ask again would stay as it is."""
    days = "/console/?shop=acme&period=custom&from=2026-05-01&to=2026-05-06"
    before = int(cards_of(owner.get(days))["orders_paid"][1])
    remember(acme, *bought("78", "2026-05-04T03:00", line("green", 1, 100_00)))
    forget_all()
    opened = owner.get(days)
    assert int(cards_of(opened)["orders_paid"][1]) == before + 1
    assert SAYS not in text_of(opened)


def test_other_filters_are_other_figures(acme: Shop, owner: Client) -> None:
    ahead.work_ahead()
    whole = cards_of(owner.get(MONTH))
    one_more_order(acme)
    phones = owner.get(f"{MONTH}&device=phone")
    assert SAYS not in text_of(phones)
    assert cards_of(phones) != whole


def test_small_shops_are_left_alone(acme: Shop, owner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelving, "LARGE_ROWS", 1_000_000)
    ahead.work_ahead()
    assert list(shelf("kept").iterdir()) == []
