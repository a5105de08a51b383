"""Places, notes, and what an order keeps for money that goes back; orders that stand are carried over."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

STATES = ["awaiting_payment", "paid", "shipping", "shipped", "delivered", "completed", "cancelled", "expired"]
STANDS = ["completed", "delivered", "paid", "shipped", "shipping"]

_CARRY_OVER = """
update shop_orders_order set book_currency = currency, book_rate_on = (placed_at at time zone 'UTC')::date,
    paid_at = case when state = 'paid' then ended_at end;
insert into shop_orders_destination
    (order_id, position, address_id, country, region, city, option, shipping_minor, promised_on)
select o.number, 1, o.address_id, coalesce(a.country, ''), coalesce(a.region, ''), coalesce(a.city, ''), 'standard',
    o.shipping_minor, null
from shop_orders_order o left join shop_customers_address a on a.id = o.address_id;
set constraints all immediate;
"""


def _minor() -> models.BigIntegerField[int, int]:
    return models.BigIntegerField(default=0)


class Migration(migrations.Migration):
    dependencies = [("shop_orders", "0001_initial"), ("shop_customers", "0001_initial")]

    operations = [
        migrations.AddField("order", "tax_included_minor", _minor()),
        migrations.AddField("order", "refunded_minor", _minor()),
        migrations.AddField("order", "book_currency", models.CharField(max_length=6, default="")),
        migrations.AddField(
            "order", "book_rate", models.DecimalField(max_digits=20, decimal_places=10, default=1)
        ),
        migrations.AddField("order", "book_rate_on", models.DateField(null=True)),
        migrations.AddField("order", "note", models.CharField(max_length=500, blank=True, default="")),
        migrations.AddField("order", "paid_at", models.DateTimeField(null=True)),
        migrations.CreateModel(
            name="Destination",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("address_id", models.UUIDField()),
                ("country", models.CharField(blank=True, max_length=2)),
                ("region", models.CharField(blank=True, max_length=120)),
                ("city", models.CharField(blank=True, max_length=120)),
                ("option", models.CharField(max_length=40)),
                ("shipping_minor", models.BigIntegerField()),
                ("promised_on", models.DateField(null=True)),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="destinations",
                        to="shop_orders.order",
                    ),
                ),
            ],
            options={
                "db_table": "shop_orders_destination",
                "constraints": [
                    models.UniqueConstraint(fields=("order", "position"), name="shop_orders_destination_once"),
                    models.CheckConstraint(
                        condition=Q(shipping_minor__gte=0), name="shop_orders_destination_shipping"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", models.TextField()),
                ("by", models.CharField(max_length=120)),
                ("at", models.DateTimeField()),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="notes", to="shop_orders.order"
                    ),
                ),
            ],
            options={
                "db_table": "shop_orders_note",
                "indexes": [models.Index(fields=["order", "at"], name="shop_orders_note_order")],
            },
        ),
        migrations.RunSQL(_CARRY_OVER, migrations.RunSQL.noop),
        migrations.RemoveField("order", "address_id"),
        migrations.AlterField("order", "book_currency", models.CharField(max_length=6)),
        migrations.AlterField("order", "book_rate_on", models.DateField()),
        migrations.AlterField("order", "note", models.CharField(blank=True, max_length=500)),
        migrations.AlterField(
            "order", "state", models.CharField(choices=[(state, state) for state in STATES], max_length=20)
        ),
        migrations.AddIndex(
            "order", models.Index(fields=["shop", "state", "-placed_at"], name="shop_orders_order_state_at")
        ),
        migrations.RemoveConstraint("order", "shop_orders_order_state"),
        migrations.AddConstraint(
            "order", models.CheckConstraint(condition=Q(state__in=STATES), name="shop_orders_order_state")
        ),
        migrations.AddConstraint(
            "order",
            models.CheckConstraint(
                condition=~Q(state__in=STANDS) | Q(paid_at__isnull=False), name="shop_orders_order_paid"
            ),
        ),
        migrations.AddConstraint(
            "order",
            models.CheckConstraint(
                condition=Q(refunded_minor=0)
                | Q(paid_at__isnull=False, refunded_minor__gt=0, refunded_minor__lte=F("total_minor")),
                name="shop_orders_order_refunded",
            ),
        ),
        migrations.AddConstraint(
            "order", models.CheckConstraint(condition=Q(book_rate__gt=0), name="shop_orders_order_rate")
        ),
        migrations.AddField("line", "destination", models.PositiveSmallIntegerField(default=1)),
        migrations.AddField("line", "variant_zh", models.CharField(max_length=120, blank=True, default="")),
        migrations.AddField("line", "variant_en", models.CharField(max_length=120, blank=True, default="")),
        migrations.AddField("line", "tax_rate", models.DecimalField(max_digits=7, decimal_places=5, default=0)),
        migrations.AddField("line", "tax_included_minor", _minor()),
        migrations.AddField("line", "cost_minor", _minor()),
        migrations.AddField("line", "shares", models.JSONField(default=list)),
        migrations.AddField("line", "parts", models.JSONField(default=list)),
        migrations.AddField("line", "needs_shipping", models.BooleanField(default=True)),
        migrations.AddField(
            "line", "no_reason_exception", models.CharField(max_length=40, blank=True, default="")
        ),
        migrations.AddField("line", "exception_confirmed_at", models.DateTimeField(null=True)),
        migrations.AddField("line", "returned_units", models.PositiveIntegerField(default=0)),
        migrations.AlterField("line", "variant_zh", models.CharField(blank=True, max_length=120)),
        migrations.AlterField("line", "variant_en", models.CharField(blank=True, max_length=120)),
        migrations.AlterField("line", "no_reason_exception", models.CharField(blank=True, max_length=40)),
        migrations.RemoveConstraint("line", "shop_orders_line_once"),
        migrations.AddConstraint(
            "line", models.UniqueConstraint(fields=("order", "position"), name="shop_orders_line_position")
        ),
        migrations.AddConstraint(
            "line", models.UniqueConstraint(fields=("order", "destination", "sku"), name="shop_orders_line_sku")
        ),
        migrations.AddConstraint(
            "line",
            models.CheckConstraint(
                condition=Q(returned_units__gte=0, returned_units__lte=F("quantity")),
                name="shop_orders_line_returned",
            ),
        ),
    ]
