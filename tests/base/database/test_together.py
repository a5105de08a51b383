"""Several questions in one statement."""

from __future__ import annotations

import pytest
from django.db import connection

from zhanggui.base.database import together


@pytest.mark.django_db
@pytest.mark.parametrize("words", [[], ["a"], ["a", "b", "c"], ['"', "\\", "{,}"], [str(n) for n in range(20)]])
def test_words_are_an_array_however_many_there_are(words: list[str]) -> None:
    among, parameters = together.any_of(words)
    asked = f"select count(*) from unnest(%s::varchar[]) w(word) where word = any({among})"

    (found,) = together.ask(together.Question(asked, (["other", *words], *parameters), int))

    assert found == len(words)


@pytest.mark.django_db(transaction=True)
def test_a_question_about_few_words_is_planned_once() -> None:
    """PostgreSQL tries a plan for the words at hand five times, then keeps the one for any words."""
    among, parameters = together.any_of(["one", "two", "three"])
    with connection.cursor() as cursor:
        for _ in range(12):
            cursor.execute(f"select count(*) from shop_catalogue_variant where sku = any({among})", parameters)
        cursor.execute("select max(generic_plans) from pg_prepared_statements where statement like '%%sku = any%%'")
        assert cursor.fetchone()[0] > 0
