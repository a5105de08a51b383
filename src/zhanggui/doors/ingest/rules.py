"""A request and its answer as values, and what can be said about them without asking anybody."""

from __future__ import annotations

import base64
import binascii
import zlib
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, urlsplit

import msgspec

from zhanggui.base.errors import Refused, Unreachable
from zhanggui.doors.ingest import errors
from zhanggui.insight.lake import errors as lake
from zhanggui.spine.sightings import errors as sightings
from zhanggui.spine.sightings.rules.wire import LONGEST_REQUEST_BYTES, Call, Posted

PIXEL_PATH: Final = "/v1/pixel.gif"
PIXEL: Final = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
JSON: Final = "application/json"
_GZIP: Final = b"\x1f\x8b"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the door needs to know of a request; headers as they came, empty if they did not.

    address  of the network, to count by; never kept
    """

    call: Call
    body: bytes
    address: str
    authorization: str = ""
    host: str = ""
    origin: str = ""
    referrer: str = ""
    fetch_site: str = ""
    user_agent: str = ""

    @property
    def is_same_origin(self) -> bool:
        """Whether a page of this very host sent it, as far as browsers say so."""
        if self.fetch_site:
            return self.fetch_site == "same-origin"
        return bool(self.host) and _host_of(self.origin or self.referrer) == self.host.lower()

    @property
    def is_from_browser(self) -> bool:
        """Whether the user agent is the visitor's, and not that of a shop's server."""
        return self.user_agent.startswith("Mozilla/") or self.is_same_origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who sends, before it is known whether they may: a write key, or our own pages of a shop."""

    key: str = ""
    shop: str = ""

    @property
    def name(self) -> str:
        """What the sender is counted by."""
        return self.key or f"shop/{self.shop}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a client gets.

    retry_after  seconds; 0 if it need not come again
    """

    status: int
    body: bytes
    content_type: str = JSON
    retry_after: int = 0

    def headers(self) -> list[tuple[str, str]]:
        """Every page may read the answer, since it says nothing about anybody; no answer is ever kept."""
        always = [
            ("content-type", self.content_type),
            ("cache-control", "no-store"),
            ("access-control-allow-origin", "*"),
        ]
        return [*always, ("retry-after", str(self.retry_after))] if self.retry_after else always


ACCEPTED: Final = Answer(status=200, body=b'{"success":true}')
SEEN: Final = Answer(status=200, body=PIXEL, content_type="image/gif")


def refusal(status: int, code: str, message: str, *, retry_after: int = 0) -> Answer:
    """An answer in the form that every client understands: without `code` and `message` some try ten times more."""
    body = msgspec.json.encode({"code": code, "message": message, "detail": message})
    return Answer(status=status, body=body, retry_after=retry_after)


NOT_FOUND: Final = refusal(404, "not_found", "Events are sent to /v1/batch, /v1/track and their like; see send-events.")
ONLY_POST: Final = refusal(405, "only_post", "Events are sent with POST.")

_CODES: Final[dict[type[Refused | Unreachable], tuple[int, str]]] = {
    sightings.NotJson: (400, "bad_json"),
    sightings.TooDeep: (400, "too_deep"),
    sightings.TooManyEvents: (400, "too_many_events"),
    errors.TooLarge: (400, "too_large"),
    errors.BrokenGzip: (400, "broken_gzip"),
    errors.KeyMissing: (401, "missing_key"),
    errors.KeyUnknown: (401, "unknown_key"),
    errors.TooOften: (429, "too_often"),
    errors.TooMuchWaiting: (429, "busy"),
    errors.DatabaseGone: (503, "database_gone"),
    errors.KeeperBroken: (503, "not_kept"),
    lake.LakeFull: (503, "disk_full"),
    lake.LakeUnwritable: (503, "lake_unwritable"),
}
_COME_AGAIN_SECONDS: Final = 5


def answer_to(error: Refused | Unreachable) -> Answer:
    """A refusal or failure as the client gets it."""
    status, code = _CODES.get(type(error), (503, "unreachable") if isinstance(error, Unreachable) else (400, "refused"))
    retry_after = error.data.get("wait_seconds", _COME_AGAIN_SECONDS if status == 503 else 0)
    return refusal(status, code, (type(error).__doc__ or code).strip().splitlines()[0], retry_after=retry_after)


def unpacked(body: bytes) -> bytes:
    """The body without gzip, which is known by its first bytes: one client sends it under another name.

    refuses  TooLarge before more than that is unpacked, BrokenGzip
    """
    if not body.startswith(_GZIP):
        if len(body) > LONGEST_REQUEST_BYTES:
            raise errors.TooLarge(most_bytes=LONGEST_REQUEST_BYTES)
        return body
    whole, left = b"", body
    while left:
        member = zlib.decompressobj(wbits=31)
        try:
            whole += member.decompress(left, LONGEST_REQUEST_BYTES + 1 - len(whole))
        except zlib.error as wrong:
            raise errors.BrokenGzip from wrong
        if len(whole) > LONGEST_REQUEST_BYTES:
            raise errors.TooLarge(most_bytes=LONGEST_REQUEST_BYTES)
        if not member.eof:
            raise errors.BrokenGzip
        left = member.unused_data
    return whole


def sender_of(posted: Posted, asked: Asked) -> Sender:
    """Who sends: by Basic authentication, else by the key in the body, else our own pages by their shop.

    refuses  KeyMissing
    """
    if key := _basic_user(asked.authorization) or posted.key:
        return Sender(key=key)
    if posted.shop and asked.is_same_origin:
        return Sender(shop=posted.shop)
    raise errors.KeyMissing


def body_of_pixel(query: str) -> bytes:
    """The page view that a page without JavaScript tells by asking for a picture."""
    given = {name: values[0] for name, values in parse_qs(query[:4000], max_num_fields=50).items()}
    event = {
        "shop": given.get("shop"),
        "messageId": given.get("view"),
        "anonymousId": given.get("visitor"),
        "context": {
            "sessionId": given.get("session"),
            "cause": given.get("prev"),
            "page": {"path": given.get("page")},
            "origin": {"channel": given.get("channel"), "campaign": given.get("campaign")},
        },
    }
    return msgspec.json.encode(event)


def wants_no_trace(*, gpc: str, dnt: str) -> bool:
    """Whether the browser asks not to be tracked."""
    return gpc.strip() == "1" or dnt.strip() == "1"


def _basic_user(authorization: str) -> str:
    kind, _, packed = authorization.partition(" ")
    if kind.lower() != "basic":
        return ""
    try:
        return base64.b64decode(packed.strip(), validate=True).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _host_of(url: str) -> str:
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""
