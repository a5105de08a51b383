"""The real client libraries, pointed at our door: every event arrives once, and who is who is understood."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from tests.doors.ingest.making import Door
from zhanggui.doors.ingest import queries
from zhanggui.insight.identity import queries as identity
from zhanggui.insight.identity.rules import How
from zhanggui.insight.lake import actions as tending
from zhanggui.insight.lake import queries as lake

pytestmark = pytest.mark.django_db(transaction=True)
HERE = Path(__file__).parent / "clients"
# Where `make test` puts them, beside our own libraries, because they ask for older ones.
LIBRARIES = Path(sys.prefix) / "clients"
NODE = "@segment/analytics-node@3.1.0"
VIEWS = 250


def run(door: Door, *command: str) -> None:
    host = f"http://{door.host}:{door.port}"
    done = subprocess.run(
        [*command[:2], host, door.key, *command[2:]],
        env=os.environ | {"PYTHONPATH": str(LIBRARIES)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def names() -> dict[str, int]:
    rows = lake.ask(f"select name, count(*) from {lake.events('tea', date.min, date.max)} group by name")
    return dict(rows)


def people() -> Counter[str]:
    tending.roll("tea")
    rows = lake.ask(f"select person, count(*) from {lake.events('tea', date.min, date.max)} group by person")
    return Counter(dict(rows))


@pytest.mark.parametrize(
    ("program", "more", "person", "visitor", "old"),
    [
        ("segment_client.py", {"Group": 1}, "seg-ann", "seg-visitor", "seg-old"),
        ("rudder_client.py", {}, "rud-bob", "rud-visitor", "rud-old"),
        ("posthog_client.py", {}, "hog-eve", "hog-visitor", "hog-old"),
    ],
)
def test_a_python_client_needs_no_change_but_the_host(
    own_door: Door, program: str, more: dict[str, int], person: str, visitor: str, old: str
) -> None:
    if not LIBRARIES.is_dir():
        pytest.skip("the clients of the field are not installed: `make test` installs them")
    run(own_door, sys.executable, str(HERE / program))
    _has_arrived(own_door, more, person, visitor, old)


def test_the_node_client_needs_no_change_but_the_host(own_door: Door, tmp_path: Path) -> None:
    npm, node = shutil.which("npm"), shutil.which("node")
    if not npm or not node:
        pytest.skip("no Node.js here: the client of Segment for Node was NOT run against the door")
    install = [npm, "install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts", NODE]
    done = subprocess.run(install, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode:
        pytest.skip(f"npm cannot fetch {NODE}: the client of Segment for Node was NOT run against the door")
    run(own_door, node, str(HERE / "node_client.mjs"), str(tmp_path))
    _has_arrived(own_door, {}, "node-kim", "node-visitor", "node-old")


def _has_arrived(door: Door, more: dict[str, int], person: str, visitor: str, old: str) -> None:
    """Every event once, nothing refused; what the visitor did is the person's."""
    wanted = {"Product Viewed": VIEWS, "Page": 1, "Order Completed": 1, "Identify": 1, "Alias": 1} | more
    assert names() == wanted
    assert queries.refused_events(shop="tea", start=date(2000, 1, 1), end=date(2100, 1, 1)) == ()
    assert {(one.alias, one.person, one.how) for one in identity.newest("tea")} == {
        (visitor, person, How.IDENTIFY),
        (old, person, How.ALIAS),
    }
    assert people() == {person: sum(wanted.values())}
