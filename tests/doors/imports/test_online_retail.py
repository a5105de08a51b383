"""UCI Online Retail: every line in one bucket, invoices as orders, credit notes as refunds."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

from tests.doors.imports.made import (
    RETAIL_HEADER,
    a_csv,
    fates,
    lines_of,
    names_told,
    rows_but,
    take_retail,
    told,
)
from zhanggui.base import ids
from zhanggui.doors.imports.errors import ColumnsMissing
from zhanggui.doors.imports.reports import Report
from zhanggui.insight.sources import queries as sources

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lake_folder"), pytest.mark.tables("orders")]

SHOP = "online-retail"
TEAPOT = "536365,85123a,RED TEAPOT,6,2010-12-01 08:26:00,2.55,17850,United Kingdom"
CUP = "536365,71053,WHITE CUP,2,2010-12-01 08:26:00,3.39,17850,United Kingdom"
POSTAGE = "536365,POST,POSTAGE,1,2010-12-01 08:27:00,18.00,17850,United Kingdom"
GIFT = "536365,22139,,1,2010-12-01 08:26:00,0.0,17850,United Kingdom"
BACK = "C536379,85123A,RED TEAPOT,-1,2010-12-02 09:41:00,2.55,17850,United Kingdom"
DISCOUNT = "C536379,D,Discount,-1,2010-12-02 09:41:00,5.00,17850,United Kingdom"
LOST = "536400,85123A,damages,-10,2010-12-02 10:00:00,0.0,,United Kingdom"
DEBT = "A563185,B,Adjust bad debt,1,2010-12-03 10:00:00,-11062.06,,United Kingdom"
WRONG_WAY = "C496350,M,Manual,1,2010-12-03 11:00:00,373.57,,United Kingdom"


def retail(path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    return a_csv(path, *lines, header=RETAIL_HEADER, encoding=encoding)


def taken(path: Path, *lines: str) -> Report:
    (report,) = take_retail(retail(path, *lines))
    return report


def test_every_line_is_in_one_bucket_and_their_money_is_the_files(tmp_path: Path) -> None:
    report = taken(tmp_path / "f.csv", TEAPOT, CUP, POSTAGE, GIFT, BACK, DISCOUNT, LOST, DEBT, WRONG_WAY)
    assert fates(report) == {
        "sold": (2, Decimal("22.08")),
        "postage": (1, Decimal("18.00")),
        "given_free": (1, Decimal(0)),
        "returned": (1, Decimal("-2.55")),
        "credited": (1, Decimal("-5.00")),
        "stock": (1, Decimal(0)),
        "bad_debt": (1, Decimal("-11062.06")),
        "correction": (1, Decimal("373.57")),
    }
    assert report.amounts == {
        "lines": Decimal("22.08") + 18 - Decimal("7.55") + Decimal("373.57") - Decimal("11062.06")
    }
    assert report.booked == Decimal("40.08") - Decimal("7.55")


def test_an_invoice_is_an_order_paid_when_placed(tmp_path: Path) -> None:
    taken(tmp_path / "f.csv", TEAPOT, CUP, POSTAGE, GIFT)
    (placed,) = told(SHOP, "shop.order_placed")
    (paid,) = told(SHOP, "shop.payment_settled")
    assert lines_of(placed) == [("85123A", 6, 1530), ("71053", 2, 678), ("22139", 1, 0)]
    assert (placed["order_number"], placed["amount_minor"], placed["currency"]) == ("536365", 4008, "GBP")
    assert (placed["person"], placed["region"], placed["actor"]) == ("17850", "United Kingdom", "customer:17850")
    assert placed["subject"] == "order:536365"
    assert placed["body"] == (
        b'{"order_number":"536365","customer_id":"17850","lines":[{"sku":"85123A","category":"","quantity":6,'
        b'"amount_minor":1530},{"sku":"71053","category":"","quantity":2,"amount_minor":678},{"sku":"22139",'
        b'"category":"","quantity":1,"amount_minor":0}],"goods_minor":2208,"discount_minor":0,"shipping_minor":1800,'
        b'"tax_minor":0,"amount_minor":4008,"currency":"GBP"}'
    )
    assert ids.at_of(UUID(placed["id"])).isoformat() == "2010-12-01T08:26:00+00:00"
    assert (paid["cause"], paid["ts_us"], paid["amount_minor"]) == (placed["id"], placed["ts_us"], 4008)
    assert lines_of(paid) == lines_of(placed)


def test_a_credit_note_is_a_return_and_a_refund(tmp_path: Path) -> None:
    taken(tmp_path / "f.csv", BACK, DISCOUNT)
    (returned,) = told(SHOP, "shop.return_received")
    (refunded,) = told(SHOP, "shop.refund_settled")
    assert lines_of(returned) == [("85123A", 1, 255)]
    assert lines_of(refunded) == [("85123A", 1, 255), ("D", 1, 500)]
    assert (refunded["order_number"], refunded["amount_minor"], refunded["cause"]) == ("C536379", 755, returned["id"])


def test_a_credit_without_goods_is_no_return(tmp_path: Path) -> None:
    taken(tmp_path / "f.csv", DISCOUNT)
    assert names_told(SHOP) == {"shop.refund_settled": 1}


def test_products_are_listed_once_under_the_words_used_most(tmp_path: Path) -> None:
    again = "536366,85123A,Red Teapot?,1,2010-12-02 08:26:00,2.95,17851,United Kingdom"
    once = "536367,85123A,RED TEAPOT,1,2010-12-01 09:26:00,2.55,17852,France"
    taken(tmp_path / "f.csv", TEAPOT, again, once)
    (listed,) = told(SHOP, "shop.product_listed")
    assert (listed["sku"], listed["amount_minor"], listed["day"].isoformat()) == ("85123A", 295, "2010-12-01")
    assert b'"title":"RED TEAPOT"' in listed["body"]


def test_prices_finer_than_a_penny_keep_their_exact_money_in_the_report(tmp_path: Path) -> None:
    pads = [f"53640{n},PADS,PADS,1,2010-12-01 08:26:00,0.001,17850,United Kingdom" for n in range(3)]
    ten = "536404,PADS,PADS,1500,2010-12-01 08:26:00,0.001,17850,United Kingdom"
    report = taken(tmp_path / "f.csv", *pads, ten)
    assert report.amounts == {"lines": Decimal("1.503")}
    assert report.booked == Decimal("1.50")


def test_a_customer_nobody_knows_stays_nobody(tmp_path: Path) -> None:
    taken(tmp_path / "f.csv", "536365,1,CUP,1,2010-12-01 08:26:00,1,,United Kingdom")
    (placed,) = told(SHOP, "shop.order_placed")
    assert (placed["person"], placed["actor"]) == ("", "partner:online-retail")


def test_invoices_that_come_again_in_another_file_count_once(tmp_path: Path) -> None:
    other = "536500,71053,WHITE CUP,1,2010-12-05 08:26:00,3.39,17851,France"
    first = retail(tmp_path / "one.csv", TEAPOT, CUP, LOST)
    second = retail(tmp_path / "two.csv", CUP, TEAPOT.replace("RED", "NEW"), LOST, other)
    _, report = take_retail(first, second)
    assert fates(report)["known"] == (3, Decimal("22.08"))
    assert fates(report)["sold"] == (1, Decimal("3.39"))
    assert [row["order_number"] for row in told(SHOP, "shop.order_placed")] == ["536365", "536500"]


def test_a_dry_run_of_two_files_counts_what_they_share_once_too(tmp_path: Path) -> None:
    first, second = retail(tmp_path / "one.csv", TEAPOT, CUP), retail(tmp_path / "two.csv", TEAPOT, CUP, BACK)
    _, report = take_retail(first, second, dry_run=True)
    assert fates(report)["known"] == (2, Decimal("22.08"))
    assert told(SHOP) == []


def test_an_invoice_that_comes_back_changed_is_reported_and_kept_as_it_was(tmp_path: Path) -> None:
    taken(tmp_path / "one.csv", TEAPOT)
    before = told(SHOP)
    report = taken(tmp_path / "two.csv", TEAPOT.replace(",6,", ",7,"))
    assert report.differing == ("536365",)
    assert fates(report) == {"differs": (1, Decimal("17.85"))}
    assert told(SHOP) == before


def test_both_years_in_one_file_count_their_common_days_once(tmp_path: Path) -> None:
    filler = [f"5364{n},71053,WHITE CUP,1,2010-12-02 08:26:00,3.39,17851,France" for n in range(10, 20)]
    report = taken(tmp_path / "f.csv", TEAPOT, TEAPOT, CUP, *filler, TEAPOT, CUP, TEAPOT)
    assert fates(report)["repeated"] == (3, Decimal("37.38"))
    assert lines_of(told(SHOP, "shop.order_placed")[0]) == [("85123A", 6, 1530), ("85123A", 6, 1530), ("71053", 2, 678)]


def test_the_first_files_names_of_columns_are_known(tmp_path: Path) -> None:
    header = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
    path = a_csv(tmp_path / "f.csv", TEAPOT.replace("2010-12-01 08:26:00", "12/13/2010 8:26"), header=header)
    (report,) = take_retail(path)
    assert report.first_day is not None
    assert report.first_day.isoformat() == "2010-12-13"


def test_the_encoding_of_its_time_is_understood(tmp_path: Path) -> None:
    path = retail(tmp_path / "f.csv", TEAPOT.replace("TEAPOT", "£5 TEAPOT"), encoding="cp1252")
    (report,) = take_retail(path)
    assert "cp1252" in report.reading
    assert "£5 TEAPOT" in told(SHOP, "shop.product_listed")[0]["body"].decode()


def test_another_file_is_refused_with_its_columns(tmp_path: Path) -> None:
    with pytest.raises(ColumnsMissing) as refused:
        take_retail(a_csv(tmp_path / "f.csv", "1,2", header="a,b"))
    assert "order=Invoice" in refused.value.missing
    assert refused.value.present == ("a", "b")
    assert sources.imports() == ()


BAD_LINES = [
    (TEAPOT.replace(",6,", ",six,"), "quantity is not a whole number"),
    (TEAPOT.replace(",6,", ",1.5,"), "quantity is not a whole number"),
    (TEAPOT.replace("2.55", "free"), "price is not a number"),
    (TEAPOT.replace("2010-12-01", "2010-13-01"), "the date cannot be read"),
    (TEAPOT.replace("536365", ""), "no order number"),
    (TEAPOT.replace("536365", "X5"), "not an invoice number"),
    (TEAPOT.replace("85123a", " "), "no stock code"),
    (TEAPOT + ",more", "9 fields instead of 8"),
]


@pytest.mark.parametrize(("line", "reason"), BAD_LINES, ids=[reason for _, reason in BAD_LINES])
def test_a_line_that_makes_no_sense_waits_with_its_reason(tmp_path: Path, line: str, reason: str) -> None:
    report = taken(tmp_path / "f.csv", BACK, line)
    assert report.refused_rows == 1
    assert [(one.file, one.line, one.reason) for one in report.refused_examples] == [("f.csv", 3, reason)]
    assert names_told(SHOP) == {"shop.return_received": 1, "shop.refund_settled": 1}


def test_no_invoice_is_taken_in_without_one_of_its_lines(tmp_path: Path) -> None:
    report = taken(tmp_path / "f.csv", TEAPOT, CUP.replace("3.39", "x"), BACK)
    assert fates(report)["refused"] == (2, Decimal("15.30"))
    assert [one.reason for one in report.refused_examples] == [
        "another line of this order is refused",
        "price is not a number",
    ]
    assert told(SHOP, "shop.order_placed") == []


def test_a_line_of_too_many_fields_holds_its_invoice_back(tmp_path: Path) -> None:
    report = taken(tmp_path / "f.csv", TEAPOT, CUP + ",more")
    assert report.refused_rows == 2
    assert told(SHOP) == []


def test_mended_lines_that_are_fed_back_come_in_whole(tmp_path: Path) -> None:
    (straight,) = take_retail(retail(tmp_path / "good.csv", TEAPOT, CUP, BACK), dry_run=True)
    report = taken(tmp_path / "f.csv", TEAPOT, CUP.replace("3.39", "x"), BACK)
    refused = Path(report.refused_file)
    assert refused.read_bytes().startswith(b"\xef\xbb\xbf" + RETAIL_HEADER.encode() + b",_line,_reason\n")
    refused.write_text(refused.read_text().replace(",x,", ",3.39,"))
    (mended,) = take_retail(refused)
    assert mended.refused_rows == 0
    assert mended.booked + report.booked == straight.booked
    (placed,) = told(SHOP, "shop.order_placed")
    assert lines_of(placed) == [("85123A", 6, 1530), ("71053", 2, 678)]


def test_refused_lines_are_no_formulas_and_come_in_as_they_were(tmp_path: Path) -> None:
    odd = CUP.replace("3.39", "x").replace("71053", "@71053")
    report = taken(tmp_path / "f.csv", odd, odd + ",-more")
    refused = Path(report.refused_file)
    (once_more,) = take_retail(refused)
    again = Path(once_more.refused_file)
    for file in (refused, again):
        assert [line.count("'@71053,") for line in file.read_text().splitlines()] == [0, 1, 1]
    refused.write_text("\n".join(refused.read_text().replace(",x,", ",3.39,").splitlines()[:2]) + "\n")
    (mended,) = take_retail(refused)
    assert mended.refused_rows == 0
    (placed,) = told(SHOP, "shop.order_placed")
    assert [sku for sku, *_ in lines_of(placed)] == ["@71053"]


def test_taken_in_twice_is_counted_once(tmp_path: Path) -> None:
    path = retail(tmp_path / "f.csv", TEAPOT, CUP, BACK)
    (first,) = take_retail(path)
    before = told(SHOP)
    (again,) = take_retail(path)
    copied = tmp_path / "copy.csv"
    copied.write_bytes(path.read_bytes())
    (copy,) = take_retail(copied)
    changed = retail(tmp_path / "g.csv", BACK, CUP, TEAPOT)
    (shuffled,) = take_retail(changed)
    assert [one.outcome for one in (first, again, copy, shuffled)] == [
        "taken in",
        "known already",
        "known already",
        "taken in",
    ]
    assert fates(shuffled) == {"known": (3, Decimal("19.53"))}
    assert rows_but(told(SHOP)) == rows_but(before)
    assert (again.orders, again.booked, again.buckets) == (first.orders, first.booked, first.buckets)
