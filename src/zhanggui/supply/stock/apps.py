"""Django's name for this shelf."""

from django.apps import AppConfig


class SupplyStockConfig(AppConfig):
    """The shelf `supply_stock`."""

    name = "zhanggui.supply.stock"
    label = "supply_stock"
