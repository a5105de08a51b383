"""Django's name for this shelf."""

from django.apps import AppConfig


class BaseAccountsConfig(AppConfig):
    """The shelf `base_accounts`."""

    name = "zhanggui.base.accounts"
    label = "base_accounts"
