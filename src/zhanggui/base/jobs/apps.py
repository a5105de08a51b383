"""Django's name for this shelf."""

from django.apps import AppConfig


class BaseJobsConfig(AppConfig):
    """The shelf `base_jobs`."""

    name = "zhanggui.base.jobs"
    label = "base_jobs"
