"""Floors, caps, budgets, periods, audiences and uses."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.growth.promotions.rules.notation import AT, GUEST, MEMBER, basket, cny, result, rule, said
from zhanggui.base.money import Money
from zhanggui.growth.promotions.rules import Shopper, quote

LIMITS = [
    ("down to the floor", "A@100 >=70", "t: 100-40", "70 | t -30"),
    ("the floor of each piece", "2 A@100 >=70", "t: 100-90", "140 | t -60"),
    ("what one cannot bear the other does", "A@100 >=95 ; B@100", "t: 200-40", "95 65 | t -40"),
    ("what two cannot bear the third does", "A@100 >=95 ; B@100 >=90 ; C@100", "t: 300-60", "95 90 55 | t -60"),
    ("shared again by what the others cost", "A@50 >=50 ; B@30 ; C@20", "t: 100-20", "50 18 12 | t -20"),
    ("nobody can bear more", "A@100 >=95 ; B@100 >=95", "t: 200-40", "95 95 | t -10"),
    ("all at the floor", "A@100 >=100", "t: 100-10", "100 | t at_the_floor"),
    ("one fen a piece is left", "3 A@1", "c: coupon 0-10", "0.03 | c -2.97"),
    ("a rate on pieces moves to no other line", "A@100 >=95 ; B@100", "p: 2pcs-20%", "95 80 | p -25"),
    ("later layers find nothing", "A@100 >=60", ("t: 100-40", "c: coupon 0-10"), "60 | t -40 | c at_the_floor"),
    ("later layers find a rest", "A@100 >=55", ("t: 100-40", "c: coupon 0-10"), "55 | t -40 | c -5"),
    ("two of a layer share the room", "A@100 >=50", ("t: 100-40", "u: 100-30"), "50 | t -40 | u -10"),
    ("two of a layer, no room for the second", "A@100 >=60", ("t: 100-40", "u: 100-30"), "60 | t -40 | u at_the_floor"),
    ("a cap", "A@1000", "t: every 100-20 | cap 100", "900 | t -100 x10"),
    ("a cap over two sellers", "A@300 ~x ; B@300 ~y", "t: 300-40 | cap 60", "270 270 | t -60 x2"),
    ("a cap that is not reached", "A@300", "t: 300-40 | cap 60", "260 | t -40"),
    ("the rest of a budget", "A@300", "t: 300-40 | budget 15", "285 | t -15"),
    ("a spent budget", "A@300", "t: 300-40 | budget 0", "300 | t budget_spent"),
    ("the smaller of cap and budget", "A@300", "t: 300-40 | cap 30 | budget 20", "280 | t -20"),
    (
        "a group chooses by what the cap leaves",
        "A@500",
        ("r: 300-20% | cap 30 | group g", "t: 300-40 | group g"),
        "460 | t -40 | r better_one t",
    ),
    ("not yet", "A@300", "t: 300-40 | starts 1", "300 | t not_yet"),
    ("from its first moment", "A@300", "t: 300-40 | starts 0", "260 | t -40"),
    ("not at its last", "A@300", "t: 300-40 | ends 0", "300 | t over"),
    ("up to its last", "A@300", "t: 300-40 | ends 1", "260 | t -40"),
    ("for members, a guest", "A@300", "t: 300-40 | signed", "300 | t sign_in"),
    ("for a tier, a guest", "A@300", "t: 300-40 | tier gold", "300 | t sign_in"),
    ("for a segment, a guest", "A@300", "t: 300-40 | seg new", "300 | t sign_in"),
    ("the period is said before the audience", "A@300", "t: 300-40 | tier gold | ends 0", "300 | t over"),
    ("the audience is said before the goods", "A@300", "t: 300-40 | tier gold | on Z", "300 | t sign_in"),
    ("cannot be used below one fen a piece", "A@0.01", "c: coupon 0-1", "0.01 | c at_the_floor"),
]


@pytest.mark.parametrize(
    ("goods", "promotions", "expected"), [row[1:] for row in LIMITS], ids=[row[0] for row in LIMITS]
)
def test_limits(goods: str, promotions: str | tuple[str, ...], expected: str) -> None:
    assert result(goods, promotions) == expected


@pytest.mark.parametrize(
    ("audience", "expected"),
    [
        ("signed", "260 | t -40"),
        ("tier gold", "260 | t -40"),
        ("tier silver gold", "260 | t -40"),
        ("tier silver", "300 | t not_for_you"),
        ("seg new", "260 | t -40"),
        ("seg comeback", "300 | t not_for_you"),
        ("tier silver | seg new", "260 | t -40"),
        ("tier silver | seg comeback", "300 | t not_for_you"),
    ],
)
def test_whom_a_promotion_is_for(audience: str, expected: str) -> None:
    assert result("A@300", f"t: 300-40 | {audience}", shopper=MEMBER) == expected


def test_a_guest_may_belong_to_a_segment() -> None:
    assert result("A@300", "t: 300-40 | seg new", shopper=Shopper(segments=frozenset({"new"}))) == "260 | t -40"


@pytest.mark.parametrize(
    ("used", "per_person", "expected"),
    [(0, 1, "260 | t -40"), (1, 1, "300 | t used_up"), (1, 2, "260 | t -40"), (7, 2, "300 | t used_up")],
)
def test_so_often_for_each_person(used: int, per_person: int, expected: str) -> None:
    shopper = replace(MEMBER, used={"t": used, "other": 9} if used else {})
    assert result("A@300", f"t: 300-40 | person {per_person}", shopper=shopper) == expected


@pytest.mark.parametrize("promotion", ["t: 300-40", "l: price 100", "c: coupon 0-10", "b: spend 300 gift 1 T"])
def test_another_currency_is_another_matter(promotion: str) -> None:
    quoted = quote(basket("A@300", currency="EUR"), [rule(promotion)], GUEST, at=AT)
    assert said(quoted) == f"300 | {promotion[0]} other_currency"


def test_a_rate_with_a_cap_of_another_currency_is_refused_too() -> None:
    capped = replace(rule("p: 2pcs-10%"), cap=Money(100, "EUR"))
    assert said(quote(basket("2 A@300"), [capped], GUEST, at=AT)) == "600 | p other_currency"


def test_who_pays_and_which_coupon_is_said() -> None:
    promotions = [rule("l: price 280 | by brand"), rule("c: coupon 0-10 | coupon k7 | by platform")]
    applied = quote(basket("A@300"), promotions, GUEST, at=AT).applied
    assert [(one.rule, one.funded_by, one.coupon) for one in applied] == [("l", "brand", ""), ("c", "platform", "k7")]


def test_what_floors_have_kept_is_said() -> None:
    (applied,) = quote(basket("A@100 >=70"), [rule("t: 100-40")], GUEST, at=AT).applied
    assert (applied.amount, applied.lost) == (cny(-30), cny(10))


@pytest.mark.parametrize(
    ("goods", "promotion", "missing", "units"),
    [
        ("A@310", "t: 300-40,500-80", "190", 0),
        ("A@500", "t: 300-40,500-80", None, 0),
        ("A@650", "t: every 300-40", "250", 0),
        ("A@650", "t: every 300-40 | order 2", None, 0),
        ("A@650", "t: every 300-40 | cap 60", None, 0),
        ("A@310", "r: 300-10%,400-20%", "90", 0),
        ("2 A@10", "p: 2pcs-10%,3pcs-20%", None, 1),
        ("3 A@10", "p: 2pcs-10%,3pcs-20%", None, 0),
        ("2 A@10", "n: nth 2-50%", None, 2),
        ("3 A@10", "n: nth 2-50%", None, 1),
        ("4 A@10", "b: buy 2 get 1", None, 2),
        ("3 A@10", "b: buy 2 get 1 | order 1", None, 0),
        ("4 A@50", "u: any 3 for 99", None, 2),
        ("2 A@100 ; B@80", "u: A+B for 150", None, 1),
    ],
)
def test_what_is_missing_to_the_next_step(goods: str, promotion: str, missing: str | None, units: int) -> None:
    (applied,) = quote(basket(goods), [rule(promotion)], GUEST, at=AT).applied
    assert (applied.missing, applied.missing_units) == (None if missing is None else cny(missing), units)


def test_a_piece_that_a_cap_lets_go_in_part_is_bought_and_counts_for_what_follows() -> None:
    """The free second piece of 34.73 is held to 20.00 off: 50.01 are left, which a step at 50.00 sees."""
    for goods in ("E@34.73 ; E@34.73 ; F@0.55", "2 E@34.73 ; F@0.55"):
        assert result(goods, ("n: nth 2-100% | cap 20", "t: 50-0.01")).endswith(" | n -20 | t -0.01")
