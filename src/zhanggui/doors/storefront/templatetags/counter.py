"""`{% load counter %}`: words of the checkout in templates.

{% typed form.city "is-third" %}  a field with its label and what is wrong with it
{% address_words address %}      an address on one line, in the order of the page's language
{% option_name option %}         what a way to deliver is called
{% units_typed place sku %}      how many pieces were typed for a further place
{% variant_words line %}         which variant was ordered
{% percent_words rate %}         a tax rate as people read it
{% exception_words key %}        why something is not taken back without a reason
"""

from __future__ import annotations

from decimal import Decimal

from babel.numbers import format_percent
from django import template
from django.forms import BoundField
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from zhanggui.doors.storefront import fields, words
from zhanggui.doors.storefront.forms import PlaceForm
from zhanggui.shop.checkout.rules import Option
from zhanggui.shop.customers.rules import Address
from zhanggui.shop.orders.rules import Line

register = template.Library()


@register.simple_tag
def typed(field: BoundField, extra: str = "") -> SafeString:
    """A field to type in; extra are further class names."""
    return fields.block(field, extra)


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
    """Which variant was ordered, with what parts it from the price; empty if there is only one."""
    said = line.variant(get_language() or "en")
    return f"{said} · " if said else ""


@register.simple_tag
def percent_words(rate: Decimal) -> str:
    """A rate as people read it: 0.13 is 13%."""
    return format_percent(rate, format="#,##0.##%", locale="en" if (get_language() or "en") == "en" else "zh")


@register.simple_tag
def exception_words(key: str) -> str:
    """Why an article is not taken back without a reason."""
    return words.returns(key)
