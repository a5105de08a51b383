"""A month of a small shop in which everything happens that a number is counted from; the same on every run."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from tests.insight.metrics.events import a_shop, added, an_event, line, page, paid, placed, refunded, remember, viewed
from tests.worlds import made_once
from zhanggui.base.shops.rules import Shop
from zhanggui.insight.lake import actions as lake
from zhanggui.insight.lake.rules import Walked
from zhanggui.insight.metrics.rules import Period
from zhanggui.spine.envelope import Envelope, Line

PERIOD = Period(date(2026, 5, 1), date(2026, 5, 29))
BEFORE = Period(date(2026, 4, 3), date(2026, 5, 1))
_START = datetime(2026, 4, 3)
_DAYS = 60
_PEOPLE = [f"p{n}" for n in range(18)]
_SKUS = {"tea": "leaf", "cup": "ware", "pot": "ware", "红茶": "leaf"}
_PLACES = [
    {"region": region, "channel": channel, "campaign": campaign, "device": device}
    for region in ("north", "south", "")
    for channel, campaign in (("direct", ""), ("email", "may"), ("paid_search", "it's 5%"), ("organic_search", ""))
    for device in ("phone", "desktop", "bot")
]


@made_once
def a_month() -> Shop:
    """Visits, orders, offers, parcels, stock, talks and risks; somebody turns out to be somebody else."""
    shop = a_shop()
    rng = random.Random(5)
    told = (_walks(rng), _trade(rng), _presales(), _stock(rng), _rest(rng), _offers())
    remember(shop, *map(list, told))
    lake.rename(shop.code, {"p3": Walked(person="p4")})
    lake.roll(shop.code)
    return shop


def _walks(rng: random.Random) -> Iterator[Envelope]:
    for number in range(150):
        who, where, at = rng.choice([*_PEOPLE, ""]), rng.choice(_PLACES), _moment(rng)
        session = rng.choice([f"s{number}", ""])
        # Moments of equal events meet, and steps that follow in the same instant.
        for _ in range(rng.randint(1, 6)):
            at += timedelta(seconds=rng.choice([0, 0, 20, 4000]))
            sku = rng.choice(list(_SKUS))
            told = {"session": session, "category": _SKUS[sku], **where}
            yield rng.choice(
                [
                    page(_said(at), who, **where | {"campaign": where["campaign"]}),
                    viewed(_said(at), who, sku, **where),
                    added(_said(at), who, sku, **where),
                    an_event("Checkout Started", _said(at), person=who, sku=sku, page="/pay/now", **told),
                    an_event(
                        "Products Searched",
                        _said(at),
                        person=who,
                        body={"query": rng.choice([" Tea  Cup", "红茶", ""]), "results": rng.choice([0, 7, None])},
                        **told,
                    ),
                    an_event(
                        "Product List Viewed",
                        _said(at),
                        person=who,
                        body={"list_id": "home", "products": [{"sku": sku}] * rng.randint(0, 3)},
                        **told,
                    ),
                    an_event(
                        "Product Clicked", _said(at), person=who, sku=sku, body={"list_id": "home"}, session=session
                    ),
                    an_event("Promotion Viewed", _said(at), person=who, body={"promotion_id": "may"}, **where),
                ]
            )


def _trade(rng: random.Random) -> Iterator[Envelope]:
    for number in range(90):
        who, where, at = rng.choice([*_PEOPLE, ""]), rng.choice(_PLACES), _moment(rng)
        goods = [
            line(sku, rng.randint(1, 3), rng.randint(0, 9000), _SKUS[sku])
            for sku in rng.sample(list(_SKUS), rng.randint(1, 3))
        ]
        told = {"person": who, **where}
        name, seen = f"O{number}", rng.choice([{"session": f"s{number}"}, {}])
        yield placed(
            name, _said(at), *goods, postage_minor=rng.choice([0, 700]), body={"shipping_minor": 700}, **told, **seen
        )
        yield from _used(number, _said(at), goods[0])
        yield from _looks(number, at, person=who, device=where["device"], **seen)
        if number % 5 == 4:
            yield an_event("shop.order_cancelled", _said(at + timedelta(hours=1)), order_number=name, **told)
            continue
        at += timedelta(minutes=rng.randint(0, 90))
        yield paid(name, _said(at), *goods, **told)
        yield an_event("shop.parcel_shipped", _said(at + timedelta(hours=9)), order_number=name, lines=tuple(goods))
        yield an_event("shop.parcel_delivered", _said(at + timedelta(hours=rng.randint(20, 90))), order_number=name)
        if number % 4 == 0:
            back = at + timedelta(days=rng.randint(1, 20))
            yield refunded(name, _said(back), goods[0], **told)
            yield an_event("shop.return_received", _said(back), order_number=name, lines=(goods[0],))
        if number % 9 == 0:
            yield an_event("guard.order_marked_fake", _said(at + timedelta(days=9)), order_number=name)


def _used(number: int, at: str, of: Line) -> Iterator[Envelope]:
    """What an order took of a promotion or a flash sale, and what came to nothing of it."""
    promotion, sale = {"promotion_id": "may", "funded_by": "shop"}, {"sale_id": "noon"}
    some = {"order_number": f"O{number}", "currency": "CNY"}
    one = {"sku": of.sku, "quantity": of.quantity, **some}
    if number % 3 == 0:
        yield an_event("growth.promotion_redeemed", at, amount_minor=90 + number, body=promotion, **some)
    if number % 7 == 1:
        yield an_event("growth.flash_taken", at, amount_minor=of.amount_minor, body=sale, **one)
    if number % 21 == 15:
        yield an_event("growth.promotion_undone", at, amount_minor=90 + number, body=promotion, **some)
        yield an_event("growth.flash_returned", at, body=sale, **one)


def _looks(number: int, at: datetime, **who: str) -> Iterator[Envelope]:
    """What of a page was in view, of people with and without a visit's id, and what no page of ours tells."""
    blocks: list[object] = [
        [{"block": "offer", "ms": 900 + number}, {"block": "proof", "ms": 40}, {"block": "Price", "ms": 7}],
        [{"block": f"b{n}", "ms": 2_000_000 * (n % 2)} for n in range(40)],
        [{"block": "offer", "ms": -5}, {"ms": 9}, {"block": "offer"}],
        [],
        "nothing",
    ]
    for page_of, body in (("/p/tea/", {"blocks": blocks[number % 5]}), ("/", {"blocks": blocks[0]}), ("", {})):
        yield an_event("Blocks Viewed", _said(at), page=page_of, body=body, **who)


