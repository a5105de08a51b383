"""Who comes to the shop, from where, on what, and what led them there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa

from zhanggui.doors.rehearsal.simulator.plan import Bools, Floats, Plan, Small
from zhanggui.doors.rehearsal.simulator.seasons import PERIODS, Calendar
from zhanggui.spine.sightings.rules import visits as origins

# Where parcels go: provinces by about how much is bought online there.
PROVINCES: Final = {
    **{"广东": 12.6, "浙江": 9.4, "江苏": 9.2, "上海": 7.4, "北京": 6.2, "山东": 6.1, "四川": 5.4, "河南": 4.6},
    **{"福建": 4.5, "湖北": 4.2, "湖南": 3.8, "安徽": 3.7, "河北": 3.5, "陕西": 2.5, "辽宁": 2.4, "江西": 2.3},
    **{"重庆": 2.3, "广西": 2.0, "云南": 1.9, "天津": 1.4, "山西": 1.4, "黑龙江": 1.3, "贵州": 1.2, "吉林": 1.0},
    **{"内蒙古": 0.9, "新疆": 0.8, "甘肃": 0.7, "海南": 0.6, "宁夏": 0.3, "青海": 0.2, "西藏": 0.1},
}
REGIONS: Final = tuple(PROVINCES)
# Days on the road beyond the first two.
FAR: Final = frozenset({"新疆", "西藏", "青海", "甘肃", "宁夏", "内蒙古", "黑龙江", "吉林", "海南"})

DEVICES: Final = (origins.PHONE, origins.DESKTOP, origins.TABLET)
PHONE, DESKTOP, TABLET = range(3)
_HOME_DEVICES: Final = (0.73, 0.20, 0.07)

CHANNELS: Final = (
    *(origins.DIRECT, origins.SEARCH, origins.SOCIAL, origins.AFFILIATE, origins.EMAIL, origins.SMS),
    *(origins.PAID_SEARCH, origins.PAID_SOCIAL, origins.DISPLAY, origins.REFERRAL),
)
#                        direct search social kol   mail  sms   sem   feed  disp  ref
_NEWCOMERS: Final = np.array([0.15, 0.20, 0.17, 0.10, 0.00, 0.00, 0.13, 0.16, 0.05, 0.04])
_COMEBACKS: Final = np.array([0.38, 0.16, 0.09, 0.04, 0.09, 0.13, 0.05, 0.04, 0.01, 0.01])

# Campaigns by channel; a promotion's come before the everyday ones while it lasts. {p} is the promotion.
_CREATORS: Final = ("kol-ashan-tea", "kol-xiaoman-home", "kol-laozhang-camp", "kol-ruoqi-desk", "kol-mumu-skin")
_EVERYDAY: Final = {
    origins.AFFILIATE: _CREATORS,
    origins.EMAIL: ("mail-weekly", "mail-new-arrivals"),
    origins.SMS: ("sms-restock", "sms-birthday"),
    origins.PAID_SEARCH: ("sem-brand", "sem-category", "sem-long-tail"),
    origins.PAID_SOCIAL: ("feed-lookalike", "feed-retarget", "feed-new-user"),
    origins.DISPLAY: ("display-retarget",),
}
_PROMOTED: Final = {
    origins.AFFILIATE: tuple(f"{name}-{{p}}" for name in _CREATORS),
    origins.EMAIL: ("mail-{p}-preview", "mail-{p}-last-call"),
    origins.SMS: ("sms-{p}",),
    origins.PAID_SEARCH: ("sem-{p}", "sem-brand"),
    origins.PAID_SOCIAL: ("feed-{p}-main", "feed-{p}-retarget"),
    origins.DISPLAY: ("display-{p}",),
}

# Repeat buying after Fader, Hardie and Lee (BG/NBD): how often somebody buys while interested, in orders a year, gamma;
# and how likely an order is the last, beta.
_RATE_SHAPE, _RATE_SCALE = 0.75, 6.0
_LAST_ALPHA, _LAST_BETA = 1.2, 1.2
_MOST_REPEATS: Final = 24
# Years of history before the plan, so that regulars exist on its first day.
_BEFORE: Final = 0.8

_RETURN_CHANCE: Final = 0.30
_MOST_RETURNS: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchases:
    """Which buyer orders on which day; one order a day each, in the order of days.

    buyer   index from 0
    is_new  whether it is the buyer's first order ever
    """

    buyer: Small
    day: Small
    is_new: Bools


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What stays with a person: province, usual device, favourite category."""

    region: Small
    device: Small
    category: Small


