"""Any shop's order lines."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.doors.imports.made import HEADER, a_csv, a_shop, fates, lines_of, names_told, take_orders, told
from zhanggui.base.money import Money
from zhanggui.doors.imports.columns import Writing
from zhanggui.doors.imports.errors import ColumnsMissing, CurrencyDiffers, DatesUnclear, DecimalsUnclear
from zhanggui.doors.imports.rules import mapping
from zhanggui.doors.imports.rules.moments import Dates
from zhanggui.doors.imports.rules.numbers import Decimals
from zhanggui.doors.imports.sources.order_lines import OrderLines
from zhanggui.doors.imports.stage import Stage
from zhanggui.insight.sources import queries as sources
from zhanggui.spine.facts import registry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lake_folder"), pytest.mark.tables("orders")]

POT = "A1,2026-01-05 10:00:00,pot,2,19.90,c1,浙江"
CUP = "A1,2026-01-05 10:00:00,cup,1,5,c1,浙江"


def test_lines_become_an_order_and_its_payment(tmp_path: Path) -> None:
    report = take_orders(a_csv(tmp_path / "f.csv", POT, CUP))
    (placed,) = told(name="shop.order_placed")
    (paid,) = told(name="shop.payment_settled")
    assert lines_of(placed) == [("pot", 2, 3980), ("cup", 1, 500)]
    assert (placed["amount_minor"], placed["currency"], placed["person"], placed["region"]) == (
        4480,
        "CNY",
        "c1",
        "浙江",
    )
    assert (placed["day"].isoformat(), paid["cause"]) == ("2026-01-05", placed["id"])
    assert fates(report) == {"sold": (2, Decimal("44.80"))}
    assert report.booked == Decimal("44.80")


def test_a_day_is_that_of_the_shops_zone(tmp_path: Path) -> None:
    take_orders(a_csv(tmp_path / "f.csv", POT.replace("10:00:00", "23:30:00+00:00")))
    assert [row["day"].isoformat() for row in told()] == ["2026-01-06", "2026-01-06"]


def test_pieces_below_zero_are_a_return_of_their_order(tmp_path: Path) -> None:
    take_orders(a_csv(tmp_path / "f.csv", POT, "A1,2026-01-09 10:00:00,pot,-1,19.90,c1,浙江"))
    (placed,), (returned,), (refunded,), (paid,) = (
        told(name=f"shop.{name}") for name in ("order_placed", "return_received", "refund_settled", "payment_settled")
    )
    assert lines_of(placed) == [("pot", 2, 3980)]
    assert lines_of(refunded) == [("pot", 1, 1990)]
    assert (refunded["order_number"], refunded["day"].isoformat()) == ("A1", "2026-01-09")
    assert (returned["cause"], refunded["cause"]) == (paid["id"], returned["id"])


def test_titles_and_categories_are_listed(tmp_path: Path) -> None:
    header = "order,at,sku,quantity,price,title,category"
    path = a_csv(tmp_path / "f.csv", "1,2026-01-05,pot,1,20,紫砂壶,Teaware", "2,2026-01-06,,1,5,盖碗,", header=header)
    take_orders(path, "order=order,at=at,sku=sku,quantity=quantity,price=price,title=title,category=category")
    listed = [
        (row["sku"], row["category"], msgspec.json.decode(row["body"])["title"])
        for row in told(name="shop.product_listed")
    ]
    assert listed == [("pot", "Teaware", "紫砂壶"), ("盖碗", "", "盖碗")]
    assert told(name="shop.order_placed")[0]["lines"][0]["category"] == "Teaware"


STATUSES = [
    ("paid", {"shop.order_placed": 1, "shop.payment_settled": 1}, "sold"),
    ("交易成功", {"shop.order_placed": 1, "shop.payment_settled": 1}, "sold"),
    ("pending", {"shop.order_placed": 1}, "unpaid"),
    ("交易关闭", {"shop.order_placed": 1, "shop.order_cancelled": 1}, "cancelled"),
    ("refunded", {"shop.order_placed": 1, "shop.payment_settled": 1, "shop.refund_settled": 1}, "sold"),
    ("abgeschlossen", {"shop.order_placed": 1, "shop.payment_settled": 1}, "sold"),
]


@pytest.mark.parametrize(("status", "names", "bucket"), STATUSES, ids=[status for status, *_ in STATUSES])
def test_a_status_says_how_far_an_order_came(tmp_path: Path, status: str, names: dict[str, int], bucket: str) -> None:
    path = a_csv(tmp_path / "f.csv", f"{POT},{status}", header=f"{HEADER},status")
    columns = "order=order,at=at,sku=sku,quantity=quantity,price=price,status=status"
    report = take_orders(path, columns, status_words=("Abgeschlossen=paid",))
    assert names_told() == names
    assert list(fates(report)) == [bucket]


def test_an_unknown_status_is_refused_and_named(tmp_path: Path) -> None:
    path = a_csv(tmp_path / "f.csv", f"{POT},pondering", header=f"{HEADER},status")
    report = take_orders(path, "order=order,at=at,price=price,status=status")
    assert [one.reason for one in report.refused_examples] == ['the status "pondering" is not known']


def test_names_and_mail_addresses_are_kept_as_digests_only(tmp_path: Path) -> None:
    people = ["ann@example.com", "Ann Lee", "李雷", "c-17"]
    path = a_csv(
        tmp_path / "f.csv", *(f"{n},2026-01-05,pot,1,2,{who},浙江省 杭州市 文三路5号" for n, who in enumerate(people))
    )
    take_orders(path)
    rows = told(name="shop.order_placed")
    assert len({row["person"] for row in rows}) == 4
    assert [row["person"] for row in rows if row["order_number"] == "3"] == ["c-17"]
    assert {row["region"] for row in rows} == {"浙江省"}
    everything = repr(told())
    assert not [who for who in (*people[:3], "文三路") if who in everything]


def test_the_same_mail_address_is_the_same_person_in_every_file(tmp_path: Path) -> None:
    take_orders(a_csv(tmp_path / "a.csv", "1,2026-01-05,pot,1,2,ann@example.com,x"))
    take_orders(a_csv(tmp_path / "b.csv", "2,2026-01-06,pot,1,2,Ann@Example.com,x"))
    assert len({row["person"] for row in told(name="shop.order_placed")}) == 1


def test_european_numbers_and_dates_are_understood(tmp_path: Path) -> None:
    path = a_csv(
        tmp_path / "f.csv",
        "1;31.12.2025 10:00;A;2;1.234,50 €;k1;DE",
        "2;01.01.2026;B;1;0,50 €;k2;AT",
        header=HEADER.replace(",", ";"),
        encoding="utf-8-sig",
    )
    report = take_orders(path, shop=a_shop(zone="Europe/Berlin", currency="EUR"))
    assert report.booked == Decimal("2469.50")
    assert [row["day"].isoformat() for row in told(name="shop.order_placed")] == ["2025-12-31", "2026-01-01"]


def test_dates_that_could_be_either_way_round_are_asked_for(tmp_path: Path) -> None:
    path = a_csv(tmp_path / "f.csv", POT.replace("2026-01-05", "01/02/2026"))
    with pytest.raises(DatesUnclear) as refused:
        take_orders(path)
    assert (refused.value.column, refused.value.examples) == ("at", ("01/02/2026",))
    take_orders(path, writing=Writing(dates=Dates.DMY))
    assert told(name="shop.order_placed")[0]["day"].isoformat() == "2026-02-01"


def test_decimals_that_could_be_either_are_asked_for(tmp_path: Path) -> None:
    path = a_csv(tmp_path / "f.csv", POT.replace("19.90", "1.234"))
    with pytest.raises(DecimalsUnclear) as refused:
        take_orders(path)
    assert (refused.value.column, refused.value.examples) == ("price", ("1.234",))
    assert take_orders(path, writing=Writing(decimals=Decimals.COMMA)).booked == Decimal("2468.00")


def test_a_wrong_mapping_changes_nothing(tmp_path: Path) -> None:
    with pytest.raises(ColumnsMissing):
        take_orders(a_csv(tmp_path / "f.csv", POT), "order=Nummer,at=at,price=price")
    assert sources.imports() == ()


def test_amounts_in_another_currency_are_refused(tmp_path: Path) -> None:
    columns = "order=order,at=at,price=price,currency=currency"
    header = "order,at,price,currency"
    with pytest.raises(CurrencyDiffers):
        take_orders(a_csv(tmp_path / "a.csv", "1,2026-01-05,2,USD", header=header), columns)
    report = take_orders(a_csv(tmp_path / "b.csv", "1,2026-01-05,2,USD", "2,2026-01-05,3,cny", header=header), columns)
    assert [one.reason for one in report.refused_examples] == ["the currency is USD, not CNY"]
    assert report.booked == Decimal("3.00")


SHOPIFY = (
    "Name,Email,Financial Status,Paid at,Currency,Subtotal,Shipping,Taxes,Total,Created at,Lineitem quantity,"
    "Lineitem name,Lineitem price,Lineitem sku,Lineitem discount,Shipping Province,Cancelled at,Payment Method,"
    "Refunded Amount,Fulfilled at"
)


def test_a_shopify_export_is_read_with_discount_postage_and_refund(tmp_path: Path) -> None:
    path = a_csv(
        tmp_path / "orders_export.csv",
        "#1001,a@b.c,partially_refunded,2026-01-02 10:11:12 +0800,CNY,90.00,5.00,0,95.00,2026-01-02 10:10:00 +0800,3,"
        '"Tea, big",20.00,T1,0,ZJ,,Alipay,12.00,2026-01-03 09:00:00 +0800',
        "#1001,a@b.c,,,,,,,,,1,Cup,40.00,,0,,,,,",
        header=SHOPIFY,
    )
    report = take_orders(path, "shopify")
    (placed,) = told(name="shop.order_placed")
    assert lines_of(placed) == [("T1", 3, 5400), ("Cup", 1, 3600)]
    body = msgspec.json.decode(placed["body"])
    assert (body["goods_minor"], body["discount_minor"], body["shipping_minor"], body["tax_minor"]) == (
        9000,
        1000,
        500,
        0,
    )
    (paid,) = told(name="shop.payment_settled")
    assert msgspec.json.decode(paid["body"])["provider"] == "Alipay"
    (shipped,) = told(name="shop.parcel_shipped")
    assert shipped["cause"] == paid["id"]
    (refunded,) = told(name="shop.refund_settled")
    assert (refunded["amount_minor"], refunded["cause"]) == (1200, paid["id"])
    assert report.booked == Decimal("83.00")


def test_tax_within_the_prices_is_not_added_again(tmp_path: Path) -> None:
    line = "#1,a@b.c,paid,2026-01-02 10:11:12 +0800,CNY,20,0,1.82,20,2026-01-02 10:10:00 +0800,1,Tea,20,T1,0,,,,,"
    take_orders(a_csv(tmp_path / "f.csv", line, header=SHOPIFY), "shopify")
    body = msgspec.json.decode(told(name="shop.order_placed")[0]["body"])
    assert (body["goods_minor"], body["tax_minor"], body["amount_minor"]) == (2000, 0, 2000)


def test_a_tmall_report_without_products_is_read(tmp_path: Path) -> None:
    path = a_csv(
        tmp_path / "report.csv",
        "1,178.8,0.0,上海,2020-02-21 00:00:00,,0.0",
        "2,21.0,15.0,浙江省 杭州市,2020-02-20 23:59:54,2020-02-21 00:00:02,6.0",
        header="订单编号,总金额,买家实际支付金额,收货地址 ,订单创建时间,订单付款时间 ,退款金额",
        encoding="gb18030",
    )
    report = take_orders(path, "tmall")
    assert fates(report) == {"sold": (1, Decimal("21.0")), "unpaid": (1, Decimal("178.8"))}
    assert names_told() == {"shop.order_placed": 2, "shop.payment_settled": 1, "shop.refund_settled": 1}
    assert lines_of(told(name="shop.order_placed")[0]) == [("", 1, 2100)]
    assert report.booked == Decimal("193.80")
    assert "gb18030" in report.reading


baskets = st.tuples(
    st.lists(st.tuples(st.integers(1, 9), st.integers(0, 99_999)), min_size=1, max_size=6), st.integers(0, 1_000_000)
)


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(baskets=st.lists(baskets, min_size=20, max_size=60))
def test_a_discount_is_shared_out_as_money_is_split(
    baskets: list[tuple[list[tuple[int, int]], int]], tmp_path: Path
) -> None:
    rows, wanted = [], {}
    for number, (pieces, total) in enumerate(baskets):
        weights = [quantity * price for quantity, price in pieces]
        goods = min(total, sum(weights))
        rows += [f"{number},2026-01-05,s,{q},{price / 100:.2f},{goods / 100:.2f}" for q, price in pieces]
        shares = Money(goods, "CNY").split(weights) if sum(weights) else [Money(0, "CNY")] * len(weights)
        wanted[str(number)] = [share.minor for share in shares]
    path = a_csv(tmp_path / "f.csv", *rows, header="order,at,sku,quantity,price,total")
    columns = mapping.columns_said(["order=order,at=at,sku=sku,quantity=quantity,price=price,total=total"], presets={})
    with Stage(tmp_path / "bench") as stage:
        OrderLines(path=path, columns=columns).lay_out(stage, a_shop())
        found = stage.rows(
            "select replace(key, 'orders/', ''), list(amount_minor order by place) from pieces group by key"
        )
    assert dict(found) == wanted


def test_every_fact_is_one_that_the_vocabulary_knows(tmp_path: Path) -> None:
    path = a_csv(
        tmp_path / "f.csv",
        '1,2026-01-05,"p""o,t",2,9.99,c1,浙江,refunded,茶',
        "2,2026-01-05,cup,1,5,,,paid,杯",
        "2,2026-01-06,cup,-1,5,,,,杯",
        "3,2026-01-06,cup,1,5,,,cancelled,杯",
        header=f"{HEADER},status,title",
    )
    columns = ["order", "sku", "quantity", "price", "customer", "region", "status", "title"]
    take_orders(path, "at=at," + ",".join(f"{one}={one}" for one in columns))
    rows = told()
    assert len({row["name"] for row in rows}) == 6
    for row in rows:
        fact = registry.decode(row["name"], row["version"], row["body"])
        entry = registry.entry_of(fact)
        assert {column: row[column] for column in entry.lifted} == {one: getattr(fact, one) for one in entry.lifted}
        assert [dict(line) for line in row["lines"]] == [
            {key: getattr(line, key) for key in ("sku", "category", "quantity", "amount_minor")}
            for line in getattr(fact, "lines", ())
        ]
