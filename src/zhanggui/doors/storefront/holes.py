"""What belongs to one shopper on a page that is the same for all: `{% hole "cart" %}`.

On a page made for one request a hole is filled at once; in a document (see `documents`) it is left open and filled
each time. Whatever a document must not hold stands here, and only here.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from html import escape
from typing import Final, cast
from urllib.parse import quote_plus, urlencode

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhanggui.base.database import together
from zhanggui.base.look import formats, themes
from zhanggui.base.look.icons import icon
from zhanggui.base.look.sayings import has_sayings
from zhanggui.base.money import Money
from zhanggui.doors.storefront import addresses, flashing, notices, presaling, teaming
from zhanggui.doors.storefront.proofs import proof_of
from zhanggui.doors.storefront.visit import ShopRequest
from zhanggui.growth.promotions import queries as promotions
from zhanggui.shop.cart import queries as carts
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.wishes import queries as wishes

WISHES_COOKIE: Final = "wishes"
_TONES: Final = {"success": ("is-good", "good"), "warning": ("is-watch", "warning")}


def fill(request: HttpRequest, name: str) -> str:
    """What stands in a hole for whoever asks; a name that no hole has is a bug."""
    return _HOLES[name](cast(ShopRequest, request))


def pieces(request: ShopRequest) -> int:
    """How many pieces stand in the shopper's cart; one statement for all holes of a page."""
    counted = getattr(request, "pieces", None)
    if counted is None:
        counted = carts.pieces(request.visit.shop.code, request.visit.visitor)
        count(request, counted)
    return int(counted)


def count(request: ShopRequest, counted: int, *, worth_minor: int | None = None) -> None:
    """So many pieces stand in the cart, worth so much: whoever has counted them says it here."""
    request.pieces = counted  # type: ignore[attr-defined]
    request.worth_minor = worth_minor  # type: ignore[attr-defined]


def reverse_in(request: ShopRequest, name: str) -> str:
    """The address of a page that has no key, in the language of this address."""
    return _reversed(name, addresses.spoken_of(request))


@lru_cache(maxsize=64)
def _reversed(name: str, spoken: str) -> str:
    return reverse(f"storefront:{name}")


def _theme(request: ShopRequest) -> str:
    chosen = themes.theme_of(request)
    return f' data-theme="{chosen}"' if chosen else ""


def _walk(request: ShopRequest) -> str:
    """What the browser script reports with everything it reports."""
    visit = request.visit
    if not visit.is_traced:
        return ""
    return (
        f' data-shop="{visit.shop.code}" data-view="{visit.view}" data-visitor="{escape(visit.visitor)}"'
        f' data-session="{escape(visit.session)}" data-cause="{visit.seen_before or ""}"'
        f' data-channel="{escape(visit.origin.channel)}" data-campaign="{escape(visit.origin.campaign)}"'
    )


def _form(request: ShopRequest) -> str:
    """What every form carries: the proof that it stood on our page, and the page view that led to it."""
    made = getattr(request, "form_hole", "")
    if not made:
        made = (
            f'<input type="hidden" name="csrfmiddlewaretoken" value="{proof_of(request)}">'
            f'<input type="hidden" name="view" value="{request.visit.view}">'
        )
        request.form_hole = made  # type: ignore[attr-defined]
    return made


def _back(request: ShopRequest) -> str:
    """Where a switch of language or light leads back to."""
    return f'<input type="hidden" name="next" value="{escape(request.get_full_path())}">{_form(request)}'


def _cart(request: ShopRequest) -> str:
    return _cart_link(reverse_in(request, "cart"), request.LANGUAGE_CODE, pieces(request))


@lru_cache(maxsize=1024)
def _cart_link(address: str, language: str, n: int) -> str:
    """The way to the cart in the language of the page, which is the one that is spoken now."""
    label = ngettext("Cart, %(n)s piece", "Cart, %(n)s pieces", n) % {"n": n}
    badge = f'<span class="badge">{n if n < 100 else "99+"}</span>' if n else ""
    return (
        f'<a class="top-link cart-link" id="cart-link" href="{address}" aria-label="{label}">'
        f'{icon("cart")}<span class="top-words">{_("Cart")}</span>{badge}</a>'
    )


def _account(request: ShopRequest) -> str:
    """The way to the account, under the name of whoever is signed in."""
    shopper = request.visit.shopper()
    return _account_link(reverse_in(request, "account"), request.LANGUAGE_CODE, shopper.name if shopper else "")


@lru_cache(maxsize=1024)
def _account_link(address: str, language: str, name: str) -> str:
    """The way to the account in the language of the page, which is the one that is spoken now."""
    title = _("My account")
    name = escape(name) or title
    label = title if name == title else f"{title}: {name}"
    return (
        f'<a class="top-link" href="{address}" aria-label="{label}">'
        f'{icon("person")}<span class="top-words clip">{name}</span></a>'
    )


def _floating(request: ShopRequest) -> str:
    """On a phone the cart stays at hand, with its count and what the goods cost, as long as something lies in it."""
    if not pieces(request):
        return ""
    shop, worth_minor = request.visit.shop, getattr(request, "worth_minor", None)
    if promotions.may_change(shop.code):
        # What offers take off is known to the cart alone; an amount that is not the cart's is none.
        return _floating_link(reverse_in(request, "cart"), request.LANGUAGE_CODE, pieces(request), None)
    if worth_minor is None:
        person = request.visit.asked.person(otherwise=request.visit.browser)
        ((_pieces, worth_minor),) = together.ask(catalogue.worth_asked(carts.lines_asked(shop.code, person)))
    worth = Money(worth_minor, shop.currency)
    return _floating_link(reverse_in(request, "cart"), request.LANGUAGE_CODE, pieces(request), worth)


