"""Bringing in what another shop sold: send its files, see what would come of every line, then say yes."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST, require_safe

from zhanggui.base import clock
from zhanggui.base.accounts.rules import Right
from zhanggui.base.jobs import queries as jobs
from zhanggui.base.shops.rules import ShopKind
from zhanggui.doors.console import intaking
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.doors.console.order_intaking import MOST_BYTES, bring_in_orders
from zhanggui.doors.console.rules import Asked, Intake, IntakeKind, IntakeState
from zhanggui.insight.sources import queries as sources

_STATES: Final = {
    IntakeState.TRYING: lazy("being tried"),
    IntakeState.TRIED: lazy("tried, waits for your yes"),
    IntakeState.TAKING: lazy("being taken in"),
    IntakeState.TAKEN: lazy("taken in"),
    IntakeState.STOPPED: lazy("stopped"),
}
_STEPS: Final = {
    "": lazy("It waits for its turn."),
    "reading": lazy("The file is read."),
    "sorting": lazy("Its lines are sorted: what is new, what is known, what cannot be."),
    "taking in": lazy("Its orders are taken in."),
    "rolling": lazy("The figures of the shop are prepared."),
}
# What to do on this page about a refusal; where nothing stands here, its own words say it.
_REMEDIES: Final[dict[str, Promise]] = {
    "ShopUnknown": lazy("Name the shop below; a new one needs its time zone and its currency."),
    "ShopIsOwn": lazy("Choose another code for the shop below."),
    "ShopDiffers": lazy("Leave time zone and currency empty, or choose another code for the shop below."),
    "CurrencyDiffers": lazy("Let it go into a shop of its own below."),
    "EncodingUnclear": lazy("Say its encoding below, such as cp1252 for Western Europe."),
    "DatesUnclear": lazy("Say the order of day and month below."),
    "DecimalsUnclear": lazy("Say the decimal sign below."),
    "FormatUnknown": lazy("Say below what its columns mean; what could be guessed stands there already."),
    "ColumnsMissing": lazy("Say below what its columns mean; what could be guessed stands there already."),
    "MapUnclear": lazy("Say below what its columns mean, as meaning=column, parted by commas."),
    "TableMissing": lazy("Send all tables of the folder at once, under their published names."),
    "ShopBusy": lazy("Wait until the other import is done, then try it again."),
    "ImportMoved": lazy("Nothing is counted twice. Try it again."),
}
_CODE: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_CHOICES: Final = {
    "kind": ("", "orders", "events"),
    "dates": ("", "ymd", "dmy", "mdy"),
    "decimals": ("", ".", ","),
}


@page(Right.IMPORT, needs_shop=False)
def imports(request: ConsoleRequest) -> HttpResponse:
    """Send files; they are tried by a job, without writing. Below stands what was imported, and how far it is."""
    wrong, asked = "", Asked()
    if request.method == "POST":
        asked, wrong = _asked(request)
        uploads = request.FILES.getlist("file")
        if not wrong and not uploads:
            wrong = _("Choose a file.")
        if not wrong and sum(one.size or 0 for one in uploads) > MOST_BYTES:
            wrong = _("The file is too large for the console. Take it in at the command line: zhanggui import file …")
        if not wrong:
            id = intaking.receive(
                shop=asked.shop,
                uploads=uploads,
                sent_by=str(request.operator.pk),
                language=get_language() or "zh-hans",
                work=bring_in_orders,
                kind=IntakeKind.ORDERS,
                asked=asked,
            )
            return redirect("console:sent", id)
    return show(
        request,
        "console/imports/list.html",
        status=422 if wrong else 200,
        wrong=wrong,
        asked=asked,
        most_bytes=MOST_BYTES,
        homes=[shop for shop in request.shops if shop.kind is ShopKind.IMPORTED],
        sent=[(one, _STATES[one.state]) for one in intaking.intakes(IntakeKind.ORDERS) if not one.is_over],
        imports=sources.imports(),
    )


@page(Right.IMPORT, needs_shop=False)
@require_safe
def sent(request: ConsoleRequest, id: UUID) -> HttpResponse:
    """How far files are that were sent, and what would come of them or came.

    A page that is open asks again with the version it shows in X-Known, and gets 204 until that is outdated.
    """
    one = _found(id)
    if one.version and request.headers.get("X-Known") == one.version:
        return HttpResponse(status=204)
    return _shown(request, one)


@page(Right.IMPORT, needs_shop=False)
@require_POST
def sent_do(request: ConsoleRequest, id: UUID, verb: str) -> HttpResponse:
    """Say `yes` to what was tried, let it `go-on` if it stands still, or try it `again`, read in another way."""
    one, by = _found(id), str(request.operator.pk)
    match verb:
        case "yes":
            is_done = intaking.agree(id=id, shop=one.shop, sent_by=by, work=bring_in_orders)
        case "go-on":
            is_done = intaking.go_on(id=id, shop=one.shop, work=bring_in_orders)
        case "again":
            asked, wrong = _asked(request)
            if wrong:
                return _shown(request, one, asked=asked, wrong=wrong)
            is_done = intaking.ask_again(id=id, shop=one.shop, asked=asked, sent_by=by, work=bring_in_orders)
        case _:
            raise Http404(verb)
    if not is_done:
        messages.warning(request, _("The file is further than that already. Nothing was changed."))
    return redirect("console:sent", id)


@page(Right.IMPORT, needs_shop=False)
def refused(request: ConsoleRequest, id: str) -> HttpResponseBase:
    """The lines of an import that wait to be mended, as the file to mend."""
    path = sources.refused_file(id)
    if path is None:
        raise Http404("nothing was refused")
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"refused-{id}.csv", content_type="text/csv")


def _shown(request: ConsoleRequest, one: Intake, *, asked: Asked | None = None, wrong: str = "") -> HttpResponse:
    happened, _, do = one.said.partition("\n")
    return show(
        request,
        "console/imports/sent.html",
        status=422 if wrong else 200,
        one=one,
        arrived=one.arrived,
        asked=asked or _guessed(one),
        wrong=wrong,
        said=_STATES[one.state],
        step=_STEPS.get(one.arrived.step, ""),
        happened=happened,
        do=_REMEDIES.get(one.reason, do),
        share=round(one.arrived.done / one.total_rows, 3) if one.total_rows else 0,
        homes=[shop for shop in request.shops if shop.kind is ShopKind.IMPORTED],
        is_still=one.stands_still(at=clock.now()),
        has_worker=not one.is_running or jobs.counts().is_worker_alive,
    )


def _guessed(one: Intake) -> Asked:
    """How it was to be read; what its columns could mean stands there where nobody said it."""
    if not one.arrived.guess:
        return one.asked
    return replace(one.asked, kind=one.asked.kind or "orders", columns=one.arrived.guess)


def _asked(request: ConsoleRequest) -> tuple[Asked, str]:
    """What the form says, and what is wrong with it."""
    said = {field: request.POST.get(field, "").strip() for field in Asked.__dataclass_fields__}
    said["currency"] = said["currency"].upper()
    for field, choices in _CHOICES.items():
        said[field] = said[field] if said[field] in choices else ""
    asked = Asked(**said)
    if asked.shop and not _CODE.fullmatch(asked.shop):
        return asked, _("The code of a shop is short: small letters, digits, - and _.")
    if asked.currency and not _CURRENCY.fullmatch(asked.currency):
        return asked, _("A currency has three letters, such as CNY or EUR.")
    return asked, ""


def _found(id: UUID) -> Intake:
    one = intaking.sent(id)
    if one is None:
        raise Http404(str(id))
    return one
