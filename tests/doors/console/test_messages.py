"""Messages at the console: what was planned, sent and refused and why, and how the shop sends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time

import pytest
from django.test import Client

from tests.growth.messages.conftest import carried
from tests.growth.messages.made import CAUSE, STEP, a_person, planned, says, states
from tests.growth.messages.test_letters import Picky
from tests.shop.conftest import wait
from tests.shop.made import SHOP, a_product, a_shop, a_walk, statements
from zhanggui.base import clock
from zhanggui.base.accounts.rules import Role
from zhanggui.base.outbox import ports as mailing
from zhanggui.base.outbox import queries as letters
from zhanggui.base.outbox.rules import Channel
from zhanggui.growth.messages import actions, models, queries
from zhanggui.growth.messages.rules import Terms
from zhanggui.shop.customers.rules import Purpose

__all__ = ["carried", "wait"]
pytestmark = pytest.mark.usefixtures("db", "carried", "wait")
ABOUT = "?shop=tea"
TERMS = {
    "quiet_from": "22:00",
    "quiet_until": "08:30",
    "most_messages": "3",
    "per_days": "14",
    "mail_minor": "0.01",
    "sms_minor": "0.05",
}


@pytest.fixture(autouse=True)
def shop(db: None, carried: None) -> None:
    a_shop()


def text(client: Client, address: str) -> str:
    answer = client.get(f"/console/{address}")
    assert answer.status_code == 200
    return answer.content.decode()


def said(client: Client, address: str, **typed: str) -> str:
    """What the page says after a form was sent."""
    return client.post(f"/console/{address}{ABOUT}", typed, follow=True).content.decode()


def test_a_shop_without_messages_says_what_to_do(owner: Client) -> None:
    page = text(owner, f"messages/{ABOUT}")
    assert "No message was planned yet" in page
    assert "Sleeping customer" in page


def test_a_step_shows_who_got_it_and_why_others_did_not(owner: Client) -> None:
    lin, chen = a_person("lin"), a_person("chen", agrees=[])
    guest = a_walk().person
    planned([lin, chen, guest, a_person("wu", email="", phone="+8613800138001")])
    actions.send_due()
    step = models.Step.objects.get().pk

    with statements() as sent:
        page = text(owner, f"messages/{ABOUT}")
    assert len(sent) <= 12
    assert "wake" in page and "Done" in page
    for why in ("No account", "No address for this channel", "Did not agree to advertising, or withdrew it"):
        assert why in page

    with statements() as sent:
        page = text(owner, f"messages/{step}/{ABOUT}")
    assert len(sent) <= 16
    assert f"/console/facts/{CAUSE}/" in page
    assert "{name}，回来看看：{link}" in page
    assert "1 letter:" in page and "wait for the carrier" in page
    refused = text(owner, f"messages/{step}/{ABOUT}&view=no_account")
    assert guest[:12] in refused and refused.count("<tbody><tr>") == 1


def test_a_step_of_another_shop_is_not_found(owner: Client) -> None:
    a_shop("other")
    planned([a_person()])
    step = models.Step.objects.get().pk
    assert owner.get(f"/console/messages/{step}/?shop=other").status_code == 404
    assert owner.post(f"/console/messages/{step}/stop/?shop=other").status_code == 404
    assert states() == [("waiting", "")]


def test_who_may_steer_stops_a_step(owner: Client, signed_in: Callable[..., Client]) -> None:
    planned([a_person("lin"), a_person("wu")])
    step = models.Step.objects.get().pk
    assert "Stop: 2 people get nothing" in text(owner, f"messages/{step}/{ABOUT}")

    analyst = signed_in(Role.ANALYST)
    assert "Stop: 2 people" not in text(analyst, f"messages/{step}/{ABOUT}")
    assert analyst.post(f"/console/messages/{step}/stop/{ABOUT}").status_code == 403
    assert "Stopped: 2 people get nothing." in said(owner, f"messages/{step}/stop/")
    assert states() == [("refused", "stopped")] * 2


def test_terms_are_kept(owner: Client) -> None:
    assert "The terms are kept." in said(owner, "messages/terms/", **TERMS)
    kept = Terms(quiet_from=time(22), quiet_until=time(8, 30), most_messages=3, per_days=14, mail_minor=1, sms_minor=5)
    assert queries.terms(SHOP) == kept
    assert 'name="sms_minor" inputmode="decimal" required value="0.05"' in text(owner, f"messages/{ABOUT}")


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("quiet_from", "late", "such as 21:00 and 09:00"),
        ("most_messages", "0", "1 to 50 messages"),
        ("per_days", "x", "1 to 90 days"),
        ("sms_minor", "0.005", "is an amount"),
        ("mail_minor", "", "is an amount"),
        ("mail_minor", "1001", "is an amount"),
    ],
)
def test_terms_that_cannot_be_like_this_say_why(owner: Client, field: str, typed: str, words: str) -> None:
    page = said(owner, "messages/terms/", **TERMS | {field: typed})
    assert words in page
    assert "Nothing was changed." in page
    assert queries.terms(SHOP) == Terms()


def test_who_may_not_set_terms_sees_them(signed_in: Callable[..., Client]) -> None:
    analyst = signed_in(Role.ANALYST)
    page = text(analyst, f"messages/{ABOUT}")
    assert "21:00 – 09:00" in page and "2 in 7 days" in page
    assert analyst.post(f"/console/messages/terms/{ABOUT}", TERMS).status_code == 403


def test_a_channel_without_carrier_is_said(owner: Client) -> None:
    mailing.senders.pop(Channel.SMS)
    assert "Text message: nobody is plugged in" in text(owner, f"messages/{ABOUT}")


def test_withdrawn_consent_shows_as_the_reason(owner: Client, wait: Callable[..., object]) -> None:
    lin = a_person()
    planned([lin])
    wait(Terms().window)
    says(lin, Purpose.MARKETING_EMAIL, is_given=False)
    actions.send_due()
    assert queries.standing(SHOP, STEP).refused == {"no_consent": 1}
    assert "withdrew it: 1" in text(owner, f"messages/{models.Step.objects.get().pk}/{ABOUT}")
    assert models.Message.objects.get().decided_at == clock.now()


@pytest.mark.parametrize(("language", "words"), [("zh", 'lang="zh-Hans"'), ("en", "lin, come and see: ")])
def test_a_letter_is_shown_as_it_looks_by_a_policy_of_its_own(owner: Client, language: str, words: str) -> None:
    planned([a_person("lin")])
    step = models.Step.objects.get()
    with statements() as asked:
        answer = owner.get(f"/console/messages/{step.id}/letter/{language}/{ABOUT}")
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert policy.endswith("sandbox")
    said = answer.content.decode()
    assert words.replace("lin", "dear customer") in said
    assert len(asked) <= 10
    assert owner.get(f"/console/messages/{step.id}/letter/fr/{ABOUT}").status_code == 404


def test_a_ready_wording_is_shown_with_goods_of_the_shop(owner: Client) -> None:
    a_product()
    page = text(owner, f"messages/ready/abandoned_cart/en/{ABOUT}")
    assert "what you chose at 茶铺 is still in your cart" in page
    assert 'src="https://tea.example/' in page
    assert owner.get(f"/console/messages/ready/nothing/en/{ABOUT}").status_code == 404


def test_a_step_by_text_message_says_how_it_is_counted(owner: Client) -> None:
    planned([a_person("lin", phone="+8613800138000")], channel=Channel.SMS)
    page = text(owner, f"messages/{models.Step.objects.get().id}/{ABOUT}")
    assert "https://tea.example/m/{2}/" in page
    assert "70 fit into one: counted and paid as 2 messages" in page


def test_numbers_of_approved_words_are_kept_and_taken_back(owner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(mailing.carriers, Channel.SMS, Picky())
    page = text(owner, f"messages/texts/{ABOUT}")
    assert "https://tea.example/texts/picky/k/" in page
    assert page.count('name="zh"') == 21 + 2 * 5

    typed = {"name": "sign_in_code", "zh": "1001", "en": "1002", "sign": "茶铺"}
    assert "The numbers are kept." in said(owner, "messages/texts/put/", **typed)
    assert [(one.language, one.number, one.sign) for one in letters.templates(SHOP)] == [
        ("en", "1002", "茶铺"),
        ("zh", "1001", "茶铺"),
    ]
    assert "40 signs at most" in said(owner, "messages/texts/put/", **typed | {"en": "1" * 41})
    said(owner, "messages/texts/put/", **typed | {"en": ""})
    assert [one.language for one in letters.templates(SHOP)] == ["zh"]


def test_numbers_abroad_have_approved_words_of_their_own(owner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(mailing.carriers, Channel.SMS, Picky())
    typed = {"name": "sign_in_code", "zh": "1001", "sign": "茶铺", "en_abroad": "2002", "sign_abroad": "Tea"}
    said(owner, "messages/texts/put/", **typed)
    here = letters.template(SHOP, "sign_in_code", language="zh", is_abroad=False)
    there = letters.template(SHOP, "sign_in_code", language="en", is_abroad=True)
    assert [(one.number, one.sign) for one in (here, there) if one] == [("1001", "茶铺"), ("2002", "Tea")]
    page = text(owner, f"messages/texts/{ABOUT}")
    assert page.count('value="2002"') == page.count('value="1001"') == 1
    said(owner, "messages/texts/put/", **typed | {"en_abroad": ""})
    assert [one.is_abroad for one in letters.templates(SHOP)] == [False]


def test_who_only_reads_numbers_sets_no_templates(signed_in: Callable[..., Client]) -> None:
    assert signed_in(Role.ANALYST).get(f"/console/messages/texts/{ABOUT}").status_code == 403
