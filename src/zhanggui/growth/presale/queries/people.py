"""Who reserved what, how it went, and what is to be done next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from zhanggui.base.money import Money
from zhanggui.growth.presale import models
from zhanggui.growth.presale.errors import NoSuchReservation
from zhanggui.growth.presale.queries.standing import Shown, shown
from zhanggui.growth.presale.rules import ENDS, Figures, Phase, State
from zhanggui.shop.customers.rules import Whose

_BATCH: Final = 500
# Index growth_presale_standing; the reminders by growth_presale_reminded_once.
_FIGURES: Final = """
select r.presale_id,
    count(*) filter (where r.state = 'deposit_due'),
    count(*) filter (where r.paid_at is not null and r.state <> 'lapsed'),
    count(*) filter (where r.state = 'balance_paid'),
    count(*) filter (where r.state in ('deposit_paid', 'balance_open', 'balance_expired')),
    count(*) filter (where r.state = 'forfeited'),
    count(*) filter (where r.state in ('seller_cancelled', 'force_majeure')),
    coalesce(sum(r.units) filter (where r.paid_at is not null and r.state <> 'lapsed'), 0)::bigint,
    coalesce(sum((select count(*) from growth_presale_reminder m where m.reservation_id = r.id and m.channel <> '')),
        0)::bigint,
    coalesce(sum(r.deposit_minor) filter (where r.paid_at is not null and r.state <> 'lapsed'), 0)::bigint,
    coalesce(sum(r.prepayment_minor) filter (where r.paid_at is not null and r.state <> 'lapsed'), 0)::bigint,
    coalesce(sum(r.balance_minor) filter (where r.state = 'balance_paid'), 0)::bigint,
    coalesce(sum(r.deposit_minor) filter (where r.state = 'forfeited'), 0)::bigint,
    coalesce(sum(r.deposit_minor) filter (where r.state = 'seller_cancelled'), 0)::bigint,
    min(r.currency)
from growth_presale_reservation r where r.presale_id = any(%s::uuid[]) group by r.presale_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mine:
    """A reservation as its shopper and the shop see it; the amounts are for all its pieces.

    balance_order  the order that pays the balance, or is about to; empty if there is none
    reminders      how many reminders were sent
    """

    id: UUID
    presale: Shown
    person: str
    customer_id: UUID
    sku: str
    units: int
    deposit: Money
    prepayment: Money
    balance: Money
    state: State
    deposit_order: str
    balance_order: str
    made_at: datetime
    paid_at: datetime | None
    ended_at: datetime | None
    returned_units: int
    reminders: int = 0

    @property
    def first(self) -> Money:
        """What was paid first."""
        return self.deposit + self.prepayment

    @property
    def total(self) -> Money:
        """What it costs in all."""
        return self.first + self.balance

    def can_pay_balance(self, at: datetime) -> bool:
        """Whether the balance can be paid at a moment, by an order that is still to be placed."""
        is_open = self.state in (State.DEPOSIT_PAID, State.BALANCE_OPEN) and not self.balance_order
        return is_open and self.presale.phase(at) is Phase.BALANCE


def mine(shop: str, person: str, *, limit: int = 100) -> tuple[Mine, ...]:
    """What a person has reserved, newest first. One statement. Index growth_presale_of_person."""
    rows = models.Reservation.objects.filter(shop=shop, person=person).order_by("-made_at", "-id")
    return tuple(_mine(row) for row in _whole(rows)[:limit])


def one(shop: str, id: UUID, *, person: str = "") -> Mine:
    """One reservation, of one person if that is named. One statement. Primary key.

    refuses  NoSuchReservation, also for somebody else's
    """
    rows = models.Reservation.objects.filter(pk=id, shop=shop)
    row = _whole(rows.filter(person=person) if person else rows).first()
    if row is None:
        raise NoSuchReservation(id=str(id))
    return _mine(row)


def by_order(shop: str, order_number: str) -> Mine | None:
    """The reservation whose deposit an order pays; None for another order. One statement.

    Index growth_presale_deposit_once.
    """
    row = _whole(models.Reservation.objects.filter(shop=shop, deposit_order=order_number)).first()
    return None if row is None else _mine(row)


def people(
    presale_id: UUID, *, states: Sequence[State] = (), limit: int, offset: int = 0
) -> tuple[tuple[Mine, ...], int]:
    """Who reserved in a presale, newest first, and how many there are. Two statements and one for the reminders.

    states  only those that stand so; all if there are none
    """
    rows = models.Reservation.objects.filter(presale=presale_id)
    if states:
        rows = rows.filter(state__in=list(states))
    page = list(_whole(rows.order_by("-made_at", "-id"))[offset : offset + limit])
    sent: dict[UUID, int] = {}
    for id in (
        models.Reminder.objects.filter(reservation__in=page)
        .exclude(channel="")
        .values_list("reservation_id", flat=True)
    ):
        sent[id] = sent.get(id, 0) + 1
    return tuple(_mine(row, reminders=sent.get(row.id, 0)) for row in page), rows.count()


