"""Every model over a whole shop, against one order after the other."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.insight.metrics.events import a_shop, an_event, line, paid, remember, utc
from tests.strength import examples
from zhanggui.base.money import Money
from zhanggui.insight.attribution import queries
from zhanggui.insight.attribution.queries import credits, shares
from zhanggui.insight.attribution.rules import (
    BOUGHT,
    NOTHING,
    START,
    By,
    Model,
    Source,
    Touch,
    removal_effects,
    weights,
)
from zhanggui.insight.attribution.rules.credits import PARTS
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.metrics.queries import forget_all
from zhanggui.insight.metrics.rules import Period

pytestmark = pytest.mark.tables("orders", "sessions")

MAY = Period(date(2026, 5, 10), date(2026, 5, 20))
LOOK_BACK = 7
fresh = itertools.count()
few = settings(
    max_examples=examples(5),
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
moments = st.builds("2026-05-{:02d}T{:02d}:00".format, st.integers(1, 20), st.integers(0, 15))
people = st.sampled_from(["ann", "bob", "cid", ""])
ways = st.tuples(st.sampled_from(["direct", "email", "paid_search", ""]), st.sampled_from(["", "spring"]))
visits = st.lists(st.tuples(moments, people, ways), max_size=14)
sales = st.lists(st.tuples(moments, people, ways, st.integers(1, 999)), max_size=8)


def came(at: str, person: str, channel: str, campaign: str = "", *, shop: str = "acme", n: int = 0):
    """A visit of one page."""
    fields = {"session": f"{person}/{at}/{n}", "channel": channel, "campaign": campaign, "page": "/"}
    return an_event("Page", at, shop=shop, person=person, **fields)


@pytest.mark.django_db
@few
@given(visited=visits, sold=sales, by=st.sampled_from(By), word=st.sampled_from([0, 62]))
def test_every_model_credits_what_going_through_the_orders_credits(lake_folder, visited, sold, by, word):
    shop = a_shop(f"led-{next(fresh)}")
    events = [
        came(at, person, channel, campaign, shop=shop.code, n=n)
        for n, (at, person, (channel, campaign)) in enumerate(visited)
    ]
    events += [
        paid(f"O{n}", at, line("x", 1, minor), person=person, channel=way[0], campaign=way[1], shop=shop.code)
        for n, (at, person, way, minor) in enumerate(sold)
    ]
    remember(shop, events)
    forget_all()

    found = queries.attribution(shop.code, MAY, by=by, look_back_days=LOOK_BACK)

    expected = _slowly(visited, sold, by)
    credited = {
        (line.source, model): (credit.money.minor, credit.order_parts, credit.new_parts)
        for line in found.lines
        for model, credit in line.credits.items()
        if credit.order_parts or credit.money.minor
    }
    assert credited == expected
    gmv = sum(minor for at, _, _, minor in sold if utc(at).date() in MAY)
    assert found.money.minor == gmv
    for model in Model:
        assert sum(line.credits[model].money.minor for line in found.lines) == gmv
    for most in (0, 2):
        # Orders after more touches are not shared side by side but one after the other, by short numbers or by long.
        forget_all()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(shares, "_SHORT", most)
            # So few touches are shared at once that there are several pieces.
            patch.setattr(shares, "_AT_ONCE", 16)
            patch.setattr(shares, "_WORD_BITS", word)
            # So few people make a part that there are several.
            patch.setattr(credits, "_PEOPLE_BITS", 1)
            assert queries.attribution(shop.code, MAY, by=by, look_back_days=LOOK_BACK) == found


@pytest.mark.django_db
@few
@given(visited=visits, sold=sales, by=st.sampled_from(By))
def test_arrays_say_what_another_engine_says(lake_folder, visited, sold, by):
    shop = a_shop(f"both-{next(fresh)}")
    came_in = [came(at, person, *way, shop=shop.code, n=n) for n, (at, person, way) in enumerate(visited)]
    bought = [
        paid(f"{n}", at, line("tea", 1, minor), shop=shop.code, person=person, channel=channel, campaign=campaign)
        for n, (at, person, (channel, campaign), minor) in enumerate(sold)
    ]
    remember(shop, came_in, bought)
    by_arrays = queries.attribution(shop.code, MAY, by=by, look_back_days=LOOK_BACK)
    forget_all()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(credits, "lake", _Foreign())
        assert queries.attribution(shop.code, MAY, by=by, look_back_days=LOOK_BACK) == by_arrays


class _Foreign:
    """The lake as it looks where an engine was chosen that reads no files."""

    def __getattr__(self, name: str) -> object:
        return getattr(lake, name)

    def answers_itself(self) -> bool:
        return False


@pytest.mark.django_db
def test_a_visit_older_than_the_look_back_counts_for_nothing(lake_folder):
    shop = a_shop()
    remember(
        shop,
        came("2026-05-01T00:59", "ann", "email"),
        came("2026-05-08T01:00", "ann", "affiliate"),
        paid("A", "2026-05-15T01:00", line("x", 1, 700), person="ann", channel="direct"),
        paid("N", "2026-05-15T02:00", line("x", 1, 300), person="", channel="email"),
    )

    week = queries.attribution("acme", MAY, look_back_days=7)
    month = queries.attribution("acme", MAY, look_back_days=30)

    assert _firsts(week) == {"affiliate": 700, "email": 300}
    assert _firsts(month) == {"email": 1000}
    assert (week.orders, week.led_orders, week.new_orders) == (2, 1, 1)
    assert week.money == Money(1000, "CNY")


@pytest.mark.django_db
@pytest.mark.parametrize("by", By)
def test_a_source_has_the_visits_of_the_period_whoever_came(lake_folder, by):
    """Visits of the look-back are touches only, and nobody's visits are visits only."""
    shop = a_shop()
    remember(
        shop,
        came("2026-05-09T01:00", "ann", "affiliate"),
        came("2026-05-10T01:00", "ann", "email"),
        came("2026-05-19T01:00", "", "paid_search"),
        came("2026-05-19T02:00", "", "paid_search", n=1),
        came("2026-05-20T01:00", "ann", "direct"),
        paid("A", "2026-05-15T01:00", line("x", 1, 700), person="ann", channel="organic_search"),
    )

    lines = queries.attribution("acme", MAY, by=by, look_back_days=7).lines

    assert {line.source.channel: line.sessions for line in lines} == {"affiliate": 0, "email": 1, "paid_search": 2}
    assert {line.source.channel for line in lines if line.removal is not None} == {"affiliate", "email"}


