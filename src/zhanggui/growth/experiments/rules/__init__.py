"""Who is in a trial, how many it takes, and what it brought: frozen values and pure functions."""

from zhanggui.growth.experiments.rules.assigning import WHOLE_BP, Arm, arm_of
from zhanggui.growth.experiments.rules.outcomes import LEAST_SRM_P, Buying, Costing, Doubt, Effect, Outcome
from zhanggui.growth.experiments.rules.pages import (
    ALWAYS_THERE,
    LONGEST_HEADLINE,
    ORIGINAL,
    USUAL_PARTS,
    Known,
    Page,
    Part,
    PromisesAt,
    Saving,
    ShownTo,
    Target,
    Version,
    narrowest,
    side_of,
)
from zhanggui.growth.experiments.rules.power import ALPHA, LEAST_PEOPLE, POWER, held_out_bp_for, people_needed
from zhanggui.growth.experiments.rules.statistics import Estimate, Sample
from zhanggui.growth.experiments.rules.trials import MOST_DAYS, Enrolled, Trial, check_trial

__all__ = [
    "ALPHA",
    "ALWAYS_THERE",
    "LEAST_PEOPLE",
    "LEAST_SRM_P",
    "LONGEST_HEADLINE",
    "MOST_DAYS",
    "ORIGINAL",
    "POWER",
    "USUAL_PARTS",
    "WHOLE_BP",
    "Arm",
    "Buying",
    "Costing",
    "Doubt",
    "Effect",
    "Enrolled",
    "Estimate",
    "Known",
    "Outcome",
    "Page",
    "Part",
    "PromisesAt",
    "Sample",
    "Saving",
    "ShownTo",
    "Target",
    "Trial",
    "Version",
    "arm_of",
    "check_trial",
    "held_out_bp_for",
    "narrowest",
    "people_needed",
    "side_of",
]
