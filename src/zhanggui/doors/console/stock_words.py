"""What the stock's codes mean to whoever counts and moves it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from zhanggui.base.errors import Refused
from zhanggui.supply.stock import errors
from zhanggui.supply.stock.queries import Order, Want
from zhanggui.supply.stock.rules import Kind, WarehouseKind

KINDS: Final = {
    Kind.RECEIVED: lazy("Received"),
    Kind.HELD: lazy("Promised to an order"),
    Kind.RELEASED: lazy("Back on sale"),
    Kind.SHIPPED: lazy("Shipped"),
    Kind.RETURNED: lazy("Came back, sellable"),
    Kind.BROUGHT_BACK: lazy("Came back, defective"),
    Kind.FOUND: lazy("Counted, more than booked"),
    Kind.MISSED: lazy("Counted, fewer than booked"),
    Kind.SPOILED: lazy("Found defective"),
    Kind.MENDED: lazy("Sellable after all"),
    Kind.DISCARDED: lazy("Written off, was sellable"),
    Kind.SCRAPPED: lazy("Written off, was defective"),
    Kind.SENT: lazy("Sent to another warehouse"),
    Kind.DUE: lazy("On its way here"),
    Kind.ARRIVED: lazy("Arrived from another warehouse"),
    Kind.STRAYED: lazy("Lost between warehouses"),
}

HOUSES: Final = {
    WarehouseKind.REGIONAL: lazy("Regional warehouse"),
    WarehouseKind.FRONT: lazy("Front warehouse"),
    WarehouseKind.CLOUD: lazy("Cloud warehouse"),
    WarehouseKind.OVERSEAS: lazy("Overseas warehouse"),
}

WANTS: Final = {
    Want.ALL: pgettext_lazy("stock", "All"),
    Want.LOW: pgettext_lazy("stock", "Running low"),
    Want.OUT: pgettext_lazy("stock", "Sold out"),
    Want.DEFECTIVE: pgettext_lazy("stock", "Defective"),
    Want.IN_TRANSIT: pgettext_lazy("stock", "On the way"),
}

COLUMNS: Final = {
    Order.SKU: lazy("Item"),
    Order.WAREHOUSE: lazy("Warehouse"),
    Order.FREE: pgettext_lazy("stock", "Free"),
    Order.ON_HAND: pgettext_lazy("stock", "In the house"),
    Order.HELD: pgettext_lazy("stock", "Promised"),
    Order.DEFECTIVE: pgettext_lazy("stock", "Defective"),
    Order.IN_TRANSIT: pgettext_lazy("stock", "On the way"),
}

FIELDS: Final = {
    "code": lazy("The code has 1 to 40 small letters, digits and dashes."),
    "name_zh": lazy("The warehouse needs a name of at most 80 signs."),
    "country": lazy("The country has two capital letters, such as CN."),
    "region": lazy("The region has at most 40 signs."),
    "latitude": lazy("Give both latitude and longitude, or neither; the latitude lies between −90 and 90."),
    "longitude": lazy("The longitude lies between −180 and 180."),
    "handling": lazy("Handling costs nothing or more."),
    "zones": lazy("A zone stands on a line of its own: country, region, days. The days lie between 0 and 365."),
    "priority": lazy("The priority is a whole number."),
    "restock_days": lazy("The days to restock lie between 0 and 365."),
    "to_warehouse": lazy("Choose another warehouse to send to."),
}


def refusal(refused: Refused) -> str:
    """What was refused, what was kept, and what to do."""
    return _SAID[type(refused)](refused) if type(refused) in _SAID else str(refused)


def _too_few(refused: errors.TooFewThere) -> str:
    said = _("Only %(free)d of %(sku)s can be taken in %(warehouse)s, not %(asked)d. Nothing was changed.")
    return said % {
        "free": refused.free_units,
        "sku": refused.sku,
        "warehouse": refused.warehouse,
        "asked": refused.asked_units,
    }


def _promised(refused: errors.PromisedMore) -> str:
    said = _(
        "%(held)d of %(sku)s are promised to orders, more than the %(units)d there would be. Call some of those orders "
        "off or allow backorders first. Nothing was changed."
    )
    return said % {"held": refused.held_units, "sku": refused.sku, "units": refused.units}


_SAID: Final[dict[type[Refused], Callable[..., str]]] = {
    errors.TooFewThere: _too_few,
    errors.PromisedMore: _promised,
    errors.UnitsNotAllowed: lambda _refused: _("Give whole pieces, at least one. Nothing was changed."),
    errors.AlreadyMoved: lambda refused: (
        _("Stock was moved under %(reference)s before. Nothing was changed.") % {"reference": refused.reference}
    ),
    errors.NoSuchWarehouse: lambda _refused: _("This shop has no such warehouse. Nothing was changed."),
    errors.WarehouseTaken: lambda _refused: _("Another shop has a warehouse of that code. Choose another code."),
    errors.WarehouseNotAllowed: lambda refused: str(FIELDS[refused.field]),
    errors.NotOnTheWay: lambda _refused: _("So many pieces are not on their way. Nothing was changed."),
}
