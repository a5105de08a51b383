"""Dry runs over real orders, and who did what with a promotion, on real PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.growth.membership.made import a_member, paid
from tests.growth.promotions.made import BOSS, DESK, STAFF, a_batch, a_plan, live
from tests.shop.made import SHOP, a_product, a_walk, an_order, cny, statements
from zhanggui.base import clock
from zhanggui.growth.promotions import actions, models, queries
from zhanggui.growth.promotions.errors import NoSuchPromotion
from zhanggui.growth.promotions.rules import Audience, Done, Reason, Target
from zhanggui.growth.promotions.rules.trials import Outcome, Progress

pytestmark = pytest.mark.usefixtures("shop")
MONTH = timedelta(days=30)


def a_draft(**said: object) -> str:
    return actions.write(plan=a_plan(**said), trail=DESK, by=STAFF)  # type: ignore[arg-type]


def tried_out(id: str) -> Outcome:
    """What comes of a dry run once its job is through."""
    actions.run_trial(id=actions.try_out(promotion_id=id, trail=DESK, by=STAFF))
    said = queries.tried(SHOP, id)
    assert said is not None
    assert said.progress is Progress.DONE
    assert said.outcome is not None
    return said.outcome


def test_paid_orders_of_the_time_are_priced_again_and_others_are_not() -> None:
    id = a_draft()
    number = paid({"POT": 2}, walk=a_walk()).order_number
    paid({"POT": 1}, walk=a_walk())
    an_order({"POT": 2})
    said = tried_out(id)
    assert (said.orders, said.touching, said.tried, said.touched) == (2, 2, 2, 1)
    assert (said.off_minor, said.paid_minor) == (4000, 33600)
    assert (said.margin_before_minor, said.margin_after_minor) == (16800, 12800)
    assert said.reasons == {Reason.BELOW_THRESHOLD: 1}
    assert [(one.number, one.off_minor, one.others) for one in said.top] == [(number, 4000, 0)]
    found = queries.tried(SHOP, id)
    assert found is not None
    assert found.is_of_now
    assert found.foreseen == cny(-(-4000 * 365 // 90))


def test_only_orders_with_goods_of_the_target_are_read() -> None:
    a_product("TIN", price=40000, category="tea")
    paid({"TIN": 1}, walk=a_walk())
    paid({"CUP": 6}, walk=a_walk())
    for target in (
        Target(categories=frozenset({"cups"})),
        Target(skus=frozenset({"CUP"})),
        Target(products=frozenset({"cup"}), but_skus=frozenset({"TIN"})),
    ):
        said = tried_out(a_draft(target=target))
        assert (said.orders, said.touching, said.touched) == (2, 1, 1), target


def test_what_stood_on_the_order_is_seen_as_stacking() -> None:
    old = live(name_zh="旧", name_en="Old")
    paid({"POT": 2}, walk=a_walk())
    stacked = tried_out(a_draft())
    assert (stacked.touched, stacked.stacks, stacked.paid_minor) == (1, {1: 1}, 29600)
    apart = tried_out(a_draft(excludes=frozenset({old})))
    assert (apart.touched, apart.reasons) == (0, {Reason.EXCLUDED: 1})


def test_a_used_coupon_is_known_by_its_promotion() -> None:
    batch = a_batch()
    walk, _ = a_member()
    actions.claim(batch_id=batch, trail=walk, by=STAFF)
    paid({"POT": 2}, walk=walk)
    coupon = str(models.Promotion.objects.get(is_coupon=True).pk)
    assert tried_out(a_draft()).stacks == {1: 1}
    assert tried_out(a_draft(excludes=frozenset({coupon}))).touched == 0


def test_who_it_is_for_is_asked_of_every_buyer() -> None:
    walk, _ = a_member()
    paid({"POT": 2}, walk=walk)
    paid({"POT": 2}, walk=walk)
    paid({"POT": 2}, walk=a_walk())
    assert tried_out(a_draft(audience=Audience(tiers=frozenset({"ordinary"})))).touched == 2
    assert tried_out(a_draft(audience=Audience(is_signed_in_only=True))).touched == 2
    assert tried_out(a_draft(audience=Audience(segments=frozenset({"new"})))).touched == 2
    assert (
        tried_out(
            a_draft(
                kind="coupon_amount", terms={"currency": "CNY", "steps": [{"from": 0, "off": 1000}]}, is_coupon=True
            )
        ).touched
        == 2
    )


def test_the_parts_add_up_to_the_whole_and_cost_few_statements() -> None:
    for _ in range(5):
        paid({"POT": 2}, walk=a_walk())
    row = models.Promotion.objects.get(pk=a_draft())
    at = clock.now()
    said = {"since": at - MONTH, "until": at + timedelta(minutes=1)}
    parts = list(queries.replay(SHOP, queries.draft_of(row), **said, part=2))
    assert [one.tried for one in parts] == [0, 2, 4, 5]
    with statements() as asked:
        whole = list(queries.replay(SHOP, queries.draft_of(row), **said))
    assert whole[-1] == parts[-1]
    assert len(asked) <= 10


def test_a_run_that_goes_on_is_not_begun_twice_and_a_changed_draft_stops_it() -> None:
    id = a_draft()
    first = actions.try_out(promotion_id=id, trail=DESK, by=STAFF)
    assert actions.try_out(promotion_id=id, trail=DESK, by=BOSS) == first
    actions.write(plan=a_plan(priority=1), id=id, version=1, trail=DESK, by=STAFF)
    actions.run_trial(id=first)
    said = queries.tried(SHOP, id)
    assert said is not None
    assert (said.progress, said.is_of_now, said.foreseen) == (Progress.STOPPED, False, None)
    second = actions.try_out(promotion_id=id, trail=DESK, by=STAFF)
    assert second != first
    actions.run_trial(id=second)
    actions.run_trial(id=second)
    assert [row.progress for row in models.Trial.objects.order_by("asked_at")] == ["stopped", "done"]


def test_a_run_that_stands_still_makes_room(wait: Callable[[timedelta], datetime]) -> None:
    id = a_draft()
    first = actions.try_out(promotion_id=id, trail=DESK, by=STAFF)
    wait(timedelta(minutes=3))
    assert actions.try_out(promotion_id=id, trail=DESK, by=STAFF) != first


def test_another_shops_promotion_is_not_tried() -> None:
    with pytest.raises(NoSuchPromotion):
        actions.try_out(promotion_id=a_draft(), trail=replace(DESK, shop="other"), by=STAFF)


def test_who_did_what_is_kept() -> None:
    id = live()
    actions.stop(id=id, for_good=False, trail=DESK, by=BOSS)
    assert [(deed.what, deed.by) for deed in queries.deeds(id)] == [
        (Done.PAUSED, str(BOSS)),
        (Done.STARTED, str(BOSS)),
        (Done.ASKED, str(STAFF)),
        (Done.WRITTEN, str(STAFF)),
    ]


def test_promotions_of_the_same_goods_at_the_same_time_are_named() -> None:
    now = clock.now()
    tea = a_draft(target=Target(categories=frozenset({"tea"})))
    pot = a_draft(target=Target(skus=frozenset({"POT"})))
    cups = a_draft(target=Target(categories=frozenset({"cups"})))
    later = a_draft(starts_at=now + MONTH)
    over = a_draft(starts_at=now - 2 * MONTH, ends_at=now - MONTH)
    found = queries.overlaps(SHOP, queries.all_planned(SHOP))
    assert set(found[tea]) == {pot, later}
    assert set(found[cups]) == {later}
    assert found[over] == ()
    within = queries.planned(SHOP, start=now, end=now + timedelta(days=1))
    assert {one.id for one in within} == {tea, pot, cups}


def test_a_preview_prices_with_and_without_the_draft() -> None:
    other = live("pieces", {"steps": [{"units": 2, "off": "0.1"}]}, name_zh="两件九折", name_en="10 % off two")
    row = models.Promotion.objects.get(pk=a_draft())
    samples, names = queries.previewed(SHOP, queries.rule_of(row), [{"POT": 2}, {"NONE": 1}], at=clock.now())
    (sample,) = samples
    assert (sample.before.goods, sample.after.goods) == (cny(30240), cny(26240))
    assert (sample.off, sample.cost) == (cny(4000), cny(16800))
    assert sample.margin(sample.after) == cny(9440)
    assert [one.rule for one in sample.after.applied] == [other, str(row.pk)]
    assert names[other].en == "10 % off two"
    below, _ = queries.previewed(SHOP, queries.rule_of(row), [{"POT": 1}], at=clock.now())
    assert [one.reason for one in below[0].after.rejected if one.rule == str(row.pk)] == [Reason.BELOW_THRESHOLD]


def test_best_sellers_of_the_target_come_first_in_the_samples() -> None:
    row = models.Promotion.objects.get(pk=a_draft(target=Target(skus=frozenset({"POT"}))))
    baskets = queries.typical(SHOP, queries.rule_of(row))
    assert baskets[0] == {"POT": 1}
    assert baskets[1] == {"POT": 2, "CUP": 1}
