"""Reading promotions and coupons; pricing a basket with them."""

from zhanggui.growth.promotions.queries.asked import public_prices
from zhanggui.growth.promotions.queries.auditing import Disagreement, audit
from zhanggui.growth.promotions.queries.batches import (
    Batch,
    Choosable,
    Traced,
    batch,
    batches,
    choosable,
    codes,
    coupons_of,
    traced,
)
from zhanggui.growth.promotions.queries.coupons import Held, Offered, centre, giving, held, offered, on_offer
from zhanggui.growth.promotions.queries.live import Called, forget, rule_of
from zhanggui.growth.promotions.queries.people import AWAY_FOR, SEGMENTS, segments, segments_of
from zhanggui.growth.promotions.queries.planned import (
    Deed,
    Planned,
    all_planned,
    called,
    deeds,
    floor_list,
    overlaps,
    planned,
    promotion,
)
from zhanggui.growth.promotions.queries.preview import DRAFT, Priced, Sample, previewed, typical
from zhanggui.growth.promotions.queries.pricing import Explained, explain, offers, postage, said_of
from zhanggui.growth.promotions.queries.showing import Shown, edition, going_on, may_change, names, shown, turns
from zhanggui.growth.promotions.queries.trial import Tried, draft_of, replay, tried
from zhanggui.growth.promotions.queries.wording import KIND_NAMES, PRICE_NAMES, amount, rate, sentence, tenths

__all__ = [
    "AWAY_FOR",
    "DRAFT",
    "KIND_NAMES",
    "PRICE_NAMES",
    "SEGMENTS",
    "Batch",
    "Called",
    "Choosable",
    "Deed",
    "Disagreement",
    "Explained",
    "Held",
    "Offered",
    "Planned",
    "Priced",
    "Sample",
    "Shown",
    "Traced",
    "Tried",
    "all_planned",
    "amount",
    "audit",
    "batch",
    "batches",
    "called",
    "centre",
    "choosable",
    "codes",
    "coupons_of",
    "deeds",
    "draft_of",
    "edition",
    "explain",
    "floor_list",
    "forget",
    "giving",
    "going_on",
    "held",
    "may_change",
    "names",
    "offered",
    "offers",
    "on_offer",
    "overlaps",
    "planned",
    "postage",
    "previewed",
    "promotion",
    "public_prices",
    "rate",
    "replay",
    "rule_of",
    "said_of",
    "segments",
    "segments_of",
    "sentence",
    "shown",
    "tenths",
    "traced",
    "tried",
    "turns",
    "typical",
]
