"""The risk register: what would be bad, the number that tells of it, who has it in hand, and what is then done."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhanggui.base import clock
from zhanggui.base.accounts.rules import Right
from zhanggui.base.errors import Refused
from zhanggui.base.money import exponent
from zhanggui.doors.console import play_forms, playing, signal_words, signalling, words
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.doors.console.pages.returns import by
from zhanggui.insight.alerts.rules import unit_of
from zhanggui.insight.metrics.rules import METRICS, Cut, Unit, can_answer
from zhanggui.steer.signals import actions, queries
from zhanggui.steer.signals.errors import NoSuchRisk, RiskChanged, RiskUnfit
from zhanggui.steer.signals.rules import MOST_DAYS, READY, Comparison, Risk, Trigger

_SHARES: Final = (Comparison.UP_BY, Comparison.DOWN_BY)
_GONE: Final = 20
_MOST: Final = Decimal(10) ** 12


@require_safe
@page(Right.SEE_NUMBERS)
def risks(request: ConsoleRequest) -> HttpResponse:
    """The risks of a shop with those that came true first, and the ready-made ones to adopt."""
    shop = request.scope.shop
    known = queries.risks(shop.code)
    fired = [one for one in queries.inbox(shop.code, at=clock.now()) if one.kind == "risk_trigger"]
    asked, names = request.GET.get("risk", ""), playing.names()
    rows = [signalling.kept(one, fired, names=names, asked=asked, currency=shop.currency) for one in known]
    adopted = {one.ready for one in known}
    return show(
        request,
        "console/signals/risks.html",
        rows=sorted(rows, key=lambda row: (row.fired is None, not row.is_asked)),
        ready=[
            (one.key, *signal_words.RISKS[one.key], signal_words.trigger(one.trigger, shop.currency))
            for one in READY
            if one.key not in adopted
        ],
        gone=[
            signalling.was(one, names=names, currency=shop.currency) for one in queries.dropped(shop.code, limit=_GONE)
        ],
        form={"days": "2"},
        **_choices(str(request.operator.pk)),
        may_steer=request.operator.may(Right.STEER),
    )


@require_POST
@page(Right.STEER)
def add(request: ConsoleRequest) -> HttpResponse:
    """Adopt a ready-made risk, or write one's own into the register."""
    try:
        _add(request)
        messages.success(request, _("Kept. Its trigger is looked at every day that ends."))
    except Refused as refused:
        messages.warning(request, signal_words.refusal(refused))
    return _back(request)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Right.STEER)
def risk(request: ConsoleRequest, id: UUID) -> HttpResponse:
    """One risk to be changed, with all that it was before; what was typed stays there if it is refused."""
    known = _known(request, id)
    status, is_newer = 200, False
    if request.method == "POST":
        try:
            _change(request, known)
            messages.success(request, _("Kept. Its trigger is looked at every day that ends."))
            return _back(request)
        except Refused as refused:
            messages.warning(request, signal_words.refusal(refused))
            known, status, is_newer = _known(request, id), 409, isinstance(refused, RiskChanged)
    names, currency = playing.names(), request.scope.shop.currency
    return show(
        request,
        "console/signals/risk.html",
        status=status,
        risk=known,
        now=signalling.kept(known, (), names=names, asked="", currency=currency),
        is_newer=is_newer,
        form=_typed(request, known),
        was=[signalling.was(one, names=names, currency=currency) for one in queries.was(id)],
        **_choices(str(known.owner)),
    )


@require_POST
@page(Right.STEER)
def drop(request: ConsoleRequest, id: UUID) -> HttpResponse:
    """Take a risk out of the register."""
    try:
        if queries.risk(id).shop != request.scope.shop.code:
            raise Http404(str(id))
        actions.drop(id=id, by=by(request))
        messages.success(request, _("Taken out of the register."))
    except NoSuchRisk:
        messages.warning(request, _("Somebody else took it out meanwhile."))
    return _back(request)


def _known(request: ConsoleRequest, id: UUID) -> Risk:
    try:
        found = queries.risk(id)
    except NoSuchRisk as missing:
        raise Http404(str(id)) from missing
    if found.shop != request.scope.shop.code:
        raise Http404(str(id))
    return found


