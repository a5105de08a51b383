"""Signals in words: what was found, how sure it is, what is proposed, and what refusals mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from zhanggui.base.errors import Refused
from zhanggui.base.look import formats
from zhanggui.base.money import Money
from zhanggui.doors.console import deviations, words
from zhanggui.insight.metrics.rules import ANSWERED_ELSEWHERE, METRICS, Cut, named
from zhanggui.steer.signals import errors
from zhanggui.steer.signals.rules import Comparison, Evidence, Move, Need, Signal, State, Trigger, Verdicts

KINDS: Final[Mapping[str, Promise]] = {
    "metric_band": lazy("Out of the ordinary"),
    "goal_at_risk": lazy("Goal at risk"),
    "funnel_break": lazy("A step broke"),
    "funnel_slip": lazy("A step works worse"),
    "slow_or_broken": lazy("Slow or broken pages"),
    "zero_results": lazy("Searches without result"),
    "sleepers": lazy("Good customers going to sleep"),
    "second_purchase": lazy("Second order due"),
    "fake_ring": lazy("Orders that look made up"),
    "risk_trigger": lazy("A risk came true"),
    "stockout_ahead": lazy("Stock runs out"),
    "dead_stock": lazy("Dead stock"),
    "return_spike": lazy("Many returns"),
    "late_parcels": lazy("Late parcels"),
    "price_response": lazy("Dearer and sold less"),
    "churn_wave": lazy("Buyers come back less"),
    "stacking": lazy("Discounts heaped up"),
    "coupon_leak": lazy("A coupon leaks"),
    "balances_due": lazy("Balances due"),
}

# One sentence for each `what` of the detectors; the names in it are those of its numbers, as `_said` words them.
SENTENCES: Final[Mapping[str, Promise]] = {
    "number_fell": lazy("%(metric)s came to %(actual)s; %(low)s to %(high)s was normal. Mostly by: %(driver)s."),
    "number_out": lazy("%(metric)s: %(actual)s, where %(low)s to %(high)s was normal"),
    "goal_behind": lazy("%(metric)s will come to %(forecast)s by %(end)s; the goal is %(target)s."),
    "why_behind": lazy("What moved %(metric)s so far"),
    "step_fell": lazy(
        "%(cell)s: only %(rate_bp)s went on to “%(step)s”, usually %(usual_bp)s; %(lost_tenths)s orders lost."
    ),
    "others_stand": lazy("All others took the step as ever: %(others_bp)s"),
    "goods_left_out": lazy("Without the visits to goods that have signals of their own: %(skus)s"),
    "spoilt": lazy("%(spoilt)s of %(of)s were spoilt (%(metric)s): %(rate_bp)s, usually %(usual_bp)s."),
    "slow_costs": lazy(
        "On %(days)s slow days here, a slow page kept %(keeps_bp)s of buyers away "
        "(95%% sure: %(low_bp)s to %(high_bp)s)."
    ),
    "slow_costs_elsewhere": lazy(
        "This shop has too few slow days to measure it: %(keeps_bp)s of buyers are taken as kept away by a slow page, "
        "%(low_bp)s to %(high_bp)s, as Akamai measured in 2017 over ten billion visits to other shops."
    ),
    "finds_nothing": lazy(
        "“%(words)s” was searched %(searches)s times by %(people)s people and found nothing %(nothing)s times."
    ),
    "find_nothing": lazy(
        "%(nothing)s of %(searches)s searches of the day found nothing, usually %(usual_bp)s; most were for "
        "“%(words)s”."
    ),
    "asleep": lazy(
        "%(people)s of the best customers are silent for more than %(gaps)s of their usual gaps; %(back_bp)s "
        "come back by themselves."
    ),
    "window_closes": lazy(
        "%(people)s first-time buyers are about to pass day %(closes_days)s, after which a second order is "
        "rare; %(later_bp)s still come."
    ),
    "made_up": lazy(
        "%(sku)s: %(orders)s orders where %(usual_tenths)s are usual, %(inside)s of them from %(region)s on "
        "%(device)s, by %(people)s people."
    ),
    "trigger_pulled": lazy(
        "%(name)s: %(metric)s came to %(actual)s, which pulls the trigger after %(days)s days in a row."
    ),
    "balances_late": lazy(
        "%(sku)s: %(open)s balances worth %(minor)s are overdue since %(hours)s hours; %(paid)s of %(of)s are paid."
    ),
    "balances_soon": lazy(
        "%(sku)s: %(open)s balances worth %(minor)s fall due in %(hours)s hours; %(paid)s of %(of)s are paid."
    ),
    "come_back_less": lazy(
        "%(cell)s: %(orders)s orders of returning buyers in %(days)s days, where %(usual_tenths)s are usual."
    ),
    "over_weeks": lazy("New and returning buyers by week"),
    "lies_at_cost": lazy("%(sku)s: %(units)s pieces lie unsold for %(days)s days; they cost %(minor)s."),
    "lies_at_price": lazy("%(sku)s: %(units)s pieces lie unsold for %(days)s days; at their price they are %(minor)s."),
    "stopped_selling": lazy(
        "%(sku)s: looked at as before and not bought for %(days)s days, in which %(usual_tenths)s orders were due."
    ),
    "looked_at": lazy("How often it was looked at"),
    "not_left": lazy("%(orders)s paid orders worth %(minor)s have not left in time, the oldest for %(hours)s hours."),
    "leave_slower": lazy(
        "Of %(of)s orders paid on the day %(left)s have left by its end, where %(usual_tenths)s usually have."
    ),
    "left_slower": lazy(
        "Of %(of)s orders paid the day before %(left)s have left by now, where %(usual_tenths)s usually have."
    ),
    "promise_kept": lazy("How the delivery promise was kept"),
    "dearer_and_less": lazy(
        "%(sku)s went from %(was_minor)s to %(now_minor)s %(days)s days ago and lost %(lost_minor)s since."
    ),
    "views_and_orders": lazy("Views and orders of it"),
    "comes_back": lazy("%(sku)s: %(returned)s of %(of)s came back in %(days)s days, where %(usual_tenths)s are usual."),
    "returns_desk": lazy("The returns themselves"),
    "heaped_up": lazy(
        "%(orders)s of %(of)s orders got more off than offers are meant to give together (%(meant_bp)s)."
    ),
    "such_an_order": lazy("Such orders"),
    "used_again": lazy("%(people)s people used one offer %(uses)s times, where %(usual_tenths)s are usual."),
    "its_terms": lazy("Its terms"),
    "runs_out": lazy(
        "%(sku)s: %(free)s pieces are free, %(wanted)s are wanted until more can be here in %(days)s days."
    ),
    "sold_so_far": lazy("What sold so far"),
}

STEPS: Final[Mapping[str, Promise]] = {
    "visit": pgettext_lazy("step", "visit"),
    "view": pgettext_lazy("step", "product page"),
    "add": pgettext_lazy("step", "into the cart"),
    "checkout": pgettext_lazy("step", "checkout"),
    "order": pgettext_lazy("step", "order"),
}
STATES: Final[Mapping[State, Promise]] = {
    State.OPEN: pgettext_lazy("signal", "open"),
    State.DECIDED: pgettext_lazy("signal", "a play was made of it"),
    State.DISMISSED: pgettext_lazy("signal", "put away"),
    State.CLOSED: pgettext_lazy("signal", "over"),
}
MOVES: Final[Mapping[Move, Promise]] = {
    Move.COUPON: lazy("Give these people a coupon"),
    Move.MESSAGE: lazy("Write to these people"),
    Move.PROMOTION: lazy("Make an offer to all"),
    Move.PAGE: lazy("Try another page"),
    Move.PRICE: lazy("Change the price for all"),
    Move.DELIST: lazy("Sell off or take off the shelf"),
    Move.RESTOCK: lazy("Order more"),
    Move.CHECK: lazy("Have somebody look"),
}
COMPARISONS: Final[Mapping[Comparison, Promise]] = {
    Comparison.ABOVE: lazy("is above"),
    Comparison.BELOW: lazy("is below"),
    Comparison.UP_BY: lazy("is above the usual by"),
    Comparison.DOWN_BY: lazy("is below the usual by"),
}
RISKS: Final[Mapping[str, tuple[Promise, Promise]]] = {
    "logistics_stop": (
        lazy("Deliveries stop"),
        lazy(
            "1. Ask the carrier for the cause and the regions. 2. Switch new parcels to the second carrier. 3. "
            "Tell buyers "
            "whose parcels wait, with a new day. 4. Stop ads in regions that cannot be reached. 5. Offer refunds "
            "after 72 h."
        ),
    ),
    "pr_crisis": (
        lazy("Public criticism"),
        lazy(
            "1. Name one person who speaks. 2. Answer within two hours with what is known. 3. Take the article "
            "off the shelf "
            "until it is checked. 4. Refund without asking. 5. Say what was changed."
        ),
    ),
    "supplier_failure": (
        lazy("A supplier fails"),
        lazy(
            "1. Count what is left and hold it for paid orders. 2. Order from the second supplier. 3. Take off "
            "the shelf what "
            "cannot be delivered. 4. Tell buyers who wait."
        ),
    ),
    "price_war": (
        lazy("Price war"),
        lazy(
            "1. Compare prices of the twenty best sellers. 2. Do not go below the floor of the margin. 3. Answer with "
            "bundles and service, not with price. 4. Keep prices of members, and tell them so."
        ),
    ),
    "traffic_cost": (
        lazy("Traffic becomes dear"),
        lazy(
            "1. Stop the campaigns that cost most per first order. 2. Move a fifth of the budget to members and "
            "search. "
            "3. Check landing pages. 4. Write to buyers who have agreed to it."
        ),
    ),
}
FIELDS: Final[Mapping[str, Promise]] = {
    "name": lazy("Give the risk a name of 1 to 80 signs."),
    "playbook": lazy("Write down what is then to be done."),
    "metric": lazy("Choose a number that is counted by day."),
    "threshold": lazy("Give a threshold of 0 or more; nothing falls by more than 100 %."),
    "days": lazy("Choose 1 to 14 days in a row."),
    "owner": lazy("Choose who has it in hand."),
    "ready": lazy("Choose one of the ready-made risks."),
}
_SURE: Final = (
    (0.99, lazy("almost certain")),
    (0.95, lazy("very likely")),
    (0.85, lazy("likely")),
    (0.0, lazy("perhaps")),
)
_SUREST: Final = 0.999
# Numbers that are in the units of the metric named beside them.
_NAMED: Final = METRICS.keys() | ANSWERED_ELSEWHERE.keys()
_OF_METRIC: Final = frozenset({"actual", "expected", "low", "high", "target", "forecast"})


def kind(signal: Signal) -> str:
    """What is the matter, in a few words."""
    return str(KINDS.get(signal.kind, signal.kind.replace("_", " ")))


def sentence(one: Evidence, currency: str) -> str:
    """What was seen, in one sentence; what has no words of its own is said by its numbers.

    currency  of the shop's books
    """
    said = {name: _said(name, value, one.numbers, currency) for name, value in one.numbers.items()}
    cells = [cut for cut in (Cut.DEVICE, Cut.CHANNEL, Cut.REGION) if cut.value in one.numbers]
    if cells and "cell" not in said:
        said["cell"] = _(", ").join(words.cell(cut, str(one.numbers[cut.value])) for cut in cells)
    template = SENTENCES.get(one.what)
    if template is None:
        return ", ".join([one.what.replace("_", " "), *(f"{name} {value}" for name, value in said.items())])
    try:
        return str(template) % said
    except KeyError:
        return one.what.replace("_", " ")


def sure(confidence: float) -> str:
    """How sure it is that this is no chance, in words."""
    return str(next(name for least, name in _SURE if confidence >= least))


def rate(confidence: float) -> str:
    """The same in figures; nothing that was reckoned from counts is wholly certain."""
    shown = formats.percent(min(confidence, _SUREST), language=words.language())
    return f"> {shown}" if confidence > _SUREST else shown


def steps(playbook: str) -> str:
    """A ready-made playbook with each of its numbered steps on a line of its own."""
    return re.sub(r"\s*(?=[2-9]\. )", "\n", playbook)


def learnt(said: Verdicts, needs: Need, currency: str) -> str:
    """What a finding of its kind needs to be told again, and what people said of its like."""
    money = formats.money(Money(needs.money_minor, currency), language=words.language())
    rate = formats.percent(needs.confidence, language=words.language(), decimals=0)
    least = _("A finding like this is told from %(money)s and a confidence of %(rate)s on.") % {
        "money": money,
        "rate": rate,
    }
    useful, useless = said.useful + said.useful_elsewhere, said.useless + said.useless_elsewhere
    if not (useful or useless):
        return f"{least} {_('Nobody has said yet whether its kind is of use.')}"
    judged = _("Of its kind, %(useful)s were of use and %(useless)s were not.") % {"useful": useful, "useless": useless}
    return f"{judged} {least}"


def trigger(one: Trigger, currency: str) -> str:
    """When a risk has come true, in a sentence."""
    is_share = one.comparison in (Comparison.UP_BY, Comparison.DOWN_BY)
    bar = (
        formats.percent(one.threshold / 10_000, language=words.language(), decimals=0)
        if is_share
        else deviations.size(one.metric, one.threshold, currency)
    )
    return _("%(metric)s %(comparison)s %(bar)s on %(days)s days in a row") % {
        "metric": METRICS[one.metric].name(words.language()),
        "comparison": COMPARISONS[one.comparison],
        "bar": bar,
        "days": one.days,
    }


def refusal(refused: Refused) -> str:
    """Why something was not done, and what was kept."""
    match refused:
        case errors.SignalSettled():
            return _("Somebody else has settled this signal meanwhile.")
        case errors.SnoozeUnfit():
            return _("Choose a day to come, at most three months away. The signal stays as it was.")
        case errors.WordsMissing():
            return _("Say in a few words why it is not useful: that is what the next one learns from.")
        case errors.RiskUnfit(field=field):
            return str(FIELDS[field])
        case errors.RiskChanged():
            return _(
                "Somebody else changed this risk meanwhile: see below what it says now. Yours still stands in the form."
            )
        case errors.RiskKnown(name=name):
            return _("The register has a risk named %(name)s already.") % {"name": name}
        case _:
            return _("That is gone meanwhile.")


def _said(name: str, value: str | int, beside: Mapping[str, str | int], currency: str) -> str:
    language = words.language()
    if name in ("metric", "driver"):
        return named(str(value)).name(language) if value in _NAMED else str(_("errors on the page"))
    if name in _OF_METRIC and isinstance(value, int) and beside.get("metric") in _NAMED:
        return deviations.size(str(beside["metric"]), value, str(beside.get("currency", currency)))
    if name == "step":
        return str(STEPS.get(str(value), value))
    if name == "cell":
        return words.cell(Cut(str(beside["place"])), str(value)) if "place" in beside else str(value)
    if name in ("device", "channel", "region"):
        return words.cell(Cut(name), str(value))
    if name == "end":
        return formats.day(date.fromisoformat(str(value)), language=language)
    return _number(name, value, currency, language)


def _number(name: str, value: str | int, currency: str, language: str) -> str:
    if not isinstance(value, int):
        return str(value)
    if name == "minor" or name.endswith("_minor"):
        return formats.money(Money(value, currency), language=language)
    if name.endswith("_bp"):
        return formats.percent(value / 10_000, language=language)
    if name.endswith("_tenths"):
        return formats.number(value / 10, language=language, decimals=1)
    return formats.number(value, language=language)
