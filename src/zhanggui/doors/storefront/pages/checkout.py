"""The one-page checkout: where, how, pay, check; and the way to the payment provider and back."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhanggui.base import clock
from zhanggui.base.money import Money
from zhanggui.base.operation.errors import KeyReused
from zhanggui.doors.storefront import baskets, forms, sights, words
from zhanggui.doors.storefront.throttle import throttled
from zhanggui.doors.storefront.visit import ShopRequest
from zhanggui.shop.cart.errors import CartMoved
from zhanggui.shop.checkout import actions
from zhanggui.shop.checkout import queries as checkout
from zhanggui.shop.checkout.errors import CartEmpty, NotDeliverable, QuoteChanged
from zhanggui.shop.checkout.rules import Placed
from zhanggui.shop.customers import queries as customers
from zhanggui.shop.customers.errors import AddressIncomplete, ContactIncomplete
from zhanggui.shop.customers.rules import address_faults, contact_faults
from zhanggui.shop.orders.errors import NoSuchOrder
from zhanggui.shop.payments import actions as paying
from zhanggui.shop.payments import queries as payments
from zhanggui.shop.payments.errors import Forged, NoSuchPayment, NoSuchProvider, NotPayable, Stale, Unreadable
from zhanggui.shop.payments.rules import Outcome
from zhanggui.supply.stock.errors import OutOfStock

_KEPT = (CartMoved, NotDeliverable, QuoteChanged, OutOfStock, NoSuchProvider)


@require_http_methods(["GET", "HEAD", "POST"])
@throttled("checkout", methods=("POST",))
def checkout_page(request: ShopRequest) -> HttpResponse:
    """Show the form, or place the order and send the shopper off to pay."""
    return _place(request) if request.method == "POST" else _show(request)


@require_GET
def came_back(request: ShopRequest, provider: str, number: str) -> HttpResponse:
    """A shopper returns from the provider, with a signed word about the payment in the address.

    Whatever that word is worth, the shopper sees the order next; the page looks again until the money shows.
    """
    message = request.META.get("QUERY_STRING", "").encode()
    order = reverse("storefront:order", args=[number])
    if not message:  # the shopper went back without deciding
        return HttpResponseRedirect(order)
    try:
        settled = paying.settle(shop=request.visit.shop.code, provider=provider, message=message)
    except NoSuchProvider as unknown:
        raise Http404(provider) from unknown
    except (Forged, Stale, Unreadable) as refused:
        messages.warning(request, words.refusal(refused))
        return HttpResponseRedirect(order + "?back=1")
    if settled.outcome is Outcome.DECLINED:
        messages.warning(request, _("The payment did not go through. Nothing was charged; the order is kept for you."))
        return HttpResponseRedirect(order)
    return HttpResponseRedirect(order + "?back=1")


@csrf_exempt
@require_POST
def notified(request: ShopRequest, provider: str) -> HttpResponse:
    """A provider's server tells of a payment; it is answered as providers expect, or refused so that they try again."""
    try:
        paying.settle(shop=request.visit.shop.code, provider=provider, message=request.body)
    except NoSuchProvider as unknown:
        raise Http404(provider) from unknown
    except (Forged, Stale, Unreadable):
        return HttpResponse("refused", status=400, content_type="text/plain")
    return HttpResponse("success", content_type="text/plain")


def to_provider(request: ShopRequest, *, payment_id: str, order_number: str, provider: str) -> HttpResponse:
    """Send a shopper to the provider's page; to the order itself if there is nothing left to pay."""
    try:
        address = payments.doorway(
            payment_id,
            person=request.visit.visitor,
            # The shopper's cookies belong to the host they came by; a provider's server knows only the public one.
            return_to=request.build_absolute_uri(reverse("storefront:came_back", args=[provider, order_number])),
            notify_to=settings.PUBLIC_URL + reverse("storefront:notified", args=[provider]),
            language=request.LANGUAGE_CODE,
        )
    except (NotPayable, NoSuchPayment, NoSuchOrder):
        return redirect("storefront:order", number=order_number)
    return HttpResponseRedirect(address)


def _place(request: ShopRequest) -> HttpResponse:
    form = forms.CheckoutForm(request.POST)
    if not form.is_valid():
        return _show(request, form=form, status=422)
    faults = (*contact_faults(form.contact), *address_faults(form.address))
    if faults:
        form.add_faults(faults)
        return _show(request, form=form, status=422)
    try:
        placed = _order(request, form)
    except (ContactIncomplete, AddressIncomplete) as refused:
        form.add_faults(refused.fields)
        return _show(request, form=form, status=422)
    except CartEmpty:
        return redirect("storefront:cart")
    except KeyReused:
        messages.warning(request, _("This order has been placed already. Here it is."))
        return redirect("storefront:orders")
    except _KEPT as refused:
        form.add_refusal(refused)
        return _show(request, form=form, status=409)
    return to_provider(
        request,
        payment_id=placed.payment_id,
        order_number=placed.order_number,
        provider=form.cleaned_data["provider"],
    )


def _order(request: ShopRequest, form: forms.CheckoutForm) -> Placed:
    visit = request.visit
    return actions.place_order(
        cart_version=form.cleaned_data["cart_version"],
        total_seen=Money(form.cleaned_data["total_minor"], visit.shop.currency),
        contact=form.contact,
        address=form.address,
        provider=form.cleaned_data["provider"],
        idempotency_key=str(form.cleaned_data["key"]),
        trail=visit.trail(),
        by=visit.by,
    )


def _show(request: ShopRequest, *, form: forms.CheckoutForm | None = None, status: int = 200) -> HttpResponse:
    """The form around the cart as it is now; sum, version and key are always fresh, what was typed is kept."""
    visit = request.visit
    counter = checkout.counter(visit.shop.code, visit.visitor, at=clock.now())
    if not counter.can_be_ordered or counter.quote is None:
        _say_all(request, form)
        return redirect("storefront:cart")
    known = customers.known(visit.shop.code, visit.visitor) if form is None else None
    providers = payments.provider_names()
    if form is None:
        initial = forms.blank(known=known, providers=providers, language=request.LANGUAGE_CODE)
        form = forms.CheckoutForm(initial=initial)
    context = {
        "form": form,
        "is_known": known is not None and known.address is not None,
        "providers": [(name, *words.provider(name)) for name in providers],
        "provider": form["provider"].value(),
        "fresh": {
            "cart_version": counter.cart.version,
            "total_minor": counter.quote.total.minor,
            "key": forms.fresh_key(),
        },
        "provinces": forms.PROVINCES,
        "counter": counter,
        "rows": baskets.rows_of(counter),
        "sum_lines": baskets.sum_lines(counter.quote),
        "sight": sights.checkout_started(counter) if status == 200 else "",
        "sight_steps": [sights.step_completed(checkout_id=str(counter.cart.id or ""), step=n) for n in (1, 2, 3, 4)],
        "pieces": counter.cart.pieces,
    }
    return render(request, "storefront/checkout.html", context, status=status)


def _say_all(request: ShopRequest, form: forms.CheckoutForm | None) -> None:
    for said in form.non_field_errors() if form else ():
        messages.error(request, str(said))
