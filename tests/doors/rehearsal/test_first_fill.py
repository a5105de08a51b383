"""The first filling: it goes on where it was stopped, and leaves a shop alone that is somebody's already."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.doors.rehearsal.filling import NOW, SIZES, events, fill, state
from zhanggui.base import clock
from zhanggui.base.shops import actions as opening
from zhanggui.base.shops.rules import Shop, ShopKind
from zhanggui.doors.rehearsal import actions
from zhanggui.doors.rehearsal.actions import Progress, Stage
from zhanggui.doors.rehearsal.errors import ShopInUse, ShopUnfit
from zhanggui.insight.lake import queries as lake
from zhanggui.shop.catalogue import actions as shelves
from zhanggui.shop.catalogue.rules import Category, Words

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("lake_folder")]


class Stopped(Exception):
    """The process was ended from outside."""


@pytest.fixture(autouse=True)
def _a_standing_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def test_a_filling_that_was_stopped_goes_on_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop_after_a_month(at: Progress) -> None:
        if at.stage is Stage.YEAR:
            raise Stopped

    with pytest.raises(Stopped):
        actions.fill(shop="demo", **SIZES, progress=stop_after_a_month)
    kept = lake.ops("demo").rows
    assert kept > 0
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=1))
    report = fill()
    assert report.last_day == date(2026, 11, 21)
    assert report.new_rows == report.rows - kept
    assert lake.ops("demo").rows == report.rows
    ((twice,),) = lake.ask(f"select count(*) - count(distinct id) from {events(report)}")
    assert twice == 0


def test_a_shop_with_goods_of_its_own_is_left_alone() -> None:
    _open(code="demo")
    shelves.put_up_categories(
        categories=[Category(shop="demo", key="own", name=Words(zh="自家", en="Own"), position=0)]
    )
    before = state()
    with pytest.raises(ShopInUse):
        fill()
    assert state() == before


def test_a_shop_with_other_books_is_left_alone() -> None:
    _open(code="demo", zone="Europe/London", currency="GBP")
    before = state()
    with pytest.raises(ShopUnfit):
        fill()
    assert state() == before


def _open(*, code: str, zone: str = "Asia/Shanghai", currency: str = "CNY") -> None:
    opening.open_shop(shop=Shop(code=code, name="Mine", zone=zone, currency=currency, kind=ShopKind.OWN))
