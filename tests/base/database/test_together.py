"""Several questions, one statement."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from zhanggui.base.database import together
from zhanggui.base.database.together import Question


@pytest.mark.django_db
def test_all_questions_are_answered_in_their_order_by_one_statement() -> None:
    with CaptureQueriesContext(connection) as sent:
        answers = together.ask(
            Question("select %s::int + %s::int", (1, 2), int),
            Question("select 'x'::text where false", (), lambda said: said is None),
            Question("%s::varchar", ("word",), str),
        )

    assert answers == (3, True, "word")
    assert len(sent) == 1


class TestArrays(TestCase):
    """Words come back as they were, whatever signs stand in them."""

    @given(st.lists(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))))
    def test_words_come_back_as_they_were(self, words: list[str]) -> None:
        with connection.cursor() as cursor:
            cursor.execute("select %s::varchar[]", [together.array(words)])
            assert cursor.fetchone()[0] == words
