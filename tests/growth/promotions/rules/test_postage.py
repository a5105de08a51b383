"""Layer 8: postage that is waived, counted once for the basket wherever its parts go."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.growth.promotions.rules.notation import AT, GUEST, basket, cny, rules
from zhanggui.base.money import Money
from zhanggui.growth.promotions.rules import Posted, Quoted, Reason, postage, quote

TABLE = [
    ("reached", "A@99", "12", "s: ship 99", "0 | s -12"),
    ("18 more for free shipping", "A@81", "12", "s: ship 99", "12 | s below_threshold 18"),
    ("always free", "A@1", "12", "s: ship 0", "0 | s -12"),
    ("two places count together", "A@50 ; B@50", "12 8", "s: ship 99", "0 0 | s -20"),
    ("two places, a fen is missing", "A@50 ; B@48.99", "12 8", "s: ship 99", "12 8 | s below_threshold 0.01"),
    ("at most so much", "A@99", "30", "s: ship 99 | cap 20", "10 | s -20"),
    ("at most so much over two places", "A@50 ; B@50", "12 8", "s: ship 99 | cap 10", "6 4 | s -10"),
    ("nothing to waive", "A@99", "0", "s: ship 99", "0 | s at_the_floor"),
    ("who pays no postage is not told to buy more", "A@10", "0", "s: ship 99", "0 | s at_the_floor"),
    ("only the goods that fit", "A@99 ; B@50", "12 8", "s: ship 99 | on A", "0 8 | s -12"),
    ("goods that do not fit do not count", "A@81 ; B@50", "12 8", "s: ship 99 | on A", "12 8 | s below_threshold 18"),
    ("it looks at what was paid", "A@110", "12", ("t: 100-20", "s: ship 99"), "12 | s below_threshold 9"),
    ("it may look at the list price", "A@110", "12", ("t: 100-20", "s: ship 99 | list"), "0 | s -12"),
    ("excluded by a threshold", "A@300", "12", ("t: 300-40 | not layer:8", "s: ship 99"), "12 | s excluded t"),
    ("excludes a flash price", "A@300 flash=200", "12", "s: ship 99 | not layer:1", "12 | s excluded flash:A"),
    (
        "the larger saving of a group",
        "A@99",
        "12",
        ("s: ship 9 | cap 5 | group g", "r: ship 99 | group g"),
        "0 | r -12 | s better_one r",
    ),
    ("two add up to all of it", "A@99", "12", ("r: ship 99 | cap 8", "s: ship 9 | cap 8"), "0 | r -8 | s -4"),
    ("over", "A@99", "12", "s: ship 99 | ends 0", "12 | s over"),
    ("a coupon for it", "A@99", "12", "s: ship 99 | coupon k", "0 | s -12"),
]


def posted(goods: str, sent: str, promotions: str | tuple[str, ...], *, chosen: frozenset[str] | None = None) -> Posted:
    wanted, made = basket(goods), rules(promotions)
    quoted = quote(wanted, made, GUEST, at=AT)
    return postage(
        wanted,
        amounts=tuple(line.amount for line in quoted.lines),
        postage=tuple(cny(each) for each in sent.split()),
        rules=made,
        shopper=GUEST,
        at=AT,
        chosen=chosen,
        applied=quoted.applied,
    )


def said(one: Posted | Quoted, amounts: Sequence[Money]) -> str:
    words = [" ".join(f"{amount.major.normalize():f}" for amount in amounts)]
    words += [f"{each.rule} {each.amount.major.normalize():f}" for each in one.applied]
    for each in one.rejected:
        missing = f" {each.missing.major.normalize():f}" if each.missing else ""
        words.append(f"{each.rule} {each.reason}{missing}{' ' + each.by if each.by else ''}")
    return " | ".join(words)


@pytest.mark.parametrize(
    ("goods", "sent", "promotions", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_postage(goods: str, sent: str, promotions: str | tuple[str, ...], expected: str) -> None:
    found = posted(goods, sent, promotions)
    assert said(found, found.postage) == expected


def test_a_coupon_for_postage_that_was_not_chosen() -> None:
    found = posted("A@99", "12", "s: ship 99 | coupon k", chosen=frozenset({"other"}))
    assert [each.reason for each in found.rejected] == [Reason.NOT_CHOSEN]


def test_the_quote_of_the_goods_passes_over_postage() -> None:
    quoted = quote(basket("A@99"), rules("s: ship 99"), GUEST, at=AT)
    assert (quoted.applied, quoted.rejected) == ((), ())


def test_shares_of_the_postage_stand_in_the_order_of_the_basket() -> None:
    (applied,) = posted("A@50 ; B@50", "12 8", "s: ship 99").applied
    assert applied.shares == (cny(-12), cny(-8))
