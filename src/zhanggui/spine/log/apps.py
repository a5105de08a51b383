"""Django's name for this shelf."""

from django.apps import AppConfig

from zhanggui.spine.facts import vocabulary


class SpineLogConfig(AppConfig):
    """The shelf `spine_log`; with it the vocabulary is known."""

    name = "zhanggui.spine.log"
    label = "spine_log"
    vocabulary = vocabulary.ROOMS
