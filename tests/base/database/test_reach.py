"""Is the database there and new enough, and is its password kept to ourselves?"""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.base.database.stage import a_server

from zhanggui.base.database import reach
from zhanggui.base.database.errors import CannotConnect, ServerTooOld


def test_a_server_that_is_new_enough_is_accepted_with_its_version(home: Path) -> None:
    with a_server(home) as server:
        assert reach.require(server.url) == 18


def test_a_server_that_is_too_old_is_refused_with_both_versions(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with a_server(home) as server:
        monkeypatch.setattr(reach, "OLDEST_MAJOR", 19)
        with pytest.raises(ServerTooOld) as refused:
            reach.require(server.url)

    assert refused.value.found.startswith("18.")
    assert refused.value.wanted == 19


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://someone:secret@/shop?host=/nowhere&password=secret",
        "postgresql://someone:secret@127.0.0.1:1/shop",
        "mysql://someone:secret@localhost/shop",
    ],
)
def test_a_server_that_does_not_answer_is_named_without_its_password(url: str) -> None:
    with pytest.raises(CannotConnect) as refused:
        reach.require(url)

    assert "secret" not in refused.value.address
    assert refused.value.address.endswith("/shop")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://a:b@host:5432/shop?sslmode=require", "postgresql://a@host:5432/shop"),
        ("postgresql://a@/shop?host=/run/socket", "postgresql://a@/shop"),
        ("postgresql://host/shop", "postgresql://host/shop"),
        ("postgresql://a:b@[broken/shop", "postgresql"),
    ],
)
def test_an_address_is_shown_without_its_password(url: str, shown: str) -> None:
    assert reach.without_password(url) == shown
