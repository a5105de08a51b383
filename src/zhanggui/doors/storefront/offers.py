"""What promotions make of a cart, for its page and the checkout: why it costs this, what is near, coupons, gifts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from zhanggui.base.money import Money
from zhanggui.doors.storefront import baskets, offer_words
from zhanggui.growth.promotions import queries
from zhanggui.growth.promotions.queries import Explained
from zhanggui.growth.promotions.rules import COUPON, PROMOTION, Applied, PricedLine, Reason, Rejected, Rule, Target
from zhanggui.growth.promotions.rules import Line as SeenLine
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.catalogue.rules import Card
from zhanggui.shop.checkout.queries import Counter
from zhanggui.supply.stock import queries as stock

# A coupon that is left out for one of these could be used instead of another.
_COULD_BE_USED: Final = frozenset({Reason.BETTER_ONE, Reason.NOT_CHOSEN, Reason.EXCLUDED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One promotion with what it did, or why it did nothing.

    amount  what it took off, below zero; None if nothing
    said    why not; empty if it did
    """

    name: str
    terms: str
    amount: Money | None = None
    said: str = ""
    asks_sign_in: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearest:
    """What is closest to being reached.

    percent  of the way that is done
    address  goods that count towards it
    """

    said: str
    percent: int
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A coupon that the shopper holds, beside this cart.

    amount  what it takes off, below zero; None if it is not used
    said    why it is not used
    instead the coupons to choose so that it is used; empty if it cannot be
    """

    name: str
    terms: str
    ends_at: datetime | None
    amount: Money | None
    said: str
    instead: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gift:
    """Pieces that cost nothing once they lie in the cart."""

    card: Card
    units: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """All of it.

    names      what the lines of the sum are called, by the source of an adjustment
    is_chosen  whether the shopper picked the coupons; else the best were picked
    """

    names: Mapping[str, str]
    applied: tuple[Line, ...] = ()
    rejected: tuple[Line, ...] = ()
    nearest: Nearest | None = None
    tickets: tuple[Ticket, ...] = ()
    gifts: tuple[Gift, ...] = ()
    is_chosen: bool = False

    @property
    def uses_coupon(self) -> bool:
        """Whether a coupon takes something off."""
        return any(ticket.amount for ticket in self.tickets)


def told(counter: Counter) -> Told:
    """What promotions say about a cart that was priced just now. No statement, but two where a gift is due.

    One where a promotion speaks of goods that do not lie in the cart.
    """
    delivery = _delivery(counter)
    said = queries.said_of(counter.quote.basket) if counter.quote else None
    if said is None:
        return Told(names={}, nearest=delivery)
    cards = _cards(counter, said)
    around = _around(cards, said)
    by_id = {(rule.id, rule.coupon): rule for rule in said.rules}
    candidates = [near for near in (*_near(said, by_id, around), delivery) if near]
    return Told(
        names={_source(each): _named(each, around) for each in said.applied},
        applied=tuple(_did(each, by_id, around) for each in said.applied),
        rejected=tuple(_did_not(each, by_id, around) for each in said.rejected),
        nearest=max(candidates, key=lambda near: near.percent, default=None),
        tickets=_tickets(said, around),
        gifts=_gifts(counter, said, cards, around),
        is_chosen=said.chosen is not None,
    )


def goods_of(target: Target) -> str:
    """The address of goods that a promotion looks at: the one shelf or product if there is one, else its own entry."""
    if len(target.categories) == 1 and not (target.skus or target.products or target.tags):
        return reverse("storefront:category", args=[next(iter(target.categories))])
    if len(target.skus) == 1 and not (target.categories or target.products or target.tags):
        return reverse("storefront:product", args=[next(iter(target.skus))])
    return reverse("storefront:home") if target.is_everything else reverse("storefront:offers")


def _cards(counter: Counter, said: Explained) -> Mapping[str, Card]:
    """The goods of the cart, and those that promotions speak of besides."""
    named = {sku for rule in said.rules for sku in offer_words.goods_of(rule)} - counter.cards.keys()
    return counter.cards | catalogue.products(sorted(named)) if named else counter.cards


def _around(cards: Mapping[str, Card], said: Explained) -> offer_words.Around:
    language = get_language() or "en"
    return offer_words.Around(
        shop=said.basket.shop,
        names=queries.names(said.basket.shop),
        titles={sku: card.title.to(language) for sku, card in cards.items()},
        kinds={each.rule: each.kind for each in said.applied},
        has_chosen_none=said.chosen == frozenset(),
    )


def _source(applied: Applied) -> str:
    """As the price step writes it into its adjustment."""
    if applied.coupon:
        return f"{COUPON}{applied.coupon}"
    return f"{PROMOTION}{applied.rule}" if applied.rule and ":" not in applied.rule else applied.rule


def _named(applied: Applied, around: offer_words.Around) -> str:
    name = around.name(applied.rule, applied.kind)
    return _("Coupon: %(name)s") % {"name": name} if applied.coupon else name


def _did(applied: Applied, by_id: Mapping[tuple[str, str], Rule], around: offer_words.Around) -> Line:
    rule = by_id.get((applied.rule, applied.coupon))
    terms = offer_words.sentence(rule, around) if rule else ""
    return Line(name=_named(applied, around), terms=terms, amount=applied.amount)


def _did_not(rejected: Rejected, by_id: Mapping[tuple[str, str], Rule], around: offer_words.Around) -> Line:
    rule = by_id.get((rejected.rule, rejected.coupon))
    return Line(
        name=around.name(rejected.rule, rejected.kind),
        terms=offer_words.sentence(rule, around) if rule else "",
        said=offer_words.why_not(rejected, rule, around),
        asks_sign_in=rejected.reason is Reason.SIGN_IN,
    )


def _near(
    said: Explained, by_id: Mapping[tuple[str, str], Rule], around: offer_words.Around
) -> Iterable[Nearest | None]:
    """What the next step of each promotion asks for; of those by pieces only the first step."""
    for rejected in said.rejected:
        rule = by_id.get((rejected.rule, rejected.coupon))
        if rule and rejected.reason is Reason.BELOW_THRESHOLD and rejected.missing:
            yield _by_money(said, rule, rejected.missing, around)
        if rule and rejected.reason is Reason.TOO_FEW_PIECES and rejected.missing_units:
            yield _by_pieces(said, rule, rejected.missing_units, around)
    for applied in said.applied:
        rule = by_id.get((applied.rule, applied.coupon))
        if rule and applied.missing:
            yield _by_money(said, rule, applied.missing, around)


def _by_money(said: Explained, rule: Rule, missing: Money, around: offer_words.Around) -> Nearest:
    fitting = (priced.amount for line, priced in _lines(said) if rule.target.fits(line))
    has = Money.total(fitting, missing.currency).minor
    return Nearest(
        said=_("%(missing)s more for %(name)s")
        % {"missing": offer_words.amount(missing), "name": around.name(rule.id)},
        percent=100 * has // (has + missing.minor),
        address=goods_of(rule.target),
    )


def _by_pieces(said: Explained, rule: Rule, missing: int, around: offer_words.Around) -> Nearest:
    has = sum(line.quantity for line, _priced in _lines(said) if rule.target.fits(line))
    template = ngettext("%(n)d piece more for %(name)s", "%(n)d pieces more for %(name)s", missing)
    return Nearest(
        said=template % {"n": missing, "name": around.name(rule.id)},
        percent=100 * has // (has + missing),
        address=goods_of(rule.target),
    )


def _lines(said: Explained) -> Iterable[tuple[SeenLine, PricedLine]]:
    return zip(said.seen.lines, said.quoted.lines, strict=True)


def _delivery(counter: Counter) -> Nearest | None:
    more = baskets.short_of_free_delivery(counter)
    if more is None or counter.quote is None:
        return None
    has = counter.quote.goods.minor
    return Nearest(
        said=_("%(more)s more and delivery is free") % {"more": offer_words.amount(more)},
        percent=100 * has // (has + more.minor),
        address=reverse("storefront:home"),
    )


def _tickets(said: Explained, around: offer_words.Around) -> tuple[Ticket, ...]:
    """The coupons that the shopper holds: used ones first, then those that could be."""
    used = {each.coupon: each for each in said.applied if each.coupon}
    refused = {each.coupon: each for each in said.rejected if each.coupon}
    layers = {rule.coupon: rule.layer for rule in said.rules if rule.coupon in used}
    tickets = []
    for rule in (rule for rule in said.rules if rule.coupon):
        applied, rejected = used.get(rule.coupon), refused.get(rule.coupon)
        if applied is None and rejected is None:
            continue
        could = rejected is not None and rejected.reason in _COULD_BE_USED
        others = [coupon for coupon, layer in layers.items() if layer != rule.layer]
        tickets.append(
            Ticket(
                name=around.name(rule.id),
                terms=offer_words.sentence(rule, around),
                ends_at=rule.ends_at,
                amount=applied.amount if applied else None,
                said=offer_words.why_not(rejected, rule, around) if rejected and not applied else "",
                instead=",".join([rule.coupon, *others]) if could and not applied else "",
            )
        )
    return tuple(sorted(tickets, key=lambda ticket: (ticket.amount is None, not ticket.instead)))


def _gifts(
    counter: Counter, said: Explained, cards: Mapping[str, Card], around: offer_words.Around
) -> tuple[Gift, ...]:
    """Gifts that are due and lie in stock, of what is still sold."""
    due = said.quoted.gifts
    if not due:
        return ()
    free = stock.free([gift.sku for gift in due])
    there = {line.sku: line.quantity for line in counter.cart.lines}
    return tuple(
        Gift(card=cards[gift.sku], units=gift.units, name=around.name(gift.rule))
        for gift in due
        if gift.sku in cards
        and cards[gift.sku].is_listed
        and free.get(gift.sku, 0) >= gift.units + there.get(gift.sku, 0)
    )
