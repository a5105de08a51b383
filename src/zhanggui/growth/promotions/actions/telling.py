"""Telling people that a coupon is theirs: by day, and only who agreed to advertising."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhanggui.base import clock
from zhanggui.base.jobs.actions import job, later
from zhanggui.base.operation.actions import operation
from zhanggui.base.outbox import actions as outbox
from zhanggui.base.outbox.rules import Channel, Message
from zhanggui.base.shops import queries as shops
from zhanggui.growth.membership import queries as membership
from zhanggui.growth.membership.rules import notices
from zhanggui.growth.promotions import models
from zhanggui.growth.promotions.rules import Hold


def queue(shop: str, person: str, coupons: Sequence[str]) -> None:
    """Have somebody told by day of coupons they just got. A part of giving them."""
    moment = notices.allowed_at(clock.now(), zone=clock.zone(shops.shop(shop).zone))
    later(tell, at=moment, shop=shop, person=person, coupons=list(coupons))


@job(name="growth.tell_of_coupons")
def tell(*, shop: str, person: str, coupons: list[str]) -> None:
    """Send one person word of their coupons; if it is night by now it waits for the morning."""
    now = clock.now()
    moment = notices.allowed_at(now, zone=clock.zone(shops.shop(shop).zone))
    if moment > now:
        later(tell, at=moment, shop=shop, person=person, coupons=coupons)
        return
    send(shop=shop, person=person, coupons=tuple(coupons), idempotency_key=f"{shop}/{person}/{coupons[0]}")


@operation
def send(*, shop: str, person: str, coupons: tuple[str, ...], idempotency_key: str) -> bool:
    """Put word of some coupons into the outbox, as long as one of them can still be used; whether anybody gets it."""
    usable = models.Coupon.objects.filter(pk__in=coupons, person=person, state=Hold.HELD, ends_at__gt=clock.now())
    held = list(usable.select_related("promotion").order_by("ends_at", "id"))
    reach = membership.reach(shop, person) if held else None
    if reach is None or not reach.takes_advertising:
        return False
    with translation.override(reach.language):
        subject, words = _words(shop, held)
    outbox.send(
        message=Message(
            channel=reach.channel,
            to=reach.to,
            subject=subject if reach.channel is Channel.EMAIL else "",
            words=words,
            template="coupons_given",
            parts=(("coupons", str(len(held))), ("name", _name(held[0])), ("on", _last_day(shop, held[0]))),
        )
    )
    return True


def _words(shop: str, held: Sequence[models.Coupon]) -> tuple[str, str]:
    """Subject and words, in the language that is active; what ends first is named."""
    gaps = {"shop": shops.shop(shop).name, "name": _name(held[0]), "day": _last_day(shop, held[0]), "n": len(held)}
    words = ngettext(
        "%(shop)s: %(n)d coupon is yours. %(name)s holds until %(day)s. You can stop these messages in your account.",
        "%(shop)s: %(n)d coupons are yours. %(name)s holds until %(day)s. You can stop these messages in your account.",
        len(held),
    )
    return _("A coupon for you"), words % gaps


def _name(coupon: models.Coupon) -> str:
    is_english = (translation.get_language() or "").startswith("en")
    return coupon.promotion.name_en if is_english else coupon.promotion.name_zh


def _last_day(shop: str, coupon: models.Coupon) -> str:
    """The last whole day on which a coupon can be used, in the shop's zone."""
    day = clock.day_of(coupon.ends_at or clock.now(), shops.shop(shop).zone)
    return _("%(month)d/%(day)d/%(year)d") % {"year": day.year, "month": day.month, "day": day.day}
