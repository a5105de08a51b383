"""Help: delivery, payment, returns, privacy, contact, imprint; plain pages with the shop's own figures in them."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from zhanggui.base.shops import queries as shops
from zhanggui.doors.storefront import frame, topics
from zhanggui.doors.storefront.visit import ShopRequest
from zhanggui.shop.checkout import queries as checkout


@require_safe
def topic(request: ShopRequest, key: str) -> HttpResponse:
    """One help page."""
    if key not in topics.TOPICS:
        raise Http404(key)
    around = frame.frame(frame.reading_of(request), path=f"/help/{key}/")
    context = around | {
        "key": key,
        "topic": topics.TOPICS[key],
        "topics": topics.links(),
        "ways": [(way.name(request.LANGUAGE_CODE), way) for way in checkout.options(request.visit.shop.code)],
        "contact": reverse("storefront:help", args=["contact"]),
        "imprint": shops.imprint(request.visit.shop.code),
    }
    return render(request, f"storefront/help/{key}.html", context)
