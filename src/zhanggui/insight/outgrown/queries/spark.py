"""Daily tables made by Spark, on as many machines as it has, from the lake's own segments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from pyspark.sql import DataFrame, SparkSession
from sqlglot import exp

from zhanggui.insight.lake import queries as lake
from zhanggui.insight.lake.rules import NUMBERS, PEOPLE, Rollup
from zhanggui.insight.outgrown.queries import segments
from zhanggui.insight.outgrown.rules.common import read
from zhanggui.insight.outgrown.rules.spark import said, to_spark

_NO_EVENTS: Final = {f"rollup={name}" for name in (PEOPLE, NUMBERS)}


def see_events(spark: SparkSession, shop: str, start_day: date, end_day: date) -> None:
    """Let Spark know a shop's events as `events`: each once, and of the person who walked under that id, by number.

    The number is ours, from the same files; who came since our own tables were made has one below 0. Its session must
    say `spark.sql.ansi.enabled = false`: what is no number is null and no error, as with us.
    """
    tree = read(f"select * from {lake.counted_events(shop, start_day, end_day)} events")
    for place, reading in enumerate(list(tree.find_all(exp.ReadParquet))):
        paths = [one.name for one in reading.expressions[0].expressions]
        files = _segments(spark, paths) if _hold_events(paths) else spark.read.parquet(*paths)
        files.createOrReplaceTempView(f"files_{place}")
        reading.replace(exp.to_identifier(f"files_{place}"))
    spark.sql(said(tree)).createOrReplaceTempView("events")


def _hold_events(paths: Sequence[str]) -> bool:
    """Whether these are segments, and not the files that say who walked under which id and has which number."""
    return not all(Path(path).parent.name in _NO_EVENTS for path in paths)


def _segments(spark: SparkSession, paths: Sequence[str]) -> DataFrame:
    """Each file read by whichever executor is free."""
    named = spark.createDataFrame([(path,) for path in paths], "path string").repartition(
        min(len(paths), 4 * spark.sparkContext.defaultParallelism)
    )
    return named.mapInArrow(segments.read, segments.COLUMNS)


def daily(spark: SparkSession, rollup: Rollup) -> DataFrame:
    """A daily table made from the view `events`, in the columns of ours."""
    return spark.sql(to_spark(rollup))


def rows(spark: SparkSession, rollup: Rollup) -> list[tuple[Any, ...]]:
    """The same as rows, in no order."""
    return [tuple(row) for row in daily(spark, rollup).collect()]
