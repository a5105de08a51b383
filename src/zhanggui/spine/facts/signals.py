"""What the signals tell."""

from __future__ import annotations

from zhanggui.spine.facts.registry import fact


@fact(name="steer.signal_raised")
class SignalRaised:
    """Something is going wrong, or could be won, and it is worth a person's look. Told once each time a signal opens.

    Not told while a signal of the same kind and subject stands: that one grows. Not told of what is too small or too
    unsure for its kind, nor of what was called not useful and has not grown since.

    kind, subject                        what is the matter, and with what
    day                                  business day on which it was found, as YYYY-MM-DD
    low_minor, expected_minor, high_minor  money at stake or to be won, with its interval
    confidence_bp                        how sure it is that this is no chance, of 10,000
    move, metric                         the one play that is proposed, and what it is meant to move
    page, evidence                       route and query of the console's page of what is behind it
    """

    kind: str
    subject: str
    day: str
    low_minor: int
    expected_minor: int
    high_minor: int
    currency: str
    confidence_bp: int
    move: str
    metric: str
    page: str
    evidence: str
