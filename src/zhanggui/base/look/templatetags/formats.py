"""`{% load formats %}`: figures, moments and icons in templates, in the language and zone of the page.

    {{ price|money }}          the full amount
    {{ gmv|short_money }}      three figures, the full amount on hover
    {{ visits|short }}         three figures, the full figure on hover
    {{ visits|number }}        the full figure; {{ rating|number:1 }} with one decimal
    {{ rate|percent }}         12.3%; {{ rate|percent:0 }} without decimals
    {{ order.placed_on|day }}  a day
    {{ order.placed_at|moment }}, {{ order.placed_at|ago }}
    {% icon "cart" %}  {% icon "close" label=text %}  {% icon "star" extra="is-solid" %}

The language is the active one, the zone is Django's current one: a door activates its shop's.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django import template
from django.template.base import Node, Parser, Token
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from zhanggui.base import clock
from zhanggui.base.look import formats, icons
from zhanggui.base.look.templatetags.fixed import Fixed, is_plain
from zhanggui.base.money import Money

register = template.Library()
register.simple_tag(icons.icon, name="icon")
_icon = register.tags["icon"]


@register.tag("icon")
def drawn(parser: Parser, token: Token) -> Node:
    """An icon; one that is only named is drawn once."""
    tag: Node = _icon(parser, token)
    return Fixed(tag, bool) if is_plain(token) else tag


@register.filter
def money(amount: Money) -> str:
    """¥1,234.50"""
    return formats.money(amount, language=_language())


@register.filter
def short_money(amount: Money) -> SafeString:
    """¥12.3万, the full amount on hover"""
    language = _language()
    return _short(formats.short_money(amount, language=language), formats.money(amount, language=language))


@register.filter
def short(value: int | Decimal | float) -> SafeString:
    """12.3万, the full figure on hover"""
    language = _language()
    return _short(formats.short(value, language=language), formats.number(value, language=language))


@register.filter
def number(value: int | Decimal | float, decimals: int = 0) -> str:
    """1,234,567"""
    return formats.number(value, language=_language(), decimals=decimals)


@register.filter
def percent(rate: Decimal | float, decimals: int = 1) -> str:
    """12.3%"""
    return formats.percent(rate, language=_language(), decimals=decimals)


@register.filter
def day(on: date) -> str:
    """2026年11月22日"""
    return formats.day(on, language=_language())


@register.filter
def moment(at: datetime) -> SafeString:
    """2026年11月22日 14:05, in a <time>"""
    return _time(at, formats.moment(at, language=_language(), zone=_zone()))


@register.filter
def ago(at: datetime) -> SafeString:
    """3分钟前, the moment on hover"""
    language = _language()
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        at.isoformat(timespec="seconds"),
        formats.moment(at, language=language, zone=_zone()),
        formats.ago(at, now=clock.now(), language=language),
    )


def _short(words: str, full: str) -> SafeString:
    return format_html('<span title="{}">{}</span>', full, words)


def _time(at: datetime, words: str) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', at.isoformat(timespec="seconds"), words)


def _language() -> str:
    return get_language() or "zh-hans"


def _zone() -> str:
    return timezone.get_current_timezone_name()