@pytest.mark.django_db
def test_direct_visits_are_neither_organic_nor_paid(lake_folder):
    shop = a_shop()
    remember(
        shop,
        [
            came("2026-05-11T01:00", "ann", way, n=n)
            for n, way in enumerate(("direct", "organic_search", "paid_search", "email"))
        ],
    )

    assert str(queries.attribution("acme", MAY).organic_rate) == "0.5"


@pytest.mark.django_db
def test_products_and_sums_of_money_beyond_64_bits_are_exact(lake_folder):
    shop, most = a_shop(), 2**63 - 1
    remember(
        shop,
        [came("2026-05-11T01:00", who, "email") for who in ("ann", "bob", "cid")],
        [came("2026-05-18T01:00", who, "affiliate", n=1) for who in ("ann", "bob", "cid")],
        [
            paid(who, "2026-05-18T01:00", line("x", 1, most), person=who, channel="email")
            for who in ("ann", "bob", "cid")
        ],
        [paid(f"N{n}", "2026-05-12T01:00", line("x", 1, most), person="", channel="direct") for n in range(2)],
    )

    found = queries.attribution("acme", MAY)

    assert found.money.minor == 5 * most
    by_model = {
        model: {line.source.channel: line.credits[model].money.minor for line in found.lines} for model in Model
    }
    for minors in by_model.values():
        assert minors["direct"] == 2 * most
        assert sum(minors.values()) == 5 * most
    assert by_model[Model.LINEAR]["email"] == 3 * 2**62
    # A touch of a week ago weighs half of one of now.
    assert by_model[Model.DECAY]["email"] == 3 * (most // 3 + (most % 3 == 2))
    assert by_model[Model.LAST]["affiliate"] == 3 * most


def _firsts(found):
    return {
        line.source.channel: line.credits[Model.FIRST].money.minor
        for line in found.lines
        if line.credits[Model.FIRST].money
    }


def _slowly(visited, sold, by):
    """Every order by itself, from the visits of its buyer."""
    start, end = MAY.start - timedelta(days=LOOK_BACK + 1), MAY.end

    def source(way):
        return Source(channel=way[0], campaign=way[1] if by is By.CAMPAIGN else "")

    touches = defaultdict(list)
    for n, (at, person, way) in enumerate(visited):
        if person and way[0] and start <= utc(at).date() < end:
            touches[person].append((utc(at), f"{person}/{at}/{n}", source(way)))
    orders = [(utc(at), f"O{n}", person, source(way), minor) for n, (at, person, way, minor) in enumerate(sold)]
    removal = _removal(touches, [one for one in orders if start <= one[0].date() < end])
    first = {}
    for at, number, person, *_ in sorted(orders):
        if person and at.date() < end:
            first.setdefault(person, number)
    found: Counter = Counter()
    for at, number, person, own, minor in orders:
        if at.date() not in MAY:
            continue
        before = sorted(one for one in touches.get(person, ()) if at - timedelta(days=LOOK_BACK) <= one[0] <= at)
        path = [Touch(source=where, age_us=(at - when) // timedelta(microseconds=1)) for when, _, where in before]
        is_new = first.get(person) == number
        for model in Model:
            for where, share, parts in _split(model, path, minor, own, removal):
                found[where, model, 0] += share
                found[where, model, 1] += parts
                found[where, model, 2] += parts if is_new else 0
    keys = {(where, model) for where, model, _ in found}
    sums = {key: tuple(found[(*key, n)] for n in range(3)) for key in keys}
    return {key: values for key, values in sums.items() if values[0] or values[1]}


def _split(model, path, minor, own, removal):
    if not path:
        return [(own, minor, PARTS)]
    weighed = weights(model, path, removal=removal)
    shares = Money(minor, "CNY").split(weighed)
    return [
        (touch.source, share.minor, PARTS * weight // sum(weighed))
        for touch, share, weight in zip(path, shares, weighed, strict=True)
    ]


def _removal(touches, orders):
    steps: Counter = Counter()
    for person, visited in touches.items():
        happened: list[tuple[datetime, int, str, Source | None]] = [(at, 0, id, way) for at, id, way in visited]
        happened += [(at, 1, number, None) for at, number, who, *_ in orders if who == person]
        here = START
        for _, is_order, _, way in sorted(happened, key=lambda one: one[:3]):
            if is_order:
                if here != START:
                    steps[here, BOUGHT] += 1
                here = START
            else:
                steps[here, _name(way)] += 1
                here = _name(way)
        if here != START:
            steps[here, NOTHING] += 1
    names = sorted({there for _, there in steps} - {BOUGHT, NOTHING})
    effects = removal_effects(names, steps)
    return {way: effects[_name(way)] for visited in touches.values() for _, _, way in visited}


def _name(way: Source) -> str:
    return f"{way.channel}/{way.campaign}"
