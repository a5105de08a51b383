"""An operation is one transaction, and happens once per idempotency key."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.db.models import Value
from django.db.models.functions import Concat
from django.test.utils import CaptureQueriesContext

from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.errors import KeyReused
from zhanggui.base.operation.models import Key
from zhanggui.base.shops import models, queries
from zhanggui.base.shops.actions import open_shop
from zhanggui.base.shops.errors import NoSuchShop, ShopDiffers, ZoneUnknown
from zhanggui.base.shops.rules import Shop, ShopKind

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
TEA = Shop(code="tea", name="茶", zone="Asia/Shanghai", currency="CNY", kind=ShopKind.OWN)


@operation
def rename(*, code: str, name: str, idempotency_key: str | None = None) -> int:
    """Count the letters of the new name while writing it."""
    models.Shop.objects.filter(pk=code).update(name=name)
    if name == "broken":
        raise ShopDiffers(code=code, zone="", currency="")
    with connection.cursor() as cursor:
        cursor.execute("select pg_sleep(0.05)")
    return len(name)


def name_of(code: str) -> str:
    """What the row says; the question that is kept would not see what was written past its verb."""
    return models.Shop.objects.get(pk=code).name


@pytest.mark.django_db
def test_a_refused_operation_leaves_nothing_behind() -> None:
    open_shop(shop=TEA)
    with pytest.raises(ShopDiffers):
        rename(code="tea", name="broken", idempotency_key="k")
    assert name_of("tea") == "茶"
    assert not Key.objects.exists()


@pytest.mark.django_db
def test_the_second_call_with_a_key_answers_the_same_and_does_nothing() -> None:
    open_shop(shop=TEA)
    assert rename(code="tea", name="first", idempotency_key="k") == 5
    models.Shop.objects.update(name="changed by hand")
    assert rename(code="tea", name="first", idempotency_key="k") == 5
    assert name_of("tea") == "changed by hand"


@operation
def count_up(*, numbers: frozenset[int], idempotency_key: str) -> int:
    """How many there are."""
    return len(numbers)


@pytest.mark.django_db
def test_a_key_stays_used_when_its_verb_moves_to_another_file_of_the_drawer() -> None:
    def lengthen(*, code: str, idempotency_key: str) -> int:
        return models.Shop.objects.filter(pk=code).update(name=Concat("name", Value("!")))

    open_shop(shop=TEA)
    for file in ("tea.actions", "tea.actions.pouring", "tea.actions.serving"):
        lengthen.__module__ = file
        assert operation(lengthen)(code="tea", idempotency_key="k") == 1
    assert name_of("tea") == "茶!"
    lengthen.__module__ = "coffee.actions"
    operation(lengthen)(code="tea", idempotency_key="k")
    assert name_of("tea") == "茶!!"


@pytest.mark.django_db
def test_a_set_is_the_same_however_it_lies_in_memory() -> None:
    these, those = frozenset([0, 8]), frozenset([8, 0])
    assert repr(these) != repr(those)

    answers = [count_up(numbers=numbers, idempotency_key="k") for numbers in (these, those)]

    assert answers == [2, 2]


@pytest.mark.django_db
def test_a_key_cannot_come_back_with_other_arguments() -> None:
    open_shop(shop=TEA)
    rename(code="tea", name="first", idempotency_key="k")
    with pytest.raises(KeyReused):
        rename(code="tea", name="second", idempotency_key="k")
    assert name_of("tea") == "first"


@pytest.mark.django_db(transaction=True)
def test_eight_calls_at_once_with_one_key_happen_once() -> None:
    open_shop(shop=TEA)
    together = threading.Barrier(8)

    def call(_: int) -> int:
        together.wait()
        answer = rename(code="tea", name="once", idempotency_key="k")
        connections.close_all()
        return answer

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(call, range(8)))
    assert answers == [4] * 8
    assert Key.objects.count() == 1


@pytest.mark.django_db
def test_a_shop_never_changes_its_zone_or_currency() -> None:
    open_shop(shop=TEA)
    with pytest.raises(ShopDiffers):
        open_shop(shop=Shop(code="tea", name="x", zone="Europe/London", currency="CNY", kind=ShopKind.OWN))
    assert queries.shop("tea") == TEA


@pytest.mark.django_db
def test_unknown_zones_and_shops_are_refused() -> None:
    with pytest.raises(ZoneUnknown):
        open_shop(shop=Shop(code="x", name="x", zone="Mars/Olympus", currency="CNY", kind=ShopKind.OWN))
    with pytest.raises(NoSuchShop):
        queries.shop("x")


@operation
def rename_both(*, first: str, second: str) -> None:
    """Rename two shops, or none."""
    rename(code="tea", name=first)
    rename(code="cup", name=second)


@pytest.mark.django_db
def test_a_verb_within_a_verb_is_a_part_of_it_and_sets_no_savepoint() -> None:
    open_shop(shop=TEA)
    open_shop(shop=replace(TEA, code="cup"))
    with CaptureQueriesContext(connection) as sent:
        rename_both(first="one", second="two")
    assert sum(query["sql"].startswith("SAVEPOINT") for query in sent) == 1
    with pytest.raises(ShopDiffers):
        rename_both(first="three", second="broken")
    assert (name_of("tea"), name_of("cup")) == ("one", "two")


_closed: list[str] = []


@operation
def rename_while_open(*, code: str, name: str, idempotency_key: str) -> int:
    """Refuse what is closed by now, before anything is asked."""
    if code in _closed:
        raise ShopDiffers(code=code, zone="", currency="")
    models.Shop.objects.filter(pk=code).update(name=name)
    return len(name)


@pytest.mark.django_db
def test_a_used_key_gives_its_answer_even_where_the_verb_would_refuse_by_now() -> None:
    open_shop(shop=TEA)
    rename_while_open(code="tea", name="first", idempotency_key="k")
    _closed.append("tea")
    try:
        assert rename_while_open(code="tea", name="first", idempotency_key="k") == 5
        with pytest.raises(ShopDiffers):
            rename_while_open(code="tea", name="first", idempotency_key="another")
    finally:
        _closed.clear()


@pytest.mark.django_db
def test_a_used_key_gives_its_answer_once_the_database_knows_the_statements_too() -> None:
    open_shop(shop=TEA)
    for number in range(6):  # from then on a key goes along with what follows, and here nothing does
        rename_while_open(code="tea", name="first", idempotency_key=f"k-{number}")
    _closed.append("tea")
    try:
        assert rename_while_open(code="tea", name="first", idempotency_key="k-5") == 5
        with pytest.raises(ShopDiffers):
            rename_while_open(code="tea", name="first", idempotency_key="another")
    finally:
        _closed.clear()
    assert models.Shop.objects.get().name == "first"


@operation
def open_or_find(*, code: str, idempotency_key: str) -> bool:
    """Try first of all, behind a savepoint, as a verb does that wants to know what is there."""
    try:
        with transaction.atomic():
            models.Shop.objects.create(code=code, name=code, zone="UTC", currency="CNY", kind="own", opened_at=NOON)
    except IntegrityError:
        return False
    return True


@pytest.mark.django_db
def test_a_used_key_is_no_answer_to_what_the_verb_tries_first() -> None:
    for number in range(6):  # until the database knows the statements, and keys go along with what follows
        assert open_or_find(code=f"shop-{number}", idempotency_key=f"k-{number}")

    assert open_or_find(code="shop-5", idempotency_key="k-5")
    assert not open_or_find(code="shop-5", idempotency_key="another")


@operation
def rename_cup_and_tea(*, key: str) -> int:
    """Rename a cup as often as it is asked for, and the tea once."""
    rename(code="cup", name="bowl")
    return rename(code="tea", name="first", idempotency_key=key)


@pytest.mark.django_db
def test_a_used_key_within_a_verb_gives_its_answer_and_undoes_nothing_of_the_whole() -> None:
    open_shop(shop=TEA)
    open_shop(shop=replace(TEA, code="cup"))
    rename(code="tea", name="first", idempotency_key="k")
    models.Shop.objects.filter(pk="tea").update(name="changed by hand")

    assert rename_cup_and_tea(key="k") == 5
    assert (name_of("cup"), name_of("tea")) == ("bowl", "changed by hand")


@operation
def rename_and_then(*, code: str, name: str, later: str) -> None:
    """Rename at once, and once more when that stands."""
    rename(code=code, name=name)
    transaction.on_commit(lambda: rename(code=code, name=later))


@pytest.mark.django_db(transaction=True)
def test_what_follows_the_commit_of_a_verb_is_a_whole_transaction_again() -> None:
    open_shop(shop=TEA)
    with pytest.raises(ShopDiffers):
        rename_and_then(code="tea", name="绿茶", later="broken")
    assert name_of("tea") == "绿茶"
