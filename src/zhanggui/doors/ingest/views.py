"""The door inside the shop's own web server: for our pages, and for shops whose volume needs no process of its own."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from zhanggui.doors.ingest import rules
from zhanggui.doors.ingest.intake import intake
from zhanggui.doors.ingest.rules import Answer, Asked
from zhanggui.spine.sightings.rules.wire import CALLS, LONGEST_REQUEST_BYTES, Call


@csrf_exempt
def take(request: HttpRequest) -> HttpResponse:
    """Events by POST. No preflight is answered: a page elsewhere may send what browsers send without asking."""
    if request.method != "POST":
        return _response(rules.ONLY_POST)
    asked = _asked(request, call=CALLS[request.path_info], body=request.read(LONGEST_REQUEST_BYTES + 1))
    return _response(intake().answer(asked))


def pixel(request: HttpRequest) -> HttpResponse:
    """A page view of a page without JavaScript; a picture comes back whatever happens."""
    if not rules.wants_no_trace(gpc=request.headers.get("Sec-GPC", ""), dnt=request.headers.get("DNT", "")):
        body = rules.body_of_pixel(request.META.get("QUERY_STRING", ""))
        intake().answer(_asked(request, call=Call.PAGE, body=body))
    return _response(rules.SEEN)


def _asked(request: HttpRequest, *, call: Call, body: bytes) -> Asked:
    header = request.headers.get
    return Asked(
        call=call,
        body=body,
        address=_address(request),
        authorization=header("Authorization", ""),
        host=request.get_host(),
        origin=header("Origin", ""),
        referrer=header("Referer", ""),
        fetch_site=header("Sec-Fetch-Site", ""),
        user_agent=header("User-Agent", ""),
    )


def _address(request: HttpRequest) -> str:
    """The network address to count by; behind a balancer the last one that it added."""
    forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() if settings.IS_SECURE else ""
    return forwarded[:45] or str(request.META.get("REMOTE_ADDR", ""))


def _response(answer: Answer) -> HttpResponse:
    return HttpResponse(answer.body, status=answer.status, headers=dict(answer.headers()))
