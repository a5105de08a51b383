"""`zhanggui import` at a terminal: what it says, in both languages, and how it ends."""

from __future__ import annotations

import shlex
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result
from django.db import OperationalError
from django.utils import translation

from tests.doors.imports.made import HEADER, PLAIN, RETAIL_HEADER, a_csv, a_file, told
from tests.doors.imports.test_olist import a_folder
from tests.doors.imports.test_online_retail import BACK, CUP, TEAPOT
from zhanggui.base.shops import queries as shops
from zhanggui.doors.imports.command import command
from zhanggui.insight.lake import actions as lake
from zhanggui.insight.lake.errors import LakeFull
from zhanggui.insight.sources import actions as sources

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lake_folder"), pytest.mark.tables("orders")]

NEW = ["--shop", "tea", "--zone", "Asia/Shanghai", "--currency", "CNY"]
GOOD = "1,2026-01-05 10:00:00,pot,2,19.90,c1,浙江"
BAD = "2,2026-01-05 10:00:00,pot,2,cheap,c1,浙江"


def run(*words: object, language: str = "en") -> Result:
    with translation.override(language):
        return CliRunner().invoke(command, [str(word) for word in words])


def test_a_file_is_taken_in_and_its_buckets_shown(tmp_path: Path) -> None:
    result = run("orders-csv", a_csv(tmp_path / "f.csv", GOOD), "--map", PLAIN, *NEW, "--name", "Tea & Co")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "✓ f.csv is in the shop tea now." in result.stdout
    assert [line.split() for line in result.stdout.splitlines() if "sold" in line] == [["sold", "1", "39.80"]]
    assert shops.shop("tea").name == "Tea & Co"
    again = run("orders-csv", tmp_path / "f.csv", "--map", PLAIN, "--shop", "tea")
    assert "already; nothing was counted twice" in again.stdout


def test_it_speaks_chinese(tmp_path: Path) -> None:
    result = run("orders-csv", a_csv(tmp_path / "f.csv", GOOD, BAD), "--map", PLAIN, *NEW, language="zh-hans")
    assert result.exit_code == 8
    for words in ("✓ f.csv 已导入店铺 tea。", "已售", "有 1 行需要修正。", "f.csv 第 3 行：“price”不是数字"):
        assert words in result.stdout


def test_lines_to_mend_are_shown_with_the_command_that_feeds_them_back(tmp_path: Path) -> None:
    result = run("orders-csv", a_csv(tmp_path / "f.csv", GOOD, BAD), "--map", PLAIN, *NEW)
    assert result.exit_code == 8
    assert "f.csv, line 3: price is not a number" in result.stdout
    (feed_back,) = [line for line in result.stdout.splitlines() if "feed them back" in line]
    words = shlex.split(feed_back.split("back: ")[1])
    assert words[:3] == ["zhanggui", "import", "orders-csv"]
    refused = Path(words[3])
    refused.write_text(refused.read_text().replace("cheap", "1.50"))
    assert run(*words[2:]).exit_code == 0
    assert sorted(row["order_number"] for row in told(name="shop.order_placed")) == ["1", "2"]


def test_a_script_reads_json(tmp_path: Path) -> None:
    result = run("orders-csv", a_csv(tmp_path / "f.csv", GOOD), "--map", PLAIN, *NEW, "--json", "--dry-run")
    (report,) = msgspec.json.decode(result.stdout)
    assert (report["outcome"], report["orders"], report["amounts"], report["booked"], report["first_day"]) == (
        "dry run",
        1,
        {"lines": "39.800000"},
        "39.80",
        "2026-01-05",
    )
    assert told() == []


def test_both_retail_files_go_into_their_own_shop(tmp_path: Path) -> None:
    one = a_csv(tmp_path / "one.csv", TEAPOT, CUP, header=RETAIL_HEADER)
    two = a_csv(tmp_path / "two.csv", TEAPOT, CUP, BACK, header=RETAIL_HEADER)
    assert run("online-retail", one, two).exit_code == 0
    shop = shops.shop("online-retail")
    assert (shop.zone, shop.currency, shop.kind) == ("Europe/London", "GBP", "imported")
    assert len(told("online-retail", "shop.refund_settled")) == 1


