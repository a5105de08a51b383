"""Where the carrier of text messages calls with what became of them."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from zhanggui.base.outbox import actions
from zhanggui.base.outbox.errors import Forged, Unreadable

_MOST_BYTES: Final = 256_000


@csrf_exempt
@require_POST
def receipts(request: HttpRequest, carrier: str, key: str) -> HttpResponse:
    """A carrier's server tells of messages; it hears whether it must tell again. Whoever has no key learns nothing."""
    if len(request.body) > _MOST_BYTES:
        return JsonResponse({"result": 1, "errmsg": "too large"}, status=413)
    try:
        actions.hear(carrier=carrier, key=key, body=request.body)
    except Forged:
        return JsonResponse({"result": 1, "errmsg": "unknown"}, status=404)
    except Unreadable:
        return JsonResponse({"result": 1, "errmsg": "unreadable"}, status=400)
    return JsonResponse({"result": 0, "errmsg": "OK"})
