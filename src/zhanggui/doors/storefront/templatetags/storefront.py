"""`{% load storefront %}`: the shop's own words, pictures and forms in templates.

{{ card.title|said }}            both-language words in the language of the page
{% picture card size=240 %}      a product's picture with its size declared; eager=True above the fold
{% stars card.rating_mean %}     five stars, filled to the nearest, read aloud as a number
{% view_field %}                 the hidden field by which a form says which page it stood on
{% clicked card list_id forloop.counter %}  what to report when a card is opened
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from urllib.parse import urlencode

from django import template
from django.template.context import RequestContext
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhanggui.base.look.icons import icon
from zhanggui.doors.storefront import sights, words
from zhanggui.shop.catalogue.rules import Card, Words
from zhanggui.shop.orders.rules import Line

register = template.Library()


@register.filter
def said(both: Words) -> str:
    """The words in the language of the page."""
    return both.to(get_language() or "en")


@register.simple_tag
def picture(card: Card, size: int = 240, eager: bool = False, alt: str | None = None) -> SafeString:
    """An <img> of a product, square, `size` CSS pixels wide at most; lazy unless it stands above the fold."""
    return format_html(
        '<img src="{}" alt="{}" width="{}" height="{}"{} decoding="async">',
        reverse("storefront:picture", args=[card.sku, card.picture_version]),
        said(card.title) if alt is None else alt,
        size,
        size,
        "" if eager else format_html(' loading="{}"', "lazy"),
    )


@register.simple_tag
def stars(mean: Decimal | int) -> SafeString:
    """Five stars, as many filled as the nearest whole number."""
    filled = int(Decimal(mean).quantize(Decimal(1), ROUND_HALF_UP))
    drawn = format_html_join("", "{}", ((icon("star", extra="is-solid" if n < filled else ""),) for n in range(5)))
    label = _("%(mean)s of 5 stars") % {"mean": mean}
    return format_html('<span class="stars" role="img" aria-label="{}">{}</span>', label, drawn)


@register.simple_tag(takes_context=True)
def view_field(context: RequestContext) -> SafeString:
    """So that what a form brings about has the page view it stood on as its cause."""
    return format_html('<input type="hidden" name="view" value="{}">', context["request"].visit.view)


@register.simple_tag
def clicked(card: Card, list_id: str, position: int) -> str:
    """The sighting of a card being opened, as JSON for `data-sight`."""
    return sights.clicked(card, list_id=list_id, position=position)


@register.simple_tag
def line_title(line: Line) -> str:
    """What an ordered article was called, in the language of the page."""
    return line.title(get_language() or "en")


@register.simple_tag
def provider_name(name: str) -> str:
    """What a way to pay is called."""
    return words.provider(name)[0]


@register.simple_tag(takes_context=True)
def pixel(context: RequestContext) -> str:
    """The address of the picture by which a page without scripts tells that it was seen."""
    request = context["request"]
    visit = request.visit
    said = {
        "shop": visit.shop.code,
        "view": visit.view,
        "visitor": visit.visitor,
        "session": visit.session,
        "prev": visit.seen_before or "",
        "page": request.path,
        "channel": visit.origin.channel,
        "campaign": visit.origin.campaign,
    }
    return "/v1/pixel.gif?" + urlencode(said)
