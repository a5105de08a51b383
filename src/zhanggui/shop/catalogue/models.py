"""The tables of the catalogue."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast, NullIf, Round

from zhanggui.shop.catalogue import rules

_KINDS = [kind.value for kind in rules.Kind]
_SALE_OR_NONE = Q(sale_minor__isnull=True, sale_starts_at__isnull=True, sale_ends_at__isnull=True) | Q(
    sale_minor__gt=0, sale_starts_at__isnull=False, sale_ends_at__gt=F("sale_starts_at")
)


class Category(models.Model):
    """A shelf of the shop; path holds the keys from the top down, such as outdoor/tents."""

    shop = models.CharField(max_length=40)
    key = models.SlugField(max_length=40)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)
    position = models.PositiveIntegerField()
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT)
    path = models.CharField(max_length=400, blank=True)

    class Meta:
        db_table = "shop_catalogue_category"
        constraints = [
            models.UniqueConstraint(fields=["shop", "key"], name="shop_catalogue_category_once"),
            models.CheckConstraint(name="shop_catalogue_category_above", condition=~Q(parent=F("id"))),
        ]

    def __str__(self) -> str:
        return f"{self.shop}/{self.path or self.key}"

    @property
    def value(self) -> rules.Category:
        """The row as a frozen value."""
        path = tuple((self.path or self.key).split("/"))
        return rules.Category(
            shop=self.shop,
            key=self.key,
            name=rules.Words(zh=self.name_zh, en=self.name_en),
            position=self.position,
            parent=path[-2] if len(path) > 1 else "",
            path=path,
        )


class FormerKey(models.Model):
    """What a category was called in addresses before; whoever asks for it is led to what it is called now."""

    shop = models.CharField(max_length=40)
    key = models.SlugField(max_length=40, db_index=False)
    category = models.ForeignKey(Category, on_delete=models.CASCADE)

    class Meta:
        db_table = "shop_catalogue_former_key"
        constraints = [models.UniqueConstraint(fields=["shop", "key"], name="shop_catalogue_former_key_once")]

    def __str__(self) -> str:
        return f"{self.shop}/{self.key}"


class Term(models.Model):
    """A value of an attribute that products share, such as 产地: 景德镇; shelves are narrowed by it."""

    shop = models.CharField(max_length=40)
    key = models.CharField(max_length=40)
    value = models.CharField(max_length=200)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)
    value_zh = models.CharField(max_length=200, blank=True)
    value_en = models.CharField(max_length=200, blank=True)
    number = models.DecimalField(max_digits=20, decimal_places=6, null=True)

    class Meta:
        db_table = "shop_catalogue_term"
        constraints = [models.UniqueConstraint(fields=["shop", "key", "value"], name="shop_catalogue_term_once")]

    def __str__(self) -> str:
        return f"{self.key}={self.value}"


class Product(models.Model):
    """What is offered, with its words; its SKUs are its variants.

    terms (their ids, four bytes each), search, is_listed, face_sku, skus, low_minor, high_minor and the sale are made
    of its words and variants, written with them; sold_units, rating_sum and rating_count are caches. All of these
    order and narrow the shelves and decide nothing else. version grows with every change of the row but
    for sold_units (a trigger), edition with every edit.
    """

    shop = models.CharField(max_length=40)
    handle = models.CharField(max_length=80)
    category = models.ForeignKey(Category, on_delete=models.PROTECT)
    kind = models.CharField(max_length=10, default=rules.Kind.PHYSICAL)
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    summary_zh = models.TextField(blank=True)
    summary_en = models.TextField(blank=True)
    brand_zh = models.CharField(max_length=80, blank=True)
    brand_en = models.CharField(max_length=80, blank=True)
    proof_zh = models.CharField(max_length=200, blank=True)
    proof_en = models.CharField(max_length=200, blank=True)
    attributes = models.JSONField(default=list)
    options = models.JSONField(default=list)
    media = models.JSONField(default=list)
    blocks = models.JSONField(default=list)
    tags = ArrayField(models.CharField(max_length=60), default=list)
    tax_class = models.CharField(max_length=40, default="standard")
    no_reason_exception = models.CharField(max_length=20, blank=True)
    picture_version = models.CharField(max_length=16, blank=True)
    picture_file = models.CharField(max_length=60, blank=True)
    listed_at = models.DateTimeField()
    edition = models.BigIntegerField(default=1)
    version = models.BigIntegerField(default=1)
    terms = models.BinaryField(default=b"")
    search = SearchVectorField(null=True)
    is_listed = models.BooleanField(default=True)
    face_sku = models.CharField(max_length=60, blank=True)
    skus = models.PositiveIntegerField(default=0)
    low_minor = models.BigIntegerField(default=0)
    high_minor = models.BigIntegerField(default=0)
    sale_minor = models.BigIntegerField(null=True)
    sale_starts_at = models.DateTimeField(null=True)
    sale_ends_at = models.DateTimeField(null=True)
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
                fields=["category"],
                include=[
                    "shop",
                    "id",
                    "terms",
                    "low_minor",
                    "sale_minor",
                    "sale_starts_at",
                    "sale_ends_at",
                    "rating_sum",
                    "rating_count",
                    "sold_units",
                    "listed_at",
                ],
                name="shop_catalogue_product_shelf",
                condition=Q(is_listed=True),
            ),
            # The map for search engines goes through a shop in this order, a part at a time.
            models.Index(
                fields=["shop", "face_sku"],
                name="shop_catalogue_product_faces",
                condition=Q(is_listed=True),
                include=["listed_at"],
            ),
            models.Index(
                fields=["shop", "-sold_units", "face_sku"],
                name="shop_catalogue_product_best",
                condition=Q(is_listed=True),
            ),
            models.Index(
                fields=["shop", "-listed_at", "face_sku"],
                name="shop_catalogue_product_new",
                condition=Q(is_listed=True),
            ),
            GinIndex(fields=["search"], name="shop_catalogue_product_words"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["shop", "handle"], name="shop_catalogue_product_once"),
            models.CheckConstraint(name="shop_catalogue_product_kind", condition=Q(kind__in=_KINDS)),
            models.CheckConstraint(
                name="shop_catalogue_product_rating",
                condition=Q(rating_sum__gte=F("rating_count"), rating_sum__lte=F("rating_count") * 5),
            ),
        ]

    def __str__(self) -> str:
        return self.handle


class FormerHandle(models.Model):
    """What a product was called in addresses before; whoever asks for it is led to what it is called now."""

    shop = models.CharField(max_length=40)
    handle = models.CharField(max_length=80)
    product = models.ForeignKey(Product, on_delete=models.CASCADE)

    class Meta:
        db_table = "shop_catalogue_former_handle"
        constraints = [models.UniqueConstraint(fields=["shop", "handle"], name="shop_catalogue_former_handle_once")]

    def __str__(self) -> str:
        return f"{self.shop}/{self.handle}"


class Variant(models.Model):
    """A SKU: what is bought, counted and sent.

    Two listed SKUs of a product never have the same values: an exclusion constraint of its migration.
    """

    sku = models.CharField(primary_key=True, max_length=60)
    product = models.ForeignKey(Product, on_delete=models.PROTECT)
    position = models.PositiveIntegerField(default=1)
    values = models.JSONField(default=list)
    barcode = models.CharField(max_length=40, blank=True)
    price_minor = models.BigIntegerField()
    cost_minor = models.BigIntegerField()
    currency = models.CharField(max_length=6)
    sale_minor = models.BigIntegerField(null=True)
    sale_starts_at = models.DateTimeField(null=True)
    sale_ends_at = models.DateTimeField(null=True)
    weight_g = models.PositiveIntegerField()
    picture_version = models.CharField(max_length=16, blank=True)
    picture_file = models.CharField(max_length=60, blank=True)
    is_listed = models.BooleanField()
    needs_shipping = models.BooleanField(default=True)
    version = models.BigIntegerField(default=1)

    class Meta:
        db_table = "shop_catalogue_variant"
        constraints = [
            models.CheckConstraint(name="shop_catalogue_variant_price", condition=Q(price_minor__gt=0)),
            models.CheckConstraint(name="shop_catalogue_variant_cost", condition=Q(cost_minor__gte=0)),
            models.CheckConstraint(name="shop_catalogue_variant_sale", condition=_SALE_OR_NONE),
        ]

    def __str__(self) -> str:
        return self.sku


class Part(models.Model):
    """What a bundle holds."""

    bundle = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="parts")
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+")
    units = models.PositiveIntegerField()

    class Meta:
        db_table = "shop_catalogue_part"
        constraints = [
            models.UniqueConstraint(fields=["bundle", "variant"], name="shop_catalogue_part_once"),
            models.CheckConstraint(
                name="shop_catalogue_part_units", condition=Q(units__gt=0) & ~Q(bundle=F("variant"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bundle_id}: {self.units} × {self.variant_id}"


class ForeignPrice(models.Model):
    """The price of a SKU in another currency than its own, said and not reckoned."""

    variant = models.ForeignKey(Variant, on_delete=models.CASCADE)
    currency = models.CharField(max_length=6)
    price_minor = models.BigIntegerField()

    class Meta:
        db_table = "shop_catalogue_foreign_price"
        constraints = [
            models.UniqueConstraint(fields=["variant", "currency"], name="shop_catalogue_foreign_price_once"),
            models.CheckConstraint(name="shop_catalogue_foreign_price_more", condition=Q(price_minor__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.variant_id} {self.price_minor} {self.currency}"


class Evidence(models.Model):
    """A certificate or inspection report of a product, or of one of its SKUs."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE)
    sku = models.CharField(max_length=60, blank=True)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    issuer_zh = models.CharField(max_length=120)
    issuer_en = models.CharField(max_length=120, blank=True)
    number = models.CharField(max_length=80)
    issued_on = models.DateField()
    valid_until = models.DateField(null=True)
    file = models.CharField(max_length=60, blank=True)

    class Meta:
        db_table = "shop_catalogue_evidence"
        constraints = [
            models.UniqueConstraint(fields=["product", "sku", "number"], name="shop_catalogue_evidence_once"),
            models.CheckConstraint(
                name="shop_catalogue_evidence_days",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("issued_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Drawing(models.Model):
    """A picture drawn by our own code, by its content."""

    version = models.CharField(primary_key=True, max_length=16)
    svg = models.TextField()

    class Meta:
        db_table = "shop_catalogue_drawing"

    def __str__(self) -> str:
        return self.version


class File(models.Model):
    """A file of the media store, by its content; the bytes lie in the home folder."""

    name = models.CharField(primary_key=True, max_length=60)
    content_type = models.CharField(max_length=40)
    size_bytes = models.BigIntegerField()
    kept_at = models.DateTimeField()

    class Meta:
        db_table = "shop_catalogue_file"

    def __str__(self) -> str:
        return self.name


class PricePoint(models.Model):
    """From when on a SKU had a price, in a sale until when; the lawful "was" price is read from here."""

    sku = models.CharField(max_length=60)
    kind = models.CharField(max_length=4, default=rules.PriceKind.LIST)
    price_minor = models.BigIntegerField()
    currency = models.CharField(max_length=6)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        db_table = "shop_catalogue_price_point"
        indexes = [models.Index(fields=["sku", "since"], name="shop_catalogue_price_point_sku")]
        constraints = [
            models.CheckConstraint(name="shop_catalogue_price_point_more", condition=Q(price_minor__gt=0)),
            models.CheckConstraint(
                name="shop_catalogue_price_point_kind",
                condition=Q(kind="list", until__isnull=True) | Q(kind="sale", until__gt=F("since")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku} {self.price_minor} {self.currency}"
