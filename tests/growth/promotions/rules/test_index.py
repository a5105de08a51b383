"""Rules are found by what lies in a basket, and exactly those."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.growth.promotions.rules.drawn import baskets, promotions
from tests.growth.promotions.rules.notation import AT, basket, rule, rules
from zhanggui.base.money import Money
from zhanggui.growth.promotions.rules import Basket, Index, Rule
from zhanggui.growth.promotions.rules.fitting import Fitting, places

names = st.frozensets(st.sampled_from(["A", "B", "a", "w", "m", "dress", "new", "x", ""]), max_size=2)


@settings(deadline=None)
@given(goods=baskets(), found=promotions(most=10), rng=st.randoms(use_true_random=False))
def test_the_index_finds_exactly_the_rules_whose_target_fits_a_line(
    goods: Basket, found: list[Rule], rng: Random
) -> None:
    fitting = [rule for rule in found if any(rule.target.fits(line) for line in goods.lines)]
    touching = Index.of(found).touching(goods)
    assert sorted(rule.id for rule in touching) == sorted(rule.id for rule in fitting)
    rng.shuffle(found)
    assert Index.of(found).touching(goods) == touching


@settings(deadline=None)
@given(goods=baskets(), found=promotions(most=10))
def test_the_mask_of_a_target_says_what_the_target_says(goods: Basket, found: list[Rule]) -> None:
    fitting = Fitting(goods.lines)
    for each in found:
        fit = tuple(n for n, line in enumerate(goods.lines) if each.target.fits(line))
        assert places(fitting.mask(each.target)) == fit


@pytest.mark.parametrize(
    ("target", "is_found"),
    [
        ("on A", True),
        ("on B", False),
        ("on =a", True),
        ("on /dress", True),
        ("on /w", True),
        ("on #new", True),
        ("on #old", False),
        ("on ~x", True),
        ("on ~y", False),
        ("on /w -A", False),
        ("on /w !dress", False),
        ("on !dress", False),
        ("on !shoe", True),
        ("on B /w", True),
    ],
)
def test_by_which_names_a_rule_is_found(target: str, *, is_found: bool) -> None:
    goods = basket("A@100 /w /dress #new ~x")
    assert bool(Index.of([rule(f"t: 300-40 | {target}")]).touching(goods)) is is_found


def test_rules_come_by_layer_and_id() -> None:
    found = Index.of(rules(("z: 300-40", "c: coupon 0-10", "a: 300-40", "l: price 10"))).touching(basket("A@100"))
    assert [each.id for each in found] == ["l", "a", "z", "c"]


def test_rules_for_everything_that_do_not_hold_now_are_left_out() -> None:
    index = Index.of(rules(("a: 300-40 | ends 0", "b: 300-40 | starts 1", "c: 300-40", "d: 300-40 | on A | ends 0")))
    assert [each.id for each in index.touching(basket("A@1"), at=AT)] == ["c", "d"]
    assert [each.id for each in index.touching(basket("A@1"))] == ["a", "b", "c", "d"]


def test_rules_for_everything_in_another_currency_are_left_out() -> None:
    euros = replace(rule("p: 2pcs-10%"), cap=Money(100, "EUR"))
    index = Index.of([euros, rule("t: 300-40"), rule("q: 2pcs-10%")])
    assert [each.id for each in index.touching(basket("A@1"))] == ["q", "t"]
    assert [each.id for each in index.touching(basket("A@1", currency="EUR"))] == ["p", "q"]


def test_an_empty_basket_touches_nothing() -> None:
    assert Index.of([rule("t: 300-40")]).touching(Basket(shop="tea", currency="CNY", lines=())) == ()


def test_an_index_knows_how_many_rules_it_holds() -> None:
    assert len(Index.of(rules(("a: 300-40", "b: 300-40")))) == 2
