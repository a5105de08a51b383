"""Reading trials and what they brought.

trial, trials            one, and a shop's, the newest first
members, arm_counts      who is on a side, and how many are
standing, edition_asked  what is shown as this process knows it, and whether that still holds
tried, usual             the second version of a page that is tried out, and the one that everybody sees
known_asked              on which side a visitor is, for a door that asks at every page
preview_of, previewed    an address that shows a version without counting anybody, and what it shows
outcome                  what came on top, against those who were held out
whole_shop_effect        what came on top where everybody was treated: the weaker evidence
"""

from __future__ import annotations

from zhanggui.growth.experiments.queries.outcomes import outcome
from zhanggui.growth.experiments.queries.pages import (
    edition_asked,
    known_asked,
    page,
    page_of_trial,
    preview_of,
    previewed,
    skus_of,
    standing,
    target_of,
    tried,
    usual,
)
from zhanggui.growth.experiments.queries.reading import arm_counts, members, trial, trials
from zhanggui.growth.experiments.queries.whole_shop import whole_shop_effect

__all__ = [
    "arm_counts",
    "edition_asked",
    "known_asked",
    "members",
    "outcome",
    "page",
    "page_of_trial",
    "preview_of",
    "previewed",
    "skus_of",
    "standing",
    "target_of",
    "trial",
    "trials",
    "tried",
    "usual",
    "whole_shop_effect",
]
