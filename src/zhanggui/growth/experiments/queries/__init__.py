"""Reading trials and what they brought.

trial, trials            one, and a shop's, the newest first
members, arm_counts      who is on a side, and how many are
side_of                  on which side somebody is, for a door that asks at every page
outcome                  what came on top, against those who were held out
whole_shop_effect        what came on top where everybody was treated: the weaker evidence
"""

from __future__ import annotations

from zhanggui.growth.experiments.queries.outcomes import outcome
from zhanggui.growth.experiments.queries.reading import arm_counts, members, side_of, trial, trials
from zhanggui.growth.experiments.queries.whole_shop import whole_shop_effect

__all__ = ["arm_counts", "members", "outcome", "side_of", "trial", "trials", "whole_shop_effect"]
