"""The walls stand, and each of them is seen to hold: a planted violation of every kind is caught."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from tests.house.plan import ROOT, SOURCE, closed_drawers_opened, foreign_keys_out_of_their_room, imports, read

LONGEST_FILE = 400
LONGEST_FUNCTION = 60

# A file, a line in it, the contract that it breaks, and how that is said.
PLANTED = [
    (
        "spine/log/queries.py",
        "from zhanggui.insight.lake import rules",
        "A room imports only the floors below it",
        "zhanggui.spine.log.queries -> zhanggui.insight.lake.rules",
    ),
    ("newroom/__init__.py", "", "A room imports only the floors below it", "not listed as layers: - zhanggui.newroom"),
    (
        "doors/console/urls.py",
        "from zhanggui.doors.storefront import visit",
        "Nobody imports a door",
        "zhanggui.doors.console.urls -> zhanggui.doors.storefront.visit",
    ),
    (
        "base/shops/queries.py",
        "from zhanggui.base.ledger import queries as l",
        "No circles between shelves",
        "No cycles are allowed in zhanggui.base. It",
    ),
    ("shop/cart/rules.py", "from django.db import models", "Rules are pure", "zhanggui.shop.cart.rules -> django"),
    ("shop/orders/errors.py", "import httpx", "Rules are pure", "zhanggui.shop.orders.errors -> httpx"),
    (
        "base/shops/models.py",
        "from zhanggui.base.shops import actions",
        "Drawers of a shelf build on each other in one order",
        "zhanggui.base.shops.models -> zhanggui.base.shops.actions",
    ),
]
# The planted circle needs its other half.
_OTHER_HALF = ("base/ledger/queries.py", "from zhanggui.base.shops import queries as s")


def _contracts(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-logo", "--no-cache"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder / "src")},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def said_of_plants(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What is said of a house with all of them in it: each is named, so that one look is enough."""
    folder = tmp_path_factory.mktemp("house")
    shutil.copytree(SOURCE, folder / "src", ignore=shutil.ignore_patterns("__pycache__", "static", "templates"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    for file, line in [*((file, line) for file, line, _, _ in PLANTED), _OTHER_HALF]:
        path = folder / "src" / "zhanggui" / file
        path.parent.mkdir(exist_ok=True)
        path.write_text((path.read_text() if path.exists() else '"""New."""\n') + f"\n{line}\n")
    result = _contracts(folder)
    assert result.returncode == 1, result.stdout
    return " ".join(result.stdout.split())


@pytest.mark.parametrize(("contract", "named"), [plant[2:] for plant in PLANTED], ids=[plant[0] for plant in PLANTED])
def test_a_planted_violation_is_caught(contract: str, named: str, said_of_plants: str) -> None:
    assert f"{contract} BROKEN" in said_of_plants
    assert named in said_of_plants


def test_rooms_meet_only_at_public_drawers() -> None:
    assert closed_drawers_opened(imports()) == []


@pytest.mark.parametrize(
    "imported",
    [
        "zhanggui.supply.stock.models.StockLevel",
        "zhanggui.supply.stock.handlers",
        "zhanggui.doors.storefront.visit.Visit",
    ],
)
def test_reaching_into_a_closed_drawer_is_caught(imported: str) -> None:
    assert closed_drawers_opened([("zhanggui.shop.checkout.actions", imported)])


def test_public_drawers_are_open() -> None:
    open_ones = ["zhanggui.supply.stock.actions", "zhanggui.base.money.Money", "zhanggui.spine.log.rules.Trail"]
    assert closed_drawers_opened(("zhanggui.shop.checkout.actions", one) for one in open_ones) == []


def test_no_foreign_key_leaves_its_room() -> None:
    assert foreign_keys_out_of_their_room(apps.get_models()) == []


def test_a_foreign_key_into_another_room_is_caught() -> None:
    class Sneaky(models.Model):
        shop = models.ForeignKey("base_shops.Shop", on_delete=models.CASCADE)

        class Meta:
            app_label = "shop_orders"

    Sneaky.__module__ = "zhanggui.shop.orders.models"
    try:
        assert len(foreign_keys_out_of_their_room([Sneaky])) == 1
    finally:
        apps.all_models["shop_orders"].pop("sneaky")
        apps.clear_cache()


def _python_files() -> list[Path]:
    return [path for path in sorted(SOURCE.rglob("*.py")) if "migrations" not in path.parts]


def test_no_file_is_longer_than_a_sitting() -> None:
    every = [*_python_files(), *(ROOT / "tests").rglob("*.py"), *(ROOT / "benchmarks").rglob("*.py")]
    long = {str(p.relative_to(ROOT)): n for p in every if (n := len(p.read_text().splitlines())) > LONGEST_FILE}
    assert long == {}


def test_no_function_does_many_things() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{first} {name}"
        for path in _python_files()
        for name, first, last in read(path).functions
        if last - first > LONGEST_FUNCTION
    ]
    assert long == []


def test_every_shelf_says_what_it_owns_and_its_front_holds_nothing_else() -> None:
    for path in SOURCE.rglob("__init__.py"):
        tree = ast.parse(path.read_text())
        assert (ast.get_docstring(tree) or "").strip(), path
        if path.parent != SOURCE / "zhanggui":
            allowed = ast.ImportFrom | ast.Import | ast.Assign | ast.AnnAssign
            code = [node for node in tree.body[1:] if not isinstance(node, allowed)]
            assert code == [], path


def test_every_app_has_a_label_of_its_own_and_tables_that_carry_it() -> None:
    ours = [config for config in apps.get_app_configs() if config.name.startswith("zhanggui.")]
    for config in ours:
        for model in config.get_models():
            assert model._meta.db_table.startswith(f"{config.label}_"), model


def test_nothing_swallows_every_error() -> None:
    broad = [f"{path.relative_to(ROOT)}:{line}" for path in _python_files() for line in read(path).swallowing]
    assert broad == []


def test_no_committed_file_names_a_registry_or_a_machine() -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    words = ("pypi" + ".org", "file:" + "///opt", "/work" + "/main", "/root" + "/.pyenv", "--index" + "-url")
    for name in tracked.stdout.split():
        path = ROOT / name
        if path.is_file() and path.suffix not in (".png", ".ico", ".mo"):
            text = path.read_text(errors="replace")
            assert not [word for word in words if word in text], name
