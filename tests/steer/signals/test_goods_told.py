"""What is told of goods explains what their visitors do: it is no break of a channel, and hides none."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pytest

from tests.insight.metrics.events import a_shop, added, bought, line, page, remember, utc, viewed
from tests.steer.signals.findings import ANN, CLOCK, a_finding, finder
from zhanggui.insight.metrics.rules import Period
from zhanggui.steer.signals import actions, ports, queries
from zhanggui.steer.signals.detectors import funnel_break, funnel_slip
from zhanggui.steer.signals.rules import Evidence

pytestmark = [pytest.mark.tables("orders", "sessions", "sku_days"), pytest.mark.django_db]

DAYS = 29
FIRST = date(2026, 3, 2)
LAST = FIRST + timedelta(days=DAYS - 1)
MORNING = utc(f"{LAST}T20:00")
CHANNELS = ("direct", "email", "search")


def a_visit(day: date, who: str, *, sku: str, buys: bool, orders: bool = True, **where: str) -> Iterable[Any]:
    """Somebody looks at a good and, if they buy, puts it into the cart and orders it."""
    at, person = f"{day}T04:00", f"v-{day}-{who}"
    yield page(at, person, **where)
    yield viewed(at, person, sku=sku, **where)
    if buys:
        yield added(at, person, sku=sku, **where)
        if orders:
            session = f"s/{person}"
            yield from bought(f"O-{day}-{who}", at, line(sku, 1, 1_000), person=person, session=session, **where)


def a_month(*, are_tablets_broken: bool) -> Iterable[Any]:
    """A hundred visits a day by three channels, half of them to tea, of which three in four buy.

    On the last day tea is out, a ring buys lids by one channel, and tablets may be broken.
    """
    for n in range(DAYS):
        day = FIRST + timedelta(days=n)
        for who in range(96):
            where = {
                "channel": CHANNELS[who % 3],
                "device": "tablet" if who // 3 % 2 else "phone",
                "region": "north",
            }
            sku = "tea" if who // 6 % 2 else "cup"
            is_out = day == LAST and sku == "tea"
            works = not (are_tablets_broken and day == LAST and where["device"] == "tablet")
            buys = who // 12 % 4 > 0 and not is_out
            yield from a_visit(day, str(who), sku=sku, buys=buys, orders=works, **where)
    for who in range(96):
        yield from a_visit(LAST, f"ring-{who}", sku="lid", buys=True, channel="direct", device="phone", region="north")


def tell(monkeypatch: pytest.MonkeyPatch, *, free: int = 0) -> None:
    """Tea is told to run out, of which so many pieces are left, and lids to be bought by a ring."""
    left = Evidence(what="runs_out", numbers={"sku": "tea", "free": free}, page="stock", query="")
    told = finder(
        a_finding("stockout_ahead", "sku:tea", day=LAST, evidence=(left,)),
        a_finding("fake_ring", "sku:lid", day=LAST),
    )
    monkeypatch.setattr(ports, "detectors", {"told": told})
    assert actions.look(shop="acme", day=LAST, at=MORNING, by=CLOCK) == 2


def breaks() -> list[str]:
    return sorted(one.subject for one in funnel_break.detect("acme", LAST, at=MORNING))


def test_channels_do_not_break_because_a_good_is_out_and_a_ring_came_by_another(monkeypatch, lake_folder):
    remember(a_shop(), *a_month(are_tablets_broken=False))
    assert {"channel:email", "channel:search"} <= set(breaks())

    tell(monkeypatch)

    assert breaks() == []
    assert list(funnel_slip.detect("acme", LAST, at=MORNING)) == []


def test_what_broke_meanwhile_is_told_and_costs_what_all_its_visits_lose(monkeypatch, lake_folder):
    remember(a_shop(), *a_month(are_tablets_broken=True))
    tell(monkeypatch)

    (found,) = funnel_break.detect("acme", LAST, at=MORNING)

    assert found.subject == "device:tablet"
    assert found.evidence[-1].numbers == {"skus": "lid, tea"}
    # Of forty-eight tablets twenty-four looked at cups, of which eighteen put one into the cart and ordered none.
    assert (found.evidence[0].numbers["taken"], found.evidence[0].numbers["of"]) == (0, 18)
    assert found.size.low_minor <= 18_000 <= found.size.high_minor


def test_what_was_not_useful_explains_nothing(monkeypatch, lake_folder):
    remember(a_shop(), *a_month(are_tablets_broken=False))
    tell(monkeypatch)
    for signal in queries.inbox("acme", at=MORNING):
        actions.dismiss(id=signal.id, is_useful=False, words="A count was wrong.", by=ANN)

    assert "channel:email" in breaks()


@pytest.mark.parametrize(("free", "goods"), [(0, ("lid", "tea")), (3, ("lid",))], ids=["out", "running out"])
def test_what_can_still_be_had_explains_nothing(monkeypatch, lake_folder, free, goods):
    a_shop()
    tell(monkeypatch, free=free)

    assert funnel_break.goods_told("acme", Period(LAST, LAST + timedelta(days=1))) == goods
