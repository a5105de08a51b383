"""Saying yes and no to a text."""

from __future__ import annotations

from uuid import UUID

from zhanggui.base import clock, ids
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.shop.customers import rules
from zhanggui.shop.customers.errors import NoSuchCustomer
from zhanggui.shop.customers.models import Consent, Customer
from zhanggui.shop.customers.queries import consents
from zhanggui.shop.customers.rules import Purpose
from zhanggui.spine.facts.people import ConsentGiven, ConsentWithdrawn
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail


@operation
def consent(
    *, customer_id: UUID, purpose: Purpose, is_given: bool, language: str, how: str, trail: Trail, by: Actor
) -> bool:
    """Keep a customer's yes or no to the text in force; False if nothing changed by it, and then nothing is written.

    language  zh or en, in which the text was shown
    how       where it was said, such as sign_in or account
    refuses   NoSuchCustomer
    tells     shop.consent_given, shop.consent_withdrawn
    """
    if not Customer.objects.select_for_update().filter(pk=customer_id).exists():
        raise NoSuchCustomer(customer_id=str(customer_id))
    text = rules.text_of(purpose, language=language)
    before = rules.standing(consents(customer_id)).get(purpose)
    is_same_text = before is not None and before.version == text.version
    if is_given is (before is not None and before.is_given) and (is_same_text or not is_given):
        return False
    Consent.objects.create(
        id=ids.uuid7(),
        customer_id=customer_id,
        purpose=purpose,
        is_given=is_given,
        version=text.version,
        language=text.language,
        text_digest=text.digest,
        how=how,
        said_at=clock.now(),
    )
    said = {"customer_id": str(customer_id), "purpose": purpose.value, "version": text.version, "how": how}
    fact = ConsentGiven(text_digest=text.digest, **said) if is_given else ConsentWithdrawn(**said)
    record(fact, by=by, trail=trail, subject=f"customer:{customer_id}")
    return True
