"""What insight tells of who is who: ids only."""

from __future__ import annotations

from zhanggui.spine.facts.registry import fact


@fact(name="insight.identity_merged")
class IdentityMerged:
    """An id and a person turned out to be the same: what was done under the one counts for the other from now on.

    how  identify, alias, signed_in or by_hand
    Told once per pair, and not for ids that broken clients send for nobody.
    """

    alias: str
    person: str
    how: str


@fact(name="insight.identity_parted")
class IdentityParted:
    """An operator said that an id and a person are not the same after all. The pair is not merged again by itself."""

    alias: str
    person: str
