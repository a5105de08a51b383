"""The points shop: what is on offer, and how a reward gets to its member."""

from __future__ import annotations

import secrets
from typing import Any, NoReturn
from uuid import UUID

from django.db.models import F, Q

from zhanggui.base import clock
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.base.shops import queries as shops
from zhanggui.growth.membership import models, queries
from zhanggui.growth.membership.actions import wallets
from zhanggui.growth.membership.errors import (
    AddressMissing,
    NoSuchReward,
    RewardGone,
    RewardLimit,
    RewardNotAllowed,
    StepRefused,
    WordsMissing,
)
from zhanggui.growth.membership.rules import rewards as rules
from zhanggui.growth.membership.rules.points import Use
from zhanggui.growth.membership.rules.rewards import Kind, Redemption, Reward, State
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.checkout import rules as checkout_rules
from zhanggui.shop.customers import queries as customers
from zhanggui.shop.customers.rules import Address
from zhanggui.shop.orders import rules as order_rules
from zhanggui.spine.facts.membership import RewardCancelled, RewardRedeemed
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import actions as stock
from zhanggui.supply.stock import queries as stock_books
from zhanggui.supply.stock.rules import Allocation, Demand, Place

_LONGEST_CARRIER, _LONGEST_TRACKING = 40, 60


@operation
def put_reward(*, shop: str, reward: Reward) -> UUID:
    """Have a reward in the points shop like this from now on; what was redeemed before stays as it was.

    reward   its id is that of the one to change; a new one for a new reward
    refuses  RewardNotAllowed, also for goods that the shop does not know, or a quota below what is taken
    """
    rules.checked(reward)
    if reward.sku and not _is_known(shop, reward.sku):
        raise RewardNotAllowed(field="sku")
    said: dict[str, Any] = {
        "kind": reward.kind,
        "title_zh": reward.title.zh,
        "title_en": reward.title.en,
        "words_zh": reward.words.zh,
        "words_en": reward.words.en,
        "sku": reward.sku,
        "points": reward.points,
        "quota": reward.quota,
        "most_each": reward.most_each,
        "at": reward.at,
        "is_offered": reward.is_offered,
    }
    standing = models.Reward.objects.select_for_update().filter(pk=reward.id).first()
    if standing is None:
        models.Reward.objects.create(id=reward.id, shop=shop, **said)
    elif standing.shop != shop or (reward.quota is not None and reward.quota < standing.taken):
        raise RewardNotAllowed(field="quota")
    else:
        models.Reward.objects.filter(pk=reward.id).update(**said)
    return reward.id


@operation
def redeem(
    *, reward_id: UUID, customer_id: UUID, entry_id: UUID | None, idempotency_key: str, trail: Trail, by: Actor
) -> str:
    """Give a member a reward for points; the redemption's number.

    The member's row is locked first, so that of two wishes at once the second sees the first one's limit and points.

    entry_id  of the member's address book, for what is sent
    refuses   NoSuchReward, RewardLimit, RewardGone, AddressMissing, NotEnoughPoints, OutOfStock; nothing is written
    tells     growth.reward_redeemed, growth.points_spent; supply.stock_held for goods
    """
    member = wallets.lock(trail.shop, trail.person)
    reward = queries.reward(trail.shop, reward_id)
    address_id, address = _address(reward, customer_id, entry_id)
    _count(reward, trail)
    day = clock.day_of(clock.now(), shops.shop(trail.shop).zone)
    noise = secrets.randbits(order_rules.NOISE_BITS)
    number = f"{rules.NUMBER_BEGINS}{order_rules.order_number(day, noise=noise)}"
    models.Redemption.objects.create(
        number=number,
        shop=trail.shop,
        person=trail.person,
        reward_id=reward.id,
        kind=reward.kind,
        title_zh=reward.title.zh,
        title_en=reward.title.en,
        sku=reward.sku,
        points=reward.points,
        state=State.REDEEMED,
        address_id=address_id,
        at=clock.now(),
    )
    fact = RewardRedeemed(
        redemption=number, reward_id=str(reward.id), kind=reward.kind, sku=reward.sku, points=reward.points
    )
    after = trail.after(record(fact, by=by, trail=trail, subject=f"redemption:{number}"))
    wallets.spend(member, reward.points, use=Use.REWARD, reference=number, trail=after, by=by)
    if address is not None and reward.kind is Kind.GOODS:
        stock.hold(order_number=number, demand=_demand(reward, address), until=None, trail=after, by=by)
    return number


