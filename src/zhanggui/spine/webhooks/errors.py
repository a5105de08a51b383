"""Refusals about webhooks."""

from __future__ import annotations

from zhanggui.base.errors import Refused


class EndpointNotAllowed(Refused):
    """An endpoint hears at least one fact that exists, and a shop has only so many endpoints.

    field  events or count
    """

    field: str


class AddressNotAllowed(Refused):
    """Nothing is sent there: only to https, and never into a private network.

    reason  scheme, host, port, private or unknown
    """

    address: str
    reason: str


class NoSuchEndpoint(Refused):
    """The shop has no endpoint of that id."""

    endpoint_id: str


class NoSuchDelivery(Refused):
    """The shop has no delivery of that id that gave up."""

    delivery_id: int
