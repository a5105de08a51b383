"""Where carriers' servers tell us what they saw."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from zhanggui.shop.fulfilment import actions
from zhanggui.shop.fulfilment.errors import Forged, NoSuchCarrier, Stale, Unreadable
from zhanggui.shop.fulfilment.rules import Message

_MOST_BYTES: Final = 256_000


@csrf_exempt
@require_POST
def notified(request: HttpRequest, carrier: str) -> HttpResponse:
    """A carrier's server tells of parcels; it hears whether it must tell again."""
    if len(request.body) > _MOST_BYTES:
        return HttpResponse("too large", status=413, content_type="text/plain")
    try:
        actions.hear(carrier=carrier, message=Message(body=request.body, headers=dict(request.headers)))
    except NoSuchCarrier as unknown:
        raise Http404(carrier) from unknown
    except (Forged, Stale, Unreadable):
        return HttpResponse("refused", status=400, content_type="text/plain")
    return HttpResponse("heard", content_type="text/plain")
