"""Text messages: which words their carrier has approved, and where it is to call."""

from __future__ import annotations

from itertools import product

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhanggui.base.accounts.rules import Right
from zhanggui.base.errors import Refused
from zhanggui.base.outbox import actions, queries
from zhanggui.base.outbox.rules import Channel, Template
from zhanggui.doors.console import message_words as words
from zhanggui.doors.console import texting
from zhanggui.doors.console.gate import ConsoleRequest, page, show


@require_safe
@page(Right.SET_TERMS)
def texts(request: ConsoleRequest) -> HttpResponse:
    """What the shop says by text message, and what of it is approved. At most two statements."""
    shop = request.scope.shop
    called = queries.called_at(Channel.SMS)
    needs = queries.needs_templates(Channel.SMS)
    return show(
        request,
        "console/messages/texts.html",
        needed=texting.needed(shop, queries.templates(shop.code)) if needs else texting.ready(shop),
        can_send=queries.can_send(Channel.SMS),
        needs_templates=needs,
        called=settings.PUBLIC_URL + reverse("storefront:text_receipts", args=called) if called and needs else "",
        sandbox=settings.SANDBOX_TEXTS_URL if called and not needs else "",
    )


@require_POST
@page(Right.SET_TERMS)
def put(request: ConsoleRequest) -> HttpResponse:
    """Note down the carrier's numbers for words in both languages, for numbers of mainland China and of elsewhere; an
    empty one takes them back.
    """
    shop, form = request.scope.shop.code, request.POST
    try:
        for language, is_abroad in product(words.LANGUAGES, (False, True)):
            end = "_abroad" if is_abroad else ""
            actions.set_template(
                shop=shop,
                template=Template(
                    name=form.get("name", "").strip(),
                    language=language,
                    is_abroad=is_abroad,
                    number=form.get(f"{language}{end}", "").strip(),
                    sign=form.get(f"sign{end}", "").strip(),
                ),
            )
    except Refused as refused:
        messages.warning(request, words.refusal(refused))
    else:
        messages.success(request, _("The numbers are kept."))
    return HttpResponseRedirect(f"{reverse('console:message_texts')}?{request.scope.query()}")
