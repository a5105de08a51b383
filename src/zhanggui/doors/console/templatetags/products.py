"""`{% load products %}`: products in the console's templates.

{{ product.title|both }}             words in the language of the page, the other one rather than nothing
{% pair form "title" name rows=3 %}  a text in both languages, two fields side by side
{% one form "sku.0" name "price" %}  one field of a row
{% sub "block.0" "proof" as field %} the name of a field of a row
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from zhanggui.base.look import formats
from zhanggui.base.money import Money
from zhanggui.doors.console import product_words, words
from zhanggui.shop.catalogue.rules import NewProduct, Words, renditions

register = template.Library()


@register.filter
def both(said: Words) -> str:
    """Words in the language of the page."""
    return said.to(words.language())


@register.filter
def named(names: Mapping[str, Words], key: str) -> str:
    """What a category is called."""
    return both(names[key]) if key in names else key


@register.filter
def get(form: Mapping[str, Any], name: str) -> str:
    """A field of a form; empty if nothing stands in it."""
    return str(form.get(name, ""))


@register.filter
def sold(product: NewProduct) -> bool:
    """Whether any SKU of it is listed."""
    return any(own.is_listed for own in product.skus)


@register.filter
def field_name(what: str) -> str:
    """What a change is about."""
    return str(product_words.FIELDS.get(what, what))


@register.filter
def form_name(form: str) -> str:
    """Whose file it is."""
    return {"zhanggui": _("Zhanggui"), "shopify": "Shopify", "woocommerce": "WooCommerce"}.get(form, form)


@register.filter
def exception_name(reason: str) -> str:
    """Why something cannot be returned without a reason."""
    return str(product_words.EXCEPTIONS.get(reason, reason))


@register.filter
def smallest(file: str) -> str:
    """The smallest rendition of a picture; the file itself if there are none."""
    return renditions.names_of(file).get(renditions.WIDTHS[0], file)


@register.filter
def medium_name(kind: str) -> str:
    """What is looked at."""
    return str(product_words.MEDIA.get(kind, kind))


@register.simple_tag
def sub(name: str, *parts: str | int) -> str:
    """The name of a field of a row."""
    return ".".join([name, *map(str, parts)])


@register.simple_tag
def cell(what: str, value: Any, names: Mapping[str, Words]) -> str:
    """A value before or after a change."""
    if isinstance(value, Money):
        return formats.money(value, language=words.language())
    if isinstance(value, bool):
        return _("Listed") if value else _("Not listed")
    if not value:
        return "—"
    return named(names, value) if what == "category" else str(value)


@register.simple_tag
def pair(form: Mapping[str, Any], name: str, label: str, rows: int = 1) -> SafeString:
    """A text in Chinese and English."""
    fields = [
        format_html(
            '<div class="field"><label for="{id}">{label} · {language}</label>{field}</div>',
            id=f"{name}.{code}",
            label=label,
            language=language,
            field=_field(f"{name}.{code}", get(form, f"{name}.{code}"), rows=rows, lang=lang),
        )
        for code, lang, language in (("zh", "zh-Hans", _("Chinese")), ("en", "en", _("English")))
    ]
    return format_html('<div class="pair">{}{}</div>', *fields)


@register.simple_tag
def one(
    form: Mapping[str, Any], row: str, label: str, part: str = "", kind: str = "text", mode: str = "text"
) -> SafeString:
    """One field of a row."""
    name = f"{row}.{part}" if part else row
    return format_html(
        '<div class="field"><label for="{0}">{1}</label>'
        '<input id="{0}" type="{2}" name="{0}" value="{3}" inputmode="{4}" maxlength="200"></div>',
        name,
        label,
        kind,
        get(form, name),
        mode,
    )


def _field(name: str, value: str, *, rows: int, lang: str) -> SafeString:
    if rows > 1:
        return format_html(
            '<textarea id="{0}" name="{0}" rows="{1}" lang="{2}">{3}</textarea>', name, rows, lang, value
        )
    return format_html('<input id="{0}" name="{0}" value="{1}" lang="{2}">', name, value, lang)
