"""The verbs of trials."""

from zhanggui.growth.experiments.actions.pages import keep_page, show_page, withdraw_page
from zhanggui.growth.experiments.actions.trials import close_trial, enrol, expose, merge, open_trial

__all__ = ["close_trial", "enrol", "expose", "keep_page", "merge", "open_trial", "show_page", "withdraw_page"]
