"""The shop's own orders: finding them, many at once, and the list as a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhanggui.base import clock
from zhanggui.base.accounts.rules import Right
from zhanggui.base.errors import Refused, Unreachable
from zhanggui.base.operation.rules import Actor, operator
from zhanggui.base.shops.rules import ShopKind
from zhanggui.doors.console import leafing, ordering
from zhanggui.doors.console import order_words as words
from zhanggui.doors.console import words as console_words
from zhanggui.doors.console.exporting import streamed
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.doors.console.listing import FileWords
from zhanggui.doors.console.ordering import COLUMNS, Row, Wanted
from zhanggui.shop.customers import queries as customers
from zhanggui.shop.customers import rules as people
from zhanggui.shop.customers.errors import NoSuchCustomer
from zhanggui.shop.fulfilment import queries as fulfilment
from zhanggui.shop.orders import queries
from zhanggui.shop.orders.queries import Asked, Sort, Standing
from zhanggui.shop.orders.rules import State
from zhanggui.shop.payments import actions as payments
from zhanggui.spine.log.rules import Trail

PER_PAGE: Final = 50
# As many as a person takes in hand at once, and as providers answer for before the page grows old.
MOST_AT_ONCE: Final = 50
_PART: Final = 1000
_PAPERS: Final = ("list", "slips")


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of one of many orders.

    fault  why nothing did, in words; empty if it was done
    """

    number: str
    fault: str


def is_asked(request: ConsoleRequest) -> bool:
    """Whether the shop's own orders are asked for, and not the orders behind a number: the shop is open and ours."""
    is_ours = request.scope.shop.kind is ShopKind.OWN and request.operator.may(Right.RUN_SHOP)
    return is_ours and "number" not in request.GET


