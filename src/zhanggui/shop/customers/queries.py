"""Reading customers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, cast
from uuid import UUID

import msgspec
from django.db import connection
from django.db.models import Q, QuerySet

from zhanggui.base import clock
from zhanggui.base.accounts.queries import ACCOUNT_OF_SESSION
from zhanggui.base.database import together
from zhanggui.base.database.together import Question
from zhanggui.shop.customers import models, rules
from zhanggui.shop.customers.errors import NoSuchAddress, NoSuchCustomer
from zhanggui.shop.customers.rules import (
    Address,
    Contact,
    Entry,
    Known,
    Listed,
    Note,
    Purpose,
    Reachable,
    Said,
    Shopper,
)

# Primary key of the session, then index shop_customers_customer_account.
_SIGNED_IN: Final = f"""
select {{said}} from shop_customers_customer where shop = %s::varchar and account_id = ({ACCOUNT_OF_SESSION})
"""
_SHOPPER: Final = _SIGNED_IN.format(
    said="json_build_array(id, account_id, visitor_id, earlier, name, phone, email)::text"
)
_CUSTOMER: Final = _SIGNED_IN.format(said="id")
_PERSON: Final = f"coalesce(({_SIGNED_IN.format(said='visitor_id')}), %s::varchar)"
_PERSONS: Final = f"""
coalesce(({_SIGNED_IN.format(said="array_prepend(visitor_id, earlier)")}), '{{}}'::varchar[]) || %s::varchar
"""
_ACCOUNT: Final = """
select id from shop_customers_customer
where shop = %s::varchar and visitor_id = %s::varchar and joined_to_id is null and account_id is not null
"""
_PARTS: Final = ("recipient", "phone", "country", "region", "city", "district", "street", "postcode")
_KNOWN: Final = f"""
select json_build_array(c.id, c.name, c.phone, c.email, {", ".join(f"a.{part}" for part in _PARTS)})::text
from shop_customers_customer c join shop_customers_address a on a.customer_id = c.id
left join shop_customers_kept k on k.address_id = a.id
where c.shop = %s::varchar and c.visitor_id = ({{person}}) and c.joined_to_id is null
order by coalesce(k.is_default, false) desc, a.id desc limit 1
"""
_ADDRESSES: Final = f"""
select json_object_agg(id, json_build_array({", ".join(_PARTS)}))::text from shop_customers_address
where id = any(array(select unnest(%s::uuid[])))
"""
_BOOK: Final = f"""
select json_agg(json_build_array(k.id, a.id, json_build_array({", ".join(f"a.{part}" for part in _PARTS)}), k.label,
    k.is_default, k.kept_at) order by k.is_default desc, k.id desc)::text
from shop_customers_kept k join shop_customers_address a on a.id = k.address_id where k.customer_id = ({{customer}})
"""
# Unique index shop_customers_customer_person, then index shop_customers_consent_newest for each. Asked for the newest
# one with a limit, PostgreSQL may look for it through the consents of everybody.
_REACHABLE: Final = """
select c.visitor_id, c.id, c.name, c.phone, c.email, coalesce(said.is_given, false), coalesce(said.language, '')
from shop_customers_customer c
cross join lateral (
    select (array_agg(is_given order by id desc) filter (where purpose = %s::varchar))[1] as is_given,
        (array_agg(language order by id desc))[1] as language
    from shop_customers_consent where customer_id = c.id) said
where c.shop = %s::varchar and c.visitor_id = any(%s::varchar[]) and c.joined_to_id is null
    and c.account_id is not null
