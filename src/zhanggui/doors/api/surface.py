"""Both surfaces together, and what stands in front of every call: size, pace, language, the key that makes it once."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Final

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser

from zhanggui.base.accounts.errors import TooManyCodes
from zhanggui.base.errors import Refused, Unreachable
from zhanggui.doors.api import askers, brake, errors, once, refusals, uploads
from zhanggui.doors.api.office import money, opinions, parcels, products, returns, stock
from zhanggui.doors.api.office import orders as office_orders
from zhanggui.doors.api.refusals import Problem
from zhanggui.doors.api.shop import (
    accounts,
    cart,
    coupons,
    flash,
    goods,
    members,
    orders,
    presales,
    purses,
    reviews,
    teams,
    wishes,
)
from zhanggui.doors.api.shop import returns as shop_returns

View = Callable[..., HttpResponse]
OFFICE: Final = "/api/office/"
SHOP: Final = "/api/shop/"
# Changes nothing that is kept, so it needs no key.
_FREE: Final = frozenset({"/api/shop/visitors", "/api/shop/quote", "/api/shop/gift-card"})
_WORDS: Final = """Everything the shop and its back office do, for other programs.

Amounts are whole minor units with their currency, moments are UTC, words come in both languages. A list is gone through
with `cursor`, taken from `next` of the answer before. What changes something carries an `Idempotency-Key`."""


class JsonParser(Parser):
    """Bodies as JSON, to the letter: no NaN, no half characters."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body as values."""
        return msgspec.json.decode(request.body)


api: Final = NinjaAPI(
    title="Zhanggui",
    version="1",
    description=_WORDS,
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
    parser=JsonParser(),
)
for _router in (
    *(goods.router, accounts.router, cart.router, orders.router, purses.router),
    *(coupons.router, flash.router, presales.router, teams.router, members.router),
    *(shop_returns.router, reviews.router, wishes.router),
):
    api.add_router("/shop", _router)
for _router in (
    *(office_orders.router, parcels.router, returns.router, products.router, stock.router),
    *(opinions.router, money.router, money.people),
):
    api.add_router("/office", _router)


@api.exception_handler(Refused)
def _refused(request: HttpRequest, refused: Refused) -> HttpResponse:
    return answered(refusals.of(refused), refused)


@api.exception_handler(Unreachable)
def _unreachable(request: HttpRequest, failed: Unreachable) -> HttpResponse:
    response = answered(refusals.of_world(failed))
    response.headers["Retry-After"] = "5"
    return response


@api.exception_handler(ValidationError)
def _malformed(request: HttpRequest, wrong: ValidationError) -> HttpResponse:
    return answered(refusals.of_shape(wrong.errors))


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, wrong: HttpError) -> HttpResponse:
    """What the framework itself says no to: only a body that is not JSON."""
    return answered(refusals.of(errors.NotJson()))


def answered(problem: Problem, refused: Refused | None = None) -> HttpResponse:
    """A no, as it is answered."""
    response = HttpResponse(problem.body, status=problem.status, content_type="application/json")
    if isinstance(refused, errors.TooOften | TooManyCodes):
        response.headers["Retry-After"] = str(refused.wait_seconds)
    if isinstance(refused, errors.NotKnown):
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def guarded(view: View) -> View:
    """What stands in front of every call."""

    @csrf_exempt  # nothing here is known by a cookie
    @functools.wraps(view)
    def front(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "OPTIONS" and "Origin" in request.headers:
            return _allowed(request, HttpResponse(status=204))
        with translation.override(language_of(request)):
            try:
                response = _made(request, lambda: view(request, *args, **kwargs))
                if response.status_code == 405:
                    raise errors.WrongMethod(allowed=response.headers.get("Allow", ""))
            except Refused as refused:
                response = answered(refusals.of(refused), refused)
        response.headers.setdefault("Cache-Control", "no-store")
        patch_vary_headers(response, ("Accept-Language", "Authorization"))
        return _allowed(request, response)

    return front


@csrf_exempt
def nothing(request: HttpRequest, path: str = "") -> HttpResponse:
    """An address that is none of ours."""
    with translation.override(language_of(request)):
        return answered(refusals.of(errors.NothingThere(path=request.path[:200])))


def language_of(request: HttpRequest) -> str:
    """The language that the caller wants to read: Chinese or English; the shop's own if neither is named."""
    for language, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")[:200].lower()):
        if language.startswith(("zh", "en")):
            return "en" if language.startswith("en") else "zh-hans"
    return settings.LANGUAGE_CODE


def _made(request: HttpRequest, make: Callable[[], HttpResponse]) -> HttpResponse:
    brake.check(f"address:{brake.address_of(request)}")
    most = uploads.most_bytes(request.path)
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > most:
        raise errors.TooLarge(most_bytes=most)
    if "Authorization" not in request.headers:
        return make()
    asker = _asker(request)
    brake.check(asker)
    if request.method not in ("POST", "PUT") or request.path in _FREE:
        return make()
    call = once.call_of(request, asker=asker)
    request.once = call  # type: ignore[attr-defined]
    return once.once(call, make)


def _asker(request: HttpRequest) -> str:
    """Whose call is counted, and whose keys these are.

    refuses  NotKnown
    """
    token = askers.bearer_of(request)
    if request.path.startswith(OFFICE):
        return askers.program_of(request, token).name
    return askers.visitor_of(request, token).name


def _allowed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Let a page elsewhere read the answer if it is one of those that may."""
    origin = request.headers.get("Origin", "")
    if origin and settings.API_ORIGINS:
        patch_vary_headers(response, ("Origin",))
    if origin and origin in settings.API_ORIGINS:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Allow-Methods"] = "GET, POST, PUT, DELETE"
        response.headers["Access-Control-Allow-Headers"] = (
            f"Authorization, Content-Type, Accept-Language, {once.HEADER}"
        )
        response.headers["Access-Control-Expose-Headers"] = "Retry-After, Idempotency-Replayed"
        response.headers["Access-Control-Max-Age"] = "600"
    return response
