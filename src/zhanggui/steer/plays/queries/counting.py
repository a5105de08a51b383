"""What plays are counted from: who is meant, what they bring by habit, what a play cost, what passed through it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from zhanggui.base import clock
from zhanggui.base.money import Money
from zhanggui.base.outbox.rules import Channel
from zhanggui.base.shops import queries as shops
from zhanggui.growth.experiments import queries as trials
from zhanggui.growth.experiments.rules import Arm
from zhanggui.growth.messages import queries as messages
from zhanggui.growth.messages.rules import Reason
from zhanggui.growth.promotions import queries as promotions
from zhanggui.insight.attribution import queries as attribution
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.lake.queries.engine import quoted
from zhanggui.insight.metrics.rules import Period
from zhanggui.insight.segments import queries as segments
from zhanggui.steer.plays.queries import occasions
from zhanggui.steer.plays.queries.plays import promotions_of
from zhanggui.steer.plays.rules import Action, Attributed, Audience, Cost, Habit, Play, occasion_of

_DAY: Final = timedelta(days=1)

# Paid less paid back, per person of the audience; what a paid order of anybody is worth.
_HABIT: Final = """
with told as (select * from {orders} where currency = ?),
brought as (
    select person, sum(case when kind in ('paid', 'balance') then amount_minor when kind = 'refunded' then -amount_minor
        else 0 end)::bigint as minor
    from told where person <> 0 group by person
)
select count(*), coalesce(avg(coalesce(minor, 0)), 0), coalesce(stddev_samp(coalesce(minor, 0)), 0),
    coalesce((select sum(amount_minor) / count(distinct order_number) from told where kind in ('paid', 'balance')), 0)
from ({crowd}) crowd left join brought using (person)
"""
# Orders that used one of its promotions, or came with its campaign: each once.
_THROUGH: Final = """
select count(distinct order_number), coalesce(sum(amount_minor), 0)::bigint from {orders}
where kind in ('paid', 'balance') and currency = ? and (campaign = ? or order_number in (
    select order_number from {offers}
    where kind = 'promotion' and what = 'used' and list_contains(?::varchar[], offer)))
"""


def people(shop: str, audience: Audience, *, at: datetime, channel: Channel | None = None) -> tuple[str, ...]:
    """Who is meant by an audience now, in the order of their ids.

    Of an occasion only those whom the message may reach now: the others would be in the trial and never treated.

    channel  of the message; None if they get something without a word
    refuses  NoSuchSegment, TermsUnfit
    """
    if audience.source is not None and occasion_of(audience.source) is not None:
        found = occasions.persons(shop, audience.source, at=at)
        return occasions.within_reach(shop, found, channel) if channel else found
    if audience.segment_id is not None:
        return segments.members(str(audience.segment_id), at)
    return segments.people_of(shop, audience.source, at=at) if audience.source is not None else ()


def habit(shop: str, audience: Audience, *, channel: Channel, days: int, at: datetime) -> Habit:
    """What people of an audience brought on average in the last so many days that are over; of an occasion, those whom
    it may come to mean in as many days.

    refuses  NoSuchSegment, TermsUnfit
    """
    books = shops.shop(shop)
    today = clock.day_of(at, books.zone)
    sql = _HABIT.format(
        orders=lake.rollup(shop, "orders", (today - days * _DAY, today)),
        crowd=_crowd(shop, audience, channel=channel, days=days, at=at),
    )
    ((count, mean, deviation, order),) = lake.ask(sql, [books.currency])
    return Habit(people=count, baseline=float(mean), deviation=float(deviation), order=float(order))


def visitors_habit(shop: str, action: Action, *, days: int, at: datetime) -> Habit:
    """The same of those who looked at the pages that a second version is for, in the last so many days: as many are
    expected to come in as many days again.

    refuses  PageUnfit if the shop has no such product or category
    """
    books = shops.shop(shop)
    today = clock.day_of(at, books.zone)
    past = (today - days * _DAY, today)
    skus = trials.skus_of(shop, trials.target_of(shop, sku=action.sku, category=action.category))
    if skus is None:
        crowd = f"select distinct person from {lake.rollup(shop, 'visits', past)} where product_views > 0"
    else:
        named = ", ".join(quoted(sku) for sku in sorted(skus)) or "''"
        steps = lake.rollup(shop, "steps", past)
        crowd = f"select distinct person from {steps} where step = 'Product Viewed' and sku in ({named})"
    sql = _HABIT.format(orders=lake.rollup(shop, "orders", past), crowd=f"{crowd} and person <> 0")
    ((count, mean, deviation, order),) = lake.ask(sql, [books.currency])
    return Habit(people=count, baseline=float(mean), deviation=float(deviation), order=float(order))


def cost(play: Play) -> Cost:
    """What a play cost so far: its messages, what its promotions took off, its campaign's spend, and the fixed cost."""
    currency = play.plan.cost_cap.currency
    zero = Money.zero(currency)
    if play.started_on is None:
        return Cost(messages=zero, discounts=zero, spend=zero, fixed=zero)
    given = (promotions.promotion(play.shop, id).given for id in promotions_of(play.id))
    days = Period(play.started_on, max(play.counts_until or play.plan.ends_on, play.started_on + _DAY))
    spent = attribution.spend(play.shop, days).items()
    return Cost(
        messages=messages.standing(play.shop, play.step).cost,
        discounts=Money.total(given, currency),
        spend=Money.total((amount for source, amount in spent if source.campaign == play.campaign), currency),
        fixed=play.plan.fixed_cost,
    )


def attributed(play: Play, *, until: date) -> Attributed:
    """What passed through a play before a day, whether or not it would have come anyway."""
    currency = play.plan.cost_cap.currency
    if play.started_on is None:
        return Attributed(orders=0, money=Money.zero(currency))
    days = (play.started_on, until)
    sql = _THROUGH.format(orders=lake.rollup(play.shop, "orders", days), offers=lake.rollup(play.shop, "offers", days))
    ((orders, minor),) = lake.ask(sql, [currency, play.campaign, list(promotions_of(play.id))])
    return Attributed(orders=orders, money=Money(minor, currency))


def refusals(play: Play) -> tuple[int, int]:
    """How many people a play's message reached, and how many of them have withdrawn their consent since.

    Who has none now, less who had none when it was planned or left: the rest withdrew after it came.
    """
    stood = messages.standing(play.shop, play.step)
    if play.trial_id is None or not stood.sent:
        return stood.sent, 0
    treated = trials.members(play.trial_id, Arm.TREATED)
    now = messages.reached(play.shop, treated, play.plan.action.channel)
    without = sum(one.refusal is Reason.NO_CONSENT for one in now.values())
    return stood.sent, min(max(without - stood.refused.get(Reason.NO_CONSENT, 0), 0), stood.sent)


def _crowd(shop: str, audience: Audience, *, channel: Channel, days: int, at: datetime) -> str:
    if audience.segment_id is not None:
        return segments.crowd(segments.segment(str(audience.segment_id)), at=at).sql
    if audience.source is not None and occasion_of(audience.source) is not None:
        return occasions.awaited(shop, audience.source, days=days, channel=channel, at=at)
    if audience.source is not None:
        return segments.people_sql(shop, audience.source, at=at)
    return f"select number as person from {lake.people(shop)} where false"