"""
_entries: Final = msgspec.json.Decoder(tuple[tuple[UUID, UUID, list[str], str, bool, datetime], ...])
_addresses: Final = msgspec.json.Decoder(dict[UUID, list[str]])
_shopper: Final = msgspec.json.Decoder(tuple[UUID, int, str, list[str], str, str, str])


def signed_in(shop: str, session_key: str) -> Shopper | None:
    """Who is signed in with that session, if it exists, has not expired and belongs to a customer. One statement."""
    (found,) = together.ask(signed_in_asked(shop, session_key))
    return cast("Shopper | None", found)


def signed_in_asked(shop: str, session_key: str) -> Question[Shopper | None]:
    """`signed_in`, to be asked together with other things."""
    return Question(_SHOPPER, (shop, session_key, clock.now()), _read_shopper)


def person_asked(shop: str, session_key: str, *, otherwise: str) -> Question[str]:
    """The person who is signed in with that session, else another: to be asked as a part of other questions."""
    return Question(_PERSON, (shop, session_key, clock.now(), otherwise), str)


def persons_asked(shop: str, session_key: str, *, beside: str) -> Question[list[str]]:
    """All under whom whoever is signed in with that session ever walked, and another: a part of other questions."""
    return Question(_PERSONS, (shop, session_key, clock.now(), beside), list)


def customer_asked(shop: str, session_key: str) -> Question[UUID]:
    """The customer who is signed in with that session: to be asked as a part of other questions."""
    return Question(_CUSTOMER, (shop, session_key, clock.now()), UUID)


def _read_shopper(said: str | None) -> Shopper | None:
    if said is None:
        return None
    id, account_id, person, earlier, name, phone, email = _shopper.decode(said)
    return Shopper(
        customer_id=id,
        account_id=account_id,
        person=person,
        persons=(person, *earlier),
        name=name,
        phone=phone,
        email=email,
    )


def of_account(shop: str, account_id: int) -> UUID | None:
    """The customer of an account in a shop; None before the first sign-in. One statement."""
    return models.Customer.objects.filter(shop=shop, account_id=account_id).values_list("id", flat=True).first()


def account_asked(shop: str, person: str) -> Question[UUID | None]:
    """The customer of a person who has an account, to be asked together with other things; None for a guest.

    Index shop_customers_customer_person.
    """
    return Question(_ACCOUNT, (shop, person), lambda said: said)


def with_accounts(shop: str, persons: Iterable[str]) -> frozenset[str]:
    """Those of these persons who have an account. One statement."""
    rows = models.Customer.objects.filter(shop=shop, visitor_id__in=list(persons), account_id__isnull=False)
    return frozenset(rows.filter(joined_to_id=None).values_list("visitor_id", flat=True))


def account_holders(shop: str, *, behind: UUID | None = None, limit: int = 500) -> tuple[tuple[UUID, str], ...]:
    """Customers with an account, each with the person they walk as, by id, a part at a time. One statement.

    behind  the last id of the part before
    """
    rows = models.Customer.objects.filter(shop=shop, account_id__isnull=False, joined_to=None)
    after = rows.filter(pk__gt=behind) if behind else rows
    return tuple(after.order_by("pk").values_list("pk", "visitor_id")[:limit])


def reached(shop: str, typed: Iterable[str]) -> dict[str, str]:
    """Who is meant by whole phone numbers and mail addresses, as person by what was typed; customers with an account.

    What names nobody is left out. One statement. Indexes shop_customers_customer_phone and _email.
    """
    keys = {said: said.strip().lower() if "@" in said else rules.phone_key(said) for said in typed}
    mails = [key for key in keys.values() if "@" in key]
    phones = [key for key in keys.values() if key and "@" not in key]
    rows = models.Customer.objects.filter(shop=shop, account_id__isnull=False, joined_to=None)
    found: dict[str, str] = {}
    named = rows.filter(Q(email_key__in=mails) | Q(phone_key__in=phones))
    for mail, phone, person in named.order_by("pk").values_list("email_key", "phone_key", "visitor_id"):
        found |= {key: person for key in (mail, phone) if key}
    return {said: found[key] for said, key in keys.items() if key in found}


def walks_as(customer_id: UUID) -> str:
    """The person under whom the customer of an order walks now, whoever the guest of then turned out to be; empty for
    nobody. One statement. Primary key.
    """
    row = models.Customer.objects.filter(pk=customer_id).values_list("visitor_id", "joined_to__visitor_id").first()
    return (row[1] or row[0]) if row else ""


def persons(customer_id: UUID) -> tuple[str, ...]:
    """All under whom a customer ever walked, the one of today first; empty for nobody. One statement."""
    row = models.Customer.objects.filter(pk=customer_id).values_list("visitor_id", "earlier").first()
    return (row[0], *row[1]) if row else ()


def ids(customer_id: UUID) -> tuple[UUID, ...]:
    """The customer ids under which orders of a customer stand: its own, and those of guests it was. One statement.

    Narrower than `persons`: what somebody else orders later in a browser in which this customer was once a guest has
    an id of its own.
    """
    joined = models.Customer.objects.filter(joined_to=customer_id).order_by("id").values_list("id", flat=True)
    return (customer_id, *joined)


def known(shop: str, person: str) -> Known | None:
    """What a person need not type again: the default of the address book, else where the last order went.

    One statement. Index shop_customers_customer_person; ids of addresses sort by time.
    """
    (found,) = together.ask(known_asked(shop, Question("%s::varchar", (person,), str)))
    return cast("Known | None", found)


def known_asked(shop: str, person: Question[str]) -> Question[Known | None]:
    """`known`, to be asked together with other things; who the person is may be a question itself."""
    return Question(_KNOWN.format(person=person.sql), (shop, *person.parameters), _read_known)


def _read_known(said: str | None) -> Known | None:
    if said is None:
        return None
    customer_id, name, phone, email, *parts = msgspec.json.decode(said)
    return Known(
        customer_id=UUID(customer_id),
        contact=Contact(name=name, phone=phone, email=email),
        address=Address(**dict(zip(_PARTS, parts, strict=True))),
    )


def address(address_id: UUID) -> Address:
    """An address as it was given with an order. One statement.

    refuses  NoSuchAddress
    """
    row = models.Address.objects.filter(pk=address_id).first()
    if row is None:
        raise NoSuchAddress(address_id=str(address_id))
    return row.value


def addresses(address_ids: Sequence[UUID]) -> dict[UUID, Address]:
    """Several addresses by their ids; ids that nothing has are left out. One statement."""
    (found,) = together.ask(addresses_asked(address_ids))
    return dict(found)


def addresses_asked(address_ids: Sequence[UUID]) -> Question[dict[UUID, Address]]:
    """`addresses`, to be asked together with other things."""
    return Question(_ADDRESSES, (list(address_ids),), _read_addresses)


def _read_addresses(said: str | None) -> dict[UUID, Address]:
    found = _addresses.decode(said) if said else {}
    return {id: Address(**dict(zip(_PARTS, parts, strict=True))) for id, parts in found.items()}


def address_book(customer_id: UUID) -> tuple[Entry, ...]:
    """A customer's addresses, the default first, then the newest. One statement."""
    (found,) = together.ask(book_asked(Question("%s::uuid", (customer_id,), UUID)))
    return cast("tuple[Entry, ...]", found)


