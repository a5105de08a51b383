"""A page in two versions: who sees which, that it is told once, what it costs the database, and that prices agree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from tests.doors.storefront.test_account import allow_another_code, sign_in
from tests.doors.storefront.walker import ADDRESS, Page, Walker
from tests.growth.experiments.made import BY, at_least_open
from tests.shop import made
from zhanggui.base import clock
from zhanggui.doors.storefront.priced import content_of, saved_percent
from zhanggui.growth.experiments import actions, models, queries
from zhanggui.growth.experiments.rules import Arm, Part, PromisesAt, Saving, Target, Version
from zhanggui.shop.catalogue import actions as catalogue
from zhanggui.shop.catalogue.models import PricePoint
from zhanggui.shop.catalogue.rules import Attribute, Sale, Words
from zhanggui.shop.orders import queries as orders
from zhanggui.spine.log.models import Entry
from zhanggui.spine.log.rules import Trail

pytestmark = pytest.mark.django_db
CAUSE = UUID("01a20141-2786-7386-9c80-5ff1c4791ed5")
TRAIL = Trail(shop=made.SHOP, cause=CAUSE)
SECOND = Version(
    parts=(Part.REVIEWS, Part.PROOF, Part.SPECIFICATIONS),
    promises=PromisesAt.BELOW_BUTTONS,
    headline_zh="冷热都不烫手",
    headline_en="Never too hot to hold",
)
ROBOT = {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"}


def tried_out(*, bp: int, version: Version = SECOND, sku: str = "CUP") -> str:
    """A version of a product's page that is tried out on so many of 10,000 held out; its id."""
    target = queries.target_of(made.SHOP, sku=sku) if sku else Target()
    return actions.show_page(
        trial_id=at_least_open(shop=made.SHOP, bp=bp), target=target, version=version, trail=TRAIL, by=BY
    )


def is_second(page: Page) -> bool:
    return "Never too hot to hold" in page.html


def exposed() -> list[Entry]:
    return list(Entry.objects.filter(name="growth.experiment_exposed").order_by("seq"))


def test_the_treated_see_the_second_version_and_the_held_out_the_page_as_it_is(another: Callable[..., Walker]) -> None:
    as_it_was = another().opens("/en/p/CUP/").text
    tried_out(bp=5000)
    for _ in range(12):
        walker = another()
        page = walker.opens("/en/p/CUP/")
        arm = models.Member.objects.get(person=walker.id).arm
        assert is_second(page) is (arm == Arm.TREATED) is not (page.text == as_it_was)
        assert is_second(walker.opens("/en/p/CUP/")) is is_second(page)
        assert not is_second(walker.opens("/en/p/BOWL/"))
    assert {row.arm for row in models.Member.objects.all()} == set(Arm)
    assert len(exposed()) == 12


def test_the_second_version_has_its_parts_in_its_order_and_says_its_words(walker: Walker) -> None:
    tried_out(bp=1)
    html = walker.opens("/en/p/CUP/").html
    blocks = [
        html.index(f'data-block="{name}"') for name in ("offer", "promises", "reviews", "proof", "specifications")
    ]
    assert blocks == sorted(blocks) and html.index('class="buy"') < blocks[1]
    assert 'data-block="solution"' not in html and 'data-block="questions"' not in html
    assert "冷热都不烫手" in walker.opens("/zh/p/CUP/").html


def test_nothing_is_asked_more_without_a_trial_and_one_statement_with_one(walker: Walker) -> None:
    sign_in(walker)

    def asked() -> int:
        with made.statements() as sent:
            walker.opens("/en/p/CUP/")
        return len(sent)

    walker.opens("/en/p/CUP/")
    assert asked() == 1
    page = tried_out(bp=5000)
    walker.opens("/en/p/CUP/")
    assert asked() == 2
    assert len(exposed()) == 1
    actions.keep_page(id=page, trail=TRAIL, by=BY)
    assert is_second(walker.opens("/en/p/CUP/"))
    assert asked() == 1


def test_what_another_process_began_or_ended_is_on_the_page_at_once(walker: Walker) -> None:
    walker.opens("/en/p/CUP/")
    page = tried_out(bp=1)
    queries.standing.forget()
    assert is_second(walker.opens("/en/p/CUP/"))
    models.Page.objects.filter(pk=page).update(shown_to="nobody")
    assert not is_second(walker.opens("/en/p/CUP/"))


def test_the_first_visit_is_told_with_its_cause_and_no_other(walker: Walker) -> None:
    tried_out(bp=9999)
    with made.statements() as sent:
        first = walker.opens("/en/p/CUP/")
    walker.opens("/en/p/CUP/")
    (fact,) = exposed()
    assert not is_second(first)
    assert (fact.person, fact.body["arm"], fact.cause) == (walker.id, "held_out", CAUSE)
    assert len([one for one in sent if "growth_experiments_member" in one or "spine_log" in one]) <= 3


