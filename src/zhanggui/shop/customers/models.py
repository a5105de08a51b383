"""The only tables with personal data."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Func, Q, Value
from django.db.models.functions import Lower

from zhanggui.shop.customers import rules
from zhanggui.shop.customers.rules import Purpose


def _replaced(text: Func | str, pattern: str, by: str, *flags: str) -> Func:
    """regexp_replace, which PostgreSQL knows to be immutable, so a column can be made of it."""
    said = (Value(part) for part in (pattern, by, *flags))
    return Func(text, *said, function="regexp_replace", output_field=models.CharField(max_length=40))


def _phone_key() -> Func:
    """`rules.phone_key` in SQL; a test holds the two together."""
    digits = _replaced("phone", "[^0-9]", "", "g")
    at_home = _replaced(digits, "^(00)?(86)?(1[3-9][0-9]{9})$", r"86\3")
    return _replaced(at_home, "^00", "")


class Customer(models.Model):
    """Somebody who bought or signed in. A guest is known by the visitor id of the first order.

    visitor_id  the person this customer walks as now: a guest's visitor id, an account's own id
    earlier     persons this customer walked as before, as a guest who was later found to be the same
    account_id  whoever signs in with that account is this customer; empty for a guest
    joined_to   a guest who was found to be that customer; what the guest ordered belongs there
    closed_at   when the account was closed; from then on nothing here says who it was
    phone_key, email_key  what is found again however it was typed; the database makes them
    """

    id = models.UUIDField(primary_key=True)
    shop = models.CharField(max_length=40)
    visitor_id = models.CharField(max_length=120)
    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=40, blank=True)
    email = models.CharField(max_length=254, blank=True)
    registered_at = models.DateTimeField()
    account_id = models.BigIntegerField(null=True)
    earlier = ArrayField(models.CharField(max_length=120), default=list, db_default=Value("{}"))
    joined_to = models.ForeignKey("self", null=True, on_delete=models.CASCADE)
    closed_at = models.DateTimeField(null=True)
    phone_key = models.GeneratedField(
        expression=_phone_key(), output_field=models.CharField(max_length=40), db_persist=True
    )
    email_key = models.GeneratedField(
        expression=Lower("email"), output_field=models.CharField(max_length=254), db_persist=True
    )

    class Meta:
        db_table = "shop_customers_customer"
        indexes = [
            models.Index(fields=["phone_key"], name="shop_customers_customer_phone", condition=~Q(phone_key="")),
            models.Index(fields=["email_key"], name="shop_customers_customer_email", condition=~Q(email_key="")),
            models.Index(
                fields=["closed_at"], name="shop_customers_customer_closed", condition=Q(closed_at__isnull=False)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "visitor_id"], name="shop_customers_customer_person", condition=Q(joined_to=None)
            ),
            models.UniqueConstraint(fields=["shop", "account_id"], name="shop_customers_customer_account"),
            models.CheckConstraint(name="shop_customers_customer_visitor", condition=~Q(visitor_id="")),
            models.CheckConstraint(
                name="shop_customers_customer_closed_is_nobody",
                condition=Q(closed_at=None) | Q(name="", phone="", email="", account_id=None),
            ),
            models.CheckConstraint(
                name="shop_customers_customer_joined", condition=Q(joined_to=None) | Q(account_id=None)
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def contact(self) -> rules.Contact:
        """How to reach the customer."""
        return rules.Contact(name=self.name, phone=self.phone, email=self.email)


class Address(models.Model):
    """Where an order went; never changed, because the order points here."""

    id = models.UUIDField(primary_key=True)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    recipient = models.CharField(max_length=120)
    phone = models.CharField(max_length=40)
    country = models.CharField(max_length=2)
    region = models.CharField(max_length=120, blank=True)
    city = models.CharField(max_length=120)
    district = models.CharField(max_length=120, blank=True)
    street = models.CharField(max_length=120)
    postcode = models.CharField(max_length=120, blank=True)

    class Meta:
        db_table = "shop_customers_address"

    def __str__(self) -> str:
        return str(self.id)

    @property
    def value(self) -> rules.Address:
        """The row as a frozen value."""
        return rules.Address(
            recipient=self.recipient,
            phone=self.phone,
            country=self.country,
            region=self.region,
            city=self.city,
            district=self.district,
            street=self.street,
            postcode=self.postcode,
        )


class Kept(models.Model):
    """An entry of a customer's address book; forgetting it leaves the address to the orders that went there."""

    id = models.UUIDField(primary_key=True)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    address = models.ForeignKey(Address, on_delete=models.CASCADE)
    label = models.CharField(max_length=20, blank=True)
    is_default = models.BooleanField(default=False)
    kept_at = models.DateTimeField()

    class Meta:
        db_table = "shop_customers_kept"
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], name="shop_customers_kept_default", condition=Q(is_default=True)
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Consent(models.Model):
    """What a customer said to one version of a text, once; never changed. The newest for a purpose counts.

    how          where it was said, such as `sign_in` or `account`
    text_digest  SHA-256 of the words that were shown
    """

    id = models.UUIDField(primary_key=True)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    purpose = models.CharField(max_length=20, choices=[(purpose, purpose) for purpose in Purpose])
    is_given = models.BooleanField()
    version = models.CharField(max_length=20)
    language = models.CharField(max_length=10)
    text_digest = models.CharField(max_length=64)
    how = models.CharField(max_length=20)
    said_at = models.DateTimeField()

    class Meta:
        db_table = "shop_customers_consent"
        indexes = [models.Index(fields=["customer", "purpose", "-id"], name="shop_customers_consent_newest")]
        constraints = [
            models.CheckConstraint(name="shop_customers_consent_purpose", condition=Q(purpose__in=list(Purpose))),
            models.CheckConstraint(
                name="shop_customers_consent_digest", condition=Q(text_digest__regex="^[0-9a-f]{64}$")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.version}"


class Note(models.Model):
    """What an operator wrote down about a customer."""

    id = models.UUIDField(primary_key=True)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    words = models.CharField(max_length=1000)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        db_table = "shop_customers_note"
        constraints = [models.CheckConstraint(name="shop_customers_note_words", condition=~Q(words=""))]

    def __str__(self) -> str:
        return str(self.id)
