"""What shoppers read of giving a purchase up, by the law that the shop keeps; and who it says runs it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from tests.doors.console.conftest import owner, quick_passwords, signed_in
from tests.doors.storefront.test_returns import had
from tests.doors.storefront.walker import ADDRESS, Walker
from tests.shop import made
from tests.shop.conftest import wait
from zhanggui.base.shops import actions as shops
from zhanggui.base.shops import queries as shop_queries
from zhanggui.base.shops.rules import LONGEST_LINE, Imprint, Law
from zhanggui.shop.customers.rules import Purpose, text_of

__all__ = ["owner", "quick_passwords", "signed_in", "wait"]
pytestmark = pytest.mark.django_db
SEVEN = "Seven-day returns, no reason needed"
FOURTEEN = "Fourteen days to withdraw, no reason needed"


def in_europe() -> None:
    shops.keep_law(shop=made.SHOP, law=Law.EU)


def test_every_page_says_the_days_of_the_law(walker: Walker) -> None:
    assert SEVEN in walker.opens("/").text
    in_europe()
    for path in ("/", "/p/CUP/", "/help/returns/", "/help/contact/"):
        page = walker.opens(path).text
        assert FOURTEEN in page, path
        assert "even days" not in page and "Seven-day" not in page, path


def test_the_product_page_says_what_of_the_goods(walker: Walker) -> None:
    assert "Seven days to return it, counted from the day after it arrives." in walker.opens("/p/CUP/").text
    in_europe()
    said = "Fourteen days to withdraw, counted from the day after the last goods of the order arrive."
    assert said in walker.opens("/p/CUP/").text


def test_the_checkout_says_it_and_asks_to_order_with_an_obligation_to_pay(walker: Walker) -> None:
    walker.lays_aside()
    page = walker.opens("/checkout/").text
    assert "with seven days to return it" in page
    assert "Place order" in page and "withdraw" not in page
    in_europe()
    page = walker.opens("/checkout/").text
    assert "with fourteen days to withdraw" in page
    assert "You can withdraw without a reason for fourteen days" in page
    assert "Order with obligation to pay" in page and "Place order" not in page
    walker.sends(walker.opens("/checkout/"), "/checkout/", follow=False, **ADDRESS)
    assert "/orders/" in walker.opens("/orders/").html


def test_the_help_has_a_form_to_withdraw_with_and_whom_to_send_it_to(walker: Walker) -> None:
    assert "A form that you can use" not in walker.opens("/help/returns/").text
    in_europe()
    shops.put_imprint(shop=made.SHOP, imprint=Imprint(company="Tea Ltd", address="1 Lane", email="a@tea.example"))
    page = walker.opens("/help/returns/").text
    assert "To Tea Ltd, 1 Lane, a@tea.example" in page
    assert "I withdraw from my purchase of these goods or services: …" in page


def test_an_order_can_be_given_up_on_the_ninth_day_by_the_law_of_europe_alone(
    walker: Walker, wait: Callable[[timedelta], datetime]
) -> None:
    number = had(walker)
    wait(timedelta(days=9))
    path = f"/orders/{number}/return/?u1=1&reason=changed_mind"
    assert "The time for a return without a reason is over." in walker.opens(path).text
    in_europe()
    page = walker.opens(path).text
    assert "Approved at once" in page
    assert "Without a reason until" in page


def test_the_imprint_says_who_runs_the_shop_and_the_foot_of_every_page_leads_there(walker: Walker) -> None:
    assert "The shop has not said yet who runs it." in walker.opens("/help/imprint/").text
    said = Imprint(
        company="Tea <Ltd>", register="HRB 1", vat_number="DE 2", icp="浙ICP备1号", police_filing="浙公网安备2号"
    )
    shops.put_imprint(shop=made.SHOP, imprint=said)
    page = walker.opens("/help/imprint/").text
    for each in ("Company Tea <Ltd>", "Register HRB 1", "VAT number DE 2", "Web filing 浙ICP备1号 · 浙公网安备2号"):
        assert each in page
    assert "Business licence" not in page and "not said yet" not in page
    home = walker.opens("/help/payment/").html
    assert 'href="/help/imprint/"' in home
    assert '<a href="https://beian.miit.gov.cn/" rel="nofollow noopener">浙ICP备1号</a>' in home.partition("<footer")[2]


def test_the_console_keeps_the_imprint_and_says_what_is_missing(shelves: None, owner: Client) -> None:
    page = owner.get("/console/shops/?shop=tea").content.decode()
    assert "The law wants this said on the imprint, and it is empty: Company, Address, Phone, Business licence" in page
    shops.keep_law(shop=made.SHOP, law=Law.EU)
    assert "it is empty: Company, Address, E-mail, Phone." in owner.get("/console/shops/?shop=tea").content.decode()
    lines = {"company": " Tea \n Ltd ", "address": "1 Lane", "email": "a@b.example", "phone": "1", "strange": "x"}
    assert owner.post("/console/shops/imprint/?shop=tea", {**lines, "register": "x" * 400}).status_code == 302
    said = shop_queries.imprint(made.SHOP)
    assert (said.company, said.phone, said.register) == ("Tea Ltd", "1", "x" * LONGEST_LINE)
    page = owner.get("/console/shops/?shop=tea").content.decode()
    assert 'value="Tea Ltd"' in page and "it is empty" not in page


def test_a_withdrawal_is_confirmed_by_a_button_that_says_so_and_told_when_the_goods_are_due(walker: Walker) -> None:
    number = had(walker)
    assert "Return something" in walker.opens(f"/orders/{number}/").text
    form = f"/orders/{number}/return/?u1=1&reason="
    assert "Ask for the return" in walker.opens(f"{form}changed_mind").text
    in_europe()
    assert "Withdraw or return" in walker.opens(f"/orders/{number}/").text
    assert "Ask for the return" in walker.opens(f"{form}faulty").text
    page = walker.opens(f"{form}changed_mind")
    assert "Confirm the withdrawal or exchange" in page.text and "Ask for the return" not in page.text
    page = walker.sends(page, f"/orders/{number}/return/")
    assert "Please send the goods by" in page.text
    assert "Your money comes back within fourteen days after you withdrew" in page.text
    shops.keep_law(shop=made.SHOP, law=Law.CN)
    assert "you withdrew" not in walker.opens(page.address).text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_terms_name_the_days_of_both_laws_and_the_older_ones_can_be_read(language: str) -> None:
    new, old = (
        text_of(Purpose.TERMS, language=language),
        text_of(Purpose.TERMS, language=language, version="2026-11-22"),
    )
    assert new.digest != old.digest
    assert [a for a, b in zip(new.sections, old.sections, strict=True) if a != b] == [new.sections[3]]
    assert ("十四日" if language == "zh" else "fourteen") in new.sections[3][1]
