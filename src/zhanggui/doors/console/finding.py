"""One search for everything: pages and jobs by name, orders, buyers, goods, parcels, returns, money, numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext, override, pgettext

from zhanggui.base.accounts.models import Operator
from zhanggui.base.accounts.rules import Right
from zhanggui.base.look import formats
from zhanggui.base.shops.rules import ShopKind
from zhanggui.doors.console import order_words, ordering, parcel_words, payment_words, return_words, shell, words
from zhanggui.doors.console.scope import Scope
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics.rules import METRICS, Cut
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.catalogue.queries import Wanted
from zhanggui.shop.customers import queries as customers
from zhanggui.shop.customers import rules as people
from zhanggui.shop.fulfilment import queries as fulfilment
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.payments import queries as payments
from zhanggui.shop.returns import queries as returns
from zhanggui.supply.stock import queries as stock

MOST_OF_A_KIND: Final = 8
LONGEST: Final = 80
# What our numbers, SKUs and the ids of others are written with.
_CODE: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z._/-]*")
_CARD_ENDING: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Find:
    """Something that was found, and where it stands.

    note  what tells it from others of its kind
    """

    name: str
    address: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What was found of one kind."""

    name: str
    finds: tuple[Find, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Something to do that can be gone to by its name."""

    name: Promise
    route: str
    rights: tuple[Right, ...]
    more: tuple[tuple[str, str], ...] = ()


JOBS: Final = (
    Job(name=lazy("Ship what waits"), route="parcels", rights=(Right.RUN_SHOP,)),
    Job(name=lazy("Ship what is late"), route="parcels", rights=(Right.RUN_SHOP,), more=(("due", "late"),)),
    Job(name=lazy("See how promises are kept"), route="parcels_promises", rights=(Right.RUN_SHOP,)),
    Job(name=lazy("Decide returns"), route="returns", rights=(Right.RUN_SHOP,), more=(("view", "decide"),)),
    Job(name=lazy("Decide money that does not fit"), route="odd_money", rights=(Right.RUN_SHOP,)),
    Job(name=lazy("See refunds"), route="refunds", rights=(Right.RUN_SHOP,)),
    Job(name=lazy("Compare bills"), route="bills", rights=(Right.RUN_SHOP,)),
    Job(name=lazy("Issue gift cards"), route="gift_cards", rights=(Right.RUN_SHOP,)),
    Job(name=lazy("Bring in another shop's orders"), route="imports", rights=(Right.IMPORT,)),
    Job(name=lazy("Import products"), route="product_import", rights=(Right.RUN_SHOP,)),
    Job(name=lazy("Check the stock books"), route="stock_audit", rights=(Right.RUN_SHOP,)),
    Job(name=lazy("Change delivery options"), route="terms", rights=(Right.SET_TERMS,)),
    Job(name=lazy("Change tax rates"), route="terms", rights=(Right.SET_TERMS,)),
    Job(name=lazy("Change exchange rates"), route="terms", rights=(Right.SET_TERMS,)),
)


def found(operator: Operator, scope: Scope, wanted: str, *, is_private: bool) -> list[Group]:
    """All that has the words in its name or number, by kind; nothing whose page the operator may not open.

    At most eight statements in a shop of our own: what cannot be a code is not looked for among codes, and what can
    be no name not among names. Where our shop has no such order or product, those it was told of are looked for.

    is_private  the words stand in no address: a whole phone number or mail address may name a buyer
    """
    groups = [Group(name=pgettext("found", "Pages"), finds=tuple(_pages(operator, scope, wanted)))]
    may_work = operator.may(Right.RUN_SHOP) and scope.shop.kind is ShopKind.OWN
    if may_work:
        groups += _codes(scope.shop.code, wanted)
        groups.append(Group(name=_("Products and stock"), finds=tuple(_products(scope.shop.code, wanted))))
    if scope.shop.kind is ShopKind.OWN and (may_work or operator.may(Right.SEE_PEOPLE)):
        buyers = _buyers(scope.shop.code, wanted, operator=operator, is_private=is_private)
        groups.append(Group(name=_("Customers"), finds=tuple(buyers)))
    if operator.may(Right.SEE_NUMBERS):
        groups.append(Group(name=_("Numbers"), finds=tuple(_numbers(scope, wanted))))
    groups += _told_of(operator, scope, wanted, known={group.name for group in groups if group.finds})
    return [group for group in groups if group.finds]


def _pages(operator: Operator, scope: Scope, wanted: str) -> Iterator[Find]:
    """Pages and jobs by their names in every language of the console."""
    for place in shell.PLACES:
        for entry in place.entries:
            if entry.is_open_to(operator) and _is_called(entry.name, wanted):
                query = f"?{scope.query()}" if entry.is_scoped else ""
                yield Find(
                    name=str(entry.name), note=str(place.name), address=reverse(f"console:{entry.route}") + query
                )
    for job in JOBS:
        if any(operator.may(right) for right in job.rights) and _is_called(job.name, wanted):
            yield Find(name=str(job.name), note=_("job"), address=_to(scope.shop.code, job.route, more=dict(job.more)))


def _is_called(name: Promise, wanted: str) -> bool:
    low = wanted.lower()
    for language, _name in settings.LANGUAGES:
        with override(language):
            if low in str(name).lower():
                return True
    return False


def _codes(shop: str, wanted: str) -> list[Group]:
    """Orders, parcels, returns and payments by their numbers, gift cards by their ending. One statement each."""
    if not _CODE.fullmatch(wanted):
        return []
    groups = []
    if any(sign.isdigit() for sign in wanted):
        groups += [
            Group(name=_("Orders"), finds=tuple(_orders(shop, wanted))),
            Group(name=_("Parcels"), finds=tuple(_parcels(shop, wanted))),
            Group(name=pgettext("found", "Returns"), finds=tuple(_returns(shop, wanted))),
            Group(name=_("Payments"), finds=tuple(_payments(shop, wanted))),
        ]
    if len(wanted) == _CARD_ENDING:
        groups.append(Group(name=_("Gift cards"), finds=tuple(_cards(shop, wanted))))
    return groups


def _orders(shop: str, wanted: str) -> Iterator[Find]:
    if not ordering.is_number(wanted):
        return
    for one in orders.page(orders.Asked(shop=shop, number=wanted.upper()), limit=MOST_OF_A_KIND):
        said = (str(order_words.STATES[one.state]), order_words.money(one.total), one.title(words.language()))
        yield Find(name=one.number, note=" · ".join(said), address=_to(shop, "order", one.number))


def _parcels(shop: str, wanted: str) -> Iterator[Find]:
    for one in fulfilment.tracked(shop, wanted):
        note = f"{parcel_words.STATES[one.state]} · {parcel_words.carrier(one.carrier)} {wanted}"
        yield Find(name=one.number, note=note, address=_to(shop, "parcel", one.id))


def _returns(shop: str, wanted: str) -> Iterator[Find]:
    for number, order_number, state in returns.numbered(shop, wanted.upper(), limit=MOST_OF_A_KIND):
        note = f"{return_words.STATES[state]} · {order_number}"
        yield Find(name=number, note=note, address=_to(shop, "return", number))


def _payments(shop: str, wanted: str) -> Iterator[Find]:
    for one in payments.payments_named(shop, wanted):
        note = f"{payment_words.provider(one.provider)} · {payment_words.STATES[one.state]} · {one.order_number}"
        yield Find(name=order_words.money(one.amount), note=note, address=_to(shop, "payment", one.id))


def _cards(shop: str, wanted: str) -> Iterator[Find]:
    for one in payments.all_cards(shop, ending=wanted.upper(), limit=MOST_OF_A_KIND):
        address = _to(shop, "gift_cards", more={"ending": one.ending})
        yield Find(name=f"…{one.ending}", note=order_words.money(one.balance), address=address)


def _products(shop: str, wanted: str) -> Iterator[Find]:
    """Products by SKU, handle or words, then their SKUs with what is free of each. Three statements."""
    handles = catalogue.handles_of(shop, Wanted(words=wanted), limit=MOST_OF_A_KIND)
    wholes = catalogue.wholes(shop, handles) if handles else ()
    named = [sku.sku for whole in wholes for sku in whole.product.skus if sku.sku.lower().startswith(wanted.lower())]
    free = stock.free([*{whole.product.sku for whole in wholes}, *named[:MOST_OF_A_KIND]]) if wholes else {}
    for whole in wholes:
        product = whole.product
        title = product.title.to(words.language())
        note = f"{product.sku} · {_free(free[product.sku])}"
        yield Find(name=title, note=note, address=_to(shop, "product", product.handle))
    for sku in named[:MOST_OF_A_KIND]:
        yield Find(name=sku, note=f"{_('Stock')} · {_free(free[sku])}", address=_to(shop, "stock_item", sku))


def _free(units: int) -> str:
    n = formats.number(units, language=words.language())
    return ngettext("%(n)s piece free", "%(n)s pieces free", units) % {"n": n}


def _buyers(shop: str, wanted: str, *, operator: Operator, is_private: bool) -> Iterator[Find]:
    """Buyers by a whole number or address, and by name for who may see people. At most one statement."""
    is_reachable = ordering.is_reachable(wanted)
    is_name = any(sign.isalpha() for sign in wanted) and not any(sign.isdigit() for sign in wanted)
    if not ((is_reachable and is_private) or (is_name and not is_reachable)):
        return
    for one in customers.found(shop, wanted, is_by_name=operator.may(Right.SEE_PEOPLE), limit=MOST_OF_A_KIND):
        contact = people.masked_contact(one.contact)
        note = " · ".join(part for part in (contact.phone, contact.email) if part)
        yield Find(name=contact.name or "–", note=note, address=_to(shop, "customer", one.id))


def _numbers(scope: Scope, wanted: str) -> Iterator[Find]:
    low = wanted.lower()
    named = [one for one in METRICS.values() if low in " ".join((one.key, one.name_zh, one.name_en)).lower()]
    for one in named[:MOST_OF_A_KIND]:
        address = f"{reverse('console:number', args=[one.key])}?{scope.query()}"
        yield Find(name=one.name(words.language()), note=one.key, address=address)


def _told_of(operator: Operator, scope: Scope, wanted: str, *, known: set[str]) -> Iterator[Group]:
    """Orders and products that only the lake knows: of an imported shop, or from before the shop was ours."""
    shop, products = scope.shop.code, _("Products and stock")
    if _("Orders") not in known and not ordering.is_reachable(wanted):
        numbers = metrics.orders_numbered(shop, wanted, limit=MOST_OF_A_KIND)
        finds = (Find(name=number, address=_to(shop, "order", number)) for number in numbers)
        yield Group(name=_("Orders"), finds=tuple(finds))
    if products not in known and operator.may(Right.SEE_NUMBERS):
        listed = metrics.listings_like(shop, wanted, limit=MOST_OF_A_KIND)
        number = reverse("console:number", args=["goods_paid"])
        finds = (
            Find(
                name=one.name(words.language()),
                note=one.sku,
                address=f"{number}?{scope.only(Cut.SKU, one.sku).query()}",
            )
            for one in listed
        )
        yield Group(name=_("Products"), finds=tuple(finds))


def _to(shop: str, route: str, *args: object, more: dict[str, str] | None = None) -> str:
    return f"{reverse(f'console:{route}', args=args)}?{urlencode({'shop': shop} | (more or {}))}"
