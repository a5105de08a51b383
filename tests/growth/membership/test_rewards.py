"""The points shop and recycling on a real database."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from tests.growth.membership.made import a_member, all_fits, has
from tests.shop.made import ADDRESS, CLERK, SHOP, a_product, a_walk, by, told_about
from zhanggui.base import ids
from zhanggui.growth.membership import actions, models, queries
from zhanggui.growth.membership.errors import (
    AddressMissing,
    NoSuchItem,
    NoSuchKind,
    NoSuchRedemption,
    NoSuchReward,
    NotEnoughPoints,
    PictureNotAllowed,
    RewardGone,
    RewardNotAllowed,
    SchemeNotAllowed,
    StepRefused,
    WordsMissing,
)
from zhanggui.growth.membership.rules.recycling import Grade, Picture, Recyclable, Step
from zhanggui.growth.membership.rules.rewards import Kind, Reward, State
from zhanggui.shop.catalogue.rules import Words
from zhanggui.shop.customers import actions as customers
from zhanggui.shop.customers import queries as people
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.returns import queries as returns
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import queries as stock
from zhanggui.supply.stock.errors import OutOfStock

pytestmark = pytest.mark.usefixtures("shop")
DESK = Trail(shop=SHOP)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc000000301010018dd8db0"
    "0000000049454e44ae426082"
)


def a_reward(kind: Kind = Kind.MERCHANDISE, *, sku: str = "", points: int = 500, quota: int | None = None) -> Reward:
    reward = Reward(
        id=ids.uuid7(), kind=kind, title=Words(zh="茶巾", en="Tea towel"), sku=sku, points=points, quota=quota
    )
    actions.put_reward(shop=SHOP, reward=reward)
    return reward


def an_entry(customer_id: UUID) -> UUID:
    """An address in the member's address book."""
    customers.keep_address(customer_id=customer_id, address=ADDRESS, label="家")
    return people.address_book(customer_id)[0].id


def redeemed(reward: Reward, walk: Trail, customer_id: UUID, *, entry: UUID | None = None, key: str = "") -> str:
    return actions.redeem(
        reward_id=reward.id,
        customer_id=customer_id,
        entry_id=entry,
        idempotency_key=key or str(ids.uuid7()),
        trail=walk,
        by=by(walk),
    )


def free(sku: str) -> int:
    return stock.free([sku])[sku]


def test_goods_for_points_are_promised_sent_and_received() -> None:
    a_product("CUP", units=3)
    walk, customer_id = a_member(1200)
    reward = a_reward(Kind.GOODS, sku="CUP")
    entry = an_entry(customer_id)
    number = redeemed(reward, walk, customer_id, entry=entry, key="once")
    assert redeemed(reward, walk, customer_id, entry=entry, key="once") == number
    assert (has(walk), free("CUP"), queries.reward(SHOP, reward.id).taken) == (700, 2, 1)
    assert (queries.audit(), orders.audit(), returns.audit()) == ((), (), ())
    with pytest.raises(StepRefused):
        actions.close_reward(number=number, trail=DESK, by=CLERK)
    with pytest.raises(WordsMissing):
        actions.send_reward(number=number, carrier="顺丰", tracking=" ", trail=DESK, by=CLERK)
    actions.send_reward(number=number, carrier="顺丰", tracking="SF1", trail=DESK, by=CLERK)
    with pytest.raises(StepRefused):
        actions.cancel_reward(number=number, trail=walk, by=by(walk), person=walk.person)
    actions.close_reward(number=number, trail=walk, by=by(walk), person=walk.person)
    found = queries.redemption(SHOP, number)
    assert (found.state, found.carrier, found.tracking) == (State.RECEIVED, "顺丰", "SF1")
    assert stock.reservations(number)[0].shipped_units == 1
    assert all_fits()


def test_a_reward_that_is_called_off_gives_points_place_and_goods_back_once() -> None:
    a_product("CUP", units=3)
    walk, customer_id = a_member(1200)
    reward = a_reward(Kind.GOODS, sku="CUP", quota=1)
    number = redeemed(reward, walk, customer_id, entry=an_entry(customer_id))
    actions.cancel_reward(number=number, trail=walk, by=by(walk), person=walk.person)
    with pytest.raises(StepRefused):
        actions.cancel_reward(number=number, trail=walk, by=by(walk), person=walk.person)
    assert (has(walk), free("CUP"), queries.reward(SHOP, reward.id).taken) == (1200, 3, 0)
    told = [fact.name for fact in told_about(walk.person)]
    assert told[-3:] == ["growth.reward_cancelled", "growth.points_returned", "supply.stock_released"]
    assert all_fits()


def test_a_refused_wish_writes_nothing() -> None:
    a_product("CUP", units=0)
    walk, customer_id = a_member(400)
    entry = an_entry(customer_id)
    gone = a_reward(quota=0)
    goods = a_reward(Kind.GOODS, sku="CUP", points=100)
    hidden = replace(a_reward(points=100), is_offered=False)
    actions.put_reward(shop=SHOP, reward=hidden)
    told = len(told_about(walk.person))
    cases = [
        (gone, entry, RewardGone),
        (goods, entry, OutOfStock),
        (goods, ids.uuid7(), AddressMissing),
        (a_reward(), entry, NotEnoughPoints),
        (hidden, entry, NoSuchReward),
        (replace(hidden, id=ids.uuid7()), entry, NoSuchReward),
    ]
    for reward, place, refused in cases:
        with pytest.raises(refused):
            redeemed(reward, walk, customer_id, entry=place)
    assert (has(walk), models.Redemption.objects.count(), models.Spending.objects.count()) == (400, 0, 0)
    assert set(models.Reward.objects.values_list("taken", flat=True)) == {0}
    assert len(told_about(walk.person)) == told


