"""The real shops of the shared tables, taken in once for all that ask them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pytest_django.plugin import DjangoDbBlocker

from tests.doors.imports.made import a_shop, take_orders
from tests.emptying import standing
from tests.stand import SHARED_DATA
from zhanggui.base import clock
from zhanggui.doors.imports import actions
from zhanggui.doors.imports import command as imports
from zhanggui.doors.imports.reports import Report
from zhanggui.insight.value import actions as value

PAGE = Path(__file__).resolve().parents[2] / "docs" / "howto" / "first-look.md"
# What a reader calls the files, and where they lie here.
FILES = {
    "online_retail_II_2009_2010.parquet": "online_retail/online_retail_II_2009_2010.parquet",
    "online_retail_2010_2011.parquet": "online_retail/online_retail_2010_2011.parquet",
    "path/to/olist": "olist",
    "UserBehavior.csv": "taobao_user_behavior_sample/userbehavior_sample.parquet",
    "events.csv": "clickstream/retailrocket_events_sample.csv",
    "CDNOW_master.txt": "cdnow/CDNOW_master.txt",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """The reports of all that was taken in."""

    first_year: Report
    second_year: Report
    olist: Report
    tmall: Report
    retailrocket: Report
    taobao: Report


def import_commands() -> list[list[str]]:
    said = re.findall(r"^\$ zhanggui import (.+)$", PAGE.read_text(encoding="utf-8"), re.M)
    return [[str(SHARED_DATA / FILES[word]) if word in FILES else word for word in shlex.split(line)] for line in said]


@pytest.fixture(scope="package")
def taken(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Taken]:
    """All that docs/howto/first-look.md brings in, the Tmall report, and the models of one shop fitted."""
    with django_db_blocker.unblock(), standing():
        first_year, second_year, marketplace, acts, clicks, _ = _brought_in()
        report = SHARED_DATA / "tmall_orders_cn" / "tmall_order_report.csv"
        tmall = take_orders(report, "tmall", shop=a_shop("tmall"))
        value.refit(shop="cdnow", at=clock.now())
        yield Taken(
            first_year=first_year,
            second_year=second_year,
            olist=marketplace,
            tmall=tmall,
            retailrocket=clicks,
            taobao=acts,
        )


def _brought_in() -> list[Report]:
    heard: list[Report] = []
    bring_in = actions.bring_in

    def overheard(*args: Any, **kwargs: Any) -> tuple[Report, ...]:
        reports = bring_in(*args, **kwargs)
        heard.extend(reports)
        return reports

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(actions, "bring_in", overheard)
        for words in import_commands():
            result = CliRunner().invoke(imports.command, [*words, "--quiet"])
            assert result.exit_code == 0, result.output
    return heard
