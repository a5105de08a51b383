"""The self-check: every published figure is ours too, and one that is not is said to disagree."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from zhanggui.insight.selfcheck import queries
from zhanggui.insight.selfcheck.rules import BOOK, UNCHECKED, Published, check


@pytest.fixture(scope="module")
def found():
    return {one.published.key: one for one in queries.made().checks}


@pytest.mark.parametrize("published", BOOK, ids=lambda one: one.key)
def test_each_published_figure_is_ours_too(published: Published, found) -> None:
    """oracles.md; each entry of the book names who published it."""
    assert published.source
    assert found[published.key].is_agreed, found[published.key]


def test_all_agree_and_what_is_not_checked_says_why() -> None:
    report = queries.made()
    book = queries.whole_book()
    assert (report.agreed, report.is_agreed) == (len(book), True)
    assert len({one.key for one in book}) == len(book) > len(BOOK)
    assert report.unchecked == UNCHECKED


@pytest.mark.parametrize("published", BOOK, ids=lambda one: one.key)
def test_another_published_figure_is_not_agreed_with(published: Published, found) -> None:
    first, *rest = published.figures
    other = replace(published, figures=(first + published.tolerance * 3 + Decimal("0.01"), *rest))
    report = queries.made([other])
    assert (report.agreed, report.is_agreed) == (0, False)
    assert report.checks[0].ours == found[published.key].ours


def test_a_figure_that_our_code_does_not_know_is_not_agreed_with() -> None:
    unknown = replace(BOOK[0], key="nobody.knows")
    (one,) = queries.made([unknown]).checks
    assert (one.ours, one.difference, one.is_agreed) == ((), None, False)


@pytest.mark.parametrize(
    ("ours", "difference", "is_agreed"),
    [((1.2263,), "0.0003", True), ((1.2250,), "0.0010", True), ((1.2249,), "0.0011", False), ((1, 2), None, False)],
)
def test_agreeing_is_to_differ_by_no_more_than_was_asked_for(ours, difference, is_agreed) -> None:
    published = replace(BOOK[0], figures=(Decimal("1.226"),), tolerance=Decimal("0.001"))
    one = check(published, ours)
    assert one.difference == (None if difference is None else Decimal(difference))
    assert one.is_agreed is is_agreed