def _offers() -> Iterator[Envelope]:
    end = _START + timedelta(days=40)
    terms = {"presale_id": "pre", "first_minor": 500, "credit_minor": 900}
    begun = {"sku": "pot", "category": "ware", "quantity": 9}
    for name, body in (("promotion", {"promotion_id": "may"}), ("flash", {"sale_id": "noon"}), ("presale", terms)):
        yield an_event(f"growth.{name}_started", _said(_START), body=body, **begun)
        over = "stopped" if name == "promotion" else "ended"
        yield an_event(f"growth.{name}_{over}", _said(end), body=body, **begun)


def _presales() -> Iterator[Envelope]:
    pre = {"presale_id": "pre"}
    for number, is_finished in enumerate((True, True, False)):
        who = {"person": _PEOPLE[number], "region": "north", "channel": "email", "device": "phone"}
        presale = {"subject": f"presale:{number}", **who}
        at, back = _START + timedelta(days=30 + number), _START + timedelta(days=50)
        deposit = line("presale-deposit", 1, 500)
        yield placed(f"D{number}", _said(at), deposit, **who)
        yield paid(f"D{number}", _said(at), deposit, **who)
        yield an_event(
            "growth.deposit_paid", _said(at), order_number=f"D{number}", amount_minor=500, body=pre, **presale
        )
        if is_finished:
            rest = line("pot", 1, 4500, "ware")
            yield placed(f"B{number}", _said(back), rest, **who)
            yield paid(f"B{number}", _said(back), rest, **who)
            told = {"sku": "pot", "category": "ware", "amount_minor": 4500, "body": {"deposit_minor": 500, **pre}}
            yield an_event("growth.balance_paid", _said(back), order_number=f"B{number}", **told, **presale)
            lines = (line("cup", 1, 700, "ware"),)
            more = {"order_number": f"X{number}", "body": {"difference_of": f"B{number}"}, "amount_minor": 700, **who}
            for step, some in (("placed", lines), ("settled", lines), ("refunded", ())):
                later = _said(back + timedelta(hours=3))
                yield an_event(f"shop.difference_{step}", later, lines=some, **more)
        if number:
            reason = {"reason": "order_refunded" if is_finished else "seller_cancelled", "amount_minor": 500}
            later = _said(back + timedelta(days=1))
            yield refunded(f"D{number}", later, deposit, body=reason, **who)
            yield an_event("growth.deposit_returned", later, sku="pot", category="ware", body=reason | pre, **presale)


