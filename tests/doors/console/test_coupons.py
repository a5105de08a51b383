"""Coupons at the console: what is given out, codes as a file, people by a list, and who may do what."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.growth.membership.made import a_member
from tests.growth.promotions.made import DESK, STAFF, TEN_OFF, a_batch, a_holder, live, ordered
from tests.shop.made import SHOP, a_cart, a_product, a_shop, statements
from tests.worlds import made_once
from zhanggui.base.accounts.rules import Role
from zhanggui.growth.membership import actions as membership
from zhanggui.growth.promotions import actions, models
from zhanggui.growth.promotions.rules import Way, shown
from zhanggui.spine.log.models import Entry

pytestmark = pytest.mark.django_db
AT = "/console/coupons/"
ABOUT = "?shop=tea"


@pytest.fixture(autouse=True)
@made_once
def shop(db: None) -> None:
    a_shop()
    a_product("POT", price=16800, units=500, category="tea")


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def said(client: Client, address: str, **typed: object) -> str:
    """What the page says after a form was sent."""
    return client.post(f"{address}{ABOUT}", typed, follow=True).content.decode()


def told(name: str) -> int:
    return Entry.objects.filter(name=name).count()


def test_a_page_says_how_each_batch_does_in_few_statements(owner: Client) -> None:
    batch = a_batch(stock_units=20)
    walk, _ = a_holder(batch)
    a_holder(batch, phone="+8613900139000")
    ordered(a_cart({"POT": 1}, walk=walk))
    for _ in range(3):
        a_batch(Way.NEW)
    page = text(owner, AT + ABOUT)
    assert "50.0%" in page.replace("\u00a0", "").replace(" %", "%")
    assert "CN¥10.00" in page
    with statements() as sent:
        text(owner, AT + ABOUT)
    assert len([one for one in sent if "growth_" in one]) <= 4


def test_coupons_are_given_out_by_a_form(owner: Client) -> None:
    promotion = live("coupon_amount", TEN_OFF, is_coupon=True, name_en="10 off")
    page = said(owner, f"{AT}offer/", promotion=promotion, way="code", stock_units="40", per_person="1", days="30")
    assert "The coupons are there" in page and "There are 40 codes." in page
    assert models.Coupon.objects.filter(state="waiting").count() == 40


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"way": "code", "stock_units": ""}, "codes need one"),
        ({"way": "code", "stock_units": "50001"}, "codes need one"),
        ({"days": "", "ends_at": ""}, "holds for a number of days"),
        ({"ends_at": "2020-01-01"}, "must lie ahead"),
        ({"claim_from": "2030-01-02", "claim_until": "2029-01-01"}, "behind the first"),
        ({"per_person": "100"}, "1 to 99"),
        ({"way": "raffle"}, "Choose how"),
        ({"segment": "rich"}, "groups of people"),
        ({"tiers": "diamond"}, "tiers of this shop"),
        ({"promotion": "nonsense"}, "Choose the promotion"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_form_that_cannot_be_right_says_which_field(owner: Client, wrong: dict[str, str], words: str) -> None:
    promotion = live("coupon_amount", TEN_OFF, is_coupon=True)
    typed = {"promotion": promotion, "way": "public", "stock_units": "5", "per_person": "1", "days": "3"} | wrong
    page = said(owner, f"{AT}offer/", **typed)
    assert words in page and "Nothing was made" in page
    assert not models.Batch.objects.exists()


def test_codes_leave_the_house_as_a_file_and_it_is_told_who_took_them(owner: Client) -> None:
    batch = a_batch(Way.CODE, stock_units=3)
    answer = owner.post(f"{AT}{batch}/codes.csv{ABOUT}")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    codes = models.Coupon.objects.order_by("id").values_list("code", flat=True)
    assert lines == ["Code,State", *(f"{shown(code or '')},Nobody has it yet" for code in codes)]
    assert told("growth.coupon_codes_exported") == 1


def test_a_clerk_sees_coupons_and_takes_no_codes_and_gives_out_nothing(signed_in: Callable[..., Client]) -> None:
    clerk, batch = signed_in(Role.CLERK), a_batch(Way.CODE, stock_units=3)
    assert "Your role may not take data out of the house." in text(clerk, f"{AT}{batch}/{ABOUT}")
    for way in ("codes.csv", "back/", "give/"):
        assert clerk.post(f"{AT}{batch}/{way}{ABOUT}").status_code == 403
    assert clerk.post(f"{AT}offer/{ABOUT}").status_code == 403
    assert told("growth.coupon_codes_exported") == 0
    assert models.Coupon.objects.filter(state="waiting").count() == 3


def test_another_shops_batch_is_not_there(owner: Client) -> None:
    a_shop("other")
    batch = a_batch(Way.CODE, stock_units=1)
    assert owner.get(f"{AT}{batch}/?shop=other").status_code == 404
    assert owner.post(f"{AT}{batch}/codes.csv?shop=other").status_code == 404


def test_taking_back_voids_what_nobody_used(owner: Client) -> None:
    batch = a_batch(Way.CODE, stock_units=3)
    assert "3 unused coupons are void now." in said(owner, f"{AT}{batch}/back/")
    assert "Take the batch back" not in text(owner, f"{AT}{batch}/{ABOUT}")
    assert told("growth.coupons_taken_back") == 1


def test_a_code_is_found_as_it_is_read_and_a_person_by_the_whole_number(owner: Client) -> None:
    a_batch(Way.CODE, stock_units=1)
    code = models.Coupon.objects.get().code or ""
    assert "Nobody has it yet" in said(owner, f"{AT}find/", find=f" {shown(code).lower()}")
    walk, _ = a_member()
    actions.type_in(code=code, trail=walk, by=STAFF)
    assert "To be used" in said(owner, f"{AT}find/", find="138 0013 8000")
    assert "No coupon of this shop has that code" in said(owner, f"{AT}find/", find="138001")


def test_a_clerk_finds_codes_but_nobodys_coupons(signed_in: Callable[..., Client]) -> None:
    a_holder(a_batch())
    page = said(signed_in(Role.CLERK), f"{AT}find/", find="13800138000")
    assert "No coupon of this shop has that code" in page and "To be used" not in page


def test_people_of_a_pasted_list_get_one_each_and_strangers_are_counted(owner: Client) -> None:
    membership.open_membership(shop=SHOP)
    batch = a_batch(Way.TARGETED)
    a_member()
    page = said(owner, f"{AT}{batch}/give/", people="13800138000\nnobody@example.com, 13800138000")
    assert "1 entry names nobody with an account and was left out." in page
    assert "They are being given out" in page
    assert "Paste phone numbers" in said(owner, f"{AT}{batch}/give/", people="nobody@example.com")


def test_a_batch_that_is_not_targeted_is_given_to_nobody(owner: Client) -> None:
    batch = a_batch(Way.PUBLIC)
    assert "not given out now" in said(owner, f"{AT}{batch}/give/", whom="group")
    assert actions.take_back(batch_id=batch, trail=DESK, by=STAFF) == 0