def test_robots_and_who_wants_no_trace_see_the_page_as_it_is_and_are_in_no_trial(
    another: Callable[..., Walker],
) -> None:
    tried_out(bp=1)
    for headers in (ROBOT, {"Sec-GPC": "1"}, {"DNT": "1"}):
        walker = another(**headers)
        with made.statements() as sent:
            assert not is_second(walker.opens("/en/p/CUP/"))
        assert not [one for one in sent if "growth_experiments_member" in one]
    another().client.head("/en/p/CUP/")
    assert is_second(another().opens("/en/p/CUP/", **{"Sec-Purpose": "prefetch"}))
    assert (exposed(), models.Member.objects.count()) == ([], 0)


def test_a_page_that_is_not_there_tells_nothing(walker: Walker) -> None:
    tried_out(bp=5000, sku="")
    assert walker.opens("/en/p/NONE/").status == 404
    assert exposed() == []


def test_whoever_signs_in_keeps_the_side_they_saw(another: Callable[..., Walker]) -> None:
    tried_out(bp=5000)
    for number in range(4):
        walker = another()
        before = is_second(walker.opens("/en/p/CUP/"))
        sign_in(walker, f"1380013800{number}")
        assert is_second(walker.opens("/en/p/CUP/")) is before
    # Whoever comes back in another browser is where they were, too.
    again = another()
    allow_another_code()
    sign_in(again, "13800138003")
    assert is_second(again.opens("/en/p/CUP/")) is before
    assert len(exposed()) == 4


def test_a_preview_shows_each_side_to_whoever_has_the_link_and_counts_nobody(walker: Walker) -> None:
    tried_out(bp=9999)
    second = walker.opens(f"/en/p/CUP/?preview={queries.preview_of(SECOND)}")
    first = walker.opens(f"/en/p/CUP/?preview={queries.preview_of(Version())}")
    assert (is_second(second), is_second(first)) == (True, False)
    for page in (first, second):
        assert "Preview: nobody is counted" in page.html and "noindex" in page.html and "sight.js" not in page.html
    assert not is_second(walker.opens("/en/p/CUP/?preview=x"))
    assert len(exposed()) == 1


def on_sale(sku: str = "CUP", *, price: int = 4990) -> None:
    """Nine days at a lower price, after a month at the list price."""
    now = clock.now()
    PricePoint.objects.filter(sku=sku).update(since=now - timedelta(days=30))
    sale = Sale(price=made.cny(price), starts_at=now, ends_at=now + timedelta(days=9))
    catalogue.put_sales(sales={sku: sale}, trail=TRAIL)


@pytest.mark.parametrize(
    ("shown", "there", "gone"),
    [
        (Version(has_was=False), ["49.90"], ["59.90", "less", "You save"]),
        (Version(saving=Saving.MONEY), ["49.90", "59.90", "You save CN¥10.00"], ["% less"]),
        (Version(saving=Saving.PERCENT, has_was=False), ["16% less", "Compared with"], ["59.90"]),
    ],
)
def test_a_price_is_said_otherwise_and_charged_alike(
    another: Callable[..., Walker], shown: Version, there: list[str], gone: list[str]
) -> None:
    on_sale()
    as_it_is, tried = another(), another()
    as_it_is.orders("CUP")
    tried_out(bp=1, version=replace(shown, headline_zh="新", headline_en="New"))
    page = tried.opens("/en/p/CUP/")
    offer = page.html.partition('class="offer"')[2].partition("</div>")[0]
    for words in there:
        assert words in offer
    for words in gone:
        assert words not in offer
    tried.sends(page, "/en/cart/add/", quantity="1", then="cart")
    tried.sends(tried.opens("/checkout/"), "/checkout/", follow=False, **ADDRESS)
    totals = {orders.orders_of(made.SHOP, walker.id)[0].total for walker in (as_it_is, tried)}
    assert totals == {made.cny(4990) + made.POSTAGE}


@pytest.mark.parametrize(
    ("name", "value", "number", "unit", "content"),
    [
        ("净含量", "250克", None, "", (Decimal(250), "g")),
        ("净含量", "半公斤", Decimal("0.5"), "kg", (Decimal("500.0"), "g")),
        ("净重", "1.5 L", None, "", (Decimal("1500.0"), "ml")),
        ("净含量", "两袋", None, "", None),
        ("容量", "250毫升", None, "", None),
    ],
)
def test_how_much_is_in_a_piece_is_read_from_what_says_so(name, value, number, unit, content) -> None:  # type: ignore[no-untyped-def]
    said = Attribute(name=Words(zh=name, en=""), value=Words(zh=value, en=""), number=number, unit=unit)
    assert content_of([said]) == content


def test_a_saving_is_never_said_to_be_more_than_it_is() -> None:
    assert saved_percent(made.cny(7990), made.cny(5990)) == 25
    assert saved_percent(made.cny(10_000), made.cny(9_950)) is None
