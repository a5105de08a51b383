"""What holds for every basket and every set of promotions."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random

from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from tests.growth.promotions.rules.drawn import (
    FORMS,
    SKUS,
    ZERO,
    baskets,
    lines,
    over_two_places,
    promotions,
    with_a_piece_more,
)
from tests.growth.promotions.rules.notation import AT, MEMBER, rule
from tests.strength import examples
from zhanggui.base.money import Money
from zhanggui.growth.promotions.rules import KINDS, Applied, Basket, Line, Quoted, Rule, quote, units_of

laws = settings(deadline=None, max_examples=examples(60))


def quoted(goods: Basket, rules: list[Rule]) -> Quoted:
    return quote(goods, rules, MEMBER, at=AT)


@settings(max_examples=1)
@given(st.tuples(*FORMS))
def test_the_laws_are_tried_with_every_kind_but_postage(texts: tuple[str, ...]) -> None:
    assert {rule(f"r: {text}").kind for text in texts} == KINDS.keys() - {"free_shipping"}


@laws
@given(goods=baskets(), rules=promotions(), rng=st.randoms(use_true_random=False))
def test_the_order_of_rules_does_not_matter(goods: Basket, rules: list[Rule], rng: Random) -> None:
    shuffled = list(rules)
    rng.shuffle(shuffled)
    assert quoted(goods, rules) == quoted(goods, shuffled)


@laws
@given(goods=baskets(), rules=promotions(), rng=st.randoms(use_true_random=False))
def test_the_order_of_lines_does_not_matter(goods: Basket, rules: list[Rule], rng: Random) -> None:
    shuffled = list(goods.lines)
    rng.shuffle(shuffled)
    before, after = quoted(goods, rules), quoted(replace(goods, lines=tuple(shuffled)), rules)
    assert sorted(before.lines, key=lambda line: line.id) == sorted(after.lines, key=lambda line: line.id)
    assert [(one.rule, one.amount) for one in before.applied] == [(one.rule, one.amount) for one in after.applied]
    assert before.rejected == after.rejected


@laws
@given(goods=baskets(), rules=promotions())
def test_the_same_input_gives_the_same_quote(goods: Basket, rules: list[Rule]) -> None:
    assert quoted(goods, rules) == quoted(goods, rules)


@laws
@given(goods=baskets(), rules=promotions(most=8))
def test_no_line_falls_below_its_floor(goods: Basket, rules: list[Rule]) -> None:
    made = quoted(goods, rules)
    is_giving = any(one.rule in _giving(rules) for one in made.applied)
    for line, priced in zip(goods.lines, made.lines, strict=True):
        if line.floor is not None:
            assert priced.amount >= line.floor * line.quantity
        elif not is_giving:
            assert priced.amount.minor >= line.quantity
        assert ZERO <= priced.open_amount <= priced.amount <= priced.listed


def _giving(rules: list[Rule]) -> set[str]:
    """Promotions that give whole pieces away, which then cost nothing."""
    free = [{"units": units, "off": "1"} for units in (2, 3)]
    return {rule.id for rule in rules if rule.kind == "buy_get" or rule.terms.as_json().get("steps", [None])[0] in free}


@laws
@given(goods=baskets(), rules=promotions(most=8))
def test_shares_sum_to_what_is_taken_off_and_to_what_lines_cost(goods: Basket, rules: list[Rule]) -> None:
    made = quoted(goods, rules)
    for one in made.applied:
        assert one.amount < ZERO
        assert Money.total(one.shares, "CNY") == one.amount
        assert all(share <= ZERO for share in one.shares)
    for place, priced in enumerate(made.lines):
        assert priced.listed + Money.total((one.shares[place] for one in made.applied), "CNY") == priced.amount
    assert made.goods == Money.total((line.amount for line in made.lines), "CNY")


@laws
@given(goods=baskets(), rules=promotions(most=8))
def test_every_promotion_and_every_offer_is_applied_or_rejected(goods: Basket, rules: list[Rule]) -> None:
    made = quoted(goods, rules)
    said = Counter((one.rule, one.coupon) for one in (*made.applied, *made.rejected))
    offers = {(offer.id, "") for line in goods.lines for offer in line.prices}
    assert said == Counter({(rule.id, rule.coupon) for rule in rules} | offers)


@laws
@given(goods=baskets(), rules=promotions(most=8))
def test_no_two_that_exclude_each_other_stand(goods: Basket, rules: list[Rule]) -> None:
    by_id = {rule.id: rule for rule in rules}
    standing = [by_id[one.rule] for one in quoted(goods, rules).applied if one.rule in by_id]
    for one in standing:
        for other in standing:
            names = {other.id, other.group, f"layer:{other.layer:d}"}
            assert one is other or names.isdisjoint(one.excludes)
    grouped = Counter((rule.layer, rule.group) for rule in standing if rule.group)
    coupons = Counter(rule.layer for rule in standing if rule.coupon and not rule.group)
    assert max([*grouped.values(), *coupons.values()], default=0) <= 1


@laws
@given(goods=baskets(), rules=promotions(most=8))
def test_nothing_takes_off_more_than_its_cap_and_its_budget(goods: Basket, rules: list[Rule]) -> None:
    by_id = {rule.id: rule for rule in rules}
    for one in quoted(goods, rules).applied:
        rule = by_id.get(one.rule)
        for limit in (rule.cap, rule.budget_left) if rule else ():
            assert limit is None or -one.amount <= limit


@laws
@given(goods=baskets(), rules=promotions(), rng=st.randoms(use_true_random=False))
def test_refunding_every_piece_in_any_order_returns_what_was_paid(
    goods: Basket, rules: list[Rule], rng: Random
) -> None:
    made = quoted(goods, rules)
    pieces = [unit for line in made.lines for unit in units_of(line.amount, line.quantity)]
    rng.shuffle(pieces)
    left = made.goods
    for piece in pieces:
        left -= piece
        assert left >= ZERO
    assert left == ZERO


@laws
@given(minor=st.integers(-(10**9), 10**9), quantity=st.integers(1, 50))
def test_what_is_given_back_mirrors_what_was_taken(minor: int, quantity: int) -> None:
    units = units_of(Money(minor, "CNY"), quantity)
    assert Money.total(units, "CNY") == Money(minor, "CNY")
    assert units_of(Money(-minor, "CNY"), quantity) == tuple(-unit for unit in units)
    assert max(units) - min(units) <= Money(1, "CNY")


@settings(deadline=None, max_examples=examples(150))
@given(goods=baskets(), rules=promotions(), sku=st.sampled_from(SKUS), of=lines(9, "Z"))
def test_a_piece_more_makes_the_others_no_dearer_without_a_reason(
    goods: Basket, rules: list[Rule], sku: str, of: Line
) -> None:
    more = with_a_piece_more(goods, sku, of=of)
    before, after = quoted(goods, rules), quoted(more, rules)
    added = next(line.list_price for line in more.lines if line.sku == sku)
    rounding = Money(len(after.applied), "CNY")
    if after.goods > before.goods + added + rounding:
        event("dearer, with a reason")
        assert any(_has_a_reason(one, before, after) for one in before.applied)


def _has_a_reason(one: Applied, before: Quoted, after: Quoted) -> bool:
    """A promotion that is gone says why; one that takes off less says what is missing or that floors hold it back.

    Or the layers before it take more off its lines, share by share, so that less is left for it to look at.
    """
    now = next((now for now in after.applied if (now.rule, now.coupon) == (one.rule, one.coupon)), None)
    if now is None:
        return any((no.rule, no.coupon) == (one.rule, one.coupon) for no in after.rejected)
    is_said = bool(now.missing or now.missing_units or now.lost)
    return now.amount > one.amount and (is_said or _taken_before(one, after) < _taken_before(one, before))


def _taken_before(one: Applied, made: Quoted) -> Money:
    """What the layers before take off the lines of a promotion, below zero."""
    earlier = [each for each in made.applied if each.layer < one.layer]
    places = [place for place, share in enumerate(one.shares) if share]
    return Money.total((each.shares[place] for each in earlier for place in places), "CNY")


@laws
@given(goods=baskets(), rules=promotions())
def test_what_goes_to_two_places_costs_the_same(goods: Basket, rules: list[Rule]) -> None:
    if any(rule.excludes or rule.group for rule in rules):
        # A floor is one of a line: what it would hold back of a part may decide which of two that exclude each other
        # wins.
        goods = replace(goods, lines=tuple(replace(line, floor=None) for line in goods.lines))
    assume(any(line.quantity > 1 for line in goods.lines))
    one, two = quoted(goods, rules), quoted(over_two_places(goods), rules)
    used = {each.rule for each in (*one.applied, *two.applied)}
    # What a cap or a budget holds back is shared in parts of a fen, so pieces of one price may differ by a fen after
    # it, and with them the one that is free.
    assume(not any(rule.id in used and (rule.cap or rule.budget_left) for rule in rules))
    if not any(applied.lost for applied in (*one.applied, *two.applied)):
        assert one.goods == two.goods
        assert [each.rule for each in one.applied] == [each.rule for each in two.applied]
