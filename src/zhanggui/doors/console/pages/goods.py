"""Which goods, categories and regions bring the money, and what first baskets say of coming again."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_safe

from zhanggui.base.accounts.rules import Right
from zhanggui.base.look import formats
from zhanggui.doors.console import charts, words
from zhanggui.doors.console.exporting import Table, as_rate, download
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.doors.console.scope import Scope
from zhanggui.insight.basket import queries as basket
from zhanggui.insight.basket.rules import USUAL_WITHIN_DAYS, WITHIN_DAYS, Advice, Band, Baskets
from zhanggui.insight.goods import queries
from zhanggui.insight.goods.rules import Assortment, Grade, Graded
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics.rules import Cut

MOST_ROWS: Final = 100
_HEARD: Final = frozenset({Cut.CATEGORY, Cut.SKU})
GRADES: Final[dict[Grade, Promise]] = {
    Grade.A: lazy("A: the first 80 percent of the money"),
    Grade.B: lazy("B: up to 95%"),
    Grade.C: lazy("C: the long tail"),
}
_ADVICE: Final[dict[Advice, Promise]] = {
    Advice.RAISE: lazy(
        "Buyers of large first baskets come again more often, beyond chance. Lead new buyers there: put the threshold"
        " of free postage or of a discount at %(least)s."
    ),
    Advice.WIN_SMALL: lazy(
        "Buyers of small first baskets come again more often, beyond chance. Do not push the first basket up: make the"
        " first order easy, such as a trial size, and sell the larger basket the second time."
    ),
    Advice.LEAVE: lazy(
        "Small and large first baskets do not differ beyond chance in how often their buyers come again. A higher"
        " threshold raises the basket, not the repurchase."
    ),
}


@require_safe
@page(Right.SEE_NUMBERS)
def goods(request: ConsoleRequest) -> HttpResponse:
    """Classes of goods, goods that nobody buys, categories, regions, first baskets."""
    scope = request.scope
    if scope.days is None:
        return show(request, "console/goods.html", is_empty=True)
    found, baskets = _assortment(scope), _baskets(request)
    is_cut = bool(scope.where_by(_HEARD).by_cut())
    idle = found.idle()[:MOST_ROWS]
    shown = found.goods[:MOST_ROWS]
    return show(
        request,
        "console/goods.html",
        found=found,
        grades=[(grade, name, len(found.of(grade)), found.amount_of(grade)) for grade, name in GRADES.items()],
        goods=[(one, scope.only(Cut.SKU, one.sku.sku)) for one in shown],
        idle=[(one, scope.only(Cut.SKU, one.sku.sku)) for one in idle],
        names=_names(scope, (*shown, *idle)),
        categories=[(one, *_named(scope, Cut.CATEGORY, one.category)) for one in found.categories],
        regions=[] if is_cut else [(one, *_named(scope, Cut.REGION, one.region)) for one in found.regions],
        is_cut=is_cut,
        unheard=words.cuts(scope.unheard(_HEARD)),
        baskets=baskets,
        bands=[(band_name(band), band, *band.interval) for band in baskets.bands],
        advice=advice(baskets),
        chart=_chart(scope, baskets) if baskets.bands else None,
        within=WITHIN_DAYS,
        may_export=request.operator.may(Right.EXPORT),
    )


@require_safe
@page(Right.EXPORT)
def goods_file(request: ConsoleRequest, what: str, form: str) -> HttpResponse:
    """All goods, categories, regions or bands as a file."""
    make = {"goods": _goods_table, "categories": _category_table, "regions": _region_table}.get(what)
    if what == "baskets":
        return download(_basket_table(request.scope, _baskets(request)), form=form)
    if make is None:
        raise Http404(what)
    return download(make(request.scope, _assortment(request.scope)), form=form)


def band_name(band: Band) -> str:
    """From which to which amount a band reaches."""
    language = words.language()
    least, most = (formats.money(amount, language=language) for amount in (band.least, band.most))
    return least if least == most else f"{least} – {most}"


def advice(baskets: Baskets) -> str:
    """What to do about first baskets."""
    if not baskets.bands:
        return ""
    least = formats.money(baskets.bands[-1].least, language=words.language())
    return str(_ADVICE[baskets.advice]).replace("%(least)s", least)


def _assortment(scope: Scope) -> Assortment:
    """The goods that the filters leave."""
    found, where = queries.assortment(scope.shop.code, scope.period, compare=scope.compare), scope.where
    return found.only(categories=where.category, skus=where.sku) if scope.where_by(_HEARD).by_cut() else found


def _baskets(request: ConsoleRequest) -> Baskets:
    said, scope = request.GET.get("within", ""), request.scope
    within = int(said) if said in map(str, WITHIN_DAYS) else USUAL_WITHIN_DAYS
    return basket.baskets(scope.shop.code, scope.period, within_days=within, today=scope.today)


def _names(scope: Scope, shown: tuple[Graded, ...]) -> dict[str, str]:
    listings = metrics.listings(scope.shop.code, [one.sku.sku for one in shown])
    return {sku: listing.name(words.language()) for sku, listing in listings.items()}


def _named(scope: Scope, cut: Cut, value: str) -> tuple[str, Scope]:
    """What a value of a cut is called, and the scope that looks at it only."""
    return words.cell(cut, value), scope.only(cut, value)


def _chart(scope: Scope, baskets: Baskets) -> charts.Spec:
    language = words.language()
    bars = [
        charts.Bar(
            name=band_name(band),
            size=float(band.rate),
            said=formats.percent(band.rate, language=language),
        )
        for band in baskets.bands
    ]
    subtitle = _(
        "Buyers who paid another order within %(days)s days of the first, by what the first was worth, %(zone)s"
    )
    said = charts.Words(
        title=_("First baskets and coming again"),
        subtitle=subtitle % {"days": baskets.within_days, "zone": scope.shop.zone},
        language=language,
    )
    return charts.bars(bars, words=said, name=_("Came again"))


def _goods_table(scope: Scope, found: Assortment) -> Table:
    names = _names(scope, found.goods)
    heads = (_("SKU"), _("Product"), _("Category"), _("Class"), _("Paid (%(unit)s)") % {"unit": found.currency})
    rows = [
        (
            *(
                one.sku.sku,
                names.get(one.sku.sku, ""),
                words.cell(Cut.CATEGORY, one.sku.category),
                one.grade.upper(),
                one.sku.amount,
            ),
            *(as_rate(one.up_to), one.sku.units, one.sku.orders, one.sku.views, one.sku.adds, as_rate(one.yield_rate)),
        )
        for one in found.goods
    ]
    more = (_("Share up to here"), _("Pieces"), _("Orders"), _("Views"), _("Put into the cart"), _("Orders per view"))
    return Table(name=_file("goods", scope), heads=(*heads, *more), rows=rows)


def _category_table(scope: Scope, found: Assortment) -> Table:
    unit = {"unit": found.currency}
    heads = (_("Category"), _("Products"), _("Paid (%(unit)s)") % unit, _("Before (%(unit)s)") % unit)
    rows = [
        (words.cell(Cut.CATEGORY, one.category), one.skus, one.amount, one.before, one.adds) for one in found.categories
    ]
    return Table(name=_file("categories", scope), heads=(*heads, _("Adds (%(unit)s)") % unit), rows=rows)


def _region_table(scope: Scope, found: Assortment) -> Table:
    unit = {"unit": found.currency}
    heads = (_("Region"), _("Orders"), _("Paid (%(unit)s)") % unit, _("Visits"), _("Orders per 100 visits"))
    more = (_("Postage (%(unit)s)") % unit, _("Postage of what was asked for"))
    rows = [
        (
            *(words.cell(Cut.REGION, one.region), one.orders, one.amount, one.visits),
            *(one.density, one.postage, as_rate(one.postage_rate)),
        )
        for one in found.regions
    ]
    return Table(name=_file("regions", scope), heads=(*heads, *more), rows=rows)


def _basket_table(scope: Scope, found: Baskets) -> Table:
    heads = (_("First order from"), _("to"), _("Buyers"), _("Came again"), _("Rate"))
    rows = [(one.least, one.most, one.people, one.again, as_rate(one.rate)) for one in found.bands]
    return Table(name=_file(f"baskets-{found.within_days}", scope), heads=heads, rows=rows)


def _file(what: str, scope: Scope) -> str:
    return f"{what}-{scope.shop.code}-{scope.period.start}-{scope.period.last}"
