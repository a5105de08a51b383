"""Filling a shop: goods, stock, reviews and the past stand afterwards, once, however often and whenever it is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.doors.rehearsal.filling import NOW, SIZES, events, fill, state
from zhanggui.base import clock
from zhanggui.base.shops import queries as shops
from zhanggui.base.shops.rules import ShopKind
from zhanggui.doors.rehearsal import actions, catalogue
from zhanggui.doors.rehearsal.actions import FillReport, Progress, Stage
from zhanggui.doors.rehearsal.errors import FilledOtherwise
from zhanggui.insight.lake import queries as lake
from zhanggui.shop.catalogue import models
from zhanggui.shop.catalogue import queries as shelf
from zhanggui.shop.catalogue.rules import Words
from zhanggui.shop.checkout import queries as checkout
from zhanggui.shop.reviews import models as opinion
from zhanggui.shop.reviews.rules import State as Standing
from zhanggui.supply.stock import queries as stock

pytestmark = pytest.mark.django_db


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What a first filling said, and showed on its way."""

    report: FillReport
    seen: tuple[Progress, ...]


@pytest.fixture(autouse=True)
def _a_standing_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture(scope="module")
def filled(standing_world: None) -> Filled:
    """A shop that was filled once, for all tests that find it so."""
    seen: list[Progress] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: NOW)
        return Filled(report=actions.fill(shop="demo", **SIZES, progress=seen.append), seen=tuple(seen))


def test_a_shop_is_filled_up_to_yesterday(filled: Filled) -> None:
    report = filled.report
    assert report.last_day == date(2026, 11, 21)
    assert report.first_day == date(2026, 10, 3)
    assert report.products == len(catalogue.goods())
    assert report.rows == report.new_rows == lake.ops("demo").rows
    assert lake.days("demo") == (report.first_day, report.last_day)


def test_all_goods_can_be_bought_with_their_words_prices_pictures_and_stock(filled: Filled) -> None:
    goods = catalogue.goods()
    cards = shelf.products([item.sku for item in goods])
    assert {sku: card.price.minor for sku, card in cards.items()} == {item.sku: item.price_minor for item in goods}
    assert all(card.is_listed for card in cards.values())
    assert stock.short_of({item.sku: 1 for item in goods}) == ()
    longjing = shelf.product("demo", "TEA-LONGJING-50")
    assert longjing.card.title == Words(zh="明前龙井 一芽一叶 50 g", en="Pre-Qingming Longjing, bud and leaf, 50 g")
    assert longjing.card.proof.zh.startswith("检测报告 QC")
    assert (longjing.attributes[0].name.zh, longjing.attributes[0].value.zh) == ("产地", "浙江杭州")
    assert longjing.listed_at == datetime(2026, 10, 2, 16, 0, tzinfo=UTC)
    assert shelf.picture("TEA-LONGJING-50").svg.startswith("<svg")
    assert {c.key for c in shelf.categories("demo") if c.parent} == set(catalogue.CATEGORY_KEYS)
    assert [(branch.category.key, branch.products) for branch in shelf.tree("demo")][:2] == [
        ("tea-table", 53),
        ("home", 53),
    ]
    standard, express, abroad = checkout.options("demo")
    assert (standard.rate.minor, standard.free_from and standard.free_from.minor) == (1000, 9900)
    assert (express.days, abroad.goes_to("DE"), abroad.goes_to("CN")) == ((1, 1), True, False)


def test_reviews_stand_under_the_goods_with_the_orders_they_speak_of(filled: Filled) -> None:
    report = filled.report
    written = list(opinion.Review.objects.exclude(state=Standing.PENDING).order_by("pk"))
    assert len(written) == report.reviews > 50
    told = dict(
        lake.ask(
            "select order_number || sku, ts_us from " + str(events(report)) + " where name = 'shop.review_published'"
        )
    )
    assert {review.order_number + review.sku: clock.micros(review.at) for review in written} == told
    rated = models.Product.objects.filter(rating_count__gt=0)
    assert sum(product.rating_count for product in rated) == len(written)


def test_what_sold_lately_stands_first(filled: Filled) -> None:
    report = filled.report
    sold = dict(
        lake.ask(
            f"select line.sku, sum(line.quantity)::int from (select unnest(lines) as line from {events(report)}"
            " where name = 'shop.order_placed') group by 1"
        )
    )
    best = shelf.home("demo").best
    assert all(sold[card.sku] >= 2 for card in best[:4])


def test_the_daily_tables_know_the_past(filled: Filled) -> None:
    report = filled.report
    orders = lake.rollup("demo", "orders", (report.first_day, report.last_day + timedelta(days=1)))
    assert lake.ask(f"select count(*) from {orders} where kind = 'placed'") == [(SIZES["orders"],)]
    assert lake.ops("demo").dirty_days == 0


def test_filling_twice_changes_nothing(filled: Filled) -> None:
    first = filled.report
    before = state()
    again = fill()
    assert again.new_rows == 0
    assert (again.rows, again.reviews, again.last_day) == (first.rows, first.reviews, first.last_day)
    assert state() == before


def test_a_shop_that_was_filled_earlier_keeps_its_last_day(filled: Filled, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=3))
    again = fill()
    assert (again.last_day, again.new_rows) == (filled.report.last_day, 0)


def test_the_operators_changes_outlive_a_second_filling(filled: Filled) -> None:
    models.Product.objects.filter(face_sku="TEA-LONGJING-50").update(title_zh="我家龙井")
    fill()
    assert shelf.product("demo", "TEA-LONGJING-50").card.title.zh == "我家龙井"


def test_every_stage_is_shown_from_start_to_end(filled: Filled) -> None:
    for stage in Stage:
        steps = [at for at in filled.seen if at.stage is stage]
        assert [at.done for at in steps] == sorted(at.done for at in steps)
        assert steps[-1].done == steps[-1].total


def test_a_filled_shop_is_not_filled_with_other_numbers(filled: Filled) -> None:
    before = state()
    with pytest.raises(FilledOtherwise):
        actions.fill(shop="demo", **{**SIZES, "orders": 301})
    assert state() == before


def test_the_shop_is_opened_if_it_does_not_stand(filled: Filled) -> None:
    standing = shops.shop("demo")
    assert (standing.zone, standing.currency, standing.kind) == ("Asia/Shanghai", "CNY", ShopKind.OWN)
