"""What a URL, a referrer and a user agent tell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.spine.sightings.arrivals import ARRIVALS
from tests.spine.sightings.events import PHONE
from zhanggui.spine.sightings.rules import visits


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        (PHONE, "phone"),
        ("Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36", "phone"),
        ("Mozilla/5.0 (Linux; Android 13; SM-X906C) AppleWebKit/537.36 Chrome/130.0 Safari/537.36", "tablet"),
        ("Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148", "tablet"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36", "desktop"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Safari/605.1.15", "desktop"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 MicroMessenger/7.0.20 WindowsWechat", "desktop"),
        ("Mozilla/5.0 (Phone; OpenHarmony 5.0) AppleWebKit/537.36 Chrome/114.0 ArkWeb/4.1 Mobile", "phone"),
        ("Dalvik/2.1.0 (Linux; U; Android 14; Pixel 8)", "phone"),
        ("Mozilla/5.0 (Linux; Android 12; CUBOT NOTE 40) AppleWebKit/537.36 Mobile Safari/537.36", "phone"),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "bot"),
        ("Mozilla/5.0 (Linux; Android 5.0) AppleWebKit/537.36 Mobile (compatible; Bytespider)", "bot"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/130.0 Safari/537.36", "bot"),
        ("curl/8.5.0", "bot"),
        ("", ""),
        ("something else", ""),
    ],
)
def test_devices_and_robots(user_agent: str, device: str) -> None:
    assert visits.device_of(user_agent) == device


@pytest.mark.parametrize(("query", "referrer", "channel"), ARRIVALS)
def test_utm_goes_before_click_id_before_referrer_before_nothing(query: str, referrer: str, channel: str) -> None:
    parameters = visits.parameters_of(f"https://shop.example/?{query}")
    assert visits.channel_of(parameters, referrer=referrer, own_host="shop.example") == channel


def test_only_campaign_parameters_and_click_ids_are_read() -> None:
    url = "https://shop.example/?utm_source=a&email=x@y.z&gclid=1&q=tea&utm_source=second#utm_medium=cpc"
    assert visits.parameters_of(url) == {"utm_source": "a", "gclid": "1"}


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_is_some_channel_and_no_crash(url: str, referrer: str) -> None:
    channel = visits.channel_of(visits.parameters_of(url), referrer=referrer, own_host="shop.example")
    assert channel == "" or channel in visits.CHANNELS
    assert visits.path_of(url) is not None