def _stock(rng: random.Random) -> Iterator[Envelope]:
    for sku, category in _SKUS.items():
        body = {"title": f"{sku} “好”", "title_en": sku.upper(), "category": category}
        yield an_event("shop.product_listed", _said(_START), sku=sku, category=category, amount_minor=9, body=body)
        yield an_event("supply.stock_received", _said(_START), sku=sku, quantity=30, amount_minor=30 * 333 + 7)
        for _ in range(6):
            some = (line(sku, rng.randint(1, 8), 0),)
            yield an_event("supply.stock_held", _said(_moment(rng)), lines=some)
            yield an_event("supply.stock_shipped", _said(_moment(rng)), lines=some)
        yield an_event("supply.stock_counted", _said(_moment(rng)), sku=sku, body={"difference_units": -3})
        yield an_event("supply.stock_taken_back", _said(_moment(rng)), lines=some, body={"is_sellable": True})
    yield an_event("shop.product_delisted", _said(_START + timedelta(days=40)), sku="cup")


def _rest(rng: random.Random) -> Iterator[Envelope]:
    for number, who in enumerate(_PEOPLE[:12]):
        yield an_event("shop.customer_registered", _said(_moment(rng)), person=who, channel="email", region="north")
        at, talk = _moment(rng), {"subject": f"talk:{number}", "channel": "email"}
        yield an_event("care.conversation_opened", _said(at), **talk)
        yield an_event("care.first_reply_sent", _said(at + timedelta(seconds=rng.randint(5, 900))), **talk)
        yield an_event("care.conversation_resolved", _said(at + timedelta(hours=number)), **talk)
        yield an_event("care.conversation_rated", _said(at), body={"score": rng.randint(1, 5)}, **talk)
        yield an_event("care.recommendation_scored", _said(at), body={"score": rng.randint(0, 10)}, **talk)
        yield an_event("guard.order_held", _said(at), order_number=f"O{number}")
        if number % 3 == 0:
            yield an_event("guard.order_cleared", _said(at + timedelta(hours=1)), order_number=f"O{number}")
        served = {"failed": number, "slow": 2 * number, "tolerable": number}
        yield an_event("guard.requests_served", _said(at), quantity=100, body=served)
        spend = {"amount_minor": 777 + number, "channel": "paid_search", "campaign": "it's 5%"}
        yield an_event("insight.spend_recorded", _said(at), **spend)


def _moment(rng: random.Random) -> datetime:
    return _START + timedelta(days=rng.randrange(_DAYS), minutes=rng.randrange(24 * 60))


def _said(at: datetime) -> str:
    return at.isoformat()
