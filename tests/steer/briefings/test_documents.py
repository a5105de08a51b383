"""What stands in a review, written from the tables of a shop."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import pytest
from django.utils import translation
from pptx import Presentation

from tests.steer.briefings.made import IN_JUNE, MAY, SHOP, TABLES, two_months
from zhanggui.doors.console.briefings.papers import paper
from zhanggui.doors.console.briefings.sheets import sheets
from zhanggui.doors.console.briefings.slides import slides
from zhanggui.doors.console.briefings.telling import told
from zhanggui.insight.metrics.queries import forget_all
from zhanggui.insight.metrics.rules import Period
from zhanggui.steer.briefings import queries, rules
from zhanggui.steer.briefings.errors import NothingKnown, PeriodUnfit
from zhanggui.steer.briefings.queries.gathering import gathered
from zhanggui.steer.briefings.rules import EffectSeen, Evidence, Kind

pytestmark = [pytest.mark.django_db, pytest.mark.tables(*TABLES)]


@pytest.fixture
def months(lake_folder: object) -> None:
    two_months()


def may() -> rules.Document:
    return queries.document(SHOP, Kind.MONTH, MAY, at=IN_JUNE)


def test_a_review_says_the_money_and_by_how_much_it_moved(months):
    first = may().sections[0].findings[0]

    assert first.key == "gmv_paid_before"
    assert [(one.name, one.numerator, one.denominator) for one in first.numbers] == [
        ("now", 61_000, 1),
        ("then", 36_000, 1),
        ("rate", 25_000, 36_000),
        ("change", 25_000, 1),
    ]
    with translation.override("en"):
        assert told(may()).headline == "GMV paid: CN¥610.00, 69.4% more than the month before (CN¥360.00)."


def test_the_parts_of_the_change_sum_to_it(months):
    section = next(one for one in may().sections if one.key == "why_before")
    chart = section.charts[0].series[0].sizes

    assert chart[0] + sum(chart[1:-1]) == chart[-1] == 61_000
    signs = {"factor_up": 1, "factor_down": -1}
    moved = sum(signs[one.kind] * one.number("moved").numerator for one in section.findings[1:])
    assert moved == section.findings[0].number("change").numerator == 25_000


def test_findings_stand_by_money_and_every_figure_knows_its_question(months):
    document = may()

    for section in document.sections:
        weights = [one.weight for one in section.findings if one.kind.startswith(("place", "factor"))]
        assert weights == sorted(weights, reverse=True)
        for number in (number for one in section.findings for number in one.numbers):
            assert number.source is not None
            assert f"shop={SHOP}" in number.source.query


def test_a_shop_without_goals_is_told_so_and_some_are_proposed(months):
    document = may()

    assert document.finding("no_goals")
    goal = document.decision("goal_gmv")
    assert (goal.first, goal.end) == (date(2026, 6, 1), date(2026, 7, 1))
    assert (goal.number("baseline").numerator, goal.number("target").numerator) == (61_000, 67_100)


def test_the_same_inputs_give_the_same_bytes_in_both_languages(months):
    def made() -> list[bytes]:
        forget_all()
        document = may()
        found = [rules.written(document)]
        for language in ("en", "zh-hans"):
            with translation.override(language):
                read = told(document, root="http://shop.example")
                found += [paper(read), slides(read), sheets(read)]
        return found

    assert made() == made()


def test_a_document_survives_being_kept(months):
    document = may()

    assert rules.read(rules.written(document)) == document


def test_what_came_on_top_and_what_passed_through_never_share_a_table(months):
    found = gathered(SHOP, Kind.MONTH, MAY, at=IN_JUNE)
    effect = EffectSeen(
        play_id="p1",
        name="Coupon",
        more_minor=900,
        low_minor=-50,
        high_minor=1_850,
        cost_minor=300,
        evidence=Evidence.WEAKER,
    )
    document = rules.month(replace(found, effects=(effect,)))

    ended = next(one for one in document.sections if one.key == "ended")
    assert [table.heads for table in ended.tables] == [("more", "low", "high", "cost")]
    assert ended.findings[0].kind == "effect_unsure_weaker"
    with translation.override("en"):
        said = told(document).chapters
    assert any("weaker evidence" in one.text and "-CN¥0.50" in one.text for part in said for one in part.sentences)
    assert document.effects == ("p1",)


def test_days_without_anything_and_odd_days_are_refused(months):
    with pytest.raises(NothingKnown):
        queries.document(SHOP, Kind.MONTH, Period(date(2020, 5, 1), date(2020, 6, 1)), at=IN_JUNE)
    with pytest.raises(PeriodUnfit):
        queries.document(SHOP, Kind.MONTH, Period(date(2026, 5, 2), date(2026, 6, 1)), at=IN_JUNE)
    with pytest.raises(PeriodUnfit):
        queries.period_of(Kind.WEEK, date(2026, 5, 1))


def test_a_year_has_six_chapters_and_quarters_that_sum_to_its_goal(months):
    document = queries.document(SHOP, Kind.YEAR, Period(date(2026, 1, 1), date(2027, 1, 1)), at=IN_JUNE)

    keys = [one.key for one in document.sections]
    assert [key for key in keys if key != "plan"] == ["review", "insight", "problems", "market", "year_goals"]
    parts = [one.number("target").numerator for one in document.decisions if one.key.startswith("goal_q")]
    assert document.decision("goal_year").number("target").numerator == sum(parts)
    budget = document.decision("budget")
    areas = [budget.number(area).numerator for area in ("traffic", "content", "members", "supply")]
    assert sum(areas) == budget.number("target").numerator


def test_a_chart_on_a_slide_says_its_finding_and_its_figures_to_who_cannot_see_it(months):
    with translation.override("en"):
        deck = Presentation(io.BytesIO(slides(told(may()))))

    charts = [shape for slide in deck.slides for shape in slide.shapes if shape.has_chart]
    said = [shape._element.nvGraphicFramePr.cNvPr.get("descr") for shape in charts]
    assert said[0].startswith("GMV paid: CN¥610.00, 69.4% more than the month before (CN¥360.00). May 1 CN¥10; May 2 ")
    assert "; May 3 CN¥40; " in said[0]
    assert len(charts) > 1 and all(said)


@pytest.mark.parametrize(("language", "lang"), [("en", "en-GB"), ("zh-hans", "zh-CN")])
def test_a_chapter_of_one_sentence_is_a_slide_in_the_language_of_its_reader(months, language, lang):
    with translation.override(language):
        read = told(may())
        one = replace(read.chapters[0], sentences=read.chapters[0].sentences[:1], charts=(), tables=())
        deck = Presentation(io.BytesIO(slides(replace(read, chapters=(one,), proposals=()))))

    assert len(deck.slides) == 2
    runs = [
        run for shape in deck.slides[1].shapes for paragraph in shape.text_frame.paragraphs for run in paragraph.runs
    ]
    assert one.sentences[0].said in [run.text for run in runs]
    assert {run.font._element.get("lang") for run in runs} == {lang}
