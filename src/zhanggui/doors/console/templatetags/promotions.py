"""`{% load promotions %}`: the fields in the sentence of a promotion.

{% slot form wrong "cap" _("most it takes off") unit="CNY" %}  a small field that stands in a sentence, with its name
{{ "step_"|glue:0 }}                                           two parts of a name put together
"""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def glue(first: object, second: object) -> str:
    """Two parts of a name put together."""
    return f"{first}{second}"


@register.simple_tag
def slot(form: Mapping[str, str], wrong: str, name: str, label: str, *, unit: str = "", is_wide: int = 0) -> SafeString:
    """A field that stands in a sentence; its name is there for those who do not see the sentence."""
    return format_html(
        '<span class="promo-field"><input class="input promo-slot{}" name="{}" value="{}" aria-label="{}" title="{}"'
        ' autocomplete="off"{}>{}</span>',
        " is-wide" if is_wide else "",
        name,
        form.get(name, ""),
        label,
        label,
        SafeString(' aria-invalid="true" aria-describedby="fault"') if wrong == name else "",
        format_html('<span class="soft small">{}</span>', unit) if unit else "",
    )
