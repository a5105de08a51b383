"""Files as tables of text, whatever their form and encoding."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.doors.imports.made import a_file
from zhanggui.base import spreadsheets
from zhanggui.doors.imports.errors import EncodingUnclear, FileBroken, FileMissing, FormNotAccepted
from zhanggui.doors.imports.files import guarding, sheets, tables
from zhanggui.doors.imports.files.tables import Loaded, Wish, load, locate
from zhanggui.doors.imports.stage import Stage

CHINESE = "订单号,商品,城市\n1,茶叶罐,杭州\n2,茶杯,北京\n"


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with Stage(tmp_path / "bench") as bench:
        yield bench


def rows_in(stage: Stage, loaded: Loaded) -> list[tuple[str | None, ...]]:
    return [row[1:] for row in stage.rows(f"select * from {loaded.table} order by _row")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_chinese_is_read_in_every_encoding_that_shops_use(stage: Stage, tmp_path: Path, encoding: str) -> None:
    path = a_file(tmp_path / "orders.csv", CHINESE, encoding=encoding)
    loaded = load(stage, path, table="raw", wish=Wish())
    assert loaded.encoding == ("gb18030" if encoding == "gbk" else encoding)
    assert loaded.columns == ("订单号", "商品", "城市")
    assert rows_in(stage, loaded) == [("1", "茶叶罐", "杭州"), ("2", "茶杯", "北京")]


def test_western_text_is_not_taken_for_chinese(stage: Stage, tmp_path: Path) -> None:
    path = a_file(tmp_path / "commande.csv", "n,ville\n1,Orléans\n2,garçon près\n", encoding="cp1252")
    with pytest.raises(EncodingUnclear) as refused:
        load(stage, path, table="raw", wish=Wish())
    assert refused.value.line == 2
    loaded = load(stage, path, table="raw", wish=Wish(encoding="cp1252"))
    assert rows_in(stage, loaded) == [("1", "Orléans"), ("2", "garçon près")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(stage: Stage, tmp_path: Path, delimiter: str) -> None:
    path = a_file(tmp_path / "f.csv", delimiter.join("abc") + "\n" + delimiter.join("123") + "\n")
    assert rows_in(stage, load(stage, path, table="raw", wish=Wish())) == [("1", "2", "3")]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_endings_of_all_systems(stage: Stage, tmp_path: Path, ending: str) -> None:
    path = a_file(tmp_path / "f.csv", ending.join(("a,b", "1,2", "3,4", "")))
    assert rows_in(stage, load(stage, path, table="raw", wish=Wish())) == [("1", "2"), ("3", "4")]


def test_cells_may_hold_delimiters_quotes_and_line_ends(stage: Stage, tmp_path: Path) -> None:
    path = a_file(tmp_path / "f.csv", 'a,b\n"1,5","say ""hi"""\n"two\nlines",5" pipe\n')
    assert rows_in(stage, load(stage, path, table="raw", wish=Wish())) == [
        ("1,5", 'say "hi"'),
        ("two\nlines", '5" pipe'),
    ]


def test_nameless_and_double_columns_get_names(stage: Stage, tmp_path: Path) -> None:
    path = a_file(tmp_path / "f.csv", "a, ,a \n1,2,3\n")
    assert load(stage, path, table="raw", wish=Wish()).columns == ("a", "column_2", "a_2")


def test_lines_that_do_not_fit_are_kept_with_their_place(stage: Stage, tmp_path: Path) -> None:
    path = a_file(tmp_path / "f.csv", '\n"a\nx",b\n1,2\n"5\n5",6\n\n9\n7,8\n1,2,3\n5,5\n')
    loaded = load(stage, path, table="raw", wish=Wish())
    assert [(one.line, one.fields) for one in loaded.ragged] == [(8, ("9",)), (10, ("1", "2", "3"))]
    assert rows_in(stage, loaded) == [("1", "2"), ("5\n5", "6"), ("7", "8"), ("5", "5")]
    assert locate(stage, loaded, rows=pa.array([0, 1, 2, 3])).to_pylist() == [4, 5, 9, 11]


lines = st.lists(
    st.sampled_from(["1,2", '"a\nb",2', '"q""q",2', "x", "1,2,3", "", '"a,b","c\n\nd"']), min_size=1, max_size=30
)


