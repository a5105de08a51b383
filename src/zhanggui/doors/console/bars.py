"""The people behind a figure of the explorer: who paid, ordered or came in its days and places."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from zhanggui.doors.console import words
from zhanggui.doors.console.scope import Scope
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.metrics import rules
from zhanggui.insight.metrics.rules import BASES, MEASURES, Cut, Filters, Metric, Period
from zhanggui.insight.segments.errors import TermsUnfit
from zhanggui.insight.segments.rules import Source, question_of, terms_of

KIND: Final = "metric_bar"
# What the tables of whole orders and of visits are kept by.
_PLACES: Final = frozenset({Cut.REGION, Cut.CHANNEL, Cut.CAMPAIGN, Cut.DEVICE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A figure: of which metric, on the days from `start` to before `end`, where."""

    metric: str
    start: date
    end: date
    where: Filters = rules.EVERYTHING


def address(metric: Metric, scope: Scope) -> str:
    """Where the people behind a metric in a scope can be kept; empty if nobody can be named."""
    if not _table(metric) or not scope.where.by_cut().keys() <= _PLACES:
        return ""
    bar = Bar(metric=metric.key, start=scope.period.start, end=scope.period.end, where=scope.where)
    asked = urlencode({"kind": KIND, "terms": json.dumps(terms_of(bar))})
    return f"{reverse('console:segment_new')}?{scope.query()}&{asked}"


def people(shop: str, terms: Mapping[str, Any], *, at: datetime) -> str:
    """The people behind a figure, as DuckDB's query.

    at       of no account: the days are said
    refuses  TermsUnfit
    """
    bar = question_of(KIND, terms, Bar)
    metric = rules.METRICS.get(bar.metric)
    table = _table(metric) if metric else ""
    if metric is None or not table or bar.end <= bar.start or not bar.where.by_cut().keys() <= _PLACES:
        raise TermsUnfit(kind=KIND, reason=f"nobody can be named behind {bar.metric}")
    tests = ["person <> 0", *(f"{cut.value} in ({_listed(values)})" for cut, values in bar.where.by_cut().items())]
    if metric.evidence:
        tests.append(f"kind in ({_listed(metric.evidence.kinds)})")
    return f"select distinct person from {lake.rollup(shop, table, (bar.start, bar.end))} where {' and '.join(tests)}"


def says(source: Source) -> str:
    """Who is meant, in a sentence."""
    bar = question_of(KIND, source.terms, Bar)
    metric = rules.metric(bar.metric)
    filters = _("; ").join(
        f"{words.CUTS[cut]}: {_(', ').join(words.cell(cut, value) for value in values)}"
        for cut, values in bar.where.by_cut().items()
    )
    said = _("People behind %(name)s, %(span)s") % {
        "name": metric.name(words.language()),
        "span": words.span(Period(bar.start, bar.end)),
    }
    return f"{said} ({filters})" if filters else said


def _table(metric: Metric) -> str:
    """The table whose people a metric counts; empty if it counts none by themselves."""
    table = MEASURES[metric.numerator].sources[0].table
    if metric.evidence:
        return "orders"
    return table if table in ("visits", "sessions") and Cut.SEGMENT in BASES[table].columns else ""


def _listed(values: tuple[str, ...]) -> str:
    return ", ".join("'" + value.replace("'", "''") + "'" for value in values)
