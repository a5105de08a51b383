"""What promotions gave away, added up again: every disagreement is found, and a budget is set right."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from django.db import connection

from tests.growth.promotions.made import DESK, STAFF, a_batch, a_holder, live, ordered
from tests.shop.made import SHOP, a_cart, cny
from zhanggui.base.audit import ports
from zhanggui.doors.commands.promotions import command
from zhanggui.growth.promotions import actions, models, queries
from zhanggui.growth.promotions.errors import NoSuchPromotion, SpentMore
from zhanggui.growth.promotions.queries import Disagreement
from zhanggui.growth.promotions.rules import Way
from zhanggui.spine.log.models import Entry
from zhanggui.spine.log.rules import Trail

pytestmark = pytest.mark.usefixtures("shop")


def used() -> tuple[str, str]:
    """A promotion with a budget and a coupon, both used by one order; the promotion's id and the coupon's."""
    promotion = live(budget=cny(7000), per_person=1)
    walk, coupon = a_holder(a_batch())
    ordered(a_cart({"POT": 2}, walk=walk))
    return promotion, coupon


def sql(statement: str) -> None:
    """Change rows behind everybody's back."""
    with connection.cursor() as cursor:
        cursor.execute(statement)


def found() -> list[tuple[str, int, int]]:
    return [(one.fault, one.says, one.should_say) for one in queries.audit()]


def test_what_the_verbs_write_agrees_and_is_looked_at_every_night() -> None:
    used()
    a_batch(Way.CODE, stock_units=3)
    assert queries.audit() == ()
    assert ports.audits["promotions"] is queries.audit


@pytest.mark.parametrize(
    ("wrong", "disagreements"),
    [
        (
            "update growth_promotions_promotion set given_minor = 5000 where budget_minor is not null",
            [("given_and_redeemed", 5000, 4000)],
        ),
        (
            "update growth_promotions_promotion set given_minor = 1 where budget_minor is null",
            [("given_and_redeemed", 1, 0)],
        ),
        (
            "update growth_promotions_redemption set state = 'undone' where coupon_id is not null",
            [("used_without_use", 1, 0)],
        ),
        (
            "update growth_promotions_coupon set state = 'held', order_number = '', used_at = null",
            [("redeemed_not_used", 0, 1)],
        ),
        (
            "update growth_promotions_coupon set order_number = 'another'",
            [("used_without_use", 1, 0), ("redeemed_not_used", 0, 1)],
        ),
        (
            "update growth_promotions_redemption set nth = 2 where nth = 1",
            [("used_too_often", 1, 1)],
        ),
        ("update growth_promotions_batch set claimed_units = 3", [("claimed_and_held", 3, 1)]),
        ("update growth_promotions_coupon set ordinal = 2", [("held_too_many", 1, 1)]),
    ],
    ids=lambda value: str(value)[-48:],
)
def test_every_disagreement_is_found(wrong: str, disagreements: list[tuple[str, int, int]]) -> None:
    used()
    sql(wrong)
    assert found() == disagreements


def test_a_budget_is_set_to_what_its_uses_add_up_to_and_told_once() -> None:
    promotion, _ = used()
    sql(f"update growth_promotions_promotion set given_minor = 6500 where id = '{promotion}'")
    assert queries.audit() == (
        Disagreement(fault="given_and_redeemed", shop=SHOP, subject=promotion, says=6500, should_say=4000),
    )
    assert actions.repair(promotion_id=promotion, trail=DESK, by=STAFF) is True
    assert actions.repair(promotion_id=promotion, trail=DESK, by=STAFF) is False
    assert models.Promotion.objects.get(pk=promotion).given_minor == 4000
    assert queries.audit() == ()
    assert Entry.objects.filter(name="growth.budget_repaired").count() == 1


def test_uses_beyond_the_budget_are_left_to_a_person() -> None:
    promotion, _ = used()
    sql(f"update growth_promotions_redemption set amount_minor = 9000 where promotion_id = '{promotion}'")
    with pytest.raises(SpentMore) as refused:
        actions.repair(promotion_id=promotion, trail=DESK, by=STAFF)
    assert (refused.value.data["given_minor"], refused.value.data["budget_minor"]) == (9000, 7000)
    assert models.Promotion.objects.get(pk=promotion).given_minor == 4000


def test_the_command_says_what_it_would_do_and_then_does_it() -> None:
    promotion, _ = used()
    sql("update growth_promotions_promotion set given_minor = 6500 where budget_minor is not null")
    sql("update growth_promotions_batch set claimed_units = 3")
    said = CliRunner().invoke(command, ["repair"])
    assert (said.exit_code, f"✗ given_and_redeemed {promotion}: 6500 -> 4000" in said.output) == (1, True)
    assert "1 budgets would be set right" in said.output
    said = CliRunner().invoke(command, ["repair", "--write"])
    assert (said.exit_code, f"✓ given_and_redeemed {promotion}: 6500 -> 4000" in said.output) == (1, True)
    assert found() == [("claimed_and_held", 3, 1)]  # a batch is left to a person
    sql("update growth_promotions_batch set claimed_units = 1")
    said = CliRunner().invoke(command, ["repair"])
    assert (said.exit_code, said.output) == (0, "The books of promotions are right.\n")


def test_another_shops_budget_is_not_there() -> None:
    promotion, _ = used()
    with pytest.raises(NoSuchPromotion):
        actions.repair(promotion_id=promotion, trail=Trail(shop="other"), by=STAFF)
