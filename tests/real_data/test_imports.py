"""Whole files of real shops: totals to the cent, every line accounted for, nothing counted twice.

Both Online Retail files, Olist, the Tmall report and two files of visitor events are taken in once (conftest.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.doors.imports.made import BY, a_shop, take_retail
from tests.real_data.conftest import Taken
from tests.stand import SHARED_DATA
from zhanggui.base.shops.rules import Shop
from zhanggui.doors.imports import actions
from zhanggui.doors.imports.reports import Report
from zhanggui.doors.imports.sources.online_retail import SHOP, OnlineRetail
from zhanggui.doors.imports.sources.source import Laid
from zhanggui.doors.imports.stage import Stage
from zhanggui.insight.lake import queries as lake
from zhanggui.spine.facts import registry

pytestmark = [pytest.mark.real_data, pytest.mark.django_db]

RETAIL = SHARED_DATA / "online_retail"
FIRST_YEAR = RETAIL / "online_retail_II_2009_2010.parquet"
SECOND_YEAR = RETAIL / "online_retail_2010_2011.parquet"
ALWAYS = (date(1990, 1, 1), date(2100, 1, 1))


def fates(report: Report) -> dict[str, tuple[int, Decimal | None]]:
    several = len({bucket.part for bucket in report.buckets}) > 1
    return {
        f"{bucket.part}.{bucket.name}" if several else bucket.name: (bucket.line_count, bucket.amount)
        for bucket in report.buckets
    }


def asked(shop: str, sql: str) -> list[tuple[Any, ...]]:
    return lake.ask(sql.format(events=lake.events(shop, *ALWAYS)))


def sums(shop: str) -> dict[str, int]:
    table = lake.rollup(shop, "orders")
    return dict(lake.ask(f"select kind, sum(amount_minor)::bigint from {table} group by kind"))


def money(**buckets: tuple[int, str]) -> Mapping[str, tuple[int, Decimal]]:
    return {name: (count, Decimal(amount)) for name, (count, amount) in buckets.items()}


def test_the_first_year_is_accounted_for_to_the_last_line(taken: Taken) -> None:
    assert fates(taken.first_year) == money(
        sold=(509_945, "10133380.774"),
        postage=(1_623, "172511.25"),
        given_free=(366, "0"),
        returned=(9_587, "-247923.87"),
        credited=(618, "-382305.07"),
        stock=(3_318, "0"),
        bad_debt=(3, "-136552.02"),
        correction=(1, "373.57"),
    )
    assert (taken.first_year.line_count, taken.first_year.amounts) == (525_461, {"lines": Decimal("9539484.634")})


def test_the_second_year_sums_to_its_published_total(taken: Taken) -> None:
    report = taken.second_year
    assert report.line_count == 541_909
    assert round(report.amounts["lines"], 2) == Decimal("9747747.93")
    assert sum(count for count, _ in fates(report).values()) == 541_909
    assert report.refused_rows == 0


def test_the_days_that_both_files_have_count_once(taken: Taken) -> None:
    known = fates(taken.second_year)["known"]
    assert known == (22_523, Decimal("377488.45"))
    assert taken.first_year.line_count + taken.second_year.line_count - known[0] == 1_044_847
    assert taken.second_year.differing == ()
    (numbers,) = asked(
        SHOP.code, "select count(*), count(distinct order_number) from {events} where name = 'shop.order_placed'"
    )
    assert numbers == (40_076, 40_076)


def test_the_second_year_alone_is_the_same_money_and_lines_without_a_customer_stay_without_one(
    taken: Taken, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobodys: list[object] = []
    lay_out = OnlineRetail.lay_out

    def counted(source: OnlineRetail, stage: Stage, shop: Shop) -> Laid:
        laid = lay_out(source, stage, shop)
        nobodys.append(stage.one("select count(*) from sorted where person = ''"))
        return laid

    monkeypatch.setattr(OnlineRetail, "lay_out", counted)
    (alone,) = actions.bring_in(
        [OnlineRetail(path=SECOND_YEAR)], shop=a_shop("alone", zone=SHOP.zone, currency="GBP"), by=BY, dry_run=True
    )
    assert fates(alone) == money(
        sold=(528_130, "10364220.834"),
        postage=(1_974, "291401.65"),
        given_free=(399, "0"),
        returned=(8_704, "-478724.18"),
        credited=(584, "-418088.31"),
        stock=(2_115, "0"),
        bad_debt=(3, "-11062.06"),
    )
    assert alone.booked == Decimal("9758809.99")
    assert alone.booked - Decimal("11062.06") == Decimal("9747747.93")
    assert nobodys == [(135_080,)]


def test_the_cockpits_tables_hold_what_the_reports_say(taken: Taken) -> None:
    kinds = sums(SHOP.code)
    booked = taken.first_year.booked + taken.second_year.booked
    assert kinds["placed"] == kinds["paid"]
    assert Decimal(kinds["paid"] - kinds["refunded"]) / 100 == booked == Decimal("19056984.61")


def test_the_published_csv_is_the_same_as_the_parquet(taken: Taken, tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    with duckdb.connect() as duck:
        duck.execute(f"""
            copy (select * replace (strftime(InvoiceDate, '%-m/%-d/%Y %-H:%M') as InvoiceDate,
                    CustomerID::bigint as CustomerID)
                from '{SECOND_YEAR}' where InvoiceDate < date '2011-02-01') to '{path}' (header)
        """)
    path.write_bytes(path.read_text(encoding="utf-8").encode("cp1252"))
    (report,) = take_retail(path, dry_run=True)
    assert "dates mdy" in report.reading
    assert fates(report) == {"known": (77_628, report.amounts["lines"])}
    assert report.amounts == {"lines": Decimal("1308957.28")}


def test_both_years_in_one_csv_count_their_common_days_once(tmp_path: Path) -> None:
    path = tmp_path / "online_retail_II.csv"
    with duckdb.connect() as duck:
        duck.execute(f"""
            copy (select * from '{FIRST_YEAR}' where InvoiceDate >= '2010-11-15' union all
                select InvoiceNo, StockCode, Description, Quantity, strftime(InvoiceDate, '%Y-%m-%d %H:%M:%S'),
                    UnitPrice, CustomerID, Country from '{SECOND_YEAR}' where InvoiceDate < date '2011-01-01')
            to '{path}' (header)
        """)
    shop = a_shop("alone", zone=SHOP.zone, currency="GBP")
    (report,) = actions.bring_in([OnlineRetail(path=path)], shop=shop, by=BY, dry_run=True)
    assert fates(report)["repeated"] == (22_523, Decimal("377488.45"))
    assert report.line_count - 22_523 == sum(count for name, (count, _) in fates(report).items() if name != "repeated")


def test_all_of_olist_is_accounted_for(taken: Taken) -> None:
    report = taken.olist
    assert fates(report) == {
        "orders.equal": (32_411, None),
        "orders.unequal": (89, None),
        "orders.goods_unknown": (4_497, None),
        "orders.no_payment": (1, None),
        "items.sold": (37_148, Decimal("5300237.02")),
        "items.without_order": (6_358, Decimal("886182.77")),
        "payments.settled": (38_748, Decimal("6032314.17")),
        "payments.open": (161, Decimal("35175.17")),
        "payments.without_order": (64_977, Decimal("9941382.78")),
        "reviews.published": (19_724, None),
        "reviews.without_order": (576, None),
        "customers.used": (33_364, None),
        "customers.unused": (6_239, None),
        "products.used": (16_239, None),
        "products.unused": (16_712, None),
    }
    assert report.amounts["payments"] == Decimal("16008872.12")
    assert (report.orders, report.refused_rows) == (36_998, 0)
    assert sums("olist")["paid"] == 603_231_417


def test_olists_payments_are_those_of_its_items_but_for_ninety(taken: Taken) -> None:
    (row,) = asked(
        "olist",
        """
        with placed as (select order_number, amount_minor from {events} where name = 'shop.order_placed'
                and person <> '' and lines[1].sku <> ''),
            purse as (select order_id, sum(payment_value::decimal(18, 2)) * 100 as paid
                from '"""
        + str(SHARED_DATA / "olist" / "olist_order_payments_dataset.parquet")
        + """' group by order_id)
        select count(*), count(paid), count(*) filter (where abs(paid - amount_minor) <= 5)
        from placed left join purse on order_id = order_number
        """,
    )
    assert row == (32_191, 32_190, 32_101)


