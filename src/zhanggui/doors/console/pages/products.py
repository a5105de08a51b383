"""Products: find them, edit one, change many at once, write them into a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from zhanggui.base import clock
from zhanggui.base.accounts.rules import Right
from zhanggui.base.errors import Refused
from zhanggui.base.operation.rules import Actor, operator
from zhanggui.base.rates import queries as exchange_rates
from zhanggui.doors.console import belongings, leafing, product_words, producting
from zhanggui.doors.console.exporting import streamed
from zhanggui.doors.console.fields import Unfit
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.doors.console.producting import SPARE_ROWS
from zhanggui.shop.catalogue import actions, queries
from zhanggui.shop.catalogue.queries import Wanted, Whole
from zhanggui.shop.catalogue.rules import (
    REMEMBERED,
    Card,
    Kind,
    Medium,
    MediumKind,
    NoReason,
    PricePoint,
    exchange,
    fault_of,
    files,
)
from zhanggui.shop.catalogue.rules.bulk import changed
from zhanggui.spine.log.rules import Trail

PER_PAGE: Final = 50
MOST_AT_ONCE: Final = 2000
_SHOWN: Final = 200
_AT_ONCE: Final = 1000
_MOST_POINTS: Final = 12
_LOOKED_AT: Final = frozenset({files.FileKind.PICTURE, files.FileKind.VIDEO, files.FileKind.MODEL})
_PAPERS: Final = frozenset({files.FileKind.PICTURE, files.FileKind.PAPER})


@dataclass(frozen=True, slots=True, kw_only=True)
class SkuRow:
    """A SKU in the form of its product.

    parts   of a bundle: the fields in which its parts stand, each with the part that stands there
    abroad  the other currencies, each with its field and what the price comes to in it today
    """

    name: str
    parts: list[tuple[str, Card | None]]
    abroad: list[tuple[str, str, str]]
    is_abroad: bool


@page(Right.RUN_SHOP)
@require_safe
def products(request: ConsoleRequest) -> HttpResponse:
    """The products of the shop, as the address narrows and sorts them."""
    shop = request.scope.shop.code
    wanted = producting.wanted_of(request.GET)
    count, skus = queries.count_of(shop, wanted)
    place = leafing.page_asked(request.GET)
    handles = queries.handles_of(shop, wanted, limit=PER_PAGE, offset=(place - 1) * PER_PAGE)
    said = producting.said(wanted)
    return show(
        request,
        "console/products/list.html",
        narrowing=wanted,
        said=said,
        rows=queries.wholes(shop, handles),
        count=count,
        skus=skus,
        place=place,
        pages=max(1, -(-count // PER_PAGE)),
        categories=queries.categories(shop),
        names={category.key: category.name for category in queries.categories(shop)},
        sorts=product_words.SORTS.items(),
        kinds=product_words.KINDS.items(),
        changes=product_words.CHANGES.items(),
        is_narrowed=bool(said.replace(f"sort={wanted.sort}", "")),
        all_said=_all_said(shop, wanted) if PER_PAGE < count <= MOST_AT_ONCE else "",
        may_export=request.operator.may(Right.EXPORT),
        at=request.scope.at,
    )


@page(Right.EXPORT)
@require_safe
def products_csv(request: ConsoleRequest) -> HttpResponseBase:
    """The same products as a file that can be brought in again, all pages of them."""
    shop = request.scope.shop.code
    return streamed(exchange.COLUMNS, _lines(shop, producting.wanted_of(request.GET)), name=f"products-{shop}")


@page(Right.RUN_SHOP)
def product(request: ConsoleRequest, handle: str) -> HttpResponse:
    """One product: its words, SKUs, prices, scenes, papers and media."""
    shop = request.scope.shop
    whole = _whole(shop.code, handle)
    abroad = queries.foreign_prices([own.sku for own in whole.product.skus])
    currencies = _currencies(request, abroad)
    wrong: dict[str, str] = {}
    form: Mapping[str, str] = {}
    if request.method == "POST":
        form = request.POST.dict()
        try:
            _save(request, whole, currencies=currencies, abroad=abroad)
            messages.success(request, _("Saved. It is on the page already."))
            return redirect(f"{reverse('console:product', args=[handle])}?{request.scope.query()}")
        except Unfit as unfit:
            wrong = {unfit.field: product_words.fault(unfit.code)}
        except Refused as refused:
            wrong = {"": product_words.refusal(refused)}
    return show(
        request,
        "console/products/one.html",
        status=422 if wrong else 200,
        whole=whole,
        product=whole.product,
        form=_fields(whole, shop.zone) | dict(belongings.abroad_fields(whole.product, abroad)) | dict(form),
        wrong=wrong,
        options=[(n, f"option.{n}") for n in range(3)],
        skus=list(_sku_rows(request, whole, currencies=currencies, abroad=abroad)),
        blocks=[(n, f"block.{n}") for n in range(len(whole.product.blocks) + 1)],
        papers=[(n, f"paper.{n}", _filed(whole, n)) for n in range(len(whole.product.evidence) + 1)],
        categories=queries.categories(shop.code),
        exceptions=[reason for reason in NoReason if reason],
        points=_asked(whole.product.sku)[-_MOST_POINTS:],
        kind=product_words.KINDS[whole.product.kind],
    )


@page(Right.RUN_SHOP)
@require_POST
def products_bulk(request: ConsoleRequest) -> HttpResponse:
    """One change to many products: first what it would do, then, when it is said again, done."""
    shop = request.scope.shop
    chosen = _chosen(request)
    editions = dict(chosen[:MOST_AT_ONCE])
    try:
        change = producting.change_of(request.POST.dict(), zone=shop.zone)
        if not editions:
            raise Unfit("handle", "handle")
        pairs = [(whole, changed(whole.product, change)) for whole in queries.wholes(shop.code, list(editions))]
        moving = [(whole, after) for whole, after in pairs if after != whole.product]
        if request.POST.get("is_sure") == "yes":
            after = [new for _whole, new in moving]
            seen = {new.handle: editions[new.handle] for new in after}
            actions.edit_products(products=after, editions=seen, trail=Trail(shop=shop.code), by=_by(request))
            n = len(after)
            messages.success(request, ngettext("%(n)s product changed.", "%(n)s products changed.", n) % {"n": n})
            return _back(request)
    except Unfit as unfit:
        said = product_words.fault(unfit.code) if editions else _("Choose at least one product.")
        messages.warning(request, said)
        return _back(request)
    except Refused as refused:
        messages.warning(request, _("Nothing was changed. %(why)s") % {"why": product_words.refusal(refused)})
        return _back(request)
    faults = [(new.handle, product_words.fault(code)) for _whole, new in moving if (code := fault_of(new))]
    differing = list(producting.differences(moving))
    return show(
        request,
        "console/products/bulk.html",
        change=str(product_words.CHANGES[change.kind]).replace("…", f"{change.percent:f}"),
        differing=differing[:_SHOWN],
        more=max(0, len(differing) - _SHOWN),
        count=len(moving),
        same=len(pairs) - len(moving),
        faults=faults,
        fields=[(n, v) for n, v in request.POST.items() if n not in ("handle", "csrfmiddlewaretoken", "is_sure")],
        handles=" ".join(f"{handle}:{edition}" for handle, edition in chosen),
        names={category.key: category.name for category in queries.categories(shop.code)},
    )


def _save(request: ConsoleRequest, whole: Whole, *, currencies: Sequence[str], abroad: belongings.Abroad) -> None:
    shop = request.scope.shop
    form = request.POST.dict()
    uploaded = {
        field: _kept(upload, field, _LOOKED_AT if field == "file" else _PAPERS)
        for field, upload in request.FILES.items()
        if isinstance(upload, UploadedFile)
    }
    product = producting.edited(whole.product, form, currency=shop.currency, zone=shop.zone, uploaded=uploaded)
    kept = [medium for n, medium in enumerate(product.media) if form.get(f"media.{n}.drop") != "yes"]
    if "file" in uploaded:
        name = uploaded["file"]
        kind = MediumKind(files.TYPES[name.rpartition(".")[2]].kind.value)
        kept.append(Medium(kind=kind, file=name, alt=product.title))
    address = form.get("film", "").strip()
    if address:
        if not address.startswith("https://") or len(address) > 500:
            raise Unfit("film", "type_of_file")
        kept.append(Medium(kind=MediumKind.VIDEO, address=address, alt=product.title))
    edition = form.get("edition", "")
    actions.edit_products(
        products=[replace(product, media=tuple(kept))],
        editions={whole.product.handle: int(edition) if edition.isdecimal() else 0},
        abroad=belongings.abroad(form, currencies=currencies, standing=abroad),
        trail=Trail(shop=shop.code),
        by=_by(request),
    )


def _kept(upload: UploadedFile[bytes], field: str, kinds: frozenset[files.FileKind]) -> str:
    """The name of an upload in the media store; what it is, its bytes say."""
    if upload.size is None or upload.size > max(files.MOST_BYTES[kind] for kind in kinds):
        raise Unfit(field, "size")
    content = upload.read()
    found = files.type_of(content)
    if found is not None and found.kind not in kinds:
        raise Unfit(field, "type_of_paper" if kinds is _PAPERS else "type_of_file")
    return actions.keep_file(content=content)


def _currencies(request: ConsoleRequest, abroad: belongings.Abroad) -> list[str]:
    """The currencies besides the shop's own that shoppers can pay in, or that a price stands in."""
    own = request.scope.shop.currency
    said = {currency for prices in abroad.values() for currency in prices}
    return sorted({*exchange_rates.currencies(own, request.scope.today), *said} - {own})