def book_asked(customer: Question[UUID]) -> Question[tuple[Entry, ...]]:
    """`address_book`, to be asked together with other things; whose it is may be a question itself."""
    return Question(_BOOK.format(customer=customer.sql), customer.parameters, _read_book)


def _read_book(said: str | None) -> tuple[Entry, ...]:
    return tuple(
        Entry(
            id=id,
            address_id=address_id,
            address=Address(**dict(zip(_PARTS, parts, strict=True))),
            label=label,
            is_default=is_default,
            kept_at=kept_at,
        )
        for id, address_id, parts, label, is_default, kept_at in (_entries.decode(said) if said else ())
    )


def contact(customer_id: UUID) -> Contact:
    """How to reach a customer; all empty if the person is not known, or no longer. One statement."""
    row = models.Customer.objects.filter(pk=customer_id).first()
    return row.contact if row else Contact(name="")


def contacts(customer_ids: Sequence[UUID]) -> dict[UUID, Contact]:
    """How to reach several customers, by their ids. One statement."""
    return {row.id: row.contact for row in models.Customer.objects.filter(pk__in=customer_ids)}


def consents(customer_id: UUID) -> tuple[Said, ...]:
    """All a customer ever said yes or no to, oldest first. One statement; index shop_customers_consent_newest."""
    rows = models.Consent.objects.filter(customer=customer_id).order_by("id")
    return tuple(
        Said(
            purpose=Purpose(row.purpose),
            is_given=row.is_given,
            version=row.version,
            language=row.language,
            text_digest=row.text_digest,
            how=row.how,
            at=row.said_at,
        )
        for row in rows
    )


