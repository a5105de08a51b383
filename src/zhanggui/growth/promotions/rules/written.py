"""Promotions as they are written down: what they look at and whom they are for, to JSON and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from zhanggui.growth.promotions.errors import TermsNotAllowed
from zhanggui.growth.promotions.rules.values import Audience, Target

_TARGET: Final = ("skus", "products", "categories", "tags", "sellers", "but_skus", "but_categories")
_AUDIENCE: Final = ("tiers", "segments")


def target(said: Mapping[str, Any]) -> Target:
    """What a promotion looks at; what is not said stays empty.

    refuses  TermsNotAllowed for a name it does not know or a value that is no list of words
    """
    return Target(**_sets(said, _TARGET, kind="target"))


def target_json(value: Target) -> dict[str, list[str]]:
    """A target as it is kept: only what names something, in the order of the alphabet."""
    return {name: sorted(getattr(value, name)) for name in _TARGET if getattr(value, name)}


def audience(said: Mapping[str, Any]) -> Audience:
    """Whom a promotion is for.

    refuses  TermsNotAllowed as `target`
    """
    only = said.get("is_signed_in_only", False)
    if not isinstance(only, bool):
        raise TermsNotAllowed(kind="audience", field="is_signed_in_only")
    words = {name: value for name, value in said.items() if name != "is_signed_in_only"}
    return Audience(**_sets(words, _AUDIENCE, kind="audience"), is_signed_in_only=only)


def audience_json(value: Audience) -> dict[str, Any]:
    """An audience as it is kept."""
    kept: dict[str, Any] = {name: sorted(getattr(value, name)) for name in _AUDIENCE if getattr(value, name)}
    return kept | ({"is_signed_in_only": True} if value.is_signed_in_only else {})


def _sets(said: Mapping[str, Any], names: Iterable[str], *, kind: str) -> dict[str, frozenset[str]]:
    known = frozenset(names)
    for name, value in said.items():
        if (
            name not in known
            or not isinstance(value, list)
            or not all(isinstance(word, str) and word for word in value)
        ):
            raise TermsNotAllowed(kind=kind, field=name)
    return {name: frozenset(value) for name, value in said.items()}
