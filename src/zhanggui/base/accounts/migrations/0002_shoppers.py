"""One table for everybody who signs in: operators as before, and shoppers, who have neither role nor password."""

import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models
from django.db.models import Q

from zhanggui.base.accounts.rules import Kind, Role


class Migration(migrations.Migration):

    dependencies = [("base_accounts", "0001_initial")]
    # What points to an account must find it under its new name.
    run_before = [("account", "0001_initial")]

    operations = [
        migrations.RemoveConstraint(model_name="operator", name="base_accounts_operator_role"),
        migrations.RemoveConstraint(model_name="operator", name="base_accounts_operator_email"),
        migrations.RenameModel(old_name="Operator", new_name="Account"),
        migrations.AlterModelTable(name="account", table="base_accounts_account"),
        migrations.AddField(
            model_name="account",
            name="kind",
            field=models.CharField(max_length=8, choices=[(kind, kind) for kind in Kind], default=Kind.OPERATOR),
        ),
        migrations.AddField(
            model_name="account", name="phone", field=models.CharField(max_length=16, null=True)
        ),
        migrations.AddField(model_name="account", name="verified_at", field=models.DateTimeField(null=True)),
        migrations.AlterField(model_name="account", name="email", field=models.EmailField(max_length=254, null=True)),
        migrations.AlterField(
            model_name="account",
            name="role",
            field=models.CharField(blank=True, choices=[(role, role) for role in Role], max_length=12),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                name="base_accounts_account_kind",
                condition=Q(kind=Kind.OPERATOR, role__in=list(Role), email__isnull=False)
                | Q(kind=Kind.SHOPPER, role="", password__startswith="!")
                & Q(Q(email__isnull=False) | Q(phone__isnull=False)),
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                name="base_accounts_account_email",
                condition=Q(email=django.db.models.functions.text.Lower("email")) & ~Q(email=""),
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(name="base_accounts_account_phone", condition=Q(phone__startswith="+")),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.UniqueConstraint(fields=["kind", "email"], name="base_accounts_account_email_once"),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.UniqueConstraint(fields=["kind", "phone"], name="base_accounts_account_phone_once"),
        ),
        migrations.CreateModel(
            name="Operator",
            fields=[],
            options={"proxy": True, "indexes": [], "constraints": []},
            bases=("base_accounts.account",),
        ),
        migrations.CreateModel(
            name="Asked",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("who_digest", models.BinaryField(max_length=16)),
                ("from_digest", models.BinaryField(max_length=16)),
                ("at", models.DateTimeField(db_index=True)),
            ],
            options={
                "db_table": "base_accounts_asked",
                "indexes": [
                    models.Index(fields=["who_digest", "at"], name="base_accounts_asked_who"),
                    models.Index(fields=["from_digest", "at"], name="base_accounts_asked_from"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Session",
            fields=[
                (
                    "session_key",
                    models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name="session key"),
                ),
                ("session_data", models.TextField(verbose_name="session data")),
                ("expire_date", models.DateTimeField(db_index=True, verbose_name="expire date")),
                (
                    "account",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, to="base_accounts.account"
                    ),
                ),
            ],
            options={"db_table": "base_accounts_session"},
        ),
    ]
