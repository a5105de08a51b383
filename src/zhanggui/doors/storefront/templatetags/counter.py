"""`{% load counter %}`: words of the checkout in templates.

{% typed form.city "is-third" %}  a field with its label and what is wrong with it
{% address_typed form %}         all fields of an address
{% address_words address %}      an address on one line, in the order of the page's language
{% addresses_kept book form is_known %}
                                 the shopper's own addresses to choose from
{% option_name option %}         what a way to deliver is called
{% units_typed place sku %}      how many pieces were typed for a further place
{% variant_words line %}         which variant was ordered
{% percent_words rate %}         a tax rate as people read it
{% exception_words card law %}   why something is not taken back without a reason
{% hidden fresh %}               hidden fields by name
{% rows_wanted rows %}, {% rows_ordered rows %}, {% rows_summed counter sum_lines %}, {% rows_happened steps %}
                                 see `rows`
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from babel.numbers import format_percent
from django import template
from django.forms import BoundField
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from zhanggui.base.look.icons import icon
from zhanggui.base.shops.rules import Law
from zhanggui.doors.storefront import fields, rows, words
from zhanggui.doors.storefront.baskets import Row, SumLine
from zhanggui.doors.storefront.forms import AddressForm, PlaceForm
from zhanggui.shop.catalogue.rules import Card
from zhanggui.shop.checkout.queries import Counter
from zhanggui.shop.checkout.rules import Option
from zhanggui.shop.customers.rules import Address, Entry
from zhanggui.shop.orders.rules import Line

register = template.Library()
_WHO: Final = (("recipient", "is-half"), ("phone", "is-half"), ("country", "is-half"))
_IN_CHINESE: Final = (
    *_WHO,
    *(("region", "is-third"), ("city", "is-third"), ("district", "is-third in-china")),
    *(("street", ""), ("postcode", "is-half")),
)
_IN_ENGLISH: Final = (
    *_WHO,
    *(("street", ""), ("district", "is-quarter in-china"), ("city", "is-quarter")),
    *(("region", "is-quarter"), ("postcode", "is-quarter")),
)


@register.simple_tag
def typed(field: BoundField, extra: str = "") -> SafeString:
    """A field to type in; extra are further class names."""
    return fields.block(field.form, field.name, extra)


@register.simple_tag
def address_typed(form: AddressForm) -> SafeString:
    """All fields of an address, in the order of the page's language."""
    parts = _IN_ENGLISH if (get_language() or "en").startswith("en") else _IN_CHINESE
    return mark_safe("".join([fields.block(form, name, extra) for name, extra in parts]))  # noqa: S308


@register.simple_tag
def address_words(address: Address) -> str:
    """From the country down in Chinese, from the door up in English; our own country is not named."""
    country = "" if address.country == "CN" else address.country
    if (get_language() or "en").startswith("en"):
        parts = (address.street, address.district, address.city, address.region, address.postcode, country)
        return ", ".join(part for part in parts if part)
    parts = (country, address.region, address.city, address.district, address.street, address.postcode)
    return " ".join(part for part in parts if part)


@register.simple_tag
def addresses_kept(book: Sequence[Entry], form: AddressForm, is_known: bool) -> SafeString:
    """The shopper's own addresses to choose from, and a new one: the first is chosen unless another was."""
    chosen = str(form["known"].value() or "") or (str(book[0].id) if is_known else "")
    kept = (
        f'<label class="choice"><input type="radio" name="known" value="{each.id}"{_checked(str(each.id) == chosen)}>'
        f'<span class="choice-words"><strong>{escape(each.address.recipient)} · {escape(each.address.phone)}</strong>'
        f'<span class="soft small">{escape(address_words(each.address))}</span></span></label>'
        for each in book
    )
    new = (
        f'<label class="choice"><input type="radio" name="known" value=""{_checked(not chosen)}>'
        f'<span class="choice-words"><strong>{gettext("Another address")}</strong></span>{icon("plus")}</label>'
    )
    return mark_safe("".join([*kept, new]))  # noqa: S308 -- what was typed is escaped


def _checked(is_chosen: bool) -> str:
    return " checked" if is_chosen else ""


@register.simple_tag
def option_name(option: Option) -> str:
    """What a way to deliver is called, in the language of the page."""
    return option.name(get_language() or "en")


@register.simple_tag
def units_typed(place: PlaceForm, sku: str) -> str:
    """What was typed for an article at a further place; nothing yet is none."""
    said = (place.data or place.initial).get(f"{place.prefix}-units-{sku}", "0")
    return str(said)[:3]


@register.simple_tag
def variant_words(line: Line) -> str:
    """Which variant was ordered; empty if there is only one."""
    return line.variant(get_language() or "en")


@register.simple_tag
def percent_words(rate: Decimal) -> str:
    """A rate as people read it: 0.13 is 13%."""
    return format_percent(rate, format="#,##0.##%", locale="en" if (get_language() or "en") == "en" else "zh")


@register.simple_tag
def exception_words(card: Card, law: Law) -> str:
    """Why an article is not taken back without a reason, where that law is kept."""
    return words.returns(card.no_reason_exception, law=law, needs_shipping=card.needs_shipping)


@register.simple_tag
def hidden(fresh: Mapping[str, object]) -> SafeString:
    """Fields that the shopper sends back without seeing them."""
    written = (f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in fresh.items())
    return mark_safe("".join(written))  # noqa: S308 -- escaped above


@register.simple_tag
def rows_wanted(wanted: Iterable[Row]) -> SafeString:
    """The articles of a checkout."""
    return mark_safe(rows.wanted(wanted))  # noqa: S308 -- escaped where it is written


@register.simple_tag
def rows_ordered(ordered: Iterable[tuple[Line, Card | None]]) -> SafeString:
    """The articles of an order."""
    return mark_safe(rows.ordered(ordered))  # noqa: S308 -- escaped where it is written


@register.simple_tag
def rows_summed(counter: Counter, lines: Sequence[SumLine]) -> SafeString:
    """The parts of a sum."""
    listed = counter.quote.listed if counter.quote else None
    return mark_safe(rows.summed(counter.cart.pieces, listed, lines) if listed else "")  # noqa: S308


@register.simple_tag
def rows_happened(steps: Iterable[tuple[str, datetime]]) -> SafeString:
    """What has happened to an order."""
    return mark_safe(rows.happened(steps))  # noqa: S308 -- escaped where it is written