def may_be_told(customer_id: UUID, purpose: Purpose) -> bool:
    """Whether a customer agrees to something now; silence is no. One statement."""
    return rules.is_given(consents(customer_id), purpose)


def reachable(shop: str, persons: Sequence[str], purpose: Purpose) -> dict[str, Reachable]:
    """Those of these persons who have an account: how to reach them, and whether they agree to a use. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_REACHABLE, [purpose, shop, list(persons)])
        rows = cursor.fetchall()
    return {
        person: Reachable(
            customer_id=id,
            contact=Contact(name=name, phone=phone, email=email),
            agrees=agrees,
            language="en" if language.startswith("en") else language and "zh",
        )
        for person, id, name, phone, email, agrees, language in rows
    }


def customer(shop: str, customer_id: UUID) -> Listed:
    """One customer. One statement.

    refuses  NoSuchCustomer, also for another shop's
    """
    row = models.Customer.objects.filter(pk=customer_id, shop=shop).first()
    if row is None:
        raise NoSuchCustomer(customer_id=str(customer_id))
    return _listed(row)


def customers(shop: str, *, wanted: str = "", limit: int, offset: int = 0) -> tuple[tuple[Listed, ...], int]:
    """Customers of a shop, newest first, and how many there are. Two statements.

    wanted  a whole phone number or mail address, or a part of a name; a part of a number finds nobody, so that nobody
            learns a number by asking for it figure by figure
    """
    found = _wanted(models.Customer.objects.filter(shop=shop, joined_to=None), wanted.strip())
    rows = found.order_by("-id")[offset : offset + limit]
    return tuple(_listed(row) for row in rows), found.count()


def found(shop: str, wanted: str, *, is_by_name: bool, limit: int = 8) -> tuple[Listed, ...]:
    """Customers of a shop that a whole phone number or mail address names, newest first. One statement.

    is_by_name  a part of a name names somebody too
    """
    is_exact = "@" in wanted or not any(sign.isalpha() for sign in wanted)
    if not wanted.strip() or not (is_exact or is_by_name):
        return ()
    rows = _wanted(models.Customer.objects.filter(shop=shop, joined_to=None), wanted.strip())
    return tuple(_listed(row) for row in rows.order_by("-id")[:limit])


def notes(customer_id: UUID) -> tuple[Note, ...]:
    """What operators wrote down about a customer, newest first. One statement."""
    rows = models.Note.objects.filter(customer=customer_id).order_by("-id")
    return tuple(Note(words=row.words, by=row.by, at=row.at) for row in rows)


def _wanted(found: QuerySet[models.Customer], wanted: str) -> QuerySet[models.Customer]:
    if not wanted or not rules.is_clean(wanted):
        return found if not wanted else found.none()
    if "@" in wanted:
        return found.filter(email_key=wanted.lower())
    if not any(sign.isalpha() for sign in wanted):
        key = rules.phone_key(wanted)
        return found.filter(phone_key=key) if key else found.none()
    return found.filter(name__icontains=wanted)


def _listed(row: models.Customer) -> Listed:
    return Listed(
        id=row.id,
        person=row.visitor_id,
        contact=row.contact,
        registered_at=row.registered_at,
        has_account=row.account_id is not None,
    )