@settings(max_examples=40)
@given(lines=lines)
def test_every_line_is_a_row_or_does_not_fit_and_knows_its_place(
    lines: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("any")
    path = a_file(folder / "f.csv", "\n".join(("a,b", *lines)) + "\n")
    begins, ragged, place = [], [], 2
    for line in lines:
        if line in ("x", "1,2,3"):
            ragged.append(place)
        elif line:
            begins.append(place)
        place += 1 + line.count("\n")
    if not begins and not ragged:
        return
    with Stage(folder / "bench") as stage:
        loaded = load(stage, path, table="raw", wish=Wish())
        assert [one.line for one in loaded.ragged] == ragged
        assert locate(stage, loaded, rows=pa.array(range(loaded.rows), pa.int64())).to_pylist() == begins


BROKEN = [
    ("empty.csv", b"", "empty"),
    ("blank.csv", b"\n \n", "empty"),
    ("header.csv", b"a,b\n", "header only"),
    ("junk.csv", bytes(range(256)) * 9, "binary"),
    ("open.csv", b'a,b\n1,2\n4,"5\n7,8\n9,9\n', "quote:3"),
    ("swallowed.csv", b'a,b\n1,2\n4,"5\n7,8\n9,"9"\n', "quote:3"),
    ("long.csv", b'a,b\n1,2\n4,"5\n' + b"7,8\n" * 300_000, "quote:3"),
    ("short.parquet", b"PAR1" + b"\0" * 100, ""),
    ("not.xlsx", b"PK\x03\x04" + b"\0" * 100, ""),
    ("no.ndjson", b'{"a": 1}\n{"a": \n', ""),
]


@pytest.mark.parametrize(("name", "content", "reason"), BROKEN, ids=[name for name, *_ in BROKEN])
def test_a_broken_file_is_refused_whole(stage: Stage, tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(FileBroken) as refused:
        load(stage, path, table="raw", wish=Wish())
    assert refused.value.path == str(path)
    assert reason in ("", refused.value.reason)


def test_a_truncated_parquet_file_is_refused(stage: Stage, tmp_path: Path) -> None:
    path = tmp_path / "f.parquet"
    pq.write_table(pa.table({"a": list(range(10_000))}), path)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(FileBroken):
        load(stage, path, table="raw", wish=Wish())


def test_old_excel_files_are_refused_with_their_form(stage: Stage, tmp_path: Path) -> None:
    path = tmp_path / "f.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100)
    with pytest.raises(FormNotAccepted):
        load(stage, path, table="raw", wish=Wish())


def test_a_missing_file_is_refused(stage: Stage, tmp_path: Path) -> None:
    with pytest.raises(FileMissing):
        load(stage, tmp_path / "nothing.csv", table="raw", wish=Wish())
    with pytest.raises(FileMissing):
        load(stage, tmp_path, table="raw", wish=Wish())


def test_parquet_becomes_the_text_a_person_would_type(stage: Stage, tmp_path: Path) -> None:
    path = tmp_path / "f.parquet"
    pq.write_table(pa.table({"id": [17850.0, None, float("nan")], "price": [2.55, 10.0, 0.001], "n": [6, -1, 0]}), path)
    loaded = load(stage, path, table="raw", wish=Wish())
    assert rows_in(stage, loaded) == [("17850", "2.55", "6"), (None, "10", "-1"), (None, "0.001", "0")]


def test_json_lines_become_text(stage: Stage, tmp_path: Path) -> None:
    path = a_file(tmp_path / "f.ndjson", '{"t": "2026-01-02T10:00:00Z", "n": 5, "who": "茶"}\n{"t": "x", "n": 1.5}\n')
    loaded = load(stage, path, table="raw", wish=Wish())
    assert rows_in(stage, loaded) == [("2026-01-02T10:00:00Z", "5", "茶"), ("x", "1.5", None)]


@pytest.fixture(scope="module")
def duck() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


@given(cells=st.lists(st.text("=+-@＝＋－＠' \t\n\ufeff\u200b15.a茶") | st.text(), max_size=20))
def test_sql_guards_cells_as_the_house_does(duck: duckdb.DuckDBPyConnection, cells: list[str]) -> None:
    said = pa.array(cells, pa.string())
    guarded = _told(duck, said, guarding.plain("cell"))
    assert guarded.to_pylist() == [spreadsheets.plain(cell) for cell in cells]
    assert _told(duck, guarded, guarding.meant("cell")).to_pylist() == cells


def _told(duck: duckdb.DuckDBPyConnection, cells: pa.Array | pa.ChunkedArray, how: str) -> pa.ChunkedArray:
    duck.register("said", pa.table({"cell": cells}))
    return duck.sql(f"select {how} as cell from said").to_arrow_table()["cell"]


def test_what_we_added_to_refused_lines_is_left_out_again(stage: Stage, tmp_path: Path) -> None:
    path = a_file(tmp_path / "refused.csv", "a,b,_line,_reason\n1,2,5,why\n", encoding="utf-8-sig")
    loaded = load(stage, path, table="raw", wish=Wish())
    assert loaded.columns == ("a", "b")
    assert rows_in(stage, loaded) == [("1", "2")]
    assert tables.OWN_COLUMNS == ("_line", "_reason")


SHEET = """<?xml version="1.0" encoding="UTF-8"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"""


def a_workbook(path: Path, *sheets: str) -> Path:
    """A workbook as spreadsheet programs write it: shared texts, a date style, a gap where a cell is empty."""
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("xl/workbook.xml", '<workbook><workbookPr date1904="0"/></workbook>')
        book.writestr(
            "xl/styles.xml",
            '<styleSheet><numFmts><numFmt numFmtId="164" formatCode="d/m/yy h:mm;@"/></numFmts>'
            '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="2"/></cellXfs></styleSheet>',
        )
        book.writestr(
            "xl/sharedStrings.xml",
            "<sst><si><t>Invoice</t></si><si><t>InvoiceDate</t></si><si><t>Price</t></si>"
            "<si><r><t>茶</t></r><r><t>壶</t></r><rPh><t>ちゃ</t></rPh></si></sst>",
        )
        for number, rows in enumerate(sheets, start=1):
            book.writestr(f"xl/worksheets/sheet{number}.xml", SHEET.format(rows=rows))
    return path


HEAD = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c></row>'


def test_a_workbook_is_read_with_dates_gaps_and_further_sheets(stage: Stage, tmp_path: Path) -> None:
    first = (
        HEAD + '<row r="2"><c r="A2"><v>536365</v></c><c r="B2" s="1"><v>40513.351388888892</v></c>'
        '<c r="C2" s="2"><v>2.5499999999999998</v></c></row>'
        '<row r="3"><c r="A3" t="inlineStr"><is><t>C1</t></is></c><c r="C3"><v>-4</v></c></row>'
    )
    second = (
        HEAD
        + '<row r="2"><c r="A2" t="s"><v>3</v></c><c r="B2" t="b"><v>1</v></c><c r="C2" t="e"><v>#N/A</v></c></row>'
    )
    other = '<row r="1"><c r="A1" t="s"><v>2</v></c></row><row r="2"><c r="A2"><v>9</v></c></row>'
    loaded = load(stage, a_workbook(tmp_path / "f.xlsx", first, second, other), table="raw", wish=Wish())
    assert loaded.form == "xlsx"
    assert loaded.columns == ("Invoice", "InvoiceDate", "Price")
    assert rows_in(stage, loaded) == [
        ("536365", "2010-12-01 08:26:00", "2.55"),
        ("C1", None, "-4"),
        ("茶壶", "true", None),
    ]


def test_what_is_formatted_as_a_date_and_is_none_stays_a_number(stage: Stage, tmp_path: Path) -> None:
    phones = "".join(f'<row r="{n}"><c r="B{n}" s="1"><v>{said}</v></c></row>' for n, said in PHONES)
    loaded = load(stage, a_workbook(tmp_path / "f.xlsx", HEAD + phones), table="raw", wish=Wish())
    assert [row[1] for row in rows_in(stage, loaded)] == ["13800138000", "-1", "9995-12-29 00:00:00", "2957003"]


PHONES = ((2, "13800138000"), (3, "-1"), (4, "2957002"), (5, "2957003"))


def test_a_cell_beyond_all_columns_is_refused_before_room_is_made_for_it(stage: Stage, tmp_path: Path) -> None:
    path = a_workbook(tmp_path / "f.xlsx", HEAD + '<row r="2"><c r="ZZZZZZZZZ2"><v>1</v></c></row>')
    with pytest.raises(FileBroken, match="column"):
        load(stage, path, table="raw", wish=Wish())


def test_a_workbook_that_unpacks_to_far_more_than_it_is_is_refused(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "_UNPACKED_FREELY", 1 << 20)
    path = a_workbook(tmp_path / "f.xlsx", HEAD)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet2.xml", " " * (2 << 20))
    with pytest.raises(FileBroken, match="unpacks to 2097152 bytes"):
        load(stage, path, table="raw", wish=Wish())
