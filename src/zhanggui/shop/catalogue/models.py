"""The tables of the catalogue."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast, NullIf, Round

from zhanggui.base.money import Money
from zhanggui.shop.catalogue import rules


class Category(models.Model):
    """A shelf of the shop."""

    shop = models.CharField(max_length=40)
    key = models.SlugField(max_length=40)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)
    position = models.PositiveIntegerField()

    class Meta:
        db_table = "shop_catalogue_category"
        constraints = [models.UniqueConstraint(fields=["shop", "key"], name="shop_catalogue_category_once")]

    def __str__(self) -> str:
        return f"{self.shop}/{self.key}"

    @property
    def value(self) -> rules.Category:
        """The row as a frozen value."""
        name = rules.Words(zh=self.name_zh, en=self.name_en)
        return rules.Category(shop=self.shop, key=self.key, name=name, position=self.position)


class Product(models.Model):
    """What can be bought, with the words, the price and the picture it is offered with.

    sold_units, rating_sum and rating_count are caches; they order the shelves and decide nothing else.
    """

    sku = models.CharField(primary_key=True, max_length=60)
    shop = models.CharField(max_length=40)
    category = models.ForeignKey(Category, on_delete=models.PROTECT)
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    summary_zh = models.TextField(blank=True)
    summary_en = models.TextField(blank=True)
    brand_zh = models.CharField(max_length=80, blank=True)
    brand_en = models.CharField(max_length=80, blank=True)
    proof_zh = models.CharField(max_length=200, blank=True)
    proof_en = models.CharField(max_length=200, blank=True)
    attributes = models.JSONField(default=list)
    price_minor = models.BigIntegerField()
    cost_minor = models.BigIntegerField()
    currency = models.CharField(max_length=6)
    weight_g = models.PositiveIntegerField()
    picture_svg = models.TextField()
    picture_version = models.CharField(max_length=16)
    search_text = models.TextField()
    is_listed = models.BooleanField()
    listed_at = models.DateTimeField()
    sold_units = models.BigIntegerField(default=0)
    rating_sum = models.BigIntegerField(default=0)
    rating_count = models.BigIntegerField(default=0)
    rating_mean = models.GeneratedField(
        expression=Round(
            Cast(F("rating_sum"), models.DecimalField(max_digits=20, decimal_places=4)) / NullIf(F("rating_count"), 0),
            precision=1,
        ),
        output_field=models.DecimalField(max_digits=2, decimal_places=1, null=True),
        db_persist=True,
    )

    class Meta:
        db_table = "shop_catalogue_product"
        indexes = [
            models.Index(
                fields=["category", "-sold_units", "sku"],
                name="shop_catalogue_product_shelf",
                condition=Q(is_listed=True),
            ),
            models.Index(
                fields=["shop", "-sold_units", "sku"], name="shop_catalogue_product_best", condition=Q(is_listed=True)
            ),
            models.Index(
                fields=["shop", "-listed_at", "sku"], name="shop_catalogue_product_new", condition=Q(is_listed=True)
            ),
        ]
        constraints = [
            models.CheckConstraint(name="shop_catalogue_product_price", condition=Q(price_minor__gt=0)),
            models.CheckConstraint(name="shop_catalogue_product_cost", condition=Q(cost_minor__gte=0)),
            models.CheckConstraint(
                name="shop_catalogue_product_rating",
                condition=Q(rating_sum__gte=F("rating_count"), rating_sum__lte=F("rating_count") * 5),
            ),
        ]

    def __str__(self) -> str:
        return self.sku

    @property
    def price(self) -> Money:
        """The list price of one piece."""
        return Money(self.price_minor, self.currency)


class Review(models.Model):
    """What a shopper said about a SKU."""

    sku = models.CharField(max_length=60)
    rating = models.PositiveSmallIntegerField()
    words = models.TextField()
    language = models.CharField(max_length=10)
    author = models.CharField(max_length=40)
    order_number = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "shop_catalogue_review"
        indexes = [models.Index(fields=["sku", "-at", "-id"], name="shop_catalogue_review_sku")]
        constraints = [
            models.CheckConstraint(name="shop_catalogue_review_rating", condition=Q(rating__gte=1, rating__lte=5))
        ]

    def __str__(self) -> str:
        return f"{self.sku} {self.rating}"


class PricePoint(models.Model):
    """From when on a SKU had a list price; the lawful "was" price is read from here."""

    sku = models.CharField(max_length=60)
    price_minor = models.BigIntegerField()
    currency = models.CharField(max_length=6)
    since = models.DateTimeField()

    class Meta:
        db_table = "shop_catalogue_price_point"
        indexes = [models.Index(fields=["sku", "since"], name="shop_catalogue_price_point_sku")]
        constraints = [models.CheckConstraint(name="shop_catalogue_price_point_more", condition=Q(price_minor__gt=0))]

    def __str__(self) -> str:
        return f"{self.sku} {self.price_minor} {self.currency}"
