"""Letters about orders: noted when the fact is told, written once, forgotten in time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import connection
from django.utils import translation

from zhanggui.base import clock
from zhanggui.base.database import together
from zhanggui.base.jobs import queries as jobs
from zhanggui.base.jobs.actions import job, later
from zhanggui.base.operation.actions import operation
from zhanggui.base.outbox import actions as outbox
from zhanggui.base.outbox import queries as mailing
from zhanggui.base.outbox.rules import Channel, Message
from zhanggui.base.shops import queries as shops
from zhanggui.base.shops.rules import ShopKind
from zhanggui.shop.customers import queries as customers
from zhanggui.shop.customers.rules import phone_key
from zhanggui.shop.letters import models, queries, rules
from zhanggui.shop.letters.rules import Kind, Reach, Reason, Shown, State
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.rules import Order
from zhanggui.spine.envelope import Envelope

_MAINLAND: Final = "+86"
_LEFT_BEHIND: Final = timedelta(minutes=10)
# RFC 3834 § 5: nobody's out-of-office note answers it.
_BY_ITSELF: Final = (("Auto-Submitted", "auto-generated"),)
# As long as the outbox remembers a letter.
_KEPT_FOR: Final = timedelta(days=30)
# Whoever reads a fact twice adds no row. Primary key.
_NOTE: Final = """
insert into shop_letters_due (fact, shop, kind, order_number, about, told_at, state, reason)
select fact, shop, kind, order_number, about, told_at, 'waiting', ''
from unnest(%s::uuid[], %s::varchar[], %s::varchar[], %s::varchar[], %s::varchar[], %s::timestamptz[])
    as told(fact, shop, kind, order_number, about, told_at)
on conflict (fact) do nothing returning fact
"""
_NOTE_LANGUAGE: Final = """
insert into shop_letters_language (order_number, language) values (%s::varchar, %s::varchar) on conflict do nothing
"""


@operation
def note(*, facts: Sequence[Envelope]) -> int:
    """Have a letter written about each of these facts that is news, of a shop of our own; how many were not noted yet.

    Kinds that the shop does not send are not noted: switched on later, they begin with what happens then.
    """
    now = clock.now()
    sent = {shop: queries.kinds(shop) for shop in {fact.shop for fact in facts} if _is_own(shop)}
    news = [
        fact
        for fact in facts
        if rules.is_fresh(fact.at, at=now) and rules.HEARS[fact.name] in sent.get(fact.shop, frozenset())
    ]
    if not news:
        return 0
    columns = zip(*(_row(fact) for fact in news), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, [list(column) for column in columns])
        noted: list[UUID] = [fact for (fact,) in cursor.fetchall()]
    for id in noted:
        later(write, fact_id=str(id))
    return len(noted)


@job(name="shop.letters.write")
def write(*, fact_id: str) -> None:
    """Write one letter. Whoever claims it first writes it; the second time nothing happens."""
    write_one(fact_id=UUID(fact_id))


@operation
def write_one(*, fact_id: UUID) -> bool:
    """Put a letter into the outbox, or note why nobody is written to; whether it waited until now.

    The row and the outbox change together: a worker that dies leaves the letter waiting as it was.
    """
    row = models.Due.objects.select_for_update(skip_locked=True).filter(pk=fact_id, state=State.WAITING).first()
    if row is None:
        return False
    order = orders.order_by_number(row.order_number)
    language = queries.language_of(order)
    came = _refused(row) or _reached(row, order, language)
    if isinstance(came, Reason):
        row.state, row.reason = State.LEFT_OUT, came
    else:
        row.state, row.letter = State.WRITTEN, outbox.send(message=_message(row, order, came, language=language))
    row.decided_at = clock.now()
    row.save(update_fields=["state", "reason", "letter", "decided_at"])
    return True


@operation
def choose(*, shop: str, kinds: Iterable[Kind]) -> None:
    """Send these letters from now on, and no others; what waits already is left out if it is not among them."""
    models.Terms.objects.update_or_create(shop=shop, defaults={"kinds": sorted(set(kinds))})


def note_language(*, order_number: str, language: str) -> None:
    """Write to whoever placed an order in the language in which they did. A part of checkout.

    One statement, which goes along with the next one; none in the house's own language.

    language  zh or en
    """
    if language != settings.LANGUAGE_CODE[:2]:
        together.send(_NOTE_LANGUAGE, [order_number, language])


@job(name="shop.letters.write_left_behind", every="*/10 * * * *")
def write_left_behind() -> None:
    """Every ten minutes: queue letters anew whose worker died before it had written them."""
    old = models.Due.objects.filter(state=State.WAITING, told_at__lt=clock.now() - _LEFT_BEHIND)
    waiting = [str(id) for id in old.values_list("fact", flat=True)]
    for id in jobs.held_up(write.name, "fact_id", waiting) if waiting else ():
        later(write, fact_id=id)


@job(name="shop.letters.forget", every="40 19 * * *")
def forget() -> None:
    """Forget which letters there were more than a month ago, as the outbox does."""
    models.Due.objects.filter(told_at__lt=clock.now() - _KEPT_FOR).exclude(state=State.WAITING).delete()


def _is_own(shop: str) -> bool:
    return shops.shop(shop).kind is ShopKind.OWN


def _row(fact: Envelope) -> tuple[Any, ...]:
    kind = rules.HEARS[fact.name]
    about = msgspec.json.decode(fact.body)[rules.ABOUT[kind]] if kind in rules.ABOUT else ""
    return fact.id, fact.shop, kind, fact.order_number, about, fact.at


def _refused(row: models.Due) -> Reason | None:
    if Kind(row.kind) not in queries.kinds(row.shop):
        return Reason.SWITCHED_OFF
    return None if rules.is_fresh(row.told_at, at=clock.now()) else Reason.TOO_LATE


def _reached(row: models.Due, order: Order, language: str) -> Reach | Reason:
    contact = customers.contact(order.customer_id)
    phone = f"+{phone_key(contact.phone)}" if contact.phone else ""
    return rules.reach(
        email=contact.email,
        phone=phone,
        can_mail=mailing.can_send(Channel.EMAIL),
        can_text=mailing.can_send(Channel.SMS),
        has_template=not contact.email and _has_template(row, phone, language),
    )


def _has_template(row: models.Due, phone: str, language: str) -> bool:
    if not mailing.needs_templates(Channel.SMS):
        return True
    name, is_abroad = rules.template_of(Kind(row.kind)), not phone.startswith(_MAINLAND)
    return mailing.template(row.shop, name, language=language, is_abroad=is_abroad) is not None


def _message(row: models.Due, order: Order, reach: Reach, *, language: str) -> Message:
    with translation.override(queries.LANGUAGES[language]):
        shown = queries.shown(Kind(row.kind), order=order, about=row.about)
        return _mail(shown, reach) if reach.channel is Channel.EMAIL else _text(shown, reach)


def _mail(shown: Shown, reach: Reach) -> Message:
    return Message(
        channel=Channel.EMAIL,
        to=reach.to,
        subject=shown.subject,
        words=queries.words_of(shown),
        page=queries.look_of(shown),
        headers=_BY_ITSELF,
        template=rules.template_of(shown.kind),
        shop=shown.shop,
        language=shown.language,
    )


def _text(shown: Shown, reach: Reach) -> Message:
    return Message(
        channel=Channel.SMS,
        to=reach.to,
        words=queries.text_of(shown),
        template=rules.template_of(shown.kind),
        parts=(("order", shown.order_number),),
        shop=shown.shop,
        language=shown.language,
    )