def test_olists_folder_goes_into_its_own_shop(tmp_path: Path) -> None:
    assert run("olist", a_folder(tmp_path / "olist")).exit_code == 0
    assert (shops.shop("olist").zone, shops.shop("olist").currency) == ("America/Sao_Paulo", "BRL")


def test_visitors_of_a_ready_mapping_need_no_more_words(tmp_path: Path) -> None:
    path = a_csv(tmp_path / "e.csv", "1,2,3,pv,1511544070", header="user_id,item_id,category_id,behavior,ts")
    assert run("events", path, "--map", "taobao").exit_code == 0
    assert [row["name"] for row in told("taobao")] == ["Product Viewed"]


def test_where_all_went_well_quiet_says_nothing(tmp_path: Path) -> None:
    result = run("orders-csv", a_csv(tmp_path / "f.csv", GOOD), "--map", PLAIN, *NEW, "--quiet")
    assert (result.exit_code, result.output) == (0, "")


REFUSALS = [
    (
        "g.csv",
        GOOD,
        "order=Nummer,at=at,price=price",
        ("lacks columns", "order=Nummer", "It has: order, at, sku", "Perhaps:"),
    ),
    ("g.csv", "", PLAIN, ("a header and no lines",)),
    ("g.csv", f'1,"2026\n{GOOD}', PLAIN, ("a quote that opens in line 2 is never closed",)),
    ("g.csv", GOOD.replace("2026-01-05", "01/02/2026"), PLAIN, ("either way round: 01/02/2026", "--dates dmy")),
    ("g.csv", GOOD.replace("19.90", "1,234".replace(",", ".")), PLAIN, ("in price", "--decimal")),
    ("g.csv", GOOD, "colour=red", ('"colour=red" cannot be understood',)),
]


@pytest.mark.parametrize(("name", "line", "said", "words"), REFUSALS, ids=[words[0] for *_, words in REFUSALS])
def test_a_refusal_says_what_is_wrong_and_what_to_do(
    tmp_path: Path, name: str, line: str, said: str, words: tuple[str, ...]
) -> None:
    result = run(
        "orders-csv", a_file(tmp_path / name, f"{HEADER}\n{line}\n" if line else f"{HEADER}\n"), "--map", said, *NEW
    )
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("✗ ")
    assert [word for word in words if word not in result.stderr] == []


def test_a_new_shop_needs_a_zone_and_a_currency(tmp_path: Path) -> None:
    result = run("orders-csv", a_csv(tmp_path / "f.csv", GOOD), "--map", PLAIN, "--shop", "tea")
    assert (result.exit_code, "--zone Asia/Shanghai" in result.stderr) == (1, True)
    wrong = run(
        "orders-csv", tmp_path / "f.csv", "--map", PLAIN, "--shop", "tea", "--zone", "Mars/Base", "--currency", "CNY"
    )
    assert (wrong.exit_code, "Mars/Base is not the name of a time zone" in wrong.stderr) == (1, True)


@pytest.mark.parametrize("option", [("--shop", "Tea Shop"), ("--currency", "yuan"), ("--dates", "sometimes")])
def test_an_option_that_cannot_be_is_refused_at_once(tmp_path: Path, option: tuple[str, str]) -> None:
    assert run("orders-csv", a_csv(tmp_path / "f.csv", GOOD), "--map", PLAIN, *option).exit_code == 2


def test_a_full_disk_and_a_database_that_is_gone_have_codes_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = a_csv(tmp_path / "f.csv", GOOD)

    def full(*_: object, **__: object) -> None:
        raise LakeFull(path=tmp_path, wanted_bytes=1)

    def gone(**_: object) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(lake, "write", full)
    result = run("orders-csv", path, "--map", PLAIN, *NEW)
    assert (result.exit_code, "The disk is full" in result.stderr) == (6, True)
    monkeypatch.undo()
    monkeypatch.setattr(sources, "take", gone)
    result = run("orders-csv", path, "--map", PLAIN, *NEW)
    assert (result.exit_code, "server closed the connection" in result.stderr) == (4, True)
    monkeypatch.undo()
    assert run("orders-csv", path, "--map", PLAIN, *NEW).exit_code == 0
