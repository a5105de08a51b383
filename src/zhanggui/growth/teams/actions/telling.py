"""Telling those who sit in a team what became of it, in their language and by day."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from zhanggui.base import clock
from zhanggui.base.jobs.actions import job, later
from zhanggui.base.operation.actions import operation
from zhanggui.base.outbox import actions as outbox
from zhanggui.base.outbox import queries as mailing
from zhanggui.base.outbox.rules import Channel, Message
from zhanggui.base.shops import queries as shops
from zhanggui.growth.membership.rules.notices import allowed_at
from zhanggui.growth.teams import models
from zhanggui.shop.customers import queries as customers


class Said(StrEnum):
    """What somebody is told.

    REFUNDED  the team failed and money comes back; ENDED: it failed before the order was paid
    """

    FULL = "full"
    REFUNDED = "refunded"
    ENDED = "ended"


def queue(seat: models.Seat, *, said: Said) -> None:
    """Have who sits there told; a part of what makes it so, and no advertising: it is about an order of theirs."""
    later(tell, at=_moment(seat.shop), seat_id=str(seat.pk), said=said.value)


@job(name="teams.tell")
def tell(*, seat_id: str, said: str) -> None:
    """Tell one person; if it is night by now it waits for the morning."""
    seat = models.Seat.objects.get(pk=seat_id)
    moment = _moment(seat.shop)
    if moment > clock.now():
        later(tell, at=moment, seat_id=seat_id, said=said)
        return
    send(seat_id=seat.pk, said=Said(said), idempotency_key=f"{seat_id}/{said}")


@operation
def send(*, seat_id: UUID, said: Said, idempotency_key: str) -> bool:
    """Put the words into the outbox, by mail if there is an address, else by text message; whether they do."""
    seat = models.Seat.objects.select_related("offer").get(pk=seat_id)
    contact = customers.contact(seat.customer_id)
    ways = ((Channel.EMAIL, contact.email), (Channel.SMS, contact.phone))
    channel, to = next(((way, to) for way, to in ways if to and mailing.can_send(way)), (None, ""))
    if channel is None:
        return False
    with translation.override(_language(seat.customer_id)):
        subject, words = _words(seat, said)
    outbox.send(
        message=Message(
            channel=channel,
            to=to,
            subject=subject if channel is Channel.EMAIL else "",
            words=words,
            template=f"team_{said}",
            parts=(("order", seat.order_number),),
        )
    )
    return True


def _moment(shop: str) -> datetime:
    return allowed_at(clock.now(), zone=clock.zone(shops.shop(shop).zone))


def _language(customer_id: UUID) -> str:
    """The language in which a customer last agreed to something: what the shop was read in."""
    said = customers.consents(customer_id)
    return "en" if said and said[-1].language.startswith("en") else settings.LANGUAGE_CODE


def _words(seat: models.Seat, said: Said) -> tuple[str, str]:
    gaps = {"shop": shops.shop(seat.shop).name, "order": seat.order_number, "size": seat.size}
    if said is Said.FULL:
        words = _("Your team of %(size)d at %(shop)s is complete. Order %(order)s is being packed.")
        return _("Your team is complete"), words % gaps
    if said is Said.REFUNDED:
        words = _(
            "Your team at %(shop)s did not fill up in time. Order %(order)s is called off and all you paid goes back "
            "the way it came."
        )
        return _("Your team did not fill up"), words % gaps
    words = _("Your team at %(shop)s did not fill up in time. Order %(order)s is called off; nothing was paid.")
    return _("Your team did not fill up"), words % gaps
