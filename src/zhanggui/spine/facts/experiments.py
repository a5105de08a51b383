"""What trials tell."""

from __future__ import annotations

from zhanggui.spine.facts.registry import fact


@fact(name="growth.experiment_exposed")
class ExperimentExposed:
    """Somebody came for the first time to where a trial's treatment is given: they got it, or were held out of it.

    Not told when somebody is put on a side without coming there, when they come again, or of robots and people who want
    no trace: those are in no trial.

    arm  treated or held_out
    """

    trial_id: str
    metric: str
    arm: str


@fact(name="growth.page_shown")
class PageShown:
    """From now on somebody else sees a second version of the pages of a product, a category, or the whole shop.

    Not told for each person who sees it: that is growth.experiment_exposed, and only while it is tried out.

    product   handle; category: key; with neither it is all of the shop's products
    shown_to  treated (of the trial), all, or nobody
    """

    page_id: str
    trial_id: str
    product: str
    category: str
    shown_to: str
