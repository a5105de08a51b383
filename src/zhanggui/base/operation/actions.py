"""The decorator that makes a function an operation."""

from __future__ import annotations

import functools
import hashlib
import inspect
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar, cast, get_type_hints

import msgspec
from django.db import connection, transaction

from zhanggui.base import clock
from zhanggui.base.database import together
from zhanggui.base.operation.errors import KeyReused
from zhanggui.base.operation.models import Key

# Which page view led here is no part of what is asked: the same form sent from a second tab is the same wish.
_NOT_ASKED = frozenset({"trail"})

P = ParamSpec("P")
R = TypeVar("R")

# Whether a verb runs already in this thread.
_running: ContextVar[bool] = ContextVar("zhanggui_operation_running", default=False)

# Waits for a transaction that holds the same key, then finds its row: an insert that conflicts returns nothing.
_CLAIM = """
insert into base_operation_key (operation, key, asked_digest, at) values (%s, %s, %s, %s)
on conflict on constraint base_operation_key_once do nothing returning id
"""
_ANSWER = "update base_operation_key set answer = %s::bytea where operation = %s::varchar and key = %s::varchar"


def operation(verb: Callable[P, R]) -> Callable[P, R]:
    """Run a verb in one transaction: all of it happens and is told, or none of it.

    A verb that another verb calls is a part of it, without a savepoint: if it is refused, the whole is undone.
    A verb with an argument `idempotency_key` happens at most once per key: the second call, even at the same moment,
    waits for the first and returns the same answer.
    The answer must survive JSON (msgspec): a value, an id, nothing.

    refuses  KeyReused if the key comes back with other arguments
    """
    name = f"{verb.__module__}.{verb.__qualname__}"
    is_keyed = "idempotency_key" in inspect.signature(verb).parameters

    @functools.wraps(verb)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        key = cast("str | None", kwargs.get("idempotency_key")) if is_keyed else None
        # What runs when the transaction has ended, as its hooks do, is a verb of its own again.
        if _running.get() and connection.in_atomic_block:
            try:
                return _once(name, key, verb, kwargs) if key else verb(*args, **kwargs)
            except BaseException:
                transaction.set_rollback(True)
                raise
        token = _running.set(True)
        try:
            with transaction.atomic():
                return _once(name, key, verb, kwargs) if key else verb(*args, **kwargs)
        finally:
            _running.reset(token)

    return run


def _once(name: str, key: str, verb: Callable[..., R], kwargs: dict[str, Any]) -> R:
    # The same in every process: sets are sorted, which `repr` would leave as they happen to lie.
    asked = {k: v for k, v in kwargs.items() if k not in _NOT_ASKED}
    plain = msgspec.to_builtins(asked, str_keys=True, order="deterministic", enc_hook=repr)
    digest = hashlib.sha256(msgspec.json.encode(plain)).digest()
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [name, key, digest, clock.now()])
        is_first = cursor.fetchone() is not None
    if is_first:
        result = verb(**kwargs)
        together.send(_ANSWER, [msgspec.json.encode(result), name, key])
        return result
    used = Key.objects.get(operation=name, key=key)
    if bytes(used.asked_digest) != digest:
        raise KeyReused(operation=name, key=key)
    return cast(R, msgspec.json.decode(bytes(used.answer or b"null"), type=get_type_hints(verb).get("return", Any)))
