"""What the cockpit shows: counted once per version of the daily tables, told in the language of who asks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zhanggui.base.look import formats
from zhanggui.base.money import Money
from zhanggui.doors.console import charts, counts, figures, words
from zhanggui.doors.console.figures import Card, Change
from zhanggui.doors.console.scope import Scope
from zhanggui.insight.alerts import queries as alerts
from zhanggui.insight.alerts.rules import unit_of
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics import rules
from zhanggui.insight.metrics.queries import Listing
from zhanggui.insight.metrics.rules import Answer, Cut, Figure, Period, Step, Unit
from zhanggui.insight.value import queries as value
from zhanggui.insight.value.rules import BUYER_METRICS, Buyers, Table, buyers_in

HEAD: Final = ("gmv_paid", "orders_paid", "aov", "cvr_paid_visitor")
# Where goods are filtered by, only these can be told: an order may hold several products.
HEAD_OF_GOODS: Final = ("goods_paid", "units", "gmv_placed")
REST: Final = (
    "gmv_placed",
    "gmv_net",
    "arppu",
    "buyers",
    "repurchase_rate",
    "uv",
    "refund_amount",
    "refund_rate",
)
MOST_PARTS: Final = 10
TREND_OF_A_DAY: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """All figures of the page.

    trend    cells of time: those of the period, or of the days before it where it is one day only
    regions  None where the filters leave nothing to count them from
    bands    what is normal for the days of the trend, where nothing is filtered
    as_of    None if these are the latest figures; else since when they may be outdated
    """

    main: Answer
    trend: Answer
    regions: Answer | None
    products: Answer
    listings: tuple[Listing, ...]
    buyers: Table
    bands: figures.Bands = field(default_factory=dict)
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A row of a ranking.

    bar      0 to 100, of the largest
    share    of the whole; None if the whole is nothing, or not the sum of its parts
    scope    what is left when only this row is looked at; None for the rest
    is_open  a cell of time that is not over, or only partly in the period
    """

    key: str
    name: str
    figures: tuple[Figure, ...]
    change: Change | None
    bar: int
    share: Decimal | None
    scope: Scope | None
    before: Figure | None = None
    is_open: bool = False


_shelf = metrics.Shelf(Counted, name="cockpit", most=256)


def counted(scope: Scope, *, version: int, may_be_former: bool = False) -> Counted:
    """The figures of a scope, kept until the shop's daily tables change; those of a running period for a minute.

    may_be_former  of a large shop, figures of the last hour rather than waiting for the latest; `as_of` then says so
    """
    moment = scope.at.replace(second=0, microsecond=0) if scope.is_live else scope.today >= scope.period.end
    shop = scope.shop
    question = (shop.zone, shop.currency, scope.period, scope.compare, scope.where)
    told = _shelf.get(shop.code, question, moment, lambda: _count(scope), version=version, may_be_former=may_be_former)
    return replace(told.answer, bands=_bands(scope, told.answer.trend), as_of=told.as_of)


def _count(scope: Scope) -> Counted:
    shop, period, where = scope.shop.code, scope.period, scope.where
    by_goods = is_by_goods(scope)
    keys = HEAD_OF_GOODS if by_goods else tuple(dict.fromkeys((*HEAD, *REST, *BUYER_METRICS)))
    products = metrics.query(
        shop, ["goods_paid", "units"], period, by=Cut.SKU, where=where, limit=MOST_PARTS, at=scope.at
    )
    by = Cut(rules.step_for(period))
    main = metrics.query(shop, keys, period, by=by, where=where, compare=scope.compare, at=scope.at)
    trend = main if period.days > 1 else _days_before(scope, keys)
    return Counted(
        main=main,
        trend=trend,
        regions=None if by_goods else _regions(scope),
        products=products,
        listings=tuple(metrics.listings(shop, [str(row.key) for row in products.rows]).values()),
        buyers=value.rfm(shop, as_of=period.end),
    )


def _days_before(scope: Scope, keys: Sequence[str]) -> Answer:
    days = Period(scope.period.end - TREND_OF_A_DAY, scope.period.end)
    compare = days.previous() if scope.compare else None
    return metrics.query(scope.shop.code, keys, days, by=Cut.DAY, where=scope.where, compare=compare, at=scope.at)


def _bands(scope: Scope, trend: Answer) -> figures.Bands:
    if scope.where.by_cut() or trend.question.by is not Cut.DAY:
        return figures.NO_BANDS
    found = alerts.normals(scope.shop.code, trend.question.period, trend.question.metrics)
    return {
        (key, day): (Decimal(one.low) / unit_of(key), Decimal(one.high) / unit_of(key))
        for (key, day), one in found.items()
    }


def _regions(scope: Scope) -> Answer:
    return metrics.query(
        scope.shop.code,
        ["gmv_paid", "orders_paid"],
        scope.period,
        by=Cut.REGION,
        where=scope.where,
        compare=scope.compare,
        limit=MOST_PARTS,
        at=scope.at,
    )


