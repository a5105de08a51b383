"""Promotions at the console: written as a sentence, tried on baskets and past orders, let go live by two people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from tests.growth.flash.made import a_pick, a_sale
from tests.growth.membership.made import paid
from tests.growth.presale.made import a_presale
from tests.growth.promotions.made import DESK, STAFF, a_plan, live
from tests.growth.teams.made import an_offer
from tests.shop.made import SHOP, a_product, a_shop, a_walk, cny, statements
from tests.worlds import made_once
from zhanggui.base import clock
from zhanggui.base.accounts.rules import Role
from zhanggui.doors.console import promotion_forms
from zhanggui.growth.promotions import actions, models, queries
from zhanggui.growth.promotions.rules import KINDS, Layer, State, Target
from zhanggui.growth.teams import actions as teams

pytestmark = pytest.mark.django_db
AT = "/console/promotions/"
ABOUT = "?shop=tea"
COMMON = {
    "name_zh": "满 300 减 40",
    "name_en": "40 off 300",
    "starts_at": "2026-11-25T00:00",
    "ends_at": "2026-12-01T00:00",
    "funded_by": "brand",
    "do": "save",
}
LADDER = {"step_0_from": "300", "step_0_off": "40", "step_1_from": "600", "step_1_off": "90.5"}


@pytest.fixture(autouse=True)
@made_once
def shop(db: None) -> None:
    a_shop()
    a_product("CUP", price=5990, units=500)
    a_product("POT", price=16800, units=500, category="tea")


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def written(client: Client, kind: str = "threshold", **typed: object) -> models.Promotion:
    """The promotion that a form made."""
    answer = client.post(f"{AT}new/{kind}/{ABOUT}", COMMON | typed)
    assert answer.status_code == 302, answer.content.decode()[:4000]
    return models.Promotion.objects.latest("id")


def done(client: Client, id: object, verb: str) -> str:
    return client.post(f"{AT}{id}/do/{verb}/{ABOUT}", follow=True).content.decode()


def a_draft(**said: object) -> str:
    return actions.write(plan=a_plan(**said), trail=DESK, by=STAFF)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "typed", "terms"),
    [
        (
            "threshold",
            LADDER,
            {
                "currency": "CNY",
                "steps": [{"from": 30000, "off": 4000}, {"from": 60000, "off": 9050}],
                "is_every": False,
            },
        ),
        (
            "cross_threshold",
            {"step_0_from": "300", "step_0_off": "50", "is_every": "1"},
            {"currency": "CNY", "steps": [{"from": 30000, "off": 5000}], "is_every": True},
        ),
        (
            "threshold_rate",
            {"step_0_from": "300", "step_0_off": "10"},
            {"currency": "CNY", "steps": [{"from": 30000, "off": "0.1"}]},
        ),
        (
            "coupon_amount",
            {"step_0_off": "10"},
            {"currency": "CNY", "steps": [{"from": 0, "off": 1000}], "is_every": False},
        ),
        ("coupon_rate", {"step_0_off": "12.5%"}, {"currency": "CNY", "steps": [{"from": 0, "off": "0.125"}]}),
        (
            "pieces",
            {"step_0_units": "2", "step_0_off": "50", "which": "nth"},
            {"steps": [{"units": 2, "off": "0.5"}], "which": "nth"},
        ),
        (
            "buy_get",
            {"from": "300", "get_units": "1", "gift": "CUP"},
            {"currency": "CNY", "from": 30000, "get_units": 1, "gift": "CUP", "is_every": False},
        ),
        (
            "bundle",
            {"price": "199", "part_0_sku": "POT", "part_1_sku": "CUP", "part_1_units": "2"},
            {"currency": "CNY", "price": 19900, "parts": [{"sku": "POT", "units": 1}, {"sku": "CUP", "units": 2}]},
        ),
        ("price", {"off": "20"}, {"off": "0.2"}),
        ("member_price", {"price": "99"}, {"currency": "CNY", "price": 9900}),
        ("free_shipping", {"from": "99"}, {"currency": "CNY", "from": 9900}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_kind_is_written_as_a_sentence_and_shown_again_as_typed(
    owner: Client, kind: str, typed: dict[str, str], terms: dict[str, object]
) -> None:
    row = written(owner, kind, **typed)
    assert (row.kind, row.terms, row.funded_by, row.state) == (kind, terms, "brand", State.DRAFT)
    assert row.is_coupon == kind.startswith("coupon")
    page = text(owner, f"{AT}{row.pk}/edit/{ABOUT}")
    for value in typed.values():
        assert f'value="{value.removesuffix("%")}"' in page, value
    again = owner.post(f"{AT}{row.pk}/edit/{ABOUT}", COMMON | typed | {"version": "1", "is_coupon": ""})
    assert again.status_code == 302
    row.refresh_from_db()
    assert (row.terms, row.version) == (terms, 2)


def test_no_kind_is_left_out() -> None:
    assert set(promotion_forms.SHAPES) == set(queries.KIND_NAMES) == set(KINDS)


def test_the_whole_sentence_is_kept(owner: Client) -> None:
    other = a_draft()
    row = written(
        owner,
        **LADDER,
        categories=["tea"],
        skus="CUP",
        tags="新品, 礼物",
        but_skus="POT",
        tiers=["gold"],
        segments=["new"],
        with_coupons="no",
        excludes=[other],
        new_group="双十一",
        per_order="2",
        per_person="3",
        cap="80",
        budget="5000",
        priority="7",
        base="list",
    )
    assert row.target == {"categories": ["tea"], "skus": ["CUP"], "tags": ["新品", "礼物"], "but_skus": ["POT"]}
    assert row.audience == {"tiers": ["gold"], "segments": ["new"]}
    assert row.excludes == sorted([other, "layer:4", "layer:6"])
    assert (row.group, row.priority, row.base, row.layer) == ("双十一", 7, "list", Layer.SHOP_THRESHOLD)
    assert (row.cap_minor, row.budget_minor, row.per_order, row.per_person) == (8000, 500000, 2, 3)
    assert row.starts_at.isoformat() == "2026-11-24T16:00:00+00:00"
    page = text(owner, f"{AT}{row.pk}/edit/{ABOUT}")
    assert 'name="categories" value="tea" checked' in page
    assert f'name="excludes" value="{other}" checked' in page


@pytest.mark.parametrize(
    ("typed", "field", "fault"),
    [
        ({"step_0_from": "300", "step_0_off": "300"}, "step_0_off", "below what is asked for"),
        ({"step_0_from": "x", "step_0_off": "3"}, "step_0_from", "From how much on"),
        ({}, "step_0_off", "at least one step"),
        (LADDER | {"ends_at": "2026-11-20T00:00"}, "ends_at", "It ends after it has begun."),
        (LADDER | {"starts_at": ""}, "starts_at", "from when on"),
        (LADDER | {"budget": "0"}, "budget", "A budget is an amount above nothing."),
        (LADDER | {"skus": "NONE"}, "skus", "is not sold here"),
        (LADDER | {"name_en": " "}, "name_zh", "a name in Chinese and in English"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_kept(
    owner: Client, typed: dict[str, str], field: str, fault: str
) -> None:
    answer = owner.post(f"{AT}new/threshold/{ABOUT}", COMMON | typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert fault in page
    at = page.index(f'name="{field}"')
    assert 'aria-invalid="true"' in page[at : page.index(">", page.index("aria-", at) if field != "skus" else at)]
    assert not models.Promotion.objects.exists()


def test_both_languages_and_sample_baskets_are_shown_without_keeping_anything(owner: Client) -> None:
    live("pieces", {"steps": [{"units": 2, "off": "0.1"}]}, name_zh="两件九折", name_en="Ten off two")
    typed = COMMON | LADDER | {"do": "preview", "basket_0": "POT 2"}
    part = owner.post(f"{AT}new/threshold/{ABOUT}", typed, headers={"X-Part": "preview"}).content.decode()
    whole = owner.post(f"{AT}new/threshold/{ABOUT}", typed).content.decode()
    for page in (part, whole):
        assert "CN¥300 or more: CN¥40 off; CN¥600 or more: CN¥90.50 off" in page
        assert "满 ¥300" in page
        assert "Ten off two" in page
        assert "paid by the brand" in page
    assert "<html" not in part
    assert "CN¥314.40" in part  # 336.00 - 33.60 + 12.00 of postage
    assert "CN¥274.40" in part
    assert models.Promotion.objects.count() == 1


def test_a_promotion_is_copied_with_another_name(owner: Client) -> None:
    id = live(target=Target(categories=frozenset({"tea"})))
    page = text(owner, f"{AT}new/threshold/{ABOUT}&from={id}")
    assert "满 300 减 40（副本）" in page
    assert 'name="categories" value="tea" checked' in page


def test_two_people_let_a_costly_promotion_go_live(owner: Client, signed_in: Callable[..., Client]) -> None:
    row = written(owner, **LADDER)
    assert "It waits for a second person now." in done(owner, row.pk, "start")
    assert "You asked for it" in text(owner, f"{AT}{row.pk}/{ABOUT}")
    assert "Somebody else than who asked" in done(owner, row.pk, "approve")
    manager = signed_in(Role.MANAGER)
    assert "It is live." in done(manager, row.pk, "approve")
    assert "paused" in done(manager, row.pk, "pause")
    done(owner, row.pk, "start")
    assert "It has ended" in done(manager, row.pk, "end")
    row.refresh_from_db()
    assert row.state == State.ENDED
    page = text(owner, f"{AT}{row.pk}/{ABOUT}")
    assert "asked for a second person" in page
    assert "It is not in a state" in done(owner, row.pk, "pause")
    answer = owner.get(f"{AT}{row.pk}/edit/{ABOUT}", follow=True).content.decode()
    assert "Copy it" in answer


def test_a_dry_run_tells_what_it_would_have_cost_and_lets_one_person_decide(owner: Client) -> None:
    number = paid({"POT": 2}, walk=a_walk()).order_number
    row = written(owner, step_0_from="300", step_0_off="40")
    assert "It is being tried on past orders." in done(owner, row.pk, "try")
    trial = models.Trial.objects.get()
    running = owner.get(f"{AT}{row.pk}/{ABOUT}")
    version = queries.tried(SHOP, str(row.pk)).version  # type: ignore[union-attr]
    assert version in running.content.decode()
    assert owner.get(f"{AT}{row.pk}/{ABOUT}", headers={"X-Known": version}).status_code == 204
    actions.run_trial(id=str(trial.pk))
    page = text(owner, f"{AT}{row.pk}/{ABOUT}")
    assert number in page
    assert "CN¥168.00 → CN¥128.00" in page
    assert "of 1 with such goods, of 1 paid" in page
    assert "It is live." in done(owner, row.pk, "start")


def test_the_calendar_shows_periods_overlaps_and_budgets(owner: Client) -> None:
    now = clock.now()
    tea = live(name_zh="茶", name_en="Tea days", target=Target(categories=frozenset({"tea"})), budget=cny(4000))
    live(name_zh="壶", name_en="Pot days", target=Target(skus=frozenset({"POT"})), ends_at=now + timedelta(days=2))
    paid({"POT": 2}, walk=a_walk())
    for view in ("month", "week", "list"):
        page = text(owner, f"{AT}{ABOUT}&view={view}")
        assert page.count("Tea days") >= 2
        assert "Pot days" in page
        assert "Budget spent" in page
        assert "of CN¥40.00" in page
    far = text(owner, f"{AT}{ABOUT}&view=week&on=2020-01-01")
    assert "Nothing holds in this time" in far
    assert f"/console/promotions/{tea}/" not in far


def test_the_calendar_shows_flash_sales_presales_and_teams_with_what_holds_for_the_same_goods(owner: Client) -> None:
    now = clock.now()
    live(name_zh="壶", name_en="Pot days", target=Target(skus=frozenset({"POT"})), ends_at=now + timedelta(days=2))
    sale = a_sale(a_pick("CUP"))
    presale = a_presale(sku="POT", price=cny(16800), first=cny(1000), credit=cny(2000))
    offer = an_offer("TRAY")

    def shown(on: timedelta) -> str:
        return text(owner, f"{AT}{ABOUT}&view=week&on={clock.day_of(now + on, 'Asia/Shanghai')}")

    today, later, before = shown(timedelta(0)), shown(timedelta(days=2)), shown(timedelta(days=-30))
    for path in (f"flash/{sale}", f"presales/{presale}", f"teams/{offer.id}"):
        assert f"/console/{path}/" in today
        assert f"/console/{path}/" not in before
    assert "Presale: deposits" in today
    assert "Presale: balances" in later
    row = today.partition("Presale: deposits")[2].partition("</tr>")[0]
    assert "On now" in row
    assert "Pot days" in row
    teams.stop_offer(id=offer.id, is_calling_off=False, trail=DESK, by=STAFF)
    assert f"/console/teams/{offer.id}/" in shown(timedelta(0))
    assert f"/console/teams/{offer.id}/" not in shown(timedelta(days=14))


def test_an_empty_shop_is_told_what_to_do(owner: Client) -> None:
    assert "Write a promotion" in text(owner, f"{AT}{ABOUT}")


def test_only_who_sets_terms_may_see_it(signed_in: Callable[..., Client]) -> None:
    clerk = signed_in(Role.CLERK)
    id = a_draft()
    for path in ("", "new/", "new/threshold/", "floors/", f"{id}/", f"{id}/edit/"):
        assert clerk.get(f"{AT}{path}{ABOUT}").status_code == 403, path
    assert clerk.post(f"{AT}{id}/do/start/{ABOUT}").status_code == 403
    assert models.Promotion.objects.get().state == State.DRAFT


def test_what_is_not_there_is_not_found(owner: Client) -> None:
    id = a_draft()
    assert owner.get(f"{AT}00000000-0000-7000-8000-000000000000/{ABOUT}").status_code == 404
    assert owner.post(f"{AT}{id}/do/burn/{ABOUT}").status_code == 404


def test_floors_are_set_and_taken_away(owner: Client) -> None:
    def sent(**typed: str) -> str:
        return owner.post(f"{AT}floors/{ABOUT}", typed, follow=True).content.decode()

    assert "No promotion takes it below" in sent(sku="POT", price="80")
    page = text(owner, f"{AT}floors/{ABOUT}")
    assert "below its cost" in page
    assert queries.floor_list(SHOP) == (("POT", cny(8000)),)
    assert "No product of this shop" in sent(sku="NONE", price="80")
    assert "an amount above nothing" in sent(sku="POT", price="0")
    assert "no lowest price any more" in sent(sku="POT", price="")
    assert queries.floor_list(SHOP) == ()


def test_the_price_of_an_order_is_explained_to_the_cent(owner: Client, signed_in: Callable[..., Client]) -> None:
    id = live(name_zh="满减", name_en="Forty off")
    number = paid({"POT": 1, "CUP": 3}, walk=a_walk()).order_number
    page = text(signed_in(Role.CLERK), f"/console/orders/{number}/price/{ABOUT}")
    assert f"/console/promotions/{id}/" in page
    assert "Forty off" in page
    assert "-CN¥20.67" in page
    assert "3 × -CN¥6.89" in page
    assert "CN¥159.03" in page
    assert "is not kept" in page
    assert f"/console/orders/{number}/price/" in text(owner, f"/console/orders/{number}/{ABOUT}")
    assert owner.get(f"/console/orders/NONE/price/{ABOUT}").status_code == 404


def test_pages_cost_the_same_however_many_promotions_there_are(owner: Client, settings: Settings) -> None:
    def asked(path: str) -> int:
        with statements() as found:
            assert owner.get(path).status_code == 200
        return len(found)

    id = live(target=Target(skus=frozenset({"POT"})))
    paid({"POT": 2}, walk=a_walk())
    number = models.Redemption.objects.get().order_number
    paths = [
        f"{AT}{ABOUT}",
        f"{AT}{ABOUT}&view=list",
        f"{AT}{id}/{ABOUT}",
        f"{AT}new/threshold/{ABOUT}",
        f"/console/orders/{number}/price/{ABOUT}",
    ]
    before = [asked(path) for path in paths]
    for _ in range(5):
        live(target=Target(skus=frozenset({"POT", "CUP"})))
    assert [asked(path) for path in paths] == before
    assert max(before) <= 22
