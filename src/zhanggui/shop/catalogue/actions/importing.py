"""Bringing a product file in: some hundred products at a time, each lot whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Final

from django.db import transaction

from zhanggui.base.errors import Refused
from zhanggui.base.operation.rules import Actor
from zhanggui.base.shops import queries as shops
from zhanggui.shop.catalogue import queries, rules
from zhanggui.shop.catalogue.actions.categories import put_up_categories
from zhanggui.shop.catalogue.actions.editing import NOTHING_PUT, Put, put_products
from zhanggui.shop.catalogue.errors import CategoryLoop, NoSuchCategory
from zhanggui.shop.catalogue.rules import Category, NewProduct, exchange
from zhanggui.shop.catalogue.rules.exchange import Draft, Fault, Form, Row
from zhanggui.spine.log.rules import Trail

AT_ONCE: Final = 500
# More than anybody mends by hand; the rest is counted.
MOST_FAULTS: Final = 1000


@dataclass(slots=True, kw_only=True)
class Tally:
    """How far a file is, and what came of it so far.

    rows      read so far
    products  taken in, those that stood exactly like that included
    new, changed, repriced, on_sale, gone  SKUs, as `actions.Put` counts them
    faults    of the products that were left out, the first thousand
    refused   how many products were left out
    """

    rows: int = 0
    products: int = 0
    new: int = 0
    changed: int = 0
    repriced: int = 0
    on_sale: int = 0
    gone: int = 0
    refused: int = 0
    faults: list[Fault] = field(default_factory=list)

    def add(self, products: int, put: Put) -> None:
        """Count what was written."""
        self.products += products
        self.new += put.new
        self.changed += put.changed
        self.repriced += put.repriced
        self.on_sale += put.on_sale
        self.gone += put.gone

    def leave_out(self, fault: Fault) -> None:
        """Count a product that was left out."""
        self.refused += 1
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(fault)


def bring_in(
    *,
    rows: Iterable[Row],
    form: Form,
    trail: Trail,
    by: Actor,
    dry_run: bool = False,
    watch: Callable[[Tally], None] | None = None,
    left_out: Callable[[Sequence[Row], Fault], None] | None = None,
) -> Tally:
    """Have the products of a file stand in the shop; what the file does not speak of stays as it is.

    Every lot is a transaction of its own: a call that was stopped is simply made again, for what stands already
    changes nothing. A product with a fault is left out, the others go in. Categories that are missing are made.

    dry_run   write nothing, but find out all that writing would: every lot is written and rolled back
    watch     is told after every lot how far the file is
    left_out  is given the rows of each product that is left out, and why: all of them, however many
    tells     as `put_products`
    """
    shop = shops.shop(trail.shop)
    tally = Tally()
    seen: set[str] = set()
    for lot in _lots(exchange.told_apart(rows, form)):
        tally.rows += sum(len(family) for family in lot)
        drafts: list[tuple[Draft, list[Row]]] = []
        faults: list[tuple[list[Row], Fault]] = []
        for family in lot:
            found = exchange.parsed(family, form, shop=shop.code, currency=shop.currency)
            fault = found if isinstance(found, Fault) else _fault_of(found, seen)
            if fault is not None:
                faults.append((family, fault))
            elif isinstance(found, Draft):
                seen.add(found.product.handle)
                drafts.append((found, family))
        refused = _take([draft for draft, _rows in drafts], tally, dry_run=dry_run, trail=trail, by=by)
        faults += [(family, refused[place]) for place, (_draft, family) in enumerate(drafts) if place in refused]
        for family, fault in faults:
            tally.leave_out(fault)
            if left_out is not None:
                left_out(family, fault)
        if watch is not None:
            watch(tally)
    return tally


def _lots(families: Iterator[list[Row]]) -> Iterator[list[list[Row]]]:
    while lot := list(islice(families, AT_ONCE)):
        yield lot


def _fault_of(draft: Draft, seen: set[str]) -> Fault | None:
    handle = draft.product.handle
    if handle in seen:
        return Fault(line=draft.line, handle=handle, code="twice")
    code = rules.fault_of(draft.product)
    return Fault(line=draft.line, handle=handle, code=code) if code else None


def _take(drafts: Sequence[Draft], tally: Tally, *, dry_run: bool, trail: Trail, by: Actor) -> dict[int, Fault]:
    """Write a lot; if it is refused, its products one by one, so that only the wrong ones are left out.

    The faults of those come back, by their places in the lot.
    """
    if not drafts:
        return {}
    try:
        tally.add(len(drafts), _put(drafts, dry_run=dry_run, trail=trail, by=by))
    except Refused as refused:
        if len(drafts) == 1:
            said = ", ".join(f"{name}: {value}" for name, value in refused.data.items() if name != "reason")
            code = str(refused.data.get("reason") or type(refused).__name__)
            return {0: Fault(line=drafts[0].line, handle=drafts[0].product.handle, code=code, said=said)}
        alone = [_take([draft], tally, dry_run=dry_run, trail=trail, by=by) for draft in drafts]
        return {place: own[0] for place, own in enumerate(alone) if own}
    return {}


def _put(drafts: Sequence[Draft], *, dry_run: bool, trail: Trail, by: Actor) -> Put:
    with transaction.atomic():
        placed = _in_categories(drafts, shop=trail.shop)
        handles = [draft.product.handle for draft in drafts]
        standing = {whole.product.handle: whole.product for whole in queries.wholes(trail.shop, handles)}
        wanted: list[NewProduct] = [exchange.merged(draft, standing.get(draft.product.handle)) for draft in placed]
        products = [product for product in wanted if product != standing.get(product.handle)]
        put = put_products(products=products, trail=trail, by=by) if products else NOTHING_PUT
        if dry_run:
            transaction.set_rollback(True)
    return put


def _in_categories(drafts: Sequence[Draft], *, shop: str) -> list[Draft]:
    """The drafts with the keys of their categories; those that are missing are made.

    refuses  NoSuchCategory for a product that names none
    """
    known = {category.key: category for category in queries.categories(shop)}
    fresh: dict[str, Category] = {}
    placed = []
    for draft in drafts:
        parent = ""
        if not draft.shelves:
            raise NoSuchCategory(key="")
        for name in draft.shelves:
            key = rules.key_of(name)
            stands = known.get(key)
            if stands is not None and parent and stands.parent != parent:
                key = f"{parent}-{key}"[:40]
            if key == parent:
                raise CategoryLoop(key=key)
            if key not in known:
                fresh[key] = Category(shop=shop, key=key, name=name, position=len(known), parent=parent)
                known[key] = fresh[key]
            parent = key
        placed.append(replace(draft, product=replace(draft.product, category=parent)))
    if fresh:
        put_up_categories(categories=list(fresh.values()))
    return placed
