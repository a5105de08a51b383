"""Who does something, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    """The kinds of doers that a fact may name."""

    CUSTOMER = "customer"
    OPERATOR = "operator"
    JOB = "job"
    PARTNER = "partner"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """The doer of an operation: a customer, an operator, a job of ours, or a partner's system.

    id  the customer's or operator's id, the job's name, the partner's name; never a person's name
    """

    kind: ActorKind
    id: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


def customer(id: str) -> Actor:
    """A shopper, signed in or not, by customer or visitor id."""
    return Actor(kind=ActorKind.CUSTOMER, id=id)


def operator(id: str) -> Actor:
    """A person at the console."""
    return Actor(kind=ActorKind.OPERATOR, id=id)


def job(name: str) -> Actor:
    """Our own background work."""
    return Actor(kind=ActorKind.JOB, id=name)


def partner(name: str) -> Actor:
    """Another company's system, such as a payment provider."""
    return Actor(kind=ActorKind.PARTNER, id=name)
