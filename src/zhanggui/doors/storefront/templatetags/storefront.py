"""`{% load storefront %}`: the shop's own words, pictures and forms in templates.

{{ card.title|said }}            both-language words in the language of the page
{% picture card size=240 %}      a product's picture with its size declared; eager=True above the fold
{% stars card.rating_mean %}     five stars, filled to the nearest, read aloud as a number
{% view_field %}                 the hidden field by which a form says which page it stood on
{% clicked card list_id forloop.counter at %}  what to report when a card is opened
{% hole "cart" %}                what belongs to one shopper; left open in a document
{% standing "foot" %}…{% endstanding %}  what is the same on every page of a language: made once, its holes left open
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from django import template
from django.template.base import FilterExpression, Node, NodeList, Parser, Token
from django.template.context import Context, RequestContext
from django.urls import get_script_prefix
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhanggui.base import clock
from zhanggui.base.look import formats
from zhanggui.base.look.icons import icon
from zhanggui.doors.storefront import addresses, cards, documents, holes, sights, topics, words
from zhanggui.doors.storefront.shelves import Choice
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
    words = escape(said(card.title) if alt is None else alt)
    loading = "" if eager else ' loading="lazy"'
    return mark_safe(  # noqa: S308 -- addresses and words are escaped
        f'<img src="{escape(addresses.picture_of(card))}"{smaller(card.picture_file, size)} alt="{words}"'
        f' width="{size}" height="{size}"{loading} decoding="async">'
    )


@register.simple_tag
def smaller(name: str, size: int) -> SafeString:
    """The renditions of a picture that stands `size` CSS pixels wide, or as wide as the phone: `srcset` and `sizes`."""
    chosen = addresses.smaller_of(name)
    return format_html(' srcset="{}" sizes="min({}px, 100vw)"', chosen, size) if chosen else SafeString()


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
def clicked(card: Card, list_id: str, position: int, at: datetime) -> str:
    """The sighting of a card being opened, as JSON for `data-sight`."""
    return sights.clicked(card, list_id=list_id, position=position, price=card.price_at(at))


@register.simple_tag(takes_context=True)
def goods_card(context: Context, card: Card, list_id: str, position: int, is_first_row: bool = False) -> SafeString:
    """A card in a list; see `cards`."""
    look = cards.Look(
        language=get_language() or "en",
        is_sold_out=card.sku in context["sold_out"],
        is_traced=context["is_traced"],
        is_eager=is_first_row and position < 6,
    )
    offers, label = context["offers"].get(card.sku), context["labels"].get(card.sku, "")
    html = cards.shown(
        card,
        look,
        list_id=list_id,
        position=position,
        at=context["at"],
        offers=offers,
        label=label,
        before=context["lowest"],
    )
    return mark_safe(html)  # noqa: S308 -- escaped where it is written


@register.simple_tag
def choices(chosen: Sequence[Choice]) -> SafeString:
    """The values of a facet as links, each with how many goods it would leave."""
    checked, language = icon("check"), get_language() or "en"
    links = []
    for one in chosen:
        mark, current, box = (" is-chosen", ' aria-current="true"', checked) if one.is_chosen else ("", "", "")
        count = "" if one.products is None else formats.number(one.products, language=language)
        links.append(
            f'<li><a class="facet-value{mark}" href="{escape(one.address)}" rel="nofollow"{current}>'
            f'<span class="facet-box">{box}</span><span class="facet-words">{escape(one.name)}</span>'
            f'<span class="soft">{count}</span></a></li>'
        )
    return mark_safe("".join(links))  # noqa: S308 -- addresses and names are escaped above


@register.simple_tag
def within(name: str, key: str) -> str:
    """The address of one of very many pages of a kind: `{% within "product" card.sku %}`."""
    return addresses.within(name, key)


@register.simple_tag
def price_of(card: Card, at: datetime) -> cards.Tag:
    """What stands as the price on a card, and why."""
    return cards.tag_of(card, at)


@register.simple_tag
def medium(name: str) -> str:
    """The address of a file of the media store."""
    return addresses.file_of(name)


@register.simple_tag(takes_context=True)
def hole(context: Context, name: str) -> SafeString:
    """What belongs to one shopper: filled now on a page made for one request, left open in a document."""
    request = context.get("request")
    if request is None:
        return mark_safe(documents.mark(name))  # noqa: S308 -- a name of ours between two NULs
    if "pieces" in context:
        request.pieces = context["pieces"]
    return mark_safe(holes.fill(request, name))  # noqa: S308 -- each hole escapes what it was told


@register.simple_tag
def help_links() -> tuple[tuple[str, str], ...]:
    """The help pages by key, with their titles."""
    return topics.links()


@register.simple_tag
def line_title(line: Line) -> str:
    """What an ordered article was called, in the language of the page."""
    return line.title(get_language() or "en")


@register.simple_tag
def provider_name(name: str) -> str:
    """What a way to pay is called."""
    return words.provider(name)[0]


@register.tag
def standing(parser: Parser, token: Token) -> Standing:
    """`{% standing "strip" strip_here %}`: the name of a part, and what else it depends on beside the language."""
    _name, *asked = token.split_contents()
    nodes = parser.parse(("endstanding",))
    parser.delete_first_token()
    return Standing([parser.compile_filter(each) for each in asked], nodes)


class Standing(Node):
    """A part of a page that is kept as long as a list is, by language, address and what the tag names."""

    def __init__(self, asked: list[FilterExpression], nodes: NodeList) -> None:
        self.asked = asked
        self.nodes = nodes

    def render(self, context: Context) -> SafeString:
        """The part as it stands, its holes filled if there is somebody to fill them for."""
        at = clock.now()
        said = tuple(each.resolve(context) for each in self.asked)
        around = (get_script_prefix(), get_language(), context.get("is_traced"), context.get("shop"))
        key = ("standing", *around, *said)
        kept = documents.standing.get(key, at=at)
        if kept is None:
            with context.push(request=None):
                parts, names = documents.cut(self.nodes.render(context))
            kept = documents.Document(parts=parts, holes=names, good_until=at + documents.LISTS_FOR)
            documents.standing.put(key, kept, most_bytes=documents.STANDING_BYTES)
        request = context.get("request")
        told = kept.told(lambda name: (holes.fill(request, name) if request else documents.mark(name)).encode())
        return mark_safe(told.decode())  # noqa: S308 -- rendered above