def test_a_class_is_a_place_that_is_taken_without_being_sent() -> None:
    walk, customer_id = a_member(500)
    number = redeemed(a_reward(Kind.CLASS), walk, customer_id)
    with pytest.raises(StepRefused):
        actions.send_reward(number=number, carrier="顺丰", tracking="SF1", trail=DESK, by=CLERK)
    actions.close_reward(number=number, trail=DESK, by=CLERK)
    assert queries.redemption(SHOP, number).state is State.RECEIVED


def test_nobody_touches_the_redemption_of_somebody_else() -> None:
    walk, customer_id = a_member(500)
    number = redeemed(a_reward(Kind.EVENT), walk, customer_id)
    for verb in (actions.cancel_reward, actions.close_reward):
        with pytest.raises(NoSuchRedemption):
            verb(number=number, trail=DESK, by=CLERK, person="somebody else")


@pytest.mark.parametrize("sku", ["NONE", "ELSEWHERE"])
def test_goods_that_the_shop_does_not_have_are_no_reward(sku: str) -> None:
    with pytest.raises(RewardNotAllowed):
        a_reward(Kind.GOODS, sku=sku)


def test_a_quota_cannot_be_cut_below_what_is_taken() -> None:
    walk, customer_id = a_member(500)
    reward = a_reward(Kind.CLASS, quota=5)
    redeemed(reward, walk, customer_id)
    with pytest.raises(RewardNotAllowed):
        actions.put_reward(shop=SHOP, reward=replace(reward, quota=0))
    actions.put_reward(shop=SHOP, reward=replace(reward, points=900))
    assert queries.reward(SHOP, reward.id).points == 900


TIN = Recyclable(key="tin", name=Words(zh="茶罐", en="Tea tin"), points={Grade.A: 300, Grade.B: 200, Grade.C: 50})


def an_item(walk: Trail) -> str:
    actions.set_recyclables(shop=SHOP, kinds=[TIN])
    picture = actions.keep_picture(body=PNG)
    return actions.hand_in(
        kind="tin", words="空罐两个", kept=[picture], idempotency_key=str(ids.uuid7()), trail=walk, by=by(walk)
    )


def test_what_is_handed_in_is_received_graded_and_credited_once() -> None:
    walk, _ = a_member()
    number = an_item(walk)
    with pytest.raises(StepRefused):
        actions.grade_item(number=number, grade=Grade.B, trail=DESK, by=CLERK)
    actions.receive_item(number=number, trail=DESK, by=CLERK)
    actions.grade_item(number=number, grade=Grade.B, trail=DESK, by=CLERK)
    assert has(walk) == 0
    actions.credit_item(number=number, trail=DESK, by=CLERK)
    with pytest.raises(StepRefused):
        actions.credit_item(number=number, trail=DESK, by=CLERK)
    found = queries.item(SHOP, number)
    assert (found.step, found.grade, found.points, len(found.pictures)) == (Step.CREDITED, Grade.B, 200, 1)
    assert has(walk) == 200
    told = [fact.name for fact in told_about(walk.person)]
    assert told[-2:] == ["growth.item_recycled", "growth.points_earned"]
    assert all_fits()


def test_what_is_refused_says_why_and_brings_nothing() -> None:
    walk, _ = a_member()
    number = an_item(walk)
    with pytest.raises(WordsMissing):
        actions.refuse_item(number=number, answer=" ", trail=DESK, by=CLERK)
    actions.refuse_item(number=number, answer="不是茶罐", trail=DESK, by=CLERK)
    assert (queries.item(SHOP, number).answer, has(walk)) == ("不是茶罐", 0)
    with pytest.raises(StepRefused):
        actions.receive_item(number=number, trail=DESK, by=CLERK)


def test_only_known_kinds_with_words_and_a_few_pictures_are_taken() -> None:
    walk, _ = a_member()
    an_item(walk)
    picture = Picture(digest="0" * 64, kind="image/png")
    for kind, words, kept, refused in [
        ("pot", "x", [], NoSuchKind),
        ("tin", " ", [], WordsMissing),
        ("tin", "x", [picture] * 5, PictureNotAllowed),
    ]:
        with pytest.raises(refused):
            actions.hand_in(kind=kind, words=words, kept=kept, idempotency_key="", trail=walk, by=by(walk))
    with pytest.raises(PictureNotAllowed):
        actions.keep_picture(body=b"no picture")
    with pytest.raises(NoSuchItem):
        queries.item(SHOP, an_item(walk), person=a_walk().person)


def test_a_worse_grade_never_brings_more() -> None:
    with pytest.raises(SchemeNotAllowed):
        actions.set_recyclables(shop=SHOP, kinds=[replace(TIN, points={Grade.A: 1, Grade.B: 2, Grade.C: 3})])


def test_stock_that_is_promised_to_no_redemption_is_found() -> None:
    a_product("CUP", units=3)
    walk, customer_id = a_member(1200)
    number = redeemed(a_reward(Kind.GOODS, sku="CUP"), walk, customer_id, entry=an_entry(customer_id))
    models.Redemption.objects.filter(pk=number).update(state=State.SENT)
    (found,) = queries.audit()
    assert (found.fault, found.subject) == ("held_without_redemption", number)


def test_points_that_nobody_booked_are_found() -> None:
    walk, _ = a_member(100)
    models.Lot.objects.update(left=90)
    (found,) = queries.audit()
    assert (found.fault, found.subject, found.says, found.should_say) == ("lots_and_ledger", walk.person, 90, 100)
