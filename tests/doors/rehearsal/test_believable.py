"""The simulated year is one that somebody who keeps a shop would believe."""

from __future__ import annotations

import pytest

from tests.doors.rehearsal.lives import PLAN, ask, year
from zhanggui.doors.rehearsal import catalogue
from zhanggui.doors.rehearsal.simulator.opinions import MOST_PER_GOODS


def test_four_in_a_hundred_visitors_pay() -> None:
    ((share,),) = ask(
        """
        select sum(buyers) / sum(visitors) from (
            select count(distinct person) filter (where name = 'Page') visitors,
                count(distinct person) filter (where name = 'shop.payment_settled') buyers from events group by day)
        """
    )
    assert 0.025 <= share <= 0.045


def test_each_step_of_the_funnel_loses_people() -> None:
    steps = ["Page", "Product Viewed", "Product Added", "Checkout Started", "shop.order_placed", "shop.payment_settled"]
    ((*people,),) = [
        ask(
            "select "
            + ", ".join(f"count(distinct session) filter (where name = '{step}')" for step in steps)
            + " from events"
        )[0]
    ]
    assert people == sorted(people, reverse=True)
    page, viewed, added, checkout, placed, paid = people
    assert 0.5 < viewed / page < 0.8
    assert 0.08 < added / page < 0.16
    assert 0.5 < checkout / added < 0.8
    assert 0.5 < placed / checkout < 0.9
    assert paid / placed == pytest.approx(0.92, abs=0.03)


def test_phones_bring_most_visits_and_convert_least() -> None:
    shares = {
        device: (visits, orders / visits)
        for device, visits, orders in ask(
            "select device, count(distinct session), count_if(name = 'shop.order_placed') from events"
            " where device <> '' group by 1"
        )
    }
    assert shares["phone"][0] > 0.6 * sum(visits for visits, _ in shares.values())
    assert shares["phone"][1] < shares["desktop"][1]


def test_a_third_of_the_years_buyers_buy_again() -> None:
    ((rate, most),) = ask(
        "select avg((orders > 1)::int), max(orders) from"
        " (select count(*) orders from events where name = 'shop.payment_settled' group by person)"
    )
    assert 0.25 <= rate <= 0.36
    assert most >= 6


def test_there_are_new_and_old_loyal_and_sleeping_customers() -> None:
    cells = ask(
        """
        select ntile(3) over (order by max(day)), least(count(*), 3) from events
        where name = 'shop.payment_settled' group by person
        """
    )
    assert {(recency, frequency) for recency, frequency in cells} == {(r, f) for r in (1, 2, 3) for f in (1, 2, 3)}


def test_returns_come_from_about_six_orders_in_a_hundred_and_mostly_bags_and_cloth() -> None:
    ((share,),) = ask(
        """
        select count_if(name = 'shop.return_received') / count_if(name = 'shop.parcel_delivered') from events
        where order_number in (
            select order_number from events where name = 'shop.parcel_delivered' and day < '2026-10-20')
        """
    )
    assert 0.04 < share < 0.09
    rates = dict(
        ask(
            """
            select line.category, sum(line.quantity) filter (where name = 'shop.return_received')
                / sum(line.quantity) filter (where name = 'shop.parcel_shipped')
            from (select name, unnest(lines) as line from events) where name like 'shop.%' group by 1
            """
        )
    )
    assert rates["bags"] > rates["tea"]
    assert rates["textile"] > rates["stationery"]


def test_the_eleventh_of_the_eleventh_is_the_peak_with_a_lull_before_and_after() -> None:
    orders = dict(ask("select day::varchar, count(*) from events where name = 'shop.order_placed' group by 1"))
    peak = orders["2026-11-11"]
    assert peak == max(orders.values())
    before = sum(orders[f"2026-11-{day:02d}"] for day in range(3, 10)) / 7
    after = sum(orders[f"2026-11-{day:02d}"] for day in range(13, 20)) / 7
    assert peak > 4 * before
    assert peak > 4 * after


