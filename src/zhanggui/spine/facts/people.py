"""What the shop tells of the people who sign in: ids only, no name, number or address."""

from __future__ import annotations

from zhanggui.spine.facts.registry import fact


@fact(name="shop.customer_signed_in")
class CustomerSignedIn:
    """Somebody proved to be a customer. From here on the visitor of this browser and the customer are one person.

    visitor_id  who walked in this browser until now
    Not told for pages that a signed-in customer opens later.
    """

    customer_id: str
    visitor_id: str


@fact(name="shop.customer_joined")
class CustomerJoined:
    """A guest turned out to be a customer with an account: the same phone number or mail address was proved.

    joined_id   the customer id that the guest's orders carry; the same as `customer_id` if the guest's own record
                became the account's
    visitor_id  as whom the guest walked
    """

    customer_id: str
    joined_id: str
    visitor_id: str


@fact(name="shop.consent_given")
class ConsentGiven:
    """A customer agreed to one version of a text.

    purpose      terms, privacy, marketing_email, marketing_sms, personal
    text_digest  SHA-256 of the words that were shown
    how          where it was said, such as sign_in or account
    """

    customer_id: str
    purpose: str
    version: str
    text_digest: str
    how: str


@fact(name="shop.consent_withdrawn")
class ConsentWithdrawn:
    """A customer no longer agrees. Not told for what was never agreed to."""

    customer_id: str
    purpose: str
    version: str
    how: str


@fact(name="shop.customer_unmasked")
class CustomerUnmasked:
    """An operator read a customer's data in full; the actor says who. Not told for masked pages.

    part  contact or addresses
    """

    customer_id: str
    part: str


@fact(name="shop.customer_noted")
class CustomerNoted:
    """An operator wrote something down about a customer; the words stand with the customer."""

    customer_id: str


@fact(name="shop.account_closed")
class AccountClosed:
    """A customer closed the account: name, addresses and ways to be reached are gone, or masked where law keeps orders.

    Told once; from here on nobody signs in as this customer, and no visitor is this person any longer.
    """

    customer_id: str
