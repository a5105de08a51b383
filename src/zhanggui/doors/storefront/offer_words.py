"""What shoppers read about promotions and coupons: names, terms, whom they are for, and why one does not apply."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from zhanggui.base.errors import Refused
from zhanggui.base.look import formats
from zhanggui.base.money import Money
from zhanggui.growth.membership import queries as membership
from zhanggui.growth.promotions import errors, queries
from zhanggui.growth.promotions.queries import Called
from zhanggui.growth.promotions.queries.people import COMEBACK, NEW
from zhanggui.growth.promotions.rules import KINDS, LIST_PRICE, Audience, Reason, Rejected, Rule
from zhanggui.growth.promotions.rules.kinds import free_shipping, threshold, threshold_rate
from zhanggui.growth.promotions.rules.kinds.fields import rate_json

_SEGMENTS: Final[dict[str, Promise]] = {
    NEW: lazy("new customers"),
    COMEBACK: lazy("customers who come back after three months"),
}
_REFUSALS: Final[dict[type[Refused], Promise]] = {
    errors.NoSuchCoupon: lazy("No coupon can be had under this code or any more. Please check the letters."),
    errors.AllClaimed: lazy("All of these coupons have been claimed."),
    errors.NotForYou: lazy("This coupon is for other customers."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What the words are about besides the promotion itself.

    names   of promotions, by id
    titles  of goods, by SKU; a SKU without one stands for itself
    kinds   of what applied, by id: what an offer without a name is called by
    """

    shop: str
    names: Mapping[str, Called] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    has_chosen_none: bool = False

    def name(self, id: str, kind: str = "") -> str:
        """What a promotion, or an offer of a price, is called."""
        if id in self.names:
            return self.names[id].to(_language())
        return str(queries.PRICE_NAMES.get(kind or self.kinds.get(id, ""), _("another offer")))


def sentence(rule: Rule, around: Around) -> str:
    """The terms of a promotion: "CN¥300 or more: CN¥40 off"; its steps one after the other."""
    return queries.sentence(rule, language=_language(), titles=around.titles)


def face(rule: Rule, around: Around) -> tuple[str, str]:
    """What stands large on a coupon, and its condition below: ("CN¥40", "from CN¥300 on")."""
    terms = rule.terms
    if isinstance(terms, threshold.Terms) and len(terms.steps) == 1:
        (step,) = terms.steps
        return amount(Money(step.off, terms.currency)), _condition(step.threshold, terms.currency)
    if isinstance(terms, threshold_rate.Terms) and len(terms.steps) == 1:
        (part,) = terms.steps
        return _rate_face(Decimal(rate_json(part.off))), _condition(part.threshold, terms.currency)
    if isinstance(terms, free_shipping.Terms):
        return _("Free delivery"), _condition(terms.from_minor, terms.currency)
    return around.name(rule.id), sentence(rule, around)


def goods_of(rule: Rule) -> tuple[str, ...]:
    """The SKUs that its terms speak of, such as the gift."""
    parts = KINDS[rule.kind].sentence(rule.terms)
    return tuple(str(part.values[name]) for part in parts for name in ("gift", "sku") if part.values.get(name))


def why_not(rejected: Rejected, rule: Rule | None, around: Around) -> str:
    """Why a promotion takes nothing off this cart, in one sentence.

    rule  None for an offer of a price, which no promotion makes
    """
    return _WHY_NOT[rejected.reason](rejected, rule, around)


def people(audience: Audience, *, shop: str) -> str:
    """Whom it is for, as the object of a sentence: "Gold, new customers"; empty for everybody."""
    return groups(sorted(audience.tiers), sorted(audience.segments), shop=shop) or (
        pgettext("offer", "everybody who is signed in") if audience.is_signed_in_only else ""
    )


def groups(tiers: list[str], segments: list[str], *, shop: str) -> str:
    """Tiers and groups of people by name, the highest tier last; one that is gone is left out."""
    said = [tier.name.to(_language()) for tier in membership.tiers(shop) if tier.key in tiers] if tiers else []
    said += [str(_SEGMENTS[key]) for key in segments if key in _SEGMENTS]
    return _(", ").join(said)


def amount(money: Money) -> str:
    """An amount in a short line: whole yuan without zeros behind the point."""
    return queries.amount(money, language=_language())


def refusal(refused: Refused) -> str:
    """Why a coupon cannot be had.

    refuses  what it has no words for, by raising it again
    """
    if isinstance(refused, errors.ClaimedBefore):
        most = refused.data["per_person"]
        return ngettext(
            "You have had this coupon; everybody can have %(n)d.",
            "You have had these coupons; everybody can have %(n)d.",
            most,
        ) % {"n": most}
    if isinstance(refused, errors.CouponRests):
        if refused.is_over:
            return _("The offer of this code is over. Nothing was taken off.")
        return _("The offer of this code is paused. Nothing was taken; try the code again once the offer goes on.")
    if type(refused) not in _REFUSALS:
        raise refused
    return str(_REFUSALS[type(refused)])


