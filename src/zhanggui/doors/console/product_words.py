"""Products in words: what is wrong with one, what a change does, what stands where."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from zhanggui.base.errors import Refused
from zhanggui.shop.catalogue.rules import Kind, NoReason
from zhanggui.shop.catalogue.rules.bulk import ChangeKind

FAULTS: Final[dict[str, Promise]] = {
    "title": lazy("It has no title."),
    "words": lazy("A text is too long."),
    "sku": lazy("A SKU is missing or too long."),
    "options": lazy("There are at most three options, each with a name of its own."),
    "values": lazy("Each variant needs a value for every option."),
    "variants": lazy("Two variants are alike, or there are too many."),
    "kind": lazy("A bundle needs parts, and only a bundle has them."),
    "kind_fixed": lazy("The kind of a product cannot change once it stands."),
    "parts": lazy("A part is not sold here, or is a bundle itself."),
    "part_itself": lazy("A bundle cannot hold itself."),
    "part_units": lazy("How many pieces a bundle holds is a whole number from 1 to 9,999."),
    "evidence": lazy("A paper needs a name, a number, a SKU of this product if any, and ends after it was issued."),
    "evidence_twice": lazy("Two papers have the same number."),
    "issued": lazy("A paper needs the day on which it was issued."),
    "type_of_paper": lazy("A paper is a PDF or a picture: JPEG, PNG, WebP, AVIF."),
    "tags": lazy("A tag is empty or has a bar in it."),
    "tax": lazy("The tax class is missing."),
    "exception": lazy("The reason against returns is not a known one."),
    "attributes": lazy("Two parameters have the same name."),
    "handle": lazy("The handle is missing or stands twice."),
    "twice": lazy("The product stands twice in the file, with other rows between."),
    "price": lazy("A price is missing or is not an amount."),
    "currency": lazy("The currency is not the shop's."),
    "sale": lazy("A sale needs a beginning and an end."),
    "time": lazy("The sale is over before it begins."),
    "moment": lazy("A date cannot be read."),
    "weight": lazy("A weight cannot be read."),
    "units": lazy("How many pieces there are is a whole number."),
    "listed": lazy("Listed is yes or no."),
    "type": lazy("Grouped and external products are not taken over."),
    "SkuTaken": lazy("Another product has that SKU already."),
    "NoSuchCategory": lazy("There is no such category."),
    "ProductMoved": lazy("Somebody else changed it meanwhile. Nothing was written; look at it again."),
    "PriceNotAllowed": lazy("A price is more than nothing."),
    "type_of_file": lazy("Files of this type are not shown in the shop."),
    "size": lazy("The file is too large."),
    "broken": lazy("The picture is broken: it cannot be read to its end. Save it again and send it once more."),
    "pixels": lazy("The picture has more than 30 million pixels. Make it smaller; 2,000 by 2,000 is enough."),
    "drawing": lazy("An SVG can carry scripts; send a picture as JPEG, PNG, WebP or AVIF."),
}
KINDS: Final = {
    Kind.PHYSICAL: lazy("Thing"),
    Kind.DIGITAL: lazy("Download"),
    Kind.SERVICE: lazy("Service"),
    Kind.BUNDLE: lazy("Bundle"),
}
CHANGES: Final = {
    ChangeKind.PRICE: lazy("Change the price to … percent of what it is"),
    ChangeKind.SALE: lazy("Put on sale at … percent of the price"),
    ChangeKind.NO_SALE: lazy("End the sale"),
    ChangeKind.CATEGORY: lazy("Move to a category"),
    ChangeKind.TAG: lazy("Add a tag"),
    ChangeKind.NO_TAG: lazy("Drop a tag"),
    ChangeKind.LIST: lazy("Sell"),
    ChangeKind.DELIST: lazy("Stop selling"),
}
SORTS: Final = {
    "-sold": lazy("Best sold first"),
    "-listed": lazy("Newest first"),
    "price": lazy("Cheapest first"),
    "-price": lazy("Dearest first"),
    "title": lazy("By title"),
    "handle": lazy("By handle"),
}
FIELDS: Final = {
    "category": lazy("Category"),
    "tags": lazy("Tags"),
    "price": lazy("Price"),
    "sale": lazy("Sale"),
    "listed": lazy("State"),
}
MEDIA: Final = {"picture": lazy("Picture"), "video": lazy("Film"), "model": lazy("3D model")}
EXCEPTIONS: Final[dict[str, Promise]] = {
    NoReason.CUSTOM_MADE: lazy("Never: made to order"),
    NoReason.FRESH: lazy("Never: fresh or perishable"),
    NoReason.UNSEALED_MEDIA: lazy("Never: digital, once opened"),
    NoReason.PAPERS: lazy("Never: delivered newspapers and magazines"),
    NoReason.HYGIENE: lazy("Not once unsealed, if the buyer confirms: hygiene"),
    NoReason.ACTIVATED: lazy("Not once activated, if the buyer confirms: large loss"),
    NoReason.FLAWED: lazy("Not, if the buyer confirms: near expiry or flawed, and said so"),
}


def fault(code: str) -> str:
    """What is wrong, in words; a code without words as it is."""
    return str(FAULTS.get(code, code))


def refusal(refused: Refused) -> str:
    """Why a product was not written."""
    reason = str(refused.data.get("reason", ""))
    words = fault("type_of_file" if reason == "type" and "size_bytes" in refused.data else reason)
    said = words if reason in FAULTS or reason == "type" else fault(type(refused).__name__)
    sku = refused.data.get("sku") or refused.data.get("handle")
    return _("%(sku)s: %(said)s") % {"sku": sku, "said": said} if sku else said
