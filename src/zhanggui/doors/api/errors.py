"""Refusals of the door itself."""

from __future__ import annotations

from zhanggui.base.errors import Refused


class NotKnown(Refused):
    """The call says not who makes it, or says it with a token or key that opens nothing."""


class SignInNeeded(Refused):
    """That belongs to an account: somebody has to be signed in."""


class RightMissing(Refused):
    """The key does not carry that right."""

    right: str


class TooOften(Refused):
    """So many calls came that the next has to wait.

    wait_seconds  until the next one
    """

    wait_seconds: int


class KeyMissing(Refused):
    """A call that changes something carries a key of its own, so that it can be made again."""

    header: str


class KeyMisused(Refused):
    """The key was used before, for another call."""

    key: str


class StillRunning(Refused):
    """The same call is being worked on just now."""

    key: str


class TooLarge(Refused):
    """The body of a call is larger than anything that makes sense here."""

    most_bytes: int


class NotJson(Refused):
    """The body of a call is not JSON."""


class NotMultipart(Refused):
    """The body of a call is no form with a file in it."""


class PictureUnknown(Refused):
    """A picture goes along by what its upload was answered with, for the same purpose and the same shopper.

    place  which of them, from 1
    """

    place: int


class HandleUnreadable(Refused):
    """That is neither a phone number nor a mail address. Numbers outside China begin with +."""


class NotAgreed(Refused):
    """Nobody signs in who has not agreed to the terms and the privacy policy."""


class CodeWrong(Refused):
    """That is not the code that was sent."""


class CodeEnded(Refused):
    """The code was used, ran out, was guessed at too often, or was sent to somebody else."""


class NoSuchPicture(Refused):
    """There is no such picture for whoever asks."""

    digest: str


class CursorNotAllowed(Refused):
    """A place in a list is taken from the answer before; this one is not."""

    cursor: str


class ReturnNotAllowed(Refused):
    """A shopper is sent back from paying only to this shop, or to a page that is allowed to call it."""

    return_to: str


class NothingThere(Refused):
    """There is nothing at that address."""

    path: str


class WrongMethod(Refused):
    """That cannot be done at this address.

    allowed  what can
    """

    allowed: str
