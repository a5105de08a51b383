"""One SKU is in one open flash sale at a time.

An exclusion constraint compares periods with && and the SKU with =, and the index that can do the first cannot do the
second without an extension that the bundled PostgreSQL does not have. So the SKU is compared as a range of one name.
"""

from __future__ import annotations

from django.db import migrations

_SET = """
create type growth_flash_name as range (subtype = text, collation = "C");
alter table growth_flash_item add constraint growth_flash_no_overlap exclude using gist (
    growth_flash_name(shop || ' ' || sku, shop || ' ' || sku, '[]') with &&,
    tstzrange(starts_at, ends_at) with &&) where (is_open);
"""
_UNSET = """
alter table growth_flash_item drop constraint growth_flash_no_overlap;
drop type growth_flash_name;
"""


class Migration(migrations.Migration):
    """A constraint that Django's models cannot say."""

    dependencies = [("growth_flash", "0001_initial")]

    operations = [migrations.RunSQL(_SET, _UNSET)]
