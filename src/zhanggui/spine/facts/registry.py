"""The register of facts: wire name, version, upcasters, and the way to and from JSON.

A fact's fields are only ever added, with a default. A changed meaning is a new version with an upcaster:

    @upcaster("shop.order_placed", since=1)
    def _one_currency_per_order(body: Body) -> Body:
        return body | {"currency": body.pop("money_code")}
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast, dataclass_transform

import msgspec

from zhanggui.base.errors import Refused
from zhanggui.spine import envelope

Body = dict[str, Any]
T = TypeVar("T")

_NAME = re.compile(r"^[a-z]+\.[a-z]+(_[a-z]+)*$")


class UnknownFact(Refused):
    """No fact of that name is registered, or none as new as that version."""

    name: str
    version: int


class BodyBroken(Refused):
    """A body does not have the shape that its fact's name and version promise."""

    name: str
    version: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the register keeps of a fact.

    lifted  the body fields that become columns
    """

    name: str
    version: int
    shape: type
    lifted: tuple[str, ...]
    has_lines: bool


_by_name: dict[str, Entry] = {}
_by_shape: dict[type, Entry] = {}
_upcasters: dict[tuple[str, int], Callable[[Body], Body]] = {}


@dataclass_transform(frozen_default=True, kw_only_default=True)
def fact(*, name: str, version: int = 1) -> Callable[[type[T]], type[T]]:
    """Register a class as a fact: it becomes a frozen dataclass with a wire name.

    name     `room.past_tense`, never changed once told
    version  grows when a field's meaning changes; the old one needs an `upcaster`
    """
    if not _NAME.match(name):
        raise ValueError(f"a fact is named room.past_tense, not {name!r}")

    def register(cls: type[T]) -> type[T]:
        if name in _by_name:
            raise ValueError(f"{name} is registered already, as {_by_name[name].shape.__qualname__}")
        if not (cls.__doc__ or "").strip():
            raise ValueError(f"{name} must say in its docstring when it is told and when not")
        shape = dataclass(frozen=True, slots=True, kw_only=True)(cls)
        fields = tuple(field.name for field in dataclasses.fields(cast(Any, shape)))
        lifted = tuple(column for column in envelope.LIFTED if column in fields)
        entry = Entry(name=name, version=version, shape=shape, lifted=lifted, has_lines="lines" in fields)
        _by_name[name] = _by_shape[shape] = entry
        return shape

    return register


def upcaster(name: str, *, since: int) -> Callable[[Callable[[Body], Body]], Callable[[Body], Body]]:
    """Register the way from a body of version `since` to the next version."""

    def register(change: Callable[[Body], Body]) -> Callable[[Body], Body]:
        if (name, since) in _upcasters:
            raise ValueError(f"{name} has an upcaster from version {since} already")
        _upcasters[name, since] = change
        return change

    return register


def entry_of(told: object) -> Entry:
    """The register's entry of a fact in hand.

    refuses  UnknownFact if its class is not registered
    """
    entry = _by_shape.get(type(told))
    if entry is None:
        raise UnknownFact(name=type(told).__qualname__, version=0)
    return entry


def entry_named(name: str) -> Entry:
    """The register's entry of a wire name.

    refuses  UnknownFact
    """
    entry = _by_name.get(name)
    if entry is None:
        raise UnknownFact(name=name, version=0)
    return entry


def entries() -> tuple[Entry, ...]:
    """All facts, by wire name."""
    return tuple(_by_name[name] for name in sorted(_by_name))


def is_fact(name: str) -> bool:
    """Whether a name in the lake is a fact's; sightings have names such as `Product Viewed`."""
    return name in _by_name


def encode(told: object) -> bytes:
    """A fact's body as JSON."""
    return msgspec.json.encode(told)


def upcast(name: str, version: int, body: Body) -> Body:
    """A body told as an older version, in today's words.

    refuses  UnknownFact if it is newer than this program, BodyBroken if the way up is missing
    """
    entry = entry_named(name)
    if version > entry.version:
        raise UnknownFact(name=name, version=version)
    for since in range(version, entry.version):
        change = _upcasters.get((name, since))
        if change is None:
            raise BodyBroken(name=name, version=version, reason=f"no upcaster from version {since}")
        body = change(dict(body))
    return body


def decode(name: str, version: int, body: bytes) -> object:
    """The fact that a stored body tells, brought up to today's version.

    refuses  UnknownFact, BodyBroken
    """
    entry = entry_named(name)
    try:
        if version == entry.version:
            return msgspec.json.decode(body, type=entry.shape)
        return msgspec.convert(upcast(name, version, msgspec.json.decode(body)), type=entry.shape)
    except (msgspec.DecodeError, msgspec.ValidationError) as wrong:
        raise BodyBroken(name=name, version=version, reason=str(wrong)) from wrong
