"""Django's name for this shelf."""

from django.apps import AppConfig


class SteerBudgetsConfig(AppConfig):
    """The shelf `steer_budgets`."""

    name = "zhanggui.steer.budgets"
    label = "steer_budgets"