def test_june_peaks_on_the_eighteenth() -> None:
    orders = dict(
        ask("select day(day), count(*) from events where name = 'shop.order_placed' and month(day) = 6 group by 1")
    )
    assert max(orders, key=lambda day: orders[day]) == 18


def test_the_feast_is_quiet_and_weekends_are_busier() -> None:
    ((feast, usual),) = ask(
        """
        select count_if(day between '2026-02-14' and '2026-02-20') / 7,
            count_if(day between '2026-03-10' and '2026-04-08') / 30
        from events where name = 'shop.order_placed'
        """
    )
    assert feast < 0.7 * usual
    ((weekend, weekday),) = ask(
        """
        select count(distinct session) filter (where isodow(day) > 5) / 2,
            count(distinct session) filter (where isodow(day) <= 5) / 5
        from events where name = 'Page'
        """
    )
    assert weekend > 1.08 * weekday


def test_the_shop_grows() -> None:
    ((spring, autumn),) = ask(
        """
        select count(distinct session) filter (where month(day) = 3),
            count(distinct session) filter (where month(day) = 9)
        from events where name = 'Page'
        """
    )
    assert autumn > 1.2 * spring


def test_people_look_at_tents_in_may_and_at_blankets_in_december() -> None:
    shares = {
        (month, category): share
        for month, category, share in ask(
            """
            select month(day), category, count(*) / sum(count(*)) over (partition by month(day))
            from events where name = 'Product Viewed' group by 1, 2
            """
        )
    }
    assert shares[5, "outdoor"] > 1.5 * shares[12, "outdoor"]
    assert shares[12, "textile"] > shares[5, "textile"]


def test_demand_has_a_long_tail() -> None:
    units = sorted(
        (units for (units,) in ask("select count(*) from events where name = 'Product Viewed' group by sku")),
        reverse=True,
    )
    assert len(units) == len(catalogue.goods())
    assert sum(units[:42]) / sum(units) > 0.35


def test_advertisements_are_about_the_promotion_while_it_lasts() -> None:
    found = {
        c for (c,) in ask("select distinct campaign from events where day = '2026-06-18' and channel = 'paid_social'")
    }
    assert found
    assert all("618" in campaign for campaign in found)
    assert ask("select count(*) from events where channel in ('direct', 'search') and campaign <> ''") == [(0,)]


def test_reviews_are_three_to_thirty_for_each_goods_and_good_on_average() -> None:
    goods = [place for month in year() for place in month.said.goods.tolist()]
    ratings = [rating for month in year() for rating in month.said.rating.tolist()]
    counts = [goods.count(place) for place in range(len(PLAN.goods))]
    assert max(counts) <= MOST_PER_GOODS
    assert sum(count >= 3 for count in counts) > 0.9 * len(counts)
    assert sum(ratings) / len(ratings) == pytest.approx(4.5, abs=0.1)
    assert set(ratings) == {1, 2, 3, 4, 5}


def test_what_is_reviewed_is_what_the_facts_say() -> None:
    facts = sorted(ask("select order_number, sku, ts_us from events where name = 'shop.review_published'"))
    said = sorted(
        (number, PLAN.goods[place].sku, at_us)
        for month in year()
        for number, place, at_us in zip(
            month.said.order_number.to_pylist(), month.said.goods.tolist(), month.said.at_us.tolist(), strict=True
        )
    )
    assert facts == said


def test_parcels_come_to_the_far_provinces_later() -> None:
    hours = dict(
        ask(
            """
            select p.region, avg(d.ts_us - p.ts_us) / 3.6e9 from events p join events d using (order_number)
            where p.name = 'shop.payment_settled' and d.name = 'shop.parcel_delivered' group by 1
            """
        )
    )
    assert hours["新疆"] > hours["浙江"] + 24
    assert 24 < hours["浙江"] < 96
