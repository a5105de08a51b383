"""How letters look, what text messages say, and what is handed in for approval."""

from __future__ import annotations

import re

import pytest
from django.utils import translation

from tests.growth.messages.made import GIVING, WORDS, a_person, planned
from tests.shop.made import SHOP, a_product
from zhanggui.base.outbox import actions as outbox
from zhanggui.base.outbox import ports as mailing
from zhanggui.base.outbox.errors import NoTemplate
from zhanggui.base.outbox.models import Letter
from zhanggui.base.outbox.rules import Channel, Template
from zhanggui.base.shops import queries as shops
from zhanggui.growth.messages import actions, models, queries
from zhanggui.growth.messages.rules import Wording, template_of, text_gaps

pytestmark = pytest.mark.usefixtures("shop", "wait")


class Picky:
    """A carrier that sends approved words only."""

    name, key, needs_templates = "picky", "k", True


def page_of(**said: object) -> str:
    planned([a_person("lin <i>")], **said)
    actions.send_due()
    return Letter.objects.get().page


def test_a_letter_is_also_written_in_the_look_of_the_shop() -> None:
    page = page_of()
    token = models.Message.objects.get().token
    assert 'lang="en"' in page
    assert "lin &lt;i&gt;, come and see: " in page
    assert page.count(f'href="https://tea.example/m/{token}/"') == 2  # in the words, and the button
    assert f'href="https://tea.example/m/{token}/stop/"' in page
    assert not re.findall(r"<script|<link|<style|javascript:|\son\w+=", page)


def test_the_goods_of_a_step_stand_in_it_with_picture_price_and_their_own_link() -> None:
    sku = a_product()
    page = page_of(goods=[sku, "GONE"])
    token = models.Message.objects.get().token
    (picture,) = re.findall(r'<img src="([^"]+)"', page)
    assert picture.startswith("https://tea.example/")
    assert picture.endswith((".png", ".webp"))
    assert f'href="https://tea.example/m/{token}/?goods={sku}"' in page
    assert "CN¥" in page

    there = queries.linked(token, sku=sku)
    assert there is not None
    assert there.page.startswith(f"/p/{sku}/?utm_source=messages")
    other = queries.linked(token, sku="GONE-TOO")
    assert other is not None
    assert other.page.startswith("/cart/")


def test_a_text_to_approve_has_a_gap_for_each_thing_that_differs_and_none_for_an_address() -> None:
    shop = shops.shop(SHOP)
    said = queries.text_to_approve(WORDS, shop, language="en", has_coupon=True)
    base = "https://tea.example/m"
    assert said == f"(AD) {{1}}, come and see: {base}/{{2}}/ {{3}} To get no more: {base}/{{4}}/stop/"
    assert text_gaps(WORDS.words_en, has_coupon=True) == ("name", "link", "coupon", "stop")


def test_what_a_carrier_fills_in_is_what_was_written() -> None:
    planned([a_person("lin", phone="+8613800138000")], channel=Channel.SMS)
    actions.send_due()
    letter, shop = Letter.objects.get(), shops.shop(SHOP)
    filled = queries.text_to_approve(WORDS, shop, language="en", has_coupon=False)
    for place, (_, value) in enumerate(letter.parts, start=1):
        filled = filled.replace(f"{{{place}}}", value)
    assert letter.words == f"[茶铺] {filled}"
    assert (letter.shop, letter.language, letter.template) == (SHOP, "en", template_of(WORDS, has_coupon=False))


def test_words_that_the_carrier_has_not_approved_are_refused_before_anybody_is_written_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(mailing.carriers, Channel.SMS, Picky())
    lin, name = a_person("lin", phone="+8613800138000"), template_of(WORDS, has_coupon=False)
    for language in ("zh", "en"):
        with pytest.raises(NoTemplate) as refused:
            planned([lin], channel=Channel.SMS)
        assert (refused.value.template, refused.value.language) == (name, language)
        approved = Template(name=name, language=language, is_abroad=False, number="77", sign="")
        outbox.set_template(shop=SHOP, template=approved)
    assert models.Step.objects.count() == 0
    assert planned([lin], channel=Channel.SMS).waiting == 1


def test_other_words_are_another_template() -> None:
    names = {template_of(WORDS, has_coupon=has) for has in (True, False)} | {template_of(GIVING, has_coupon=True)}
    assert len(names) == 3


def test_a_long_text_costs_as_many_as_it_is() -> None:
    with translation.override("en"):
        short, long = (
            queries.cost_minor(
                SHOP,
                Wording(words_zh="短 {link}", words_en=words),
                channel=Channel.SMS,
                has_coupon=False,
            )
            for words in ("Short {link}", "Long " * 50 + "{link}")
        )
    assert (short, long) == (10, 30)
