"""The shops of this installation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from zhanggui.base import clock
from zhanggui.base.accounts.rules import Right
from zhanggui.base.shops import actions, queries
from zhanggui.base.shops.rules import IMPRINT_FIELDS, LONGEST_LINE, Imprint, Law, Shop, ShopKind, missing
from zhanggui.doors.console import words
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.doors.console.scope import Scope, scope_of
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics.rules import Figure

_LINES: Final = {
    "company": lazy("Company"),
    "represented_by": lazy("Represented by"),
    "address": lazy("Address"),
    "email": lazy("E-mail"),
    "phone": lazy("Phone"),
    "register": lazy("Register, with its number"),
    "vat_number": lazy("VAT number"),
    "licence": lazy("Business licence, its number"),
    "icp": lazy("Web filing (ICP)"),
    "police_filing": lazy("Filing with the public security"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopRow:
    """A shop, its days, and what it took in its usual period.

    may_set_law  whether the operator decides whose law it keeps, and who it says runs it
    imprint      who runs it, field by field: its name, what it is called, what was said; empty where it is not ours
    missing      what the law wants said there and is not, in words
    """

    shop: Shop
    scope: Scope
    period: str
    gmv: Figure | None
    may_set_law: bool
    imprint: tuple[tuple[str, str, str], ...] = ()
    missing: tuple[str, ...] = ()


@page(needs_shop=False)
def shops(request: ConsoleRequest) -> HttpResponse:
    """All shops."""
    return show(request, "console/shops.html", rows=[_row(request, shop) for shop in request.shops])


@require_POST
@page(Right.SET_TERMS)
def put_law(request: ConsoleRequest) -> HttpResponse:
    """Keep another law; a word that is none changes nothing."""
    law = request.POST.get("law", "")
    if law in set(Law):
        actions.keep_law(shop=request.scope.shop.code, law=Law(law))
        messages.success(request, _("Kept. Pages say it within half a minute."))
    return HttpResponseRedirect(reverse("console:shops"))


@require_POST
@page(Right.SET_TERMS)
def put_imprint(request: ConsoleRequest) -> HttpResponse:
    """Say who runs the shop; what does not fit into a line is left out."""
    said = {name: " ".join(request.POST.get(name, "").split())[:LONGEST_LINE] for name in IMPRINT_FIELDS}
    actions.put_imprint(shop=request.scope.shop.code, imprint=Imprint(**said))
    messages.success(request, _("Kept. Pages say it within half a minute."))
    return HttpResponseRedirect(reverse("console:shops"))


def _row(request: ConsoleRequest, shop: Shop) -> ShopRow:
    scope = scope_of(QueryDict(""), shop=shop, days=metrics.days(shop.code), at=clock.now())
    gmv = None
    if scope.days and request.operator.may(Right.SEE_NUMBERS):
        gmv = metrics.query(shop.code, ["gmv_paid"], scope.period, at=scope.at).whole.of("gmv_paid")
    may_set_law = shop.kind is ShopKind.OWN and request.operator.may(Right.SET_TERMS)
    said = queries.imprint(shop.code) if may_set_law else Imprint()
    return ShopRow(
        shop=shop,
        scope=scope,
        period=words.preset_or_span(scope.preset, scope.period),
        gmv=gmv,
        may_set_law=may_set_law,
        imprint=tuple((name, str(_LINES[name]), getattr(said, name)) for name in IMPRINT_FIELDS),
        missing=tuple(str(_LINES[name]) for name in missing(said, law=shop.law)) if may_set_law else (),
    )
