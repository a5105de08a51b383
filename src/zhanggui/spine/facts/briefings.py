"""What briefings tell."""

from __future__ import annotations

from zhanggui.spine.facts.registry import fact


@fact(name="steer.briefing_published")
class BriefingPublished:
    """A person put a review's name to it: its figures never change any more, and what was decided in it is carried out.

    Not told when a draft is written, worded anew or decided on.

    kind                day, week, month, year or funnel
    starts_on, ends_on  the days it is about, as YYYY-MM-DD, both included
    digest              of the document, so that whoever has a copy can tell whether it is the same
    findings            how many it states
    effects             ids of the plays whose measured effect it quotes
    """

    briefing_id: str
    kind: str
    starts_on: str
    ends_on: str
    digest: str
    findings: int
    effects: tuple[str, ...] = ()
