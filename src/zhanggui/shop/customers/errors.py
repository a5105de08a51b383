"""Refusals about customers."""

from __future__ import annotations

from zhanggui.base.errors import Refused


class ContactIncomplete(Refused):
    """We cannot reach somebody without these, or they do not look like what they should be.

    fields  names of `rules.Contact`, in their order
    """

    fields: tuple[str, ...]


class AddressIncomplete(Refused):
    """A parcel would not arrive: these parts are missing or too long.

    fields  names of `rules.Address`, in their order
    """

    fields: tuple[str, ...]


class NoSuchAddress(Refused):
    """No address has that id."""

    address_id: str
