"""Keys for programs: made, known, revoked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from zhanggui.base import clock
from zhanggui.base.accounts.rules import Right
from zhanggui.base.keys import actions, queries, rules
from zhanggui.base.keys.errors import KeyNotAllowed, NoSuchKey
from zhanggui.base.keys.models import Key
from zhanggui.base.operation.rules import operator

pytestmark = pytest.mark.django_db
OWNER = operator("1")


def a_key(name: str = "erp", *, days: float = 1, rights: tuple[Right, ...] = (Right.RUN_SHOP,)) -> str:
    return actions.make(
        shop="tea",
        name=name,
        rights=rights,
        makers=[Right.RUN_SHOP, Right.SEE_PEOPLE, Right.MANAGE_OPERATORS],
        expires_at=clock.now() + timedelta(days=days),
        by=OWNER,
    )


def test_a_key_is_known_by_what_it_is_and_kept_as_a_digest() -> None:
    secret = a_key()
    key = queries.key_of(secret, at=clock.now())
    assert key is not None
    assert (key.shop, key.name, key.rights, key.ending, key.made_by) == (
        "tea",
        "erp",
        frozenset({Right.RUN_SHOP}),
        secret[-4:],
        "operator:1",
    )
    assert bytes(Key.objects.get().key_digest) == rules.digest_of(secret)
    assert queries.key_of(secret[:-1] + "!", at=clock.now()) is None


@pytest.mark.parametrize(
    ("name", "days", "rights", "field"),
    [
        (" ", 1, (Right.RUN_SHOP,), "name"),
        ("x" * 81, 1, (Right.RUN_SHOP,), "name"),
        ("erp\0", 1, (Right.RUN_SHOP,), "name"),
        ("erp", 0, (Right.RUN_SHOP,), "expires_at"),
        ("erp", 4000, (Right.RUN_SHOP,), "expires_at"),
        ("erp", 1, (), "rights"),
        ("erp", 1, (Right.GIVE_FREELY,), "rights"),  # its maker may not
        ("erp", 1, (Right.MANAGE_OPERATORS,), "rights"),  # no program may
    ],
)
def test_what_cannot_be_a_key_is_none(name: str, days: float, rights: tuple[Right, ...], field: str) -> None:
    with pytest.raises(KeyNotAllowed) as refused:
        a_key(name, days=days, rights=rights)
    assert refused.value.data == {"field": field}
    assert not Key.objects.exists()


def test_a_name_is_free_again_once_its_key_is_revoked() -> None:
    secret = a_key()
    with pytest.raises(KeyNotAllowed):
        a_key()
    (key,) = queries.keys("tea")
    actions.revoke(shop="tea", key_id=key.id)
    assert queries.key_of(secret, at=clock.now()) is None
    with pytest.raises(NoSuchKey):
        actions.revoke(shop="tea", key_id=key.id)
    a_key()
    assert [each.revoked_at is None for each in queries.keys("tea")] == [True, False]


def test_another_shop_revokes_nothing() -> None:
    a_key()
    (key,) = queries.keys("tea")
    with pytest.raises(NoSuchKey):
        actions.revoke(shop="other", key_id=key.id)


def test_its_last_use_is_known_to_the_minute() -> None:
    a_key()
    (key,) = queries.keys("tea")
    now = clock.now()
    actions.note_use(key, at=now)
    for later, noted in ((30, 0), (61, 61)):
        (key,) = queries.keys("tea")
        actions.note_use(key, at=now + timedelta(seconds=later))
        assert Key.objects.get().last_used_at == now + timedelta(seconds=noted)
