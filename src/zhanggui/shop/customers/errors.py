"""Refusals about customers."""

from __future__ import annotations

from zhanggui.base.errors import Refused


class ContactIncomplete(Refused):
    """We cannot reach somebody without these, or they do not look like what they should be.

    fields  names of `rules.Contact`, in their order
    """

    fields: tuple[str, ...]


class AddressIncomplete(Refused):
    """A parcel would not arrive: these parts are missing, too long or unreadable.

    fields  names of `rules.Address`, in their order
    """

    fields: tuple[str, ...]


class NoSuchAddress(Refused):
    """No address has that id."""

    address_id: str


class NoSuchEntry(Refused):
    """The customer's address book has no such entry."""

    entry_id: str


class BookFull(Refused):
    """The address book holds as many addresses as it may."""

    most: int


class NoSuchCustomer(Refused):
    """No customer has that id."""

    customer_id: str


class NoSuchText(Refused):
    """There is no text of that purpose and version."""

    purpose: str
    version: str


class WordsNotAllowed(Refused):
    """A name, label or note is empty, too long, or has signs in it that cannot be read."""

    field: str


class AccountNeeded(Refused):
    """Something is not over yet that the account is needed for.

    reasons  such as open_orders, open_returns, money_in_wallet
    """

    reasons: tuple[str, ...]