@lru_cache(maxsize=1024)
def _floating_link(address: str, language: str, n: int, worth: Money | None) -> str:
    """The way to the cart in the language of the page, which is the one that is spoken now."""
    total = formats.money(worth, language=language) if worth else ""
    said = ngettext("%(n)s piece", "%(n)s pieces", n) % {"n": n}
    return (
        f'<a class="floating-cart" href="{address}">{icon("cart")}'
        f'<span>{said}</span><strong>{total}</strong><span class="floating-go">{_("To the cart")}</span></a>'
    )


def _now(request: ShopRequest) -> str:
    """The place of the one-click form of whoever is signed in; it comes by itself, or by a link without scripts.

    It is asked for once the page stands, for any number of pieces: what it says of the sum costs statements.
    """
    match = request.resolver_match
    if match is None or not request.visit.is_signed_in:
        return ""
    address = addresses.within("now", match.kwargs["sku"])
    return (
        f'<div class="now-place" hx-get="{address}" hx-trigger="load, change from:#quantity" hx-include="#quantity"'
        f' hx-swap="innerHTML"><a class="button is-wide" href="{address}">{_("Order with one click")}</a></div>'
    )


def _said(request: ShopRequest) -> str:
    said = notices.words_for(request)
    first = _notice("success", said) if said else ""
    if not has_sayings(request):
        return first
    return first + "".join(_notice(each.level_tag, str(each.message)) for each in messages.get_messages(request))


def _notice(level: str, words: str) -> str:
    tone, drawn = _TONES.get(level, ("is-bad", "bad"))
    return f'<p class="notice {tone}">{icon(drawn)}<span>{escape(words)}</span></p>\n'


def _wish(request: ShopRequest) -> str:
    """The heart of a product's page. Only a browser that ever wished for something asks whether it is for this."""
    sku = str(request.resolver_match.kwargs.get("sku", "")) if request.resolver_match else ""
    visit = request.visit
    is_on = WISHES_COOKIE in request.COOKIES and wishes.is_wished(visit.shop.code, visit.visitor, sku)
    said, drawn = (_("On your wish list"), "is-solid") if is_on else (_("Add to wish list"), "")
    return (
        f'<button class="button is-quiet wish" name="to" value="{"off" if is_on else "on"}" '
        f'aria-pressed="{"true" if is_on else "false"}">{icon("care", extra=drawn)}{said}</button>'
    )


def _flash(request: ShopRequest) -> str:
    """What the page of an article says of its flash sale; empty, and nothing asked, while none is near."""
    sku = str(request.resolver_match.kwargs.get("sku", "")) if request.resolver_match else ""
    return flashing.block(request, sku, form=_form(request))


def _presale(request: ShopRequest) -> str:
    """What the page of an article says of its presale; empty, and nothing asked, while none is near."""
    sku = str(request.resolver_match.kwargs.get("sku", "")) if request.resolver_match else ""
    return presaling.block(request, sku)


def _appearance(request: ShopRequest) -> str:
    """Which light is on."""
    return _lights(themes.theme_of(request) or "auto", request.LANGUAGE_CODE)


@lru_cache(maxsize=8)
def _lights(chosen: str, language: str) -> str:
    names = (("auto", "half", _("Auto")), ("light", "sun", _("Light")), ("dark", "moon", _("Dark")))
    return "".join(
        f'<button name="theme" value="{value}" aria-pressed="{"true" if value == chosen else "false"}">'
        f"{icon(drawn)}{name}</button>"
        for value, drawn, name in names
    )


def _pixel(request: ShopRequest) -> str:
    """The picture by which a page without scripts tells that it was seen."""
    visit = request.visit
    if not visit.is_traced or request.method != "GET":
        return ""
    # Ids are made of letters, digits and hyphens; the rest is quoted, and it is seldom new.
    where = _where(visit.shop.code, request.path_info, visit.origin.channel, visit.origin.campaign)
    return (
        f'<noscript><img src="/v1/pixel.gif?view={visit.view}&amp;visitor={quote_plus(visit.visitor)}'
        f'&amp;session={quote_plus(visit.session)}&amp;prev={visit.seen_before or ""}&amp;{where}"'
        ' width="1" height="1" alt=""></noscript>'
    )


@lru_cache(maxsize=4096)
def _where(shop: str, page: str, channel: str, campaign: str) -> str:
    said = {"shop": shop, "page": page, "channel": channel, "campaign": campaign}
    return escape(urlencode(said))


def _team(request: ShopRequest) -> str:
    """What the page of an article says of buying it together; empty, and nothing asked, where that is not on."""
    sku = str(request.resolver_match.kwargs.get("sku", "")) if request.resolver_match else ""
    return teaming.block(request, sku, form=_form(request))


_HOLES: Final[dict[str, Callable[[ShopRequest], str]]] = {
    "theme": _theme,
    "walk": _walk,
    "form": _form,
    "back": _back,
    "account": _account,
    "cart": _cart,
    "floating": _floating,
    "now": _now,
    "said": _said,
    "appearance": _appearance,
    "flash": _flash,
    "presale": _presale,
    "team": _team,
    "wish": _wish,
    "pixel": _pixel,
}
