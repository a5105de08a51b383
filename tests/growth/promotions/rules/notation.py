"""Baskets, promotions and what they come to, in a line of words each; amounts in yuan.

Basket  `2 A@100 flash=80x1 #tag /category ~seller >=90 ; B@5` two pieces of SKU A at 100.00, of which one may be had
        at a flash price of 80.00 (`!` behind it: takes coupons all the same), floor 90.00; and one B at 5.00.
Rule    `id: terms | options`, terms being one of
        `300-40` `300-40,500-80` `every 300-40` `300-10%` `cross every 300-50` `coupon 100-10` `coupon 0-10%`
        `2pcs-10%,3pcs-20%` `nth 2-50%` `buy 2 get 1` `buy 2 gift 1 TOTE` `spend 300 gift 1 TOTE` (`once` behind it)
        `price 80` `price 10%` `member 90` `any 3 for 99` `A+2*B for 150` `ship 99`; options as `_OPTIONS` has them.
Result  `260 5 | t -40 | c below_threshold 0.01`: what each line comes to, then all that is applied in its order, with
        `x2` for how often, then all that is rejected by layer and id, with what is missing or who stands in the way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from zhanggui.base.money import Money
from zhanggui.growth.promotions.rules import (
    KINDS,
    Applied,
    Audience,
    Base,
    Basket,
    Layer,
    Line,
    Payer,
    PriceOffer,
    PriceSource,
    Quoted,
    Rejected,
    Rule,
    Shopper,
    Target,
    quote,
)

AT = datetime(2026, 11, 11, 12, tzinfo=UTC)
GUEST = Shopper()
MEMBER = Shopper(person="p1", is_signed_in=True, tier="gold", segments=frozenset({"new"}))


def cny(yuan: str | int) -> Money:
    return Money.of(str(yuan), "CNY")


def basket(text: str, *, currency: str = "CNY") -> Basket:
    lines = tuple(_line(n, each.split(), currency) for n, each in enumerate(text.split(";"), start=1))
    return Basket(shop="tea", currency=currency, lines=lines)


def rule(text: str) -> Rule:
    id, said = (part.strip() for part in text.split(":", 1))
    terms, *options = (part.strip() for part in said.split("|"))
    kind, written = _terms(terms)
    made = Rule(id=id, kind=kind, terms=KINDS[kind].read(written), layer=KINDS[kind].layer, coupon=_coupon(kind, id))
    for option in options:
        name, _, value = option.partition(" ")
        made = _OPTIONS[name](made, value)
    return made


def rules(texts: str | tuple[str, ...]) -> list[Rule]:
    """One rule, or several."""
    return [rule(text) for text in ((texts,) if isinstance(texts, str) else texts)]


def said(quoted: Quoted) -> str:
    """A quote as a result is written down."""
    amounts = " ".join(_yuan(line.amount) for line in quoted.lines)
    return " | ".join([amounts, *map(_applied, quoted.applied), *map(_rejected, quoted.rejected)])


def result(
    goods: str, promotions: str | tuple[str, ...], *, shopper: Shopper = GUEST, chosen: frozenset[str] | None = None
) -> str:
    """What a basket comes to with some promotions, in words."""
    return said(quote(basket(goods), rules(promotions), shopper, at=AT, chosen=chosen))


def _line(id: int, words: list[str], currency: str) -> Line:
    quantity = int(words.pop(0)) if words[0].isdigit() else 1
    sku, price = words.pop(0).split("@")
    line = Line(id=id, sku=sku, quantity=quantity, list_price=Money.of(price, currency), product=sku.lower())
    for word in words:
        line = _with(line, word, currency)
    return line


def _with(line: Line, word: str, currency: str) -> Line:
    if word[0] == "#":
        return replace(line, tags=line.tags | {word[1:]})
    if word[0] == "/":
        return replace(line, categories=(*line.categories, word[1:]))
    if word[0] == "~":
        return replace(line, seller=word[1:])
    if word.startswith(">="):
        return replace(line, floor=Money.of(word[2:], currency))
    found = re.fullmatch(r"(\w+)=([\d.]+)(?:x(\d+))?(!?)", word)
    assert found, word
    source, price, units, is_open = found.groups()
    offer = PriceOffer(
        id=f"{source}:{line.sku}",
        source=PriceSource(source),
        price=Money.of(price, currency),
        units=int(units) if units else None,
        takes_coupons=True if is_open else None,
    )
    return replace(line, prices=(*line.prices, offer))


def _terms(text: str) -> tuple[str, dict[str, Any]]:
    first, *rest = text.split()
    if first in _BY_WORD:
        return _BY_WORD[first](rest)
    if rest[:1] == ["for"]:
        parts = [part.split("*") for part in first.split("+")]
        listed = [{"sku": part[-1], "units": int(part[0]) if len(part) > 1 else 1} for part in parts]
        return "bundle", {"currency": "CNY", "price": _minor(rest[1]), "parts": listed}
    if "pcs" in first:
        return "pieces", {"steps": [_units_step(step.replace("pcs", "")) for step in first.split(",")]}
    return ("threshold_rate" if "%" in first else "threshold"), _ladder(first)


def _buy(words: list[str]) -> tuple[str, dict[str, Any]]:
    asked, verb, units, *gift = words
    terms: dict[str, Any] = {"buy_units": int(asked), "get_units": int(units)}
    return "buy_get", terms | _gift(gift if verb == "gift" else ["", *gift])


def _spend(words: list[str]) -> tuple[str, dict[str, Any]]:
    asked, _, units, *gift = words
    return "buy_get", {"currency": "CNY", "from": _minor(asked), "get_units": int(units)} | _gift(gift)


def _gift(words: list[str]) -> dict[str, Any]:
    return {"gift": words[0] if words else "", "is_every": "once" not in words}


def _coupon_terms(words: list[str]) -> tuple[str, dict[str, Any]]:
    return ("coupon_rate" if "%" in words[0] else "coupon_amount"), _ladder(words[0])


def _price(kind: str, word: str) -> tuple[str, dict[str, Any]]:
    return kind, {"off": _rate(word)} if "%" in word else {"currency": "CNY", "price": _minor(word)}


_BY_WORD: dict[str, Callable[[list[str]], tuple[str, dict[str, Any]]]] = {
    "every": lambda words: ("threshold", _ladder(words[0]) | {"is_every": True}),
    "cross": lambda words: ("cross_threshold", _ladder(words[-1]) | {"is_every": "every" in words}),
    "coupon": _coupon_terms,
    "nth": lambda words: ("pieces", {"steps": [_units_step(words[0])], "which": "nth"}),
    "buy": _buy,
    "spend": _spend,
    "price": lambda words: _price("price", words[0]),
    "member": lambda words: _price("member_price", words[0]),
    "any": lambda words: ("bundle", {"currency": "CNY", "price": _minor(words[2]), "units": int(words[0])}),
    "ship": lambda words: ("free_shipping", {"currency": "CNY", "from": _minor(words[0])}),
}


def _ladder(text: str) -> dict[str, Any]:
    steps = []
    for step in text.split(","):
        asked, off = step.split("-")
        steps.append({"from": _minor(asked), "off": _rate(off) if "%" in off else _minor(off)})
    return {"currency": "CNY", "steps": steps}


def _units_step(text: str) -> dict[str, Any]:
    units, off = text.split("-")
    return {"units": int(units), "off": _rate(off)}


def _rate(text: str) -> str:
    return str(Decimal(text.rstrip("%")) / 100)


def _minor(text: str) -> int:
    return cny(text).minor


def _coupon(kind: str, id: str) -> str:
    return id if kind.startswith("coupon") else ""


def _target(made: Rule, text: str) -> Rule:
    names: dict[str, set[str]] = {}
    kinds = {"/": "categories", "#": "tags", "~": "sellers", "=": "products", "-": "but_skus", "!": "but_categories"}
    for word in text.split():
        kind = kinds.get(word[0], "skus")
        names.setdefault(kind, set()).add(word if kind == "skus" else word[1:])
    return replace(made, target=Target(**{kind: frozenset(words) for kind, words in names.items()}))


_OPTIONS: Mapping[str, Callable[[Rule, str], Rule]] = {
    "on": _target,
    "cap": lambda made, value: replace(made, cap=cny(value)),
    "budget": lambda made, value: replace(made, budget_left=cny(value)),
    "list": lambda made, _: replace(made, base=Base.LIST),
    "group": lambda made, value: replace(made, group=value),
    "not": lambda made, value: replace(made, excludes=frozenset(value.split())),
    "prio": lambda made, value: replace(made, priority=int(value)),
    "order": lambda made, value: replace(made, per_order=int(value)),
    "person": lambda made, value: replace(made, per_person=int(value)),
    "layer": lambda made, value: replace(made, layer=Layer(int(value))),
    "by": lambda made, value: replace(made, funded_by=Payer(value)),
    "coupon": lambda made, value: replace(made, coupon=value),
    "starts": lambda made, hours: replace(made, starts_at=AT + timedelta(hours=float(hours))),
    "ends": lambda made, hours: replace(made, ends_at=AT + timedelta(hours=float(hours))),
    "claimed": lambda made, hours: replace(made, claimed_at=AT + timedelta(hours=float(hours))),
    "tier": lambda made, value: replace(made, audience=replace(made.audience, tiers=frozenset(value.split()))),
    "seg": lambda made, value: replace(made, audience=replace(made.audience, segments=frozenset(value.split()))),
    "signed": lambda made, _: replace(made, audience=Audience(is_signed_in_only=True)),
}


def _applied(one: Applied) -> str:
    often = f" x{one.times}" if one.times != 1 else ""
    return f"{one.rule} {_yuan(one.amount)}{often}"


def _rejected(one: Rejected) -> str:
    missing = [_yuan(one.missing)] if one.missing is not None else []
    units = [str(one.missing_units)] if one.missing_units else []
    return " ".join([one.rule, one.reason.value, *missing, *units, *([one.by] if one.by else [])])


def _yuan(amount: Money) -> str:
    return format(amount.major.normalize(), "f")
