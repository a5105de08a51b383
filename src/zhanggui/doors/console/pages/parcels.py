"""Parcels: the queue by the time that is left, work on many of them at once, one parcel from shelf to door."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhanggui.base import clock
from zhanggui.base.accounts.rules import Right
from zhanggui.base.errors import Refused, Unreachable
from zhanggui.base.operation.rules import Actor, operator
from zhanggui.doors.console import leafing, parcelling
from zhanggui.doors.console import parcel_words as words
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.doors.console.parcelling import Row, Verb
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.fulfilment import actions, queries, rules
from zhanggui.shop.fulfilment.errors import NoSuchParcel
from zhanggui.shop.fulfilment.queries import Asked, Due
from zhanggui.shop.fulfilment.rules import Parcel, ParcelLine, State, Take
from zhanggui.supply.stock.rules import Condition

PER_PAGE: Final = 50
# As many as a person takes in hand at once, and as a carrier answers for before the page grows old.
MOST_AT_ONCE: Final = 100
_PAPERS: Final = ("list", "slips", "labels")


@require_safe
@page(Right.RUN_SHOP)
def parcels(request: ConsoleRequest) -> HttpResponse:
    """What is to be shipped, the most urgent first."""
    asked, at = _asked(request), clock.now()
    place = leafing.page_asked(request.GET)
    found = queries.queue(asked, limit=PER_PAGE, offset=(place - 1) * PER_PAGE)
    standing = queries.standing(asked.shop, at=at)
    houses = parcelling.houses(asked.shop)
    return show(
        request,
        "console/parcels/queue.html",
        rows=rows(found.parcels, houses=houses),
        houses=[(code, houses.get(code, code)) for code in standing.warehouses],
        found=found,
        asked=asked,
        standing=standing,
        states=[
            (state, words.STATES[state], standing.by_state.get(state, 0)) for state in (*rules.WAITING, State.SHIPPED)
        ],
        dues=[
            (Due.LATE, words.DUES[Due.LATE], standing.late),
            (Due.SOON, words.DUES[Due.SOON], standing.soon + standing.late),
        ],
        next=parcelling.NEXT.get(asked.state or State.PLANNED),
        is_all=request.GET.get("all") == "1",
        place=place,
        pages=max(1, -(-found.count // PER_PAGE)),
    )


@require_POST
@page(Right.RUN_SHOP)
def bulk(request: ConsoleRequest) -> HttpResponse:
    """The same verb for many parcels: first what would happen, then what did, parcel by parcel."""
    ids = _chosen(request.POST.getlist("parcel"))
    said = request.POST.get("verb", "")
    if said in _PAPERS or said == "scan":
        return _to_paper(request, said, ids)
    if said not in tuple(Verb):
        raise Http404(said)
    shop, verb = request.scope.shop.code, Verb(said)
    houses = parcelling.houses(shop)
    shown = rows(queries.parcels_of(ids, shop=shop), houses=houses)
    if request.POST.get("confirmed") != "1" or not shown:
        return show(request, "console/parcels/bulk.html", preview=parcelling.preview(verb, shown))
    weights = {row.parcel.id: _number(request.POST.get(f"weight-{row.parcel.id}", "")) for row in shown}
    done = actions.each([row.parcel.id for row in shown], parcelling.doing(verb, weights=weights, by=by(request)))
    faults = {one.parcel_id: words.refusal(one.fault) for one in done if one.fault}
    after = rows(queries.parcels_of(ids, shop=shop), houses=houses)
    return show(
        request,
        "console/parcels/bulk_done.html",
        verb=verb,
        results=[(row, faults.get(row.parcel.id, "")) for row in after],
        done=len(after) - len(faults),
        failed=len(faults),
        next=parcelling.NEXT.get(parcelling.BECOMES[verb]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@page(Right.RUN_SHOP)
def scan(request: ConsoleRequest) -> HttpResponse:
    """Fetch the pieces of several parcels on one way: a list by SKU, and a field for the scanner."""
    ids = _chosen(request.GET.get("ids", "").split(","))
    found = queries.parcels_of(ids, shop=request.scope.shop.code)
    if not found:
        messages.warning(request, _("Choose the parcels to fetch first."))
        return HttpResponseRedirect(f"{reverse('console:parcels')}?{request.scope.query()}")
    if request.method == "POST":
        _scan(request, [parcel.id for parcel in found])
        return HttpResponseRedirect(request.get_full_path())
    houses = parcelling.houses(request.scope.shop.code)
    shown = rows(found, houses=houses)
    titles = {line.sku: title for row in shown for line, title in row.lines}
    return show(
        request,
        "console/parcels/scan.html",
        rows=shown,
        ids=",".join(ids),
        stops=parcelling.stops(found, titles=titles, houses=houses),
        picked=sum(parcel.picked_units for parcel in found),
        units=sum(parcel.units for parcel in found),
    )


@require_safe
@page(Right.RUN_SHOP)
def parcel(request: ConsoleRequest, id: UUID) -> HttpResponse:
    """One parcel: what is in it, where it is, what can be done."""
    found = _parcel(request, id)
    siblings = [one for one in queries.parcels(found.order_number) if one.id != found.id]
    scans = queries.scans_of([found]).get(found.id, ())
    open_states = (State.PLANNED, State.PICKED)
    houses = parcelling.houses(found.shop)
    return show(
        request,
        "console/parcels/one.html",
        row=rows([found], houses=houses)[0],
        siblings=rows(siblings, houses=houses),
        mergeable=[one for one in siblings if one.state in open_states and _is_like(one, found)],
        way=[(words.SCANS[one.kind], one.place, one.at) for one in reversed(scans)],
        steps=_steps(found),
        follow=queries.follow_address(found),
        is_plugged_in=found.carrier in queries.carrier_names(),
    )


@require_POST
@page(Right.RUN_SHOP)
def change(request: ConsoleRequest, id: UUID, verb: str) -> HttpResponse:
    """Do one thing with one parcel, and say how it went."""
    does = _VERBS.get(verb)
    if does is None:
        raise Http404(verb)
    found = _parcel(request, id)
    try:
        messages.success(request, does(request, found))
    except (Refused, Unreachable) as fault:
        messages.warning(request, words.refusal(fault))
    return HttpResponseRedirect(_address(request, "parcel", found.id))


def rows(found: Iterable[Parcel], *, houses: Mapping[str, str]) -> tuple[Row, ...]:
    """Parcels as rows, with the cards of what is in them. One statement.

    houses  names of warehouses by their codes
    """
    shown = list(found)
    cards = catalogue.products({line.sku for one in shown for line in one.lines}) if shown else {}
    return parcelling.rows_of(shown, cards=cards, houses=houses, at=clock.now())


def by(request: ConsoleRequest) -> Actor:
    """Who sits at the console."""
    return operator(str(request.operator.pk))


def _asked(request: ConsoleRequest) -> Asked:
    state, due = request.GET.get("state", ""), request.GET.get("due", "")
    return Asked(
        shop=request.scope.shop.code,
        at=clock.now(),
        state=State(state) if state in tuple(State) else None,
        warehouse=request.GET.get("warehouse", "")[:40],
        due=Due(due) if due in tuple(Due) else Due.ANY,
        order_number=request.GET.get("order", "")[:24],
    )


def _chosen(said: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(id for id in said if id))[:MOST_AT_ONCE]


def _to_paper(request: ConsoleRequest, what: str, ids: list[str]) -> HttpResponse:
    if not ids:
        messages.warning(request, _("Choose at least one parcel first."))
        return HttpResponseRedirect(_address(request, "parcels"))
    route = ("parcels_scan",) if what == "scan" else ("parcels_paper", what)
    return HttpResponseRedirect(_address(request, *route, ids=",".join(ids)))


def _address(request: ConsoleRequest, route: str, *args: str, **more: str) -> str:
    query = urlencode({"shop": request.scope.shop.code} | more)
    return f"{reverse(f'console:{route}', args=args)}?{query}"


def _scan(request: ConsoleRequest, ids: list[str]) -> None:
    sku, units = request.POST.get("sku", "").strip()[:60], _number(request.POST.get("units", "1"))
    try:
        found = actions.scan(parcel_ids=ids, sku=sku, units=units, by=by(request))
    except Refused as refused:
        messages.warning(request, words.refusal(refused))
        return
    said = _("%(units)s × %(sku)s into parcel %(number)s.") % {
        "units": found.units,
        "sku": found.sku,
        "number": found.number,
    }
    messages.success(request, said if found.left_units else said + " " + _("It is complete."))


def _parcel(request: ConsoleRequest, id: UUID) -> Parcel:
    try:
        return queries.parcel(request.scope.shop.code, str(id))
    except NoSuchParcel as missing:
        raise Http404(str(id)) from missing


def _is_like(one: Parcel, other: Parcel) -> bool:
    return (one.destination, one.warehouse) == (other.destination, other.warehouse)


def _steps(found: Parcel) -> list[tuple[str, Any]]:
    """What happened to it in our house, newest first."""
    ends = {
        State.DELIVERED: _("Delivered"),
        State.LOST: _("Given up as lost"),
        State.RETURNED_TO_SENDER: _("Sent back to us"),
        State.CALLED_OFF: _("Called off"),
    }
    steps = [
        (_("Goods put away"), found.taken_in_at),
        (ends.get(found.state, ""), found.ended_at),
        (_("Handed to the carrier"), found.shipped_at),
        (_("Packed and weighed"), found.packed_at),
        (_("Picked"), found.picked_at),
        (_("Order paid"), found.paid_at),
    ]
    return [(said, at) for said, at in steps if at]


def _number(said: str) -> int:
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 0


def _pick(request: ConsoleRequest, found: Parcel) -> str:
    actions.pick(parcel_id=found.id, by=by(request))
    return _("Picked. Now pack it.")


def _pack(request: ConsoleRequest, found: Parcel) -> str:
    counted: dict[str, int] = {}
    for line in found.lines:
        said = _number(request.POST.get(_field("counted", line), ""))
        counted[line.sku] = counted.get(line.sku, 0) + said
    weight_g = _number(request.POST.get("weight_g", ""))
    actions.pack(parcel_id=found.id, weight_g=weight_g, counted=counted, by=by(request))
    return _("Packed. Now ship it.")


def _ship(request: ConsoleRequest, found: Parcel) -> str:
    tracking = actions.ship(parcel_id=found.id, by=by(request))
    return _("Shipped with tracking number %(tracking)s. Print the label now.") % {"tracking": tracking}


def _hand_over(request: ConsoleRequest, found: Parcel) -> str:
    carrier, tracking = (request.POST.get(name, "").strip() for name in ("carrier", "tracking"))
    actions.hand_over(parcel_id=found.id, carrier=carrier, tracking=tracking, by=by(request))
    return _("Shipped. The shopper sees the tracking number now.")


def _pull(request: ConsoleRequest, found: Parcel) -> str:
    heard = actions.pull(parcel_id=found.id)
    return _("The carrier had news.") if heard.new else _("The carrier has nothing new.")


def _deliver(request: ConsoleRequest, found: Parcel) -> str:
    actions.deliver(parcel_id=found.id, by=by(request))
    return _("Delivered. The time to return it runs from now.")


def _lose(request: ConsoleRequest, found: Parcel) -> str:
    actions.lose(parcel_id=found.id, by=by(request))
    return _("Given up as lost. See to the shopper's money on the order page.")


def _send_back(request: ConsoleRequest, found: Parcel) -> str:
    actions.return_to_sender(parcel_id=found.id, by=by(request))
    return _("It comes back. Put the goods away when they are here.")


def _take_in(request: ConsoleRequest, found: Parcel) -> str:
    is_good = request.POST.get("condition") == Condition.SELLABLE
    actions.take_in(
        parcel_id=found.id, condition=Condition.SELLABLE if is_good else Condition.DEFECTIVE, by=by(request)
    )
    return _("Put away.")


def _split(request: ConsoleRequest, found: Parcel) -> str:
    takes = [
        Take(position=line.position, sku=line.sku, units=_number(request.POST.get(_field("take", line), "")))
        for line in found.lines
    ]
    actions.split(parcel_id=found.id, takes=takes, by=by(request))
    return _("Split. The new parcel stands beside this one.")


def _merge(request: ConsoleRequest, found: Parcel) -> str:
    actions.merge(parcel_ids=[found.id, *_chosen(request.POST.getlist("parcel"))], by=by(request))
    return _("Merged into one parcel.")


def _field(name: str, line: ParcelLine) -> str:
    return f"{name}-{line.position}-{line.sku}"


_VERBS: Final = {
    "pick": _pick,
    "pack": _pack,
    "ship": _ship,
    "hand-over": _hand_over,
    "pull": _pull,
    "deliver": _deliver,
    "lose": _lose,
    "send-back": _send_back,
    "take-in": _take_in,
    "split": _split,
    "merge": _merge,
}
