"""Effects with their intervals: one specification for the page, for paper and for the table beneath."""

from __future__ import annotations

import math
import re

import pytest

from zhanggui.doors.console import charts
from zhanggui.doors.console.charting.intervals import Interval, Proof, intervals, table

WORDS = charts.Words(title="两项行动带来 ¥12,300", subtitle="增量净成交额（CNY），95% 区间", language="zh-hans")


def an_effect(name, size, low, high, proof=Proof.FINAL):
    return Interval(name=name, size=size, low=low, high=high, proof=proof, said=f"{size:g} ({low:g} … {high:g})")


EFFECTS = (
    an_effect("唤醒沉睡客户", 8200, 2100, 14300),
    an_effect("全场调价", -900, -6100, 4300, Proof.WEAKER),
    an_effect("刚开始", 0, -math.inf, math.inf, Proof.RUNNING),
)


def words_in(spec):
    texts = re.findall(r"(?s)<text.*?</text>", charts.picture(spec))
    return " ".join(re.sub(r"<[^>]+>", "", text) for text in texts)


def test_a_picture_says_every_effect_with_its_interval_and_what_it_rests_on():
    said = words_in(intervals(EFFECTS, words=WORDS, name="增量"))
    for wanted in (
        "唤醒沉睡客户",
        "8200 (2100 … 14300)",
        "-900 (-6100 … 4300)",
        "Against a hold-out",
        "Still running",
        "Weaker: against the weeks before",
    ):
        assert wanted in said


def test_only_what_is_there_is_explained():
    said = words_in(intervals(EFFECTS[:1], words=WORDS, name="增量"))
    assert "Against a hold-out" in said
    assert "Still running" not in said


def test_nothing_is_always_on_the_axis_and_an_unknown_end_runs_to_the_edge():
    spec = intervals(EFFECTS, words=WORDS, name="增量")
    least, most = spec["layer"][1]["encoding"]["x"]["scale"]["domain"]
    last = spec["datasets"]["rows"][-1]
    alone = intervals([an_effect("a", 50, 40, 60)], words=WORDS, name="增量")

    assert least < -6100 and most > 14300
    assert (last["low"], last["high"]) == (least, most)
    assert alone["layer"][1]["encoding"]["x"]["scale"]["domain"][0] < 0


def test_each_kind_of_evidence_has_a_colour_a_sign_and_a_stroke_of_its_own():
    span, dot = (layer["encoding"] for layer in intervals(EFFECTS, words=WORDS, name="增量")["layer"][1:3])
    for encoding, channel in ((span, "color"), (span, "strokeDash"), (dot, "shape")):
        shown = [str(one) for one in encoding[channel]["scale"]["range"]]
        assert len(set(shown)) == len(Proof)


@pytest.mark.parametrize("effects", [(), EFFECTS[2:]], ids=["none", "nothing known"])
def test_it_is_drawn_without_fault_where_there_is_little_to_draw(effects):
    assert charts.picture(intervals(effects, words=WORDS, name="增量")).startswith("<svg")


def test_the_table_says_the_same_numbers_and_leaves_unknown_ends_empty():
    found = table(EFFECTS, file="effects", heads=("Play", "On top (CNY)"))
    assert found.heads == ("Play", "On top (CNY)", "From", "To", "Evidence")
    assert found.rows[1] == ("全场调价", -900, -6100, 4300, "Weaker: against the weeks before")
    assert found.rows[2] == ("刚开始", 0, None, None, "Still running")


@pytest.mark.parametrize("width", [240, 300, 720])
def test_a_figure_in_words_stays_within_the_picture_however_far_out_its_dot_stands(width):
    far = [an_effect("远", 9_000, 8_900, 9_100), an_effect("近", -9_000, -9_100, -8_900)]
    spec = intervals(far, words=WORDS, name="增量")
    for param in spec["params"]:
        if param["name"] == "narrow":
            param["value"] = width < 480
    drawn = charts.picture(spec, width=width)
    places = re.findall(r'<text[^>]* text-anchor="(\w+)" transform="translate\(([-\d.]+),[-\d.]+\)"[^>]*>-?9000', drawn)
    assert len(places) == 2
    plot = float(re.search(r'class="background" aria-hidden="true" d="M0,0h([\d.]+)v', drawn)[1])
    for anchor, x in places:
        half = {"end": 0.0, "middle": 110.0}[anchor]
        assert float(x) + half <= plot
