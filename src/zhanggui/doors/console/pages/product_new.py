"""A new product: its form, and letting a draft go on sale."""

from __future__ import annotations

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from zhanggui.base.accounts.rules import Right
from zhanggui.base.errors import Refused
from zhanggui.doors.console import opening, product_words, stock_words, stocking
from zhanggui.doors.console.fields import Unfit
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.doors.console.pages.stock import by, trail
from zhanggui.shop.catalogue import actions, queries
from zhanggui.shop.catalogue.rules import files
from zhanggui.supply.stock import queries as stock
from zhanggui.supply.stock.errors import NoSuchWarehouse, UnitsNotAllowed


@require_http_methods(["GET", "HEAD", "POST"])
@page(Right.RUN_SHOP)
def new(request: ConsoleRequest) -> HttpResponse:
    """Describe a product: words, category, price, SKU, first pieces, picture. It is a draft until it is put on sale."""
    why = ""
    if request.method == "POST":
        try:
            sku = _open(request)
        except Unfit as unfit:
            why = product_words.fault(unfit.code)
        except (NoSuchWarehouse, UnitsNotAllowed) as refused:
            why = stock_words.refusal(refused)
        except Refused as refused:
            why = product_words.refusal(refused)
        else:
            messages.success(request, _("Kept. Here is all that can be said about it."))
            return redirect(f"{_address(queries.products([sku])[sku].product)}?{request.scope.query()}")
    return show(
        request,
        "console/products/new.html",
        status=422 if why else 200,
        form=request.POST.dict(),
        why=why,
        categories=queries.categories(request.scope.shop.code),
        houses=[(house.code, stocking.house_name(house)) for house in stock.warehouses(request.scope.shop.code)],
    )


@require_POST
@page(Right.RUN_SHOP)
def publish(request: ConsoleRequest, handle: str) -> HttpResponse:
    """Put every SKU of a product on sale."""
    found = queries.wholes(request.scope.shop.code, [handle])
    if not found:
        raise Http404(handle)
    for own in found[0].product.skus:
        actions.relist(sku=own.sku, trail=trail(request), by=by(request))
    messages.success(request, _("It is on sale now."))
    return redirect(f"{_address(handle)}?{request.scope.query()}")


def _open(request: ConsoleRequest) -> str:
    """The SKU of the product that was opened."""
    shop, form = request.scope.shop, request.POST.dict()
    units, upload = opening.units_of(form), request.FILES.get("picture")
    picture = _kept(upload) if isinstance(upload, UploadedFile) else ""
    product = opening.product_of(form, shop=shop.code, currency=shop.currency, picture=picture)
    opening.open_product(
        product=product, units=units, warehouse=form.get("warehouse", ""), trail=trail(request), by=by(request)
    )
    return product.sku


def _kept(upload: UploadedFile[bytes]) -> str:
    """The name of the picture in the media store; what it is, its bytes say."""
    if upload.size is None or upload.size > files.MOST_BYTES[files.FileKind.PICTURE]:
        raise Unfit("picture", "size")
    return actions.keep_file(content=upload.read(), kind=files.FileKind.PICTURE)


def _address(handle: str) -> str:
    return reverse("console:product", args=[handle])
