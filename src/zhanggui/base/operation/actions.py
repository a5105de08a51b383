"""The decorator that makes a function an operation."""

from __future__ import annotations

import functools
import hashlib
import inspect
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar, cast, get_type_hints

import msgspec
from django.db import DatabaseError, IntegrityError, connection, transaction
from psycopg.errors import UniqueViolation

from zhanggui.base import clock
from zhanggui.base.database import together
from zhanggui.base.database.backend.lane import RefusedEarlier
from zhanggui.base.errors import Refused
from zhanggui.base.operation.errors import KeyReused
from zhanggui.base.operation.models import Key

# Which page view led here, and in which language, is no part of what is asked: the same form sent from a second tab is
# the same wish.
_NOT_ASKED = frozenset({"trail", "language"})

P = ParamSpec("P")
R = TypeVar("R")

# Whether a verb runs already in this thread.
_running: ContextVar[bool] = ContextVar("zhanggui_operation_running", default=False)

# Waits for a transaction that holds the same key, and is refused if that one stands. It goes to the database with the
# first statement of the verb, which is not done either then.
_CLAIM = """
insert into base_operation_key (operation, key, asked_digest, at)
values (%s::varchar, %s::varchar, %s::bytea, %s::timestamptz)
"""
_ANSWER = "update base_operation_key set answer = %s::bytea where operation = %s::varchar and key = %s::varchar"


def operation(verb: Callable[P, R]) -> Callable[P, R]:
    """Run a verb in one transaction: all of it happens and is told, or none of it.

    A verb that another verb calls is a part of it, without a savepoint: if it is refused, the whole is undone. One that
    has a key of its own sets one, because the key may have been used.
    A verb with an argument `idempotency_key` happens at most once per key: the second call, even at the same moment,
    waits for the first and returns the same answer.
    The answer must survive JSON (msgspec): a value, an id, nothing.

    refuses  KeyReused if the key comes back with other arguments
    """
    # By its drawer and not by its file, so that a key which was used stays used when the verb moves to another one.
    room, drawer, _ = verb.__module__.partition(".actions")
    name = f"{room}{drawer}.{verb.__qualname__}"
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
            if key:
                return _once(name, key, verb, kwargs)
            with transaction.atomic():
                return verb(*args, **kwargs)
        finally:
            _running.reset(token)

    return run


def _once(name: str, key: str, verb: Callable[..., R], kwargs: dict[str, Any]) -> R:
    # The same in every process: sets are sorted, which `repr` would leave as they happen to lie.
    asked = {k: v for k, v in kwargs.items() if k not in _NOT_ASKED}
    plain = msgspec.to_builtins(asked, str_keys=True, order="deterministic", enc_hook=repr)
    digest = hashlib.sha256(msgspec.json.encode(plain)).digest()
    try:
        with transaction.atomic():
            together.send(_CLAIM, [name, key, digest, clock.now()])
            result = verb(**kwargs)
            together.send(_ANSWER, [msgspec.json.encode(result), name, key])
            return result
    except (IntegrityError, RefusedEarlier, Refused) as refused:
        # A verb may refuse before it asks the database anything, and so before its key was looked at.
        used = Key.objects.filter(operation=name, key=key).first() if _may_be_taken(refused) else None
        if used is None:
            raise
    if bytes(used.asked_digest) != digest:
        raise KeyReused(operation=name, key=key)
    return cast(R, msgspec.json.decode(bytes(used.answer or b"null"), type=get_type_hints(verb).get("return", Any)))


def _may_be_taken(refused: DatabaseError | Refused) -> bool:
    """Whether the reason may be that another call had the key before."""
    if isinstance(refused, Refused):
        return True
    cause = refused.__cause__
    return isinstance(cause, UniqueViolation) and cause.diag.constraint_name == "base_operation_key_once"
