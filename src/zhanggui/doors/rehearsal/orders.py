"""Orders of the demonstration shop's own, placed and brought on by the verbs that shoppers and clerks use.

The simulated past lies in the lake only; these stand at the counter, in every state that an operator meets.
"""

from __future__ import annotations

import tomllib
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from importlib import resources
from types import MappingProxyType
from typing import Any, Final

from zhanggui.base import clock, ids
from zhanggui.base.money import Money
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor, customer, job
from zhanggui.doors.rehearsal import members
from zhanggui.doors.rehearsal.simulator.plan import CURRENCY
from zhanggui.growth.membership import actions as membership
from zhanggui.shop.cart import actions as cart
from zhanggui.shop.cart import queries as carts
from zhanggui.shop.catalogue import queries as shelves
from zhanggui.shop.checkout import actions as checkout
from zhanggui.shop.checkout import queries as counters
from zhanggui.shop.checkout import rules as sums
from zhanggui.shop.checkout.rules import Drop
from zhanggui.shop.customers import queries as customers
from zhanggui.shop.customers.rules import Address, Contact
from zhanggui.shop.fulfilment import actions as fulfilment
from zhanggui.shop.fulfilment import queries as parcels
from zhanggui.shop.fulfilment.rules import Parcel
from zhanggui.shop.orders import actions as orders
from zhanggui.shop.payments import actions as payments
from zhanggui.shop.payments.rules import Tender, TenderKind
from zhanggui.shop.returns import actions as returns
from zhanggui.shop.returns import queries as return_books
from zhanggui.shop.returns.rules import Finding, Reason, Verdict
from zhanggui.shop.reviews import actions as reviews
from zhanggui.spine.log import queries as log
from zhanggui.spine.log.rules import Trail

# More than anybody here spends with one order, and what a customer has to their credit.
_CARD: Final = Money(300_000, CURRENCY)
_CREDIT: Final = Money(20_000, CURRENCY)
_CARD_FOR: Final = timedelta(days=3 * 365)
_PROVIDER: Final = "sandbox"
_CARRIER: Final = "SF Express"
_BY: Final[Actor] = job("rehearsal")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Person:
    """Somebody who buys.

    card    the id of the gift card they pay with
    member  what is said of them as a member; empty for a guest
    """

    contact: Contact
    address: Address
    trail: Trail
    card: str
    member: Mapping[str, Any]

    @property
    def by(self) -> Actor:
        return customer(self.trail.person)


@operation
def place(*, shop: str, idempotency_key: str) -> int:
    """Let some of their people sign in, and some forty orders be placed and brought on, once; how many.

    Paid ones are paid with gift cards and wallets, for no provider is there to take money while a shop is filled. Who
    is paid last waits for the relay to plan its parcels, as in a running shop.

    tells  what the verbs tell: members, coupons, points, orders, payments, parcels, returns, refunds
    """
    said = tomllib.loads((resources.files(__package__) / "data" / "orders.toml").read_text(encoding="utf-8"))
    cards = payments.issue_cards(
        count=len(said["people"]),
        value=_CARD,
        expires_at=clock.now() + _CARD_FOR,
        is_sold=True,
        note="Demonstration",
        trail=Trail(shop=shop),
        by=_BY,
    )
    people = {
        key: _person(key, person, shop=shop, card=card.id)
        for (key, person), card in zip(said["people"].items(), cards, strict=True)
    }
    placed = [(_live(order, people), people[order["by"]]) for order in said["orders"]]
    joined = [person for person in people.values() if person.member]
    for number, person in placed:
        if person.member:
            membership.follow_order(order_number=number)
    members.give_targeted([person.trail for person in joined], shop=shop)
    for person in joined:
        members.live_on(person.member, person.trail)
    return len(placed)


def _person(key: str, said: Mapping[str, Any], *, shop: str, card: str) -> _Person:
    name, phone, email = said["name"]
    country, region, city, district, street, postcode = said["lives"]
    channel, device = said["came"]
    contact = Contact(name=name, phone=phone, email=email)
    address = Address(
        recipient=name,
        phone=phone,
        country=country,
        region=region,
        city=city,
        district=district,
        street=street,
        postcode=postcode,
    )
    trail = Trail(shop=shop, person=f"demo-{key}", session=str(ids.uuid7()), channel=channel, device=device)
    member = said.get("member", {})
    if member:
        trail = members.join(member, contact=contact, address=address, trail=trail)
    return _Person(contact=contact, address=address, trail=trail, card=card, member=member)


