"""A promotion as the form of the editor says it: read into a plan, and a plan written into fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.http import QueryDict

from zhanggui.base import clock
from zhanggui.base.money import Money
from zhanggui.doors.console import amounts, fields
from zhanggui.growth.promotions.errors import TermsNotAllowed
from zhanggui.growth.promotions.rules import KINDS, Audience, Base, Layer, Payer, Plan, Target

# So many steps of a ladder and parts of a bundle can be written.
STEPS: Final = 4
PARTS: Final = 5
# Which fields the terms of a kind are written with.
SHAPES: Final[Mapping[str, str]] = {
    "threshold": "ladder",
    "cross_threshold": "ladder",
    "coupon_amount": "ladder",
    "threshold_rate": "rates",
    "coupon_rate": "rates",
    "pieces": "pieces",
    "buy_get": "buy_get",
    "bundle": "bundle",
    "price": "price",
    "member_price": "price",
    "free_shipping": "shipping",
}
COUPON_KINDS: Final = frozenset({"coupon_amount", "coupon_rate"})
_COUPON_LAYERS: Final = frozenset({"layer:4", "layer:6"})
_WHOLE: Final = re.compile(r"-?[0-9]{1,6}")
_LISTS: Final = ("categories", "but_categories", "tiers", "segments", "excludes")


def plan_of(form: QueryDict, *, kind: str, currency: str, zone: str) -> Plan:
    """The plan that a form says, its terms read once.

    refuses  TermsNotAllowed with the field of the form
    """
    if kind not in KINDS:
        raise TermsNotAllowed(kind=kind, field="kind")
    typed = _TERMS[SHAPES[kind]](form, kind, currency)
    terms = KINDS[kind].read({name: value for name, value in typed.items() if value is not None})
    starts_at = _moment(form, "starts_at", kind, zone)
    if starts_at is None:
        raise TermsNotAllowed(kind=kind, field="starts_at")
    plan = Plan(
        name_zh=form.get("name_zh", "").strip()[:120],
        name_en=form.get("name_en", "").strip()[:120],
        kind=kind,
        terms=terms.as_json(),
        layer=_layer(form, kind),
        target=_target(form),
        audience=Audience(
            tiers=frozenset(form.getlist("tiers")),
            segments=frozenset(form.getlist("segments")),
            is_signed_in_only=form.get("is_signed_in_only") == "1",
        ),
        group=(form.get("new_group", "").strip() or form.get("group", "").strip())[:60],
        excludes=_excludes(form, kind),
        priority=_whole(form, "priority", kind) or 0,
        base=Base.LIST if form.get("base") == "list" else Base.CURRENT,
        cap=_amount(form, "cap", kind, currency),
        budget=_amount(form, "budget", kind, currency),
        funded_by=next((payer for payer in Payer if payer == form.get("funded_by")), Payer.SHOP),
        starts_at=starts_at,
        ends_at=_moment(form, "ends_at", kind, zone),
        per_order=_whole(form, "per_order", kind),
        per_person=_whole(form, "per_person", kind),
        is_coupon=kind in COUPON_KINDS or form.get("is_coupon") == "1",
    )
    return plan.checked(currency=currency)


def form_of(plan: Plan, *, zone: str) -> QueryDict:
    """The fields of a form that say a plan."""
    form = QueryDict(mutable=True)
    said: dict[str, object] = {
        "name_zh": plan.name_zh,
        "name_en": plan.name_en,
        "layer": int(plan.layer) if plan.layer else "",
        "skus": " ".join(sorted(plan.target.skus)),
        "products": " ".join(sorted(plan.target.products)),
        "tags": ", ".join(sorted(plan.target.tags)),
        "sellers": ", ".join(sorted(plan.target.sellers)),
        "but_skus": " ".join(sorted(plan.target.but_skus)),
        "is_signed_in_only": "1" if plan.audience.is_signed_in_only else "",
        "group": plan.group,
        "with_coupons": "no" if plan.excludes >= _COUPON_LAYERS else "yes",
        "priority": plan.priority or "",
        "base": plan.base,
        "cap": _major(plan.cap),
        "budget": _major(plan.budget),
        "funded_by": plan.funded_by,
        "starts_at": _local(plan.starts_at, zone),
        "ends_at": _local(plan.ends_at, zone),
        "per_order": plan.per_order or "",
        "per_person": plan.per_person or "",
        "is_coupon": "1" if plan.is_coupon else "",
    }
    for name, value in (said | _fields_of_terms(plan)).items():
        form[name] = str(value)
    lists = {
        "categories": plan.target.categories,
        "but_categories": plan.target.but_categories,
        "tiers": plan.audience.tiers,
        "segments": plan.audience.segments,
        "excludes": plan.excludes,
    }
    for name, values in lists.items():
        form.setlist(name, sorted(values))
    return form


def field_of(name: str) -> str:
    """The field of the form for a field of the terms: `steps.0.off` stands in `step_0_off`."""
    found = re.fullmatch(r"(step|part)s\.(\d+)\.(\w+)", name)
    if found:
        return f"{found[1]}_{found[2]}_{found[3]}"
    return {"steps": "step_0_off", "parts": "part_0_sku", "name": "name_zh"}.get(name, name)


def basket_of(said: str) -> dict[str, int]:
    """A basket as somebody types it: "CUP 2, POT" is two cups and a pot; at most 30 SKUs of 999 pieces."""
    basket: dict[str, int] = {}
    for part in re.split(r"[,，;；\n]+", said)[:30]:
        sku, _space, units = part.strip().partition(" ")
        if sku:
            plain = units.strip(" ×x*")
            basket[sku[:60]] = int(plain) if plain.isdecimal() and 0 < len(plain) < 4 and int(plain) else 1
    return basket


def _ladder(form: QueryDict, kind: str, currency: str) -> dict[str, Any]:
    steps = [
        {
            "from": _minor(form, f"step_{n}_from", kind, currency) or 0,
            "off": _minor(form, f"step_{n}_off", kind, currency),
        }
        for n in _rows(form, "step", STEPS, ("from", "off"))
    ]
    return {"currency": currency, "steps": steps, "is_every": form.get("is_every") == "1"}


def _rates(form: QueryDict, kind: str, currency: str) -> dict[str, Any]:
    steps = [
        {"from": _minor(form, f"step_{n}_from", kind, currency) or 0, "off": _rate(form, f"step_{n}_off", kind)}
        for n in _rows(form, "step", STEPS, ("from", "off"))
    ]
    return {"currency": currency, "steps": steps}


def _pieces(form: QueryDict, kind: str, currency: str) -> dict[str, Any]:
    steps = [
        {"units": _whole(form, f"step_{n}_units", kind), "off": _rate(form, f"step_{n}_off", kind)}
        for n in _rows(form, "step", STEPS, ("units", "off"))
    ]
    return {"steps": steps, "which": form.get("which") or "all"}


def _buy_get(form: QueryDict, kind: str, currency: str) -> dict[str, Any]:
    from_minor = _minor(form, "from", kind, currency)
    return {
        "buy_units": _whole(form, "buy_units", kind),
        "from": from_minor,
        "currency": currency if from_minor else None,
        "get_units": _whole(form, "get_units", kind),
        "gift": form.get("gift", "").strip(),
        "is_every": form.get("is_every") == "1",
    }


def _bundle(form: QueryDict, kind: str, currency: str) -> dict[str, Any]:
    parts = [
        {"sku": form.get(f"part_{n}_sku", "").strip(), "units": _whole(form, f"part_{n}_units", kind) or 1}
        for n in _rows(form, "part", PARTS, ("sku",))
    ]
    said: dict[str, Any] = {"currency": currency, "price": _minor(form, "price", kind, currency)}
    return said | {"units": _whole(form, "units", kind), "parts": parts or None}


def _price(form: QueryDict, kind: str, currency: str) -> dict[str, Any]:
    price = _minor(form, "price", kind, currency)
    return {"price": price, "off": _rate(form, "off", kind), "currency": currency if price is not None else None}


def _shipping(form: QueryDict, kind: str, currency: str) -> dict[str, Any]:
    return {"currency": currency, "from": _minor(form, "from", kind, currency) or 0}


_TERMS: Final[Mapping[str, Callable[[QueryDict, str, str], dict[str, Any]]]] = {
    "ladder": _ladder,
    "rates": _rates,
    "pieces": _pieces,
    "buy_get": _buy_get,
    "bundle": _bundle,
    "price": _price,
    "shipping": _shipping,
}


def _fields_of_terms(plan: Plan) -> dict[str, object]:
    """The terms as fields, whatever the kind: the names are the same in all of them."""
    terms, currency = plan.terms, str(plan.terms.get("currency", "CNY"))
    said: dict[str, object] = {}
    for n, step in enumerate(terms.get("steps", ())):
        for name, value in step.items():
            said[f"step_{n}_{name}"] = _typed(name, value, currency)
    for n, part in enumerate(terms.get("parts", ())):
        said |= {f"part_{n}_sku": part["sku"], f"part_{n}_units": part["units"]}
    for name in ("from", "price", "off", "units", "buy_units", "get_units", "gift", "which"):
        if terms.get(name):
            said[name] = _typed(name, terms[name], currency)
    return said | {"is_every": "1" if terms.get("is_every") else ""}


def _typed(name: str, value: object, currency: str) -> object:
    if name in ("from", "price", "off"):
        return _major(Money(value, currency)) if isinstance(value, int) else _percent(Decimal(str(value)))
    return value


def _percent(rate: Decimal) -> str:
    """A rate as somebody types it: 0.1 is 10."""
    return f"{(rate * 100).normalize():f}"


def _target(form: QueryDict) -> Target:
    return Target(
        skus=_split(form.get("skus", "")),
        products=_split(form.get("products", "")),
        categories=frozenset(form.getlist("categories")),
        tags=_split(form.get("tags", ""), by=r"[,，、\n]+"),
        sellers=_split(form.get("sellers", ""), by=r"[,，、\n]+"),
        but_skus=_split(form.get("but_skus", "")),
        but_categories=frozenset(form.getlist("but_categories")),
    )


def _excludes(form: QueryDict, kind: str) -> frozenset[str]:
    chosen = frozenset(form.getlist("excludes")) - _COUPON_LAYERS
    return chosen | _COUPON_LAYERS if form.get("with_coupons") == "no" and kind not in COUPON_KINDS else chosen


def _layer(form: QueryDict, kind: str) -> Layer | None:
    said = form.get("layer", "")
    return next((layer for layer in KINDS[kind].layers if str(int(layer)) == said), None)


def _rows(form: QueryDict, name: str, most: int, columns: Sequence[str]) -> list[int]:
    return [n for n in range(most) if any(form.get(f"{name}_{n}_{column}", "").strip() for column in columns)]


def _split(said: str, *, by: str = r"[\s,，、]+") -> frozenset[str]:
    words = (word.strip() for word in re.split(by, said))
    return frozenset(word for word in words if word and len(word) <= 80)


def _minor(form: QueryDict, name: str, kind: str, currency: str) -> int | None:
    found = _amount(form, name, kind, currency)
    return None if found is None else found.minor


def _amount(form: QueryDict, name: str, kind: str, currency: str) -> Money | None:
    said = form.get(name, "").strip()
    if not said:
        return None
    found = amounts.typed_or_none(said, currency)
    if found is None:
        raise TermsNotAllowed(kind=kind, field=name)
    return found


def _rate(form: QueryDict, name: str, kind: str) -> str | None:
    """Hundredths as the terms keep them: "10" is "0.1"."""
    said = form.get(name, "").strip().removesuffix("%").strip()
    if not said:
        return None
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,2})?", said):
        raise TermsNotAllowed(kind=kind, field=name)
    return f"{Decimal(said) / 100:f}"


def _whole(form: QueryDict, name: str, kind: str) -> int | None:
    said = form.get(name, "").strip()
    if not said:
        return None
    if not (said.isascii() and _WHOLE.fullmatch(said)):
        raise TermsNotAllowed(kind=kind, field=name)
    return int(said)


def _moment(form: QueryDict, name: str, kind: str, zone: str) -> datetime | None:
    try:
        return fields.moment({name: form.get(name, "")}, name, zone)
    except fields.Unfit as unfit:
        raise TermsNotAllowed(kind=kind, field=name) from unfit


def _local(at: datetime | None, zone: str) -> str:
    return at.astimezone(clock.zone(zone)).strftime("%Y-%m-%dT%H:%M") if at else ""


def _major(amount: Money | None) -> str:
    """An amount as somebody types it, without zeros behind the point."""
    if amount is None:
        return ""
    said = f"{amount.major:f}"
    return said.rstrip("0").rstrip(".") if "." in said else said
