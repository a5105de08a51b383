"""The way to the payment provider and back, and what its server tells."""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import get_script_prefix, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from zhanggui.doors.storefront import words
from zhanggui.doors.storefront.throttle import address_of
from zhanggui.doors.storefront.visit import ShopRequest
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.errors import NoSuchOrder
from zhanggui.shop.payments import actions as paying
from zhanggui.shop.payments import queries as payments
from zhanggui.shop.payments.errors import (
    Forged,
    NoSuchPayment,
    NoSuchProvider,
    NothingNew,
    NotPayable,
    ProviderUnreachable,
    Stale,
    Unreadable,
)
from zhanggui.shop.payments.rules import Begun, Doorway, Message, Outcome, Settled
from zhanggui.shop.payments.rules import State as PaymentState

_SAYS_NOTHING = b"back=1"
# Stands in an address where the number of an order is to stand.
_NUMBER = "-number-"
# Far more than any provider writes.
_LONGEST_MESSAGE = 256 * 1024
NO_ANSWER = lazy("The payment provider cannot be reached just now. Your order is kept: try again soon.")
OTHER_CURRENCY = lazy("This way to pay does not take the currency of the order. Choose another one.")


@require_GET
def came_back(request: ShopRequest, provider: str, number: str) -> HttpResponse:
    """A shopper returns from the provider, perhaps with a signed word about the payment in the address.

    Where that word does not say that money moved, the provider is asked at once. Whatever comes of it, the shopper sees
    the order next; the page looks again until the money shows.
    """
    message = Message(body=request.META.get("QUERY_STRING", "").encode())
    order = reverse("storefront:order", args=[number])
    if not message.body:  # the shopper went back without deciding
        return HttpResponseRedirect(order)
    if message.body == _SAYS_NOTHING:
        return _asked(request, provider, number)
    try:
        settled = paying.settle(shop=request.visit.shop.code, provider=provider, message=message)
    except NoSuchProvider as unknown:
        raise Http404(provider) from unknown
    except NothingNew:
        return _asked(request, provider, number)
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
    settled: Settled | None
    if len(request.body) > _LONGEST_MESSAGE:
        return HttpResponse(status=413)
    try:
        message = Message(body=request.body, headers=dict(request.headers))
        settled = paying.settle(shop=request.visit.shop.code, provider=provider, message=message)
    except NoSuchProvider as unknown:
        raise Http404(provider) from unknown
    except NothingNew:
        settled = Settled(outcome=Outcome.DECLINED, order_number="", payment_id="")
    except (Forged, Stale, Unreadable):
        settled = None
    status, body, content_type = payments.provider(provider).answer(settled)
    return HttpResponse(body, status=status, content_type=content_type)


def to_provider(
    request: ShopRequest, *, payment_id: str, order_number: str, provider: str, begun: Begun | None = None
) -> HttpResponse:
    """Send a shopper to the provider's page; to the order itself if there is nothing left to pay.

    begun  the attempt, if this request began it
    """
    try:
        doorway = entered(request, payment_id=payment_id, order_number=order_number, provider=provider, begun=begun)
    except (NotPayable, NoSuchPayment, NoSuchOrder):
        return redirect("storefront:order", number=order_number)
    except ProviderUnreachable:
        messages.warning(request, NO_ANSWER)
        return redirect("storefront:order", number=order_number)
    except Unreadable:
        messages.warning(request, OTHER_CURRENCY)
        return redirect("storefront:order", number=order_number)
    if doorway.qr:
        return redirect("storefront:scan", provider=provider, number=order_number, payment_id=payment_id)
    return HttpResponseRedirect(doorway.address)


def entered(
    request: ShopRequest, *, payment_id: str, order_number: str, provider: str, begun: Begun | None = None
) -> Doorway:
    """Where a shopper pays an attempt; it is opened at the provider. Uses the network.

    begun    the attempt, if this request began it: it is not read again
    refuses  as `paying.enter` does
    """
    came_back, notified = _addresses(provider, get_script_prefix())
    return paying.enter(
        payment_id=payment_id,
        person=request.visit.visitor,
        begun=begun,
        # The shopper's cookies belong to the host they came by; a provider's server knows only the public one.
        return_to=f"{request.scheme}://{request.get_host()}{came_back.replace(_NUMBER, order_number)}",
        notify_to=settings.PUBLIC_URL + notified,
        language=request.LANGUAGE_CODE,
        is_phone=request.visit.device == "phone",
        network=address_of(request),
    )


@lru_cache(maxsize=32)
def _addresses(provider: str, prefix: str) -> tuple[str, str]:
    """Where a provider sends the shopper, but for the number of the order, and where its server tells us."""
    return (
        reverse("storefront:came_back", args=[provider, _NUMBER]),
        reverse("storefront:notified", args=[provider]),
    )


def _asked(request: ShopRequest, provider: str, number: str) -> HttpResponse:
    """Ask the provider about the shopper's open attempt, and show the order; jobs ask again if that fails."""
    visit = request.visit
    with suppress(NoSuchOrder, ProviderUnreachable):
        orders.order(visit.shop.code, number, person=visit.trail().person)
        for attempt in payments.payments_of(number):
            if attempt.provider == provider and attempt.state is PaymentState.STARTED:
                paying.ask(payment_id=attempt.id)
    return HttpResponseRedirect(reverse("storefront:order", args=[number]) + "?back=1")
