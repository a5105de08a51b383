"""A signed-in shopper's own pages: overview, addresses, ways to be reached, consent."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhanggui.base.accounts import queries as ways_in
from zhanggui.base.accounts.errors import NotReachable, TooManyCodes
from zhanggui.base.accounts.rules import Way, handle_of
from zhanggui.doors.storefront import codes
from zhanggui.doors.storefront.address_form import PARTS, AddressForm, said_of
from zhanggui.doors.storefront.entries import ENTRIES
from zhanggui.doors.storefront.forms import PROVINCES
from zhanggui.doors.storefront.pages.signing_in import too_many
from zhanggui.doors.storefront.throttle import throttled
from zhanggui.doors.storefront.visit import ShopRequest
from zhanggui.shop.customers import actions, queries, rules
from zhanggui.shop.customers.errors import AddressIncomplete, BookFull, NoSuchEntry, NoSuchText, WordsNotAllowed
from zhanggui.shop.customers.rules import FREE, NEEDED, Entry, Purpose, Shopper

P = ParamSpec("P")
Page = Callable[Concatenate[ShopRequest, Shopper, P], HttpResponse]


def signed_in(page: Page[P]) -> Callable[Concatenate[ShopRequest, P], HttpResponse]:
    """Hand the signed-in shopper to the page; lead a guest to the sign-in first, and then back here."""

    @functools.wraps(page)
    def guarded(request: ShopRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        shopper = request.visit.shopper()
        if shopper is None:
            back = request.get_full_path() if request.method == "GET" else reverse("storefront:account")
            return HttpResponseRedirect(f"{reverse('storefront:sign_in')}?{urlencode({'next': back})}")
        response = page(request, shopper, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return guarded


@require_safe
@signed_in
def account(request: ShopRequest, shopper: Shopper) -> HttpResponse:
    """Where everything of a shopper's is found."""
    entries = [(entry, entry.note(request.visit)) for entry in ENTRIES]
    return render(request, "storefront/account.html", {"shopper": shopper, "entries": entries})


@require_safe
@signed_in
def addresses(request: ShopRequest, shopper: Shopper) -> HttpResponse:
    """The address book."""
    book = queries.address_book(shopper.customer_id)
    return render(request, "storefront/addresses.html", {"book": book, "is_full": len(book) >= rules.MOST_KEPT})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def address(request: ShopRequest, shopper: Shopper, id: UUID | None = None) -> HttpResponse:
    """A new address, or another one in the place of an entry; `recognise` fills the form from a pasted text.

    Kept, it leads on to what it was typed for (`next`), else to the address book.
    """
    entry = _entry(shopper, id) if id else None
    if request.method != "POST":
        return _address_form(request, AddressForm(initial=said_of(entry) if entry else _blank(request)), entry)
    if "recognise" in request.POST:
        return _address_form(request, AddressForm(initial=_recognised(request)), entry)
    form = AddressForm(request.POST)
    if not form.is_valid():
        return _address_form(request, form, entry, status=422)
    try:
        actions.keep_address(
            customer_id=shopper.customer_id,
            address=form.address,
            label=form.cleaned_data["label"],
            is_default=form.cleaned_data["is_default"],
            instead_of=entry.id if entry else None,
        )
    except AddressIncomplete as refused:
        form.add_faults(refused.data["fields"])
        return _address_form(request, form, entry, status=422)
    except WordsNotAllowed:
        form.add_error("label", _("A label has at most 20 signs."))
        return _address_form(request, form, entry, status=422)
    except (BookFull, NoSuchEntry):
        messages.warning(request, _("The address book is full or has changed. Nothing was kept; please look again."))
        return redirect("storefront:addresses")
    messages.success(request, _("The address is kept."))
    return HttpResponseRedirect(_back(request))


@require_POST
@signed_in
def forget_address(request: ShopRequest, shopper: Shopper, id: UUID) -> HttpResponse:
    """Take an address out of the book."""
    try:
        actions.forget_address(customer_id=shopper.customer_id, entry_id=id)
    except NoSuchEntry as missing:
        raise Http404("no such address") from missing
    messages.success(request, _("The address was taken out. Orders that went there keep it."))
    return redirect("storefront:addresses")


@require_POST
@signed_in
def choose_address(request: ShopRequest, shopper: Shopper, id: UUID) -> HttpResponse:
    """Send the next order there."""
    try:
        actions.choose_default(customer_id=shopper.customer_id, entry_id=id)
    except NoSuchEntry as missing:
        raise Http404("no such address") from missing
    return redirect("storefront:addresses")