def _live(said: Mapping[str, Any], people: Mapping[str, _Person]) -> str:
    """Place one order and let happen to it what is said of it; its number."""
    person = people[said["by"]]
    if "in_a_team" in said:
        members.open_team(said["in_a_team"], person.trail)
    if points := said.get("spends_points"):
        membership.choose_points(shop=person.trail.shop, person=person.trail.person, units=points)
    number = _order_now(said, person) if said.get("is_now") else _order(said, person, people)
    staff = Trail(shop=person.trail.shop)
    if words := said.get("says"):
        orders.add_note(order_number=number, words=words, trail=staff, by=_BY)
    if invoice := said.get("invoice"):
        to, tax_id = invoice
        orders.issue_invoice(order_number=number, made_out_to=to, tax_id=tax_id, trail=person.trail, by=person.by)
    if said["until"] == "called_off":
        returns.call_off_paid(order_number=number, reason=said["reason"], trail=person.trail, by=person.by)
    elif said["until"] not in ("waiting", "paid") or "back" in said:
        _travel(number, shop=staff.shop, until=said["until"])
    if opinion := said.get("opinion"):
        reviews.write(
            order_number=number, line=1, **opinion, persons=(person.trail.person,), trail=person.trail, by=person.by
        )
    if back := said.get("back"):
        _come_back(number, back, person)
    return number


def _order(said: Mapping[str, Any], person: _Person, people: Mapping[str, _Person]) -> str:
    """Lay everything in the cart, and order it at the checkout; the order's number."""
    trail, buys = person.trail, said["buys"]
    for sku, pieces in buys.items():
        cart.add(sku=sku, quantity=pieces, trail=trail, by=person.by)
    drops = _drops(said, person, people)
    total = _total(buys, drops, person, currency=said.get("currency", CURRENCY))
    return checkout.place_order(
        cart_version=carts.cart(trail.shop, trail.person).version,
        total_seen=total,
        contact=person.contact,
        drops=drops,
        provider=_PROVIDER,
        tenders=_tenders(said, person, total),
        confirmed=frozenset(sku for sku, card in shelves.products(list(buys)).items() if card.no_reason_exception),
        note=said.get("asks", ""),
        idempotency_key=str(ids.uuid7()),
        trail=trail,
        by=person.by,
    ).order_number


def _order_now(said: Mapping[str, Any], person: _Person) -> str:
    """Order one SKU past the cart; the order's number."""
    ((sku, pieces),) = said["buys"].items()
    drop = Drop(address=person.address, option=said.get("option", ""))
    total = _total({sku: pieces}, (drop,), person, currency=CURRENCY)
    return checkout.order_now(
        sku=sku,
        quantity=pieces,
        total_seen=total,
        contact=person.contact,
        drop=drop,
        provider=_PROVIDER,
        tenders=_tenders(said, person, total),
        idempotency_key=str(ids.uuid7()),
        trail=person.trail,
        by=person.by,
    ).order_number


def _drops(said: Mapping[str, Any], person: _Person, people: Mapping[str, _Person]) -> tuple[Drop, ...]:
    """Everything to the shopper, but for the pieces that go to somebody else."""
    option, also = said.get("option", ""), said.get("also_to")
    if also is None:
        return (Drop(address=person.address, option=option),)
    own = {sku: pieces - also["takes"].get(sku, 0) for sku, pieces in said["buys"].items()}
    return (
        Drop(address=person.address, option=option, units={sku: pieces for sku, pieces in own.items() if pieces}),
        Drop(address=people[also["who"]].address, units=also["takes"]),
    )


def _total(units: Mapping[str, int], drops: tuple[Drop, ...], person: _Person, *, currency: str) -> Money:
    """What the checkout shows as the sum."""
    places = [counters.Place(country=d.address.country, region=d.address.region, option=d.option) for d in drops]
    seen = counters.offer(
        person.trail.shop,
        person.trail.person,
        sums.spread(units, drops),
        at=clock.now(),
        places=places,
        currency=currency,
    )
    return seen.quote.total if seen.quote else Money.zero(currency)


