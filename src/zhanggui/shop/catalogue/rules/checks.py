"""Whether what is said about a product fits together."""

from __future__ import annotations

from typing import Final

from zhanggui.shop.catalogue.rules.goods import Evidence, Kind, NoReason
from zhanggui.shop.catalogue.rules.words import key_of
from zhanggui.shop.catalogue.rules.writing import NewProduct

MOST_OPTIONS: Final = 3
MOST_VARIANTS: Final = 200
MOST_TITLE: Final = 200
MOST_NAME: Final = 80
MOST_VALUE: Final = 200
MOST_PAPER_NAME: Final = 120
MOST_PAPER_NUMBER: Final = 80


def fault_of(product: NewProduct) -> str:
    """What is wrong with a product, as a code; empty if nothing is.

    Codes: title, words (too long), sku, options (more than three, or two of one name), values (not one per option, or
    too long), variants (too many, or two alike), kind (parts without a bundle or a bundle without parts), parts,
    tags, tax, exception, attributes (two of one name), evidence (without a name or number, over before it holds, or
    about a SKU that is not the product's), evidence_twice (two papers of one number).
    """
    return next((code for code, is_wrong in _faults(product) if is_wrong), "")


def _faults(product: NewProduct) -> list[tuple[str, bool]]:
    skus = product.skus
    values = [tuple(value.zh or value.en for value in sku.values) for sku in skus if sku.is_listed]
    parts = [part for sku in skus for part in sku.parts]
    keys = [attribute.key or key_of(attribute.name) for attribute in product.attributes]
    option_keys = [key_of(option) for option in product.options]
    return [
        ("title", not product.title),
        ("words", _is_too_long(product)),
        ("sku", any(not sku.sku.strip() or len(sku.sku) > 60 or sku.sku != sku.sku.strip() for sku in skus)),
        ("options", len(option_keys) > MOST_OPTIONS or len(set(option_keys)) < len(option_keys) or "" in option_keys),
        ("values", any(len(own) != len(product.options) or "" in own for own in values)),
        ("values", any(len(part) > MOST_VALUE for own in values for part in own)),
        ("variants", len(skus) > MOST_VARIANTS or len(set(values)) < len(values)),
        ("variants", len({sku.sku for sku in skus}) < len(skus)),
        ("kind", any((product.kind is Kind.BUNDLE) != bool(sku.parts) for sku in skus)),
        ("parts", any(part.units < 1 for part in parts)),
        ("parts", any(len({part.sku for part in sku.parts}) < len(sku.parts) for sku in skus)),
        ("tags", any(not tag or "|" in tag or tag != tag.strip() for tag in product.tags)),
        ("tax", not product.tax_class or len(product.tax_class) > 40),
        ("exception", product.no_reason_exception not in tuple(NoReason)),
        ("attributes", "" in keys or len(set(keys)) < len(keys)),
        ("evidence", any(_is_paper_wrong(paper, skus={"", *(sku.sku for sku in skus)}) for paper in product.evidence)),
        ("evidence_twice", len({(paper.sku, paper.number) for paper in product.evidence}) < len(product.evidence)),
    ]


def _is_paper_wrong(paper: Evidence, *, skus: set[str]) -> bool:
    words = (paper.name.zh, paper.name.en, paper.issuer.zh, paper.issuer.en)
    is_too_long = len(paper.number) > MOST_PAPER_NUMBER or any(len(said) > MOST_PAPER_NAME for said in words)
    is_over_early = paper.valid_until is not None and paper.valid_until < paper.issued_on
    return not (paper.number and paper.name and paper.sku in skus) or is_too_long or is_over_early


def _is_too_long(product: NewProduct) -> bool:
    words = [(product.title, MOST_TITLE), (product.brand, MOST_NAME), (product.proof, MOST_TITLE)]
    words += [(attribute.name, MOST_NAME) for attribute in product.attributes]
    words += [(attribute.value, MOST_VALUE) for attribute in product.attributes]
    words += [(option, MOST_NAME) for option in product.options]
    is_tag_long = any(len(tag) > 60 for tag in product.tags)
    return is_tag_long or any(len(said.zh) > most or len(said.en) > most for said, most in words)