@require_http_methods(["GET", "HEAD", "POST"])
@throttled("sign_in", methods=("POST",))
@signed_in
def contact_ways(request: ShopRequest, shopper: Shopper) -> HttpResponse:
    """How a shopper is called and reached; another number or address counts once a code has proved it."""
    if request.method != "POST":
        return _contact_form(request, shopper)
    if "handle" not in request.POST:
        try:
            actions.rename(customer_id=shopper.customer_id, name=request.POST.get("name", ""))
        except WordsNotAllowed:
            return _contact_form(request, shopper, error=_("A name has at most 120 signs."), status=422)
        messages.success(request, _("Kept."))
        return redirect("storefront:contact_ways")
    handle = handle_of(request.POST.get("handle", ""))
    if handle is None:
        said = _("That is neither a phone number nor an email address. Numbers outside China begin with +.")
        return _contact_form(request, shopper, error=said, status=422)
    try:
        codes.ask(request, handle, has_agreed=False, then=reverse("storefront:contact_ways"))
    except TooManyCodes as refused:
        return _contact_form(request, shopper, error=too_many(refused), status=429)
    except NotReachable:
        return _contact_form(request, shopper, error=_("No code can be sent that way yet."), status=422)
    return redirect("storefront:code")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def consent(request: ShopRequest, shopper: Shopper) -> HttpResponse:
    """What was agreed to, when and how; each is switched by one press, on as easily as off."""
    if request.method == "POST":
        return _switch(request, shopper)
    said = queries.consents(shopper.customer_id)
    now, language, shop = rules.standing(said), request.LANGUAGE_CODE, request.visit.shop.name
    texts = {one: rules.text_of(one, language=language) for one in (*FREE, *NEEDED)}
    context = {
        "switches": [(one, texts[one].title, texts[one].summary.replace("{shop}", shop), now.get(one)) for one in FREE],
        "texts": [(one, texts[one], now.get(one)) for one in NEEDED],
        "history": [(one, rules.text_of(one.purpose, language=language)) for one in reversed(said)],
    }
    return render(request, "storefront/consent.html", context)


@require_safe
def text(request: ShopRequest, purpose: str) -> HttpResponse:
    """One of the shop's texts, in force or an older version."""
    version = request.GET.get("version", "")[:20]
    try:
        found = rules.text_of(Purpose(purpose), language=request.LANGUAGE_CODE, version=version)
    except (ValueError, NoSuchText) as unknown:
        raise Http404(purpose) from unknown
    name = request.visit.shop.name
    sections = [(heading, words.replace("{shop}", name)) for heading, words in found.sections]
    summary = found.summary.replace("{shop}", name)
    return render(request, "storefront/text.html", {"text": found, "summary": summary, "sections": sections})


def _switch(request: ShopRequest, shopper: Shopper) -> HttpResponse:
    """Turn one consent on or off. Without terms and privacy policy there is no account: withdrawing them signs out."""
    said = request.POST.get("purpose", "")
    if said not in list(Purpose):
        raise Http404("no such consent")
    purpose, is_given = Purpose(said), request.POST.get("to") == "yes"
    actions.consent(
        customer_id=shopper.customer_id,
        purpose=purpose,
        is_given=is_given,
        language=request.LANGUAGE_CODE,
        how="account",
        trail=request.visit.trail(),
        by=request.visit.by,
    )
    if purpose in NEEDED and not is_given:
        codes.end_everywhere(request, shopper)
        messages.success(request, _("Withdrawn, and signed out everywhere. To come back, agree again when signing in."))
        return redirect("storefront:home")
    messages.success(request, _("Kept."))
    return redirect("storefront:consent")


def _entry(shopper: Shopper, id: UUID) -> Entry:
    found = next((entry for entry in queries.address_book(shopper.customer_id) if entry.id == id), None)
    if found is None:
        raise Http404("no such address")
    return found


def _back(request: ShopRequest) -> str:
    """Where an address was asked for, if that is a page of ours."""
    wanted = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if wanted and is_ours else reverse("storefront:addresses")


def _blank(request: ShopRequest) -> dict[str, str]:
    return {"country": "" if request.LANGUAGE_CODE == "en" else "CN"}


def _recognised(request: ShopRequest) -> dict[str, Any]:
    """What was typed, and over it what could be read off the pasted text."""
    typed = {part: request.POST.get(part, "")[:120] for part in (*PARTS, "label")}
    read = rules.pasted(request.POST.get("pasted", ""))
    return {
        **typed,
        **read,
        **({"country": "CN"} if "region" in read else {}),
        "is_default": "is_default" in request.POST,
    }


def _address_form(request: ShopRequest, form: AddressForm, entry: Entry | None, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "entry": entry,
        "provinces": PROVINCES,
        "pasted": request.POST.get("pasted", "")[:500],
        "is_recognised": "recognise" in request.POST,
    }
    return render(request, "storefront/address.html", context, status=status)


def _contact_form(request: ShopRequest, shopper: Shopper, *, error: str = "", status: int = 200) -> HttpResponse:
    proved = ways_in.shopper(shopper.account_id)
    context = {
        "shopper": shopper,
        "phone": proved.phone if proved else "",
        "email": proved.email if proved else "",
        "has_phone": Way.PHONE in codes.ways(),
        "error": error,
        "handle": request.POST.get("handle", "")[:254],
    }
    return render(request, "storefront/contact_ways.html", context, status=status)
