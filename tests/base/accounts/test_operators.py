"""Operators: taken in once, with a role that says what they may do."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth import authenticate
from django.db import IntegrityError, connections

from zhanggui.base.accounts import actions
from zhanggui.base.accounts.errors import AlreadyOperator, WeakPassword
from zhanggui.base.accounts.models import Operator
from zhanggui.base.accounts.queries import has_operators
from zhanggui.base.accounts.rules import RIGHTS, Right, Role, may

GOOD = "seven-teapots-91"


@pytest.mark.django_db
def test_an_operator_signs_in_however_the_address_is_written() -> None:
    actions.take_in(email="Lin@Example.com", password=GOOD, role=Role.ANALYST)
    someone = authenticate(username=" LIN@example.com", password=GOOD)
    assert isinstance(someone, Operator)
    assert someone.may(Right.SEE_NUMBERS)
    assert not someone.may(Right.MANAGE_OPERATORS)


@pytest.mark.django_db
@pytest.mark.parametrize("password", ["short", "123456789012", "passwordpassword" * 0 + "lin@example.com"])
def test_a_weak_password_is_refused_with_its_reasons(password: str) -> None:
    with pytest.raises(WeakPassword) as refused:
        actions.take_in(email="lin@example.com", password=password, role=Role.OWNER)
    assert refused.value.reasons
    assert not has_operators()


@pytest.mark.django_db
def test_an_address_signs_in_one_operator_only() -> None:
    actions.take_in(email="lin@example.com", password=GOOD, role=Role.OWNER)
    with pytest.raises(AlreadyOperator):
        actions.take_in(email="LIN@example.com", password=GOOD, role=Role.CLERK)
    assert Operator.objects.get().role == Role.OWNER


@pytest.mark.django_db
def test_the_database_refuses_a_role_that_is_none() -> None:
    actions.take_in(email="lin@example.com", password=GOOD, role=Role.OWNER)
    with pytest.raises(IntegrityError):
        Operator.objects.update(role="emperor")


@pytest.mark.django_db(transaction=True)
def test_four_first_starts_at_once_make_one_owner() -> None:
    together = threading.Barrier(4)

    def start(_: int) -> str | None:
        together.wait()
        password = actions.take_in_first(email="owner@localhost.localdomain")
        connections.close_all()
        return password

    with ThreadPoolExecutor(4) as pool:
        passwords = [p for p in pool.map(start, range(4)) if p]
    assert len(passwords) == 1
    assert authenticate(username="owner@localhost.localdomain", password=passwords[0]) is not None


@pytest.mark.django_db
def test_a_new_password_ends_the_old_one() -> None:
    actions.take_in(email="lin@example.com", password=GOOD, role=Role.OWNER)
    actions.set_password(email="lin@example.com", password="eleven-teacups-17")
    assert authenticate(username="lin@example.com", password=GOOD) is None
    assert authenticate(username="lin@example.com", password="eleven-teacups-17") is not None


def test_every_role_has_only_rights_that_the_owner_has_too() -> None:
    assert set(RIGHTS) == set(Role)
    assert all(RIGHTS[role] <= RIGHTS[Role.OWNER] for role in Role)
    assert not may(Role.CLERK, Right.EXPORT)