def _sku_rows(
    request: ConsoleRequest, whole: Whole, *, currencies: Sequence[str], abroad: belongings.Abroad
) -> Iterator[SkuRow]:
    """The SKUs that stand, and a few empty ones."""
    today, own_currency = request.scope.today, request.scope.shop.currency
    known = exchange_rates.currencies(own_currency, today)
    rates = [exchange_rates.rate(own_currency, one, today) for one in currencies if one in known]
    held = queries.products([part.sku for own in whole.product.skus for part in own.parts])
    is_bundle = whole.product.kind is Kind.BUNDLE
    for place, own in enumerate([*whole.product.skus, *[None] * SPARE_ROWS]):
        at = f"sku.{place}"
        hints = {rate.quote: f"{rate.convert(own.price).major:f}" for rate in rates} if own else {}
        parts: list[Card | None] = [held.get(part.sku) for part in own.parts] if own else []
        yield SkuRow(
            name=at,
            parts=[(f"{at}.part.{n}", card) for n, card in enumerate([*parts, *[None] * SPARE_ROWS])] * is_bundle,
            abroad=[(currency, f"{at}.in.{currency}", hints.get(currency, "")) for currency in currencies],
            is_abroad=own is not None and own.sku in abroad,
        )


def _asked(sku: str) -> Sequence[PricePoint]:
    """What the SKU cost everybody and by whose offer, the catalogue's own and those of promotions; oldest first."""
    card = queries.products([sku])[sku]
    return queries.asked_prices([card], since=clock.now() - REMEMBERED)[sku]


