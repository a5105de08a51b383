"""What belongs to a product in its form: papers, the parts of bundles, prices in other currencies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from zhanggui.base.money import Money
from zhanggui.doors.console import fields
from zhanggui.doors.console.fields import Unfit
from zhanggui.shop.catalogue.rules import Evidence, NewProduct, NewVariant, Part

_MOST_UNITS: Final = 9999
Abroad = Mapping[str, Mapping[str, Money]]


def papers(form: Mapping[str, str], product: NewProduct, *, uploaded: Mapping[str, str]) -> tuple[Evidence, ...]:
    """The certificates and reports of a product.

    uploaded  names in the media store of the files that came along, by field
    refuses   Unfit
    """
    places = fields.rows(form, "paper", "paper.{}.number", "paper.{}.name.zh")
    return tuple(
        _paper(form, f"paper.{place}", product.evidence[place : place + 1], uploaded)
        for place in places
        if form.get(f"paper.{place}.drop") != "yes"
    )


def _paper(form: Mapping[str, str], at: str, standing: tuple[Evidence, ...], uploaded: Mapping[str, str]) -> Evidence:
    issued_on, valid_until = (fields.day(form, f"{at}.{name}") for name in ("issued", "until"))
    if issued_on is None:
        raise Unfit(f"{at}.issued", "issued")
    kept = standing[0].file if standing and form.get(f"{at}.no_file") != "yes" else ""
    return Evidence(
        name=fields.words(form, f"{at}.name"),
        issuer=fields.words(form, f"{at}.issuer"),
        number=form.get(f"{at}.number", "").strip(),
        issued_on=issued_on,
        valid_until=valid_until,
        file=uploaded.get(f"{at}.file", kept),
        sku=form.get(f"{at}.sku", "").strip(),
    )


def paper_fields(product: NewProduct) -> dict[str, str]:
    """The papers of a product as the fields of a form."""
    said: dict[str, str] = {}
    for place, paper in enumerate(product.evidence):
        at = f"paper.{place}"
        said |= {f"{at}.name.zh": paper.name.zh, f"{at}.name.en": paper.name.en}
        said |= {f"{at}.issuer.zh": paper.issuer.zh, f"{at}.issuer.en": paper.issuer.en}
        said |= {f"{at}.number": paper.number, f"{at}.issued": paper.issued_on.isoformat(), f"{at}.sku": paper.sku}
        said[f"{at}.until"] = paper.valid_until.isoformat() if paper.valid_until else ""
    return said


def parts(form: Mapping[str, str], at: str, *, sku: str) -> tuple[Part, ...]:
    """What one piece of a bundle holds.

    at       the row of the bundle's SKU
    refuses  Unfit for a bundle in itself, for a number that is none
    """
    return tuple(_part(form, f"{at}.part.{place}", bundle=sku) for place in fields.rows(form, f"{at}.part"))


def _part(form: Mapping[str, str], at: str, *, bundle: str) -> Part:
    sku, units = form[at].strip(), form.get(f"{at}.units", "").strip() or "1"
    if sku == bundle:
        raise Unfit(at, "part_itself")
    if not (units.isascii() and units.isdigit() and len(units) < 6 and 0 < int(units) <= _MOST_UNITS):
        raise Unfit(f"{at}.units", "part_units")
    return Part(sku=sku, units=int(units))


def part_fields(at: str, own: NewVariant) -> dict[str, str]:
    """The parts of a bundle as the fields of a form."""
    places = [(f"{at}.part.{place}", part) for place, part in enumerate(own.parts)]
    return {name: part.sku for name, part in places} | {f"{name}.units": str(part.units) for name, part in places}


def abroad(
    form: Mapping[str, str], *, currencies: Iterable[str], standing: Abroad
) -> dict[str, dict[str, Money | None]]:
    """The prices in other currencies that are other ones now, by SKU; None where none is said any longer.

    refuses  Unfit
    """
    asked = list(currencies)
    found: dict[str, dict[str, Money | None]] = {}
    for place in fields.rows(form, "sku"):
        sku = form[f"sku.{place}"].strip()
        stands = standing.get(sku, {})
        said = {currency: fields.money(form, f"sku.{place}.in.{currency}", currency) for currency in asked}
        changed = {currency: price for currency, price in said.items() if price != stands.get(currency)}
        if changed:
            found[sku] = changed
    return found


def abroad_fields(product: NewProduct, standing: Abroad) -> Iterator[tuple[str, str]]:
    """Prices in other currencies as the fields of a form."""
    for place, own in enumerate(product.skus):
        for currency, price in standing.get(own.sku, {}).items():
            yield f"sku.{place}.in.{currency}", f"{price.major:f}"
