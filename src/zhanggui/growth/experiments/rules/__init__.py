"""Who is in a trial, how many it takes, and what it brought: frozen values and pure functions."""

from zhanggui.growth.experiments.rules.assigning import WHOLE_BP, Arm, arm_of
from zhanggui.growth.experiments.rules.outcomes import LEAST_SRM_P, Costing, Doubt, Effect, Outcome
from zhanggui.growth.experiments.rules.power import ALPHA, LEAST_PEOPLE, POWER, held_out_bp_for, people_needed
from zhanggui.growth.experiments.rules.statistics import Estimate, Sample
from zhanggui.growth.experiments.rules.trials import MOST_DAYS, Enrolled, Trial, check_trial

__all__ = [
    "ALPHA",
    "LEAST_PEOPLE",
    "LEAST_SRM_P",
    "MOST_DAYS",
    "POWER",
    "WHOLE_BP",
    "Arm",
    "Costing",
    "Doubt",
    "Effect",
    "Enrolled",
    "Estimate",
    "Outcome",
    "Sample",
    "Trial",
    "arm_of",
    "check_trial",
    "held_out_bp_for",
    "people_needed",
]
