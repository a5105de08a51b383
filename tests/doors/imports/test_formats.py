"""Files are known by what stands in their first line, also where that is no header."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.doors.imports.made import a_csv, a_file, a_shop, fates, lines_of, names_told, take_events, take_orders, told
from zhanggui.base.operation.rules import job
from zhanggui.doors.imports import actions
from zhanggui.doors.imports import command as imports
from zhanggui.doors.imports.errors import FormatUnknown
from zhanggui.doors.imports.reports import Report
from zhanggui.doors.imports.rules.formats import FORMATS, recognised
from zhanggui.doors.imports.sources import cdnow
from zhanggui.doors.imports.sources.cdnow import Cdnow
from zhanggui.doors.imports.sources.recognised import source_of
from zhanggui.insight.lake import queries as lake

FIRST_LINES = [
    (["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID"], "online-retail"),
    (["Invoice", "StockCode", "Quantity", "InvoiceDate", "Price", "Customer ID", "Country"], "online-retail"),
    (["customer_id", "date", "number_of_cds", "dollar_value"], "cdnow"),
    (["00001", "19970101", "1", "11.77"], "cdnow"),
    (["00004", "0001", "19970101", "2", "29.33"], "cdnow"),
    (["1", "2268318", "2520377", "pv", "1511544070"], "taobao"),
    (["user_id", "item_id", "category_id", "behavior", "ts"], "taobao"),
    (["timestamp", "visitorid", "event", "itemid", "transactionid", "datetime"], "retailrocket"),
    (["Name", "Email", "Financial Status", "Created at", "Lineitem quantity", "Lineitem price"], "shopify"),
    (["订单编号", "总金额", "收货地址", "订单创建时间", "订单付款时间 "], "tmall"),
    (["order_number", "date", "status", "order_total", "item_name", "item_quantity", "item_total"], "woocommerce"),
    (["Date", "Order #", "Status", "Product(s)", "Items sold", "Net sales"], "woocommerce-analytics"),
    (["Type", "SKU", "Name", "Published"], None),
    (["1", "2268318", "2520377", "look", "1511544070"], None),
    ([], None),
]
PURCHASES = (
    " 00001 19970101  1   11.77",
    " 00002 19970112  1   12.00",
    " 00002 19970112  5   77.00",
    " 00003 19970330  2    0.00",
)


@pytest.mark.parametrize(("first", "key"), FIRST_LINES, ids=[" ".join(first)[:30] for first, _ in FIRST_LINES])
def test_a_first_line_says_what_a_file_is(first: list[str], key: str | None) -> None:
    found = recognised(first)
    assert (found.key if found else None) == key


def test_every_format_is_known_by_a_first_line() -> None:
    assert {key for _, key in FIRST_LINES if key} == {one.key for one in FORMATS}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_file_is_known_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    path = a_csv(
        tmp_path / "f.csv",
        "1,2,浙江,a,b",
        header="订单编号,总金额,收货地址,订单创建时间,订单付款时间",
        encoding=encoding,
    )
    assert source_of(path).format == "tmall"


def test_a_file_that_nobody_knows_is_refused_with_a_mapping_to_try(tmp_path: Path) -> None:
    path = a_csv(tmp_path / "f.csv", "1,2026-01-02,pot,5", header="Order ID,Order Date,SKU,Unit price")
    with pytest.raises(FormatUnknown) as refused:
        source_of(path)
    assert refused.value.guess == "order=Order ID,at=Order Date,sku=SKU,price=Unit price"


def take_purchases(path: Path, **how: object) -> Report:
    (report,) = actions.bring_in([Cdnow(path=path)], shop=cdnow.SHOP, by=job("import"), **how)  # type: ignore[arg-type]
    return report


@pytest.mark.django_db
@pytest.mark.usefixtures("lake_folder")
@pytest.mark.tables("orders")
class TestBroughtIn:
    """What becomes of files without a header, and of those of WooCommerce."""

    def test_purchases_parted_by_blanks_are_orders(self, tmp_path: Path) -> None:
        report = take_purchases(a_file(tmp_path / "cdnow.txt", "\n".join(PURCHASES) + "\n"))
        rows = told("cdnow", "shop.order_placed")
        assert [(row["person"], row["amount_minor"], lines_of(row)) for row in rows] == [
            ("00001", 1177, [("", 1, 1177)]),
            ("00002", 1200, [("", 1, 1200)]),
            ("00002", 7700, [("", 5, 7700)]),
            ("00003", 0, [("", 2, 0)]),
        ]
        assert [row["day"].isoformat() for row in rows] == ["1997-01-01", "1997-01-12", "1997-01-12", "1997-03-30"]
        assert fates(report) == {"sold": (4, Decimal("100.77"))}

    def test_the_sample_is_known_beside_the_file_of_all(self, tmp_path: Path) -> None:
        take_purchases(
            a_file(tmp_path / "all.txt", " customer_id  date number_of_cds  dollar_value\n" + "\n".join(PURCHASES))
        )
        sample = a_file(tmp_path / "sample.txt", " 00002 0001 19970112  5   77.00\n 00009 0002 19970113  1    9.00\n")
        assert fates(take_purchases(sample)) == {"sold": (1, Decimal("9.00")), "known": (1, Decimal("77.00"))}

    def test_equal_purchases_of_a_day_are_two_orders(self, tmp_path: Path) -> None:
        take_purchases(a_file(tmp_path / "cdnow.txt", f"{PURCHASES[0]}\n{PURCHASES[0]}\n"))
        numbers = [row["order_number"] for row in told("cdnow", "shop.order_placed")]
        assert sorted(numbers) == ["00001-19970101-1-11.77", "00001-19970101-1-11.77-2"]

    def test_a_broken_purchase_is_given_back_with_its_line_and_fed_back_mended(self, tmp_path: Path) -> None:
        lines = (PURCHASES[0], " 00002 19971399  1   12.00", " 00003 19970330  2", PURCHASES[2])
        report = take_purchases(a_file(tmp_path / "cdnow.txt", "\n".join(lines) + "\n"))
        assert [(one.line, one.reason) for one in report.refused_examples] == [
            (2, "date is not a date that can be read"),
            (3, "3 fields instead of 4"),
        ]
        refused = Path(report.refused_file)
        refused.write_text(refused.read_text().replace("19971399", "19970130"))
        again = take_purchases(refused)
        assert fates(again)["sold"] == (1, Decimal("12.00"))
        assert names_told("cdnow")["shop.order_placed"] == 3

    def test_the_published_file_of_taobao_has_no_header(self, tmp_path: Path) -> None:
        path = a_file(
            tmp_path / "UserBehavior.csv", "1,2268318,2520377,pv,1511544070\n1,2268318,2520377,buy,1511544071\n"
        )
        take_events(path, "taobao")
        rows = told()
        assert [(row["name"], row["sku"], row["amount_minor"]) for row in rows] == [
            ("Product Viewed", "2268318", None),
            ("Order Completed", "2268318", None),
        ]

    def test_refused_lines_of_a_file_without_header_are_fed_back(self, tmp_path: Path) -> None:
        path = a_file(tmp_path / "UserBehavior.csv", "1,2,3,pv,1511544070\n1,2,3,pv,soon\n")
        report = take_events(path, "taobao")
        assert [(one.line, one.reason) for one in report.refused_examples] == [(2, "the time cannot be read")]
        refused = Path(report.refused_file)
        refused.write_text(refused.read_text().replace("soon", "1511544071"))
        assert take_events(refused, "taobao").refused_rows == 0
        assert names_told() == {"Product Viewed": 2}

    def test_an_order_of_woocommerce_is_whole(self, tmp_path: Path) -> None:
        header = (
            "order_number,date,status,shipping_total,tax_total,order_total,refunded_total,order_currency,customer_id,"
            "item_name,item_sku,item_quantity,item_total"
        )
        order = "7,2026-01-05 10:00:00,completed,5.00,2.00,47.00,0,EUR,12"
        path = a_csv(tmp_path / "orders.csv", f"{order},Pot,pot,2,30.00", f"{order},Cup,cup,1,10.00", header=header)
        report = take_orders(path, "woocommerce", shop=a_shop(currency="EUR", zone="Europe/Berlin"))
        (placed,) = told(name="shop.order_placed")
        assert lines_of(placed) == [("pot", 2, 3000), ("cup", 1, 1000)]
        assert (placed["amount_minor"], placed["person"]) == (4700, "12")
        assert report.booked == Decimal("47.00")

    def test_the_orders_of_woocommerces_analytics_have_no_customers(self, tmp_path: Path) -> None:
        header = "Date,Order #,Status,Customer,Customer type,Product(s),Items sold,Coupon(s),Net sales,Attribution"
        path = a_csv(
            tmp_path / "orders.csv",
            '2026-01-05,7,Completed,Ann Lee,New,"1× Pot, 2× Cup",3,,40.00,Direct',
            header=header,
        )
        take_orders(path, "woocommerce-analytics", shop=a_shop(currency="EUR"))
        (placed,) = told(name="shop.order_placed")
        assert (placed["order_number"], placed["amount_minor"], placed["person"]) == ("7", 4000, "")
        assert lines_of(placed) == [("", 3, 4000)]

    def test_the_command_finds_out_what_a_file_is(self, tmp_path: Path) -> None:
        path = a_file(tmp_path / "cdnow.txt", "\n".join(PURCHASES) + "\n")
        result = CliRunner().invoke(imports.command, ["file", str(path)])
        assert result.exit_code == 0, result.output
        assert lake.ask(f"select count(*) from {lake.rollup('cdnow', 'orders')} where kind = 'paid'") == [(4,)]

    def test_a_shop_that_does_not_stand_has_to_be_described(self, tmp_path: Path) -> None:
        path = a_csv(
            tmp_path / "e.csv", "1433193132535,7,view,1,", header="timestamp,visitorid,event,itemid,transactionid"
        )
        result = CliRunner().invoke(imports.command, ["file", str(path)])
        assert (result.exit_code, "--zone Asia/Shanghai --currency CNY" in result.output) == (1, True)
