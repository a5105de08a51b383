"""What a signed-in shopper does on the account's pages: addresses, consent, texts."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.doors.storefront.test_account import sign_in
from tests.doors.storefront.walker import ADDRESS, Page, Walker
from zhanggui.base import ids
from zhanggui.shop.customers.models import Consent
from zhanggui.spine.log.models import Entry

pytestmark = pytest.mark.django_db


def test_an_address_is_kept_mended_chosen_and_taken_out(walker: Walker) -> None:
    sign_in(walker)
    page = _keep(walker, ADDRESS)
    assert "The address is kept." in page.text
    page = _keep(walker, ADDRESS | {"street": "南山路 2 号"})
    assert page.text.count("Default") == 1
    forget = re.findall(r'action="(/account/addresses/[0-9a-f-]+/forget/)"', page.html)
    page = walker.sends(page, forget[0])
    assert "龙井路" not in page.text
    assert page.text.count("Default") == 1


def test_a_pasted_address_fills_the_form(walker: Walker) -> None:
    sign_in(walker)

    page = _keep(walker, {"pasted": "林小满 13800138000 浙江省杭州市西湖区龙井路1号", "recognise": "yes"})

    assert 'value="西湖区"' in page.html
    assert 'value="龙井路1号"' in page.html
    assert "Please look whether everything is in its place" in page.text


@pytest.mark.parametrize(
    "wrong", [{"street": ""}, {"recipient": "a\x00b"}, {"street": "x" * 121}, {"country": "GB", "postcode": ""}]
)
def test_an_address_that_would_not_arrive_is_marked(walker: Walker, wrong: dict[str, str]) -> None:
    sign_in(walker)

    page = _keep(walker, ADDRESS | wrong)

    assert page.status == 422
    assert "look at the marked places" in page.text


def test_nobody_reaches_into_anothers_book(walker: Walker, another: Callable[..., Walker]) -> None:
    sign_in(walker)
    page = _keep(walker, ADDRESS)
    (entry,) = set(re.findall(r"/account/addresses/([0-9a-f-]{36})/", page.html))
    other = another(**{"Accept-Language": "en"})
    sign_in(other, "13900139000")
    token = other.opens("/account/").fields("/account/sign-out/")

    for address in (f"/account/addresses/{entry}/", f"/account/addresses/{ids.uuid7()}/"):
        assert other.client.get(address).status_code == 404
    for verb in ("forget", "default"):
        assert other.client.post(f"/account/addresses/{entry}/{verb}/", token).status_code == 404


def test_consent_is_withdrawn_as_easily_as_it_is_given(walker: Walker) -> None:
    sign_in(walker)
    page = walker.opens("/account/consent/")
    assert "Agreed on" in page.text

    page = walker.sends(page, "/account/consent/", purpose="marketing_sms", to="yes")
    page = walker.sends(page, "/account/consent/", purpose="marketing_sms", to="yes")
    page = walker.sends(page, "/account/consent/", purpose="marketing_sms", to="no")

    said = list(Consent.objects.filter(purpose="marketing_sms").order_by("id").values_list("is_given", flat=True))
    assert said == [True, False]
    told = list(Entry.objects.filter(name__startswith="shop.consent").order_by("seq").values_list("name", flat=True))
    assert told == ["shop.consent_given"] * 3 + ["shop.consent_withdrawn"]


def test_whoever_withdraws_the_privacy_policy_is_signed_out_everywhere(walker: Walker) -> None:
    sign_in(walker)

    walker.sends(walker.opens("/account/consent/"), "/account/consent/", purpose="privacy", to="no")

    assert walker.opens("/account/").address.startswith("/account/sign-in/")


def test_the_texts_can_be_read_in_both_languages(walker: Walker) -> None:
    english, chinese = walker.opens("/en/texts/privacy/"), walker.opens("/zh/texts/privacy/")

    assert "Privacy policy" in english.text
    assert "隐私政策" in chinese.text
    assert walker.opens("/texts/nothing/").status == 404
    assert walker.opens("/texts/privacy/?version=1999-01-01").status == 404


def _keep(walker: Walker, said: dict[str, str]) -> Page:
    """Send the form for a new address, whose action is its own page."""
    page = walker.opens("/account/addresses/new/")
    token = page.fields("/language/")["csrfmiddlewaretoken"]
    answer = walker.client.post("/account/addresses/new/", {"csrfmiddlewaretoken": token, **said}, follow=True)
    chain = answer.redirect_chain
    return Page(
        status=answer.status_code,
        html=answer.content.decode(),
        address=chain[-1][0] if chain else "",
        headers=dict(answer.headers.items()),
    )
