"""Reading events one by one: a row for the lake, or a reason. No JSON makes this fail."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import msgspec

from zhanggui.base import clock, ids
from zhanggui.spine.sightings.rules import columns, moments, names, privacy, values
from zhanggui.spine.sightings.rules.columns import NO_CONTEXT, Arrival, Context, Goods, Sighting
from zhanggui.spine.sightings.rules.reasons import Broken, Reason, Refusal
from zhanggui.spine.sightings.rules.wire import LONGEST_EVENT_BYTES, Call, Posted

LONGEST_SAMPLE: Final = 2_000
_CALL_NAMES: Final = {
    Call.PAGE: names.PAGE,
    Call.SCREEN: names.SCREEN,
    Call.IDENTIFY: names.IDENTIFY,
    Call.GROUP: names.GROUP,
    Call.ALIAS: names.ALIAS,
}
_BY_TYPE: Final = {call.value: call for call in (Call.TRACK, *_CALL_NAMES)} | {"capture": Call.TRACK}
# Of what a client says of a person only this is kept; the rest would name somebody.
_KEPT_TRAITS: Final = ("plan", "tier", "level", "language", "country", "region", "createdAt", "created_at")
_PAGES: Final = (Call.PAGE, Call.SCREEN)
_POSTHOG_CALLS: Final = {
    "$pageview": Call.PAGE,
    "$screen": Call.SCREEN,
    "$identify": Call.IDENTIFY,
    "$create_alias": Call.ALIAS,
    "$groupidentify": Call.GROUP,
}
_ABSENT: Final = msgspec.Raw(b"")
_LONGEST_REMEMBERED_BYTES: Final = 1_000
_MOST_REMEMBERED: Final = 4_000
_MOST_SEEN: Final = 20_000
_remembered: dict[tuple[bytes, str, str], _Content] = {}
_seen: set[int] = set()
# What msgspec and Decimal say to a number of thousands of digits or with an exponent of dozens.
_UNREADABLE: Final = (msgspec.DecodeError, ArithmeticError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What became of a request's events; every one is in exactly one of the two."""

    sightings: tuple[Sighting, ...]
    refusals: tuple[Refusal, ...]


class _Event(msgspec.Struct, gc=False):
    """One event as clients of Segment, RudderStack and PostHog write it; nothing is believed yet."""

    type: Any = None
    event: Any = None
    name: Any = None
    message_id: Any = msgspec.field(default=None, name="messageId")
    uuid: Any = None
    user_id: Any = msgspec.field(default=None, name="userId")
    anonymous_id: Any = msgspec.field(default=None, name="anonymousId")
    previous_id: Any = msgspec.field(default=None, name="previousId")
    group_id: Any = msgspec.field(default=None, name="groupId")
    distinct_id: Any = None
    timestamp: Any = None
    original_timestamp: Any = msgspec.field(default=None, name="originalTimestamp")
    sent_at: Any = msgspec.field(default=None, name="sentAt")
    properties: msgspec.Raw = _ABSENT
    traits: msgspec.Raw = _ABSENT
    context: Context | None = None


