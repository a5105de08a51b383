"""The tables of shops and of who runs them."""

from __future__ import annotations

from django.db import models

from zhanggui.base.shops import rules


class Shop(models.Model):
    """One shop of this installation."""

    code = models.SlugField(primary_key=True, max_length=40)
    name = models.CharField(max_length=120)
    zone = models.CharField(max_length=60)
    currency = models.CharField(max_length=6)
    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in rules.ShopKind])
    opened_at = models.DateTimeField()
    law = models.CharField(max_length=2, choices=[(law, law) for law in rules.Law], default=rules.Law.CN)

    class Meta:
        db_table = "base_shops_shop"
        constraints = [
            models.CheckConstraint(name="base_shops_currency", condition=models.Q(currency__regex="^[A-Z]{3,6}$")),
            models.CheckConstraint(name="base_shops_law", condition=models.Q(law__in=list(rules.Law))),
            models.CheckConstraint(name="base_shops_kind", condition=models.Q(kind__in=list(rules.ShopKind))),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def value(self) -> rules.Shop:
        """The row as a frozen value; no statement if its imprint was read along."""
        said = getattr(self, "imprint", None)
        return rules.Shop(
            code=self.code,
            name=self.name,
            zone=self.zone,
            currency=self.currency,
            kind=rules.ShopKind(self.kind),
            law=rules.Law(self.law),
            icp=said.icp if said else "",
            police_filing=said.police_filing if said else "",
        )


class Imprint(models.Model):
    """Who runs a shop; what is empty is not shown."""

    shop = models.OneToOneField(Shop, on_delete=models.CASCADE, primary_key=True, related_name="imprint")
    company = models.CharField(max_length=rules.LONGEST_LINE, blank=True)
    represented_by = models.CharField(max_length=rules.LONGEST_LINE, blank=True)
    address = models.CharField(max_length=rules.LONGEST_LINE, blank=True)
    email = models.CharField(max_length=rules.LONGEST_LINE, blank=True)
    phone = models.CharField(max_length=rules.LONGEST_LINE, blank=True)
    register = models.CharField(max_length=rules.LONGEST_LINE, blank=True)
    vat_number = models.CharField(max_length=rules.LONGEST_LINE, blank=True)
    licence = models.CharField(max_length=rules.LONGEST_LINE, blank=True)
    icp = models.CharField(max_length=rules.LONGEST_LINE, blank=True)
    police_filing = models.CharField(max_length=rules.LONGEST_LINE, blank=True)

    class Meta:
        db_table = "base_shops_imprint"

    def __str__(self) -> str:
        return f"{self.shop_id}: {self.company}"
