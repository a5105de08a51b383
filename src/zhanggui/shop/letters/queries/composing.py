"""What a letter says about an order, in the language that is active."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from zhanggui.base import clock
from zhanggui.base.look import formats
from zhanggui.base.money import Money
from zhanggui.base.shops import queries as shops
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.customers import queries as customers
from zhanggui.shop.customers.rules import Address
from zhanggui.shop.fulfilment import queries as parcels
from zhanggui.shop.fulfilment.rules import Parcel
from zhanggui.shop.fulfilment.rules import State as Away
from zhanggui.shop.letters import models, ports
from zhanggui.shop.letters.queries.differing import difference_unpaid
from zhanggui.shop.letters.queries.withdrawing import how_to_withdraw, withdrawn
from zhanggui.shop.letters.rules import Kind, Part, Row, Said, Shown
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.rules import Line, Order
from zhanggui.shop.payments import queries as payments
from zhanggui.shop.payments import rules as money
from zhanggui.shop.payments.rules import Refund, Returning
from zhanggui.shop.returns import queries as returns
from zhanggui.shop.returns.rules import Return

_Told = Callable[[Order, str], Shown]


def shown(kind: Kind, *, order: Order, about: str) -> Shown:
    """What the letter says: the order as it stands now, and what the letter is about.

    about  id of the parcel or refund, or number of the return
    """
    return _TOLD[kind](order, about)


def example(kind: Kind, *, shop: str) -> Shown | None:
    """The newest letter of a kind as it would be written now, its reader's name and door masked; None before the first.

    Index shop_letters_due_told.
    """
    row = models.Due.objects.filter(shop=shop, kind=kind).order_by("-told_at").first()
    if row is None:
        return None
    found = shown(kind, order=orders.order_by_number(row.order_number), about=row.about)
    return replace(found, parts=tuple(replace(part, to="***" if part.to else "") for part in found.parts))


def _paid(order: Order, about: str) -> Shown:
    if exchange := returns.exchanges([order]).get(order.number):
        return _difference_paid(order, exchange)
    lead = [_("Thank you. We have received %(amount)s for your order.") % {"amount": _money(order.total)}]
    if any(line.needs_shipping for line in order.lines):
        lead.append(_("We are getting it ready and write again when it leaves."))
    lead += how_to_withdraw(order.shop)
    return _letter(
        Kind.PAID,
        order,
        subject=_("Order %(number)s is paid") % {"number": order.number},
        lead=lead,
        parts=_places(order),
        said=tuple(_sums(order)),
        act=_("See the order"),
    )


def _difference_paid(order: Order, exchange: str) -> Shown:
    return _letter(
        Kind.PAID,
        order,
        subject=_("The difference for exchange %(number)s is paid") % {"number": exchange},
        lead=[
            _("Thank you. We have received %(amount)s for your exchange.") % {"amount": _money(order.total)},
            _("What you get instead leaves as soon as we have checked what comes back."),
        ],
        parts=(Part(rows=_rows(order.lines)),),
        said=tuple(_sums(order)),
        act=_("See the exchange"),
        return_number=exchange,
    )


def _expired(order: Order, about: str) -> Shown:
    if exchange := returns.exchange_of(order):
        return _difference_unpaid(order, exchange)
    return _letter(
        Kind.EXPIRED,
        order,
        subject=_("Order %(number)s was not paid in time") % {"number": order.number},
        lead=[
            _("Your order was not paid in time, so we closed it. Nothing was charged."),
            _("What you chose can be put into the cart again, as far as it is still there."),
        ],
        parts=(Part(rows=_rows(order.lines)),),
        act=_("Fill the cart again"),
    )


def _difference_unpaid(order: Order, exchange: str) -> Shown:
    return _letter(
        Kind.EXPIRED,
        order,
        subject=_("The difference for exchange %(number)s was not paid in time") % {"number": exchange},
        lead=difference_unpaid(returns.return_by_number(exchange)),
        parts=(Part(rows=_rows(order.lines)),),
        act=_("See the return"),
        return_number=exchange,
    )


def _shipped(order: Order, about: str) -> Shown:
    parcel = parcels.parcel_by_id(about)
    count = sum(one.state is not Away.CALLED_OFF for one in parcels.parcels(order.number))
    lead = ngettext(
        "Your order has left and is on its way to you.",
        "A parcel of your order has left and is on its way to you.",
        count,
    )
    return _letter(
        Kind.SHIPPED,
        order,
        subject=_("Order %(number)s is on its way") % {"number": order.number},
        lead=[lead],
        parts=(_parcel(order, parcel),),
        said=tuple(_carried(parcel)),
        act=_("Follow the order"),
    )


def _delivered(order: Order, about: str) -> Shown:
    parcel = parcels.parcel_by_id(about)
    return _letter(
        Kind.DELIVERED,
        order,
        subject=_("Order %(number)s has arrived") % {"number": order.number},
        lead=[_("Your parcel was delivered. If anything is wrong with it, tell us on the page of the order.")],
        parts=(Part(rows=_parcel_rows(order, parcel)),),
        said=tuple(_carried(parcel)),
        act=_("See the order"),
    )


def _return_accepted(order: Order, about: str) -> Shown:
    found = returns.return_by_number(about)
    lead = [*withdrawn(found), _("We accept your return %(number)s.") % {"number": found.number}]
    if found.is_kept:
        lead.append(_("You need not send anything back."))
    else:
        lead.append(_("Choose on the page of the return how it comes back to us."))
    back = Said(label=_("Goes back to you"), words=_money(found.expected), is_sum=True)
    lines = [(order.line(position), pieces) for position, pieces in found.units.items()]
    return _letter(
        Kind.RETURN_ACCEPTED,
        order,
        subject=_("Return %(number)s is accepted") % {"number": found.number},
        lead=lead,
        parts=(Part(rows=tuple(_row(line, pieces) for line, pieces in lines)),),
        said=(back,) if found.expected else (),
        act=_("See the return"),
        return_number=found.number,
    )


def _exchange_due(order: Order, about: str) -> Shown:
    found = returns.return_by_number(about)
    lead = [_("What you would like instead costs %(amount)s more.") % {"amount": _money(found.to_pay)}]
    if found.pay_by:
        until = _moment(found.pay_by, order.shop)
        lead.append(_("We keep it for you until %(moment)s; please pay the difference by then.") % {"moment": until})
    due = Said(label=_("To be paid"), words=_money(found.to_pay), is_sum=True)
    return _letter(
        Kind.EXCHANGE_DUE,
        order,
        subject=_("Exchange %(number)s waits for %(amount)s")
        % {"number": found.number, "amount": _money(found.to_pay)},
        lead=lead,
        parts=(Part(rows=_wanted(found)),),
        said=(due,) if found.to_pay else (),
        act=_("Pay the difference"),
        return_number=found.number,
    )


def _exchange_lapsed(order: Order, about: str) -> Shown:
    found = returns.return_by_number(about)
    back = Said(label=_("Goes back to you"), words=_money(found.expected), is_sum=True)
    return _letter(
        Kind.EXCHANGE_LAPSED,
        order,
        subject=_("Exchange %(number)s has become a refund") % {"number": found.number},
        lead=[
            _("The difference was not paid in time, so what we kept for you is on sale again. Nothing was charged."),
            _("Your return goes on: you get your money for what comes back."),
        ],
        said=(back,) if found.expected else (),
        act=_("See the return"),
        return_number=found.number,
    )


def _refunded(order: Order, about: str) -> Shown:
    refund = payments.refund(about)
    rows = tuple(_given_back(order, refund))
    on = _day(clock.day_of(refund.ended_at or refund.started_at, shops.shop(order.shop).zone))
    return _letter(
        Kind.REFUNDED,
        order,
        subject=_("%(amount)s of order %(number)s was paid back")
        % {"amount": _money(refund.amount), "number": order.number},
        lead=[
            _("We paid %(amount)s back on %(day)s.") % {"amount": _money(refund.amount), "day": on},
            _("Until a bank shows it, some working days may pass."),
        ],
        parts=(Part(rows=rows),) if rows else (),
        said=tuple(_way(part) for part in money.returning(_standing(refund))),
        act=_("See the order"),
    )


def _letter(
    kind: Kind,
    order: Order,
    *,
    subject: str,
    lead: Sequence[str],
    parts: tuple[Part, ...] = (),
    said: tuple[Said, ...] = (),
    act: str,
    return_number: str = "",
) -> Shown:
    language = "en" if _language().startswith("en") else "zh"
    page = ports.pages[0](shop=order.shop, order_number=order.number, language=language, return_number=return_number)
    return Shown(
        kind=kind,
        shop=order.shop,
        language=language,
        order_number=order.number,
        subject=f"{shops.shop(order.shop).name}: {subject}",
        lead=tuple(lead),
        parts=parts,
        said=said,
        page=page,
        act=act,
    )


def _places(order: Order) -> tuple[Part, ...]:
    """Where the order goes, with what goes there and by when."""
    known = customers.addresses([place.address_id for place in order.destinations])
    found = []
    for place in order.destinations:
        address = known.get(place.address_id)
        lines = [line for line in order.lines if line.destination == place.position]
        has_way = any(line.needs_shipping for line in lines)
        when = _("At your door by %(day)s") % {"day": _day(place.promised_on)} if place.promised_on else ""
        found.append(Part(to=_whole(address) if address and has_way else "", when=when, rows=_rows(lines)))
    return tuple(found)


def _sums(order: Order) -> Iterator[Said]:
    """The sum, and what it is made of where that is more than the goods."""
    if order.total != order.goods:
        yield Said(label=_("Goods"), words=_money(order.goods))
        if order.shipping or any(line.needs_shipping for line in order.lines):
            yield Said(label=_("Delivery"), words=_money(order.shipping) if order.shipping else _("free of charge"))
        if order.tax:
            yield Said(label=_("Tax"), words=_money(order.tax))
    yield Said(label=_("Total"), words=_money(order.total), is_sum=True)
    if order.tax_included:
        yield Said(label=_("Tax in it"), words=_money(order.tax_included))


def _parcel(order: Order, parcel: Parcel) -> Part:
    address = customers.addresses([parcel.address_id]).get(parcel.address_id)
    when = _("At your door by %(day)s") % {"day": _day(parcel.promised_on)} if parcel.promised_on else ""
    return Part(to=_whole(address) if address else "", when=when, rows=_parcel_rows(order, parcel))


def _parcel_rows(order: Order, parcel: Parcel) -> tuple[Row, ...]:
    """What lies in a parcel; of a bundle the parts that it holds are counted."""
    units: dict[int, int] = {}
    for line in parcel.lines:
        units[line.position] = units.get(line.position, 0) + line.units
    return tuple(_row(order.line(position), pieces) for position, pieces in units.items())


def _carried(parcel: Parcel) -> Iterator[Said]:
    if parcel.carrier:
        yield Said(label=_("Carrier"), words=_carrier(parcel.carrier))
    if parcel.tracking:
        yield Said(label=_("Tracking number"), words=parcel.tracking, link=parcels.follow_address(parcel))


def _given_back(order: Order, refund: Refund) -> Iterator[Row]:
    lines = {line.position: line for line in order.lines}
    for part in refund.lines:
        if part.position in lines:
            yield _row(lines[part.position], part.units, amount=_money(part.amount))


def _standing(refund: Refund) -> money.Standing:
    return money.Standing(
        amount_minor=refund.amount.minor,
        provider_minor=refund.by_provider.minor,
        currency=refund.amount.currency,
        provider=refund.provider,
        state=refund.state,
        is_by_wallet=refund.is_by_wallet,
        started_at=refund.started_at,
        ended_at=refund.ended_at,
    )


def _way(part: Returning) -> Said:
    return Said(
        label=_provider(part.provider) if part.provider else _("Wallet or gift card"), words=_money(part.amount)
    )


def _rows(lines: Sequence[Line]) -> tuple[Row, ...]:
    return tuple(_row(line, line.quantity, amount=_money(line.amount)) for line in lines)


def _row(line: Line, pieces: int, *, amount: str = "") -> Row:
    language = _language()
    return Row(sku=line.sku, title=line.title(language), variant=line.variant(language), pieces=pieces, amount=amount)


def _wanted(found: Return) -> tuple[Row, ...]:
    """What goes out in an exchange, each SKU with its pieces."""
    pieces = Counter(piece.wanted_sku for piece in found.accepted if piece.wanted_sku)
    cards = catalogue.products(pieces)
    language = "en" if _language().startswith("en") else "zh"
    return tuple(
        Row(sku=sku, title=cards[sku].title.to(language), variant=cards[sku].variant.to(language), pieces=count)
        for sku, count in sorted(pieces.items())
        if sku in cards
    )


def _whole(address: Address) -> str:
    """Who and where: from the country down in Chinese, from the door up in English."""
    parts = (address.region, address.city, address.district, address.street, address.postcode)
    if _language().startswith("en"):
        parts = (address.street, address.district, address.city, address.region, address.postcode)
    country = "" if address.country == "CN" else address.country
    said = (" " if not _language().startswith("en") else ", ").join(part for part in (*parts, country) if part)
    return f"{address.recipient} · {said}"


def _provider(name: str) -> str:
    names = {"alipay": _("Alipay"), "wechat": _("WeChat Pay"), "stripe": _("Bank card"), "sandbox": _("Trial payment")}
    return names.get(name, name)


def _carrier(name: str) -> str:
    names: Mapping[str, str] = {"sandbox": _("Trial carrier"), "SF Express": _("SF Express")}
    return names.get(name, name)


def _money(amount: Money) -> str:
    return formats.money(amount, language=_language())


def _moment(at: datetime, shop: str) -> str:
    return formats.moment(at, language=_language(), zone=shops.shop(shop).zone)


def _day(on: date) -> str:
    return formats.day(on, language=_language())


def _language() -> str:
    return get_language() or "zh"


_TOLD: Final[Mapping[Kind, _Told]] = {
    Kind.PAID: _paid,
    Kind.EXPIRED: _expired,
    Kind.SHIPPED: _shipped,
    Kind.DELIVERED: _delivered,
    Kind.RETURN_ACCEPTED: _return_accepted,
    Kind.EXCHANGE_DUE: _exchange_due,
    Kind.EXCHANGE_LAPSED: _exchange_lapsed,
    Kind.REFUNDED: _refunded,
}
