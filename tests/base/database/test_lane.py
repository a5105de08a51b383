"""The short way: nothing overtakes what waits, nothing that waits is lost, nothing refused is kept."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, connections, transaction

from zhanggui.base.database import together
from zhanggui.base.database.backend.lane import RefusedEarlier
from zhanggui.base.operation.models import Key

pytestmark = pytest.mark.django_db(transaction=True)

_ADD = """
insert into base_operation_key (operation, key, asked_digest, at) values ('lane', %s::varchar, ''::bytea, now())
"""
_COUNT = "select count(*) from base_operation_key where operation = %s::varchar"


@pytest.fixture(autouse=True)
def _known() -> None:
    """The database knows both statements, as it does in a shop that has sold something."""
    for n in range(4):
        _add_at_once(f"known {n}")
        _count()
    Key.objects.all().delete()


def _add_at_once(key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [key])


def _count() -> int:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, ["lane"])
        (count,) = cursor.fetchone()
    return int(count)


def _seen_by_others() -> int:
    other = connections["default"].copy()
    try:
        with other.cursor() as cursor:
            cursor.execute(_COUNT, ["lane"])
            (count,) = cursor.fetchone()
        return int(count)
    finally:
        other.close()


def test_what_waits_comes_before_what_is_asked_next() -> None:
    with transaction.atomic():
        together.send(_ADD, ["a"])
        together.send(_ADD, ["b"])
        assert len(connection.lane.waiting) == 2  # type: ignore[attr-defined]
        assert _count() == 2
        together.send(_ADD, ["c"])
        assert Key.objects.filter(operation="lane").count() == 3


def test_what_waits_goes_with_the_commit() -> None:
    with transaction.atomic():
        together.send(_ADD, ["a"])

    assert _seen_by_others() == 1


def test_what_was_undone_never_happened() -> None:
    with pytest.raises(LookupError), transaction.atomic():
        _add_at_once("a")
        together.send(_ADD, ["b"])
        raise LookupError

    assert _count() == 0


def test_a_savepoint_keeps_what_came_before_it() -> None:
    with transaction.atomic():
        together.send(_ADD, ["before"])
        with pytest.raises(LookupError), transaction.atomic():
            together.send(_ADD, ["within"])
            raise LookupError
        together.send(_ADD, ["after"])

    assert set(Key.objects.values_list("key", flat=True)) == {"before", "after"}


def test_what_the_database_refuses_undoes_all_that_went_with_it() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        together.send(_ADD, ["a"])
        together.send(_ADD, ["a"])
        together.send(_ADD, ["b"])

    assert _count() == 0
    with transaction.atomic():
        together.send(_ADD, ["a"])
    assert _count() == 1


def test_a_refused_write_is_told_to_whoever_asks_next() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        together.send(_ADD, ["a"])
        together.send(_ADD, ["a"])
        _count()

    assert _count() == 0


def test_what_was_refused_before_a_savepoint_is_no_answer_to_what_is_tried_behind_it() -> None:
    def tries() -> str:
        try:
            with transaction.atomic():
                _add_at_once("b")
        except IntegrityError:
            return "there is a b already"
        return "added"

    with pytest.raises(RefusedEarlier), transaction.atomic():
        together.send(_ADD, ["a"])
        together.send(_ADD, ["a"])
        tries()

    assert _count() == 0


def test_a_transaction_that_asks_nothing_is_not_begun() -> None:
    with transaction.atomic():
        assert connection.lane.opens  # type: ignore[attr-defined]

    assert not connection.lane.opens  # type: ignore[attr-defined]
    assert _count() == 0


def test_what_is_sent_outside_of_a_transaction_is_sent_at_once() -> None:
    together.send(_ADD, ["a"])

    assert _seen_by_others() == 1


def test_rows_that_come_bit_by_bit_see_what_waits() -> None:
    with transaction.atomic():
        together.send(_ADD, ["a"])
        assert [row.key for row in Key.objects.filter(operation="lane").iterator(chunk_size=1)] == ["a"]


def test_copied_rows_are_part_of_the_transaction() -> None:
    with pytest.raises(LookupError), transaction.atomic():
        with (
            connection.cursor() as cursor,
            cursor.copy("copy base_operation_key (operation, key, asked_digest, at) from stdin") as rows,
        ):
            rows.write_row(("lane", "a", b"", "2026-11-22 00:00:00+00"))
        raise LookupError

    assert _count() == 0


def test_a_value_of_another_type_is_written_as_it_is() -> None:
    asked = "select %s::text"
    with connection.cursor() as cursor:
        said = []
        for value in (1, 1, 1, 1, "one", 2**40, None, "one", 1):
            cursor.execute(asked, [value])
            said.append(cursor.fetchone()[0])

    assert said == ["1", "1", "1", "1", "one", str(2**40), None, "one", "1"]
