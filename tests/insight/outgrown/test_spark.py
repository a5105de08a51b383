"""Two executors of Spark make every daily table from the same segments, row by row as we make it."""

from __future__ import annotations

import shutil
import sys
import warnings
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.insight.metrics.events import an_event
from tests.insight.outgrown.world import a_month
from zhanggui.insight.lake import actions
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.lake.rules import ROLLUPS, Rollup

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    pyspark = pytest.importorskip("pyspark", reason="OUTGROWN MISSING: pip install -r requirements-outgrown.lock")
    from pyspark.sql import SparkSession
spark_queries = pytest.importorskip("zhanggui.insight.outgrown.queries.spark")

pytestmark = [
    pytest.mark.dear,
    pytest.mark.django_db,
    pytest.mark.skipif(shutil.which("java") is None, reason="NO JAVA: apt-get install default-jre-headless"),
    pytest.mark.filterwarnings("ignore"),
]
SHOP = "acme"
YEAR = (date(2026, 1, 1), date(2027, 1, 1))
# For a life of seconds: code is compiled once and quickly, and plans are not made into classes first.
_QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:CICompilerCount=1"


@pytest.fixture(scope="module")
def spark(standing_world: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: Any) -> Iterator[SparkSession]:
    """One session for all: two executors, each a process of its own, who know the month's events."""
    folder: Path = tmp_path_factory.mktemp("spark")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_HOME", str(Path(pyspark.__file__).parent))
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        patch.setenv("SPARK_WORKER_DIR", str(folder))
        patch.setenv("PYSPARK_SUBMIT_ARGS", f"--driver-memory 512m --driver-java-options '{_QUICK}' pyspark-shell")
        started = _session(folder)
        with django_db_blocker.unblock():
            shop = a_month()
            # Told after our tables were made, and in none of them.
            late = an_event("growth.letter_opened", "2026-05-05T04:00", person="late")
            actions.append("late", actions.to_events([late], zone=shop.zone), shop=SHOP)
            spark_queries.see_events(started, SHOP, *YEAR)
        started.catalog.cacheTable("events")
        yield started
        started.stop()


def _session(folder: Path) -> SparkSession:
    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.ansi.enabled": "false",
        "spark.sql.legacy.sizeOfNull": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.local.dir": str(folder / "local"),
        "spark.executor.memory": "512m",
        "spark.executor.extraJavaOptions": _QUICK,
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.sql.adaptive.enabled": "false",
    }
    builder = SparkSession.builder.master("local-cluster[2,1,1024]").appName("zhanggui")
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def test_two_executors_are_at_it(spark):
    # The driver counts itself.
    assert len(spark.sparkContext._jsc.sc().statusTracker().getExecutorInfos()) == 3


def test_people_have_our_numbers_and_who_came_since_has_one_below_0(spark):
    ours = dict(lake.ask(f"select distinct walker, person from {lake.counted_events(SHOP, *YEAR)}"))

    theirs = {row.walker: row.person for row in spark.sql("select distinct walker, person from events").collect()}

    assert theirs.pop("late") < 0
    assert theirs == {walker: number for walker, number in ours.items() if walker != "late"}
    assert theirs.pop("") == 0


@pytest.mark.parametrize("rollup", ROLLUPS, ids=lambda rollup: rollup.name)
def test_a_daily_table_made_by_spark_is_ours(rollup: Rollup, spark):
    ours = lake.ask(f"select * from {lake.rollup(SHOP, rollup.name)}")

    theirs = spark_queries.rows(spark, rollup)

    assert Counter(theirs) == Counter(ours)
    assert ours
