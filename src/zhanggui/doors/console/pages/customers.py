"""Customers: finding one, serving one, and reading their data in full, which leaves a record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST

from zhanggui.base.accounts.rules import Right
from zhanggui.base.operation.rules import Actor, operator
from zhanggui.doors.console import leafing
from zhanggui.doors.console.exporting import streamed
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.doors.console.listing import FileWords
from zhanggui.shop.customers import actions, queries, rules
from zhanggui.shop.customers.errors import NoSuchCustomer, WordsNotAllowed
from zhanggui.shop.customers.rules import Address, Contact, Listed, Purpose, Said
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.rules import Order

PER_PAGE: Final = 50
_MOST_ORDERS: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """How a customer stands to one purpose."""

    title: str
    said: Said | None


@require_http_methods(["GET", "HEAD", "POST"])
@page(Right.RUN_SHOP, Right.SEE_PEOPLE)
def customers(request: ConsoleRequest) -> HttpResponse:
    """All customers, masked. What is searched for is posted: a phone number does not belong in an address."""
    wanted = request.POST.get("q", "").strip()[:120]
    place = 1 if wanted else leafing.page_asked(request.GET)
    found, count = queries.customers(
        request.scope.shop.code, wanted=wanted, limit=PER_PAGE, offset=(place - 1) * PER_PAGE
    )
    return show(
        request,
        "console/customers.html",
        rows=[(one, rules.masked_contact(one.contact)) for one in found],
        count=count,
        sought=wanted,
        place=place,
        pages=max(1, -(-count // PER_PAGE)),
        may_export=request.operator.may(Right.EXPORT),
    )


@page(Right.RUN_SHOP, Right.SEE_PEOPLE)
def customer(request: ConsoleRequest, id: UUID) -> HttpResponse:
    """One customer, masked: orders, addresses, consent, notes."""
    one = _found(request, id)
    addresses = tuple(rules.masked_address(entry.address) for entry in queries.address_book(id))
    return _shown(request, one, contact=rules.masked_contact(one.contact), addresses=addresses)


@require_POST
@page(Right.SEE_PEOPLE)
def unmask(request: ConsoleRequest, id: UUID) -> HttpResponse:
    """The same page in full, this once; who read it and when is kept for good."""
    one = _found(request, id)
    contact, addresses = actions.unmask(shop=request.scope.shop.code, customer_id=id, by=_by(request))
    return _shown(request, one, contact=contact, addresses=addresses, is_open=True)


@require_POST
@page(Right.RUN_SHOP, Right.SEE_PEOPLE)
def note(request: ConsoleRequest, id: UUID) -> HttpResponse:
    """Write something down about a customer."""
    words = request.POST.get("words", "").replace("\r\n", "\n")
    try:
        actions.add_note(shop=request.scope.shop.code, customer_id=id, words=words, by=_by(request))
    except NoSuchCustomer as missing:
        raise Http404("no such customer") from missing
    except WordsNotAllowed:
        messages.error(request, _("A note has 1 to 1,000 signs. Nothing was kept."))
    else:
        messages.success(request, _("The note is kept."))
    return HttpResponseRedirect(f"{reverse('console:customer', args=[id])}?{request.scope.query()}")


@page(Right.EXPORT)
def customers_csv(request: ConsoleRequest) -> HttpResponseBase:
    """All customers as a file, masked as on the page."""
    words = FileWords(zone=request.scope.shop.zone, unknown="")
    heads = [_("Customer"), pgettext("person", "Name"), _("Phone"), _("Email"), _("Since"), _("Account")]
    lines = _lines(request.scope.shop.code, words, yes=_("yes"), no=_("no"))
    return streamed(heads, lines, name=f"customers-{request.scope.shop.code}")


def _found(request: ConsoleRequest, id: UUID) -> Listed:
    try:
        return queries.customer(request.scope.shop.code, id)
    except NoSuchCustomer as missing:
        raise Http404("no such customer") from missing


def _shown(
    request: ConsoleRequest, one: Listed, *, contact: Contact, addresses: tuple[Address, ...], is_open: bool = False
) -> HttpResponse:
    said = rules.standing(queries.consents(one.id))
    language = request.LANGUAGE_CODE or ""
    return show(
        request,
        "console/customer.html",
        one=one,
        contact=contact,
        addresses=addresses,
        is_open=is_open,
        may_unmask=request.operator.may(Right.SEE_PEOPLE),
        orders=_orders(request.scope.shop.code, one.id),
        agreed=[
            Agreed(title=rules.text_of(purpose, language=language).title, said=said.get(purpose)) for purpose in Purpose
        ],
        notes=queries.notes(one.id),
    )


def _orders(shop: str, customer_id: UUID) -> list[Order]:
    """What the customer ordered, also as a guest; not what others ordered in the same browser later."""
    mine = queries.ids(customer_id)
    found = orders.orders_of(shop, *queries.persons(customer_id), limit=_MOST_ORDERS)
    return [order for order in found if order.customer_id in mine]


def _by(request: ConsoleRequest) -> Actor:
    return operator(str(request.operator.pk))


def _lines(shop: str, words: FileWords, *, yes: str, no: str) -> Iterator[list[str]]:
    offset = 0
    while found := queries.customers(shop, limit=1000, offset=offset)[0]:
        offset += len(found)
        for one in found:
            masked = rules.masked_contact(one.contact)
            since = words.moment(one.registered_at)
            yield [str(one.id), masked.name, masked.phone, masked.email, since, yes if one.has_account else no]
