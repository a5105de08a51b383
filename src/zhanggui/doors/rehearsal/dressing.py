"""What the demonstration goods wear besides their words: variants, scenes, papers, tags, sales, one model in the round.

A part of them, the same in every run; the rest stays plain, as in any shop.
"""

from __future__ import annotations

import tomllib
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from importlib import resources
from typing import Any, Final

from zhanggui.base.money import Money
from zhanggui.doors.rehearsal import catalogue
from zhanggui.doors.rehearsal.catalogue import Goods
from zhanggui.doors.rehearsal.drawing.picture import picture
from zhanggui.doors.rehearsal.simulator.plan import CURRENCY
from zhanggui.shop.catalogue.rules import (
    NOTHING,
    Attribute,
    Block,
    Category,
    Evidence,
    Kind,
    Medium,
    MediumKind,
    NewProduct,
    NewVariant,
    NoReason,
    Part,
    Sale,
    Words,
)

# The goods that can be turned around on their page.
IN_THE_ROUND: Final = "CER-MUG-TUANZI"
_SALE_FOR: Final = timedelta(days=14)
_SALE_PERCENT: Final = 85
_PACK_PERCENT: Final = 188


def categories(shop: str) -> list[Category]:
    """Five groups, and the eight categories below them."""
    names = {each.key: each.name for each in catalogue.categories()}
    found = []
    for place, group in enumerate(_file()["groups"]):
        found.append(Category(shop=shop, key=group["key"], name=_words(group["name"]), position=place))
        found += [
            Category(
                shop=shop, key=key, name=Words(zh=names[key].zh, en=names[key].en), position=below, parent=group["key"]
            )
            for below, key in enumerate(group["categories"])
        ]
    return found


def dressed(item: Goods, product: NewProduct, *, at: datetime, model: str) -> NewProduct:
    """A product with what its goods wear.

    at     now: sales run from here on
    model  name of the 3D model in the media store, for the goods that has one
    """
    chance = zlib.crc32(item.sku.encode())
    product = replace(
        product,
        attributes=tuple(_facet(attribute) for attribute in product.attributes),
        tags=_tags(item, chance),
        blocks=_blocks(item),
        evidence=_papers(item, at=at) if chance % 4 else (),
        no_reason_exception=NoReason.HYGIENE if item.category.key == "skincare" else NoReason.NONE,
    )
    product = _in_variants(item, product)
    if item.sku == IN_THE_ROUND:
        product = replace(product, media=(Medium(kind=MediumKind.MODEL, file=model, alt=product.title),))
    return _on_sale(product, at=at) if chance % 11 == 0 else product


def extras(shop: str) -> list[NewProduct]:
    """A bundle, something to download and a service."""
    return [_extra(Kind(kind), said, shop=shop) for kind, said in _file()["extras"].items()]


