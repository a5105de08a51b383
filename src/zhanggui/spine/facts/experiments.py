"""What trials tell."""

from __future__ import annotations

from zhanggui.spine.facts.registry import fact


@fact(name="growth.experiment_exposed")
class ExperimentExposed:
    """A member of a trial came for the first time to where its treatment is given: they got it, or were held out of it.

    Not told when somebody is put on a side, when they come there again, or of a person who is in no trial.

    arm  treated or held_out
    """

    trial_id: str
    metric: str
    arm: str
