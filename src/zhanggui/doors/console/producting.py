"""Products between pages and values: lists as an address says them, forms read, changes laid side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from zhanggui.base.money import Money
from zhanggui.doors.console import belongings, fields
from zhanggui.doors.console.fields import Unfit
from zhanggui.doors.console.scope import Query
from zhanggui.shop.catalogue.queries import Wanted, Whole
from zhanggui.shop.catalogue.rules import Block, Kind, NewProduct, NewVariant, Sale, with_skus
from zhanggui.shop.catalogue.rules.bulk import Change, ChangeKind

SPARE_ROWS: Final = 2
_LONGEST: Final = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What a change does to a SKU or product."""

    handle: str
    sku: str
    what: str
    before: str | Money | bool | None
    after: str | Money | bool | None


def wanted_of(query: Query) -> Wanted:
    """The list that an address asks for."""
    listed = query.get("listed", "")
    return Wanted(
        words=query.get("q", "")[:_LONGEST],
        category=query.get("category", "")[:_LONGEST],
        tag=query.get("tag", "")[:_LONGEST],
        kind=query.get("kind", "")[:_LONGEST],
        is_listed={"yes": True, "no": False}.get(listed),
        is_on_sale=query.get("sale", "") == "yes",
        sort=query.get("sort", "-sold"),
    )


def said(wanted: Wanted, **more: str) -> str:
    """The same list as the query part of an address."""
    listed = {True: "yes", False: "no", None: ""}[wanted.is_listed]
    pairs = {
        "q": wanted.words,
        "category": wanted.category,
        "tag": wanted.tag,
        "kind": wanted.kind,
        "listed": listed,
        "sale": "yes" if wanted.is_on_sale else "",
        "sort": wanted.sort,
        **more,
    }
    return urlencode({name: value for name, value in pairs.items() if value})


def change_of(form: Mapping[str, str], *, zone: str) -> Change:
    """The change that a form asks for.

    refuses  Unfit
    """
    kind = form.get("change", "")
    if kind not in tuple(ChangeKind):
        raise Unfit("change", "change")
    change = Change(kind=ChangeKind(kind))
    if change.kind in (ChangeKind.PRICE, ChangeKind.SALE):
        change = replace(change, percent=fields.percent(form.get("percent", "")))
    if change.kind is ChangeKind.SALE:
        starts_at, ends_at = (fields.moment(form, name, zone) for name in ("starts", "ends"))
        if starts_at is None or ends_at is None:
            raise Unfit("starts", "sale")
        change = replace(change, starts_at=starts_at, ends_at=ends_at)
    word = form.get("category" if change.kind is ChangeKind.CATEGORY else "tag", "").strip()
    if change.kind in (ChangeKind.CATEGORY, ChangeKind.TAG, ChangeKind.NO_TAG) and not word:
        raise Unfit("tag", "tags")
    return replace(change, word=word)


def differences(pairs: Sequence[tuple[Whole, NewProduct]]) -> Iterator[Difference]:
    """What would be another after a change, product by product."""
    for whole, after in pairs:
        before = whole.product
        for what, old, new in (
            ("category", before.category, after.category),
            ("tags", " · ".join(before.tags), " · ".join(after.tags)),
        ):
            if old != new:
                yield Difference(handle=before.handle, sku="", what=what, before=old, after=new)
        for was, now in zip(before.skus, after.skus, strict=True):
            for what, left, right in (
                ("price", was.price, now.price),
                ("sale", _reduced(was), _reduced(now)),
                ("listed", was.is_listed, now.is_listed),
            ):
                if left != right:
                    yield Difference(handle=before.handle, sku=was.sku, what=what, before=left, after=right)


def _reduced(sku: NewVariant) -> Money | None:
    return sku.sale.price if sku.sale else None


