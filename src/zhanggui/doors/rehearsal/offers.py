"""The offers of the demonstration shop: members and points, promotions, coupons, a flash sale, a presale, a team price.

They are put up by the verbs that operators use, around the day on which the shop is filled.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from importlib import resources
from typing import Any, Final

from zhanggui.base import clock, ids
from zhanggui.base.money import Money
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor, job
from zhanggui.doors.rehearsal import catalogue, houses
from zhanggui.doors.rehearsal.drawing.picture import picture
from zhanggui.doors.rehearsal.simulator.plan import CURRENCY, ZONE
from zhanggui.growth.flash import actions as flash
from zhanggui.growth.flash.rules import Pick
from zhanggui.growth.flash.rules import Plan as FlashPlan
from zhanggui.growth.membership import actions as membership
from zhanggui.growth.membership.rules import recycling, rewards, terms
from zhanggui.growth.presale import actions as presales
from zhanggui.growth.presale.rules import Terms as PresaleTerms
from zhanggui.growth.promotions import actions as promotions
from zhanggui.growth.promotions.rules import Offering, Plan, Way, written
from zhanggui.growth.referrals import actions as referrals
from zhanggui.growth.referrals.rules import Scheme
from zhanggui.growth.teams import actions as teams
from zhanggui.growth.teams.rules import Offer
from zhanggui.shop.catalogue import actions as shelves
from zhanggui.shop.catalogue.rules import NOTHING, Category, Kind, NewProduct, Words
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import actions as stock

_UNITS_OF_NO_THING: Final = 9999
_BEHIND_ALL_SHELVES: Final = 99
_BY: Final[Actor] = job("rehearsal")


@operation
def put_up(*, shop: str, idempotency_key: str) -> None:
    """Open membership, and put up offers in every state that an operator and a shopper meet; once.

    tells  what the verbs tell: promotions that start and stop, stock that is set aside, a presale that begins
    """
    said, trail, today = _file(), Trail(shop=shop), _today()
    _open_membership(said, today=today, trail=trail)
    for each in said["floors"]:
        promotions.set_floor(sku=each["sku"], price=_yuan(each["price_minor"]), trail=trail, by=_BY)
    for each in said["promotions"]:
        _promote(each, today=today, trail=trail)
    for each in said["flash"]:
        plan = _flash_plan(each, today=today)
        flash.set_up(plan=plan, idempotency_key=str(ids.uuid7()), trail=trail, by=_BY)
    for each in said["presales"]:
        presales.put_up(terms=_presale_terms(each, today=today), trail=trail, by=_BY)
    for each in said["teams"]:
        teams.put_offer(offer=_team_offer(each, today=today), trail=trail, by=_BY)
    referrals.set_scheme(scheme=Scheme(**said["referral"]), trail=trail, by=_BY)


def _open_membership(said: Mapping[str, Any], *, today: datetime, trail: Trail) -> None:
    """Tiers, points, what they buy, what is taken back for them, and the card that pays for the highest tier."""
    shop = trail.shop
    membership.open_membership(shop=shop)
    membership.set_recyclables(shop=shop, kinds=[_recyclable(each) for each in said["recyclables"]])
    for each in said["rewards"]:
        membership.put_reward(shop=shop, reward=_reward(each, today=today))
    card = said["card"]
    key, *name = card["category"]
    category = Category(shop=shop, key=key, name=_words(name), position=_BEHIND_ALL_SHELVES)
    shelves.put_up_categories(categories=[category])
    shelves.stock_shelves(products=[_card(card, shop=shop)], listed_at=today)
    for code, lying in houses.spread({card["sku"]: _UNITS_OF_NO_THING}, shop=shop).items():
        stock.receive(reference=f"rehearsal/{shop}/card", units=lying, warehouse=code, trail=trail, by=_BY)
    membership.set_plan(shop=shop, plan=terms.Plan(sku=card["sku"], tier=card["tier"], days=card["days"]))


def _card(said: Mapping[str, Any], *, shop: str) -> NewProduct:
    like = next(item for item in catalogue.goods() if item.sku == said["like"])
    price = _yuan(said["price_minor"])
    return NewProduct(
        sku=said["sku"],
        shop=shop,
        title=_words(said["title"]),
        summary=_words(said["why"]),
        brand=NOTHING,
        category=said["category"][0],
        kind=Kind.SERVICE,
        price=price,
        cost=Money.zero(price.currency),
        weight_g=0,
        attributes=(),
        proof=NOTHING,
        picture_svg=picture(like),
    )


def _recyclable(said: Mapping[str, Any]) -> recycling.Recyclable:
    points = dict(zip(recycling.Grade, said["points"], strict=True))
    return recycling.Recyclable(key=said["key"], name=_words(said["name"]), points=points)


def _reward(said: Mapping[str, Any], *, today: datetime) -> rewards.Reward:
    hours = said.get("hours")
    return rewards.Reward(
        id=ids.uuid7(),
        kind=rewards.Kind(said["kind"]),
        title=_words(said["title"]),
        words=_words(said["words"]),
        sku=said.get("sku", ""),
        points=said["points"],
        quota=said.get("quota"),
        most_each=said.get("most_each"),
        at=None if hours is None else today + timedelta(hours=hours),
    )


def _promote(said: Mapping[str, Any], *, today: datetime, trail: Trail) -> None:
    """Write a promotion down, bring it as far as is said, and give its coupons out."""
    plan, becomes = _plan(said, today=today), said["becomes"]
    id = promotions.write(plan=plan, trail=trail, by=_BY)
    if becomes != "draft":
        foreseen = _yuan(said["foreseen"]) if "foreseen" in said else None
        promotions.start(id=id, foreseen=foreseen, trail=trail, by=_BY)
    if becomes == "ended":
        promotions.stop(id=id, for_good=True, trail=trail, by=_BY)
    for each in said.get("coupons", ()):
        offering = Offering(
            **{**each, "way": Way(each["way"]), "tiers": tuple(each.get("tiers", ()))}, claim_from=today
        )
        promotions.offer(promotion_id=id, offering=offering, trail=trail, by=_BY)


def _plan(said: Mapping[str, Any], *, today: datetime) -> Plan:
    zh, en = said["name"]
    first, end = said["days"]
    return Plan(
        name_zh=zh,
        name_en=en,
        kind=said["kind"],
        terms=said["terms"],
        target=written.target(said.get("on", {})),
        audience=written.audience(said.get("for", {})),
        cap=_yuan(said["cap"]) if "cap" in said else None,
        budget=_yuan(said["budget"]) if "budget" in said else None,
        starts_at=today + timedelta(days=first),
        ends_at=today + timedelta(days=end),
        is_coupon="coupons" in said,
    )


def _flash_plan(said: Mapping[str, Any], *, today: datetime) -> FlashPlan:
    start, end = said["hours"]
    return FlashPlan(
        name=_words(said["name"]),
        starts_at=today + timedelta(hours=start),
        ends_at=today + timedelta(hours=end),
        picks=tuple(
            Pick(sku=sku, price=_yuan(minor), units=units, per_person=each) for sku, minor, units, each in said["picks"]
        ),
    )


def _presale_terms(said: Mapping[str, Any], *, today: datetime) -> PresaleTerms:
    deposit_from, deposit_until, balance_from, balance_until = (today + timedelta(days=day) for day in said["days"])
    return PresaleTerms(
        sku=said["sku"],
        price=_yuan(said["price_minor"]),
        first=_yuan(said["first_minor"]),
        credit=_yuan(said["credit_minor"]),
        quantity=said["quantity"],
        per_person=said["per_person"],
        deposit_from=deposit_from,
        deposit_until=deposit_until,
        balance_from=balance_from,
        balance_until=balance_until,
        ship_by=clock.day_of(today + timedelta(days=said["ship_on"]), ZONE),
    )


def _team_offer(said: Mapping[str, Any], *, today: datetime) -> Offer:
    first, end = said["days"]
    return Offer(
        id=ids.uuid7(),
        price=_yuan(said["price_minor"]),
        starts_at=today + timedelta(days=first),
        ends_at=today + timedelta(days=end),
        **{name: said[name] for name in ("sku", "size", "hours", "most_units")},
    )


def _today() -> datetime:
    """The midnight with which the day began in the shop."""
    return clock.span_of(clock.day_of(clock.now(), ZONE), ZONE)[0]


def _yuan(minor: int) -> Money:
    return Money(minor, CURRENCY)


def _words(said: Sequence[str]) -> Words:
    return Words(zh=said[0], en=said[1])


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads((resources.files(__package__) / "data" / "growth.toml").read_text(encoding="utf-8"))
