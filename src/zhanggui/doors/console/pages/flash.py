"""Flash sales from behind the counter: what is on and what is to come, setting one up, watching it, stopping it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhanggui.base import clock, ids
from zhanggui.base.accounts.rules import Right
from zhanggui.base.errors import Refused
from zhanggui.base.money import Money
from zhanggui.base.operation.errors import KeyReused
from zhanggui.doors.console import flash_forms as forms
from zhanggui.doors.console.fields import Unfit
from zhanggui.doors.console.flash_forms import Foreseen
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.doors.console.pages.returns import by
from zhanggui.growth.flash import actions, queries
from zhanggui.growth.flash.errors import NoSuchSale
from zhanggui.growth.flash.queries import Minute
from zhanggui.growth.flash.rules import Item, Plan, Sale, State
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.catalogue.rules import Card
from zhanggui.spine.log.rules import Trail


@require_safe
@page(Right.RUN_SHOP)
def sales(request: ConsoleRequest) -> HttpResponse:
    """All flash sales, latest beginning first. At most four statements."""
    now = clock.now()
    return show(
        request,
        "console/flash/list.html",
        sales=[(sale, sale.stage(now)) for sale in queries.sales_of(request.scope.shop.code)],
        may_set=request.operator.may(Right.SET_TERMS),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@page(Right.SET_TERMS)
def new(request: ConsoleRequest) -> HttpResponse:
    """The form of a new sale, what it would take and cost, and the button that sets it up."""
    if request.method != "POST":
        return _form(request, {})
    form = request.POST.dict()
    try:
        plan = forms.plan_of(form, shop=request.scope.shop)
        if form.get("act") != "set_up":
            return _form(request, form, plan=plan)
        id = actions.set_up(
            plan=plan,
            idempotency_key=form.get("key", "")[:80] or str(ids.uuid7()),
            trail=Trail(shop=request.scope.shop.code),
            by=by(request),
        )
    except (Unfit, KeyReused) as unfit:
        said = forms.refusal(unfit) if isinstance(unfit, Unfit) else _("This form was sent before. Look at the list.")
        messages.warning(request, said)
        return _form(request, form)
    except Refused as refused:
        messages.warning(request, forms.refusal(refused))
        return _form(request, form)
    messages.success(request, _("The sale is set up and its pieces are set aside. It begins by the clock."))
    return HttpResponseRedirect(_address(request, id))


@require_safe
@page(Right.RUN_SHOP)
def sale(request: ConsoleRequest, id: UUID) -> HttpResponse:
    """How one sale goes this moment. At most eight statements."""
    now = clock.now()
    found = _found(request, id)
    cards = catalogue.products([item.sku for item in found.items])
    by_sku, minutes, waiting, came = queries.numbers(found.id, at=now)
    return show(
        request,
        "console/flash/one.html",
        sale=found,
        stage=found.stage(now),
        rows=[
            {"item": item, "card": cards.get(item.sku), "numbers": by_sku[item.sku], "off": _off(cards, item)}
            for item in found.items
        ],
        minutes=_filled(minutes),
        busiest=max((minute.units for minute in minutes), default=0),
        last_minute=sum(each.last_minute for each in by_sku.values()),
        orders=sum(each.orders for each in by_sku.values()),
        left=found.quota_units - found.taken_units,
        waiting=waiting,
        came=came,
        may_stop=request.operator.may(Right.SET_TERMS) and found.state is not State.ENDED,
        again_s=10 if found.is_on(now) else 0,
    )


@require_POST
@page(Right.SET_TERMS)
def stop(request: ConsoleRequest, id: UUID) -> HttpResponse:
    """End a sale now; what nobody took goes back on sale at the list price."""
    found = _found(request, id)
    if request.POST.get("sure") != "1":
        messages.warning(request, _("Tick the box first: a sale that was stopped cannot go on."))
    elif actions.stop(id=found.id, trail=Trail(shop=request.scope.shop.code), by=by(request)):
        messages.success(request, _("Stopped. What nobody took is back in stock."))
    else:
        messages.warning(request, _("It had ended already."))
    return HttpResponseRedirect(_address(request, found.id))


def _form(request: ConsoleRequest, form: dict[str, str], *, plan: Plan | None = None) -> HttpResponse:
    shown = forms.foreseen(plan) if plan else []
    return show(
        request,
        "console/flash/new.html",
        form=form,
        rows=forms.rows_of(form),
        key=form.get("key") or ids.uuid7(),
        foreseen=shown,
        lasts=plan.ends_at - plan.starts_at if plan else None,
        most_off=_sum(shown, request.scope.shop.currency),
        pieces=sum(each.pick.units for each in shown),
        is_short=any(each.free_after < 0 for each in shown),
        plan=plan,
    )


def _sum(shown: Sequence[Foreseen], currency: str) -> Money:
    return Money.total((each.most_off for each in shown), currency)


def _found(request: ConsoleRequest, id: UUID) -> Sale:
    try:
        return queries.sale(request.scope.shop.code, str(id))
    except NoSuchSale as missing:
        raise Http404(str(id)) from missing


def _off(cards: Mapping[str, Card], item: Item) -> Money | None:
    """What the sale gave away on one of its goods so far, by the list price of today."""
    card = cards.get(item.sku)
    return (card.price - item.price) * item.taken_units if card else None


def _filled(minutes: Sequence[Minute]) -> list[Minute]:
    """The minutes from the first to the last that anything was taken in, idle ones as 0; newest first."""
    if not minutes:
        return []
    known = {minute.at: minute for minute in minutes}
    first, last = minutes[0].at, minutes[-1].at
    every = [first + timedelta(minutes=n) for n in range(int((last - first) / timedelta(minutes=1)) + 1)]
    return [known.get(at, Minute(at=at, units=0, orders=0)) for at in reversed(every)]


def _address(request: ConsoleRequest, id: str) -> str:
    return f"{reverse('console:flash_sale', args=[id])}?{request.scope.query()}"
