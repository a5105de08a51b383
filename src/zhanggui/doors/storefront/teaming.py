"""Teams and invitations as shoppers see them: faces, the clock of the server, and the card that is passed on."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Final

import segno
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from zhanggui.base import clock
from zhanggui.base.look import formats
from zhanggui.base.money import Money
from zhanggui.doors.storefront import addresses
from zhanggui.doors.storefront.visit import ShopRequest
from zhanggui.growth.teams import queries, rules
from zhanggui.growth.teams.rules import Offer, Sits, Team
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.catalogue.errors import NoSuchProduct
from zhanggui.shop.catalogue.rules import Card
from zhanggui.shop.customers import queries as customers
from zhanggui.shop.customers.rules import masked_name

# More faces than this are a number.
_MOST_FACES: Final = 10
# A drawing that is larger is left off the card.
_LARGEST_DRAWING: Final = 200_000
_PER_LINE: Final = 26
_FONT: Final = "PingFang SC,Noto Sans CJK SC,Microsoft YaHei,system-ui,sans-serif"


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """A seat on a page.

    letter  the first of the name; empty for a free seat
    name    masked; is_paid: whether the seat counts
    """

    letter: str = ""
    name: str = ""
    is_paid: bool = False
    is_mine: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A team on a page.

    saved    what one piece costs less than alone
    ends_ms  as scripts reckon it
    hidden   seats that have no face of their own, because there are many
    """

    team: Team
    card: Card
    saved: Money
    faces: tuple[Face, ...]
    hidden: int
    missing: int
    free: int
    ends_ms: int


def shown(teams: tuple[Team, ...], *, persons: tuple[str, ...], at: datetime) -> tuple[Shown, ...]:
    """Teams with their faces. At most two statements."""
    if not teams:
        return ()
    cards = catalogue.products(sorted({team.offer.sku for team in teams}))
    ids = {seat.customer_id for team in teams for seat in team.seats if seat.holds(at)}
    names = {id: contact.name for id, contact in customers.contacts(list(ids)).items()}
    found = []
    for team in teams:
        if team.offer.sku not in cards:
            continue
        card = cards[team.offer.sku]
        sitting = [seat for seat in team.seats if seat.holds(at)]
        taken = [
            Face(
                letter=rules.initial(names.get(seat.customer_id, "")),
                name=masked_name(names.get(seat.customer_id, "")) or _("A shopper"),
                is_paid=seat.state is Sits.PAID,
                is_mine=seat.person in persons,
            )
            for seat in sitting
        ]
        faces = (*taken, *(Face() for _free in range(team.free_seats(at))))
        found.append(
            Shown(
                team=team,
                card=card,
                saved=card.price_at(at) - team.price,
                faces=faces[:_MOST_FACES],
                hidden=max(0, len(faces) - _MOST_FACES),
                missing=team.missing(),
                free=team.free_seats(at),
                ends_ms=millis(team.ends_at),
            )
        )
    return tuple(found)


def block(request: ShopRequest, sku: str, *, form: str) -> str:
    """The part of a product's page that speaks of buying it together; empty, and nothing asked, where that is not on.

    form  what every form of the page carries
    """
    at, shop = clock.now(), request.visit.shop.code
    offer = queries.offer_on(shop, sku, at=at)
    if offer is None:
        return ""
    found = queries.open_teams(offer.id, person=request.visit.visitor, at=at)
    context = {
        "offer": offer,
        "saved": _saved(offer, at),
        "teams": shown(found, persons=(), at=at),
        "now_ms": millis(at),
        "form": form,
    }
    return render_to_string("storefront/teams/block.html", context)


def millis(at: datetime) -> int:
    """A moment as scripts reckon it."""
    return clock.micros(at) // 1000


def qr(address: str) -> str:
    """A code that leads there, as a picture for an <img>."""
    return segno.make(address, error="m", micro=False).svg_data_uri(border=2, dark="#1c1b19", light="#ffffff")


