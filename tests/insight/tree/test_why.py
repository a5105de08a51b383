"""Why the money moved, against a slow count of the same events in plain Python."""

from __future__ import annotations

import itertools
from collections import defaultdict
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.insight.metrics.events import a_shop, a_tea_week, bought, line, page, remember, utc
from tests.insight.metrics.test_laws import orders, visits
from tests.insight.people import numbers_of
from tests.strength import examples
from zhanggui.base import clock
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics.errors import CutRefused
from zhanggui.insight.metrics.rules import Crowd, Filters, Period
from zhanggui.insight.tree import queries
from zhanggui.insight.tree.errors import ComparisonMissing
from zhanggui.insight.tree.rules import CHAINS, Branch, By, Effect, Factor, Side, effects

pytestmark = pytest.mark.tables("orders", "sku_days", "visits", "listings")

THEN = Period(date(2026, 5, 1), date(2026, 5, 4))
NOW = Period(date(2026, 5, 4), date(2026, 5, 7))
AFTER = utc("2026-06-01T00:00")

fresh = itertools.count()

# Shrinking would fill the lake thousands of times.
few = settings(
    max_examples=examples(5),
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def counted(events, period, cell_of, is_let_through):
    """The chains of each cell, counted one event after the other: visitors, buyers, orders and money by branch."""
    inside = [e for e in events if clock.day_of(e.at, "Asia/Shanghai") in period and is_let_through(e)]
    paid = [e for e in inside if e.name == "shop.payment_settled"]
    came = [e for e in inside if e.name in ("Page", "Product Viewed", "Product Added") and e.person]
    found = {}
    for cell in {cell_of(e) for e in (*paid, *came)}:
        seen = {e.person for e in came if cell_of(e) == cell}
        branches = defaultdict(list)
        for e in paid:
            if cell_of(e) == cell:
                where = Branch.NOBODY if not e.person else Branch.SEEN if e.person in seen else Branch.UNSEEN
                branches[where].append(e)
        chains = {
            b: (len({e.person for e in branches[b]}), len(branches[b]), sum(e.amount_minor for e in branches[b]))
            for b in Branch
        }
        found[cell] = {
            Branch.SEEN: (len(seen), *chains[Branch.SEEN]),
            Branch.UNSEEN: chains[Branch.UNSEEN],
            Branch.NOBODY: chains[Branch.NOBODY][1:],
        }
    return found


@pytest.mark.django_db
@few
@given(told=orders(), seen=visits, region=st.sampled_from([(), ("north",), ("south", "")]))
def test_an_answer_is_what_a_slow_count_says(lake_folder, told, seen, region):
    shop = a_shop(f"why-{next(fresh)}")
    events = [replace(one, shop=shop.code) for one in (*told, *seen)]
    remember(shop, events)
    first_days = {}
    for one in events:
        if one.name == "shop.payment_settled" and one.person:
            day = clock.day_of(one.at, "Asia/Shanghai")
            first_days[one.person] = min(day, first_days.get(one.person, day))

    answer = queries.why(shop.code, NOW, compare=THEN, where=Filters(region=region), at=AFTER)

    def passes(event):
        return not region or event.region in region

    whole = [counted(events, side, lambda e: "", passes).get("", {}) for side in (NOW, THEN)]
    limbs = {limb.branch: limb for limb in answer.limbs}
    for branch in (Branch.SEEN, Branch.UNSEEN, Branch.NOBODY):
        now, then = (side.get(branch, (0,) * len(CHAINS[branch])) for side in whole)
        if not now[-1] and not then[-1]:
            assert branch not in limbs
            continue
        assert tuple(link.now[0] for link in limbs[branch].links) == now
        assert tuple(link.then[0] for link in limbs[branch].links) == then
        assert tuple(link.minor for link in limbs[branch].links) == effects(now, then)
    assert answer.change.minor == sum(link.minor for limb in answer.limbs for link in limb.links)
    cells_of = {
        By.CHANNEL: lambda side: lambda e: e.channel,
        By.REGION: lambda side: lambda e: e.region,
        By.DEVICE: lambda side: lambda e: e.device,
        By.BUYERS: lambda side: (
            lambda e: "" if not e.person else "returning" if first_days.get(e.person, date.max) < side.start else "new"
        ),
    }
    for by, cell_of in cells_of.items():
        sides = [counted(events, side, cell_of(side), passes) for side in (NOW, THEN)]
        expected = {
            key: [sum(chain[-1] for chain in side.get(key, {}).values()) for side in sides]
            + [side.get(key, {}).get(Branch.SEEN, (0,))[0] for side in sides]
            for key in {*sides[0], *sides[1]}
        }
        split = answer.split(by)
        assert {c.key: [c.now.minor, c.then.minor, *c.size] for c in split.cells} == {
            key: numbers for key, numbers in expected.items() if numbers[0] or numbers[1]
        }
    for split in answer.splits:
        rest = split.rest[0].minor - split.rest[1].minor
        assert sum(cell.change.minor for cell in split.cells) + rest == answer.change.minor
        for cell in split.cells:
            assert sum(cell.of(effect) for effect in Effect) == cell.change.minor


@pytest.mark.django_db
@few
@given(told=orders(), seen=visits, among=st.sets(st.sampled_from(["ann", "bob", "cid", "dan", "eve"])))
def test_in_and_out_of_a_segment_are_what_a_slow_count_says(lake_folder, told, seen, among):
    shop = a_shop(f"why-{next(fresh)}")
    events = [replace(one, shop=shop.code) for one in (*told, *seen)]
    remember(shop, events)
    crowd = Crowd(name="some", sql=numbers_of(shop.code, sorted(among)))

    answer = queries.why(shop.code, NOW, compare=THEN, crowd=crowd, at=AFTER)

    def stands(event):
        return "" if not event.person else "in" if event.person in among else "out"

    sides = [counted(events, side, stands, lambda e: True) for side in (NOW, THEN)]
    expected = {
        key: [sum(chain[-1] for chain in side.get(key, {}).values()) for side in sides]
        + [side.get(key, {}).get(Branch.SEEN, (0,))[0] for side in sides]
        for key in {*sides[0], *sides[1]}
    }
    split = answer.split(By.SEGMENT)
    cells = {cell.key: cell for cell in split.cells}
    assert {key: [c.now.minor, c.then.minor, *c.size] for key, c in cells.items()} == {
        key: numbers for key, numbers in expected.items() if numbers[0] or numbers[1]
    }
    assert sum(cell.change.minor for cell in split.cells) == answer.change.minor
    for side in Side:
        alone = queries.why(shop.code, NOW, compare=THEN, crowd=crowd, side=side, at=AFTER)
        assert [alone.now.minor, alone.then.minor] == expected.get(side.value, [0, 0])[:2]
        assert sum(link.minor for limb in alone.limbs for link in limb.links) == alone.change.minor
        assert {one.by for one in alone.splits} == {By.CHANNEL, By.CAMPAIGN, By.REGION, By.DEVICE, By.BUYERS}


@pytest.mark.django_db
def test_goods_are_on_no_side_of_a_segment(lake_folder):
    shop = a_shop()
    nobody = Crowd(name="nobody", sql="select 0 as person where false")

    with pytest.raises(CutRefused):
        queries.why(shop.code, NOW, compare=THEN, where=Filters(sku=("tea",)), crowd=nobody, side=Side.IN, at=AFTER)


@pytest.mark.django_db
@few
@given(told=orders(), seen=visits, goods=st.booleans())
def test_the_periods_the_other_way_round_give_the_negatives(lake_folder, told, seen, goods):
    shop = a_shop(f"why-{next(fresh)}")
    remember(shop, [replace(one, shop=shop.code) for one in (*told, *seen)])
    where = Filters(sku=("tea",)) if goods else Filters()

    there = queries.why(shop.code, NOW, compare=THEN, where=where, at=AFTER)
    back = queries.why(shop.code, THEN, compare=NOW, where=where, at=AFTER)

    assert there.change.minor == -back.change.minor
    assert [[link.minor for link in limb.links] for limb in there.limbs] == [
        [-link.minor for link in limb.links] for limb in back.limbs
    ]
    for split in there.splits:
        other = {cell.key: cell for cell in back.split(split.by).cells}
        for cell in split.cells:
            assert [cell.of(effect) for effect in Effect] == [-other[cell.key].of(effect) for effect in Effect]


@pytest.mark.django_db
def test_the_tea_week_against_the_days_before(lake_folder):
    shop = a_tea_week()
    week = Period(date(2026, 5, 1), date(2026, 5, 8))

    answer = queries.why(shop.code, week, compare=week.previous(), at=AFTER)

    assert (answer.metric, answer.now.minor, answer.then.minor) == ("gmv_paid", 7500, 6000)
    seen, unseen, nobody = answer.limbs
    # ann (T1 and T2) and bob were seen among three visitors; before, nobody was measured at all
    assert [link.now for link in seen.links] == [(3, 1), (2, 3), (3, 2), (6700, 3)]
    assert [link.minor for link in seen.links] == [6700, 0, 0, 0]
    assert (unseen.now.minor, unseen.then.minor) == (0, 6000)
    assert [link.minor for link in unseen.links] == [-6000, 0, 0]
    assert [link.minor for link in nobody.links] == [800, 0]
    assert [(one.link.branch, one.link.factor, one.minor) for one in answer.factors] == [
        (Branch.SEEN, Factor.VISITORS, 6700),
        (Branch.UNSEEN, Factor.BUYERS, -6000),
        (Branch.NOBODY, Factor.ORDERS, 800),
    ]
    buyers = {cell.key: (cell.now.minor, cell.then.minor) for cell in answer.split(By.BUYERS).cells}
    # ann had paid in April; bob had not
    assert buyers == {"new": (1200, 6000), "returning": (5500, 0), "": (800, 0)}
    goods = answer.split(By.CATEGORY)
    assert {cell.key: cell.change.minor for cell in goods.cells} == {"ware": 2200 - 5000, "leaf": 4800 - 1000}
    assert [one.minor for one in goods.rest] == [500, 0]


@pytest.mark.django_db
def test_a_product_is_asked_about_by_pieces_and_price(lake_folder):
    shop = a_tea_week()
    week = Period(date(2026, 5, 1), date(2026, 5, 8))

    answer = queries.why(shop.code, week, compare=week.previous(), where=Filters(sku=("tea",)), at=AFTER)

    assert (answer.metric, answer.now.minor, answer.then.minor) == ("goods_paid", 4800, 1000)
    (goods,) = answer.limbs
    assert [(link.factor, link.now, link.then) for link in goods.links] == [
        (Factor.UNITS, (5, 1), (1, 1)),
        (Factor.PRICE, (4800, 5), (1000, 1)),
    ]
    assert sum(link.minor for link in goods.links) == 3800
    assert all(split.rest[0].minor == split.rest[1].minor == 0 for split in answer.splits)


@pytest.mark.django_db
def test_a_running_day_is_held_against_the_same_hours(lake_folder):
    shop = a_shop()
    remember(
        shop,
        page("2026-05-01T01:00", "ann"),
        bought("A1", "2026-05-01T01:10", line("tea", 1, 1000), person="ann"),
        page("2026-05-01T09:00", "bob"),
        bought("A2", "2026-05-01T09:10", line("tea", 1, 5000), person="bob"),
        page("2026-05-02T01:00", "cid"),
        bought("A3", "2026-05-02T01:10", line("tea", 1, 3000), person="cid"),
    )
    day = Period(date(2026, 5, 2), date(2026, 5, 3))

    answer = queries.why(shop.code, day, compare=day.previous(), at=utc("2026-05-02T02:00"))

    assert not answer.is_complete
    assert (answer.now.minor, answer.then.minor) == (3000, 1000)
    # of goods no hour is known, so nothing of the running day stands in a product
    assert [cell.change.minor for cell in answer.split(By.SKU).cells] == []
    assert answer.split(By.SKU).rest[0].minor == 3000


@pytest.mark.django_db
def test_without_another_period_there_is_nothing_to_say(lake_folder):
    shop = a_shop()

    with pytest.raises(ComparisonMissing):
        queries.why(shop.code, NOW, compare=None, at=AFTER)


@pytest.mark.django_db
def test_the_same_question_gives_the_same_answer_byte_for_byte(lake_folder):
    shop = a_tea_week()

    answers = []
    for _ in range(3):
        metrics.forget_all()
        answers.append(repr(queries.why(shop.code, NOW, compare=THEN, at=AFTER)))

    assert len(set(answers)) == 1
