"""Tiers and points, the points shop and recycling at the console: who may, what is kept, what is said."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client

from tests.growth.membership.made import a_member, give, has
from tests.growth.membership.test_rewards import PNG, TIN
from tests.shop.made import ADDRESS, SHOP, a_product, a_shop, by, statements
from zhanggui.base import ids
from zhanggui.base.accounts.rules import Role
from zhanggui.growth.membership import actions, models, queries
from zhanggui.growth.membership.rules.rewards import Kind, Reward
from zhanggui.shop.catalogue.rules import Words
from zhanggui.shop.customers import actions as customers
from zhanggui.shop.customers import queries as people
from zhanggui.spine.log.models import Entry
from zhanggui.spine.log.rules import Trail

pytestmark = pytest.mark.django_db
AT = "/console/membership/"
ABOUT = "?shop=tea"


@pytest.fixture(autouse=True)
def shop(db: None) -> None:
    a_shop()


@pytest.fixture
def points(shop: None) -> None:
    actions.open_membership(shop=SHOP)


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def said(client: Client, address: str, **typed: str) -> str:
    """What the page says after a form was sent."""
    return client.post(f"{address}{ABOUT}", typed, follow=True).content.decode()


def a_redemption(*, points: int = 500) -> tuple[str, Trail]:
    """A member's cup for points, waiting to be sent; its number and the member's walk."""
    a_product("CUP")
    walk, customer_id = a_member(1000)
    reward = Reward(id=ids.uuid7(), kind=Kind.GOODS, title=Words(zh="白瓷杯", en="Cup"), sku="CUP", points=points)
    actions.put_reward(shop=SHOP, reward=reward)
    customers.keep_address(customer_id=customer_id, address=ADDRESS)
    number = actions.redeem(
        reward_id=reward.id,
        customer_id=customer_id,
        entry_id=people.address_book(customer_id)[0].id,
        idempotency_key="k",
        trail=walk,
        by=by(walk),
    )
    return number, walk


def test_membership_is_opened_with_one_press(owner: Client) -> None:
    assert "This shop has no membership yet" in text(owner, AT + ABOUT)
    assert "Membership is open" in said(owner, f"{AT}ready/")
    assert [tier.key for tier in queries.tiers(SHOP)] == ["ordinary", "silver", "gold"]
    assert "How points work" in text(owner, AT + ABOUT)


@pytest.mark.usefixtures("points")
def test_the_scheme_is_kept_as_typed_and_a_wrong_one_is_not(owner: Client) -> None:
    typed = {"earn_rate": "2", "worth": "50", "cap_rate": "30", "step": "10", "lasts_days": "730"}
    said(owner, f"{AT}scheme/", **typed)
    scheme = queries.scheme(SHOP)
    assert scheme is not None
    assert (scheme.earn_rate, scheme.worth, scheme.cap_rate) == (Decimal(2), 50, Decimal("0.3"))
    for wrong in ({"cap_rate": "130"}, {"worth": "x"}, {"lasts_days": "1"}):
        assert "Nothing was changed." in said(owner, f"{AT}scheme/", **typed | wrong)
    assert queries.scheme(SHOP) == scheme


@pytest.mark.usefixtures("points")
def test_tiers_go_round_as_they_stand_and_a_wrong_one_changes_nothing(owner: Client) -> None:
    typed = {}
    for row, tier in enumerate(queries.tiers(SHOP)):
        typed |= {
            f"t{row}-key": tier.key,
            f"t{row}-name_zh": tier.name.zh,
            f"t{row}-growth_from": str(tier.growth_from),
            f"t{row}-multiplier": str(tier.benefits.multiplier),
            f"t{row}-birthday_points": "10",
        }
    said(owner, f"{AT}tiers/", **typed)
    assert {tier.benefits.birthday_points for tier in queries.tiers(SHOP)} == {10}
    assert "One tier begins at 0" in said(owner, f"{AT}tiers/", **typed | {"t0-growth_from": "5"})
    assert queries.tiers(SHOP)[0].growth_from == 0


@pytest.mark.usefixtures("points")
def test_what_is_taken_back_is_kept_with_its_grades(owner: Client) -> None:
    row = {"k0-key": "tin", "k0-name_zh": "茶罐", "k0-points_a": "300", "k0-points_b": "200", "k0-points_c": "50"}
    said(owner, f"{AT}kinds/", **row)
    (kind,) = queries.recyclables(SHOP)
    assert (kind.key, list(kind.points.values())) == ("tin", [300, 200, 50])
    assert "a better grade brings no fewer" in said(owner, f"{AT}kinds/", **row | {"k0-points_c": "900"})


@pytest.mark.usefixtures("points")
def test_a_reward_is_put_up_and_goods_that_nobody_has_are_not(owner: Client) -> None:
    typed = {"kind": "class", "title_zh": "茶艺课", "points": "300", "quota": "8", "most_each": "1", "is_offered": "1"}
    said(owner, f"{AT}rewards/{ids.uuid7()}/put/", **typed, at="2026-12-24T19:30")
    (reward,) = queries.rewards(SHOP)
    assert (reward.points, reward.quota, reward.most_each) == (300, 8, 1)
    assert reward.at is not None
    assert reward.at.isoformat() == "2026-12-24T11:30:00+00:00"
    wrong = said(owner, f"{AT}rewards/{ids.uuid7()}/put/", **typed | {"kind": "goods", "sku": "NONE"})
    assert "The SKU must be one of this shop" in wrong
    assert len(queries.rewards(SHOP)) == 1


@pytest.mark.usefixtures("points")
def test_a_redemption_is_sent_and_closed(signed_in: Callable[..., Client]) -> None:
    number, _ = a_redemption()
    clerk = signed_in(Role.CLERK)
    assert "Rewards to send" in text(clerk, f"/console/hands/{ABOUT}")
    assert number in text(clerk, f"{AT}rewards/{ABOUT}")
    assert "A reason, a carrier or a number is missing." in said(clerk, f"{AT}rewards/{number}/send/")
    said(clerk, f"{AT}rewards/{number}/send/", carrier="SF", tracking="SF1")
    said(clerk, f"{AT}rewards/{number}/close/")
    assert queries.redemption(SHOP, number).state == "received"
    assert number not in text(clerk, f"{AT}rewards/{ABOUT}")
    assert number in text(clerk, f"{AT}rewards/{ABOUT}&view=done")
    assert clerk.post(f"{AT}rewards/G000000-00000-00000/close/{ABOUT}").status_code == 404


@pytest.mark.usefixtures("points")
def test_a_redemption_that_is_called_off_gives_the_points_back(signed_in: Callable[..., Client]) -> None:
    number, walk = a_redemption()
    said(signed_in(Role.CLERK), f"{AT}rewards/{number}/cancel/")
    assert has(walk) == 1000


@pytest.mark.usefixtures("points")
def test_something_handed_in_goes_its_way(signed_in: Callable[..., Client]) -> None:
    actions.set_recyclables(shop=SHOP, kinds=[TIN])
    walk, _ = a_member()
    picture = actions.keep_picture(body=PNG)
    number = actions.hand_in(kind="tin", words="two", kept=[picture], idempotency_key="k", trail=walk, by=by(walk))
    clerk = signed_in(Role.CLERK)
    assert number in text(clerk, f"{AT}recycling/{ABOUT}")
    shown = clerk.get(f"{AT}recycling/{number}/pictures/{picture.digest}/{ABOUT}")
    assert b"".join(shown.streaming_content) == PNG
    for verb, typed in (("receive", {}), ("grade", {"grade": "B"}), ("credit", {})):
        said(clerk, f"{AT}recycling/{number}/do/{verb}/", **typed)
    assert has(walk) == 200
    assert "moved it on meanwhile" in said(clerk, f"{AT}recycling/{number}/do/credit/")
    assert has(walk) == 200


@pytest.mark.usefixtures("points")
def test_points_by_hand_are_for_who_may_give_and_keep_their_reason(signed_in: Callable[..., Client]) -> None:
    walk, customer_id = a_member()
    address = f"/console/customers/{customer_id}/points/"
    typed = {"points": "200", "reason": "sorry for the wait", "key": "k"}
    assert signed_in(Role.CLERK).post(f"{address}{ABOUT}", typed).status_code == 403
    manager = signed_in(Role.MANAGER)
    said(manager, address, **typed)
    said(manager, address, **typed)
    assert has(walk) == 200
    fact = Entry.objects.filter(name="growth.points_earned").latest("seq")
    assert fact.actor.startswith("operator:")
    assert fact.body["reason"] == "sorry for the wait"
    assert "fewer than 900" in said(manager, address, points="-900", reason="x", key="other")
    page = text(manager, f"/console/customers/{customer_id}/{ABOUT}")
    assert "Given by hand" in page
    assert "+200" in page


@pytest.mark.usefixtures("points")
@pytest.mark.parametrize("role", [Role.CLERK, Role.ANALYST])
def test_tiers_and_points_are_set_only_by_who_may(role: Role, signed_in: Callable[..., Client]) -> None:
    client = signed_in(role)
    assert client.get(AT + ABOUT).status_code == 403
    assert client.post(f"{AT}scheme/{ABOUT}").status_code == 403
    assert client.post(f"{AT}rewards/{ids.uuid7()}/put/{ABOUT}").status_code == 403


@pytest.mark.usefixtures("points")
def test_the_pages_cost_few_statements_however_much_stands_on_them(owner: Client) -> None:
    a_redemption()
    walk, customer_id = a_member(phone="+8613900139000")
    give(walk, 100)
    for address in (AT, f"{AT}rewards/", f"{AT}recycling/", f"/console/customers/{customer_id}/"):
        owner.get(address + ABOUT)
        with statements() as sent:
            owner.get(address + ABOUT)
        ours = [one for one in sent if "growth_membership" in one or "base_ledger" in one]
        assert len(ours) <= 4, [one[:90] for one in ours]
    assert models.Redemption.objects.count() == 1
