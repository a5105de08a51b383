"""A play's plan as the console's form says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final
from uuid import UUID

from zhanggui.base.accounts import queries as accounts
from zhanggui.base.money import Money
from zhanggui.base.outbox.rules import Channel
from zhanggui.base.shops.rules import Shop
from zhanggui.doors.console import fields, play_pages, words
from zhanggui.doors.console.fields import Unfit
from zhanggui.doors.console.segment_words import says
from zhanggui.growth.experiments.rules import WHOLE_BP
from zhanggui.growth.messages.rules import Wording
from zhanggui.insight.metrics.rules import METRICS
from zhanggui.insight.segments import queries as segments
from zhanggui.insight.segments.rules import Source
from zhanggui.steer.budgets.rules import Area
from zhanggui.steer.plays.rules import Action, Audience, Plan, StopRules, occasion_of, source_of
from zhanggui.steer.signals.rules import Move

# The people whom the signal means, as a choice beside the segments.
OF_SIGNAL: Final = "signal"
# What plays are meant to move, the usual ones first; a signal may name another.
USUAL_METRICS: Final = ("gmv_paid", "gmv_net", "orders_paid", "buyers", "cvr_paid_visitor", "gross_margin_rate")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of the things that can be chosen."""

    value: str
    name: str
    is_chosen: bool


def said_by(plan: Plan) -> dict[str, str]:
    """A plan as a form that was filled with it."""
    action, wording, loss = plan.action, plan.action.wording, plan.stop_rules.most_loss
    refused_bp = plan.stop_rules.most_refused_bp
    said = {
        "move": str(action.move),
        "name": plan.name,
        "hypothesis": plan.hypothesis,
        "metric": plan.metric,
        "audience": str(plan.audience.segment_id or (OF_SIGNAL if plan.audience.source else "")),
        "late": "1" if plan.audience.takes_late_comers else "",
        "discount": _hundredths(action.discount_bp) if action.discount_bp else "",
        "sku": action.sku,
        "channel": str(action.channel),
        "task": action.task,
        "hold_out": _hundredths(plan.hold_out.bp) if plan.hold_out else "",
        "cost_cap": str(plan.cost_cap.major),
        "fixed_cost": str(plan.fixed_cost.major),
        "area": str(plan.area),
        "owner": plan.owner,
        "starts_on": plan.starts_on.isoformat(),
        "last_on": plan.last_on.isoformat(),
        "after_days": str(plan.after_days),
        "most_loss": str(loss.major) if loss else "",
        "most_refused": _hundredths(refused_bp) if refused_bp else "",
    }
    said |= play_pages.said_by(action)
    if plan.audience.source is not None and occasion_of(plan.audience.source) is not None:
        said["n"] = str(plan.audience.source.terms["n"])
    if wording is not None:
        said |= {name: getattr(wording, name) for name in Wording.__dataclass_fields__}
    return said


def plan_of(form: Mapping[str, str], *, base: Plan, shop: Shop) -> Plan:
    """What a form makes of a plan; what it does not ask stays as it was.

    refuses  Unfit with the field that cannot be read
    """
    action = _action(form, base.action)
    audience = _audience(form, base.audience) if base.treats_people else Audience()
    hold_out = base.hold_out
    if hold_out is not None:
        hold_out = replace(hold_out, bp=_bp(form, "hold_out"))
    return replace(
        base,
        name=form.get("name", "").strip(),
        hypothesis=form.get("hypothesis", "").strip(),
        metric=form.get("metric", ""),
        audience=audience,
        action=action,
        hold_out=hold_out,
        cost_cap=_money(form, "cost_cap", shop.currency),
        fixed_cost=_money(form, "fixed_cost", shop.currency, usual=Money.zero(shop.currency)),
        area=_area(form),
        owner=form.get("owner", "").strip(),
        starts_on=_day(form, "starts_on"),
        ends_on=_day(form, "last_on") + timedelta(days=1),
        after_days=_whole(form, "after_days"),
        stop_rules=_stop_rules(form, shop.currency),
    )


def audience_of(said: str) -> Audience:
    """An audience as it is chosen when a play is begun: a segment, or nobody yet.

    refuses  Unfit
    """
    if not said:
        return Audience()
    try:
        return Audience(segment_id=UUID(said))
    except ValueError as wrong:
        raise Unfit("audience", "choice") from wrong


