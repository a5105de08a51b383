"""What a segment's question means, in a sentence; one line for each kind of question."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from zhanggui.base.look import formats
from zhanggui.doors.console import bars, words
from zhanggui.doors.console.buyers import buyers_words
from zhanggui.doors.console.cohort_words import cell_words
from zhanggui.doors.console.funnel_words import reached_words
from zhanggui.doors.console.occasion_words import meant_words
from zhanggui.doors.console.path_words import set_words, walkers_words
from zhanggui.insight.funnels.rules import Reached
from zhanggui.insight.paths.rules import SetPeople, Walkers
from zhanggui.insight.retention.rules import CohortCell
from zhanggui.insight.segments.errors import TermsUnfit
from zhanggui.insight.segments.rules import Source, question_of
from zhanggui.insight.value.rules import BuyersAsked
from zhanggui.steer.plays.rules import Occasion, number_of
from zhanggui.steer.signals.rules.balances import OWING, OwingAsked
from zhanggui.steer.signals.rules.churn_waves import STAYED_AWAY, AwayAsked
from zhanggui.steer.signals.rules.returning import SECOND_PURCHASE, SLEEPERS, ClosingAsked, SleepersAsked

Says = Callable[[Mapping[str, Any]], str]


def _funnel_step(terms: Mapping[str, Any]) -> str:
    return reached_words(question_of("funnel_step", terms, Reached))


def _cohort_cell(terms: Mapping[str, Any]) -> str:
    return cell_words(question_of("cohort_cell", terms, CohortCell))


def _path(terms: Mapping[str, Any]) -> str:
    return walkers_words(question_of("path", terms, Walkers))


def _device_set(terms: Mapping[str, Any]) -> str:
    return set_words(question_of("device_set", terms, SetPeople))


def _rfm_cell(terms: Mapping[str, Any]) -> str:
    return buyers_words(question_of("rfm_cell", terms, BuyersAsked))


def _metric_bar(terms: Mapping[str, Any]) -> str:
    return bars.says(Source(kind=bars.KIND, terms=terms))


def _sleepers(terms: Mapping[str, Any]) -> str:
    question_of(SLEEPERS, terms, SleepersAsked)
    return _("The best customers who are silent for longer than usual")


def _second_purchase(terms: Mapping[str, Any]) -> str:
    asked = question_of(SECOND_PURCHASE, terms, ClosingAsked)
    said = {"opens": asked.opens_days, "closes": asked.closes_days}
    return _("Buyers of one order, %(opens)s to %(closes)s days ago") % said


def _churn_wave(terms: Mapping[str, Any]) -> str:
    asked = question_of(STAYED_AWAY, terms, AwayAsked)
    said = {
        "cell": words.cell(asked.cut, asked.cell),
        "day": formats.day(asked.since, language=words.language()),
    }
    return _("Buyers of %(cell)s who have not come again since %(day)s") % said


def _balances_due(terms: Mapping[str, Any]) -> str:
    question_of(OWING, terms, OwingAsked)
    return _("Who reserved in a presale and has not paid the balance")


def _occasion(occasion: Occasion) -> Says:
    return lambda terms: meant_words(occasion, number_of(occasion, terms))


SAYS: Final[dict[str, Says]] = {
    "funnel_step": _funnel_step,
    "cohort_cell": _cohort_cell,
    "path": _path,
    "device_set": _device_set,
    "rfm_cell": _rfm_cell,
    bars.KIND: _metric_bar,
    SLEEPERS: _sleepers,
    SECOND_PURCHASE: _second_purchase,
    STAYED_AWAY: _churn_wave,
    OWING: _balances_due,
    **{occasion: _occasion(occasion) for occasion in Occasion},
}


def says(source: Source) -> str:
    """Who is meant; a kind without words of its own is said by its terms. Sliding days have their name beside."""
    said = _says(source)
    if source.slides is None:
        return said
    sliding = _("sliding: %(name)s") % {"name": words.PRESETS[source.slides]}
    return f"{said} · {sliding}"


def _says(source: Source) -> str:
    say = SAYS.get(source.kind)
    if say is None:
        return ", ".join([source.kind, *(f"{name} {value}" for name, value in source.terms.items())])
    try:
        return say(source.terms)
    except TermsUnfit:
        return _("A question that is no longer understood")


def size_words(people: int | None) -> str:
    """How many people; a dash where the question cannot be asked any more."""
    return "—" if people is None else words.people(people)
