"""What a request holds, before anything is known of its sender: whose key, sent when, which events."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

import msgspec

from zhanggui.spine.sightings.errors import NotJson, TooDeep, TooManyEvents
from zhanggui.spine.sightings.rules.values import text

LONGEST_REQUEST_BYTES: Final = 4_000_000
LONGEST_EVENT_BYTES: Final = 32_768
MOST_EVENTS: Final = 2_500
# Where msgspec gives up, more or less; the depth of one event is looked at later.
DEEPEST_REQUEST: Final = 1_000


class Call(Enum):
    """What a request asks for; a batch names the kind event by event."""

    TRACK = "track"
    PAGE = "page"
    SCREEN = "screen"
    IDENTIFY = "identify"
    GROUP = "group"
    ALIAS = "alias"
    BATCH = "batch"
    IMPORT = "import"


CALLS: Final = {
    **{f"/v1/{call.value}": call for call in Call},
    **{f"/v1/{call.value[0]}": call for call in Call if call not in (Call.BATCH, Call.IMPORT)},
    "/batch/": Call.BATCH,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A request, taken apart as far as its sender can be known.

    key         the write key in the body, empty if there is none
    shop        the shop it says it comes from, as our own pages do
    sent_at     when the client sent it, as it wrote that; may be missing
    events      each event's JSON, unread; a request that holds none is its own only event
    size_bytes  of all of it
    """

    call: Call
    key: str
    shop: str
    sent_at: object
    events: tuple[bytes | msgspec.Raw, ...]
    size_bytes: int


class _Outer(msgspec.Struct, gc=False):
    writeKey: Any = None  # noqa: N815 (the clients' name)
    write_key: Any = None
    api_key: Any = None
    token: Any = None
    shop: Any = None
    sentAt: Any = None  # noqa: N815
    sent_at: Any = None
    batch: list[msgspec.Raw] | None = None


_outer = msgspec.json.Decoder(_Outer)
_list = msgspec.json.Decoder(list[msgspec.Raw])
_KEYS = tuple(name for name in _Outer.__struct_fields__ if name != "batch")
# A whole pair, or half of one, or any other escape.
_ESCAPE = re.compile(rb"(?i)\\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}|(\\ud[89a-f][0-9a-f]{2})|\\.")


def open_post(body: bytes, *, call: Call) -> Posted:
    """Take a request apart.

    refuses  NotJson, TooDeep, TooManyEvents
    """
    try:
        if not body.isascii():
            body.decode()
        return _open(body, call)
    except RecursionError as deep:
        raise TooDeep(most=DEEPEST_REQUEST) from deep
    except UnicodeDecodeError as wrong:
        raise NotJson(detail=str(wrong)) from wrong
    except msgspec.DecodeError as wrong:
        return _open_mended(body, call, wrong)


def _open_mended(body: bytes, call: Call, wrong: msgspec.DecodeError) -> Posted:
    """Once more, with U+FFFD for halves of surrogate pairs, which browsers write for an emoji that was cut.

    refuses  NotJson if that was not what is wrong with it
    """
    try:
        return _open(_ESCAPE.sub(lambda found: rb"\ufffd" if found[1] else found[0], body), call)
    except msgspec.DecodeError:
        raise NotJson(detail=str(wrong)) from wrong


def _open(body: bytes, call: Call) -> Posted:
    first = body.lstrip()[:1]
    if first == b"[":
        return _posted(_Outer(batch=_list.decode(body)), body, call)
    if first != b"{":
        msgspec.json.decode(body)
        return _posted(_Outer(), body, call)
    try:
        return _posted(_outer.decode(body), body, call)
    except msgspec.ValidationError:
        whole = msgspec.json.decode(body)
        return _posted(_Outer(**{name: whole.get(name) for name in _KEYS}), body, call)


def _posted(outer: _Outer, body: bytes, call: Call) -> Posted:
    is_batch = call in (Call.BATCH, Call.IMPORT) and outer.batch is not None
    events = tuple(outer.batch or ()) if is_batch else (body,)
    if len(events) > MOST_EVENTS:
        raise TooManyEvents(events=len(events), most=MOST_EVENTS)
    return Posted(
        call=call,
        key=text(outer.writeKey or outer.write_key or outer.api_key or outer.token, 120),
        shop=text(outer.shop, 40),
        sent_at=outer.sentAt or outer.sent_at,
        events=events,
        size_bytes=len(body),
    )
