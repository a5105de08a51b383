"""Where other shops go wrong, each as a test."""

from __future__ import annotations

from itertools import permutations

import pytest

from tests.growth.promotions.rules.notation import AT, GUEST, basket, cny, result, rule, rules, said
from zhanggui.base.money import Money
from zhanggui.growth.promotions.rules import Index, Reason, quote, units_of


def test_a_coupon_does_not_silently_kill_order_promotions() -> None:
    """Saleor: a voucher switches every order promotion off, and nobody is told."""
    assert result("A@300", ("t: 300-40", "c: coupon 0-10")) == "250 | t -40 | c -10"


def test_a_coupon_that_may_not_stand_beside_a_promotion_says_so() -> None:
    """Saleor: the other half; if they exclude each other, one is rejected and names the other."""
    assert result("A@300", ("t: 300-40", "c: coupon 0-10 | not t")) == "260 | t -40 | c excluded t"


@pytest.mark.parametrize("rate", ["50%", "99%", "100%"])
def test_a_percentage_of_the_undiscounted_total_gives_no_free_order(rate: str) -> None:
    """saleor#17453: 50 % of the list price after 60 off is more than is left; one fen a piece stays to be paid."""
    assert result("A@100", ("t: 100-60", f"c: coupon 0-{rate} | list")) == "0.01 | t -60 | c -39.99"


def test_a_percentage_of_the_undiscounted_total_stays_above_every_floor() -> None:
    """saleor#17453 with two lines: what the one cannot bear goes to the other, but not below its floor either."""
    goods, promotions = "A@100 >=60 ; B@100 >=30", ("t: 200-60", "c: coupon 0-50% | list")
    assert result(goods, promotions) == "60 30 | t -60 | c -50"


def test_who_excludes_whom_can_be_said_by_id_by_group_and_by_layer() -> None:
    """vendure#3585: there is no way to say what excludes what."""
    standing = "t: 100-10 | group thresholds"
    for excluded in ("t", "thresholds", "layer:3"):
        assert result("A@100", (standing, f"c: coupon 0-5 | not {excluded}")) == "90 | t -10 | c excluded t"


def test_a_threshold_counts_once_over_all_addresses() -> None:
    """magento2#174: rules computed per address miss the threshold, or give the discount once for each address."""
    assert result("A@150 ; A@150", "t: 300-40") == "130 130 | t -40"
    assert result("A@300 ; A@300", "t: 300-40") == "280 280 | t -40"


def test_pieces_count_once_over_all_addresses() -> None:
    """magento2#174 for offers by pieces: three pieces to three places are three pieces."""
    assert result("A@100 ; A@100 ; A@100", "p: 3pcs-20%") == "80 80 80 | p -60"


def test_a_free_piece_is_free_wherever_it_goes() -> None:
    """The third piece costs nothing, also where it is the only one that goes to an address."""
    for promotion in ("n: nth 3-100%", "n: buy 2 get 1"):
        assert result("3 A@30", promotion) == "60 | n -30"
        assert result("A@30 ; A@30 ; A@30", promotion) == "30 30 0 | n -30"


def test_a_flash_price_for_one_piece_holds_once_over_all_addresses() -> None:
    """magento2#174 for limits: a line for each address does not double the quota."""
    assert result("2 A@100 flash=80x2 ; 2 A@100 flash=80x2", ()) == "160 200 | flash:A -40 x2"


def test_no_rows_of_a_table_decide_between_equals() -> None:
    """The one that expires first is used, in whatever order the database returns them."""
    coupons = rules(("b: coupon 0-10 | ends 9", "c: coupon 0-10 | ends 3", "a: coupon 0-10 | ends 5"))
    quotes = [said(quote(basket("A@100"), each, GUEST, at=AT)) for each in permutations(coupons)]
    assert set(quotes) == {"90 | c -10 | a better_one c | b better_one c"}


