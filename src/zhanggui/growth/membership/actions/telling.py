"""Telling members of what comes: in their language, by day, and advertising only with their consent."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any, Final

from django.db import connection
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhanggui.base import clock
from zhanggui.base.jobs.actions import job, later
from zhanggui.base.operation.actions import operation
from zhanggui.base.outbox import actions as outbox
from zhanggui.base.outbox.rules import Channel, Message
from zhanggui.base.shops import queries as shops
from zhanggui.growth.membership import queries, rules
from zhanggui.growth.membership.rules.notices import Notice, Said

_NOTE: Final = """
insert into growth_membership_told (shop, person, notice, subject, at) values (%s, %s, %s, %s, %s)
on conflict on constraint growth_membership_told_once do nothing
"""


def queue(shop: str, person: str, said: Said) -> bool:
    """Have a member told something by day, once per subject; whether it was new. A part of what makes it so."""
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, [shop, person, said.notice, said.subject, clock.now()])
        is_new = bool(cursor.rowcount > 0)
    if is_new:
        moment = rules.notices.allowed_at(clock.now(), zone=clock.zone(shops.shop(shop).zone))
        later(tell, at=moment, shop=shop, person=person, **asdict(said))
    return is_new


@job(name="membership.tell")
def tell(*, shop: str, person: str, **said: Any) -> None:
    """Send one member what was queued; if it is night by now it waits for the morning."""
    now = clock.now()
    moment = rules.notices.allowed_at(now, zone=clock.zone(shops.shop(shop).zone))
    if moment > now:
        later(tell, at=moment, shop=shop, person=person, **said)
        return
    what = Said(**{**said, "notice": Notice(said["notice"])})
    send(shop=shop, person=person, said=what, idempotency_key=f"{shop}/{person}/{what.notice}/{what.subject}")


@operation
def send(*, shop: str, person: str, said: Said, idempotency_key: str) -> bool:
    """Put one notice into the outbox, by mail if there is an address, else by text message; whether anybody gets it.

    A guest, somebody who did not agree to advertising, and a shop that can send nothing get none.
    """
    reach = queries.reach(shop, person)
    if reach is None or (said.notice.is_advertising and not reach.takes_advertising):
        return False
    with translation.override(reach.language):
        subject, words = _words(shop, said)
    outbox.send(
        message=Message(
            channel=reach.channel,
            to=reach.to,
            subject=subject if reach.channel is Channel.EMAIL else "",
            words=words,
            template=f"member_{said.notice}",
            parts=(
                ("points", str(said.points)),
                ("on", said.on),
                ("tier", said.tier),
                ("short_by", str(said.short_by)),
            ),
        )
    )
    return True


def _words(shop: str, said: Said) -> tuple[str, str]:
    """Subject and words of a notice, in the language that is active."""
    gaps = {
        "shop": shops.shop(shop).name,
        "points": said.points,
        "day": _day(said.on),
        "tier": _tier_name(shop, said.tier),
        "amount": said.short_by,
    }
    if said.notice is Notice.POINTS_EXPIRING:
        words = ngettext(
            "%(points)d point of yours at %(shop)s expires on %(day)s.",
            "%(points)d points of yours at %(shop)s expire on %(day)s.",
            said.points,
        )
        return _("Points that expire"), words % gaps
    if said.notice is Notice.TIER_ENDING:
        words = _("Your tier %(tier)s at %(shop)s ends on %(day)s. Buy for %(amount)d more until then to keep it.")
        return _("Your tier ends soon"), words % gaps
    if said.notice is Notice.BIRTHDAY:
        return _("Happy birthday"), _("Happy birthday from %(shop)s. %(points)d points are yours.") % gaps
    return _("Your tier has changed"), _("You are %(tier)s at %(shop)s now.") % gaps


def _day(on: str) -> str:
    if not on:
        return ""
    day = date.fromisoformat(on)
    return _("%(month)d/%(day)d/%(year)d") % {"year": day.year, "month": day.month, "day": day.day}


def _tier_name(shop: str, key: str) -> str:
    found = next((tier for tier in queries.tiers(shop) if tier.key == key), None)
    return found.name.to(translation.get_language() or "zh") if found else ""
