"""Several questions in one statement: each room words its own, and a door that needs some of them asks them at once.

A statement costs the way to the database and back, whatever it asks; a page that is only checked against the database
asks hardly anything else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar, cast

from django.db import connection

if TYPE_CHECKING:
    from zhanggui.base.database.backend.base import DatabaseWrapper

A = TypeVar("A")
# Up to so many words PostgreSQL is told each by itself.
_FEW: Final = 8


@dataclass(frozen=True, slots=True)
class Question(Generic[A]):
    """What one room wants to know.

    sql         a select of one column and at most one row
    parameters  what stands in its placeholders, in order
    read        makes the answer of what the database gives: None if there is no row
    """

    sql: str
    parameters: tuple[Any, ...]
    read: Callable[[Any], A]


def ask(*questions: Question[Any]) -> tuple[Any, ...]:
    """The answers, in the order of the questions. One statement."""
    asked = "select " + ", ".join([f"({question.sql})" for question in questions])
    with connection.cursor() as cursor:
        cursor.execute(asked, [each for question in questions for each in question.parameters])
        row = cursor.fetchone()
    return tuple(question.read(said) for question, said in zip(questions, row, strict=True))


def send(sql: str, parameters: Sequence[Any]) -> None:
    """Let a write whose outcome nobody asks about go with the next statement of the transaction, or with its COMMIT.

    Nothing overtakes it, and if the database refuses it, whatever goes with it is refused. One statement, which costs
    no way of its own if the database knows it already.
    """
    cast("DatabaseWrapper", connection).later(sql, parameters)


def any_of(words: Iterable[str]) -> tuple[str, tuple[str, ...]]:
    """An array of words for `= any(…)` in a question: its SQL, and the parameters in it.

    Of few words each is a parameter, up to 1, 2, 4 or 8 of them, the first one repeated. So PostgreSQL knows how many
    there are before it knows which, and plans the statement once. Of an array in one parameter it supposes ten, takes
    every plan for fewer to be better, and plans anew each time: that takes longer than the answer.
    """
    return _any_of(tuple(words))


@lru_cache(maxsize=4096)
def _any_of(words: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    if not 0 < len(words) <= _FEW:
        return "%s::varchar[]", (_array(words),)
    filled = words + words[:1] * ((1 << (len(words) - 1).bit_length()) - len(words))
    return f"array[{', '.join(['%s::varchar'] * len(filled))}]", filled


def _array(words: tuple[str, ...]) -> str:
    """Words as PostgreSQL writes an array of them, for a parameter that is cast to one."""
    said = (word.replace("\\", "\\\\").replace('"', '\\"') for word in words)
    return "{" + ",".join(f'"{word}"' for word in said) + "}"