def test_a_thousand_rules_that_touch_nothing_are_not_tried() -> None:
    """odoo#55711 and vendure: every program against every line takes minutes."""
    many = [rule(f"r{n}: 300-40 | on SKU{n}") for n in range(1000)]
    touching = Index.of([*many, rule("t: 100-10 | on A")]).touching(basket("A@100"))
    assert [each.id for each in touching] == ["t"]


def test_refunds_of_frozen_shares_come_to_what_was_paid() -> None:
    """vendure#4811, solidus#512: three pieces that cost 20.00 together go back one by one, and not for 6.67 each."""
    (line,) = quote(basket("3 A@10"), rules("t: 30-10"), GUEST, at=AT).lines
    assert units_of(line.amount, 3) == (cny("6.67"), cny("6.67"), cny("6.66"))
    assert Money.total(units_of(line.amount, 3), "CNY") == cny(20)


def test_every_share_of_a_piece_is_frozen_to_the_fen() -> None:
    """A piece keeps list, each layer's share and what was paid; they add up for each piece of the line."""
    (line,) = (quoted := quote(basket("3 A@10"), rules(("t: 30-10", "c: coupon 0-1")), GUEST, at=AT)).lines
    shares = [units_of(each.shares[0], 3) for each in quoted.applied]
    assert [tuple(unit.minor for unit in share) for share in shares] == [(-334, -333, -333), (-34, -33, -33)]
    assert sum((unit.minor for share in shares for unit in share), line.listed.minor) == line.amount.minor


def test_a_cheap_piece_more_does_not_take_the_place_of_the_free_one() -> None:
    """Buy 2 get 1 frees the cheapest of each three from the dearest on, not the cheapest of the basket."""
    assert result("2 A@100 ; B@10", "b: buy 2 get 1") == "200 0 | b -10"
    assert result("2 A@100 ; B@10 ; C@5", "b: buy 2 get 1") == "200 0 5 | b -10"


def test_a_cheap_piece_more_does_not_take_a_limited_price_away() -> None:
    """A price for one piece of an order goes where it saves most, not to the line that was put in first."""
    assert result("A@10 ; B@100", "l: price 20% | order 1") == "10 80 | l -20"


def test_two_giveaways_of_one_piece_are_no_free_order() -> None:
    """Buy 1 get 1 twice over two pieces would leave nothing to pay."""
    assert result("2 A@100", ("b: buy 1 get 1", "c: buy 1 get 1")).startswith("100 | b -100")


def test_coupons_of_one_layer_do_not_add_up_by_themselves() -> None:
    assert result("A@100", ("c: coupon 0-60", "d: coupon 0-60")) == "40 | c -60 | d better_one c"


def test_flash_prices_take_no_coupons_and_do_not_help_to_reach_one() -> None:
    """Else a flash price carries a coupon for other goods over its threshold."""
    goods = "A@100 flash=80 ; B@30"
    assert result(goods, "c: coupon 100-50") == "80 30 | flash:A -20 | c below_threshold 70"


def test_what_points_may_look_at_leaves_flash_prices_out() -> None:
    quoted = quote(basket("2 A@100 flash=80x1 ; B@30"), rules("c: coupon 0-13"), GUEST, at=AT)
    assert [line.open_amount for line in quoted.lines] == [cny(90), cny(27)]
    assert [line.amount for line in quoted.lines] == [cny(170), cny(27)]


def test_a_lost_step_is_a_stated_reason() -> None:
    """One piece more brings 20 % off all and loses the threshold: the quote says so, and how much is missing."""
    promotions = ("p: 3pcs-20%", "t: 300-100")
    assert result("2 A@150", promotions) == "200 | t -100 | p too_few_pieces 1"
    assert result("2 A@150 ; B@1", promotions) == "240 0.8 | p -60.2 | t below_threshold 59.2"


def test_nothing_is_found_in_an_empty_basket() -> None:
    empty = basket("A@1").__class__(shop="tea", currency="CNY", lines=())
    quoted = quote(empty, rules("t: 300-40"), GUEST, at=AT)
    assert (quoted.lines, [each.reason for each in quoted.rejected]) == ((), [Reason.NOTHING_FITS])
