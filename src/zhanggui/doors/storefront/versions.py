"""In which version a visitor sees a product's page: chosen by the server, before anything is made, so nothing flickers.

As long as no second version is tried out on that page no statement is sent more: whether that is still so is asked in
the one that is sent anyway. While one is tried out, one statement asks for the visitor's side, together with who is
signed in; who comes for the first time is told of by two more, once.
Robots, and people whose browser wants no trace, see the page as everybody else does and are in no trial.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from zhanggui.base.database import together
from zhanggui.base.database.together import Question
from zhanggui.doors.storefront.visit import ShopRequest
from zhanggui.growth.experiments import actions
from zhanggui.growth.experiments import queries as experiments
from zhanggui.growth.experiments.rules import ORIGINAL, Arm, Page, Version, side_of
from zhanggui.spine.sightings.rules import visits

PREVIEW: Final = "preview"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a visitor sees.

    key         names the version in a cache; None of the page as it is
    is_preview  whether an operator looks at it: it is not kept, and nobody is counted
    meets       the version that is tried out on them for the first time, whichever side they are on
    """

    version: Version = ORIGINAL
    key: UUID | None = None
    is_preview: bool = False
    meets: Page | None = None


def shown_to(request: ShopRequest, sku: str) -> Shown:
    """In which version whoever asks sees the page of a SKU. At most one statement, and none if nothing is tried out."""
    said = request.GET.get(PREVIEW, "")
    if said and (previewed := experiments.previewed(said)):
        return Shown(version=previewed, is_preview=True)
    visit = request.visit
    tried, usual = experiments.tried(visit.shop.code, sku), experiments.usual(visit.shop.code, sku)
    if tried is None or not visit.is_traced or visit.device == visits.BOT:
        return _of(usual)
    who = visit.asked.question()
    sides = experiments.known_asked(tried, visit.asked.persons(beside=visit.browser))
    known, *shopper = together.ask(sides, *([who] if who else []))
    for found in shopper:
        visit.asked.tell(found)
    arm = side_of(tried, person=visit.visitor, known=known)
    is_new = arm is not None and known.arm is None and _is_looked_at(request)
    return _of(tried if arm is Arm.TREATED else usual, meets=tried if is_new else None)


def standing(request: ShopRequest) -> tuple[Question[str], str]:
    """Whether what this process knows of versions still holds: a question to go along, and the answer if it does."""
    shop = request.visit.shop.code
    return experiments.edition_asked(shop), experiments.standing.edition(shop)


def learn(request: ShopRequest) -> None:
    """Ask which versions are shown now. One statement."""
    experiments.standing.hear(request.visit.shop.code)


def met(request: ShopRequest, shown: Shown) -> None:
    """The page was shown: whoever met a trial by it for the first time is in it from now on."""
    if shown.meets and shown.meets.trial_id:
        visit = request.visit
        actions.expose(
            trial_id=shown.meets.trial_id,
            person=visit.visitor,
            held_out_bp=shown.meets.held_out_bp,
            trail=replace(visit.trail(), cause=shown.meets.cause),
            by=visit.by,
        )


def _of(page: Page | None, *, meets: Page | None = None) -> Shown:
    return Shown(version=page.version, key=page.id, meets=meets) if page else Shown(meets=meets)


def _is_looked_at(request: ShopRequest) -> bool:
    """Whether a person sees the answer: not one that only asks for its head, or fetches it in case it is opened."""
    purpose = request.META.get("HTTP_SEC_PURPOSE", "") or request.META.get("HTTP_PURPOSE", "")
    return request.method == "GET" and "prefetch" not in purpose
