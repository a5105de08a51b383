"""Figures and moments, as people of both languages write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_datetime
from babel.numbers import format_currency
from django.template import Context, Template
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.base.look import formats
from zhanggui.base.money import Money

AT = datetime(2026, 11, 21, 16, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("amount", "zh", "en"),
    [
        (Money(123450, "CNY"), "¥1,234.50", "CN¥1,234.50"),
        (Money(0, "CNY"), "¥0.00", "CN¥0.00"),
        (Money(-500, "CNY"), "-¥5.00", "-CN¥5.00"),
        (Money(1, "CNY"), "¥0.01", "CN¥0.01"),
        (Money(123450, "GBP"), "£1,234.50", "£1,234.50"),
        (Money(1234, "JPY"), "JP¥1,234", "¥1,234"),
        (Money(1234567, "KWD"), "KWD1,234.567", "KWD1,234.567"),
        (Money(123456789012, "CNY"), "¥1,234,567,890.12", "CN¥1,234,567,890.12"),
    ],
)
def test_money_carries_its_sign_and_every_minor_unit(amount: Money, zh: str, en: str) -> None:
    written = [formats.money(amount, language=language).replace("\xa0", " ") for language in ("zh-hans", "en")]

    assert written == [zh, en]


@given(
    minor=st.integers(-(10**12), 10**12),
    currency=st.sampled_from(["CNY", "USD", "EUR", "JPY", "KWD", "POINTS"]),
    locale=st.sampled_from(["zh_Hans_CN", "en_US"]),
)
def test_amounts_are_written_as_cldr_writes_them(minor: int, currency: str, locale: str) -> None:
    amount = Money(minor, currency)

    assert formats.money(amount, language=locale[:2]) == format_currency(
        amount.major, currency, locale=locale, decimal_quantization=False
    )


@given(at=st.datetimes(datetime(1980, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))
def test_moments_are_written_as_cldr_writes_them(at: datetime) -> None:
    there = at.astimezone(ZoneInfo("Asia/Shanghai"))
    zh = format_datetime(there, "y年M月d日 HH:mm", locale="zh_Hans_CN", tzinfo=there.tzinfo)
    en = format_datetime(there, "MMM d, y, HH:mm", locale="en_US", tzinfo=there.tzinfo)

    assert formats.moment(at, language="zh-hans", zone="Asia/Shanghai") == zh
    assert formats.moment(at, language="en", zone="Asia/Shanghai") == en


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (0, "0", "0"),
        (7, "7", "7"),
        (999, "999", "999"),
        (1000, "1,000", "1k"),
        (1234, "1,234", "1.2k"),
        (9999, "9,999", "10k"),
        (10_000, "1万", "10k"),
        (12_345, "1.2万", "12.3k"),
        (123_456, "12.3万", "123k"),
        (999_499, "99.9万", "999k"),
        (999_950, "100万", "1M"),
        (1_234_567, "123万", "1.2M"),
        (120_000_000, "1.2亿", "120M"),
        (99_999_999, "1亿", "100M"),
        (1_234_567_890, "12.3亿", "1.2B"),
        (12_345_678_900_000, "123,457亿", "12,346B"),
        (-123_456, "-12.3万", "-123k"),
        (Decimal("0.4"), "0", "0"),
        (Decimal("-0.4"), "0", "0"),
        (1234.5, "1,235", "1.2k"),
    ],
)
def test_a_short_figure_has_three_figures_and_a_unit(value: int | Decimal | float, zh: str, en: str) -> None:
    assert [formats.short(value, language=language) for language in ("zh-hans", "en")] == [zh, en]


def test_short_money_is_a_short_figure_with_the_currency_before_it() -> None:
    amount = Money(12_345_678, "CNY")

    assert formats.short_money(amount, language="zh-hans") == "¥12.3万"
    assert formats.short_money(amount, language="en") == "CN¥123k"
    assert formats.short_money(-amount, language="zh-hans") == "-¥12.3万"


@given(st.integers(-(10**14), 10**14))
def test_a_short_figure_is_never_further_off_than_five_per_cent(value: int) -> None:
    for language in ("zh-hans", "en"):
        text = formats.short(value, language=language).replace(",", "")
        units = {"亿": 10**8, "万": 10**4, "B": 10**9, "M": 10**6, "k": 10**3}
        size = units.get(text[-1], 1)
        read = Decimal(text.rstrip("亿万BMk")) * size

        assert abs(read - value) <= abs(value) * Decimal("0.05")


@given(st.integers(1, 10**13))
def test_a_larger_figure_never_reads_smaller(value: int) -> None:
    units = {"亿": 10**8, "万": 10**4}

    def read(figure: int) -> Decimal:
        text = formats.short(figure, language="zh-hans").replace(",", "")
        return Decimal(text.rstrip("亿万")) * units.get(text[-1], 1)

    assert read(value) <= read(value + 1)


@pytest.mark.parametrize(
    ("rate", "decimals", "text"),
    [(Decimal("0.1234"), 1, "12.3%"), (Decimal("0.25"), 0, "25%"), (1.5, 1, "150.0%"), (-0.031, 1, "-3.1%")],
)
def test_a_rate_reads_as_hundredths(rate: Decimal | float, decimals: int, text: str) -> None:
    assert formats.percent(rate, language="zh-hans", decimals=decimals) == text
    assert formats.percent(rate, language="en", decimals=decimals) == text


def test_days_and_moments_stand_in_the_shops_zone() -> None:
    assert formats.day(date(2026, 11, 22), language="zh-hans") == "2026年11月22日"
    assert formats.day(date(2026, 11, 22), language="en") == "Nov 22, 2026"
    assert formats.moment(AT, language="zh-hans", zone="Asia/Shanghai") == "2026年11月22日 00:30"
    assert formats.moment(AT, language="en", zone="Europe/London") == "Nov 21, 2026, 16:30"


@pytest.mark.parametrize(
    ("since", "zh", "en"),
    [
        (timedelta(seconds=-20), "刚刚", "just now"),
        (timedelta(minutes=-3), "3分钟前", "3 minutes ago"),
        (timedelta(hours=-1), "1小时前", "1 hour ago"),
        (timedelta(days=2), "2天后", "in 2 days"),
    ],
)
def test_how_long_ago_reads_like_speech(since: timedelta, zh: str, en: str) -> None:
    assert formats.ago(AT + since, now=AT, language="zh-hans") == zh
    assert formats.ago(AT + since, now=AT, language="en") == en


def test_templates_write_in_the_language_and_zone_of_the_page() -> None:
    page = Template("{% load formats %}{{ gmv|short_money }} {{ at|moment }} {{ rate|percent:0 }} {{ visits|number }}")
    values = Context({"gmv": Money(12_345_678, "CNY"), "at": AT, "rate": Decimal("0.1"), "visits": 1234})

    with translation.override("en"), timezone.override("Asia/Shanghai"):
        written = page.render(values)

    assert written == (
        '<span title="CN¥123,456.78">CN¥123k</span> '
        '<time datetime="2026-11-21T16:30:00+00:00">Nov 22, 2026, 00:30</time> 10% 1,234'
    )


def test_an_icon_is_hidden_from_speech_unless_it_carries_a_label() -> None:
    page = Template('{% load formats %}{% icon "cart" %}{% icon "close" label=words extra="is-solid" %}')

    written = page.render(Context({"words": 'shut "it"'}))

    assert '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">' in written
    assert '<svg class="icon is-solid" viewBox="0 0 24 24" role="img" aria-label="shut &quot;it&quot;">' in written


def test_an_icon_that_is_not_drawn_is_a_loud_mistake() -> None:
    with pytest.raises(KeyError):
        Template('{% load formats %}{% icon "unicorn" %}').render(Context({}))