def _tenders(said: Mapping[str, Any], person: _Person, total: Money) -> tuple[Tender, ...]:
    """What card and wallet pay: all of it, or half of it by each, or a half that waits for the other one."""
    pays = "nothing" if said["until"] == "waiting" else "card"
    pays = said.get("pays", pays)
    if pays == "nothing":
        return ()
    half, rest = total.split([1, 1])
    by_card = Tender(kind=TenderKind.GIFT_CARD, holder=person.card, amount=total if pays == "card" else half)
    if pays in ("card", "part"):
        return (by_card,)
    customer_id = _credit(person, at_least=total)
    by_wallet = Tender(kind=TenderKind.WALLET, holder=customer_id, amount=total if pays == "wallet" else rest)
    return (by_wallet,) if pays == "wallet" else (by_card, by_wallet)


def _credit(person: _Person, *, at_least: Money) -> str:
    """Put some money into the wallet of somebody who has ordered before; the customer's id."""
    known = customers.known(person.trail.shop, person.trail.person)
    customer_id = str(known.customer_id) if known else ""
    payments.credit_wallet(
        customer_id=customer_id,
        amount=at_least + _CREDIT,
        reason="Demonstration",
        idempotency_key=str(ids.uuid7()),
        trail=Trail(shop=person.trail.shop),
        by=_BY,
    )
    return customer_id


def _travel(number: str, *, shop: str, until: str) -> None:
    """Plan the parcels of a paid order and bring them as far as is said."""
    facts = log.of_order(shop=shop, order_number=number)
    paid = next(fact for fact in facts if fact.name == "shop.payment_settled")
    fulfilment.plan(order_number=number, cause=paid.id)
    moved = parcels.parcels(number)[: 1 if until == "part" else None]
    for verb in _WAY[until]:
        for parcel in moved:
            verb(parcel)
    if until == "completed":
        orders.complete(order_number=number)


def _pick(parcel: Parcel) -> None:
    fulfilment.pick(parcel_id=parcel.id, by=_BY)


def _pack(parcel: Parcel) -> None:
    fulfilment.pack(parcel_id=parcel.id, weight_g=180 + 320 * parcel.units, by=_BY)


def _leave(parcel: Parcel) -> None:
    """With a label on paper, for no carrier is there to ask while a shop is filled."""
    tracking = f"SF{zlib.crc32(parcel.number.encode()):013d}"
    fulfilment.hand_over(parcel_id=parcel.id, carrier=_CARRIER, tracking=tracking, by=_BY)


def _arrive(parcel: Parcel) -> None:
    fulfilment.deliver(parcel_id=parcel.id, by=_BY)


def _lose(parcel: Parcel) -> None:
    fulfilment.lose(parcel_id=parcel.id, by=_BY)


_ON_THE_ROAD: Final = (_pick, _pack, _leave)
_WAY: Final[Mapping[str, tuple[Callable[[Parcel], None], ...]]] = MappingProxyType(
    {
        "paid": (),
        "picked": (_pick,),
        "packed": (_pick, _pack),
        "part": _ON_THE_ROAD,
        "shipped": _ON_THE_ROAD,
        "delivered": (*_ON_THE_ROAD, _arrive),
        "completed": (*_ON_THE_ROAD, _arrive),
        "lost": (*_ON_THE_ROAD, _lose),
    }
)


def _come_back(order_number: str, said: Mapping[str, Any], person: _Person) -> None:
    """Ask for a return, and bring it as far as is said."""
    number = returns.request(
        order_number=order_number,
        units={int(position): pieces for position, pieces in said["pieces"].items()},
        reason=Reason(said["reason"]),
        words=said["words"],
        trail=person.trail,
        by=person.by,
    )
    until = said["until"]
    if until == "requested":
        return
    returns.book_drop_off(return_number=number, trail=person.trail, by=person.by)
    if until == "booked":
        return
    returns.note_sent(return_number=number, trail=person.trail, by=person.by)
    if until != "sent":
        _take_in(number, said, warehouse=parcels.parcels(order_number)[0].warehouse, shop=person.trail.shop)


def _take_in(number: str, said: Mapping[str, Any], *, warehouse: str, shop: str) -> None:
    """Receive what comes back; look at it and decide, unless its clock is to run."""
    staff = Trail(shop=shop)
    returns.receive(return_number=number, warehouse=warehouse, trail=staff, by=_BY)
    if said["until"] == "received":
        return
    verdict = Verdict.REJECTED if said["until"] == "rejected" else Verdict.SELLABLE
    pieces = return_books.return_for_staff(shop, number).pieces
    findings = [Finding(piece=piece.number, verdict=verdict, found=said.get("found", "")) for piece in pieces]
    returns.inspect(return_number=number, findings=findings, trail=staff, by=_BY)
    if said["until"] == "refunded":
        returns.finish(return_number=number, by=_BY)
