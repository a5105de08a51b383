"""Whose law a shop keeps, and who it says runs it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.shop.made import statements
from zhanggui.base.kept import forget_all
from zhanggui.base.shops import actions, models, queries
from zhanggui.base.shops.errors import LineTooLong, NoSuchShop
from zhanggui.base.shops.rules import LONGEST_LINE, Imprint, Law, Shop, ShopKind, law_for, missing

SHOP = Shop(code="tea", name="茶铺", zone="Asia/Shanghai", currency="CNY", kind=ShopKind.OWN)
SAID = Imprint(
    company="Tea Ltd", address="1 Lane", email="a@tea.example", phone="+49 30 1", vat_number="DE1", icp="ICP 1"
)


@pytest.mark.parametrize(
    ("currency", "zone", "law"),
    [
        ("CNY", "Asia/Shanghai", Law.CN),
        ("CNY", "Europe/Berlin", Law.CN),
        ("EUR", "Asia/Shanghai", Law.EU),
        ("GBP", "Europe/London", Law.EU),
        ("USD", "Europe/Dublin", Law.EU),
        ("USD", "America/New_York", Law.CN),
    ],
)
@pytest.mark.django_db
def test_a_new_shop_keeps_the_law_of_its_currency_or_its_clock(currency: str, zone: str, law: Law) -> None:
    assert law_for(currency=currency, zone=zone) is law
    assert actions.open_shop(shop=replace(SHOP, currency=currency, zone=zone)).law is law


@pytest.mark.django_db
def test_a_law_that_was_chosen_stays_when_the_shop_is_opened_again() -> None:
    actions.open_shop(shop=SHOP)
    actions.keep_law(shop="tea", law=Law.EU)
    assert actions.open_shop(shop=replace(SHOP, name="Tea")).law is Law.EU


@pytest.mark.parametrize(
    ("said", "law", "left"),
    [
        (Imprint(), Law.EU, ("company", "address", "email", "phone")),
        (Imprint(), Law.CN, ("company", "address", "phone", "licence", "icp")),
        (SAID, Law.EU, ()),
        (SAID, Law.CN, ("licence",)),
    ],
)
def test_what_the_law_wants_said_and_is_not(said: Imprint, law: Law, left: tuple[str, ...]) -> None:
    assert missing(said, law=law) == left


@pytest.mark.django_db
def test_an_imprint_is_kept_and_its_filings_stand_with_the_shop() -> None:
    actions.open_shop(shop=SHOP)
    actions.put_imprint(shop="tea", imprint=SAID)
    assert queries.imprint("tea") == SAID
    assert (queries.shop("tea").icp, queries.shop("tea").police_filing) == ("ICP 1", "")
    actions.put_imprint(shop="tea", imprint=Imprint(company="Tea"))
    assert (queries.imprint("tea"), queries.shop("tea").icp) == (Imprint(company="Tea"), "")
    forget_all()
    with statements() as sent:
        queries.shop("tea")
        queries.shops()
    assert len(sent) == 2


@pytest.mark.django_db
def test_a_line_that_nobody_filled_in_comes_from_the_settings_for_our_own_shop_only(settings: object) -> None:
    settings.OWN_SHOP, settings.OWN_SHOP_REACH = "tea", {"company": "From outside", "phone": "1"}  # type: ignore[attr-defined]
    for code in ("tea", "other"):
        actions.open_shop(shop=replace(SHOP, code=code))
        actions.put_imprint(shop=code, imprint=Imprint(company="Here" if code == "other" else "", phone="2"))
    assert queries.imprint("tea") == Imprint(company="From outside", phone="2")
    assert queries.imprint("other") == Imprint(company="Here", phone="2")


@pytest.mark.django_db
def test_a_line_that_is_too_long_and_a_shop_that_is_none_change_nothing() -> None:
    actions.open_shop(shop=SHOP)
    with pytest.raises(LineTooLong):
        actions.put_imprint(shop="tea", imprint=Imprint(company="x", register="x" * (LONGEST_LINE + 1)))
    with pytest.raises(NoSuchShop):
        actions.put_imprint(shop="nowhere", imprint=SAID)
    assert not models.Imprint.objects.exists()