def edited(
    product: NewProduct, form: Mapping[str, str], *, currency: str, zone: str, uploaded: Mapping[str, str]
) -> NewProduct:
    """The product as a form says it.

    uploaded  names in the media store of the files that came along, by field
    refuses   Unfit
    """
    axes = fields.rows(form, "option", "option.{}.zh", "option.{}.en")
    places = fields.rows(form, "sku")
    skus = [_sku(form, place, product, axes=axes, currency=currency, zone=zone) for place in places]
    if not skus:
        raise Unfit("sku.0", "sku")
    return with_skus(
        replace(
            product,
            title=fields.words(form, "title"),
            summary=fields.words(form, "summary"),
            brand=fields.words(form, "brand"),
            proof=fields.words(form, "proof"),
            category=form.get("category", product.category),
            tags=tuple(dict.fromkeys(tag.strip() for tag in form.get("tags", "").split(",") if tag.strip())),
            no_reason_exception=form.get("no_reason_exception", ""),
            options=tuple(fields.words(form, f"option.{n}") for n in axes),
            blocks=tuple(
                _block(form, n, product)
                for n in fields.rows(form, "block", "block.{}.problem.zh", "block.{}.problem.en")
            ),
            evidence=belongings.papers(form, product, uploaded=uploaded),
        ),
        skus,
    )


def _sku(
    form: Mapping[str, str], place: int, product: NewProduct, *, axes: Sequence[int], currency: str, zone: str
) -> NewVariant:
    at = f"sku.{place}"
    said_sku = form.get(at, "").strip()
    stands = next((own for own in product.skus if own.sku == said_sku), None)
    price = fields.money(form, f"{at}.price", currency)
    if price is None:
        raise Unfit(f"{at}.price", "price")
    sale_price = fields.money(form, f"{at}.sale", currency)
    sale = None
    if sale_price is not None:
        starts_at, ends_at = (fields.moment(form, f"{at}.{name}", zone) for name in ("starts", "ends"))
        if starts_at is None or ends_at is None:
            raise Unfit(f"{at}.starts", "sale")
        sale = Sale(price=sale_price, starts_at=starts_at, ends_at=ends_at)
        if stands and stands.sale and _is_same(sale, stands.sale):
            sale = stands.sale
    weight = form.get(f"{at}.weight", "0")
    if not weight.isdecimal() or len(weight) > 8:
        raise Unfit(f"{at}.weight", "weight")
    values = tuple(fields.words(form, f"{at}.value.{n}") for n in axes)
    return NewVariant(
        sku=said_sku,
        values=values,
        price=price,
        cost=fields.money(form, f"{at}.cost", currency) or Money.zero(currency),
        weight_g=int(weight),
        barcode=form.get(f"{at}.barcode", "").strip()[:40],
        sale=sale,
        is_listed=form.get(f"{at}.listed", "") == "yes",
        parts=belongings.parts(form, at, sku=said_sku) if product.kind is Kind.BUNDLE else (),
        drawing=stands.drawing if stands else "",
        picture=stands.picture if stands else "",
    )


def _is_same(one: Sale, other: Sale) -> bool:
    """Whether two sales are the same to the minute, which is all that a form can say."""
    return one.price == other.price and all(
        abs((left - right).total_seconds()) < 60
        for left, right in ((one.starts_at, other.starts_at), (one.ends_at, other.ends_at))
    )


def _block(form: Mapping[str, str], place: int, product: NewProduct) -> Block:
    problem, solution, proof = (
        fields.words(form, f"block.{place}.{part}") for part in ("problem", "solution", "proof")
    )
    picture = product.blocks[place].picture if place < len(product.blocks) else ""
    return Block(problem=problem, solution=solution, proof=proof, picture=picture)


def sku_fields(at: str, own: NewVariant, *, zone: str) -> dict[str, str]:
    """A SKU as the fields of a form."""
    sale = own.sale
    return {
        at: own.sku,
        f"{at}.price": f"{own.price.major:f}",
        f"{at}.cost": f"{own.cost.major:f}",
        f"{at}.weight": str(own.weight_g),
        f"{at}.barcode": own.barcode,
        f"{at}.listed": "yes" if own.is_listed else "",
        f"{at}.sale": f"{sale.price.major:f}" if sale else "",
        f"{at}.starts": _local(sale.starts_at, zone) if sale else "",
        f"{at}.ends": _local(sale.ends_at, zone) if sale else "",
    }


def _local(at: datetime, zone: str) -> str:
    return at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M")
