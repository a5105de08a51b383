"""Django's name for this shelf."""

from django.apps import AppConfig


class BaseLedgerConfig(AppConfig):
    """The shelf `base_ledger`."""

    name = "zhanggui.base.ledger"
    label = "base_ledger"