def team_card(team: Team, *, shop: str, language: str) -> str:
    """The picture that is passed on to invite others into a team: what, for how much, with how many, and the code."""
    card = catalogue.products([team.offer.sku])[team.offer.sku]
    title = " ".join(filter(None, (card.title.to(language), card.variant.to(language))))
    return _card(
        shop=shop,
        head=_("Buy it together"),
        title=title,
        price=formats.money(team.price, language=language),
        note=_("in a team of %(n)d") % {"n": team.size},
        address=addresses.absolute(f"/t/{team.code}/"),
        drawing=_drawing(card.sku),
    )


def invitation(code: str, *, shop: str, promise: str) -> str:
    """The picture by which a member invites friends.

    promise  what a friend finds in the shop, in a few words
    """
    return _card(
        shop=shop,
        head=_("An invitation"),
        title=promise,
        price="",
        note=_("Scan to have a look"),
        address=addresses.absolute(f"/i/{code}/"),
        drawing="",
    )


def _saved(offer: Offer, at: datetime) -> Money:
    return catalogue.products([offer.sku])[offer.sku].price_at(at) - offer.price


def _drawing(sku: str) -> str:
    try:
        svg = catalogue.picture(sku).svg
    except NoSuchProduct:
        return ""
    return svg if len(svg) <= _LARGEST_DRAWING else ""


def _card(*, shop: str, head: str, title: str, price: str, note: str, address: str, drawing: str) -> str:
    """A picture of 600 by 800, drawn by ourselves: it loads nothing from anywhere."""
    code = segno.make(address, error="m", micro=False)
    pieces = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 800" width="600" height="800" '
        f'font-family="{_FONT}"><rect width="600" height="800" fill="#faf8f4"/>',
        '<rect width="600" height="88" fill="#b8372a"/>',
        _text(32, 56, shop, size=28, fill="#ffffff"),
        f'<text x="568" y="56" text-anchor="end" font-size="24" fill="#ffffff">{escape(head)}</text>',
    ]
    size = code.symbol_size(border=2)[0]
    drawn = _inner(code.svg_inline(border=2, omitsize=True, dark="#1c1b19", light="#ffffff"))
    lines = _lines(title)
    if drawing:
        picture = base64.b64encode(drawing.encode()).decode()
        pieces.append(f'<image href="data:image/svg+xml;base64,{picture}" x="120" y="112" width="360" height="360"/>')
        pieces += [_text(32, 524 + 38 * row, line, size=28) for row, line in enumerate(lines)]
        below = 580 + 38 * (len(lines) - 1)
        pieces += [
            _text(32, below + 32, price, size=52, fill="#b8372a", weight=700),
            _text(32, below + 84, note, fill="#5f5b54"),
        ]
        corner, side = (392, 592), 176
    else:
        pieces += [_text(60, 200 + 40 * row, line, size=28, weight=700) for row, line in enumerate(lines)]
        pieces.append(_text(60, 732, " ".join(filter(None, (price, note))), fill="#5f5b54"))
        corner, side = (140, 320), 320
    where = f'x="{corner[0]}" y="{corner[1]}" width="{side}" height="{side}"'
    pieces += [f'<svg {where} viewBox="0 0 {size} {size}">{drawn}</svg>', "</svg>"]
    return "".join(pieces)


def _text(x: int, y: int, words: str, *, size: int = 24, fill: str = "#1c1b19", weight: int = 400) -> str:
    return f'<text x="{x}" y="{y}" font-size="{size}" font-weight="{weight}" fill="{fill}">{escape(words)}</text>'


def _inner(svg: str) -> str:
    """What stands inside an <svg>."""
    return svg[svg.index(">") + 1 : svg.rindex("</svg>")]


def _lines(words: str) -> list[str]:
    """At most two lines of about 26 letters, or half as many Chinese ones."""
    lines, width = [""], 0
    for sign in words:
        width += 1 if sign.isascii() else 2
        if width > _PER_LINE and (sign == " " or not sign.isascii() or width > _PER_LINE + 8):
            lines.append("")
            width = 0 if sign == " " else 2
        lines[-1] += "" if sign == " " and not lines[-1] else sign
    return lines if len(lines) <= 2 else [lines[0], f"{lines[1]}…"]
