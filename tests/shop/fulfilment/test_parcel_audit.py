"""What adding up the parcels finds."""

from __future__ import annotations

import pytest

from tests.shop.fulfilment.made import a_parcel, in_stock
from zhanggui.shop.fulfilment import models, queries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shop")]


def test_the_audit_finds_pieces_that_are_not_reserved() -> None:
    in_stock(CUP=10)
    parcel = a_parcel()
    assert queries.audit() == ()
    models.Line.objects.filter(parcel_id=parcel.id).update(units=3)
    (found,) = queries.audit()
    assert (found.order_number, found.parcel_units, found.reserved_units) == (parcel.order_number, 3, 2)
