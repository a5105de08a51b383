"""ClickHouse's own engine gives every answer that DuckDB gives, to the last unit, over the same files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.insight.outgrown.world import BEFORE, PERIOD, a_month
from zhanggui.config import outgrown
from zhanggui.insight.attribution import queries as attribution
from zhanggui.insight.attribution.rules import By
from zhanggui.insight.funnels import queries as funnels
from zhanggui.insight.funnels import rules as funnel
from zhanggui.insight.lake import ports
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics.rules import METRICS, Crowd, Cut, Filters, Period, Step, can_answer
from zhanggui.insight.retention import queries as retention
from zhanggui.insight.retention import rules as cohorts
from zhanggui.insight.value import queries as value

pytest.importorskip("chdb", reason="OUTGROWN MISSING: pip install -r requirements-outgrown.lock")
clickhouse = pytest.importorskip("zhanggui.insight.outgrown.queries.clickhouse")

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("the_world")]
SHOP = "acme"
AFTER = datetime(2026, 7, 20, 4, tzinfo=UTC)
# The period still runs: the other one is counted to the same minute.
DURING = datetime(2026, 5, 20, 4, 30, tzinfo=UTC)
# Of cuts that are said alike one: a quarter and a year as a month, a device and a campaign as a channel.
CUTS = [None, Cut.HOUR, Cut.DAY, Cut.CHANNEL, Cut.CATEGORY]
# Hours are many: four days of them.
SHORT = Period(date(2026, 5, 4), date(2026, 5, 8))
PAIRS = [(Cut.WEEK, Cut.REGION), (Cut.MONTH, Cut.NEWNESS), (Cut.CATEGORY, Cut.SKU)]
VIEW, ADD, PAY, ORDER = (
    funnel.Step(event=name) for name in ("Product Viewed", "Product Added", "Checkout Started", "shop.order_placed")
)
STEPS = {
    "four": (VIEW, ADD, PAY, ORDER),
    "same": (VIEW, VIEW),
    "goods": (
        funnel.Step(event="Page"),
        funnel.Step(event="Product Viewed", skus=("tea",)),
        funnel.Step(event="Product Added", categories=("ware", "leaf")),
    ),
    "pages": (funnel.Step(event="Page", pages=("/",)), funnel.Step(event="Checkout Started", pages=("/pay*",))),
}
WAYS = [
    *(("four", kind, unit) for kind in funnel.Kind for unit in funnel.Unit),
    ("same", funnel.Kind.ORDERED, funnel.Unit.PEOPLE),
    ("same", funnel.Kind.STRICT, funnel.Unit.SESSIONS),
    ("goods", funnel.Kind.UNORDERED, funnel.Unit.PEOPLE),
    ("goods", funnel.Kind.STRICT, funnel.Unit.SESSIONS),
    ("pages", funnel.Kind.ORDERED, funnel.Unit.PEOPLE),
]
# Each way to begin and each way to come back, twice or more, and in other steps each time.
COHORTS = [
    (Step.DAY, cohorts.Begin.FIRST_VISIT, cohorts.Return.VISIT),
    (Step.DAY, cohorts.Begin.REGISTRATION, cohorts.Return.ORDER),
    (Step.DAY, cohorts.Begin.EVERY_EVENT, cohorts.Return.EVENT),
    (Step.WEEK, cohorts.Begin.FIRST_ORDER, cohorts.Return.ORDER),
    (Step.WEEK, cohorts.Begin.FIRST_EVENT, cohorts.Return.VISIT),
    (Step.WEEK, cohorts.Begin.REGISTRATION, cohorts.Return.EVENT),
    (Step.MONTH, cohorts.Begin.FIRST_VISIT, cohorts.Return.EVENT),
    (Step.MONTH, cohorts.Begin.FIRST_ORDER, cohorts.Return.VISIT),
    (Step.MONTH, cohorts.Begin.EVERY_EVENT, cohorts.Return.ORDER),
    (Step.MONTH, cohorts.Begin.FIRST_EVENT, cohorts.Return.EVENT),
]
SPANS = {
    Step.DAY: (
        BEFORE.start,
        PERIOD.end,
        (*cohorts.exact(1, 2, 7), *cohorts.rolling(1, 7), *cohorts.intervals((1, 70))),
    ),
    Step.WEEK: (date(2026, 3, 30), date(2026, 5, 25), (*cohorts.exact(0, 1, 2), *cohorts.rolling(2))),
    Step.MONTH: (date(2026, 4, 1), date(2026, 6, 1), cohorts.exact(0, 1)),
}


@pytest.fixture(scope="module")
def the_world(standing_world: None, django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock():
        a_month()


@pytest.fixture
def both(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], Any]], tuple[Any, Any]]:
    """An answer of DuckDB's and the same of ClickHouse's, neither kept from before."""
    settings.LAKE_ENGINE = "clickhouse"
    monkeypatch.setattr(ports, "engines", outgrown.engines())

    def ask(question: Callable[[], Any]) -> tuple[Any, Any]:
        answers = []
        for engine in ("duckdb", "clickhouse"):
            settings.LAKE_ENGINE = engine
            metrics.forget_all()
            answers.append(question())
        metrics.forget_all()
        return answers[0], answers[1]

    return ask


@pytest.mark.parametrize("cut", CUTS, ids=str)
def test_every_metric_by_every_cut(cut, both):
    keys = [key for key in METRICS if can_answer(key, by=cut)]

    period, before = (SHORT, None) if cut is Cut.HOUR else (PERIOD, BEFORE)

    ours, theirs = both(lambda: metrics.query(SHOP, keys, period, by=cut, compare=before, at=AFTER))

    assert differing(ours, theirs, keys) == []
    assert ours == theirs
    assert cut in (None, Cut.CATEGORY) or any(figure.numerator for figure in ours.whole.figures)


@pytest.mark.parametrize(("by", "then"), PAIRS, ids=str)
def test_every_metric_by_two_cuts_in_a_period_that_runs(by, then, both):
    keys = [key for key in METRICS if can_answer(key, by=by, then=then)]

    period, at = (SHORT, AFTER) if by is Cut.HOUR else (PERIOD, DURING)

    ours, theirs = both(lambda: metrics.query(SHOP, keys, period, by=by, then=then, compare=BEFORE, at=at))

    assert ours == theirs
    assert ours.pairs


@pytest.mark.parametrize(
    "where",
    [Filters(region=("north", "")), Filters(campaign=("it's 5%",), device=("phone",)), Filters(sku=("红茶", "tea"))],
    ids=str,
)
def test_every_metric_under_filters(where, both):
    keys = [key for key in METRICS if can_answer(key, where=where)]

    ours, theirs = both(lambda: metrics.query(SHOP, keys, PERIOD, where=where, at=AFTER))

    assert differing(ours, theirs, keys) == []


@pytest.mark.parametrize("cut", [Cut.HOUR, Cut.SKU], ids=str)
def test_every_metric_of_crowds(cut, both):
    known = lake.people(SHOP)
    crowds = [Crowd(name=f"of {n}", sql=f"select number as person from {known} where number % {n} = 0") for n in (2, 3)]
    keys = [key for key in METRICS if can_answer(key, by=Cut.SEGMENT, then=cut)]

    ours, theirs = both(lambda: metrics.query(SHOP, keys, SHORT, by=Cut.SEGMENT, then=cut, crowds=crowds, at=AFTER))

    assert ours == theirs
    assert ours.rows[0].figures
    assert ours.pairs


@pytest.mark.parametrize(("steps", "kind", "unit"), WAYS, ids=str)
def test_every_kind_of_funnel(steps, kind, unit, both):
    way = funnel.Funnel(steps=STEPS[steps], kind=kind, unit=unit, window_minutes=3 * 24 * 60)
    asked = [
        funnel.Question(funnel=way, start=PERIOD.start, end=PERIOD.end, by=by, where=where)
        for by, where in (
            (None, Filters()),
            (funnel.Split.BUYER, Filters()),
            (funnel.Split.CHANNEL, Filters(device=("phone",))),
        )
    ]

    ours, theirs = both(lambda: [funnels.ask(SHOP, one, at=AFTER) for one in asked])

    assert ours == theirs
    assert ours[0].bars[0].count


@pytest.mark.parametrize(("step", "begin", "back"), COHORTS, ids=str)
def test_every_kind_of_retention(step, begin, back, both):
    event = {"begin_event": "Page" if begin in (cohorts.Begin.FIRST_EVENT, cohorts.Begin.EVERY_EVENT) else ""}
    event |= {"return_event": "Product Viewed" if back is cohorts.Return.EVENT else ""}
    start, end, columns = SPANS[step]
    splits = (None,) if begin is cohorts.Begin.EVERY_EVENT else (None, cohorts.Split.CHANNEL)
    asked = [
        cohorts.Question(step=step, columns=columns, begin=begin, back=back, by=by, start=start, end=end, **event)
        for by in splits
    ]

    ours, theirs = both(lambda: [retention.ask(SHOP, one, at=DURING) for one in asked])

    assert ours == theirs
    assert ours[0].whole.people


@pytest.mark.parametrize("by", By)
def test_attribution_by_every_model(by, both):
    ours, theirs = both(lambda: attribution.attribution(SHOP, PERIOD, by=by, look_back_days=7))

    assert ours == theirs
    assert ours.orders > 20 and len(ours.lines) > 2


def test_attribution_where_nothing_happened(both):
    ours, theirs = both(lambda: attribution.attribution(SHOP, Period(date(2025, 1, 1), date(2025, 1, 3))))

    assert ours == theirs
    assert (ours.orders, ours.lines) == (0, ())


def test_recency_frequency_and_money(both):
    ours, theirs = both(lambda: value.rfm(SHOP, as_of=PERIOD.end))

    assert ours == theirs
    assert ours.cells


def test_what_clickhouse_is_not_taught_is_refused_and_not_guessed():
    with pytest.raises(clickhouse.CannotTranslate):
        clickhouse.ask("select * from somewhere union all by name select 1 as a")


def differing(ours, theirs, keys) -> list[str]:
    """The metrics whose figures are not the same, whole or in any cell."""
    pairs = [(ours.whole, theirs.whole), *zip(ours.rows, theirs.rows, strict=True)]
    return [key for key in keys if any(mine.get(key) != other.get(key) for mine, other in pairs)]
