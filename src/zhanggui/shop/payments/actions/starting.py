"""Beginning to pay: tenders held, an attempt written down, the provider's page opened."""

from __future__ import annotations

from uuid import UUID

from zhanggui.base import clock, ids
from zhanggui.base.database import together
from zhanggui.base.jobs.actions import later
from zhanggui.base.money import Money
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.payments import models, queries, rules
from zhanggui.shop.payments.actions import attempts, ending, settling, tendering
from zhanggui.shop.payments.errors import NotPayable
from zhanggui.shop.payments.rules import BALANCE, Begun, Doorway, Held, State, Tender, Way
from zhanggui.spine.facts.shop import PaymentStarted
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail

# An attempt as it begins; index shop_payments_payment_open lets an order have one.
_WRITE = """
insert into shop_payments_payment (id, shop, order_number, provider, amount_minor, currency, state, transaction_id,
    reference, qr, refunded_minor, started_fact, started_at, ended_at, asks, ask_at)
values (%s::uuid, %s::varchar, %s::varchar, %s::varchar, %s::bigint, %s::varchar, 'started', '', '', '', 0, %s::uuid,
    %s::timestamptz, null, 0, %s::timestamptz)
"""


@operation
def start(
    *, order_number: str, due: Money, provider: str, tenders: tuple[Tender, ...] = (), trail: Trail, by: Actor
) -> str:
    """Begin to pay an order; the id of the attempt. A part of checkout.

    Wallet and cards are taken at once and held for the order; the provider is asked for the rest. If nothing is left
    the order is paid here and now, so its stock must be held before.

    due       all that the order costs
    tenders   what wallet and cards pay of it, together at most all
    refuses   NoSuchProvider if something is left to pay, TenderNotAllowed, NoSuchGiftCard, GiftCardEnded, NotEnough
    tells     shop.payment_started; shop.payment_settled if wallet and cards pay all
    """
    id = ids.uuid7()
    held = tendering.hold(
        shop=trail.shop, order_number=order_number, due=due, tenders=tenders, reference=str(id), by=by
    )
    rest = due - Money.total((one.tender.amount for one in held), due.currency)
    _attempt(id, order_number=order_number, rest=rest, due=due, provider=provider, trail=trail, by=by)
    if not rest:
        settling.settle_covered(models.Payment.objects.get(pk=id))
    return str(id)


@operation
def pay_again(*, order_number: str, provider: str, trail: Trail, by: Actor) -> str:
    """Let a shopper try once more to pay an order; the id of the attempt, which is the open one if there is one.

    What wallet and cards pay of it stays held.

    refuses  NoSuchOrder, NotPayable if the order does not wait for money, NoSuchProvider
    tells    shop.payment_started, not for an attempt that is open already; shop.payment_failed for one at another
             provider, which is closed there in a moment
    """
    all_attempts = attempts.locked(order_number)
    order = orders.order(trail.shop, order_number, person=trail.person)
    if not order.is_open or clock.now() >= order.expires_at:
        raise NotPayable(order_number=order_number, state=order.state)
    queries.provider(provider, currency=order.total.currency)
    still_open = next((row for row in all_attempts if row.state == State.STARTED), None)
    if still_open is not None and still_open.provider == provider:
        return str(still_open.pk)
    if still_open is not None:
        attempts.fail(
            still_open.value, reason="other_provider_chosen", trail=trail.after(still_open.started_fact), by=by
        )
        later(ending.close_at_provider, payment_id=str(still_open.pk))
    rest = order.total - _sum(queries.tenders_of(order_number), order.total.currency)
    id = ids.uuid7()
    _attempt(id, order_number=order_number, rest=rest, due=order.total, provider=provider, trail=trail, by=by)
    return str(id)


def enter(
    *,
    payment_id: str,
    person: str,
    begun: Begun | None = None,
    return_to: str,
    notify_to: str,
    language: str,
    is_phone: bool = False,
    network: str = "127.0.0.1",
) -> Doorway:
    """Open an attempt at its provider and say where the shopper pays. Outside of any transaction: it uses the network.

    A code to scan is asked for once and kept, so that the page that shows it may look again.

    begun                 the attempt, if this person began it a moment ago: it is not read again
    return_to, notify_to  absolute addresses of ours
    is_phone, network     what the shopper holds and comes from; see `Intent`
    refuses  NoSuchPayment, NoSuchOrder for another person's, NotPayable if the attempt or its order has ended,
             NoSuchProvider; ProviderUnreachable if the world fails
    """
    intent, provider = queries.intent(
        payment_id,
        person=person,
        begun=begun,
        return_to=return_to,
        notify_to=notify_to,
        language=language,
        is_phone=is_phone,
        network=network,
    )
    if provider.kind is Way.QR:
        kept = models.Payment.objects.filter(pk=payment_id).exclude(qr="").values_list("qr", "reference").first()
        if kept:
            return Doorway(address="", qr=kept[0], reference=kept[1])
    doorway = provider.begin(intent)
    if doorway.reference or doorway.qr:
        models.Payment.objects.filter(pk=payment_id).update(reference=doorway.reference[:200], qr=doorway.qr)
    return doorway


def _attempt(id: UUID, *, order_number: str, rest: Money, due: Money, provider: str, trail: Trail, by: Actor) -> None:
    if rest:
        queries.provider(provider, currency=rest.currency)
    fact = PaymentStarted(
        order_number=order_number,
        payment_id=str(id),
        provider=provider if rest else BALANCE,
        amount_minor=(rest or due).minor,
        currency=due.currency,
    )
    fact_id = record(fact, by=by, trail=trail, subject=f"payment:{id}")
    now = clock.now()
    ask_at = rules.next_ask(0, started_at=now) if rest else None
    row = [id, trail.shop, order_number, fact.provider, str(rest.minor), rest.currency, fact_id, now, ask_at]
    together.send(_WRITE, row)


def _sum(held: tuple[Held, ...], currency: str) -> Money:
    return Money.total((one.tender.amount for one in held), currency)
