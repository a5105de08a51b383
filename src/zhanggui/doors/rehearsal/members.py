"""Members of the demonstration shop: people of its orders who have signed in, with points and coupons of their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from zhanggui.base import clock, ids
from zhanggui.base.accounts import actions as accounts
from zhanggui.base.accounts.rules import handle_of
from zhanggui.base.operation.rules import Actor, customer, job
from zhanggui.growth.membership import actions as membership
from zhanggui.growth.membership import queries as books
from zhanggui.growth.promotions import actions as promotions
from zhanggui.growth.promotions import queries as offers
from zhanggui.growth.promotions.rules import Way
from zhanggui.growth.teams import actions as teams
from zhanggui.growth.teams import queries as team_books
from zhanggui.shop.customers import actions as customers
from zhanggui.shop.customers import queries as address_books
from zhanggui.shop.customers.rules import NEEDED, Address, Contact
from zhanggui.spine.log.rules import Trail

_BY: Final[Actor] = job("rehearsal")


def join(said: Mapping[str, Any], *, contact: Contact, address: Address, trail: Trail) -> Trail:
    """Let somebody sign in for the first time, with a phone number they proved; the trail of who they are from then on.

    said  of the member: points and why they were given, birthday, and coupons taken before anything was bought
    """
    handle = handle_of(contact.phone)
    if handle is None:
        raise ValueError(f"{contact.name} cannot sign in with {contact.phone}")
    account_id = accounts.open_for(handle=handle)
    accounts.prove(account_id=account_id, handle=handle)
    welcomed = customers.welcome(
        account_id=account_id,
        phone=handle.value,
        email="",
        visitor_id=trail.person,
        trail=trail,
        by=customer(trail.person),
    )
    own = replace(trail, person=welcomed.person)
    customers.rename(customer_id=welcomed.customer_id, name=contact.name)
    customers.keep_address(customer_id=welcomed.customer_id, address=address, is_default=True)
    for purpose in NEEDED:
        customers.consent(
            customer_id=welcomed.customer_id,
            purpose=purpose,
            is_given=True,
            language="zh" if address.country == "CN" else "en",
            how="sign_in",
            trail=own,
            by=customer(own.person),
        )
    _start(said, own)
    return own


def take_coupons(names: Iterable[str], trail: Trail) -> None:
    """Claim coupons in the coupon centre, by the names that stand there."""
    open_ones = {one.name_zh: one.batch for one in offers.centre(trail.shop, trail.person, at=clock.now())}
    for name in names:
        promotions.claim(batch_id=open_ones[name], trail=trail, by=customer(trail.person))


def open_team(sku: str, trail: Trail) -> None:
    """Begin a team for a SKU, and sit in its first seat."""
    offer = team_books.offer_on(trail.shop, sku, at=clock.now())
    if offer is None:
        raise ValueError(f"nobody buys {sku} together")
    teams.open_team(offer_id=offer.id, customer_id=_customer(trail), trail=trail, by=customer(trail.person))


def live_on(said: Mapping[str, Any], trail: Trail) -> None:
    """What a member does after the orders: keep coupons for later, have a reward for points, hand something in."""
    take_coupons(said.get("keeps", ()), trail)
    by = customer(trail.person)
    for title in said.get("redeems", ()):
        reward = next(one for one in books.rewards(trail.shop) if one.title.zh == title)
        membership.redeem(
            reward_id=reward.id,
            customer_id=_customer(trail),
            entry_id=address_books.address_book(_customer(trail))[0].id if reward.kind.is_sent else None,
            idempotency_key=str(ids.uuid7()),
            trail=trail,
            by=by,
        )
    for kind, words in said.get("hands_in", {}).items():
        membership.hand_in(kind=kind, words=words, kept=(), idempotency_key=str(ids.uuid7()), trail=trail, by=by)


def give_targeted(trails: Iterable[Trail], *, shop: str) -> None:
    """Give the coupons for chosen people to those of these members whom they are meant for."""
    for trail in trails:
        for meant in offers.giving(shop, Way.TARGETED, person=trail.person, at=clock.now()):
            promotions.give(batch_id=meant.batch, persons=[trail.person], trail=Trail(shop=shop), by=_BY)


def _start(said: Mapping[str, Any], trail: Trail) -> None:
    if given := said.get("given"):
        points, reason = given
        membership.give_by_hand(
            person=trail.person,
            points=points,
            reason=reason,
            idempotency_key=str(ids.uuid7()),
            trail=Trail(shop=trail.shop, person=trail.person),
            by=_BY,
        )
    if birthday := said.get("birthday"):
        month, day = birthday
        membership.say_birthday(shop=trail.shop, person=trail.person, month=month, day=day)
    take_coupons(said.get("takes", ()), trail)


def _customer(trail: Trail) -> UUID:
    found = books.account_of(trail.shop, trail.person)
    if found is None:
        raise ValueError(f"{trail.person} has no account")
    return found
