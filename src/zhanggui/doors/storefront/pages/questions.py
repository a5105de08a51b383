"""Questions about a product: asking, reading the answers, answering as somebody who bought it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from zhanggui.base.errors import Refused
from zhanggui.doors.storefront import opinion_words as words
from zhanggui.doors.storefront.throttle import throttled
from zhanggui.doors.storefront.visit import ShopRequest
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.catalogue.errors import NoSuchProduct
from zhanggui.shop.customers.rules import masked_name
from zhanggui.shop.reviews import actions, queries, rules
from zhanggui.shop.reviews.errors import NoSuchQuestion
from zhanggui.shop.reviews.rules import Question, State


@require_POST
@throttled("say", methods=("POST",))
def ask(request: ShopRequest) -> HttpResponse:
    """Ask something about a product, signed in or not."""
    visit, sku = request.visit, request.POST.get("sku", "").replace("\0", "")[:80]
    try:
        state = actions.ask(sku=sku, words=request.POST.get("words", ""), author=_author(request), trail=visit.trail())
    except NoSuchProduct as missing:
        raise Http404(sku) from missing
    except Refused as refused:
        messages.warning(request, words.refusal(refused))
    else:
        _thank(request, state)
    return redirect(f"{reverse('storefront:product', args=[sku])}#questions")


@require_http_methods(["GET", "HEAD", "POST"])
@throttled("say", methods=("POST",))
def question(request: ShopRequest, id: UUID) -> HttpResponse:
    """A question with all its answers, and the form for one more from somebody who bought the product."""
    found, visit = _question(request, id), request.visit
    fault = ""
    if request.method == "POST":
        said = request.POST.get("words", "")
        try:
            state = actions.answer(
                question_id=id, words=said, author=_author(request), persons=visit.persons, trail=visit.trail()
            )
        except Refused as refused:
            fault = words.refusal(refused)
        else:
            _thank(request, state)
            return redirect("storefront:question", id=id)
    context = {
        "question": found,
        "card": catalogue.products([found.sku]).get(found.sku),
        "may_answer": queries.has_bought(found.sku, persons=visit.persons, shop=visit.shop.code),
        "fault": fault,
        "said": request.POST.get("words", ""),
        "most": rules.LONGEST_REPLY,
    }
    return render(request, "storefront/reviews/question.html", context, status=422 if fault else 200)


def _question(request: ShopRequest, id: UUID) -> Question:
    try:
        return queries.question(request.visit.shop.code, id)
    except NoSuchQuestion as missing:
        raise Http404(str(id)) from missing


def _author(request: ShopRequest) -> str:
    shopper = request.visit.shopper()
    return masked_name(shopper.name) if shopper else ""


def _thank(request: ShopRequest, state: State) -> None:
    if state is State.PUBLISHED:
        messages.success(request, _("Thank you. Everybody can read it now."))
    else:
        messages.success(request, _("Thank you. We read it first and publish it within one working day."))