def _filed(whole: Whole, place: int) -> str:
    """The file of a paper that stands; empty if it has none."""
    return whole.product.evidence[place].file if place < len(whole.product.evidence) else ""


def _fields(whole: Whole, zone: str) -> dict[str, Any]:
    """The product as the fields of its form."""
    product = whole.product
    fields: dict[str, Any] = {
        "category": product.category,
        "tags": ", ".join(product.tags),
        "no_reason_exception": product.no_reason_exception,
        "edition": str(whole.edition),
    }
    for name, said in (
        ("title", product.title),
        ("summary", product.summary),
        ("brand", product.brand),
        ("proof", product.proof),
        *((f"option.{n}", option) for n, option in enumerate(product.options)),
        *(
            (f"block.{n}.{part}", getattr(block, part))
            for n, block in enumerate(product.blocks)
            for part in ("problem", "solution", "proof")
        ),
        *(
            (f"sku.{n}.value.{place}", value)
            for n, own in enumerate(product.skus)
            for place, value in enumerate(own.values)
        ),
    ):
        fields |= {f"{name}.zh": said.zh, f"{name}.en": said.en}
    for n, own in enumerate(product.skus):
        fields |= producting.sku_fields(f"sku.{n}", own, zone=zone) | belongings.part_fields(f"sku.{n}", own)
    return fields | belongings.paper_fields(product)


def _chosen(request: ConsoleRequest) -> list[tuple[str, int]]:
    """Handles with the editions that were seen."""
    said = " ".join([*request.POST.getlist("handle"), request.POST.get("handles", "")])
    if request.POST.get("all") == "yes":
        said = request.POST.get("all_handles", "")
    pairs = (part.rpartition(":") for part in said.split())
    return [(handle, int(edition)) for handle, _sign, edition in pairs if handle and edition.isdecimal()]


def _all_said(shop: str, wanted: Wanted) -> str:
    wholes = queries.wholes(shop, queries.handles_of(shop, wanted, limit=MOST_AT_ONCE))
    return " ".join(f"{whole.product.handle}:{whole.edition}" for whole in wholes)


def _lines(shop: str, wanted: Wanted) -> Iterator[list[str]]:
    handles = queries.handles_of(shop, wanted)
    for start in range(0, len(handles), _AT_ONCE):
        for whole in queries.wholes(shop, handles[start : start + _AT_ONCE]):
            yield from ([row.get(name, "") for name in exchange.COLUMNS] for row in exchange.cells_of(whole.product))


def _whole(shop: str, handle: str) -> Whole:
    found = queries.wholes(shop, [handle])
    if not found:
        raise Http404(handle)
    return found[0]


def _by(request: ConsoleRequest) -> Actor:
    return operator(str(request.operator.pk))


def _back(request: ConsoleRequest) -> HttpResponse:
    return redirect(f"{reverse('console:products')}?{request.scope.query()}&{request.POST.get('said', '')}")
