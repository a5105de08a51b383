"""Stock at the console: seen as it is, moved once however often a form is sent, refused with a reason."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from tests.doors.console.test_other_pages import rows_of
from tests.shop.made import statements
from zhanggui.base import ids
from zhanggui.base.accounts.rules import Role
from zhanggui.base.operation.rules import operator
from zhanggui.base.shops.actions import open_shop
from zhanggui.base.shops.rules import Shop, ShopKind
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import actions, queries
from zhanggui.supply.stock.models import Level
from zhanggui.supply.stock.rules import Demand, Warehouse, WarehouseKind, Zone

pytestmark = pytest.mark.django_db

BY = operator("clerk")
TRAIL = Trail(shop="acme")
ABOUT = "shop=acme"


@pytest.fixture
def stocked(lake_folder: object) -> None:
    open_shop(shop=Shop(code="acme", name="Acme", zone="Asia/Shanghai", currency="CNY", kind=ShopKind.OWN))
    open_shop(shop=Shop(code="rival", name="Rival", zone="Asia/Shanghai", currency="CNY", kind=ShopKind.OWN))
    west = Warehouse(code="west", shop="acme", name_zh="西部仓", name_en="West", zones=(Zone(days=4),))
    actions.describe(warehouse=west, trail=TRAIL, by=BY)
    actions.receive(reference="n-1", units={"CUP": 40, "POT": 3}, trail=TRAIL, by=BY)
    actions.receive(reference="n-2", units={"CUP": 5}, warehouse="west", trail=TRAIL, by=BY)
    actions.receive(reference="n-3", units={"THEIRS": 7}, trail=Trail(shop="rival"), by=BY)
    actions.hold(order_number="O-1", demand=[Demand(1, "POT", 3)], until=None, trail=TRAIL, by=BY)


def do(client: Client, verb: str, **said: object) -> str:
    """What the page says after a job."""
    form = {"sku": "CUP", "warehouse": "main", "reference": str(ids.uuid7()), **said}
    html = client.post(f"/console/stock/do/{verb}/?{ABOUT}", form, follow=True).content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.mark.usefixtures("stocked")
def test_the_levels_of_the_shop_stand_there_the_scarcest_first(owner: Client) -> None:
    rows = rows_of(owner.get(f"/console/stock/?{ABOUT}"))
    assert rows == ["POT Main warehouse 0 3 3 0 0", "CUP West 5 5 0 0 0", "CUP Main warehouse 40 40 0 0 0"]


@pytest.mark.usefixtures("stocked")
@pytest.mark.parametrize(
    ("filter", "found"),
    [
        ("want=out", ["POT"]),
        ("want=low", ["CUP"]),
        ("warehouse=west", ["CUP"]),
        ("q=po", ["POT"]),
        ("sort=on_hand&dir=desc", ["CUP", "CUP", "POT"]),
        ("want=nonsense&sort=%27;drop&page=x", ["POT", "CUP", "CUP"]),
    ],
)
def test_levels_are_found_and_ordered_as_the_address_says(owner: Client, filter: str, found: list[str]) -> None:
    assert [row.split()[0] for row in rows_of(owner.get(f"/console/stock/?{ABOUT}&{filter}"))] == found


@pytest.mark.usefixtures("stocked")
def test_what_is_seen_can_be_saved(owner: Client) -> None:
    said = b"".join(owner.get(f"/console/stock.csv?{ABOUT}&want=out").streaming_content).decode("utf-8-sig")
    assert said.splitlines()[1:] == ["POT,main,0,3,3,0,0"]


@pytest.mark.usefixtures("stocked")
def test_a_sku_is_no_formula_in_the_file(owner: Client) -> None:
    actions.receive(reference="n-4", units={"@CUP": 1}, trail=TRAIL, by=BY)
    said = b"".join(owner.get(f"/console/stock.csv?{ABOUT}&q=@").streaming_content).decode("utf-8-sig")
    assert said.splitlines()[1:] == ["'@CUP,main,1,1,0,0,0"]


@pytest.mark.usefixtures("stocked")
def test_a_sku_shows_where_it_lies_who_is_promised_it_and_what_moved_it(owner: Client) -> None:
    with statements() as sent:
        html = owner.get(f"/console/stock/of/POT/?{ABOUT}").content.decode()
    assert "O-1" in html
    assert "Promised to an order" in html
    assert "Received" in html
    assert len(sent) <= 12
    assert owner.get(f"/console/stock/of/NEVER/?{ABOUT}").status_code == 404


@pytest.mark.usefixtures("stocked")
def test_the_jobs_of_a_warehouse(owner: Client) -> None:
    assert "can be sold" in do(owner, "receive", units="10", note="delivery 7")
    assert "2 fewer than the books said" in do(owner, "count", units="48")
    assert "The books were right" in do(owner, "count", units="48")
    assert "kept apart" in do(owner, "sort", units="3", condition="defective", reason="broken")
    assert "out of the books" in do(owner, "write-off", units="1", condition="defective")
    assert "may be sold before" in do(owner, "backorder", units="20")
    assert "on their way" in do(owner, "send", units="5", to="west")
    level = queries.level("CUP")
    assert (level.on_hand_units, level.defective_units, level.backorder_units) == (40, 2, 20)
    (way,) = queries.transfers("acme")
    form = {"reference": way.reference, "sku": "CUP", "units": "4", "lost": "1"}
    owner.post(f"/console/stock/arrive/?{ABOUT}", form)
    assert queries.level("CUP", warehouse="west").on_hand_units == 9
    assert queries.audit() == ()


@pytest.mark.usefixtures("stocked")
def test_a_form_sent_twice_moves_stock_once(owner: Client) -> None:
    for said in ("can be sold", "Stock was moved under"):
        assert said in do(owner, "receive", units="10", reference="page-1")
    assert queries.level("CUP").on_hand_units == 50


@pytest.mark.usefixtures("stocked")
@pytest.mark.parametrize(
    ("verb", "said", "reason"),
    [
        ("receive", {"units": "-1"}, "Give whole pieces"),
        ("receive", {"units": "9" * 30}, "Give whole pieces"),
        ("receive", {"units": "1", "warehouse": "moon"}, "no such warehouse"),
        ("count", {"sku": "POT", "units": "2"}, "are promised to orders"),
        ("send", {"units": "41", "to": "west"}, "Only 40 of CUP"),
        ("send", {"units": "1", "to": "main"}, "Choose another warehouse"),
        ("write-off", {"units": "1", "condition": "defective"}, "Only 0 of CUP"),
    ],
)
def test_what_cannot_be_is_refused_with_a_reason(owner: Client, verb: str, said: dict[str, str], reason: str) -> None:
    before = list(Level.objects.order_by("id").values_list())
    assert reason in do(owner, verb, **said)
    assert [row[3:] for row in Level.objects.order_by("id").values_list()][: len(before)] == [row[3:] for row in before]


@pytest.mark.usefixtures("stocked")
def test_a_warehouse_is_opened_and_described_anew(owner: Client) -> None:
    form = {
        "code": "osaka",
        "name_zh": "大阪仓",
        "kind": "overseas",
        "country": "jp",
        "handling": "12.50",
        "zones": "JP, 2\nCN, 浙江, 9",
        "sells": "1",
        "priority": "2",
        "restock_days": "30",
        "latitude": "34.694",
        "longitude": "135.502",
    }
    owner.post(f"/console/warehouses/new/?{ABOUT}", form)
    house = queries.warehouse("acme", "osaka")
    assert (house.kind, house.country, house.handling_minor, house.latitude_milli) == (
        WarehouseKind.OVERSEAS,
        "JP",
        1250,
        34_694,
    )
    assert house.zones == (Zone(country="JP", days=2), Zone(country="CN", region="浙江", days=9))
    html = owner.get(f"/console/warehouses/osaka/?{ABOUT}").content.decode()
    assert "CN, 浙江, 9" in html
    assert "大阪仓" in owner.get(f"/console/warehouses/?{ABOUT}").content.decode()
    for wrong in ({"zones": "JP, soon"}, {"latitude": "north"}, {"handling": "cheap"}, {"country": "Japan"}):
        owner.post(f"/console/warehouses/osaka/?{ABOUT}", form | wrong)
    assert queries.warehouse("acme", "osaka") == house


@pytest.mark.usefixtures("stocked")
def test_disagreements_are_shown(owner: Client) -> None:
    assert "The books are right" in owner.get(f"/console/stock/audit/?{ABOUT}").content.decode()
    Level.objects.filter(sku="POT").update(held_units=1)
    assert rows_of(owner.get(f"/console/stock/audit/?{ABOUT}")) == ["POT main 3 · 3 1 · 3 · 3"]


@pytest.mark.usefixtures("stocked")
def test_only_who_runs_the_shop_sees_and_moves_its_stock(signed_in: Callable[..., Client]) -> None:
    analyst = signed_in(Role.ANALYST)
    for address in ("stock/", "stock/of/CUP/", "warehouses/", "warehouses/new/", "stock/audit/"):
        assert analyst.get(f"/console/{address}?{ABOUT}").status_code == 403
    assert analyst.post(f"/console/stock/do/receive/?{ABOUT}", {"sku": "CUP", "units": "1"}).status_code == 403
    rival = signed_in(Role.OWNER).get("/console/stock/?shop=rival")
    assert [row.split()[0] for row in rows_of(rival)] == ["THEIRS"]