def is_by_goods(scope: Scope) -> bool:
    """Whether only some products or categories are looked at."""
    return bool(scope.where.sku or scope.where.category)


def head_cards(found: Counted, scope: Scope) -> tuple[Card, ...]:
    """The head figures."""
    keys = HEAD_OF_GOODS if is_by_goods(scope) else HEAD
    return figures.cards(found.main, keys, trend=found.trend.rows, bands=found.bands)


def rest_cards(found: Counted, scope: Scope) -> tuple[Card, ...]:
    """The figures beside them."""
    if is_by_goods(scope):
        return ()
    return figures.cards(found.main, REST, trend=found.trend.rows, bands=found.bands)


def headline(head: Sequence[Card], scope: Scope) -> str:
    """How the period goes, in a sentence or two, from the head cards."""
    money, count, *_others, conversion = head
    said = {
        "period": words.preset_or_span(scope.preset, scope.period),
        "money": figures.short(money.figure),
        "count": figures.full(count.figure),
    }
    by_goods = is_by_goods(scope)
    fact = counts.paid(count.figure.numerator if count.figure else 0, by_goods=by_goods)
    sentences = [fact % said]
    other = _before(scope)
    if money.change and other:
        sentences[0] = _("%(fact)s, %(change)s") % {"fact": sentences[0], "change": money.change.against(other)}
    if not by_goods and conversion.figure and conversion.figure.denominator:
        rate = _("conversion %(rate)s") % {"rate": figures.full(conversion.figure)}
        if conversion.change and other:
            rate = _("%(fact)s, %(change)s") % {"fact": rate, "change": conversion.change.against(other)}
        sentences.append(rate)
    return _("%(sentences)s.") % {"sentences": _("; ").join(sentences)}


def finding(found: Counted, card: Card, scope: Scope) -> str:
    """What the chart of money shows, as its title; the card is the first of the head."""
    other = _before(scope)
    if found.trend is not found.main:
        return _("%(name)s, the last %(n)s days") % {"name": card.name, "n": TREND_OF_A_DAY.days}
    if card.change is None or not other:
        return card.name
    return _("%(name)s: %(change)s") % {"name": card.name, "change": card.change.against(other)}


def subtitle(key: str, scope: Scope, answer: Answer) -> str:
    """What a chart of an answer counts, in which unit, by what, when and where."""
    metric = rules.metric(key)
    name = metric.name(words.language())
    unit = {Unit.MONEY: scope.shop.currency, Unit.RATE: "%"}.get(metric.unit, "")
    return _("%(name)s, by %(cut)s, %(span)s, %(zone)s") % {
        "name": _("%(name)s (%(unit)s)") % {"name": name, "unit": unit} if unit else name,
        "cut": str(words.CUTS[answer.question.by or Cut.DAY]).lower(),
        "span": words.span(answer.question.period),
        "zone": scope.shop.zone,
    }


def money_chart(found: Counted, card: Card, scope: Scope) -> charts.Spec:
    """The first figure of the head over time, against the other period."""
    return line_chart(found.trend, card.metric.key, scope, title=finding(found, card, scope))


def line_chart(answer: Answer, key: str, scope: Scope, *, title: str) -> charts.Spec:
    """A metric's cells of time as a line."""
    step = (answer.question.by and answer.question.by.step) or Step.DAY
    others = answer.compared_rows
    points = [
        charts.Point(
            at=dial(row.key, scope.today),
            size=None if answer.is_to_come(row) else drawn(row.of(key)),
            before=drawn(others[n].of(key)) if n < len(others) else None,
            when=cell_words(row.key, step),
            said=figures.NONE if answer.is_to_come(row) else figures.full(row.of(key)),
            said_before=figures.full(others[n].of(key)) if n < len(others) else figures.NONE,
            is_open=not row.is_complete,
        )
        for n, row in enumerate(answer.rows)
    ]
    said = charts.Words(title=title, subtitle=subtitle(key, scope, answer), language=words.language())
    return charts.line(points, words=said, step=step, names=(_("This period"), capfirst(_before(scope))))


def buyers_chart(found: Counted, scope: Scope) -> charts.Spec:
    """New and returning buyers over time."""
    step = (found.trend.question.by and found.trend.question.by.step) or Step.DAY
    pieces = [
        charts.Piece(at=cell.start, series=series, name=name, size=people, when=cell_words(cell.start, step), said=said)
        for cell in buyers_in(found.trend)
        for series, name, people, said in _pieces(cell)
    ]
    said = charts.Words(
        title=buyers_finding(found), subtitle=subtitle("buyers", scope, found.trend), language=words.language()
    )
    return charts.stacks(pieces, words=said, step=step, name=_("Buyers"))


def buyers_finding(found: Counted) -> str:
    """Which share of the money came from people who had bought before."""
    returning, all_paid = (found.main.whole.of(key).numerator for key in ("gmv_returning", "gmv_paid"))
    if not all_paid:
        return _("New and returning buyers")
    share = formats.percent(Decimal(returning) / Decimal(all_paid), language=words.language(), decimals=0)
    return _("Returning buyers brought %(share)s of the money") % {"share": share}


