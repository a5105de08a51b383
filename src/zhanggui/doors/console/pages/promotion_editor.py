"""Writing a promotion down: one sentence with fields, how shoppers will read it, and what it does to sample baskets."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zhanggui.base import clock
from zhanggui.base.accounts.rules import Right
from zhanggui.base.errors import Refused
from zhanggui.doors.console import promoting
from zhanggui.doors.console import promotion_forms as forms
from zhanggui.doors.console import promotion_words as words
from zhanggui.doors.console import words as console_words
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.doors.console.pages.promotions import found
from zhanggui.doors.console.pages.returns import by
from zhanggui.growth.membership import queries as membership
from zhanggui.growth.promotions import actions, queries
from zhanggui.growth.promotions.errors import TermsNotAllowed
from zhanggui.growth.promotions.queries import DRAFT, Planned
from zhanggui.growth.promotions.rules import KINDS, Layer, Plan, Rule, State
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.spine.log.rules import Trail

_METHODS: Final = ["GET", "HEAD", "POST"]


@require_safe
@page(Right.SET_TERMS)
def kinds(request: ConsoleRequest) -> HttpResponse:
    """Which kind of promotion it shall be; and which one to copy."""
    return show(
        request,
        "console/promotions/kinds.html",
        kinds=[(key, queries.KIND_NAMES[key], words.KIND_EXAMPLES[key]) for key in KINDS],
        recent=[
            (one, one.name(console_words.language()), words.sentence(one.rule))
            for one in queries.all_planned(request.scope.shop.code, limit=12)
        ],
    )


@require_http_methods(_METHODS)
@page(Right.SET_TERMS)
def new(request: ConsoleRequest, kind: str) -> HttpResponse:
    """A promotion of a kind; `from` in the address names one to copy."""
    shop = request.scope.shop
    if request.method == "POST":
        return _posted(request, kind=kind, form=request.POST, one=None)
    copied = _copied(request)
    if copied is not None:
        plan = replace(copied.plan, name_zh=f"{copied.plan.name_zh}（副本）", name_en=f"{copied.plan.name_en} (copy)")
        return _edited(request, kind=plan.kind, form=forms.form_of(_moved(plan), zone=shop.zone), one=None)
    form = QueryDict(mutable=True)
    tomorrow = (clock.now().astimezone(clock.zone(shop.zone)) + timedelta(days=1)).replace(hour=0, minute=0)
    usual = {"starts_at": f"{tomorrow:%Y-%m-%dT%H:%M}", "funded_by": "shop", "with_coupons": "yes", "is_every": "1"}
    for name, value in usual.items():
        form[name] = "" if name == "is_every" and kind != "buy_get" else value
    return _edited(request, kind=kind if kind in KINDS else "threshold", form=form, one=None)


@require_http_methods(_METHODS)
@page(Right.SET_TERMS)
def edit(request: ConsoleRequest, id: UUID) -> HttpResponse:
    """A promotion that is not live yet, as a sentence with fields."""
    one = found(request, id)
    if one.state not in (State.DRAFT, State.ASKED):
        messages.warning(request, _("It is live or was. Copy it, and end this one when the copy goes live."))
        return HttpResponseRedirect(f"{reverse('console:promotion', args=[id])}?{request.scope.query()}")
    if request.method == "POST":
        return _posted(request, kind=one.plan.kind, form=request.POST, one=one)
    return _edited(request, kind=one.plan.kind, form=forms.form_of(one.plan, zone=request.scope.shop.zone), one=one)


def _posted(request: ConsoleRequest, *, kind: str, form: QueryDict, one: Planned | None) -> HttpResponse:
    """Keep it, or only price sample baskets with it."""
    shop = request.scope.shop
    try:
        plan = forms.plan_of(form, kind=kind, currency=shop.currency, zone=shop.zone)
        _check_goods(plan, shop.code)
    except TermsNotAllowed as refused:
        return _edited(request, kind=kind, form=form, one=one, wrong=str(refused.data["field"]))
    if form.get("do") != "save":
        return _edited(request, kind=kind, form=form, one=one, plan=plan)
    try:
        id = actions.write(
            plan=plan,
            id=one.id if one else "",
            version=_version(form),
            trail=Trail(shop=shop.code),
            by=by(request),
        )
    except TermsNotAllowed as refused:
        return _edited(request, kind=kind, form=form, one=one, wrong=str(refused.data["field"]))
    except Refused as refused:
        messages.warning(request, words.refusal(refused))
        return _edited(request, kind=kind, form=form, one=one)
    messages.success(request, _("The draft is kept. Try it on past orders before it goes live."))
    return HttpResponseRedirect(f"{reverse('console:promotion', args=[id])}?{request.scope.query()}")


def _edited(
    request: ConsoleRequest,
    *,
    kind: str,
    form: QueryDict,
    one: Planned | None,
    wrong: str = "",
    plan: Plan | None = None,
) -> HttpResponse:
    """The editor. With X-Part: preview in the request, only what stands below the form."""
    shop = request.scope.shop
    rule = _rule(plan or _readable(form, kind, request), one) if not wrong else None
    samples = _samples(request, form, rule) if plan is not None and rule is not None else None
    said: dict[str, Any] = {
        "wrong": forms.field_of(wrong),
        "fault": words.field_fault(wrong) if wrong else "",
        "sentences": words.sentences(rule) if rule else None,
        "samples": samples,
    }
    if request.headers.get("X-Part") == "preview":
        return show(request, "console/promotions/preview.html", **said)
    return show(
        request,
        "console/promotions/edit.html",
        status=422 if wrong else 200,
        one=one,
        kind=kind,
        kind_name=queries.KIND_NAMES.get(kind, kind),
        shape=forms.SHAPES.get(kind, ""),
        off_unit="%" if forms.SHAPES.get(kind) == "rates" else shop.currency,
        is_coupon_kind=kind in forms.COUPON_KINDS,
        form=form,
        steps=_steps(form),
        parts=[{name: form.get(f"part_{n}_{name}", "") for name in ("sku", "units")} for n in range(forms.PARTS)],
        currency=shop.currency,
        layers=[(str(int(layer)), words.LAYERS[layer]) for layer in KINDS[kind].layers] if kind in KINDS else [],
        **_chosen_among(shop.code, form, one),
        **said,
    )


def _chosen_among(shop: str, form: QueryDict, one: Planned | None) -> dict[str, Any]:
    """What the editor offers to choose from, and what of it is chosen."""
    others = [other for other in queries.all_planned(shop, limit=200) if one is None or other.id != one.id]
    return {
        "payers": [(str(payer), said) for payer, said in words.PAYERS.items()],
        "categories": _categories(shop, form),
        "tiers": [(tier.key, tier.name.to(console_words.language())) for tier in membership.tiers(shop)],
        "segments": list(words.SEGMENTS.items()),
        "chosen": {name: form.getlist(name) for name in ("tiers", "segments", "excludes", "but_categories")},
        "groups": sorted({other.plan.group for other in others if other.plan.group}),
        "others": [
            (other.id, other.name(console_words.language()), words.sentence(other.rule))
            for other in others
            if other.state is not State.ENDED
        ],
    }


def _samples(request: ConsoleRequest, form: QueryDict, rule: Rule) -> list[promoting.SampleRow]:
    """The typical baskets of the shop, and the own ones that were typed."""
    shop = request.scope.shop.code
    own = [forms.basket_of(form.get(f"basket_{n}", "")) for n in range(2)]
    baskets = [*(basket for basket in own if basket), *queries.typical(shop, rule)]
    samples, names = queries.previewed(shop, rule, baskets, at=request.scope.at)
    is_english = console_words.language().startswith("en")
    name = (is_english and form.get("name_en", "")) or form.get("name_zh", "")
    return promoting.sample_rows(samples, rule.id, name or _("this one"), names)


def _rule(plan: Plan | None, one: Planned | None) -> Rule | None:
    """A plan as the quote would see it; a coupon is one that everybody holds."""
    if plan is None:
        return None
    same = (
        "target",
        "audience",
        "group",
        "excludes",
        "priority",
        "base",
        "cap",
        "funded_by",
        "per_order",
        "per_person",
    )
    kind = KINDS[plan.kind]
    return Rule(
        id=one.id if one else DRAFT,
        kind=plan.kind,
        terms=kind.read(plan.terms),
        layer=plan.layer or Layer(kind.layer),
        budget_left=plan.budget,
        coupon=DRAFT if plan.is_coupon else "",
        **{name: getattr(plan, name) for name in same},
    )


def _readable(form: QueryDict, kind: str, request: ConsoleRequest) -> Plan | None:
    """What the form says so far, if it can be read at all."""
    shop = request.scope.shop
    try:
        return forms.plan_of(form, kind=kind, currency=shop.currency, zone=shop.zone)
    except TermsNotAllowed:
        return None


def _check_goods(plan: Plan, shop: str) -> None:
    """Every SKU that is named is sold here: a misspelt one would fit nothing, in silence.

    refuses  TermsNotAllowed
    """
    for field in ("skus", "but_skus"):
        named = getattr(plan.target, field)
        if named and len(catalogue.handles_by_sku(shop, sorted(named))) < len(named):
            raise TermsNotAllowed(kind=plan.kind, field=field)


def _steps(form: QueryDict) -> list[dict[str, object]]:
    names = ("from", "off", "units")
    return [{"n": n} | {name: form.get(f"step_{n}_{name}", "") for name in names} for n in range(forms.STEPS)]


def _categories(shop: str, form: QueryDict) -> list[tuple[str, str, int, bool, bool]]:
    """The tree as rows: key, name, depth from 0, whether it is chosen, whether it is left out."""
    chosen, out = form.getlist("categories"), form.getlist("but_categories")
    return [
        (one.key, one.name.to(console_words.language()), len(one.path) - 1, one.key in chosen, one.key in out)
        for one in catalogue.categories(shop)
    ]


def _copied(request: ConsoleRequest) -> Planned | None:
    try:
        return found(request, UUID(request.GET["from"])) if "from" in request.GET else None
    except ValueError:
        return None


def _moved(plan: Plan) -> Plan:
    """A plan of the past, moved to begin tomorrow and to hold as long."""
    begins = clock.now().replace(second=0, microsecond=0) + timedelta(days=1)
    if plan.starts_at > begins:
        return plan
    ends_at = begins + (plan.ends_at - plan.starts_at) if plan.ends_at else None
    return replace(plan, starts_at=begins, ends_at=ends_at)


def _version(form: QueryDict) -> int:
    said = form.get("version", "")
    return int(said) if said.isdecimal() and len(said) < 10 else 0
