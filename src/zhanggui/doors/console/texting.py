"""Text messages as their carrier sees them: what each says, how it is counted, and what is to be approved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy

from zhanggui.base.outbox.rules import Alphabet, Template, alphabet_of, segments
from zhanggui.base.shops.rules import Shop
from zhanggui.doors.console import message_words as words
from zhanggui.growth.messages import queries
from zhanggui.growth.messages.rules import READY, Wording, template_of

_Known = dict[str, list[Template]]
_MEMBER: Final = lazy("{1} points, {2} the day, {3} the tier, {4} by how much it is missed")
_ORDER: Final = lazy("{1} the order")
# What the shop sends besides advertising: what it is, and what stands in its gaps.
_SERVICE: Final[Mapping[str, tuple[Promise, Promise]]] = {
    "sign_in_code": (lazy("Code to sign in"), lazy("{1} the code, {2} for how many minutes")),
    "order_paid": (lazy("Order is paid"), _ORDER),
    "order_expired": (lazy("Order was not paid in time"), _ORDER),
    "order_shipped": (lazy("Parcel has left"), _ORDER),
    "order_delivered": (lazy("Parcel has arrived"), _ORDER),
    "order_return_accepted": (lazy("Return is accepted"), _ORDER),
    "order_exchange_due": (lazy("Exchange waits to be paid"), _ORDER),
    "order_exchange_lapsed": (lazy("Exchange became a refund"), _ORDER),
    "order_refunded": (lazy("Money was paid back"), _ORDER),
    "presale_opened": (lazy("Balance can be paid"), lazy("{1} the amount, {2} until when")),
    "presale_six_hours_on": (lazy("Balance is open"), lazy("{1} the amount, {2} until when")),
    "presale_a_day_left": (lazy("Balance: a day left"), lazy("{1} the amount, {2} until when")),
    "presale_two_hours_left": (lazy("Balance: two hours left"), lazy("{1} the amount, {2} until when")),
    "team_full": (lazy("Team is complete"), _ORDER),
    "team_refunded": (lazy("Team failed, money comes back"), _ORDER),
    "team_ended": (lazy("Team failed"), _ORDER),
    "coupons_given": (lazy("Coupons were given"), lazy("{1} how many, {2} the first one's name, {3} its last day")),
    "member_tier_changed": (lazy("Membership: another tier"), _MEMBER),
    "member_tier_ending": (lazy("Membership: a tier ends"), _MEMBER),
    "member_points_expiring": (lazy("Membership: points expire"), _MEMBER),
    "member_birthday": (lazy("Membership: birthday"), _MEMBER),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text message in a language.

    words   as it is handed in for approval
    signs   it has, and how many fit into one: 70 with a single Chinese sign, else 160
    count   as how many messages it is counted without what stands in its gaps
    """

    language: str
    spoken: Promise
    words: str
    signs: int
    most: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """Words that a carrier has to approve before they can be sent.

    gaps      what stands in its gaps, where the words themselves are not shown
    approved  by language; "" where it is not
    abroad    the same for numbers outside mainland China, which carriers approve apart
    sign      that stands in front, if it is not the shop's name; sign_abroad: of those
    """

    name: str
    title: object
    gaps: object
    texts: tuple[Text, ...]
    approved: Mapping[str, str]
    sign: str
    abroad: Mapping[str, str]
    sign_abroad: str


def texts(wording: Wording, shop: Shop, *, has_coupon: bool) -> tuple[Text, ...]:
    """What a wording says by text message, in both languages."""
    return tuple(_text(wording, shop, language, has_coupon=has_coupon) for language in queries.LANGUAGES)


def ready(shop: Shop) -> tuple[Needed, ...]:
    """The ready wordings as text messages, for a shop whose carrier approves everything."""
    return _ready(shop, {}, coupons=(False,))


def needed(shop: Shop, templates: Iterable[Template]) -> tuple[Needed, ...]:
    """All that the shop sends by text message, advertising last, with what is approved of it."""
    known: _Known = {}
    for one in templates:
        known.setdefault(one.name, []).append(one)
    service = [_needed(name, title, gaps, (), known) for name, (title, gaps) in _SERVICE.items()]
    advertising = _ready(shop, known, coupons=(False, True))
    listed = {one.name for one in (*service, *advertising)}
    own = [_needed(name, lazy("Words of your own"), "", (), known) for name in known if name not in listed]
    return (*service, *advertising, *own)


def _ready(shop: Shop, known: _Known, *, coupons: Iterable[bool]) -> tuple[Needed, ...]:
    return tuple(
        _needed(
            template_of(wording, has_coupon=has_coupon),
            words.READY_FOR[key],
            lazy("with a coupon") if has_coupon else "",
            texts(wording, shop, has_coupon=has_coupon),
            known,
        )
        for key, wording in READY.items()
        for has_coupon in coupons
    )


def _needed(name: str, title: object, gaps: object, shown: tuple[Text, ...], known: _Known) -> Needed:
    here, abroad = ([one for one in known.get(name, ()) if one.is_abroad is away] for away in (False, True))
    return Needed(
        name=name,
        title=title,
        gaps=gaps,
        texts=shown,
        approved=_numbers(here),
        sign=next((one.sign for one in here), ""),
        abroad=_numbers(abroad),
        sign_abroad=next((one.sign for one in abroad), ""),
    )


def _numbers(templates: Iterable[Template]) -> dict[str, str]:
    """The carrier's number by language; empty for one that it has not approved."""
    return dict.fromkeys(queries.LANGUAGES, "") | {one.language: one.number for one in templates}


def _text(wording: Wording, shop: Shop, language: str, *, has_coupon: bool) -> Text:
    said = queries.text_to_approve(wording, shop, language=language, has_coupon=has_coupon)
    whole = f"【{shop.name}】{said}"
    return Text(
        language=language,
        spoken=words.LANGUAGES[language],
        words=said,
        signs=len(whole),
        most=160 if alphabet_of(whole) is Alphabet.GSM_7 else 70,
        count=segments(whole),
    )
