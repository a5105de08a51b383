"""What brought the money, and what advertising cost."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from zhanggui.base.accounts.rules import Right
from zhanggui.base.errors import Refused
from zhanggui.base.look import formats
from zhanggui.base.operation.rules import operator
from zhanggui.doors.console import crediting, words
from zhanggui.doors.console.exporting import download
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.insight.attribution import actions, queries
from zhanggui.insight.attribution.errors import FileTooLong, FileUnreadable, NoSuchFile
from zhanggui.insight.attribution.rules import LOOK_BACK_DAYS, USUAL_LOOK_BACK_DAYS, Attribution, By, Model
from zhanggui.spine.sightings.rules import visits

MOST_BYTES: Final = 8_000_000
_REFUSALS: Final[dict[type[Refused], Promise]] = {
    FileUnreadable: lazy("This is no file of spend: it needs the columns day, channel and spend. Nothing was changed."),
    FileTooLong: lazy("The file has more than 50,000 lines. Cut it in two. Nothing was changed."),
}


@require_safe
@page(Right.SEE_NUMBERS)
def attribution(request: ConsoleRequest) -> HttpResponse:
    """All models side by side, with what each source cost."""
    scope = request.scope
    if scope.days is None:
        return show(request, "console/attribution.html", is_empty=True)
    model, found = _model(request), _asked(request)
    rows = crediting.rows(found, scope, model=model)
    return show(
        request,
        "console/attribution.html",
        found=found,
        rows=rows,
        model=model,
        models=[(one, name, crediting.MEANINGS[one]) for one, name in crediting.MODELS.items()],
        by=found.by,
        look_back_days=found.look_back_days,
        look_backs=LOOK_BACK_DAYS,
        chart=crediting.chart(rows, scope) if found.money else None,
        led_rate=Decimal(found.led_orders) / found.orders if found.orders else None,
        mer=crediting.ratio(found.money, found.spend),
        expense_rate=Decimal(found.spend.minor) / found.money.minor if found.spend and found.money else None,
        cac=crediting.each(found.spend, Decimal(found.orders)),
        ncac=crediting.each(found.spend, Decimal(found.new_orders)),
        may_export=request.operator.may(Right.EXPORT),
        may_import=request.operator.may(Right.IMPORT),
    )


@require_safe
@page(Right.EXPORT)
def attribution_file(request: ConsoleRequest, form: str) -> HttpResponse:
    """The rows of the page as a file."""
    model, found = _model(request), _asked(request)
    rows = crediting.rows(found, request.scope, model=model)
    return download(crediting.table(rows, request.scope, model=model, by=found.by), form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Right.IMPORT)
def spend(request: ConsoleRequest) -> HttpResponse:
    """Send a file of what advertising cost; the files that were sent stand below."""
    if request.method == "POST":
        _take(request)
        return HttpResponseRedirect(f"{reverse('console:spend')}?{request.scope.query()}")
    shop = request.scope.shop.code
    return show(
        request,
        "console/spend.html",
        files=queries.files(shop),
        days=queries.spend_days(shop),
        channels=[(channel, words.CHANNELS.get(channel, channel)) for channel in sorted(visits.CHANNELS)],
    )


@require_safe
@page(Right.IMPORT)
def spend_refused(request: ConsoleRequest, id: str) -> HttpResponse:
    """The refused lines of a file with the reasons, to mend and send again."""
    try:
        return download(crediting.refused_table(queries.file_of(id, shop=request.scope.shop.code)), form="csv")
    except NoSuchFile as unknown:
        raise Http404(id) from unknown


def _take(request: ConsoleRequest) -> None:
    upload = request.FILES.get("file")
    if upload is None or not upload.size or upload.size > MOST_BYTES:
        messages.warning(request, _("Choose a file of at most 8 MB."))
        return
    try:
        taken = actions.import_spend(
            shop=request.scope.shop.code,
            name=upload.name or "",
            content=upload.read(),
            by=operator(str(request.operator.pk)),
        )
    except (FileUnreadable, FileTooLong) as refused:
        messages.warning(request, _REFUSALS[type(refused)])
        return
    said = ngettext("%(n)s day of spend is new or another.", "%(n)s days of spend are new or another.", taken.changed)
    messages.success(request, said % {"n": formats.number(taken.changed, language=words.language())})
    if taken.refused_rows:
        left = ngettext("%(n)s line was refused.", "%(n)s lines were refused.", taken.refused_rows)
        messages.warning(request, left % {"n": formats.number(taken.refused_rows, language=words.language())})


def _asked(request: ConsoleRequest) -> Attribution:
    said, back = request.GET.get("by", ""), request.GET.get("back", "")
    return queries.attribution(
        request.scope.shop.code,
        request.scope.period,
        by=By(said) if said in tuple(By) else By.CHANNEL,
        look_back_days=int(back) if back in map(str, LOOK_BACK_DAYS) else USUAL_LOOK_BACK_DAYS,
    )


def _model(request: ConsoleRequest) -> Model:
    """The model by which rows are sorted, and by which returns are counted."""
    said = request.GET.get("sort", "")
    return Model(said) if said in tuple(Model) else Model.LAST_NON_DIRECT
