"""Promotions from the draft to the order that used them, on real PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.growth.promotions.made import BOSS, DESK, STAFF, a_plan, live, ordered, quoted, taken
from tests.shop.made import SHOP, a_cart, by, cny, statements
from zhanggui.base import clock
from zhanggui.growth.promotions import actions, handlers, models, queries
from zhanggui.growth.promotions.errors import (
    ChangedMeanwhile,
    NoSuchPromotion,
    PromotionGone,
    SecondPersonNeeded,
    StateNotAllowed,
    TermsNotAllowed,
)
from zhanggui.growth.promotions.rules import Audience, Reason, State, Target
from zhanggui.shop.catalogue import actions as catalogue
from zhanggui.shop.catalogue.rules import Sale
from zhanggui.shop.orders import actions as order_actions
from zhanggui.shop.orders import queries as orders
from zhanggui.spine.log import queries as log
from zhanggui.spine.log.models import Entry

pytestmark = pytest.mark.usefixtures("shop")


def state_of(id: str) -> str:
    return models.Promotion.objects.get(pk=id).state


def told(name: str) -> list[dict[str, object]]:
    return [dict(row.body) for row in Entry.objects.filter(name=name).order_by("seq")]


def test_a_costly_promotion_waits_for_a_second_person() -> None:
    id = actions.write(plan=a_plan(), trail=DESK, by=STAFF)
    assert actions.start(id=id, foreseen=cny(1_000_001), trail=DESK, by=STAFF) is State.ASKED
    assert state_of(id) == "asked"
    with pytest.raises(SecondPersonNeeded):
        actions.approve(id=id, trail=DESK, by=STAFF)
    assert told("growth.promotion_started") == []
    actions.approve(id=id, trail=DESK, by=BOSS)
    assert state_of(id) == "live"
    assert [fact["promotion_id"] for fact in told("growth.promotion_started")] == [id]


@pytest.mark.parametrize(
    ("foreseen", "budget"), [(cny(1_000_000), None), (None, cny(1_000_000)), (cny(9_000_000), cny(500_000))]
)
def test_what_cannot_cost_more_than_ten_thousand_goes_live_at_once(foreseen: object, budget: object) -> None:
    id = actions.write(plan=a_plan(budget=budget), trail=DESK, by=STAFF)
    assert actions.start(id=id, foreseen=foreseen, trail=DESK, by=STAFF) is State.LIVE  # type: ignore[arg-type]


def test_a_live_promotion_cannot_be_rewritten_and_an_ended_one_stays_ended() -> None:
    id = live()
    with pytest.raises(StateNotAllowed):
        actions.write(plan=a_plan(), id=id, version=1, trail=DESK, by=STAFF)
    actions.stop(id=id, for_good=True, trail=DESK, by=STAFF)
    with pytest.raises(StateNotAllowed):
        actions.start(id=id, foreseen=None, trail=DESK, by=STAFF)
    assert [fact["reason"] for fact in told("growth.promotion_stopped")] == ["by_hand"]


def test_who_rewrites_a_draft_that_changed_meanwhile_is_told() -> None:
    id = actions.write(plan=a_plan(), trail=DESK, by=STAFF)
    actions.write(plan=a_plan(priority=1), id=id, version=1, trail=DESK, by=BOSS)
    with pytest.raises(ChangedMeanwhile) as refused:
        actions.write(plan=a_plan(priority=2), id=id, version=1, trail=DESK, by=STAFF)
    assert refused.value.data["version"] == 2
    assert models.Promotion.objects.get(pk=id).priority == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "tombola"}, "kind"),
        ({"terms": {"currency": "CNY", "steps": []}}, "steps"),
        ({"terms": {"currency": "CNY", "steps": [{"from": 100, "off": 100}]}}, "steps.0.off"),
        ({"terms": {"currency": "EUR", "steps": [{"from": 100, "off": 10}]}}, "currency"),
        ({"budget": cny(0)}, "budget"),
        ({"per_person": 0}, "per_person"),
        ({"name_en": " "}, "name"),
        ({"layer": 6}, "layer"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_terms_that_cannot_be_right_are_refused_by_name(wrong: dict[str, object], field: str) -> None:
    with pytest.raises(TermsNotAllowed) as refused:
        actions.write(plan=a_plan(**wrong), trail=DESK, by=STAFF)  # type: ignore[arg-type]
    assert refused.value.data["field"] == field
    assert not models.Promotion.objects.exists()


def test_another_shops_promotion_is_not_there() -> None:
    id = live()
    with pytest.raises(NoSuchPromotion):
        actions.stop(id=id, for_good=True, trail=replace(DESK, shop="other"), by=STAFF)


def test_a_threshold_is_reached_with_reasons_and_shares_on_the_order() -> None:
    id = live()
    walk = a_cart({"POT": 1, "CUP": 3})  # 168.00 + 179.70 = 347.70
    assert taken(walk) == [("threshold", -4000)]
    placed = ordered(walk)
    order = orders.order_by_number(placed.order_number)
    shares = [share for line in order.lines for share in line.shares if share.step == "promotion"]
    assert sorted(share.amount.minor for share in shares) == [-2067, -1933]
    assert {(share.source, share.funded_by) for share in shares} == {(f"promotion:{id}", "shop")}
    assert order.discount == cny(-4000)
    (fact,) = told("growth.promotion_redeemed")
    assert (fact["promotion_id"], fact["amount_minor"], fact["kind"]) == (id, 4000, "threshold")


def test_what_is_missing_is_said() -> None:
    live()
    walk = a_cart({"POT": 1})
    (rejected,) = queries.explain(quoted(walk).basket, at=clock.now()).rejected
    assert (rejected.reason, rejected.missing) == (Reason.BELOW_THRESHOLD, cny(30000 - 16800))


def test_the_catalogues_sale_and_a_limited_price_do_not_add_up() -> None:
    now = clock.now()
    sale = Sale(price=cny(14900), starts_at=now - timedelta(days=1), ends_at=now + timedelta(days=1))
    catalogue.put_sales(sales={"POT": sale}, trail=DESK)
    walk = a_cart({"POT": 2})
    assert [(a.step, a.amount.minor) for a in quoted(walk).adjustments[:2]] == [
        ("list_price", 33600),
        ("sale_price", -3800),
    ]
    live("price", {"off": "0.2"}, target=Target(skus=frozenset({"POT"})), name_zh="八折", name_en="20 % off")
    assert [(a.reason, a.amount.minor) for a in quoted(walk).adjustments if a.part == "goods"][1:] == [("price", -6720)]


def test_postage_is_free_from_what_the_goods_cost_after_offers() -> None:
    live()
    live("free_shipping", {"currency": "CNY", "from": 30000}, name_zh="满 300 包邮", name_en="Free delivery from 300")
    walk = a_cart({"POT": 2})  # 336.00, 40 off -> 296.00: below 300
    assert (quoted(walk).shipping, quoted(walk).total) == (cny(1200), cny(30800))
    more = a_cart({"POT": 2, "CUP": 1})
    assert (quoted(more).shipping, quoted(more).goods) == (cny(0), cny(35590))


def test_a_budget_stops_its_promotion_exactly_and_comes_back_when_the_order_is_called_off() -> None:
    id = live(budget=cny(7000))
    first, second = a_cart({"POT": 2}), a_cart({"POT": 2})
    placed = ordered(first)
    with pytest.raises(PromotionGone):
        ordered(second)
    assert taken(second) == [("threshold", -3000)]  # the rest of the budget
    assert models.Promotion.objects.get(pk=id).given_minor == 4000
    order_actions.cancel(order_number=placed.order_number, reason="changed_mind", trail=first, by=by(first))
    facts = list(log.of_order(shop=SHOP, order_number=placed.order_number))
    ended = [fact for fact in facts if fact.name == "shop.order_cancelled"]
    handlers.give_back(ended)
    handlers.give_back(ended)
    assert models.Promotion.objects.get(pk=id).given_minor == 0
    assert len(told("growth.promotion_undone")) == 1
    queries.forget()
    ordered(second)


def test_who_has_used_it_up_is_told_why_and_may_use_it_again_after_a_cancelled_order() -> None:
    live(per_person=1)
    walk = a_cart({"POT": 2})
    placed = ordered(walk)
    a_cart({"POT": 2}, walk=walk)
    assert taken(walk) == []
    (rejected,) = queries.explain(quoted(walk).basket, at=clock.now()).rejected
    assert rejected.reason is Reason.USED_UP
    actions.undo(order_number=placed.order_number, trail=walk, by=by(walk))
    assert taken(walk) == [("threshold", -4000)]


def test_new_shoppers_have_their_price_until_they_have_bought(wait: Callable[[timedelta], datetime]) -> None:
    live(audience=Audience(segments=frozenset({"new"})))
    walk = a_cart({"POT": 2})
    assert taken(walk) == [("threshold", -4000)]


def test_a_promotion_holds_from_its_start_to_its_end(wait: Callable[[timedelta], datetime]) -> None:
    now = clock.now()
    live(starts_at=now + timedelta(minutes=30), ends_at=now + timedelta(minutes=60))
    walk = a_cart({"POT": 2})
    assert taken(walk) == []
    wait(timedelta(minutes=30))
    assert taken(walk) == [("threshold", -4000)]
    wait(timedelta(minutes=30))
    assert taken(walk) == []


def test_a_floor_is_kept_whatever_is_on() -> None:
    live()
    actions.set_floor(sku="POT", price=cny(16000), trail=DESK, by=STAFF)
    assert taken(a_cart({"POT": 2})) == [("threshold", -1600)]


def test_without_promotions_a_price_asks_the_database_nothing_more() -> None:
    walk = a_cart({"POT": 2})
    quoted(walk)
    with statements() as before:
        quoted(walk)
    live()
    quoted(walk)
    with statements() as after:
        quoted(walk)
    assert len(after) == len(before)
