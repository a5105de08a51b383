"""A return as the console shows it: its row in the queue, its clock, its findings, its code."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import segno
from django.utils.safestring import SafeString, mark_safe

from zhanggui.base.shops.rules import Law
from zhanggui.doors.console import return_words as words
from zhanggui.doors.console.scope import Query
from zhanggui.shop.returns import rules
from zhanggui.shop.returns.rules import Clock, Finding, Return, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A return and how it stands at a moment, in a shop that keeps that law."""

    found: Return
    at: datetime
    law: Law

    @property
    def state(self) -> str:
        """How it stands."""
        return str(words.STATES[self.found.state])

    @property
    def reason(self) -> str:
        """Why it comes back."""
        return str(words.REASONS[self.found.reason])

    @property
    def is_fault(self) -> bool:
        """Whether the reason lies with us."""
        return rules.is_fault(self.found.reason)

    @property
    def clock(self) -> Clock | None:
        """How much time is left for the money; None while it does not run."""
        return rules.refund_clock(self.found, law=self.law, at=self.at)

    @property
    def left(self) -> str:
        """The time that is left, in words."""
        return words.left(self.clock) if self.clock else ""


def rows_of(found: Iterable[Return], *, at: datetime, law: Law) -> list[Row]:
    """The rows of the queue."""
    return [Row(found=one, at=at, law=law) for one in found]


def findings_of(said: Query, found: Return) -> tuple[Finding, ...]:
    """What the form of an inspection says about each piece; a strange verdict is none."""
    return tuple(
        Finding(
            piece=piece.number,
            verdict=_verdict(said.get(f"verdict{piece.number}", "")),
            found=said.get(f"found{piece.number}", "")[: rules.LONGEST_WORDS],
        )
        for piece in found.pieces
    )


def drawn(text: str) -> SafeString:
    """A QR code as an inline picture."""
    svg = segno.make(text, error="m", micro=False).svg_inline(border=3, light="#ffffff", omitsize=True, svgclass="code")
    return mark_safe(svg)  # noqa: S308 -- drawn by us, squares only


def _verdict(said: str) -> Verdict:
    return Verdict(said) if said in tuple(Verdict) else Verdict.NONE
