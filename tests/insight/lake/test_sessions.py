"""Visits one by one: where one begins and ends, whose it was, and what no visit is."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.insight.lake.making import DAY, NOON, VISIT, an_event, an_order_event, append, rows_of
from zhanggui.base import clock
from zhanggui.insight.lake import actions

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lake_folder")]


def seen(minutes: float, name: str = "Page", **changed: Any) -> Any:
    return an_event(f"{name}/{minutes}", name=name, at=after(minutes), **changed)


def after(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def test_a_session_says_how_it_began_who_it_was_and_how_far_it_went() -> None:
    append(
        "b",
        seen(0, session="s1", person="v1", page="/landing/", **VISIT | {"channel": ""}),
        seen(1, "Product Viewed", session="s1", person="v1", page="/p/cup/", **VISIT),
        seen(2, "Product Added", session="s1", person="v1", page="/p/cup/", **VISIT | {"channel": "email"}),
        seen(3, session="s1", person="c1", page="/cart/", **VISIT | {"device": "desktop"}),
        seen(4, "Checkout Started", session="s1", person="c1"),
        an_order_event("shop.order_placed", "A1", session="s1", person="c1", at=after(5)),
        an_order_event("shop.payment_settled", "A1", session="s1", person="c1", at=after(90)),
    )
    actions.roll()
    assert rows_of("sessions") == [
        {
            "day": DAY,
            "session": "s1",
            "person": "c1",
            "channel": "search",
            "campaign": "",
            "device": "phone",
            "region": "CN-31",
            "started_us": clock.micros(NOON),
            "ended_us": clock.micros(after(5)),
            "pv": 2,
            "product_views": 1,
            "adds": 1,
            "checkouts": 1,
            "orders": 1,
            "landing_page": "/landing/",
        }
    ]


def test_without_an_id_a_session_ends_after_half_an_hour_of_silence() -> None:
    append(
        "b",
        *(seen(minutes, person="v1") for minutes in (0, 30, 60, 60.1, 90.2)),
        seen(10, person="v2"),
        seen(20, person="v1", session="named"),
        seen(21, person=""),
    )
    actions.roll()
    found = [(r["person"], (r["started_us"] - clock.micros(NOON)) / 60e6, r["pv"]) for r in rows_of("sessions")]
    assert sorted(found) == [("v1", 0, 4), ("v1", 20, 1), ("v1", 90.2, 1), ("v2", 10, 1)]


def test_an_order_alone_bots_and_other_facts_make_no_session() -> None:
    append(
        "b",
        an_order_event("shop.order_placed", "A1", person="c1"),
        an_event("bot", session="s2", person="v2", device="bot"),
        an_event("fact", name="shop.review_published", session="s3", person="c1"),
    )
    actions.roll()
    assert rows_of("sessions") == []


def test_a_session_ends_with_its_business_day() -> None:
    append("b", seen(0, session="s1"), seen(12 * 60, session="s1"))
    actions.roll()
    assert [(r["day"] - DAY, r["session"]) for r in rows_of("sessions")] == [
        (timedelta(), "s1"),
        (timedelta(days=1), "s1"),
    ]
