"""What members brought, counted from the daily tables, against a slow count in Python."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from tests.growth.experiments.made import BY, SHOP, a_trial, put
from tests.insight.campaigns.offering import redeemed, undone
from tests.insight.metrics.events import a_shop, an_event, line, page, paid, refunded, remember
from tests.shop import made
from tests.shop.made import statements
from zhanggui.base import clock
from zhanggui.base.shops import queries as shops
from zhanggui.growth.experiments import actions, models, queries
from zhanggui.growth.experiments.rules import Arm, Costing, Doubt
from zhanggui.growth.experiments.rules.statistics import (
    Paired,
    Ratio,
    adjusted,
    always_valid,
    bayes,
    of_proportion,
    pooled,
    proportions,
    ratios,
    sample_of,
    sequential,
    share_error,
    shares,
)
from zhanggui.insight.lake import actions as lake
from zhanggui.insight.lake.rules import Walked
from zhanggui.insight.value import actions as value

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("lake_folder"),
    pytest.mark.tables("orders", "offers", "sku_days", "stock_days"),
]

JOINED = datetime(2026, 5, 5, 6, tzinfo=UTC)
LOOKED = datetime(2026, 5, 20, 3, tzinfo=UTC)
AFTER = datetime(2026, 6, 9, tzinfo=UTC)


def at(moment):
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat()


def a_random_past(rng, persons):
    """Orders before and after joining, some paid back before, some after; some of strangers. Rows and events."""
    rows, told = [], []
    for n in range(rng.randint(60, 90)):
        person = rng.choice([*persons, "stranger", ""])
        paid_at = JOINED + timedelta(hours=rng.randint(-24 * 20, 24 * 20))
        minor = rng.randint(100, 9000)
        told.append(paid(f"T{n}", at(paid_at), line("tea", 1, minor), postage_minor=50, person=person))
        times = []
        for _ in range(rng.choice((0, 0, 1, 2))):
            part, moment = rng.randint(1, (minor + 50) // 2), paid_at + timedelta(hours=rng.randint(1, 24 * 12))
            told.append(refunded(f"T{n}", at(moment), line("tea", 1, part), person=person))
            times.append((moment, part))
        rows.append((person, paid_at, minor + 50, times))
    return rows, told


def slowly(rows, persons, *, end):
    """What each brought before and after, as pairs of (orders, net) of both."""
    span = end - JOINED
    found = {person: [[0, 0], [0, 0]] for person in persons}
    for person, paid_at, minor, times in rows:
        if person not in found or not JOINED - span <= paid_at < end:
            continue
        is_after = paid_at >= JOINED
        kept = minor - sum(part for moment, part in times if moment < (end if is_after else JOINED))
        side = found[person][is_after]
        side[0] += 1
        side[1] += kept
    return found


def a_pair(found, place):
    before, after = ([one[when][place] for one in found] for when in (0, 1))
    products = sum(x * y for x, y in zip(before, after, strict=True))
    return Paired(after=sample_of(after), before=sample_of(before), products=products)


def a_trial_of(persons):
    trial_id = a_trial()
    put(trial_id, Arm.TREATED, persons[: len(persons) // 2], at=JOINED)
    put(trial_id, Arm.HELD_OUT, persons[len(persons) // 2 :], at=JOINED)
    return trial_id


@pytest.mark.parametrize("seed", range(4))
def test_it_is_what_a_slow_count_says(seed):
    rng, shop, persons = random.Random(seed), a_shop(), [f"p{n}" for n in range(20)]
    rows, told = a_random_past(rng, persons)
    remember(shop, told)
    trial_id = a_trial_of(persons)

    running = queries.outcome(trial_id, at=LOOKED, is_final=False)
    final = queries.outcome(trial_id, at=LOOKED, is_final=True)

    found = slowly(rows, persons, end=LOOKED)
    for place, effect, last in ((0, running.orders, final.orders), (1, running.gmv, final.gmv)):
        held_out, treated = ([found[one] for one in some] for some in (persons[10:], persons[:10]))
        pair = a_pair(treated, place)
        sides, size = adjusted(a_pair(held_out, place), pair), pair.after.mean
        assert last.per_person == pooled(*sides, size=size)
        # From the fifth at two to the twentieth at eleven.
        assert effect.per_person == sequential(*sides, size=size, seen=14.875, tuned_for=30)
        assert effect.total.value == pytest.approx(10 * effect.per_person.value)
    assert (running.people, running.looked_on) == ({Arm.TREATED: 10, Arm.HELD_OUT: 10}, date(2026, 5, 20))
    assert (running.is_sequential, final.is_sequential, running.doubt) == (True, False, None)
    assert running.margin is None


def test_how_many_bought_and_what_went_back_is_what_a_slow_count_says():
    rng, shop, persons = random.Random(5), a_shop(), [f"p{n}" for n in range(20)]
    rows, told = a_random_past(rng, persons)
    remember(shop, told)
    trial_id = a_trial_of(persons)

    running, final = (queries.outcome(trial_id, at=LOOKED, is_final=last).buying for last in (False, True))

    own = {person: [0, 0] for person in persons}
    for person, paid_at, minor, times in rows:
        if person in own and JOINED <= paid_at < LOOKED:
            own[person][0] += minor
            own[person][1] += sum(part for moment, part in times if moment < LOOKED)
    treated, held_out = ([own[one] for one in some] for some in (persons[:10], persons[10:]))
    assert final.buyers == {Arm.TREATED: buyers(treated), Arm.HELD_OUT: buyers(held_out)}
    counts = [(final.buyers[arm], 10) for arm in (Arm.HELD_OUT, Arm.TREATED)]
    assert final.conversion == proportions(*counts)
    assert final.belief == running.belief == bayes(*(of_proportion(*one) for one in counts))
    sides = [a_share(side) for side in (held_out, treated)]
    assert final.refunds == ratios(*sides)
    assert running.conversion is None
    assert running.refunds.value == final.refunds.value
    assert running.refunds.high - running.refunds.low > final.refunds.high - final.refunds.low


def buyers(side):
    return sum(bool(paid) for paid, _ in side)


def a_share(side):
    """What went back of what was paid."""
    paid, back = zip(*side, strict=True)
    return Ratio(
        above=sample_of(back), below=sample_of(paid), products=sum(x * y for x, y in zip(paid, back, strict=True))
    )


def test_more_that_goes_back_is_harm_however_much_more_is_bought():
    shop = a_shop()
    persons = [f"p{n}" for n in range(40)]
    told = [paid(f"T{n}", "2026-05-06T06:00", line("tea", 1, 900 + n), person=p) for n, p in enumerate(persons)]
    told += [refunded(f"T{n}", "2026-05-07T06:00", line("tea", 1, 900), person=f"p{n}") for n in range(18)]
    remember(shop, told)
    found = queries.outcome(a_trial_of(persons), at=AFTER, is_final=True).buying
    assert found.is_harmed and found.refunds.value == pytest.approx(0.9, abs=0.05)


def test_nothing_counts_after_the_end_or_before_somebody_joined():
    shop = a_shop()
    told = [
        paid("A", "2026-05-05T05:59", line("tea", 1, 900), person="t0"),
        paid("B", "2026-05-05T06:00", line("tea", 1, 500), person="t0"),
        # The trial ends with the 30th in Shanghai; what is paid back later no longer counts.
        paid("C", "2026-05-30T15:59", line("tea", 1, 70), person="t1"),
        paid("D", "2026-05-30T16:00", line("tea", 1, 70), person="t1"),
        refunded("C", "2026-05-30T16:00", line("tea", 1, 70), person="t1"),
    ]
    remember(shop, told)
    persons = [f"t{n}" for n in range(8)] + [f"h{n}" for n in range(8)]
    found = queries.outcome(a_trial_of(persons), at=AFTER, is_final=True)

    assert found.looked_on == date(2026, 5, 30)
    # What t0 paid a minute before joining belongs to the past.
    models.Member.objects.filter(person="t0").update(joined_at=datetime(2026, 5, 1, tzinfo=UTC))
    early = queries.outcome(models.Trial.objects.get().id, at=AFTER, is_final=True)
    assert early.gmv.total.value == pytest.approx(1470)
    assert early.orders.total.value == pytest.approx(3)


def test_too_few_people_say_nothing_and_uneven_sides_are_not_believed():
    remember(a_shop(), paid("A", "2026-05-06T05:59", line("tea", 1, 900), person="t0"))
    few = queries.outcome(a_trial_of([f"p{n}" for n in range(15)]), at=LOOKED, is_final=True)
    uneven = a_trial()
    put(uneven, Arm.TREATED, [f"t{n}" for n in range(60)], at=JOINED)
    put(uneven, Arm.HELD_OUT, [f"h{n}" for n in range(20)], at=JOINED)
    found = queries.outcome(uneven, at=LOOKED, is_final=True)

    assert (few.doubt, few.is_trusted, few.gmv, few.orders) == (Doubt.FEW, False, None, None)
    assert (found.doubt, found.gmv is None) == (Doubt.UNEVEN, False)
    assert found.srm_p < 0.001


def test_a_trial_without_anybody_says_so():
    a_shop()
    found = queries.outcome(a_trial(), at=LOOKED, is_final=False)
    assert (found.people, found.doubt) == ({Arm.TREATED: 0, Arm.HELD_OUT: 0}, Doubt.FEW)


@pytest.mark.parametrize("is_final", [False, True])
def test_where_nobody_bought_anything_it_is_not_certain_that_nothing_came(is_final):
    remember(a_shop(), paid("A", "2026-05-01T05:59", line("tea", 1, 900), person="p0"))
    found = queries.outcome(a_trial_of([f"p{n}" for n in range(40)]), at=LOOKED, is_final=is_final)
    assert (found.orders, found.gmv, found.doubt) == (None, None, Doubt.SILENT)


def test_an_outcome_asks_the_database_as_often_for_many_people_as_for_few():
    remember(a_shop(), paid("A", "2026-05-06T05:59", line("tea", 1, 900), person="p0"))
    trial_id = a_trial_of([f"p{n}" for n in range(40)])
    with statements() as sent:
        queries.outcome(trial_id, at=LOOKED, is_final=False)
    # The trial, the shop, what goods cost (3 tables, the margin), the members, who is who (2), orders and offers.
    assert len(sent) <= 12, sent


def test_somebody_known_under_two_ids_counts_once_where_they_joined_first():
    shop = a_shop()
    remember(shop, paid("A", "2026-05-07T00:00", line("tea", 1, 800), person="visitor"))
    trial_id = a_trial_of([f"t{n}" for n in range(8)] + [f"h{n}" for n in range(8)])
    put(trial_id, Arm.TREATED, ["visitor"], at=JOINED)
    put(trial_id, Arm.HELD_OUT, ["customer"], at=JOINED + timedelta(days=1))
    apart = queries.outcome(trial_id, at=LOOKED, is_final=True)

    lake.rename(SHOP, {"visitor": Walked(person="customer", until_us=None)})
    lake.fold()
    lake.roll(SHOP)
    found = queries.outcome(trial_id, at=LOOKED, is_final=True)

    assert apart.people == {Arm.TREATED: 9, Arm.HELD_OUT: 9}
    assert found.people == {Arm.TREATED: 9, Arm.HELD_OUT: 8}
    assert found.gmv.total.value == apart.gmv.total.value == pytest.approx(800)


def a_shop_that_sold(*told):
    """One treated member pays 90 of 100 for tea, of which a half comes back; others buy nothing."""
    shop = a_shop()
    remember(
        shop,
        paid("A", "2026-05-06T01:00", line("tea", 2, 9000, "leaf"), person="t0"),
        redeemed("A", "2026-05-06T01:00", "sale", 1500),
        undone("A", "2026-05-06T02:00", "sale", 500),
        refunded("A", "2026-05-07T01:00", line("tea", 1, 4500, "leaf"), person="t0"),
        *told,
    )
    return a_trial_of([f"t{n}" for n in range(8)] + [f"h{n}" for n in range(8)])


def test_margin_takes_off_goods_at_what_they_cost_before_discounts():
    trial_id = a_shop_that_sold(
        an_event(
            "supply.stock_received", "2026-04-01T00:00", sku="tea", quantity=10, amount_minor=30_000, currency="CNY"
        )
    )
    found = queries.outcome(trial_id, at=LOOKED, is_final=True)

    # Two pieces cost 60 and sold for 90; half of it came back: 15 are left.
    assert found.costing is Costing.GOODS
    assert found.margin.total.value == pytest.approx(1500)
    assert found.gmv.total.value == pytest.approx(4500)


def test_where_costs_are_not_known_the_margin_is_the_shops_word():
    trial_id = a_shop_that_sold()
    assert queries.outcome(trial_id, at=LOOKED, is_final=True).margin is None

    value.set_margin(shop=SHOP, rate=Decimal("0.4"), by=BY)
    found = queries.outcome(trial_id, at=LOOKED, is_final=True)

    # Goods of 100 undiscounted cost 60, sold for 90; half of it came back.
    assert found.costing is Costing.SAID
    assert found.margin.total.value == pytest.approx(1500)


def test_margin_takes_off_what_the_goods_of_each_order_cost_when_they_were_sold():
    made.a_shop()
    made.a_product("CUP", price=6000)
    number = made.an_order({"CUP": 2}).order_number
    when, shop = "2026-05-06T01:00", made.SHOP
    remember(
        shops.shop(shop),
        paid(number, when, line("CUP", 2, 9000), person="t0", shop=shop),
        redeemed(number, when, "ours", 600, shop=shop),
        redeemed(number, when, "brand's", 400, funded_by="brand", shop=shop),
        refunded(number, "2026-05-07T01:00", line("CUP", 1, 4500), person="t0", shop=shop),
    )
    trial_id = a_trial(shop=shop)
    put(trial_id, Arm.TREATED, [f"t{n}" for n in range(8)], at=JOINED)
    put(trial_id, Arm.HELD_OUT, [f"h{n}" for n in range(8)], at=JOINED)

    known = queries.outcome(trial_id, at=LOOKED, is_final=True)
    # The worked number: two pieces that cost 30.00 sold for 90.00, a brand gave 4.00, a half went back.
    assert (known.margin.total.value, known.costed, known.costing) == (pytest.approx(1700), 1.0, Costing.OWN)

    remember(shops.shop(shop), paid("elsewhere", when, line("CUP", 2, 10_000), person="t1", shop=shop))
    part = queries.outcome(trial_id, at=LOOKED, is_final=True)
    # Of 100.00 undiscounted 60.00 are the cost of the order that knows it, so of the other one, too.
    assert (part.margin.total.value, part.costed) == (pytest.approx(1700 + 4000), 0.5)

    value.set_margin(shop=shop, rate=Decimal("0.9"), by=BY)
    assert queries.outcome(trial_id, at=LOOKED, is_final=True).costing is Costing.OWN


@pytest.mark.tables("orders", "offers", "sku_days", "stock_days", "sessions")
def test_who_leaves_at_once_is_counted_of_a_page_alone_and_in_the_visit_that_led_there():
    shop = a_shop()
    trial_id = a_trial_of([f"t{n}" for n in range(20)] + [f"h{n}" for n in range(20)])
    visits = [page("2026-05-05T06:01", f"{side}{n}") for side in "th" for n in range(20)]
    # Of the treated two stay, of the held out all but two; what anybody does on another day is of no account.
    stay = ["t0", "t1", *(f"h{n}" for n in range(18))]
    visits += [page("2026-05-05T06:03", person) for person in stay]
    visits += [page("2026-05-07T06:03", f"h{n}") for n in range(20)]
    remember(shop, *visits)
    assert queries.outcome(trial_id, at=LOOKED, is_final=True).buying.bounces is None

    trial = models.Trial.objects.get(pk=trial_id)
    models.Page.objects.create(id=trial_id, shop=SHOP, trial=trial, version={}, shown_to="treated")
    final, running = (queries.outcome(trial_id, at=LOOKED, is_final=last).buying for last in (True, False))
    assert final.bounces == shares((2, 20), (18, 20))
    value_of, error = share_error((2, 20), (18, 20))
    assert running.bounces == always_valid(value_of, error=error, seen=14.875, tuned_for=30)
    assert final.is_left and running.is_left and not final.is_harmed


def test_a_closed_trial_counts_until_the_day_it_was_closed(monkeypatch):
    trial_id = a_shop_that_sold()
    actions.close_trial(trial_id=trial_id, on=date(2026, 5, 7))
    found = queries.outcome(trial_id, at=AFTER, is_final=True)

    assert (found.looked_on, found.gmv.total.value) == (date(2026, 5, 6), pytest.approx(9000))
    assert clock.day_of(LOOKED, "Asia/Shanghai") > found.looked_on