def presales(shop: str, *, limit: int, offset: int = 0) -> tuple[tuple[Shown, ...], int]:
    """All presales of a shop, newest first, and how many there are. Two statements."""
    rows = models.Presale.objects.filter(shop=shop).order_by("-deposit_from", "-id")
    return tuple(shown(row) for row in rows[offset : offset + limit]), rows.count()


def presales_between(shop: str, *, start: datetime, end: datetime) -> tuple[Shown, ...]:
    """The presales of a shop whose windows lie in a time, half open, or reach into it. One statement.

    Index growth_presale_of_shop.
    """
    rows = models.Presale.objects.filter(shop=shop, deposit_from__lt=end, balance_until__gt=start)
    return tuple(shown(row) for row in rows.order_by("deposit_from", "id"))


def figures(presales: Sequence[Shown]) -> dict[UUID, Figures]:
    """How presales went. One statement."""
    found = {one.id: _figures((), one.terms.price.currency) for one in presales}
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES, [list(found)])
        for id, *numbers, currency in cursor.fetchall():
            found[id] = _figures(numbers, currency)
    return found


def still_to_end(presale_id: UUID) -> int:
    """How many reservations of a presale have not ended. One statement. Index growth_presale_standing."""
    return models.Reservation.objects.filter(presale=presale_id).exclude(state__in=ENDS).count()


def in_balance(*, at: datetime) -> tuple[Shown, ...]:
    """The presales of all shops that take balances now. One statement. Index growth_presale_by_balance."""
    rows = models.Presale.objects.filter(ended_as="", balance_from__lte=at, balance_until__gt=at)
    return tuple(shown(row) for row in rows.order_by("balance_until", "id"))


def overdue(*, at: datetime) -> tuple[UUID, ...]:
    """The reservations whose time for the balance is over and that nobody is paying. One statement."""
    rows = models.Reservation.objects.filter(
        state=State.BALANCE_OPEN, balance_order="", presale__balance_until__lte=at, presale__ended_as=""
    )
    return tuple(rows.order_by("id").values_list("id", flat=True)[:_BATCH])


def expired() -> tuple[UUID, ...]:
    """The reservations whose deposit is still to be kept. One statement."""
    rows = models.Reservation.objects.filter(state=State.BALANCE_EXPIRED, presale__ended_as="")
    return tuple(rows.order_by("id").values_list("id", flat=True)[:_BATCH])


def left_behind() -> tuple[tuple[UUID, State], ...]:
    """The reservations that a presale which was called off left behind, and how they are to end. One statement."""
    rows = models.Reservation.objects.exclude(presale__ended_as="").exclude(state__in=ENDS)
    found = rows.order_by("id").values_list("id", "presale__ended_as")[:_BATCH]
    return tuple((id, State(how)) for id, how in found)


def _whole(rows: QuerySet[models.Reservation]) -> QuerySet[models.Reservation]:
    return rows.select_related("presale")


def _mine(row: models.Reservation, *, reminders: int = 0) -> Mine:
    return Mine(
        id=row.id,
        presale=shown(row.presale),
        person=row.person,
        customer_id=row.customer_id,
        sku=row.sku,
        units=row.units,
        deposit=row.money(row.deposit_minor),
        prepayment=row.money(row.prepayment_minor),
        balance=row.money(row.balance_minor),
        state=State(row.state),
        deposit_order=row.deposit_order,
        balance_order=row.balance_order,
        made_at=row.made_at,
        paid_at=row.paid_at,
        ended_at=row.ended_at,
        returned_units=row.returned_units,
        reminders=reminders,
    )


def _figures(numbers: Sequence[int], currency: str) -> Figures:
    counted = tuple(numbers) or (0,) * 13
    due, deposits, balances, still_open, forfeited, returned, units, reminders, *sums = counted
    deposit, prepayment, balance, kept_minor, doubled = (Money(minor, currency) for minor in sums)
    return Figures(
        due=due,
        deposits=deposits,
        balances=balances,
        open=still_open,
        forfeited=forfeited,
        returned=returned,
        units=units,
        reminders=reminders,
        deposit_money=deposit,
        prepayment_money=prepayment,
        balance_money=balance,
        kept_money=kept_minor,
        doubled_money=doubled,
    )


def is_under_way(whose: Whose) -> bool:
    """Whether a reservation of a customer waits for its deposit or its balance. One statement.

    Index growth_presale_of_person.
    """
    mine = models.Reservation.objects.filter(shop=whose.shop, person__in=whose.persons)
    return mine.filter(state__in=(State.DEPOSIT_DUE, State.DEPOSIT_PAID, State.BALANCE_OPEN)).exists()
