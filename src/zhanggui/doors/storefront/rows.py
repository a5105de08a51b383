"""Rows of the checkout and of an order, written by hand and not by templates: each page has a dozen values in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import get_language, ngettext

from zhanggui.base.look import formats
from zhanggui.base.look.icons import icon
from zhanggui.base.money import Money
from zhanggui.doors.storefront import addresses
from zhanggui.doors.storefront.baskets import Row, SumLine
from zhanggui.shop.catalogue.rules import Card
from zhanggui.shop.orders.rules import Line

_SIZE = 56
_GOOD = ' class="good"'
# A space at which no line ends: how many there are stands beside what there is.
_BESIDE = "\N{NO-BREAK SPACE}"


def wanted(rows: Iterable[Row]) -> str:
    """What is about to be ordered: picture, name, pieces, amount."""
    language = _language()
    return "".join(
        _row(
            row.card,
            f'<span class="row-title">{escape(row.card.title.to(language) if row.card else row.sku)}</span>'
            f'<span class="soft small">{_variant(row.card, language)}×{_BESIDE}{row.quantity}</span>',
            row.amount,
            language,
        )
        for row in rows
    )


def ordered(rows: Iterable[tuple[Line, Card | None]]) -> str:
    """What was ordered, each with the way to its page while the catalogue knows it, and what was given back of it."""
    language = _language()
    return "".join(_row(card, _ordered(line, card, language), line.amount, language) for line, card in rows)


def summed(pieces: int, listed: Money, lines: Sequence[SumLine]) -> str:
    """The goods at list price and every part of the sum below them."""
    language = _language()
    goods = ngettext("Goods, %(n)s piece", "Goods, %(n)s pieces", pieces) % {"n": pieces}
    rest = "".join(
        f"<div{_GOOD if line.is_saving else ''}><dt>{escape(line.name)}</dt>"
        f"<dd>{formats.money(line.amount, language=language)}</dd></div>"
        for line in lines
    )
    return f"<div><dt>{goods}</dt><dd>{formats.money(listed, language=language)}</dd></div>{rest}"


def happened(steps: Iterable[tuple[str, datetime]]) -> str:
    """What has happened to an order, and when."""
    language, zone = _language(), timezone.get_current_timezone_name()
    return "".join(
        f'<li><span>{escape(said)}</span><span class="soft small"><time datetime="{at.isoformat(timespec="seconds")}">'
        f"{formats.moment(at, language=language, zone=zone)}</time></span></li>"
        for said, at in steps
    )


def _row(card: Card | None, words: str, amount: Money | None, language: str) -> str:
    return (
        f'<li class="row"><span class="row-picture">{_picture(card)}</span><div class="row-words">{words}</div>'
        f'<p class="row-amount">{"" if amount is None else formats.money(amount, language=language)}</p></li>'
    )


def _variant(card: Card | None, language: str) -> str:
    said = card.variant.to(language) if card else ""
    return f"{escape(said)} " if said else ""


def _picture(card: Card | None) -> str:
    if card is None:
        return ""
    smaller = addresses.smaller_of(card.picture_file)
    chosen = f' srcset="{escape(smaller)}" sizes="min({_SIZE}px, 100vw)"' if smaller else ""
    return (
        f'<img src="{escape(addresses.picture_of(card))}"{chosen} alt="" width="{_SIZE}" height="{_SIZE}"'
        ' loading="lazy" decoding="async">'
    )


def _ordered(line: Line, card: Card | None, language: str) -> str:
    title, variant = escape(line.title(language)), line.variant(language)
    named = (
        f'<a class="row-title" href="{escape(addresses.within("product", line.sku))}">{title}</a>'
        if card
        else f'<span class="row-title">{title}</span>'
    )
    each = formats.money(line.list_price, language=language)
    of = f"{escape(variant)} · " if variant else ""
    back = ""
    if n := line.returned_units:
        said = ngettext("%(n)s piece given back", "%(n)s pieces given back", n) % {"n": n}
        back = f'<span class="small watch">{icon("return")}{said}</span>'
    return f'{named}<span class="soft small">{of}{each}{_BESIDE}×{_BESIDE}{line.quantity}</span>{back}'


def _language() -> str:
    return get_language() or "zh-hans"
