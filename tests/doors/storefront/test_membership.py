"""Members in the shop: tier and points, the points shop, recycling, points at the checkout."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.doors.storefront.test_account import sign_in
from tests.doors.storefront.walker import Walker
from tests.growth.membership.made import give, has, in_books
from tests.growth.membership.test_rewards import PNG, TIN
from tests.shop.made import CLERK, SHOP, a_walk, statements
from zhanggui.base import ids
from zhanggui.growth.membership import actions, models, queries, steps
from zhanggui.growth.membership.rules.rewards import Kind, Reward
from zhanggui.shop.catalogue.rules import Words
from zhanggui.shop.checkout import ports, rules
from zhanggui.shop.customers.models import Customer
from zhanggui.spine.log.rules import Trail

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def with_points(shelves: None) -> Iterator[None]:
    """The shop has points, and its price takes them."""
    standing, claims = list(ports.price_steps), list(ports.claims)
    ports.price_steps[:] = [rules.list_price, rules.sale_price, steps.points, rules.delivery, rules.tax]
    ports.claims[:] = [actions.spend_on_order]
    actions.open_membership(shop=SHOP)
    yield
    ports.price_steps[:], ports.claims[:] = standing, claims


@pytest.fixture
def member(walker: Walker) -> Walker:
    sign_in(walker)
    return walker


def walk_of(points: int = 0) -> Trail:
    """The walk of the only member."""
    walk = a_walk(Customer.objects.get().visitor_id)
    if points:
        give(walk, points)
    return walk


def a_class(points: int = 300) -> Reward:
    reward = Reward(id=ids.uuid7(), kind=Kind.CLASS, title=Words(zh="茶艺课", en="Tea class"), points=points)
    actions.put_reward(shop=SHOP, reward=reward)
    return reward


def test_a_guest_is_led_to_the_sign_in(walker: Walker) -> None:
    for address in ("/member/", "/member/rewards/", "/member/recycling/"):
        assert walker.opens(address).address.startswith("/account/sign-in/")


def test_the_member_page_says_tier_growth_points_and_what_runs_out(member: Walker) -> None:
    walk_of(1234)
    page = member.opens("/member/")
    for said in ("Buy for CN¥1,000.00 more to become Silver.", "1,234", "1,234 expire on", "From the shop", "+1,234"):
        assert said in page.text
    assert "1,234 points" in member.opens("/account/").text


def test_a_birthday_is_said_once(member: Walker) -> None:
    form = member.opens("/member/")
    page = member.sends(form, "/member/birthday/", month="11", day="22")
    assert "Kept. Your birthday points come on the day." in page.text
    assert "November 22. To change it" in page.text
    assert "Birthday November 22" in member.opens("/account/data/").text
    assert queries.birthday(SHOP, walk_of().person) == (11, 22)
    member.sends(form, "/member/birthday/", month="1", day="1")
    assert queries.birthday(SHOP, walk_of().person) == (11, 22)


def test_a_reward_is_redeemed_and_called_off_again(member: Walker) -> None:
    reward = a_class()
    walk = walk_of(500)
    page = member.sends(member.opens("/member/rewards/"), f"/member/rewards/{reward.id}/redeem/")
    assert "Redeemed. You can follow it below." in page.text
    assert has(walk) == 200
    number = models.Redemption.objects.get().number
    page = member.sends(page, f"/member/redeemed/{number}/cancel/")
    assert "Called off. Your points are back." in page.text
    assert has(walk) == 500


def test_too_few_points_are_said_before_and_after(member: Walker) -> None:
    reward = a_class()
    walk = walk_of(100)
    assert "200 points more are needed." in member.opens("/member/rewards/").text
    give(walk, 200)
    form = member.opens("/member/rewards/")
    give(walk, -200)
    page = member.sends(form, f"/member/rewards/{reward.id}/redeem/")
    assert "That takes 300 points and you have 100." in page.text
    assert has(walk) == 100


def test_the_redemption_of_somebody_else_cannot_be_called_off(member: Walker) -> None:
    reward = a_class()
    walk = walk_of(500)
    member.sends(member.opens("/member/rewards/"), f"/member/rewards/{reward.id}/redeem/")
    number, form = models.Redemption.objects.get().number, member.opens("/member/rewards/")
    models.Redemption.objects.update(person="somebody else")
    assert member.sends(form, f"/member/redeemed/{number}/cancel/").status == 404
    assert has(walk) == 200


def test_something_is_handed_in_with_a_picture_that_only_its_member_sees(member: Walker, client: Client) -> None:
    actions.set_recyclables(shop=SHOP, kinds=[TIN])
    picture = SimpleUploadedFile("tin.png", PNG, content_type="image/png")
    page = member.opens("/member/recycling/")
    typed = page.fields("/member/recycling/") | {"kind": "tin", "words": "two tins", "pictures": picture}
    answer = member.client.post("/member/recycling/", typed, follow=True)
    assert "two tins" in answer.content.decode()
    item = models.Item.objects.get()
    address = f"/member/recycling/{item.number}/{item.pictures[0][0]}/"
    shown = member.client.get(address)
    assert b"".join(shown.streaming_content) == PNG
    assert shown.headers["Content-Type"] == "image/png"
    assert client.get(address).status_code == 404


def test_what_is_no_picture_is_refused_in_words(member: Walker) -> None:
    actions.set_recyclables(shop=SHOP, kinds=[TIN])
    bad = SimpleUploadedFile("tin.png", b"no picture", content_type="image/png")
    typed = member.opens("/member/recycling/").fields("/member/recycling/")
    answer = member.client.post("/member/recycling/", typed | {"kind": "tin", "words": "x", "pictures": bad})
    assert answer.status_code == 422
    assert "JPEG, PNG or WebP" in answer.content.decode()
    assert models.Item.objects.count() == 0


def test_points_are_chosen_at_the_checkout_and_what_was_typed_stays(member: Walker) -> None:
    walk = walk_of(2000)
    member.lays_aside()
    page = member.opens("/checkout/")
    typed = page.fields("/checkout/") | {"note": "ring twice", "points": "all"}
    answer = member.client.post("/checkout/points/", typed)
    said = answer.content.decode()
    assert answer.status_code == 200
    assert "ring twice" in said
    assert "-CN¥20.00" in said
    assert queries.chosen(SHOP, walk.person) == (True, None)
    member.client.post("/checkout/points/", typed | {"points": "some", "points_typed": "500"})
    assert queries.chosen(SHOP, walk.person) == (True, 500)
    member.client.post("/checkout/points/", typed | {"points": "none"})
    assert queries.chosen(SHOP, walk.person) == (False, None)


def test_a_guest_chooses_no_points(walker: Walker) -> None:
    walker.lays_aside()
    typed = walker.opens("/checkout/").fields("/checkout/")
    answer = walker.client.post("/checkout/points/", typed | {"points": "all"})
    assert answer.status_code == 302
    assert models.Choice.objects.count() == 0


def test_the_pages_of_a_member_cost_few_statements(member: Walker) -> None:
    a_class()
    walk = walk_of(500)
    actions.give_by_hand(
        person=walk.person, points=100, reason="x", idempotency_key="", trail=Trail(shop=SHOP), by=CLERK
    )
    for address, most in (("/member/", 9), ("/member/rewards/", 9), ("/member/recycling/", 6)):
        member.opens(address)
        with statements() as sent:
            assert member.opens(address).status == 200
        assert len(sent) <= most, [one[:90] for one in sent]
    assert in_books(walk.person) == 600