def purchases(plan: Plan, calendar: Calendar, rng: np.random.Generator) -> Purchases:
    """Who orders when: buyers come new at a steady share, some come back, most do not."""
    wanted, years = plan.orders, plan.days / 365
    before = _BEFORE / years
    count = int(wanted * (1 + before) * 1.25) + 200
    first = rng.uniform(-before, 1, count)
    rate = np.maximum(rng.gamma(_RATE_SHAPE, _RATE_SCALE * years, count), 1e-3)
    is_last = rng.random((_MOST_REPEATS, count)) < rng.beta(_LAST_ALPHA, _LAST_BETA, count)
    gaps = np.where(np.logical_or.accumulate(is_last, axis=0), np.inf, rng.standard_exponential(is_last.shape) / rate)
    at = np.vstack([first, first + np.cumsum(gaps, axis=0)])
    nth, buyer = np.nonzero((at >= 0) & (at < 1))
    day = np.searchsorted(np.cumsum(calendar.orders), at[nth, buyer], side="right").clip(0, plan.days - 1)
    # The first order of a buyer on a day stands; buyers are in random order, so cutting the list keeps the mix.
    _, kept = np.unique(buyer.astype(np.int64) * plan.days + day, return_index=True)
    kept = kept[:wanted]
    if len(kept) < wanted:
        raise ValueError(f"{plan.days} days are too few for {wanted} orders")
    kept = kept[np.argsort(day[kept], kind="stable")]
    return Purchases(buyer=buyer[kept].astype(np.int32), day=day[kept].astype(np.int32), is_new=nth[kept] == 0)


def browsers(plan: Plan, calendar: Calendar, count: int, rng: np.random.Generator) -> tuple[Small, Small]:
    """About so many visits of people who never buy: visitor, from 0, and day. Some come back after days or weeks."""
    visitors = max(1, int(count * (1 - _RETURN_CHANCE)))
    first = np.searchsorted(np.cumsum(calendar.visits), rng.random(visitors), side="right").clip(0, plan.days - 1)
    returns = np.minimum(rng.geometric(1 - _RETURN_CHANCE, visitors) - 1, _MOST_RETURNS)
    visitor = np.repeat(np.arange(visitors), returns + 1)
    gaps = np.ceil(rng.lognormal(1.1, 1.3, len(visitor))).astype(np.int64)
    starts = np.cumsum(returns + 1) - (returns + 1)
    gaps[starts] = 0
    passed = np.cumsum(gaps)
    day = first[visitor] + passed - passed[starts][visitor]
    is_in = day < plan.days
    return visitor[is_in].astype(np.int32), day[is_in].astype(np.int32)


def traits(count: int, *, category_shares: Floats, rng: np.random.Generator) -> Traits:
    """What so many people are like."""
    return Traits(
        region=chosen(np.array(list(PROVINCES.values())), count, rng),
        device=chosen(np.array(_HOME_DEVICES), count, rng),
        category=chosen(category_shares, count, rng),
    )


def channels(*, is_comeback: Bools, rng: np.random.Generator) -> Small:
    """What led each visit to the shop, as an index into `CHANNELS`."""
    count = len(is_comeback)
    return np.where(is_comeback, chosen(_COMEBACKS, count, rng), chosen(_NEWCOMERS, count, rng)).astype(np.int32)


def campaign_names() -> pa.Array:
    """Every campaign there is; the first is none."""
    return pa.array(_CAMPAIGNS.names, pa.string())


def campaigns(*, channel: Small, period: Small, rng: np.random.Generator) -> Small:
    """Each visit's campaign, as an index into `campaign_names`; channels that nobody pays for have none."""
    row = period * len(CHANNELS) + channel
    first, count = _CAMPAIGNS.first[row], _CAMPAIGNS.count[row]
    picked: Small = first + (rng.random(len(row)) * count).astype(np.int32)
    return picked


def chosen(weights: Floats, count: int, rng: np.random.Generator) -> Small:
    """So many indexes, each as often as its weight says."""
    edges = np.cumsum(weights)
    found = np.searchsorted(edges, rng.random(count) * edges[-1], side="right").astype(np.int32)
    index: Small = np.minimum(found, np.int32(len(weights) - 1))
    return index


@dataclass(frozen=True, slots=True, kw_only=True)
class _Campaigns:
    """Names in one list; by period and channel, where theirs begin and how many there are."""

    names: tuple[str, ...]
    first: Small
    count: Small


def _list_campaigns() -> _Campaigns:
    names, first, count = [""], [], []
    for period in PERIODS:
        for channel in CHANNELS:
            offered = (_PROMOTED if period else _EVERYDAY).get(channel, ())
            first.append(len(names) if offered else 0)
            count.append(max(1, len(offered)))
            names += [name.format(p=period) for name in offered]
    return _Campaigns(names=tuple(names), first=np.array(first, np.int32), count=np.array(count, np.int32))


_CAMPAIGNS: Final = _list_campaigns()
