"""What a failure says."""

from __future__ import annotations


def reason_of(error: str) -> str:
    """What went wrong, from a traceback: the line below the last frame; a database draws more lines below its own."""
    frames = error.strip().split('\n  File "')
    below = frames[-1].splitlines()[1:] if len(frames) > 1 else frames[0].splitlines()
    return next((line for line in below if not line.startswith(" ")), "")
