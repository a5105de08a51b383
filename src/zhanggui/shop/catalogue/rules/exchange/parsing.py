"""Telling product files apart, and taking their rows together to products."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Final, Protocol

from zhanggui.shop.catalogue.rules.exchange import own, shopify, woocommerce
from zhanggui.shop.catalogue.rules.exchange.rows import Draft, Fault, Row, Unreadable


class Form(StrEnum):
    """Whose file it is."""

    OWN = "zhanggui"
    SHOPIFY = "shopify"
    WOOCOMMERCE = "woocommerce"


class _Drafting(Protocol):
    def __call__(self, rows: Sequence[Row], *, shop: str, currency: str) -> Draft: ...


_DRAFTS: Final[dict[Form, _Drafting]] = {
    Form.OWN: own.draft,
    Form.SHOPIFY: shopify.draft,
    Form.WOOCOMMERCE: woocommerce.draft,
}
# Columns without which a file is not of that form.
_NEEDED: Final = {
    Form.OWN: {"handle", "sku", "price", "title_zh", "category"},
    Form.SHOPIFY: {"handle", "title", "variant price"},
    Form.WOOCOMMERCE: {"sku", "name", "regular price"},
}


def form_of(columns: Iterable[str]) -> Form | None:
    """Whose file has these columns; None if nobody's."""
    known = {column.strip().lower() for column in columns}
    return next((form for form, needed in _NEEDED.items() if needed <= known), None)


def told_apart(rows: Iterable[Row], form: Form) -> Iterator[list[Row]]:
    """The rows of each product, in the order in which products begin."""
    if form is Form.WOOCOMMERCE:
        return _families(rows)
    return _runs(rows, lambda row: row["handle"])


def parsed(rows: Sequence[Row], form: Form, *, shop: str, currency: str) -> Draft | Fault:
    """A product from its rows, or why it is none."""
    handle = rows[0]["handle"] or rows[0]["sku"]
    if form is not Form.WOOCOMMERCE and not rows[0]["handle"]:
        return Fault(line=rows[0].line, handle="", code="handle")
    try:
        return _DRAFTS[form](rows, shop=shop, currency=currency)
    except Unreadable as wrong:
        return Fault(line=_line_of(rows, wrong.said), handle=handle, code=wrong.code, said=wrong.said)


def _runs(rows: Iterable[Row], key: Callable[[Row], str]) -> Iterator[list[Row]]:
    """Neighbouring rows of one key; a row without one belongs to nobody and stands alone."""
    run: list[Row] = []
    for row in rows:
        if run and (key(row) != key(run[0]) or not key(row)):
            yield run
            run = []
        run.append(row)
    if run:
        yield run


def _families(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Products with their variations, which may stand anywhere in the file; orphans stand alone."""
    families: list[list[Row]] = []
    by_name: dict[str, list[Row]] = {}
    waiting: list[Row] = []
    for row in rows:
        if woocommerce.kind_of(row) == "variation":
            waiting.append(row)
            continue
        family = [row]
        families.append(family)
        by_name |= dict.fromkeys(woocommerce.names_of(row), family)
    for row in waiting:
        home = by_name.get(woocommerce.parent_of(row))
        if home is None:
            families.append([row])
        else:
            home.append(row)
    yield from families


def _line_of(rows: Sequence[Row], said: str) -> int:
    """The row in which a cell stands that could not be read."""
    cell = said.partition(": ")[2] or said
    return next((row.line for row in rows if cell and cell in row.cells.values()), rows[0].line)