def _extra(kind: Kind, said: Mapping[str, Any], *, shop: str) -> NewProduct:
    like = next(item for item in catalogue.goods() if item.sku == said["like"])
    title, why = _words(said["title"]), _words(said["why"])
    worn = replace(like, sku=said["sku"], title=catalogue.Words(zh=title.zh, en=title.en))
    parts = tuple(Part(sku=sku, units=units) for sku, units in said.get("parts", ()))
    return NewProduct(
        sku=said["sku"],
        shop=shop,
        title=title,
        summary=why,
        brand=Words(zh=like.brand.zh, en=like.brand.en),
        category=said["category"],
        kind=kind,
        price=Money(said["price_minor"], CURRENCY),
        cost=Money(said["price_minor"] // 2, CURRENCY),
        weight_g=sum(item.weight_g for item in catalogue.goods() if item.sku in {part.sku for part in parts}),
        attributes=(),
        proof=NOTHING,
        picture_svg=picture(worn),
        tags=(_file()["tags"]["gift"],) if parts else (),
        parts=parts,
        blocks=_asked_and_answered(why),
        no_reason_exception=NoReason.UNSEALED_MEDIA if kind is Kind.DIGITAL else NoReason.NONE,
    )


def _in_variants(item: Goods, product: NewProduct) -> NewProduct:
    options = _file()["options"]
    tones = [tone for tone in _file()["coloured"].get(item.look.shape, ()) if tone != item.look.tone]
    if tones:
        return replace(
            product,
            options=(_words(options["colour"]),),
            values=(_colour(item.look.tone),),
            variants=tuple(_coloured(item, product, tone) for tone in tones),
        )
    if item.look.shape in ("caddy", "pouch"):
        again = _sku(product, "X2", percent=_PACK_PERCENT, values=(Words(zh="两份装", en="Pack of two"),))
        first = (Words(zh="单份装", en="Single"),)
        return replace(product, options=(_words(options["pack"]),), values=first, variants=(again,))
    return product


def _coloured(item: Goods, product: NewProduct, tone: str) -> NewVariant:
    drawn = picture(replace(item, look=replace(item.look, tone=tone)))
    return replace(_sku(product, tone.upper(), percent=100, values=(_colour(tone),)), picture_svg=drawn)


def _sku(product: NewProduct, ending: str, *, percent: int, values: tuple[Words, ...]) -> NewVariant:
    return NewVariant(
        sku=f"{product.sku}-{ending}",
        values=values,
        price=Money(product.price.minor * percent // 10_000 * 100, product.price.currency),
        cost=Money(product.cost.minor * percent // 100, product.cost.currency),
        weight_g=product.weight_g * (2 if percent == _PACK_PERCENT else 1),
    )


def _on_sale(product: NewProduct, *, at: datetime) -> NewProduct:
    def sale(price: Money) -> Sale:
        lower = Money(price.minor * _SALE_PERCENT // 1000 * 10, price.currency)
        return Sale(price=lower, starts_at=at, ends_at=at + _SALE_FOR)

    variants = tuple(replace(own, sale=sale(own.price)) for own in product.variants)
    return replace(product, sale=sale(product.price), variants=variants)


def _facet(attribute: Attribute) -> Attribute:
    return replace(attribute, is_facet=attribute.name.zh in _file()["facets"]["names"])


def _tags(item: Goods, chance: int) -> tuple[str, ...]:
    tags = _file()["tags"]
    worn = {
        "gift": item.season == "gift" or item.look.shape == "gift_box",
        "new": chance % 9 == 0,
        "light": item.category.key in ("outdoor", "bags") and item.weight_g < 600,
        "travel": item.look.shape in ("suitcase", "duffel", "zip_pouch", "flask", "backpack"),
    }
    return tuple(tags[key] for key, is_worn in worn.items() if is_worn)


def _blocks(item: Goods) -> tuple[Block, ...]:
    """What the goods answers itself, then the scene of its category."""
    scene = _file()["scenes"][item.category.key]
    own = _asked_and_answered(Words(zh=item.why.zh, en=item.why.en), proof=Words(zh=item.proof.zh, en=item.proof.en))
    shared = Block(problem=_words(scene["problem"]), solution=_words(scene["solution"]), proof=_words(scene["proof"]))
    return (*own, shared)


def _asked_and_answered(why: Words, *, proof: Words = NOTHING) -> tuple[Block, ...]:
    asked_zh, sign_zh, answered_zh = why.zh.partition("？")
    asked_en, sign_en, answered_en = why.en.partition("?")
    if not (sign_zh and sign_en and answered_zh and answered_en):
        return ()
    problem = Words(zh=asked_zh + sign_zh, en=asked_en + sign_en)
    return (Block(problem=problem, solution=Words(zh=answered_zh.strip(), en=answered_en.strip()), proof=proof),)


def _papers(item: Goods, *, at: datetime) -> tuple[Evidence, ...]:
    """The lot's report with the number that the proof names, issued this year and good for two."""
    papers = _file()["papers"]
    number = item.proof.zh.split("：")[0].split()[-1]
    issued_on = at.date() - timedelta(days=30 + zlib.crc32(number.encode()) % 300)
    return (
        Evidence(
            name=_words(papers["name"]),
            issuer=_words(papers["issuer"]),
            number=number,
            issued_on=issued_on,
            valid_until=issued_on + timedelta(days=730),
        ),
    )


def _colour(tone: str) -> Words:
    return _words(_file()["colours"][tone])


def _words(said: Sequence[str]) -> Words:
    return Words(zh=said[0], en=said[1])


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads((resources.files(__package__) / "data" / "dressing.toml").read_text(encoding="utf-8"))
