"""What a request says about a visit."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.spine.sightings.arrivals import ARRIVALS
from zhanggui.doors.storefront import rules
from zhanggui.doors.storefront.rules import Origin


@pytest.mark.parametrize(
    ("query", "referrer", "channel", "campaign"),
    [
        ({}, "", "direct", ""),
        ({}, "https://shop.example/p/1/", "direct", ""),
        ({}, "https://www.baidu.com/s?wd=茶", "organic_search", ""),
        ({}, "https://www.google.co.uk/", "organic_search", ""),
        ({}, "https://m.so.com/", "organic_search", ""),
        ({}, "https://www.xiaohongshu.com/explore", "organic_social", ""),
        ({}, "https://mp.weixin.qq.com/s/abc", "organic_social", ""),
        ({}, "https://t.co/x", "organic_social", ""),
        ({}, "https://blog.example.org/tea", "referral", ""),
        ({}, "https://blog.t.example.org/tea", "referral", ""),
        ({}, "https://[broken", "direct", ""),
        ({"gclid": "x"}, "https://www.google.com/", "paid_search", ""),
        ({"bd_vid": "x", "utm_campaign": "double11"}, "", "paid_search", "double11"),
        ({"fbclid": "x"}, "", "organic_social", ""),
        ({"utm_source": "baidu", "utm_medium": "cpc", "utm_campaign": "春茶"}, "", "paid_search", "春茶"),
        ({"utm_source": "douyin", "utm_medium": "cpc"}, "", "paid_social", ""),
        ({"utm_source": "weibo"}, "", "organic_social", ""),
        ({"utm_source": "newsletter", "utm_medium": "email"}, "https://mail.example/", "email", ""),
        ({"utm_medium": "sms"}, "", "sms", ""),
        ({"utm_medium": "affiliate", "utm_source": "x1"}, "", "affiliate", ""),
        ({"utm_source": "poster"}, "", "referral", ""),
        ({"utm_campaign": "double11"}, "", "direct", "double11"),
    ],
)
def test_a_visit_comes_from_its_marks_then_a_click_then_the_page_before(
    query: dict[str, str], referrer: str, channel: str, campaign: str
) -> None:
    found = rules.origin_of(query=query, referrer=referrer, host="shop.example:8000")

    assert found == Origin(channel=channel, campaign=campaign)


@pytest.mark.parametrize(("query", "referrer", "channel"), ARRIVALS)
def test_a_visit_and_its_sightings_are_of_one_channel(query: str, referrer: str, channel: str) -> None:
    found = rules.origin_of(query=dict(parse_qsl(query)), referrer=referrer, host="shop.example:8000")

    assert found.channel == channel or (channel, found.channel) == ("", "direct")


@pytest.mark.parametrize(
    ("query", "is_marked"),
    [
        ({"utm_source": "weibo"}, True),
        ({"utm_medium": "email"}, True),
        ({"clickid": "1"}, True),
        ({"gclid": ""}, False),
        ({"utm_campaign": "double11"}, False),
        ({"q": "tea"}, False),
    ],
)
def test_an_address_is_marked_if_it_says_what_brought_its_opener(query: dict[str, str], is_marked: bool) -> None:
    assert rules.is_marked(query) is is_marked


@given(st.dictionaries(st.sampled_from(["utm_source", "utm_medium", "utm_campaign", "gclid"]), st.text()), st.text())
def test_whatever_an_address_says_becomes_a_known_channel_and_a_short_plain_campaign(
    query: dict[str, str], referrer: str
) -> None:
    found = rules.origin_of(query=query, referrer=referrer, host="shop.example")

    assert found.channel in {
        *("direct", "organic_search", "organic_social", "paid_search", "paid_social"),
        *("email", "sms", "push", "affiliate", "referral"),
    }
    assert len(found.campaign) <= 60
    assert not set(found.campaign) & set("<>\"'&;=/\\")


@pytest.mark.parametrize(
    ("chosen", "accepts", "language"),
    [
        ("", "zh-CN,zh;q=0.9,en;q=0.8", "zh-hans"),
        ("", "zh-TW", "zh-hans"),
        ("", "en-GB,en;q=0.9,zh;q=0.5", "en"),
        ("", "fr-FR,fr;q=0.9", "en"),
        ("", "fr;q=0.9,zh;q=0.4", "zh-hans"),
        ("", "en;q=0.3,zh;q=0.7", "zh-hans"),
        ("", "zh;q=0", "en"),
        ("", "", "en"),
        ("", ",;;q=,zh;q=high", "zh-hans"),
        ("en", "zh-CN", "en"),
        ("zh-hans", "en", "zh-hans"),
        ("xx", "zh-CN", "zh-hans"),
    ],
)
def test_a_page_speaks_the_chosen_language_else_the_browsers_else_english(
    chosen: str, accepts: str, language: str
) -> None:
    assert rules.language_of(chosen=chosen, accepts=accepts) == language


@given(st.text(), st.text())
def test_no_header_is_too_strange_for_a_language(chosen: str, accepts: str) -> None:
    assert rules.language_of(chosen=chosen, accepts=accepts) in ("zh-hans", "en")


@pytest.mark.parametrize(
    ("gpc", "dnt", "is_wanted"), [("1", "", True), ("", "1", True), ("0", "0", False), ("", "", False)]
)
def test_a_browser_that_asks_is_left_alone(gpc: str, dnt: str, is_wanted: bool) -> None:
    assert rules.wants_no_trace(gpc=gpc, dnt=dnt) is is_wanted


@given(st.uuids())
def test_an_id_reads_back_as_itself(id: object) -> None:
    is_ours = rules.as_uuid(str(id))

    assert is_ours is None or is_ours == id


@pytest.mark.parametrize(
    "text", ["", "x", "0198f0a0-0000-7000-8000-00000000000", "0198F0A0-0000-7000-8000-000000000000", "' or 1=1 --"]
)
def test_what_is_no_id_leads_nowhere(text: str) -> None:
    assert rules.as_uuid(text) is None


@pytest.mark.parametrize(
    ("summary", "parts"),
    [
        ("绿茶一泡就苦？嫩芽三泡仍甜。", ("绿茶一泡就苦？", "嫩芽三泡仍甜。")),
        ("Tea turns bitter? Buds stay sweet.", ("Tea turns bitter?", "Buds stay sweet.")),
        ("只说好处。", ("", "只说好处。")),
        ("只有问题？", ("", "只有问题？")),
        ("", ("", "")),
    ],
)
def test_a_summary_asks_and_then_answers(summary: str, parts: tuple[str, str]) -> None:
    assert rules.parted(summary) == parts
