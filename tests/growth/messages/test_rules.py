"""When a message may leave, and what may stand in it."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.base.outbox.rules import Channel
from zhanggui.growth.messages.errors import TermsUnfit, WordingUnfit
from zhanggui.growth.messages.rules import READY, Ready, Reason, Terms, Wording, allowed_at, filled, refusal, tagged
from zhanggui.growth.messages.rules.wording import is_path

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
SMALL_HOURS = Terms(quiet_from=time(1), quiet_until=time(3))


@pytest.mark.parametrize(
    ("there", "zone", "terms", "leaves"),
    [
        ("2026-11-22T12:00", SHANGHAI, Terms(), "2026-11-22T12:00"),
        ("2026-11-22T20:59", SHANGHAI, Terms(), "2026-11-22T20:59"),
        ("2026-11-22T21:00", SHANGHAI, Terms(), "2026-11-23T09:00"),
        ("2026-11-22T23:10", SHANGHAI, Terms(), "2026-11-23T09:00"),
        ("2026-11-23T00:00", SHANGHAI, Terms(), "2026-11-23T09:00"),
        ("2026-11-23T08:59", SHANGHAI, Terms(), "2026-11-23T09:00"),
        ("2026-11-23T09:00", SHANGHAI, Terms(), "2026-11-23T09:00"),
        ("2026-11-23T02:00", SHANGHAI, Terms(quiet_from=time(9), quiet_until=time(9)), "2026-11-23T02:00"),
        ("2026-11-23T13:00", SHANGHAI, Terms(quiet_from=time(12), quiet_until=time(14)), "2026-11-23T14:00"),
        # The night in which clocks go forward, and the one in which they go back.
        ("2026-03-28T23:00", BERLIN, Terms(), "2026-03-29T09:00"),
        ("2026-10-24T23:00", BERLIN, Terms(), "2026-10-25T09:00"),
        ("2026-03-29T01:30", BERLIN, SMALL_HOURS, "2026-03-29T03:00"),
        ("2026-10-25T02:30", BERLIN, SMALL_HOURS, "2026-10-25T03:00"),
    ],
)
def test_nothing_leaves_at_night(there: str, zone: ZoneInfo, terms: Terms, leaves: str) -> None:
    at = datetime.fromisoformat(there).replace(tzinfo=zone).astimezone(UTC)
    assert allowed_at(at, terms=terms, zone=zone) == datetime.fromisoformat(leaves).replace(tzinfo=zone)


def test_in_an_hour_that_comes_twice_nothing_leaves_before_it_is_over() -> None:
    terms = Terms(quiet_from=time(1), quiet_until=time(2, 30))
    second = datetime(2026, 10, 25, 1, 15, tzinfo=UTC)  # 2:15 for the second time that night
    assert allowed_at(second, terms=terms, zone=BERLIN) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("from_", "hours"),
    [("2026-03-28T23:00", 9), ("2026-10-24T23:00", 11), ("2026-06-01T23:00", 10)],
)
def test_a_night_is_as_long_as_the_clocks_make_it(from_: str, hours: int) -> None:
    at = datetime.fromisoformat(from_).replace(tzinfo=BERLIN).astimezone(UTC)
    assert allowed_at(at, terms=Terms(), zone=BERLIN) - at == timedelta(hours=hours)


@given(
    at=st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),
    zone=st.sampled_from([SHANGHAI, BERLIN, ZoneInfo("America/St_Johns")]),
    quiet_from=st.times(),
    quiet_until=st.times(),
)
def test_what_may_leave_is_never_earlier_and_never_quiet(
    at: datetime, zone: ZoneInfo, quiet_from: time, quiet_until: time
) -> None:
    terms = Terms(quiet_from=quiet_from, quiet_until=quiet_until)
    leaves = allowed_at(at, terms=terms, zone=zone)
    # Where clocks go back an hour of the night comes twice, and a quiet time may end in either of them.
    assert at <= leaves <= at + timedelta(hours=26)
    assert leaves == at or leaves.astimezone(zone).time() in (quiet_until, _skipped(quiet_until))


def _skipped(until: time) -> time:
    """The local time an hour later, in the night that has no such hour."""
    return (datetime.combine(datetime(2026, 1, 1), until) + timedelta(hours=1)).time()


@pytest.mark.parametrize(
    ("has_account", "address", "agrees", "reason"),
    [
        (False, "", False, Reason.NO_ACCOUNT),
        (True, "", True, Reason.NO_ADDRESS),
        (True, "lin@example.com", False, Reason.NO_CONSENT),
        (True, "lin@example.com", True, None),
    ],
)
def test_who_cannot_be_written_to(has_account: bool, address: str, agrees: bool, reason: Reason | None) -> None:
    assert refusal(has_account=has_account, address=address, agrees=agrees) is reason


def said(**other: str) -> Wording:
    return Wording(
        **({"subject_zh": "题", "subject_en": "Subject", "words_zh": "词 {link}", "words_en": "Words {link}"} | other)
    )


@pytest.mark.parametrize(
    ("wording", "channel", "fault"),
    [
        (said(subject_en=" "), Channel.EMAIL, ("subject_en", "missing")),
        (said(words_zh=""), Channel.SMS, ("words_zh", "missing")),
        (said(words_zh="长" * 301), Channel.SMS, ("words_zh", "long")),
        (said(words_en="{nmae}"), Channel.EMAIL, ("words_en", "gap")),
        (said(words_en="{coupon}"), Channel.EMAIL, ("words_en", "gap")),
        (said(words_en="{name.__class__}"), Channel.EMAIL, ("words_en", "gap")),
        (said(path="https://elsewhere.example/"), Channel.EMAIL, ("path", "path")),
    ],
)
def test_a_wording_that_cannot_be_sent_names_its_fault(
    wording: Wording, channel: Channel, fault: tuple[str, str]
) -> None:
    with pytest.raises(WordingUnfit) as refused:
        wording.checked(channel=channel, has_coupon=False)
    assert (refused.value.field, refused.value.reason) == fault


def test_a_text_message_needs_no_subject_and_a_coupon_may_be_named_where_there_is_one() -> None:
    assert said(subject_zh="", subject_en="", words_en="{coupon}").checked(channel=Channel.SMS, has_coupon=True)


@pytest.mark.parametrize(
    ("path", "is_one"),
    [
        ("/", True),
        ("/cart/?a=1#top", True),
        ("", False),
        ("cart/", False),
        ("//elsewhere.example/", False),
        ("/\\elsewhere.example/", False),
        ("https://elsewhere.example/", False),
        ("/a b/", False),
        ("/a\n/", False),
        ("/" + "a" * 200, False),
    ],
)
def test_a_link_leads_to_a_page_of_the_shop_only(path: str, is_one: bool) -> None:
    assert is_path(path) is is_one


def test_what_fills_a_gap_is_not_read_for_gaps_again() -> None:
    assert filled("{name}: {link}", gaps={"name": "{link}", "link": "https://x/"}) == "{link}: https://x/"


def test_the_page_of_a_link_says_what_led_there() -> None:
    marks = "utm_source=messages&utm_medium=sms&utm_campaign=%E7%A7%8B&utm_content=play-7"
    assert tagged("/cart/?a=1", channel=Channel.SMS, campaign="秋", step="play-7") == f"/cart/?a=1&{marks}"


@pytest.mark.parametrize("field", ["most_messages", "per_days", "mail_minor", "sms_minor"])
def test_terms_out_of_their_bounds_are_refused(field: str) -> None:
    with pytest.raises(TermsUnfit):
        Terms(**{field: -1}).checked()
    assert Terms().checked() == Terms()


# 广告法 § 9, and what the market supervision reads the same way.
FORBIDDEN = ("国家级", "最高级", "最佳", "最好", "第一", "唯一", "顶级", "极致", "首选", "全网", "绝对", "永久", "万能")


@pytest.mark.parametrize("key", Ready)
@pytest.mark.parametrize("channel", Channel)
def test_ready_wordings_can_be_sent_on_every_channel_and_promise_nothing(key: Ready, channel: Channel) -> None:
    wording = READY[key].checked(channel=channel, has_coupon=False)
    assert all("{link}" in words for words in (wording.words_zh, wording.words_en))
    assert not [word for word in FORBIDDEN if word in wording.subject_zh + wording.words_zh]
