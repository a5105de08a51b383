"""Bringing a product file in: send it, see what it would do and what is wrong in it, then say yes."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST, require_safe

from zhanggui.base import clock
from zhanggui.base.accounts.rules import Right
from zhanggui.base.jobs import queries as jobs
from zhanggui.doors.console import intaking, product_words
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.doors.console.product_intaking import MOST_BYTES, bring_in_products
from zhanggui.doors.console.rules import Intake, IntakeKind, IntakeState

_STATES: Final = {
    IntakeState.TRYING: lazy("being tried"),
    IntakeState.TRIED: lazy("tried, waits for your yes"),
    IntakeState.TAKING: lazy("being taken in"),
    IntakeState.TAKEN: lazy("taken in"),
    IntakeState.STOPPED: lazy("stopped"),
}
_REASONS: Final[dict[str, Promise]] = {
    "FileNotUnderstood": lazy(
        "This is no product file of ours, Shopify's or WooCommerce's: the names of its columns say nothing."
    ),
    "FileBroken": lazy("The file is broken: save it again and send it once more."),
    "EncodingUnclear": lazy("The letters of the file cannot be read: save it as UTF-8 or as XLSX."),
}


@page(Right.RUN_SHOP)
def product_import(request: ConsoleRequest) -> HttpResponse:
    """Send a file; it is tried by a job, without writing. Below stand the files that were sent lately."""
    wrong = ""
    if request.method == "POST":
        upload = request.FILES.get("file")
        if upload and upload.size and upload.size <= MOST_BYTES:
            language = get_language() or "zh-hans"
            shop, by = request.scope.shop.code, str(request.operator.pk)
            id = intaking.receive(shop=shop, uploads=[upload], sent_by=by, language=language, work=bring_in_products)
            return redirect(f"{reverse('console:product_intake', args=[id])}?{request.scope.query()}")
        wrong = product_words.fault("size") if upload and upload.size else _("Choose a file.")
    return show(
        request,
        "console/products/import.html",
        status=422 if wrong else 200,
        wrong=wrong,
        most_bytes=MOST_BYTES,
        sent=[(one, _STATES[one.state]) for one in intaking.intakes(IntakeKind.PRODUCTS, shop=request.scope.shop.code)],
    )


@page(Right.RUN_SHOP)
@require_safe
def product_intake(request: ConsoleRequest, id: UUID) -> HttpResponse:
    """How far a file is, and what it would do or did. At most two statements.

    A page that is open asks again with the version it shows in X-Known, and gets 204 until that is outdated.
    """
    one = _found(request, id)
    if one.version and request.headers.get("X-Known") == one.version:
        return HttpResponse(status=204)
    return show(
        request,
        "console/products/intake.html",
        one=one,
        said=_STATES[one.state],
        why=_REASONS.get(one.reason, one.reason),
        share=round(one.tally.rows / one.total_rows, 3) if one.total_rows else 0,
        is_trial=one.state in (IntakeState.TRYING, IntakeState.TRIED),
        faults=[(fault, product_words.fault(fault.code)) for fault in one.tally.faults],
        is_left=one.tally.refused > 0 and not one.is_running and intaking.refused_path(one.id).exists(),
        is_still=one.stands_still(at=clock.now()),
        has_worker=not one.is_running or jobs.counts().is_worker_alive,
    )


@page(Right.RUN_SHOP)
@require_POST
def intake_do(request: ConsoleRequest, id: UUID, verb: str) -> HttpResponse:
    """Say `yes` to a file that was tried, or let one `go-on` that stands still."""
    shop = request.scope.shop.code
    match verb:
        case "yes":
            is_done = intaking.agree(id=id, shop=shop, sent_by=str(request.operator.pk), work=bring_in_products)
        case "go-on":
            is_done = intaking.go_on(id=id, shop=shop, work=bring_in_products)
        case _:
            raise Http404(verb)
    if not is_done:
        messages.warning(request, _("The file is further than that already. Nothing was changed."))
    return redirect(f"{reverse('console:product_intake', args=[id])}?{request.scope.query()}")


@page(Right.RUN_SHOP)
@require_safe
def intake_refused(request: ConsoleRequest, id: UUID) -> HttpResponseBase:
    """The products that were left out, each with its reason, as a file to mend and send again."""
    one = _found(request, id)
    path = intaking.refused_path(one.id)
    if one.is_running or not path.exists():
        raise Http404("nothing was left out")
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"left-out-{one.id}.csv", content_type="text/csv")


def _found(request: ConsoleRequest, id: UUID) -> Intake:
    one = intaking.intake(request.scope.shop.code, id)
    if one is None:
        raise Http404(str(id))
    return one
