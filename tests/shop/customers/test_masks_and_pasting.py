"""What others may see of a person, what can be read off a message, and the texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shop.made import ADDRESS, CONTACT
from zhanggui.shop.customers import rules
from zhanggui.shop.customers.errors import NoSuchText
from zhanggui.shop.customers.rules import Purpose


@pytest.mark.parametrize(
    ("plain", "masked"),
    [("林小满", "林**"), ("林", "林*"), ("欧阳娜娜子", "欧***"), ("Ada Reed", "A***"), ("", "")],
)
def test_a_name_keeps_its_first_sign(plain: str, masked: str) -> None:
    assert rules.masked_name(plain) == masked


@pytest.mark.parametrize(
    ("plain", "masked"),
    [
        ("13800138000", "138****8000"),
        ("+86 138 0013 8000", "138****8000"),
        ("+44 20 7946 0958", "+44****0958"),
        ("110119", "****19"),
        ("", ""),
    ],
)
def test_a_number_keeps_its_ends(plain: str, masked: str) -> None:
    assert rules.masked_phone(plain) == masked


def test_a_mail_address_keeps_its_host_and_a_street_is_gone() -> None:
    assert rules.masked_email("lin@example.com") == "l***@example.com"
    assert rules.masked_email("") == ""
    masked = rules.masked_address(ADDRESS)
    assert (masked.recipient, masked.city, masked.district, masked.street) == ("林**", "杭州市", "西湖区", "***")


@given(st.text(alphabet="0123456789", min_size=7, max_size=15))
def test_no_mask_lets_more_than_seven_figures_through(number: str) -> None:
    assert sum(sign.isdigit() for sign in rules.masked_phone(number)) <= min(7, len(number) - 2)


def test_a_masked_contact_tells_nothing_whole() -> None:
    masked = rules.masked_contact(CONTACT)
    assert not {masked.name, masked.phone, masked.email} & {CONTACT.name, CONTACT.phone, CONTACT.email}


WHOLE = {
    "recipient": "林小满",
    "phone": "13800138000",
    "region": "浙江省",
    "city": "杭州市",
    "district": "西湖区",
    "street": "龙井路1号",
}


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("林小满 13800138000 浙江省杭州市西湖区龙井路1号", WHOLE),
        ("浙江杭州市西湖区龙井路1号，林小满，138-0013-8000", WHOLE),
        ("收货人: 林小满\n手机号码：+86 13800138000\n所在地区：浙江省杭州市西湖区\n详细地址：龙井路1号", WHOLE),
        ("浙江省杭州市西湖区龙井路1号林小满13800138000", WHOLE),
        (
            "上海市上海市浦东新区世纪大道100号 李四 021-12345678 200120",
            {
                "recipient": "李四",
                "phone": "021-12345678",
                "postcode": "200120",
                "region": "上海市",
                "city": "上海市",
                "district": "浦东新区",
                "street": "世纪大道100号",
            },
        ),
        (
            "新疆维吾尔自治区伊犁哈萨克自治州伊宁市解放路2号 阿依古丽 13999999999",
            {
                "recipient": "阿依古丽",
                "phone": "13999999999",
                "region": "新疆维吾尔自治区",
                "city": "伊犁哈萨克自治州",
                "district": "伊宁市",
                "street": "解放路2号",
            },
        ),
        (
            "内蒙古呼和浩特市赛罕区大学路1号",
            {"region": "内蒙古自治区", "city": "呼和浩特市", "district": "赛罕区", "street": "大学路1号"},
        ),
        ("hello", {}),
        ("", {}),
    ],
)
def test_an_address_is_read_off_a_message(text: str, parts: dict[str, str]) -> None:
    assert rules.pasted(text) == parts


@given(st.text(max_size=600))
def test_whatever_is_pasted_is_read_without_harm(text: str) -> None:
    found = rules.pasted(text)
    assert all(part and rules.is_clean(part.replace("\n", "")) for part in found.values())


@pytest.mark.parametrize("purpose", list(Purpose))
def test_every_text_stands_in_both_languages_under_the_same_version(purpose: Purpose) -> None:
    zh, en = (rules.text_of(purpose, language=language) for language in ("zh-hans", "en"))
    assert (zh.language, en.language) == ("zh", "en")
    assert zh.version == en.version
    assert len(zh.sections) == len(en.sections)
    assert zh.digest != en.digest
    assert rules.text_of(purpose, language="zh", version=zh.version) == zh


def test_a_version_that_never_was_is_refused() -> None:
    with pytest.raises(NoSuchText):
        rules.text_of(Purpose.TERMS, language="zh", version="1999-01-01")


# Whoever changes a word of a text in force changes what people agreed to: write a new version beside it instead.
IN_FORCE = {
    ("terms", "zh"): "68e26007108676f9",
    ("terms", "en"): "e62856c05c66e336",
    ("privacy", "zh"): "09743af3538fbb0d",
    ("privacy", "en"): "ca98d8c4ecd329b9",
    ("marketing_email", "zh"): "94c047ffa21c610b",
    ("marketing_email", "en"): "3b4eb29c2e3ac17d",
    ("marketing_sms", "zh"): "c34c756605e52cfc",
    ("marketing_sms", "en"): "dabd51505bedb425",
    ("personal", "zh"): "12ad0d1f0c19f874",
    ("personal", "en"): "af179ea0b0b38712",
}


@pytest.mark.parametrize(("purpose", "language"), IN_FORCE)
def test_the_words_of_a_version_never_change(purpose: str, language: str) -> None:
    text = rules.text_of(Purpose(purpose), language=language, version="2026-11-22")
    assert text.digest[:16] == IN_FORCE[purpose, language]


def test_a_country_says_which_parts_it_needs() -> None:
    assert "district" in rules.needed_in("CN")
    assert "postcode" not in rules.needed_in("CN")
    assert "postcode" in rules.needed_in("GB")
    assert "region" in rules.needed_in("US")
    assert "postcode" not in rules.needed_in("AE")