def audiences(shop: str, plan: Plan | None, *, chosen: str) -> list[Choice]:
    """The people of the signal if there are any, and the segments of the shop."""
    found = [
        Choice(value=str(one.id), name=one.name, is_chosen=str(one.id) == chosen) for one in segments.segments(shop)
    ]
    if plan is not None and plan.audience.source is not None:
        found.insert(0, Choice(value=OF_SIGNAL, name=says(plan.audience.source), is_chosen=chosen == OF_SIGNAL))
    return found


def owners(chosen: str) -> list[Choice]:
    """Who may answer for a play: everybody who sees the numbers."""
    return [
        Choice(value=str(one.id), name=one.name or one.email, is_chosen=str(one.id) == chosen)
        for one in accounts.readers()
        if one.may_see_numbers
    ]


def metrics(chosen: str) -> list[Choice]:
    """The numbers that a play may be meant to move."""
    keys = dict.fromkeys((*USUAL_METRICS, *([chosen] if chosen in METRICS else [])))
    return [Choice(value=key, name=METRICS[key].name(words.language()), is_chosen=key == chosen) for key in keys]


def _action(form: Mapping[str, str], base: Action) -> Action:
    wording = None
    if form.get("words_zh", "").strip() or form.get("words_en", "").strip():
        wording = Wording(
            subject_zh=form.get("subject_zh", "").strip(),
            subject_en=form.get("subject_en", "").strip(),
            words_zh=form.get("words_zh", "").replace("\r\n", "\n").strip(),
            words_en=form.get("words_en", "").replace("\r\n", "\n").strip(),
            path=form.get("path", "").strip() or "/",
        )
    has_discount = base.move in (Move.COUPON, Move.PROMOTION, Move.PRICE)
    channel = form.get("channel", "")
    return replace(
        play_pages.action_of(form, base),
        discount_bp=_bp(form, "discount") if has_discount else 0,
        sku=form.get("sku", "").strip()[:60],
        wording=wording,
        channel=Channel(channel) if channel in tuple(Channel) else base.channel,
        task=form.get("task", "").strip(),
    )


def _audience(form: Mapping[str, str], base: Audience) -> Audience:
    said, takes = form.get("audience", ""), form.get("late") == "1"
    if said == OF_SIGNAL and base.source is not None:
        return Audience(source=_asked(form, base.source), takes_late_comers=takes)
    return replace(audience_of("" if said == OF_SIGNAL else said), takes_late_comers=takes)


def _asked(form: Mapping[str, str], source: Source) -> Source:
    """The people of a signal as they are, those of an occasion by the number that the form says."""
    occasion = occasion_of(source)
    return source if occasion is None or not form.get("n") else source_of(occasion, _whole(form, "n"))


def _stop_rules(form: Mapping[str, str], currency: str) -> StopRules:
    return StopRules(
        most_loss=_amount(form, "most_loss", currency),
        most_refused_bp=_bp(form, "most_refused") if form.get("most_refused", "").strip() else None,
    )


def _money(form: Mapping[str, str], name: str, currency: str, *, usual: Money | None = None) -> Money:
    found = _amount(form, name, currency) or usual
    if found is None:
        raise Unfit(name, "missing")
    return found


def _amount(form: Mapping[str, str], name: str, currency: str) -> Money | None:
    return fields.money(form, name, currency)


def _area(form: Mapping[str, str]) -> Area:
    said = form.get("area", "")
    if said not in tuple(Area):
        raise Unfit("area", "choice")
    return Area(said)


def _day(form: Mapping[str, str], name: str) -> date:
    found = fields.day(form, name)
    if found is None:
        raise Unfit(name, "missing")
    return found


def _whole(form: Mapping[str, str], name: str) -> int:
    said = form.get(name, "").strip()
    if not (said.isascii() and said.isdigit() and len(said) < 5):
        raise Unfit(name, "whole")
    return int(said)


def _bp(form: Mapping[str, str], name: str) -> int:
    """A rate said as hundredths with at most two decimals, in parts of 10,000: 12.5 is 1,250."""
    try:
        said = Decimal(form.get(name, "").strip().removesuffix("%").strip())
    except InvalidOperation as wrong:
        raise Unfit(name, "percent") from wrong
    if not -100 <= said <= 100 or said.scaleb(2) % 1:
        raise Unfit(name, "percent")
    return int(said.scaleb(2))


def _hundredths(bp: int) -> str:
    """1,250 parts of 10,000 are 12.5."""
    return f"{(Decimal(bp) * 100 / WHOLE_BP).normalize():f}"
