"""Other programs: the keys they work with, and the addresses that hear what has happened."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from zhanggui.base import clock
from zhanggui.base.accounts.rules import RIGHTS, Right, Role
from zhanggui.base.errors import Refused
from zhanggui.base.keys import actions as keyring
from zhanggui.base.keys import queries as keys
from zhanggui.base.keys.errors import KeyNotAllowed, NoSuchKey
from zhanggui.base.keys.rules import GRANTABLE, MOST_DAYS, USUAL_DAYS, Key
from zhanggui.base.operation.rules import operator
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.spine.webhooks import actions as hooks
from zhanggui.spine.webhooks import queries as listeners
from zhanggui.spine.webhooks.errors import AddressNotAllowed, EndpointNotAllowed, NoSuchDelivery, NoSuchEndpoint
from zhanggui.spine.webhooks.rules import EVERYTHING, State

_SHOWN: Final = 50
_RIGHTS: Final = {
    Right.RUN_SHOP: lazy("run the shop: orders, parcels, returns, products, stock, payments"),
    Right.SEE_PEOPLE: lazy("see customers, masked"),
    Right.GIVE_FREELY: lazy("give money back beyond the limit"),
}
_KEY_FAULTS: Final = {
    "name": lazy("Give it a name of its own, up to 80 letters. No key was made."),
    "rights": lazy("Choose at least one thing that it may do and that you may do too. No key was made."),
    "expires_at": lazy("A key opens for 1 to 3,650 days. No key was made."),
}
_ADDRESS_FAULTS: Final = {
    "scheme": lazy("The address begins with https:// . Nothing was kept."),
    "host": lazy("That is no address of a server. Nothing was kept."),
}
_OTHERS: Final = lazy("That has left the list already.")


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("secret")
@page(Right.MANAGE_OPERATORS)
def api_keys(request: ConsoleRequest) -> HttpResponse:
    """The keys of other programs; a new one is shown once."""
    secret, said = "", request.POST
    if request.method == "POST":
        days = said.get("days", "")
        within = timedelta(days=int(days)) if days.isdecimal() and len(days) < 5 else timedelta()
        try:
            secret = keyring.make(
                shop=request.scope.shop.code,
                name=said.get("name", "")[:200],
                rights=[right for right in GRANTABLE if right in said.getlist("rights")],
                makers=RIGHTS[Role(request.operator.role)],
                expires_at=clock.now() + within,
                by=operator(str(request.operator.pk)),
            )
        except KeyNotAllowed as refused:
            messages.warning(request, _KEY_FAULTS[refused.data["field"]])
    now = clock.now()
    return show(
        request,
        "console/programs/keys.html",
        secret=secret,
        document=reverse("api:document"),
        name=said.get("name", "") if not secret else "",
        keys=[(key, [_RIGHTS[r] for r in GRANTABLE if key.may(r)], key.is_good(at=now)) for key in _keys(request)],
        rights=[(right, _RIGHTS[right], right in said.getlist("rights")) for right in GRANTABLE],
        days=USUAL_DAYS,
        most_days=MOST_DAYS,
    )


@require_POST
@page(Right.MANAGE_OPERATORS)
def revoke_key(request: ConsoleRequest, id: UUID) -> HttpResponse:
    """Let a key open nothing any more."""
    try:
        keyring.revoke(shop=request.scope.shop.code, key_id=str(id))
    except NoSuchKey:
        messages.warning(request, _OTHERS)
    else:
        messages.success(request, _("The key opens nothing any more."))
    return _back(request, "api_keys")


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("secret")
@page(Right.MANAGE_OPERATORS)
def webhooks(request: ConsoleRequest) -> HttpResponse:
    """Who hears what has happened, what is on its way, and what gave up; a new secret is shown once."""
    secret, address, events = "", request.POST.get("address", "").strip(), request.POST.getlist("events")
    if request.method == "POST":
        try:
            _id, secret = hooks.listen(
                shop=request.scope.shop.code,
                address=address,
                events=[EVERYTHING] if request.POST.get("all") == "1" else events,
                by=operator(str(request.operator.pk)),
            )
        except (AddressNotAllowed, EndpointNotAllowed) as refused:
            messages.warning(request, _hook_fault(refused))
    return _hooks(request, secret=secret, address="" if secret else address, chosen=() if secret else events)


@require_POST
@page(Right.MANAGE_OPERATORS)
def change_webhook(request: ConsoleRequest, id: UUID, verb: str) -> HttpResponse:
    """Take an endpoint away, or sign with another secret from now on."""
    shop = request.scope.shop.code
    try:
        if verb == "secret":
            return _hooks(request, secret=hooks.turn_secret(shop=shop, endpoint_id=str(id)))
        if verb != "leave":
            raise Http404(verb)
        hooks.leave(shop=shop, endpoint_id=str(id))
        messages.success(request, _("Nothing is sent there any more."))
    except NoSuchEndpoint:
        messages.warning(request, _OTHERS)
    return _back(request, "webhooks")


@require_POST
@page(Right.MANAGE_OPERATORS)
def send_again(request: ConsoleRequest, id: int) -> HttpResponse:
    """Send what gave up once more."""
    try:
        hooks.send_again(shop=request.scope.shop.code, delivery_id=id)
    except NoSuchDelivery:
        messages.warning(request, _OTHERS)
    else:
        messages.success(request, _("It is on its way again."))
    return _back(request, "webhooks")


def _hooks(request: ConsoleRequest, *, secret: str, address: str = "", chosen: object = ()) -> HttpResponse:
    shop = request.scope.shop.code
    return show(
        request,
        "console/programs/webhooks.html",
        secret=secret,
        address=address,
        chosen=chosen,
        endpoints=listeners.endpoints(shop),
        events=listeners.events(),
        dead=listeners.deliveries(shop, state=State.DEAD, limit=_SHOWN),
        deliveries=listeners.deliveries(shop, limit=_SHOWN),
    )


def _keys(request: ConsoleRequest) -> tuple[Key, ...]:
    return keys.keys(request.scope.shop.code)


def _hook_fault(refused: Refused) -> str:
    if isinstance(refused, AddressNotAllowed):
        return str(_ADDRESS_FAULTS[refused.data["reason"]])
    if refused.data["field"] == "count":
        return _("This shop has as many endpoints as it may. Take one away first; nothing was kept.")
    return _("Choose at least one fact. Nothing was kept.")


def _back(request: ConsoleRequest, route: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse(f'console:{route}')}?{request.scope.query()}")
