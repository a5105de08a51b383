"""Whether a message may leave, and when: never at night, never too often, never without consent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from zhanggui.base.outbox.rules import Channel
from zhanggui.growth.messages.errors import TermsUnfit
from zhanggui.growth.messages.rules.standing import Reason

MOST_MESSAGES: Final = 50
MOST_DAYS: Final = 90
MOST_COST_MINOR: Final = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How a shop sends.

    quiet_from, quiet_until  local times between which nothing leaves; the same twice: never quiet
    most_messages, per_days  one person gets no more than so many in so many days, over all steps
    mail_minor, sms_minor    what one message costs, in minor units of the shop's currency; a text message that is too
                             long for one is several
    """

    quiet_from: time = time(21, 0)
    quiet_until: time = time(9, 0)
    most_messages: int = 2
    per_days: int = 7
    mail_minor: int = 0
    sms_minor: int = 5

    def checked(self) -> Terms:
        """The terms themselves.

        refuses  TermsUnfit with the field that is out of its bounds
        """
        bounds = {
            "most_messages": (1, MOST_MESSAGES),
            "per_days": (1, MOST_DAYS),
            "mail_minor": (0, MOST_COST_MINOR),
            "sms_minor": (0, MOST_COST_MINOR),
        }
        for field, (least, most) in bounds.items():
            if not least <= getattr(self, field) <= most:
                raise TermsUnfit(field=field)
        return self

    def cost_minor(self, channel: Channel, *, segments: int = 1) -> int:
        """What a message costs: a text message as often as the carrier counts it.

        source  5 fen a text message: 70 Chinese signs cost 5 fen, 71 are two and cost 10
        """
        return self.mail_minor if channel is Channel.EMAIL else self.sms_minor * segments

    @property
    def window(self) -> timedelta:
        """The time over which messages to one person are counted."""
        return timedelta(days=self.per_days)


def allowed_at(at: datetime, *, terms: Terms, zone: ZoneInfo) -> datetime:
    """The first moment from one on at which a message may leave; in the zone in which the moment was given.

    source  quiet 21:00-09:00 in Shanghai: 23:10 -> 9:00 the next morning, 08:59 -> 9:00, 12:00 -> at once;
            quiet 01:00-03:00 in Berlin on 2026-03-29, where 02:00 is skipped: 01:30 -> 03:00, half an hour later
    """
    there = at.astimezone(zone)
    if not _is_quiet(there.time(), terms=terms):
        return at
    is_over_midnight = terms.quiet_from > terms.quiet_until
    later = is_over_midnight and there.time() >= terms.quiet_from
    day = there.date() + timedelta(days=1 if later else 0)
    over = datetime.combine(day, terms.quiet_until, zone).astimezone(at.tzinfo)
    # Where clocks go back an hour comes twice, and the quiet time ends in the second one for who is in it.
    return over if over >= at else datetime.combine(day, terms.quiet_until.replace(fold=1), zone).astimezone(at.tzinfo)


def leaves_at(sent: Sequence[datetime], *, at: datetime, terms: Terms, zone: ZoneInfo) -> datetime:
    """The first moment from one on at which somebody may get a message: not too many lately, and never at night.

    sent    when they got those of the time that counts, in any order
    source  2 in 7 days, sent on the 1st and the 3rd at noon: the next leaves on the 8th at noon; were it 22:00 then, on
            the 9th at 9:00
    """
    lately = sorted(moment for moment in sent if moment > at - terms.window)
    over = len(lately) - terms.most_messages
    return allowed_at(at if over < 0 else lately[over] + terms.window, terms=terms, zone=zone)


def refusal(*, has_account: bool, address: str, agrees: bool) -> Reason | None:
    """Why somebody cannot be written to on a channel; None if they can. The first that holds."""
    if not has_account:
        return Reason.NO_ACCOUNT
    if not address:
        return Reason.NO_ADDRESS
    return None if agrees else Reason.NO_CONSENT


def _is_quiet(clock_time: time, *, terms: Terms) -> bool:
    if terms.quiet_from <= terms.quiet_until:
        return terms.quiet_from <= clock_time < terms.quiet_until
    return clock_time >= terms.quiet_from or clock_time < terms.quiet_until