class _Content(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What an event's properties say; never changed, since events with the same properties share it.

    body  what of them is kept
    """

    properties: dict[str, Any]
    goods: Goods
    body: bytes


class _Parties(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Who did it; which other id it is about, if the call is about one; the visitor id that came with a user's.

    same  the other id of the same person, if there is one
    """

    person: str
    subject: str = ""
    visitor: str = ""
    same: str = ""


_event = msgspec.json.Decoder(_Event, float_hook=Decimal)
_any = msgspec.json.Decoder(float_hook=Decimal)
_encode = msgspec.json.Encoder(decimal_format="number").encode


def read(posted: Posted, *, arrival: Arrival) -> Reading:
    """Read all events of a request."""
    sightings: list[Sighting] = []
    refusals: list[Refusal] = []
    sent_us = _sent(posted.sent_at)
    for position, event in enumerate(posted.events):
        raw = bytes(event)
        try:
            sightings.append(_read(raw, posted.call, sent_us, position, arrival))
        except Broken as wrong:
            refusals.append(refusal_of(raw, wrong.reason))
        except _UNREADABLE:
            refusals.append(refusal_of(raw, Reason.BROKEN_NUMBER))
    return Reading(sightings=tuple(sightings), refusals=tuple(refusals))


def refusal_of(raw: bytes, reason: Reason) -> Refusal:
    """What is kept of an event that cannot be read."""
    try:
        whole = _any.decode(raw)
        shown = privacy.clean({key: part for key, part in whole.items() if key not in ("context", "traits")})
        sample = _encode(shown)
    except (*_UNREADABLE, AttributeError, RecursionError):
        return Refusal(reason=reason, name="", sample="")
    name = values.text(whole.get("event") or whole.get("type"), names.LONGEST_NAME)
    return Refusal(reason=reason, name=name, sample=sample[:LONGEST_SAMPLE].decode(errors="ignore"))


def _read(raw: bytes, call: Call, sent_us: int | None, position: int, arrival: Arrival) -> Sighting:
    """One event's row.

    refuses  Broken with the reason
    """
    event = _decoded(raw)
    kind = _kind_of(event, call)
    name = _name_of(event.event) if kind is Call.TRACK else _CALL_NAMES[kind]
    content = _content(event.properties, name, arrival.shop.currency)
    properties, context = content.properties, event.context or NO_CONTEXT
    parties = _parties(event, kind, properties)
    original_us = moments.micros_of(event.original_timestamp or event.timestamp)
    if event.sent_at is not None:
        sent_us = _sent(event.sent_at) or sent_us
    if call is Call.IMPORT:
        sent_us = None
    ts_us = moments.happened_at(original_us=original_us, sent_us=sent_us, received_us=arrival.received_us)
    id = values.uuid_bytes(event.message_id) or _made_id(event, original_us, position, arrival)
    visit = columns.visit_of(context, properties, is_page=kind in _PAGES, arrival=arrival)
    return Sighting(
        id=id,
        name=name,
        ts_us=ts_us,
        received_us=arrival.received_us,
        person=parties.person,
        subject=parties.subject or content.goods.subject,
        goods=content.goods,
        visit=visit if visit.cause != id else msgspec.structs.replace(visit, cause=None),
        body=_body(event, kind, content, parties),
        visitor=parties.same,
    )


def _decoded(raw: bytes) -> _Event:
    if len(raw) > LONGEST_EVENT_BYTES:
        raise Broken(Reason.TOO_LARGE)
    try:
        return _event.decode(raw)
    except msgspec.ValidationError:
        return _event.decode(_encode(_straightened(_any.decode(raw))))


def _straightened(given: object) -> dict[str, Any]:
    """The same event without a context or page that is no JSON object.

    refuses  Broken(NOT_AN_OBJECT) if the event itself is none
    """
    if type(given) is not dict:
        raise Broken(Reason.NOT_AN_OBJECT)
    context = values.record(given.get("context"))
    return given | {"context": context | {"page": values.record(context.get("page"))}}


def _kind_of(event: _Event, call: Call) -> Call:
    """What kind of call it is: by the path, in a batch by its type; PostHog's clients say it by the event's name."""
    kind = call
    if call is Call.BATCH or call is Call.IMPORT:
        said = event.type
        found = Call.TRACK if said is None and event.event else _BY_TYPE.get(said if type(said) is str else "")
        if found is None:
            raise Broken(Reason.UNKNOWN_TYPE)
        kind = found
    return _POSTHOG_CALLS.get(event.event, kind) if type(event.event) is str else kind


def _name_of(given: object) -> str:
    said = values.text(given, names.LONGEST_NAME + 1)
    if not said:
        raise Broken(Reason.MISSING_NAME)
    if len(said) > names.LONGEST_NAME:
        raise Broken(Reason.LONG_NAME)
    name = names.name_of(said)
    if names.is_reserved(name):
        raise Broken(Reason.RESERVED_NAME)
    return name


def _content(given: msgspec.Raw, name: str, currency: str) -> _Content:
    """What the properties say.

    refuses  Broken(BROKEN_PROPERTIES, TOO_DEEP)
    """
    raw = bytes(given)
    if len(raw) > _LONGEST_REMEMBERED_BYTES:
        return _content_of(raw, name, currency)
    key = (raw, name, currency)
    found = _remembered.get(key)
    return found if found is not None else _remember(key)


def _remember(key: tuple[bytes, str, str]) -> _Content:
    """Work it out, and keep it if it came before: pages show the same product again and again, carts do not."""
    content = _content_of(*key)
    mark = hash(key)
    if mark not in _seen:
        if len(_seen) >= _MOST_SEEN:
            _seen.clear()
        _seen.add(mark)
        return content
    if len(_remembered) >= _MOST_REMEMBERED:
        _remembered.clear()
    _remembered[key] = content
    return content


def _content_of(raw: bytes, name: str, currency: str) -> _Content:
    properties = _object(raw)
    body = raw if properties else b"{}"
    if privacy.needs_cleaning(body, properties):
        if privacy.is_too_deep(properties):
            raise Broken(Reason.TOO_DEEP)
        body = _encode(privacy.clean(properties))
    goods = columns.NO_GOODS if name in (names.PAGE, names.SCREEN) else columns.goods_of(name, properties, currency)
    return _Content(properties=properties, goods=goods, body=body)


def _object(raw: bytes | msgspec.Raw) -> dict[str, Any]:
    """Properties or traits; missing, null and an empty list (as PHP writes an empty object) count as empty.

    refuses  Broken(BROKEN_PROPERTIES)
    """
    given = _any.decode(raw) if bytes(raw) else None
    if type(given) is dict:
        return given
    if given is None or given == []:
        return {}
    raise Broken(Reason.BROKEN_PROPERTIES)


def _sent(value: object) -> int | None:
    """When the client says it sent; a broken one only means that its clock is not corrected."""
    try:
        return moments.micros_of(value)
    except Broken:
        return None


def _made_id(event: _Event, original_us: int | None, position: int, arrival: Arrival) -> bytes:
    """An id for an event whose messageId is no UUID: always the same one for the same messageId.

    Without a messageId it is new, for a second sending cannot be told from a second event.
    """
    message_id = values.text(event.message_id or event.uuid, 400)
    if message_id and message_id not in values.NOBODY:
        return values.event_id(message_id, shop=arrival.shop.code, original_us=original_us)
    return ids.uuid7_of(clock.from_micros(arrival.received_us), f"{arrival.nonce}/{position}").bytes


def _parties(event: _Event, kind: Call, properties: dict[str, Any]) -> _Parties:
    """Who did it and, where the call says that two ids are one person or one belongs to a group, which other.

    refuses  Broken(NO_IDENTITY)
    """
    user = values.identity(event.user_id)
    visitor = values.identity(event.anonymous_id or properties.get("$anon_distinct_id"))
    person = user or values.identity(event.distinct_id or properties.get("distinct_id")) or visitor
    other = visitor if visitor != person else ""
    if kind is Call.TRACK or kind in _PAGES:
        return _Parties(person=person, visitor=other, same=other)
    if kind is Call.GROUP:
        noun, other = "group", values.identity(event.group_id or properties.get("$group_key"))
    elif kind is Call.ALIAS:
        noun, other = "visitor", values.identity(event.previous_id or properties.get("alias"))
    else:
        noun = "visitor"
    if not person or (not other and kind is not Call.IDENTIFY):
        raise Broken(Reason.NO_IDENTITY)
    same = other if noun == "visitor" else ""
    return _Parties(person=person, subject=f"{noun}:{other}" if other else "", same=same)


def _body(event: _Event, kind: Call, content: _Content, parties: _Parties) -> bytes:
    """The properties as they came, if nothing in them must be left out; of traits only what names nobody."""
    if kind is Call.TRACK:
        return _joined("anonymous_id", parties.visitor, content.body) if parties.visitor else content.body
    if kind in _PAGES:
        title = values.text(event.name, 200) if "name" not in content.properties else ""
        return _joined("anonymous_id", parties.visitor, _joined("name", title, content.body))
    if kind is Call.ALIAS:
        return b"{}"
    traits = _object(event.traits) or values.record(event.context and event.context.traits)
    kept = {key: traits[key] for key in _KEPT_TRAITS if isinstance(traits.get(key), str | int | Decimal)}
    return _encode(privacy.clean(kept))


def _joined(key: str, value: str, body: bytes) -> bytes:
    """A JSON object with another field, if there is anything to say in it."""
    if not value:
        return body
    first = _encode({key: value})
    return first if body == b"{}" else first[:-1] + b"," + body[1:]
