"""Reminding whoever paid a deposit of the balance, once for each step."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.db import connection
from django.utils import translation
from django.utils.translation import gettext as _

from zhanggui.base import clock
from zhanggui.base.jobs.actions import job
from zhanggui.base.look import formats
from zhanggui.base.operation.actions import operation
from zhanggui.base.outbox import actions as outbox
from zhanggui.base.outbox import queries as mailing
from zhanggui.base.outbox.rules import Channel, Message
from zhanggui.base.shops import queries as shops
from zhanggui.growth.presale import models, ports, queries, rules
from zhanggui.growth.presale.queries import Shown
from zhanggui.growth.presale.rules import Step
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.customers import queries as customers
from zhanggui.shop.customers.rules import Contact

_BATCH: Final = 200
# Index growth_presale_reminded_once. A row for each person and step: whoever runs at the same time adds none.
_NOTE: Final = """
insert into growth_presale_reminder (reservation_id, step, channel, at)
select r.id, %s::varchar, '', %s::timestamptz from growth_presale_reservation r
where r.presale_id = %s::uuid and r.state in ('deposit_paid', 'balance_open') and r.balance_order = ''
    and not exists (select from growth_presale_reminder m where m.reservation_id = r.id and m.step = %s::varchar)
order by r.id limit %s::int
on conflict on constraint growth_presale_reminded_once do nothing
returning reservation_id
"""


@job(name="presale.remind", every="*/5 * * * *")
def remind_all() -> None:
    """Send the reminders whose turn it is, presale by presale, a part at a time."""
    now = clock.now()
    for presale in queries.in_balance(at=now):
        zone = clock.zone(shops.shop(presale.shop).zone)
        terms = presale.terms
        planned = rules.moments(terms.balance_from, terms.balance_until, zone=zone)
        step = rules.due(planned, at=now, until=terms.balance_until, zone=zone)
        while step is not None and remind(presale_id=presale.id, step=step) == _BATCH:
            continue


@operation
def remind(*, presale_id: UUID, step: Step) -> int:
    """Put a reminder into the outbox for those of a presale who have not got it, as many as fit; how many were noted.

    It is about a contract of the shopper's own and what it costs them to forget it, so it is a message of service, not
    advertising: it needs no consent to advertising. The quiet hours hold for it all the same.
    """
    now = clock.now()
    presale = queries.presale_by_id(presale_id)
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, [step, now, presale_id, step, _BATCH])
        noted = [row[0] for row in cursor.fetchall()]
    rows = list(models.Reservation.objects.filter(pk__in=noted).order_by("id"))
    known = customers.contacts(list({row.customer_id for row in rows}))
    for row in rows:
        channel = _send(row, presale, step, known.get(row.customer_id, Contact(name="")))
        if channel:
            models.Reminder.objects.filter(reservation=row, step=step).update(channel=channel)
    return len(noted)


def _send(row: models.Reservation, presale: Shown, step: Step, contact: Contact) -> str:
    """By mail if there is an address, else by text message; how, empty if the shopper cannot be reached."""
    if contact.email and mailing.can_send(Channel.EMAIL):
        channel, to = Channel.EMAIL, contact.email
    elif contact.phone and mailing.can_send(Channel.SMS):
        channel, to = Channel.SMS, contact.phone
    else:
        return ""
    with translation.override(row.language):
        subject, words = _words(row, presale, step)
    outbox.send(
        message=Message(
            channel=channel,
            to=to,
            subject=subject if channel is Channel.EMAIL else "",
            words=words,
            template=f"presale_{step}",
            parts=(("amount", str(row.money(row.balance_minor).major)), ("until", _until(presale))),
        )
    )
    return channel


def _words(row: models.Reservation, presale: Shown, step: Step) -> tuple[str, str]:
    """Subject and words, in the language that is active."""
    card = catalogue.products([row.sku]).get(row.sku)
    gaps = {
        "shop": shops.shop(row.shop).name,
        "goods": card.title.to(translation.get_language() or "zh") if card else row.sku,
        "amount": formats.money(row.money(row.balance_minor), language=translation.get_language() or "zh"),
        "deposit": formats.money(row.money(row.deposit_minor), language=translation.get_language() or "zh"),
        "until": _until(presale),
        "address": " ".join(page(row.id) for page in ports.pages),
    }
    if step is Step.OPENED:
        subject, words = (
            _("You can pay the balance now"),
            _("%(goods)s at %(shop)s: the balance of %(amount)s can be paid now."),
        )
    elif step is Step.SIX_HOURS_ON:
        subject, words = (
            _("Your balance is open"),
            _("%(goods)s at %(shop)s: your balance of %(amount)s is still open."),
        )
    elif step is Step.A_DAY_LEFT:
        subject, words = (
            _("One day left for your balance"),
            _("%(goods)s at %(shop)s: one day is left to pay the balance of %(amount)s."),
        )
    else:
        subject, words = (
            _("Two hours left for your balance"),
            _("%(goods)s at %(shop)s: the time to pay the balance of %(amount)s is nearly over."),
        )
    rest = _("Pay by %(until)s, or the deposit of %(deposit)s is not paid back: %(address)s")
    return subject, f"{words} {rest}" % gaps


def _until(presale: Shown) -> str:
    there = presale.terms.balance_until.astimezone(clock.zone(shops.shop(presale.shop).zone))
    return there.strftime("%Y-%m-%d %H:%M")
