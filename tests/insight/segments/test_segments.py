"""Segments: live ones follow the lake, frozen ones do not; names stand once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from tests.insight.metrics.events import a_shop, a_tea_week, page, remember, utc
from zhanggui.base import clock
from zhanggui.base.operation.rules import operator
from zhanggui.base.shops.rules import Shop
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.metrics.rules import Period, Preset
from zhanggui.insight.segments import actions, models, ports, queries
from zhanggui.insight.segments.errors import NameTaken, NameUnfit, NoSuchSegment, TermsUnfit
from zhanggui.insight.segments.rules import Source, days_of, on_days
from zhanggui.spine.log.models import Entry
from zhanggui.spine.log.rules import Trail

pytestmark = pytest.mark.tables("orders", "visits")

AT = utc("2026-05-08T00:00")
BY = operator("7")
TRAIL = Trail(shop="acme")
ON_PHONES = Source(kind="by_device", terms={"device": "phone"})
ON_DESKTOPS = Source(kind="by_device", terms={"device": "desktop"})


def by_device(shop: str, terms: Mapping[str, Any], *, at: datetime) -> str:
    device = {"phone": "phone", "desktop": "desktop"}.get(terms.get("device", ""))
    if device is None:
        raise TermsUnfit(kind="by_device", reason="no device")
    return f"select distinct person from {lake.rollup(shop, 'visits')} where device = '{device}' and person <> 0"


@pytest.fixture(autouse=True)
def plugged() -> Iterator[None]:
    before = dict(ports.people)
    ports.people["by_device"] = by_device
    yield
    ports.people.clear()
    ports.people.update(before)


@pytest.fixture
def acme(db: None, lake_folder: object) -> Shop:
    return a_tea_week()


def kept(name: str = "Phones", *, source: Source = ON_PHONES, is_live: bool = True) -> str:
    return actions.save(shop="acme", name=name, source=source, is_live=is_live, trail=TRAIL, by=BY)


def told() -> list[dict[str, Any]]:
    return [row.body for row in Entry.objects.filter(name="insight.segment_frozen").order_by("seq")]


def test_a_live_segment_follows_the_lake(acme: Shop) -> None:
    id = kept("  Who   comes by phone ")
    assert queries.segment(id).name == "Who comes by phone"
    assert queries.members(id, AT) == ("ann",)
    remember(acme, page("2026-05-07T20:00", "eve", device="phone"))
    assert queries.members(id, AT) == ("ann", "eve")
    assert queries.size(id, AT) == 2
    assert told() == []


def test_a_frozen_segment_stays_as_it_was(acme: Shop) -> None:
    id = kept(source=ON_DESKTOPS, is_live=False)
    remember(acme, page("2026-05-07T20:00", "eve", device="desktop"))
    assert queries.members(id, AT) == ("bob", "cid")
    assert (queries.size(id, AT), queries.segment(id).is_live) == (2, False)
    assert told() == [{"segment_id": id, "kind": "by_device", "people": 2}]


def test_freezing_keeps_the_people_of_this_moment_and_tells_it_once(acme: Shop) -> None:
    id = kept()
    actions.freeze(id=id, trail=TRAIL, by=BY)
    actions.freeze(id=id, trail=TRAIL, by=BY)
    remember(acme, page("2026-05-07T20:00", "eve", device="phone"))
    assert queries.members(id, AT) == ("ann",)
    assert told() == [{"segment_id": id, "kind": "by_device", "people": 1}]


def test_people_come_in_pages_in_one_order_whether_live_or_frozen(acme: Shop) -> None:
    for id in (kept("a", source=ON_DESKTOPS), kept("b", source=ON_DESKTOPS, is_live=False)):
        assert queries.member_page(id, at=AT, limit=1) == ("bob",)
        assert queries.member_page(id, at=AT, limit=1, offset=1) == ("cid",)
        assert queries.member_page(id, at=AT, limit=5, offset=2) == ()


@pytest.mark.parametrize("again", ["Phones", "phones", " PHONES "])
def test_the_same_name_is_refused_whatever_its_capitals(acme: Shop, again: str) -> None:
    kept("Phones")
    with pytest.raises(NameTaken):
        kept(again, is_live=False)
    assert [one.name for one in queries.segments("acme")] == ["Phones"]
    assert told() == []


def test_another_shop_may_use_the_name(acme: Shop) -> None:
    kept("Phones")
    actions.save(shop="other", name="Phones", source=ON_PHONES, is_live=True, trail=Trail(shop="other"), by=BY)
    assert len(queries.segments("other")) == 1


@pytest.mark.parametrize("name", ["", "   ", "x" * 81])
def test_a_name_that_is_none_is_refused(acme: Shop, name: str) -> None:
    with pytest.raises(NameUnfit):
        kept(name)
    assert queries.segments("acme") == ()


@pytest.mark.parametrize("source", [Source(kind="by_moon", terms={}), Source(kind="by_device", terms={"device": "tv"})])
@pytest.mark.parametrize("is_live", [True, False])
def test_people_nobody_can_find_are_no_segment(acme: Shop, source: Source, is_live: bool) -> None:
    with pytest.raises(TermsUnfit):
        kept(source=source, is_live=is_live)
    assert queries.segments("acme") == ()


def test_a_segment_is_renamed_and_let_go(acme: Shop) -> None:
    id, other = kept("Phones", is_live=False), kept("Others")
    actions.rename(id=id, name="Mobile")
    with pytest.raises(NameTaken):
        actions.rename(id=other, name="mobile")
    assert [one.name for one in queries.segments("acme")] == ["Others", "Mobile"]
    actions.forget(id=id)
    assert not models.Member.objects.exists()
    for verb in (lambda: queries.segment(id), lambda: actions.forget(id=id), lambda: queries.segment("no-id")):
        with pytest.raises(NoSuchSegment):
            verb()


def test_erasing_a_person_takes_it_out_of_every_list(acme: Shop) -> None:
    both = [kept("a", source=ON_DESKTOPS, is_live=False), kept("b", source=ON_DESKTOPS, is_live=False)]
    actions.erase(persons=["bob", "ann"])
    for id in both:
        assert queries.members(id, AT) == ("cid",)
        assert queries.size(id, AT) == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_a_name_at_once_one_is_refused(lake_folder: object) -> None:
    a_tea_week()
    start = Barrier(2)

    def one(is_live: bool) -> str:
        start.wait()
        try:
            return kept("Phones", is_live=is_live)
        except NameTaken:
            return "taken"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        said = list(threads.map(one, [False, False]))
    assert sorted(said).count("taken") == 1
    assert (models.Segment.objects.count(), models.Member.objects.count(), len(told())) == (1, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_two_who_freeze_at_once_freeze_it_once(lake_folder: object) -> None:
    a_tea_week()
    id = kept("Phones")
    start = Barrier(2)

    def one(_: int) -> None:
        start.wait()
        try:
            actions.freeze(id=id, trail=TRAIL, by=BY)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(one, range(2)))
    assert queries.members(id, AT) == ("ann",)
    assert len(told()) == 1


IN_THE_WEEK = {"metric": "pv", "start": "2026-05-01", "end": "2026-05-08"}


def came_on(shop: str, terms: Mapping[str, Any], *, at: datetime) -> str:
    days = (date.fromisoformat(terms["start"]), date.fromisoformat(terms["end"]))
    return f"select distinct person from {lake.rollup(shop, 'visits', days)} where person <> 0"


def test_days_that_slide_go_along_with_time_and_others_stay(acme: Shop) -> None:
    ports.people["came_on"] = came_on
    remember(acme, page("2026-05-20T20:00", "eve"))
    fixed = kept("these days", source=Source(kind="came_on", terms=IN_THE_WEEK))
    sliding = kept("the last 7", source=Source(kind="came_on", terms=IN_THE_WEEK, slides=Preset.DAYS_7))
    assert queries.segment(sliding).source.slides is Preset.DAYS_7
    later = utc("2026-05-22T04:00")
    assert (queries.members(fixed, AT), queries.members(fixed, later)) == (("ann", "bob", "cid"),) * 2
    assert (queries.members(sliding, utc("2026-05-07T04:00")), queries.members(sliding, later)) == (
        ("ann", "bob", "cid"),
        ("eve",),
    )
    asked = queries.asked_at("acme", queries.segment(sliding).source, at=later)
    assert (asked.terms["start"], asked.terms["end"]) == ("2026-05-16", "2026-05-23")


def test_freezing_keeps_the_days_that_it_was_asked_of(acme: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    ports.people["came_on"] = came_on
    remember(acme, page("2026-05-20T20:00", "eve"))
    id = kept(source=Source(kind="came_on", terms=IN_THE_WEEK, slides=Preset.DAYS_7))
    monkeypatch.setattr(clock, "now", lambda: utc("2026-05-22T04:00"))
    actions.freeze(id=id, trail=TRAIL, by=BY)
    frozen = queries.segment(id)
    assert (frozen.source.slides, frozen.source.terms["start"]) == (None, "2026-05-16")
    assert queries.members(id, AT) == ("eve",)
    at_once = kept("at once", source=Source(kind="came_on", terms=IN_THE_WEEK, slides=Preset.DAYS_7), is_live=False)
    assert queries.segment(at_once).source == frozen.source


def test_an_imported_shop_counts_back_from_its_last_day(db: None, lake_folder: object) -> None:
    shop = a_shop("old", own=False)
    remember(shop, page("2011-03-04T04:00", "ann", shop="old"))
    source = Source(kind="came_on", terms=IN_THE_WEEK, slides=Preset.TODAY)
    assert queries.asked_at("old", source, at=AT).terms["start"] == "2011-03-04"


def test_a_question_without_days_cannot_slide(acme: Shop) -> None:
    with pytest.raises(TermsUnfit):
        kept(source=replace(ON_PHONES, slides=Preset.DAYS_7))
    assert not models.Segment.objects.exists()


@pytest.mark.parametrize(
    ("terms", "days"),
    [
        ({"start": "2026-05-01", "end": "2026-05-08"}, 7),
        ({"question": {"start": "2026-05-01", "end": "2026-05-02"}, "cohort": None}, 1),
        ({"question": {"start": "2026-05-01", "end": "2026-05-02"}, "cohort": "2026-05-01"}, None),
        ({"start": "2026-05-08", "end": "2026-05-01"}, None),
        ({"start": 3, "end": "2026-05-01"}, None),
        ({"question": "x"}, None),
        ({"kind": "champion"}, None),
    ],
)
def test_which_days_a_question_says(terms: dict[str, Any], days: int | None) -> None:
    found = days_of(terms)
    assert (found.days if found else None) == days


def test_sliding_moves_the_days_and_the_day_of_asking_only() -> None:
    terms = {
        "question": {"start": "2026-05-01", "end": "2026-05-08", "step": "day"},
        "today": "2026-05-08",
        "column": 1,
    }
    moved = on_days(terms, Period(date(2026, 6, 1), date(2026, 6, 8)), today=date(2026, 6, 7))
    assert moved == {
        "question": {"start": "2026-06-01", "end": "2026-06-08", "step": "day"},
        "today": "2026-06-07",
        "column": 1,
    }