def _choices(owner: str) -> dict[str, object]:
    """What can be chosen in the form of a risk."""
    return {
        "owners": play_forms.owners(owner),
        "metrics": sorted(
            (one.name(words.language()), key) for key, one in METRICS.items() if can_answer(key, by=Cut.DAY)
        ),
        "comparisons": [(one, signal_words.COMPARISONS[one]) for one in Comparison],
        "most_days": MOST_DAYS,
    }


def _typed(request: ConsoleRequest, risk: Risk) -> dict[str, str]:
    """What stands in the form: what was typed, else the risk as it is."""
    trigger = risk.trigger
    kept = {
        "name": risk.name,
        "metric": trigger.metric,
        "comparison": str(trigger.comparison),
        "threshold": _shown(trigger, request.scope.shop.currency),
        "days": str(trigger.days),
        "playbook": risk.playbook,
    }
    return {field: request.POST.get(field, said) for field, said in kept.items()}


def _change(request: ConsoleRequest, risk: Risk) -> None:
    form = request.POST
    version = form.get("version", "")
    actions.change_risk(
        id=risk.id,
        version=int(version) if version.isdecimal() and len(version) < 9 else 0,
        name=form.get("name", ""),
        trigger=_trigger(request),
        owner=_owner(form.get("owner", "")),
        playbook=form.get("playbook", ""),
        by=by(request),
    )


def _add(request: ConsoleRequest) -> None:
    form, shop = request.POST, request.scope.shop
    owner = _owner(form.get("owner", ""))
    ready = form.get("ready", "")
    if ready:
        name, playbook = signal_words.RISKS.get(ready, ("", ""))
        actions.adopt(
            shop=shop.code,
            ready=ready,
            name=str(name),
            owner=owner,
            playbook=signal_words.steps(str(playbook)),
            by=by(request),
        )
        return
    actions.keep_risk(
        shop=shop.code,
        name=form.get("name", ""),
        trigger=_trigger(request),
        owner=owner,
        playbook=form.get("playbook", ""),
        by=by(request),
    )


def _trigger(request: ConsoleRequest) -> Trigger:
    """The trigger of a form: the threshold in major units or as a person reads the number, or so many hundredths.

    refuses  RiskUnfit
    """
    form = request.POST
    metric, comparison, days = form.get("metric", ""), form.get("comparison", ""), form.get("days", "")
    if metric not in METRICS:
        raise RiskUnfit(field="metric")
    if comparison not in tuple(Comparison):
        raise RiskUnfit(field="threshold")
    if not (days.isdecimal() and len(days) < 3):
        raise RiskUnfit(field="days")
    kind = Comparison(comparison)
    return Trigger(
        metric=metric,
        comparison=kind,
        threshold=_threshold(form.get("threshold", ""), metric, kind, request.scope.shop.currency),
        days=int(days),
    )


def _shown(trigger: Trigger, currency: str) -> str:
    """A threshold as a person types it; the inverse of `_threshold`."""
    number = Decimal(trigger.threshold)
    if trigger.comparison in _SHARES:
        return f"{number / 100:f}"
    unit = METRICS[trigger.metric].unit
    if unit is Unit.MONEY:
        return f"{number.scaleb(-exponent(currency)):f}"
    return f"{number * (100 if unit is Unit.RATE else 1) / unit_of(trigger.metric):f}"


def _threshold(said: str, metric: str, comparison: Comparison, currency: str) -> int:
    try:
        number = Decimal(said.strip().removesuffix("%"))
    except InvalidOperation as unread:
        raise RiskUnfit(field="threshold") from unread
    if not 0 <= number < _MOST:
        raise RiskUnfit(field="threshold")
    if comparison in _SHARES:
        return int(number * 100)
    unit = METRICS[metric].unit
    if unit is Unit.MONEY:
        return int(number.scaleb(exponent(currency)))
    return int(number * unit_of(metric) / (100 if unit is Unit.RATE else 1))


def _owner(said: str) -> int:
    if said not in {one.value for one in play_forms.owners("")}:
        raise RiskUnfit(field="owner")
    return int(said)


def _back(request: ConsoleRequest) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('console:risks')}?{request.scope.query()}")