def test_the_tmall_report_sums_to_what_was_paid_and_given_back(taken: Taken) -> None:
    assert fates(taken.tmall) == {"sold": (24_087, Decimal("2474823.07")), "unpaid": (3_923, Decimal("520937.54"))}
    assert sums("tmall") == {"placed": 299_576_061, "paid": 247_482_307, "refunded": 57_233_592}


def test_visitor_events_are_all_there(taken: Taken) -> None:
    assert {name: count for name, (count, _) in fates(taken.retailrocket).items()} == {
        "Product Viewed": 9_076,
        "Product Added": 263,
        "Order Completed": 46,
    }
    assert taken.taobao.line_count == 84_475
    assert asked("taobao", "select count(*), count(distinct person) from {events}") == [(84_475, 815)]


@pytest.mark.parametrize("shop", [SHOP.code, "olist", "tmall"])
def test_every_fact_has_an_id_of_its_own_and_a_cause_that_is_there(taken: Taken, shop: str) -> None:
    assert asked(
        shop,
        """
        with all_of_them as materialized (select id, cause from {events})
        select count(*) - count(distinct id), (select count(*) from all_of_them where cause is not null
            and cause not in (select id from all_of_them)) from all_of_them
        """,
    ) == [(0, 0)]


@pytest.mark.parametrize("shop", [SHOP.code, "olist", "tmall"])
def test_every_fact_is_one_of_the_vocabulary(taken: Taken, shop: str) -> None:
    rows = asked(shop, "select name, version, body from {events} where hash(id) % 50 = 0")
    assert len(rows) > 100
    for name, version, body in rows:
        registry.decode(name, version, body)


@pytest.mark.parametrize("shop", [SHOP.code, "olist"])
def test_the_lines_of_every_order_are_its_goods(taken: Taken, shop: str) -> None:
    assert asked(
        shop,
        """
        select count(*) from {events} where name = 'shop.order_placed' and (
            coalesce(list_sum(list_transform(lines, lambda l: l.amount_minor)), 0)
                <> (decode(body) ->> '$.goods_minor')::bigint
            or amount_minor - (decode(body) ->> '$.shipping_minor')::bigint
                <> (decode(body) ->> '$.goods_minor')::bigint)
        """,
    ) == [(0,)]


def test_days_are_those_of_the_shops_clocks(taken: Taken) -> None:
    (row,) = asked(
        SHOP.code,
        "select count(*) filter (where day <> timezone('Europe/London', make_timestamptz(ts_us))::date), min(day),"
        " max(day) from {events}",
    )
    assert row == (0, date(2009, 12, 1), date(2011, 12, 9))