def orders(request: ConsoleRequest) -> HttpResponse:
    """The orders of the shop, as the address narrows and sorts them: one statement for them, one for their count."""
    wanted = ordering.wanted_of(request.GET)
    asked, buyer = _asked(request, wanted)
    place = leafing.page_asked(request.GET, most=queries.FURTHEST // PER_PAGE)
    found = queries.page(asked, limit=PER_PAGE, offset=(place - 1) * PER_PAGE)
    count = queries.count(asked)
    return show(
        request,
        "console/orders/list.html",
        rows=_rows(found),
        wanted=wanted,
        filters=ordering.filters_of(wanted, buyer=buyer),
        states=[(state, words.STATES[state], wanted.said(state=state)) for state in State],
        quick=_quick(wanted),
        periods=[(one, console_words.PRESETS[one], wanted.said(placed=one)) for one in ordering.PLACED],
        channels=list(console_words.CHANNELS.items()),
        headings=_headings(wanted),
        address=wanted.said(),
        count=min(count, queries.FURTHEST),
        is_more=count > queries.FURTHEST,
        is_all=request.GET.get("all") == "1",
        place=place,
        pages=max(1, -(-min(count, queries.FURTHEST) // PER_PAGE)),
        may_export=request.operator.may(Right.EXPORT),
    )


def orders_csv(request: ConsoleRequest) -> HttpResponseBase:
    """The same orders as a file, all pages of them, in the same order and masked as on the page."""
    asked, _buyer = _asked(request, ordering.wanted_of(request.GET))
    heads = [str(column.name) for column in COLUMNS]
    said = FileWords(zone=request.scope.shop.zone, unknown=_("Not known"))
    return streamed(heads, _lines(asked, said), name=f"orders-{asked.shop}")


@require_POST
@page(Right.RUN_SHOP)
def find(request: ConsoleRequest) -> HttpResponse:
    """Go to what was typed: an order by its number, or the list of a SKU's or a buyer's orders.

    It is posted: a phone number or a mail address does not belong in an address.
    """
    said = request.POST.get("find", "").strip()[:120]
    if ordering.is_reachable(said):
        found = customers.found(request.scope.shop.code, said, is_by_name=False, limit=1)
        if not found:
            messages.warning(request, _("Nobody is found by that. Give the whole phone number or mail address."))
            return _to_list(request)
        return _to_list(request, buyer=str(found[0].id))
    if ordering.is_number(said):
        number = said.upper()
        if queries.states([number]):
            return HttpResponseRedirect(address(request, "order", number))
        return _to_list(request, q=number)
    return _to_list(request, sku=said)


@require_POST
@page(Right.RUN_SHOP)
def bulk(request: ConsoleRequest) -> HttpResponse:
    """The same for many orders: first what would happen, then what did, order by order."""
    verb, numbers = request.POST.get("verb", ""), _chosen(request.POST.getlist("order"))
    if not numbers:
        messages.warning(request, _("Choose at least one order first."))
        return _to_list(request)
    if verb in _PAPERS:
        return _to_paper(request, verb, numbers)
    if verb == "ship":
        return _ship(request, numbers)
    if verb == "cancel":
        return _cancel(request, numbers)
    raise Http404(verb)


def by(request: ConsoleRequest) -> Actor:
    """Who sits at the console."""
    return operator(str(request.operator.pk))


def address(request: ConsoleRequest, route: str, *args: object, **more: str) -> str:
    """A page's address in the same shop."""
    return f"{reverse(f'console:{route}', args=args)}?{urlencode({'shop': request.scope.shop.code} | more)}"


def _asked(request: ConsoleRequest, wanted: Wanted) -> tuple[Asked, str]:
    """What is asked of the orders, and the masked name of the buyer if one is named."""
    shop = request.scope.shop
    persons, ids, buyer = _buyer(shop.code, UUID(wanted.buyer)) if wanted.buyer else ((), (), "")
    late = fulfilment.late_orders(shop.code, at=clock.now()) if wanted.is_late else None
    asked = ordering.asked_of(wanted, shop=shop, today=request.scope.today, late=late, persons=persons, customers=ids)
    return asked, buyer


def _buyer(shop: str, id: UUID) -> tuple[tuple[str, ...], tuple[UUID, ...], str]:
    try:
        one = customers.customer(shop, id)
    except NoSuchCustomer:
        return (), (), _("nobody")
    name = people.masked_contact(one.contact).name or "…" + str(id)[-6:]
    return customers.persons(id), customers.ids(id), name


def _rows(found: Iterable[Standing]) -> list[Row]:
    """Orders with their masked buyers. One statement."""
    shown = list(found)
    contacts = customers.contacts([one.customer_id for one in shown]) if shown else {}
    return ordering.rows_of(shown, contacts={id: people.masked_contact(one) for id, one in contacts.items()})


def _quick(wanted: Wanted) -> list[tuple[str, str, bool]]:
    """What is looked at every day, each with its address and whether it is what is seen."""
    views = (
        (_("All"), Wanted()),
        (_("To ship"), Wanted(state=State.PAID)),
        (_("A parcel is late"), Wanted(is_late=True)),
        (_("Awaiting payment"), Wanted(state=State.AWAITING_PAYMENT)),
        (_("Money went back"), Wanted(is_refunded=True)),
        (_("Has a note"), Wanted(has_note=True)),
    )
    return [(name, view.said(), view.said() == wanted.said()) for name, view in views]


def _headings(wanted: Wanted) -> dict[str, tuple[str, str]]:
    """By column that sorts: the address a click leads to, and how it is sorted now, as aria-sort says it."""
    now = "descending" if wanted.is_descending else "ascending"
    return {
        sort.value: (
            wanted.said(
                sort="" if sort is Sort.PLACED else sort,
                dir="asc" if sort is wanted.sort and wanted.is_descending else "",
            ),
            now if sort is wanted.sort else "none",
        )
        for sort in Sort
    }


def _to_list(request: ConsoleRequest, **more: str) -> HttpResponse:
    return HttpResponseRedirect(address(request, "orders", **{name: said for name, said in more.items() if said}))


def _to_paper(request: ConsoleRequest, what: str, numbers: list[str]) -> HttpResponse:
    parcels = fulfilment.waiting_of(request.scope.shop.code, numbers)
    if not parcels:
        messages.warning(request, _("Of these orders nothing waits to be shipped, so there is nothing to print."))
        return _to_list(request)
    return HttpResponseRedirect(address(request, "parcels_paper", what, ids=",".join(one.id for one in parcels)))


def _ship(request: ConsoleRequest, numbers: list[str]) -> HttpResponse:
    """What of these orders waits to be shipped; the queue of parcels does the rest."""
    parcels = fulfilment.waiting_of(request.scope.shop.code, numbers)
    standing = queries.states(numbers)
    waiting = {parcel.order_number for parcel in parcels}
    held = [(n, words.STANDING[standing[n]]) for n in numbers if n in standing and n not in waiting]
    return show(request, "console/orders/ship.html", parcels=parcels, held=held)


def _cancel(request: ConsoleRequest, numbers: list[str]) -> HttpResponse:
    shop = request.scope.shop.code
    if request.POST.get("confirmed") == "1":
        results = [Result(number=number, fault=_give_up(request, number)) for number in numbers]
        return show(
            request,
            "console/orders/bulk_done.html",
            results=results,
            done=sum(not one.fault for one in results),
            failed=sum(bool(one.fault) for one in results),
        )
    found = _rows(queries.page(Asked(shop=shop, numbers=tuple(numbers)), limit=MOST_AT_ONCE))
    may = [(row, words.why_not(row.order.state, to=State.CANCELLED)) for row in found]
    ready = [row for row, _why in may if row.order.state is State.AWAITING_PAYMENT]
    held = [
        (row.order.number, why or _("It is paid: call it off on its own page, where its money goes back."))
        for row, why in may
        if row.order.state is not State.AWAITING_PAYMENT
    ]
    return show(request, "console/orders/bulk.html", ready=ready, held=held)


def _give_up(request: ConsoleRequest, number: str) -> str:
    """Cancel an order; why not in words, empty if it was."""
    try:
        payments.give_up(
            order_number=number,
            reason="cancelled_by_shop",
            trail=Trail(shop=request.scope.shop.code),
            by=by(request),
        )
    except (Refused, Unreachable) as fault:
        return words.refusal(fault)
    return ""


def _lines(asked: Asked, said: FileWords) -> Iterator[list[str]]:
    offset = 0
    while rows := _rows(queries.page(asked, limit=_PART, offset=offset)):
        offset += len(rows)
        for row in rows:
            yield [column.of(row, said) for column in COLUMNS]


def _chosen(said: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(number[:24] for number in said if number))[:MOST_AT_ONCE]
