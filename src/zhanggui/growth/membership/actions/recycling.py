"""Recycling for points: handed in, received, graded, credited, or refused."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from zhanggui.base import clock, pictures
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.base.shops import queries as shops
from zhanggui.growth.membership import models, queries
from zhanggui.growth.membership.actions import wallets
from zhanggui.growth.membership.errors import (
    NoSuchKind,
    PictureNotAllowed,
    SchemeNotAllowed,
    StepRefused,
    WordsMissing,
)
from zhanggui.growth.membership.rules import points as point_rules
from zhanggui.growth.membership.rules import recycling as rules
from zhanggui.growth.membership.rules.points import Source
from zhanggui.growth.membership.rules.recycling import Grade, Picture, Step
from zhanggui.shop.orders import rules as order_rules
from zhanggui.spine.facts.membership import ItemRecycled
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail


def keep_picture(*, body: bytes) -> Picture:
    """Put a picture into the home folder, once, without where and when it was taken.

    refuses  PictureNotAllowed if it is none that we take, or too large
    """
    if len(body) > rules.LARGEST_PICTURE:
        raise PictureNotAllowed(reason="size", most=rules.LARGEST_PICTURE)
    plain = pictures.plain(body)
    if plain is None:
        raise PictureNotAllowed(reason="kind", most=rules.LARGEST_PICTURE)
    digest = pictures.keep(plain, folder=queries.picture_folder())
    return Picture(digest=digest, kind=pictures.kind_of(plain))


@operation
def hand_in(*, kind: str, words: str, kept: Sequence[Picture], idempotency_key: str, trail: Trail, by: Actor) -> str:
    """Ask for something to be taken back for points; its number.

    kept     pictures of it, up to 4
    refuses  NoSuchKind, WordsMissing without a description, PictureNotAllowed for too many
    """
    recyclable = next((one for one in queries.recyclables(trail.shop) if one.key == kind and one.is_taken), None)
    if recyclable is None:
        raise NoSuchKind(key=kind)
    said = words.strip()[: rules.LONGEST_WORDS]
    if not said:
        raise WordsMissing(field="words")
    if len(kept) > rules.MOST_PICTURES:
        raise PictureNotAllowed(reason="many", most=rules.MOST_PICTURES)
    now = clock.now()
    day = clock.day_of(now, shops.shop(trail.shop).zone)
    number = f"E{order_rules.order_number(day, noise=secrets.randbits(order_rules.NOISE_BITS))}"
    models.Item.objects.create(
        number=number,
        shop=trail.shop,
        person=trail.person,
        kind=kind,
        name_zh=recyclable.name.zh,
        name_en=recyclable.name.en,
        words=said,
        pictures=[[picture.digest, picture.kind] for picture in kept],
        step=Step.REQUESTED,
        at=now,
        moved_at=now,
    )
    return number


@operation
def receive_item(*, number: str, trail: Trail, by: Actor) -> None:
    """Know that something handed in has arrived.

    refuses  NoSuchItem, StepRefused
    """
    _move(number, to=Step.RECEIVED, trail=trail)


@operation
def grade_item(*, number: str, grade: Grade, trail: Trail, by: Actor) -> None:
    """Say in what condition something is; the table of its kind says what that brings.

    refuses  NoSuchItem, NoSuchKind, StepRefused
    """
    found = queries.item(trail.shop, number)
    kind = next((one for one in queries.recyclables(trail.shop) if one.key == found.kind), None)
    if kind is None:
        raise NoSuchKind(key=found.kind)
    _move(number, to=Step.GRADED, trail=trail, grade=grade, points=kind.points[grade])


@operation
def credit_item(*, number: str, trail: Trail, by: Actor) -> None:
    """Give a member the points for what was graded, once.

    refuses  NoSuchItem, StepRefused, SchemeNotAllowed in a shop without points
    tells    growth.item_recycled, growth.points_earned
    """
    scheme = queries.scheme(trail.shop)
    if scheme is None:
        raise SchemeNotAllowed(field="shop")
    found = queries.item(trail.shop, number)
    member = wallets.lock_whose(found.shop, lambda: queries.item(trail.shop, number).person)
    _move(number, to=Step.CREDITED, trail=trail)
    its = Trail(shop=found.shop, person=member.person)
    fact = ItemRecycled(item=number, kind=found.kind, grade=str(found.grade), points=found.points)
    after = its.after(record(fact, by=by, trail=its, subject=f"item:{number}"))
    if found.points:
        wallets.grant(
            member,
            found.points,
            source=Source.RECYCLING,
            reference=number,
            expires_at=point_rules.expires_at(clock.now(), lasts_days=scheme.lasts_days),
            trail=after,
            by=by,
        )


@operation
def refuse_item(*, number: str, answer: str, trail: Trail, by: Actor) -> None:
    """Say no to something that was handed in, with a reason that its member reads.

    refuses  NoSuchItem, StepRefused once it is credited, WordsMissing
    """
    said = answer.strip()[: rules.LONGEST_WORDS]
    if not said:
        raise WordsMissing(field="answer")
    _move(number, to=Step.REFUSED, trail=trail, answer=said)


def _move(number: str, *, to: Step, trail: Trail, **changed: Any) -> None:
    rows = models.Item.objects.filter(pk=number, shop=trail.shop, step__in=rules.before(to))
    if not rows.update(step=to, moved_at=clock.now(), **changed):
        raise StepRefused(number=number, state=queries.item(trail.shop, number).step, to=to)
