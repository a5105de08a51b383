"""A product's page in a second version, whose pages it is for, and who sees which: frozen values and pure functions.

Only what is shown is another, never what is charged: a version holds no amount, so it cannot change one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from zhanggui.growth.experiments.errors import PageUnfit
from zhanggui.growth.experiments.rules.assigning import Arm, arm_of

LONGEST_HEADLINE: Final = 120


class Part(StrEnum):
    """What stands below the picture and the price, in the order of the page as it is."""

    SCENES = "scenes"
    SOLUTION = "solution"
    PROOF = "proof"
    SPECIFICATIONS = "specifications"
    REVIEWS = "reviews"
    QUESTIONS = "questions"


USUAL_PARTS: Final = tuple(Part)
# What a buyer has to know, and what buyers said, may stand elsewhere and is never left out.
ALWAYS_THERE: Final = frozenset({Part.SPECIFICATIONS, Part.REVIEWS})


class PromisesAt(StrEnum):
    """Where it stands whether there is stock, what delivery costs and how goods go back."""

    ABOVE_PRICE = "above_price"
    ABOVE_BUTTONS = "above_buttons"
    BELOW_BUTTONS = "below_buttons"


class Saving(StrEnum):
    """How the saving is said, where a price may lawfully be called lowered."""

    UNSAID = "unsaid"
    MONEY = "money"
    PERCENT = "percent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """How a product's page is shown; without arguments as it is without any second version.

    parts           those that are shown, in their order
    headline_zh, _en  words above the price; both or neither
    has_was         whether the lawful price of before stands struck through
    has_unit_price  whether it says what 100 g or 100 ml cost, where the catalogue says how much there is
    """

    parts: tuple[Part, ...] = USUAL_PARTS
    promises: PromisesAt = PromisesAt.ABOVE_BUTTONS
    headline_zh: str = ""
    headline_en: str = ""
    has_was: bool = True
    saving: Saving = Saving.UNSAID
    has_unit_price: bool = False

    def headline(self, language: str) -> str:
        """The words above the price in a language; empty if there are none."""
        return self.headline_en if language.startswith("en") else self.headline_zh

    def checked(self) -> Version:
        """The version itself.

        refuses  PageUnfit with the field: a part twice or one left out that may not be, a headline in one language or
                 too long, or nothing that would be another than it is
        """
        headlines = (self.headline_zh.strip(), self.headline_en.strip())
        wrong = {
            "parts": len(set(self.parts)) != len(self.parts) or not set(self.parts) >= ALWAYS_THERE,
            "headline": any(headlines) != all(headlines) or max(map(len, headlines)) > LONGEST_HEADLINE,
            "same": self == Version(),
        }
        for field, is_wrong in wrong.items():
            if is_wrong:
                raise PageUnfit(field=field)
        return self


ORIGINAL: Final = Version()


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Whose pages: one product's by its handle, those of a category and all below it by its key, or all of the shop."""

    product: str = ""
    category: str = ""

    @property
    def breadth(self) -> int:
        """The narrower comes first: 0 one product, 1 a category, 2 all."""
        return 0 if self.product else 1 if self.category else 2


class ShownTo(StrEnum):
    """Who sees a second version."""

    TREATED = "treated"  # of a trial that is going on
    ALL = "all"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A second version as it is shown now.

    trial_id     whose treated people see it; None of one that is not tried out
    held_out_bp  of that trial, as its metric: nobody is held out of it twice
    cause        what led to it
    """

    id: UUID
    shop: str
    target: Target
    version: Version
    shown_to: ShownTo
    trial_id: UUID | None = None
    metric: str = ""
    held_out_bp: int = 0
    cause: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a visitor in a trial.

    arm           on which side they, under whichever of their ids, came in first; None if they never did
    is_elsewhere  whether another open trial of the same metric holds them out: then they are on no side of this one
    """

    arm: Arm | None = None
    is_elsewhere: bool = False


def side_of(page: Page, *, person: str, known: Known) -> Arm | None:
    """On which side of a page's trial somebody is: where they were, else where the hash of their id says; None if on
    neither, and then they see what those see who are held out.
    """
    if page.trial_id is None or known.arm is not None:
        return known.arm
    if known.is_elsewhere:
        return None
    return arm_of(salt=str(page.trial_id), person=person, held_out_bp=page.held_out_bp)


def narrowest(pages: Sequence[Page], shown_to: ShownTo) -> Page | None:
    """Of several versions that a page could be shown in, the one that was made for the fewest pages."""
    found = [page for page in pages if page.shown_to is shown_to]
    return min(found, key=lambda page: (page.target.breadth, page.id), default=None)