def cell_words(key: date | str, step: Step) -> str:
    """What a cell of time is called."""
    if not isinstance(key, date):
        return str(key)
    day = formats.day(key, language=words.language())
    if step is Step.HOUR:
        return f"{day} {key:%H:%M}"
    if step is Step.QUARTER:
        return f"{key.year} Q{(key.month + 2) // 3}"
    if step is Step.YEAR:
        return str(key.year)
    if step is Step.WEEK:
        return _("week from %(day)s") % {"day": day}
    if step is Step.MONTH:
        return words.month(key)
    return day


def parts(answer: Answer, scope: Scope, cut: Cut, *, listings: Sequence[Listing] = ()) -> Iterator[Part]:
    """A cut that is not of time as a ranking by its first metric, with what the limit left out as its last row."""
    key = answer.question.metrics[0]
    whole = answer.whole.of(key).numerator
    most = max((row.of(key).numerator for row in answer.rows), default=0)
    names = {listing.sku: listing.name(words.language()) for listing in listings}
    for n, row in enumerate(answer.rows):
        then = answer.compared_rows[n].get(key) if answer.compared_rows else None
        yield Part(
            key=str(row.key),
            name=names.get(str(row.key)) or words.cell(cut, str(row.key)),
            figures=row.figures,
            before=then,
            change=figures.change(row.of(key), then),
            bar=_share_of(float(row.of(key).size or 0), most),
            share=Decimal(row.of(key).numerator) / whole if whole else None,
            scope=scope.only(cut, str(row.key)),
        )
    if answer.row_count > len(answer.rows) and rules.metric(key).is_additive:
        yield _others(answer)


def times(answer: Answer, scope: Scope, step: Step) -> Iterator[Part]:
    """Cells of time as rows, the latest first, each beside the same cell of the other period."""
    key = answer.question.metrics[0]
    most = max((float(size) for row in answer.rows if (size := row.of(key).size) is not None), default=0.0)
    for n, row in reversed(list(enumerate(answer.rows))):
        then = answer.compared_rows[n].get(key) if n < len(answer.compared_rows) else None
        start = day_of_cell(row.key, scope.today)
        yield Part(
            key=str(row.key),
            name=cell_words(row.key, step),
            figures=row.figures,
            before=then,
            change=figures.change(row.of(key), then) if row.is_complete else None,
            bar=_share_of(float(row.of(key).size or 0), most),
            share=None,
            scope=scope.on(Period(start, rules.after(start, step))),
            is_open=not row.is_complete,
        )


def day_of_cell(key: date | str, otherwise: date) -> date:
    """The first day of a cell of time, that of an hour included."""
    if isinstance(key, datetime):
        return key.date()
    return key if isinstance(key, date) else otherwise


def dial(key: date | str, otherwise: date) -> date:
    """Where a cell of time stands on an axis: an hour where the shop's clock shows it, whatever the zone."""
    if isinstance(key, datetime):
        return key.replace(tzinfo=UTC)
    return key if isinstance(key, date) else otherwise


def drawn(figure: Figure) -> float | None:
    """A figure's size in a chart: amounts in major units, rates as rates; None where there is none."""
    found = figure.value
    if found is None:
        return None
    return float(found.major if isinstance(found, Money) else found)


def bar(width: int) -> SafeString:
    """A bar of so many hundredths, as a picture: a page under a strict policy may not carry styles of its own."""
    return format_html(
        '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        '<rect width="{}" height="8"/></svg>',
        width,
    )


def _others(answer: Answer) -> Part:
    """What stands beyond the limit; only sums can say it."""
    left = tuple(
        Figure(
            metric=key,
            currency=answer.question.currency,
            numerator=whole - sum(row.of(key).numerator for row in answer.rows),
        )
        for key in answer.question.metrics
        if rules.metric(key).is_additive
        for whole in (answer.whole.of(key).numerator,)
    )
    whole = answer.whole.of(answer.question.metrics[0]).numerator
    return Part(
        key="",
        name=counts.others(answer.row_count - len(answer.rows)),
        figures=left,
        change=None,
        bar=0,
        share=Decimal(left[0].numerator) / whole if whole and left else None,
        scope=None,
    )


def _pieces(cell: Buyers) -> tuple[tuple[int, str, int, str], ...]:
    people = {
        pgettext("buyers", "New"): (cell.new_people, cell.new),
        pgettext("buyers", "Returning"): (cell.returning_people, cell.returning),
    }
    return tuple(
        (series, name, count, f"{formats.number(count, language=words.language())} · {_money(amount)}")
        for series, (name, (count, amount)) in enumerate(people.items())
    )


def _money(amount: Money) -> str:
    return formats.short_money(amount, language=words.language())


def _before(scope: Scope) -> str:
    return str(words.COMPARISONS[scope.comparison]) if scope.compare else ""


def _share_of(part: float, most: float) -> int:
    return max(0, round(100 * part / most)) if most > 0 else 0
