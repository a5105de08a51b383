"""Roles and the rights they carry."""

from __future__ import annotations

from enum import StrEnum


class Right(StrEnum):
    """What an operator may do; least privilege, so a page asks for exactly one."""

    SEE_NUMBERS = "see_numbers"
    EXPORT = "export"
    IMPORT = "import"
    RUN_SHOP = "run_shop"
    SEE_SYSTEM = "see_system"
    MEND_SYSTEM = "mend_system"
    MANAGE_OPERATORS = "manage_operators"


class Role(StrEnum):
    """What an operator is in the company."""

    OWNER = "owner"
    MANAGER = "manager"
    ANALYST = "analyst"
    CLERK = "clerk"


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.OWNER: frozenset(Right),
    Role.MANAGER: frozenset({Right.SEE_NUMBERS, Right.EXPORT, Right.IMPORT, Right.RUN_SHOP, Right.SEE_SYSTEM}),
    Role.ANALYST: frozenset({Right.SEE_NUMBERS, Right.EXPORT}),
    Role.CLERK: frozenset({Right.RUN_SHOP}),
}


def may(role: Role, right: Right) -> bool:
    """Whether a role carries a right."""
    return right in RIGHTS[role]
