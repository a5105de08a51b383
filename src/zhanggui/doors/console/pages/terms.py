"""How the shop delivers, taxes and takes money: one page, for who may decide it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST, require_safe

from zhanggui.base.accounts.rules import Right
from zhanggui.base.errors import Refused
from zhanggui.base.rates import actions as exchange
from zhanggui.base.rates import queries as exchange_rates
from zhanggui.base.rates.errors import RateNotAllowed as NoExchange
from zhanggui.doors.console import terms as forms
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.doors.console.terms import Unfit
from zhanggui.guard.tax import actions as tax
from zhanggui.guard.tax import queries as tax_rates
from zhanggui.guard.tax import rules as tax_rules
from zhanggui.guard.tax.errors import RateNotAllowed as NoTax
from zhanggui.shop.checkout import actions as checkout
from zhanggui.shop.checkout import queries as ways
from zhanggui.shop.checkout.errors import LastOption, OptionMoved, OptionNotAllowed

_FIELDS: Final = {
    "key": lazy("The key has 1 to 40 small letters, figures, hyphens."),
    "name_zh": lazy("The Chinese name is missing."),
    "name_en": lazy("The English name is missing."),
    "countries": lazy("Countries are two letters each, such as CN, HK."),
    "rate": lazy("The price or rate cannot be read."),
    "per_kg": lazy("The price per further kilogram cannot be read."),
    "free_from": lazy("The sum from which it is free cannot be read."),
    "least_days": lazy("The fewest days are a whole number up to 365."),
    "most_days": lazy("The most days are a whole number up to 365."),
    "position": lazy("The place in the list is a whole number."),
    "country": lazy("A country is two letters, such as DE."),
    "percent": lazy("A tax rate lies from 0 to below 100, with at most three decimals."),
    "tax_class": lazy("The kind of goods has 1 to 40 small letters, figures, hyphens."),
    "from_on": lazy("The day cannot be read."),
    "base": lazy("Name another currency by its three letters, such as EUR."),
    "on": lazy("The day cannot be read."),
}
_REFUSALS: Final[dict[type[Refused], Promise]] = {
    OptionNotAllowed: lazy("A way to deliver costs nothing or more, and its most days are not below its fewest."),
    OptionMoved: lazy("Somebody else changed this way to deliver meanwhile, or its key is taken. Look at it again."),
    LastOption: lazy("The last way to deliver stays, or nobody could order."),
    NoTax: lazy("A region needs its country, and a rate lies below 100 %."),
    NoExchange: lazy("An exchange rate is above nothing and lies between two currencies."),
}


@require_safe
@page(Right.SET_TERMS)
def terms(request: ConsoleRequest) -> HttpResponse:
    """Ways to deliver, tax rates by place and day, exchange rates by day. At most three statements."""
    shop = request.scope.shop
    today = request.scope.today
    taxes = sorted(tax_rates.rates(shop.code), key=lambda r: (r.country, r.region, r.tax_class, -r.from_on.toordinal()))
    return show(
        request,
        "console/terms.html",
        options=ways.offered(shop.code),
        taxes=[(rate, rate == _now(rate, taxes, today), rate.from_on > today) for rate in taxes],
        rates=exchange_rates.known(shop.currency),
        today=today,
    )


@require_POST
@page(Right.SET_TERMS)
def change(request: ConsoleRequest, what: str) -> HttpResponse:
    """Change one of them; orders that were placed keep what they were promised, taxed and paid at."""
    does = _CHANGES.get(what)
    if does is None:
        raise Http404(what)
    try:
        messages.success(request, does(request))
    except Unfit as unfit:
        messages.warning(request, f"{_FIELDS[unfit.field]} {_('Nothing was changed.')}")
    except Refused as refused:
        if type(refused) not in _REFUSALS:
            raise
        messages.warning(request, f"{_REFUSALS[type(refused)]} {_('Nothing was changed.')}")
    return HttpResponseRedirect(f"{reverse('console:terms')}?{request.scope.query()}")


def _now(rate: tax_rules.Rate, rates: list[tax_rules.Rate], today: date) -> tax_rules.Rate | None:
    """Which of the rates for the same place and goods holds today."""
    same = (rate.country, rate.region, rate.tax_class)
    begun = [one for one in rates if (one.country, one.region, one.tax_class) == same and one.from_on <= today]
    return max(begun, key=lambda one: one.from_on, default=None)


def _option(request: ConsoleRequest) -> str:
    shop = request.scope.shop
    option = forms.option_of(request.POST.dict(), currency=shop.currency)
    checkout.keep_option(shop=shop.code, option=option, seen=request.POST.get("seen", ""))
    return _("The way to deliver is kept. Carts show it from now on.")


def _no_option(request: ConsoleRequest) -> str:
    key, seen = (request.POST.get(name, "") for name in ("key", "seen"))
    checkout.drop_option(shop=request.scope.shop.code, key=key, seen=seen)
    return _("It is not offered any more. Orders that were placed with it are delivered as promised.")


def _tax(request: ConsoleRequest) -> str:
    tax.set_rates(shop=request.scope.shop.code, rates=[forms.tax_of(request.POST.dict())])
    return _("The tax rate is kept. Orders placed before keep what they were taxed.")


def _rate(request: ConsoleRequest) -> str:
    exchange.set_rates(rates=[forms.exchange_of(request.POST.dict(), currency=request.scope.shop.currency)])
    return _("The exchange rate is kept. Orders placed before keep theirs.")


_CHANGES: Final[dict[str, Callable[[ConsoleRequest], str]]] = {
    "option": _option,
    "no-option": _no_option,
    "tax": _tax,
    "rate": _rate,
}
