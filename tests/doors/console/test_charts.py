"""One specification: drawn by the browser in the page, and as a picture for paper."""

from __future__ import annotations

import re
from datetime import date

import pytest

from zhanggui.doors.console import bundle, charts
from zhanggui.doors.console.charting import bands, goals
from zhanggui.doors.console.charting.waterfall import Stair, Turn, waterfall
from zhanggui.doors.console.charts import Bar, Piece, Point
from zhanggui.insight.metrics.rules import Step

WORDS = charts.Words(title="支付金额比上一周期多 6.4%", subtitle="支付金额（CNY），按日", language="zh-hans")


def point(day: int, size: float | None, *, before: float | None = None, is_open: bool = False) -> Point:
    return Point(
        at=date(2026, 5, day), size=size, before=before, when=f"5-{day}", said="", said_before="", is_open=is_open
    )


def a_line() -> charts.Spec:
    points = [point(1, 10, before=9), point(2, 12, before=8), point(3, 4, before=11, is_open=True)]
    return charts.line(points, words=WORDS, step=Step.DAY, names=("本期", "上一周期"))


def test_what_is_not_over_is_a_line_of_its_own_that_starts_where_the_other_ends():
    rows = a_line()["datasets"]["rows"]

    assert [(row["done"], row["open"], row["before"]) for row in rows] == [(10, None, 9), (12, 12, 8), (None, 4, 11)]


def test_names_stand_at_the_ends_of_their_lines_and_never_on_each_other():
    apart = a_line()["datasets"]["labels"]
    close = charts.line([point(1, 100, before=100)], words=WORDS, step=Step.DAY, names=("a", "b"))

    assert [(label["name"], label["place"]) for label in apart] == [("本期", 4), ("上一周期", 11)]
    one, other = (label["place"] for label in close["datasets"]["labels"])
    assert other - one == pytest.approx(100 * 15 / charts.HEIGHT)


def test_a_gap_in_the_figures_stays_a_gap():
    spec = charts.line([point(1, 1), point(2, None), point(3, 2)], words=WORDS, step=Step.DAY, names=("a", ""))

    assert [row["done"] for row in spec["datasets"]["rows"]] == [1, None, 2]
    assert [label["name"] for label in spec["datasets"]["labels"]] == ["a"]


@pytest.mark.parametrize(
    ("spec", "wanted"),
    [
        (a_line(), ["支付金额比上一周期多 6.4%", "支付金额（CNY），按日", "本期", "5月1日"]),
        (
            charts.bars(
                [Bar(name="广东", size=5, said="¥5"), Bar(name="浙江", size=3, said="¥3")], words=WORDS, name="额"
            ),
            ["广东", "浙江", "¥5", "¥3"],
        ),
        (
            charts.stacks(
                [
                    Piece(at=date(2026, month, 1), series=n, name=name, size=2, when="", said="")
                    for month in (4, 5)
                    for n, name in enumerate(("新客", "老客"))
                ],
                words=WORDS,
                step=Step.MONTH,
                name="买家",
            ),
            ["新客", "老客", "2026年4月", "2026年5月"],
        ),
    ],
    ids=["line", "bars", "stacks"],
)
def test_the_same_specification_is_a_picture_with_its_words(spec, wanted):
    picture = charts.picture(spec)

    said = " ".join(re.sub(r"<[^>]+>", "", text) for text in re.findall(r"(?s)<text.*?</text>", picture))
    assert picture.startswith("<svg")
    assert [word for word in wanted if word not in said] == []


def test_a_chart_without_rows_is_drawn_without_fault():
    empty = charts.stacks([], words=WORDS, step=Step.DAY, name="买家")

    assert charts.picture(empty).startswith("<svg")
    assert charts.picture(charts.bars([], words=WORDS, name="x")).startswith("<svg")


@pytest.mark.parametrize(
    "spec",
    [
        charts.bars([Bar(name="东", size=355_985, said="¥355,984.70")], words=WORDS, name="x"),
        waterfall([Stair(name="东", size=355_985, turn=Turn.WHOLE, said="¥355,984.70")], words=WORDS, name="x"),
    ],
    ids=["bars", "waterfall"],
)
def test_the_longest_bar_is_as_long_as_its_plot_so_that_its_figure_has_room(spec):
    picture = charts.picture(spec, width=400)

    lengths = {float(said) for said in re.findall(r'd="M[\d.]+,[\d.]+h([\d.]+)', picture)} - {0.0}
    assert len(lengths) == 1
    assert lengths.pop() < 330


def test_a_goal_with_nothing_ahead_has_no_layer_without_rows() -> None:
    said = {"due": 1.0, "low": None, "high": None, "when": "", "said": "", "wanted": "", "hoped": ""}
    over = [goals.Mark(at=date(2026, 5, day), actual=1.0, forecast=None, **said) for day in (1, 2)]
    open_ = [*over, goals.Mark(at=date(2026, 5, 3), actual=None, forecast=2.0, **said)]
    words = charts.Words(title="t", subtitle="s", language="en")

    for marks in (over, open_):
        drawn = goals.course(marks, words=words)
        read = {layer["data"]["name"] for layer in drawn["layer"] if "data" in layer}
        assert all(drawn["datasets"][name] for name in read)
        assert ("ahead" in read) is (marks is open_)


@pytest.mark.parametrize("is_outside", [False, True])
def test_a_band_has_signs_only_where_a_day_lies_outside(is_outside: bool) -> None:
    said = {"low": 0.0, "high": 2.0, "is_open": False, "when": "", "said": "", "normal": ""}
    marks = [bands.Mark(at=date(2026, 5, 1), size=1.0, is_outside=False, **said)]
    marks.append(bands.Mark(at=date(2026, 5, 2), size=3.0, is_outside=is_outside, **said))
    drawn = bands.banded(marks, words=charts.Words(title="t", subtitle="s", language="en"), name="GMV")

    assert ("point" in {layer["mark"]["type"] for layer in drawn["layer"]}) is is_outside


def test_filling_a_chart_leaves_its_shape_as_it_was():
    first, again = a_line(), a_line()
    first["datasets"]["rows"].clear()

    assert len(again["datasets"]["rows"]) == 3
    assert len(a_line()["datasets"]["rows"]) == 3


def test_the_script_that_draws_is_found_and_made_once():
    finder = bundle.VegaFinder()

    path = bundle.made()
    written_at = path.stat().st_mtime_ns
    assert finder.find("console/vega.js") == str(path)
    assert [name for name, _storage in finder.list([])] == ["console/vega.js"]
    assert finder.find("console/other.js") == []
    assert path.stat().st_mtime_ns == written_at
    assert "window.vegaEmbed" in path.read_text()
