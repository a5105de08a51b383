"""Several questions in one statement: each room words its own, and a door that needs some of them asks them at once.

A statement costs the way to the database and back, whatever it asks; a page that is only checked against the database
asks hardly anything else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, TypeVar

from django.db import connection

A = TypeVar("A")


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


def array(words: Iterable[str]) -> str:
    """Words as PostgreSQL writes an array of them, for a parameter that is cast to one."""
    return _array(tuple(words))


@lru_cache(maxsize=4096)
def _array(words: tuple[str, ...]) -> str:
    said = (word.replace("\\", "\\\\").replace('"', '\\"') for word in words)
    return "{" + ",".join(f'"{word}"' for word in said) + "}"
