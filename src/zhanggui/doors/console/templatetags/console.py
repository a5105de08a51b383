"""`{% load console %}`: figures, links and charts of the console's pages.

{{ figure|full }}  {{ figure|short_figure }}   a metric's figure; the short one has the full one on hover
{% address "orders" number="gmv_paid" %}       a page's address with the scope of this page
{% address "orders" scope=part.scope %}        the same with another scope
{% chart id spec %}                            a chart's specification, as data for the browser
{{ part.bar|bar }}                             a bar of so many hundredths
{{ value|bytes }}                              a size in a unit that fits
"""

from __future__ import annotations

import json
from typing import Any

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from zhanggui.base.accounts.rules import Role
from zhanggui.base.look import formats
from zhanggui.base.money import Money
from zhanggui.doors.console import cockpit, figures, words
from zhanggui.doors.console.scope import Scope
from zhanggui.insight.metrics.rules import Cut, Figure, Metric, Period
from zhanggui.insight.sources.rules import State, Tally

register = template.Library()
register.filter("bar", cockpit.bar)
register.filter("full", figures.full)
# What would end the script element, or begin another, inside it.
_UNSAFE = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


@register.filter
def short_figure(figure: Figure | None) -> SafeString:
    """The figure in few signs, in full on hover."""
    return format_html('<span title="{}">{}</span>', figures.full(figure), figures.short(figure))


@register.simple_tag(takes_context=True)
def address(context: Context, route: str, *args: Any, scope: Scope | None = None, **more: str) -> str:
    """A page's address, about what this page is about."""
    about = scope or context.get("scope")
    query = f"?{about.query(**more)}" if about else ""
    return reverse(f"console:{route}", args=args) + query


@register.simple_tag
def chart(id: str, spec: dict[str, Any]) -> SafeString:
    """A specification beside the figure that it is drawn into."""
    text = mark_safe(json.dumps(spec, ensure_ascii=False).translate(_UNSAFE))  # noqa: S308 -- escaped above
    return format_html('<script type="application/json" id="{}">{}</script>', id, text)


@register.filter
def span(period: Period) -> str:
    """The days of a period."""
    return words.span(period)


@register.filter
def cut_name(cut: str) -> str:
    """What a cut is called."""
    return str(words.CUTS[Cut(cut)])


@register.filter
def metric_name(metric: Metric) -> str:
    """What a metric is called in the language of the page."""
    return metric.name(words.language())


@register.filter
def metric_words(metric: Metric) -> str:
    """What a metric means in the language of the page."""
    return metric.words(words.language())


@register.filter
def cell_name(value: str, cut: str) -> str:
    """What a value of a cut is called."""
    return words.cell(Cut(cut), value)


@register.filter
def state_name(state: State) -> str:
    """How an import stands, in a word."""
    return str(words.IMPORT_STATES[state])


@register.filter
def tally_amount(tally: Tally) -> str:
    """What an import came to; empty if its file carries no money."""
    return formats.money(Money(tally.amount_minor, tally.currency), language=words.language()) if tally.currency else ""


@register.filter
def actor_name(by: str) -> str:
    """Who did something, in words."""
    return words.actor(by)


@register.filter
def role_name(role: str) -> str:
    """What an operator is called."""
    return str(words.ROLES[Role(role)])


@register.filter
def bytes(size: int) -> str:
    """A size: 12 kB, 3.4 MB, 1.2 GB."""
    value, unit = float(size), "B"
    for bigger in ("kB", "MB", "GB", "TB"):
        if value < 1000:
            break
        value, unit = value / 1000, bigger
    decimals = 1 if value < 100 and unit != "B" else 0
    return f"{formats.number(value, language=words.language(), decimals=decimals)} {unit}"


@register.simple_tag
def filters(scope: Scope) -> list[dict[str, str]]:
    """The filters of a scope as sentences, each with the address parts that drop it."""
    return [
        {
            "cut": str(words.CUTS[cut]),
            "values": _(", ").join(words.cell(cut, value) for value in values),
            "without": scope.without(cut).query(),
        }
        for cut, values in scope.where.by_cut().items()
    ]


@register.simple_tag
def presets() -> list[tuple[str, str]]:
    """The named periods."""
    return [(preset.value, str(name)) for preset, name in words.PRESETS.items()]


@register.simple_tag
def comparisons() -> list[tuple[str, str]]:
    """What a period can be held against."""
    return [(one.value, str(name)) for one, name in words.COMPARISONS.items()]
