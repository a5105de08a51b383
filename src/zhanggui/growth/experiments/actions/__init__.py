"""The verbs of trials."""

from zhanggui.growth.experiments.actions.trials import close_trial, enrol, expose, open_trial

__all__ = ["close_trial", "enrol", "expose", "open_trial"]