def _rate_face(off: Decimal) -> str:
    if _language().startswith("en"):
        return _("%(rate)s off") % {"rate": queries.rate(off, language=_language())}
    return queries.tenths(off)


def _condition(from_minor: int, currency: str) -> str:
    if not from_minor:
        return _("no minimum")
    return _("from %(from)s on") % {"from": amount(Money(from_minor, currency))}


def _language() -> str:
    return get_language() or "en"


def _not_yet(rejected: Rejected, rule: Rule | None, around: Around) -> str:
    if rule is None or rule.starts_at is None:
        return _("It has not begun yet.")
    at = formats.moment(rule.starts_at, language=_language(), zone=timezone.get_current_timezone_name())
    return _("It begins at %(moment)s.") % {"moment": at}


def _over(rejected: Rejected, rule: Rule | None, around: Around) -> str:
    return _("It is over.")


def _nothing_fits(rejected: Rejected, rule: Rule | None, around: Around) -> str:
    return _("It is for other goods than those in the cart.")


def _not_for_you(rejected: Rejected, rule: Rule | None, around: Around) -> str:
    who = people(rule.audience, shop=around.shop) if rule else ""
    return _("It is for %(people)s.") % {"people": who} if who else _("It is for other customers.")


def _sign_in(rejected: Rejected, rule: Rule | None, around: Around) -> str:
    return _("It is for customers who are signed in.")


def _below(rejected: Rejected, rule: Rule | None, around: Around) -> str:
    missing = amount(rejected.missing) if rejected.missing else ""
    return _("%(missing)s more and it applies.") % {"missing": missing}


def _too_few(rejected: Rejected, rule: Rule | None, around: Around) -> str:
    n = rejected.missing_units
    return ngettext("%(n)d piece more and it applies.", "%(n)d pieces more and it applies.", n) % {"n": n}


def _gift_not_taken(rejected: Rejected, rule: Rule | None, around: Around) -> str:
    return _("The gift is not in the cart yet.")


def _used_up(rejected: Rejected, rule: Rule | None, around: Around) -> str:
    return _("You have used it as often as one person can.")


def _budget_spent(rejected: Rejected, rule: Rule | None, around: Around) -> str:
    return _("All of it has been given away.")


def _excluded(rejected: Rejected, rule: Rule | None, around: Around) -> str:
    return _("It does not go together with %(other)s.") % {"other": around.name(rejected.by)}


def _better_one(rejected: Rejected, rule: Rule | None, around: Around) -> str:
    if rejected.by == LIST_PRICE:
        return _("It would not make the price any lower.")
    if rejected.by == rejected.rule:
        return _("One of these counts per order.")
    return _("%(other)s saves you more.") % {"other": around.name(rejected.by)}


def _at_the_floor(rejected: Rejected, rule: Rule | None, around: Around) -> str:
    return _("These goods are at their lowest price already.")


def _price_takes_none(rejected: Rejected, rule: Rule | None, around: Around) -> str:
    return _("The special price of these goods takes no coupons.")


def _not_chosen(rejected: Rejected, rule: Rule | None, around: Around) -> str:
    return _("You chose to use no coupon.") if around.has_chosen_none else _("You chose another coupon.")


def _other_currency(rejected: Rejected, rule: Rule | None, around: Around) -> str:
    return _("It holds for another currency than the one you pay in.")


_WHY_NOT: Final[dict[Reason, Callable[[Rejected, Rule | None, Around], str]]] = {
    Reason.NOT_YET: _not_yet,
    Reason.OVER: _over,
    Reason.NOTHING_FITS: _nothing_fits,
    Reason.NOT_FOR_YOU: _not_for_you,
    Reason.SIGN_IN: _sign_in,
    Reason.BELOW_THRESHOLD: _below,
    Reason.TOO_FEW_PIECES: _too_few,
    Reason.GIFT_NOT_TAKEN: _gift_not_taken,
    Reason.USED_UP: _used_up,
    Reason.BUDGET_SPENT: _budget_spent,
    Reason.EXCLUDED: _excluded,
    Reason.BETTER_ONE: _better_one,
    Reason.AT_THE_FLOOR: _at_the_floor,
    Reason.PRICE_TAKES_NONE: _price_takes_none,
    Reason.NOT_CHOSEN: _not_chosen,
    Reason.OTHER_CURRENCY: _other_currency,
}
