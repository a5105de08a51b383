"""The quote of promotions: a pure function of a basket, a shopper, the rules that touch them, and the moment."""

from zhanggui.growth.promotions.rules.admission import rest_of
from zhanggui.growth.promotions.rules.asked import Period, asked, is_public, periods_of
from zhanggui.growth.promotions.rules.codes import CODE_BITS, code_of, new_code, shown
from zhanggui.growth.promotions.rules.engine import postage, quote
from zhanggui.growth.promotions.rules.index import Index
from zhanggui.growth.promotions.rules.kinds import KINDS, Kind, Words
from zhanggui.growth.promotions.rules.plans import Offering, Plan, moved
from zhanggui.growth.promotions.rules.shares import units_of
from zhanggui.growth.promotions.rules.specials import Special
from zhanggui.growth.promotions.rules.states import NEXT, Done, Hold, Kept, Rest, State, Way
from zhanggui.growth.promotions.rules.uses import COUPON, PROMOTION, STEP, Use, uses
from zhanggui.growth.promotions.rules.values import (
    CLOSED_SOURCES,
    LIST_PRICE,
    Applied,
    Audience,
    Base,
    Basket,
    GiftDue,
    Layer,
    Line,
    Payer,
    Posted,
    PricedLine,
    PriceOffer,
    PriceSource,
    Quoted,
    Reason,
    Rejected,
    Rule,
    Shopper,
    Target,
    Terms,
)
from zhanggui.growth.promotions.rules.written import audience, audience_json, target, target_json

__all__ = [
    "CLOSED_SOURCES",
    "CODE_BITS",
    "COUPON",
    "KINDS",
    "LIST_PRICE",
    "NEXT",
    "PROMOTION",
    "STEP",
    "Applied",
    "Audience",
    "Base",
    "Basket",
    "Done",
    "GiftDue",
    "Hold",
    "Index",
    "Kept",
    "Kind",
    "Layer",
    "Line",
    "Offering",
    "Payer",
    "Period",
    "Plan",
    "Posted",
    "PriceOffer",
    "PriceSource",
    "PricedLine",
    "Quoted",
    "Reason",
    "Rejected",
    "Rest",
    "Rule",
    "Shopper",
    "Special",
    "State",
    "Target",
    "Terms",
    "Use",
    "Way",
    "Words",
    "asked",
    "audience",
    "audience_json",
    "code_of",
    "is_public",
    "moved",
    "new_code",
    "periods_of",
    "postage",
    "quote",
    "rest_of",
    "shown",
    "target",
    "target_json",
    "units_of",
    "uses",
]