@operation
def send_reward(*, number: str, carrier: str, tracking: str, trail: Trail, by: Actor) -> None:
    """Know that a reward is on its way; goods leave the stock by that.

    refuses  NoSuchRedemption, StepRefused, WordsMissing, NotInTheHouse
    tells    supply.stock_shipped for goods
    """
    found = queries.redemption(trail.shop, number)
    said = {"carrier": carrier.strip()[:_LONGEST_CARRIER], "tracking": tracking.strip()[:_LONGEST_TRACKING]}
    if missing := [field for field, words in said.items() if not words]:
        raise WordsMissing(field=missing[0])
    if not found.kind.is_sent:
        raise StepRefused(number=number, state=found.state, to=State.SENT)
    _move(found, to=State.SENT, **said)
    pieces = [
        Allocation(line=kept.line, sku=kept.sku, warehouse=kept.warehouse, units=kept.open_units)
        for kept in stock_books.reservations(number)
        if kept.open_units
    ]
    if pieces:
        stock.ship(order_number=number, parcel_id=number, pieces=pieces, trail=trail, by=by)


@operation
def close_reward(*, number: str, trail: Trail, by: Actor, person: str = "") -> None:
    """Know that a reward arrived, or that a place was taken.

    person   whose it must be, if a member says so
    refuses  NoSuchRedemption, StepRefused for what is to be sent and has not left
    """
    found = queries.redemption(trail.shop, number, person=person)
    if found.kind.is_sent and found.state is State.REDEEMED:
        raise StepRefused(number=number, state=found.state, to=State.RECEIVED)
    _move(found, to=State.RECEIVED, ended_at=clock.now())


@operation
def cancel_reward(*, number: str, trail: Trail, by: Actor, person: str = "") -> None:
    """Call a reward off before it is sent: its points, its place and its goods go back.

    person   whose it must be, if a member asks for it
    refuses  NoSuchRedemption, StepRefused
    tells    growth.reward_cancelled, growth.points_returned, supply.stock_released
    """
    found = queries.redemption(trail.shop, number, person=person)
    member = wallets.lock_whose(found.shop, lambda: queries.redemption(trail.shop, number, person=person).person)
    _move(found, to=State.CANCELLED, ended_at=clock.now())
    models.Reward.objects.filter(pk=found.reward).update(taken=F("taken") - 1)
    its = Trail(shop=found.shop, person=member.person)
    fact = RewardCancelled(redemption=number, reward_id=str(found.reward), points=found.points)
    after = its.after(record(fact, by=by, trail=its, subject=f"redemption:{number}"))
    spending = models.Spending.objects.get(shop=found.shop, use=Use.REWARD, reference=number)
    wallets.give_back(member, spending, found.points, trail=after, by=by)
    stock.release(order_number=number, trail=after, by=by)


def _is_known(shop: str, sku: str) -> bool:
    card = catalogue.products([sku]).get(sku)
    return card is not None and card.shop == shop and card.needs_shipping


def _address(reward: Reward, customer_id: UUID, entry_id: UUID | None) -> tuple[UUID | None, Address | None]:
    if not reward.kind.is_sent:
        return None, None
    entry = next((entry for entry in customers.address_book(customer_id) if entry.id == entry_id), None)
    if entry is None:
        raise AddressMissing
    return entry.address_id, entry.address


def _count(reward: Reward, trail: Trail) -> None:
    """Count one more of a reward as taken, under the limit of the member, whose row is locked, and of all."""
    had = models.Redemption.objects.filter(person=trail.person, reward_id=reward.id).exclude(state=State.CANCELLED)
    if reward.most_each is not None and had.count() >= reward.most_each:
        raise RewardLimit(reward_id=str(reward.id), most_each=reward.most_each)
    rows = models.Reward.objects.filter(Q(quota=None) | Q(taken__lt=F("quota")), pk=reward.id, is_offered=True)
    if not rows.update(taken=F("taken") + 1):
        if models.Reward.objects.filter(pk=reward.id, is_offered=True).exists():
            raise RewardGone(reward_id=str(reward.id))
        raise NoSuchReward(reward_id=str(reward.id))


def _demand(reward: Reward, address: Address) -> tuple[Demand, ...]:
    card = catalogue.products([reward.sku])[reward.sku]
    place = Place(country=address.country, region=address.region, city=address.city)
    return tuple(
        Demand(line=1, sku=sku, units=units, place=place, each_units=units)
        for sku, units in checkout_rules.parts_of(card)
    )


def _move(found: Redemption, *, to: State, **changed: Any) -> None:
    rows = models.Redemption.objects.filter(pk=found.number, state__in=rules.before(to))
    if not rows.update(state=to, **changed):
        _refuse(found.number, to=to)


def _refuse(number: str, *, to: State) -> NoReturn:
    raise StepRefused(number=number, state=models.Redemption.objects.get(pk=number).state, to=to)
