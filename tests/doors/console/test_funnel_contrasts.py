"""A funnel that is split says which values lose more than the others beyond chance."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from tests.doors.console.conftest import WEEK
from tests.insight.metrics.events import added, remember, viewed
from zhanggui.base.shops.rules import Shop

pytestmark = pytest.mark.usefixtures("at_noon")

STEPS = "event.1=Product+Viewed&event.2=Product+Added&by=device"


def look_and_add(shop: Shop, *, device: str, looked: int, kept: int) -> None:
    people = [f"{device}-{n}" for n in range(looked)]
    remember(
        shop,
        [viewed(f"2026-05-02T04:{n % 60:02d}", who, device=device) for n, who in enumerate(people)],
        [added(f"2026-05-02T05:{n % 60:02d}", who, device=device) for n, who in enumerate(people[:kept])],
    )


def shown(client: Client) -> str:
    answer = client.get(f"/console/funnel/?{STEPS}&{WEEK}")
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def test_a_device_on_which_nobody_goes_on_is_named_with_its_bounds(owner: Client, acme: Shop) -> None:
    look_and_add(acme, device="tablet", looked=30, kept=0)
    look_and_add(acme, device="desktop", looked=60, kept=40)

    text = shown(owner)

    table = text.split('Other than the rest beyond chance">')[1].split("</table>")[0]
    rows = re.findall(r"<tr>.*?</tr>", table.split("<tbody>")[1], re.DOTALL)
    (tablet,) = [row for row in rows if "Tablet" in row]
    assert "0.0%" in tablet
    assert re.search(r"-\d\d\.\d to -\d\d\.\d points", tablet)
    # 41 of 92 go on; the bounds of the whole are Wilson's.
    assert "34.8%–54.7%" in text


def test_where_all_are_alike_nothing_is_said(owner: Client, acme: Shop) -> None:
    look_and_add(acme, device="tablet", looked=30, kept=20)
    look_and_add(acme, device="desktop", looked=60, kept=41)
    assert "beyond chance" not in shown(owner)
