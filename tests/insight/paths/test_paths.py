"""Paths, stays and devices."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.insight.metrics.events import a_shop, an_event, bought, line, placed, remember, utc
from tests.insight.people import ids
from tests.strength import examples
from zhanggui.base.shops.rules import Shop
from zhanggui.insight.metrics.rules import Filters, Period
from zhanggui.insight.paths import queries
from zhanggui.insight.paths.errors import PathUnfit
from zhanggui.insight.paths.rules import (
    Leg,
    Nodes,
    Paths,
    Question,
    SetPeople,
    Towards,
    Unit,
    Walkers,
    stops_and_legs,
)
from zhanggui.insight.segments.rules import terms_of
from zhanggui.spine.envelope import Envelope

pytestmark = pytest.mark.tables("orders", "sessions", "steps", "visits")

DAY, NEXT = date(2026, 5, 4), date(2026, 5, 5)
PERIOD = Period(DAY, NEXT)
AT = utc("2026-06-01T00:00")


@pytest.fixture
def acme(db: None, lake_folder: object) -> Shop:
    return a_shop(zone="UTC")


def walk(who: str, *pages: str, session: str = "", start: str = "10:00", **fields) -> list[Envelope]:
    """Pages, a minute each."""
    at = utc(f"2026-05-04T{start}")
    return [
        an_event(
            "Page",
            (at + timedelta(minutes=n)).isoformat()[:19],
            person=who,
            session=session or f"s/{who}",
            page=page,
            **fields,
        )
        for n, page in enumerate(pages)
    ]


def asked(**fields) -> Question:
    return Question(start=DAY, end=NEXT, **fields)


def ways(**fields) -> dict[tuple[str, ...], int]:
    return {path.places: path.count for path in queries.paths("acme", asked(**fields)).paths}


def test_paths_fold_what_repeats_and_pages_of_a_kind(acme: Shop) -> None:
    remember(acme, walk("ann", "/", "/", "/p/tea/", "/p/cup/", "/cart/"), walk("bob", "/", "/p/cup/", "/"))
    assert ways() == {("/", "/p/*", "/cart/"): 1, ("/", "/p/*", "/"): 1}
    assert ways(nodes=Nodes.PAGES)[("/", "/p/tea/", "/p/cup/", "/cart/")] == 1


def test_paths_begin_or_end_where_they_are_asked_to(acme: Shop) -> None:
    remember(acme, walk("ann", "/", "/p/tea/", "/cart/", "/p/tea/"), walk("bob", "/p/tea/", "/"), walk("cid", "/"))
    assert ways(anchor="/p/*", places=2) == {("/p/*", "/cart/"): 1, ("/p/*", "/"): 1}
    assert ways(anchor="/p/*", towards=Towards.TO) == {("/", "/p/*"): 1, ("/p/*",): 1}
    assert ways(towards=Towards.TO, places=2) == {("/cart/", "/p/*"): 1, ("/p/*", "/"): 1, ("/",): 1}
    assert queries.paths("acme", asked(anchor="/p/*")).ways == 2


def test_places_are_counted_from_the_chosen_end(acme: Shop) -> None:
    remember(acme, walk("ann", "/a/", "/b/", "/c/"), walk("bob", "/b/", "/c/"))
    stops = queries.paths("acme", asked(anchor="/c/", towards=Towards.TO)).stops
    assert [[(stop.node, stop.count) for stop in place] for place in stops] == [
        [("/a/", 1)],
        [("/b/", 2)],
        [("/c/", 2)],
    ]


def test_a_persons_way_goes_on_from_visit_to_visit_and_nobody_takes_none(acme: Shop) -> None:
    remember(
        acme,
        walk("ann", "/", session="one"),
        walk("ann", "/cart/", session="two", start="12:00"),
        walk("", "/", session="three"),
    )
    assert ways(unit=Unit.PEOPLE) == {("/", "/cart/"): 1}
    found = queries.paths("acme", asked())
    assert [(path.places, path.count, path.people) for path in found.paths] == [(("/",), 2, 1), (("/cart/",), 1, 1)]


def test_the_people_of_a_path_are_those_who_took_exactly_it(acme: Shop) -> None:
    remember(acme, walk("ann", "/", "/cart/"), walk("bob", "/"), walk("", "/", "/cart/", session="x"))
    terms = terms_of(Walkers(question=asked(), path=("/", "/cart/")))
    assert ids("acme", queries.walkers("acme", terms, at=AT)) == ["ann"]


@pytest.mark.parametrize(
    ("towards", "path", "place", "people"),
    [
        (Towards.FROM, ("/a/",), 1, ["ann", "bob"]),
        (Towards.FROM, ("/b/", "/c/"), 2, ["ann"]),
        (Towards.FROM, ("/b/", "/c/"), 1, ["cid"]),
        (Towards.TO, ("/b/", "/c/"), -1, ["ann", "cid"]),
        (Towards.TO, ("/a/",), -2, ["ann"]),
        (Towards.TO, ("/c/",), 0, ["ann", "cid"]),
    ],
)
def test_the_people_of_a_leg_are_those_whose_way_has_it_at_that_place(
    acme: Shop, towards: Towards, path: tuple[str, ...], place: int, people: list[str]
) -> None:
    remember(acme, walk("ann", "/a/", "/b/", "/c/"), walk("bob", "/a/", "/d/"), walk("cid", "/b/", "/c/"))
    terms = terms_of(Walkers(question=asked(towards=towards), path=path, place=place))
    assert sorted(ids("acme", queries.walkers("acme", terms, at=AT))) == people


def test_a_path_kept_before_it_had_a_place_still_means_the_whole_way(acme: Shop) -> None:
    remember(acme, walk("ann", "/", "/cart/"), walk("bob", "/", "/cart/", "/"))
    terms = terms_of(Walkers(question=asked(), path=("/", "/cart/")))
    del terms["place"]
    assert ids("acme", queries.walkers("acme", terms, at=AT)) == ["ann"]


def test_what_comes_by_no_stop_is_one_leg() -> None:
    taken = [
        [
            Leg(source="a", target="b", count=5),
            Leg(source="c", target="b", count=2),
            Leg(source="d", target="", count=1),
        ],
        [Leg(source="b", target="", count=7)],
    ]
    stops, legs = stops_and_legs(taken, most=1)
    assert [[(stop.node, stop.count) for stop in place] for place in stops] == [[("a", 5)], [("b", 7)]]
    assert [[(leg.source, leg.target, leg.count) for leg in place] for place in legs] == [[("a", "b", 5), ("", "b", 2)]]


def test_only_sightings_that_the_filters_let_through_make_a_path(acme: Shop) -> None:
    remember(acme, walk("ann", "/", "/cart/", device="phone"), walk("bob", "/", device="desktop"))
    assert ways(where=Filters(device=("phone",))) == {("/", "/cart/"): 1}


@pytest.mark.parametrize("places", [1, 9])
def test_a_path_of_too_few_or_too_many_places_is_refused(places: int) -> None:
    with pytest.raises(PathUnfit):
        asked(places=places)


def test_the_stay_on_the_last_page_is_not_known(acme: Shop) -> None:
    remember(
        acme,
        walk("ann", "/", "/p/tea/", "/cart/"),
        an_event("Product Viewed", "2026-05-04T10:01:01", person="ann", session="s/ann", page="/p/tea/"),
        placed("T1", "2026-05-04T10:02:30", line("tea", 1, 900), person="ann", session="s/ann"),
        walk("bob", "/p/tea/"),
    )
    found = queries.stays("acme", PERIOD, by_kind=True)
    assert {one.node: (one.views, one.known, one.sessions, one.ordered) for one in found.stays} == {
        "/p/*": (2, 1, 2, 1),
        "/": (1, 1, 1, 1),
        "/cart/": (1, 0, 1, 1),
    }
    tea = found.stays[0]
    assert (tea.mean, tea.median) == (timedelta(minutes=1), timedelta(minutes=1))
    assert [(band.least_s, band.sessions, band.ordered) for band in found.bands if band.sessions] == [(60, 1, 1)]


def test_people_are_told_by_all_that_they_come_with(acme: Shop) -> None:
    remember(
        acme,
        walk("ann", "/", device="phone"),
        walk("ann", "/", "/", device="desktop", session="two", start="11:00"),
        bought("T1", "2026-05-04T12:00", line("tea", 1, 900), person="ann", device="desktop", session="two"),
        walk("bob", "/", device="phone"),
        bought("T2", "2026-05-04T09:00", line("tea", 1, 700), person="bob", device="phone"),
        walk("", "/", device="phone", session="x"),
    )
    found = queries.devices("acme", PERIOD)
    assert [(one.devices, one.people, one.buyers) for one in found.sets] == [
        (("desktop", "phone"), 1, 1),
        (("phone",), 1, 1),
    ]
    assert [(one.first, one.last, one.orders, one.paid.minor) for one in found.crossings] == [
        ("phone", "desktop", 1, 900)
    ]
    assert (found.crossed, found.orders) == (1, 1)
    assert {one.device: (one.sessions, one.with_orders) for one in found.uses} == {"phone": (3, 0), "desktop": (1, 1)}
    terms = terms_of(SetPeople(start=DAY, end=NEXT, devices=("desktop", "phone")))
    assert ids("acme", queries.with_devices("acme", terms, at=AT)) == ["ann"]


def test_filters_look_at_visits_and_a_device_is_one_of_theirs(acme: Shop) -> None:
    remember(
        acme,
        walk("ann", "/", device="phone", channel="email"),
        walk("ann", "/", session="s2", start="12:00", device="desktop", channel="direct"),
        walk("bob", "/", "/cart/", device="desktop", channel="direct"),
        bought("T1", "2026-05-04T13:00", line("tea", 1, 900), person="ann", device="desktop", channel="direct"),
    )

    def sets(**filters) -> list[tuple[tuple[str, ...], int, int]]:
        where = Filters(**filters)
        return [(one.devices, one.people, one.buyers) for one in queries.devices("acme", PERIOD, where=where).sets]

    assert sets(device=("phone",)) == [(("desktop", "phone"), 1, 1)]
    assert sets(channel=("email",)) == [(("phone",), 1, 1)]
    came = queries.devices("acme", PERIOD, where=Filters(channel=("direct",)))
    assert [(one.first, one.last) for one in came.crossings] == [("desktop", "desktop")]
    assert [(one.device, one.sessions) for one in came.uses] == [("desktop", 2)]
    terms = terms_of(SetPeople(start=DAY, end=NEXT, devices=("phone",), where=Filters(channel=("email",))))
    assert ids("acme", queries.with_devices("acme", terms, at=AT)) == ["ann"]
    stays = queries.stays("acme", PERIOD, by_kind=True, where=Filters(device=("phone",)))
    assert [(one.node, one.views) for one in stays.stays] == [("/", 1)]


fresh = itertools.count()
pages = st.sampled_from(["/", "/p/tea/", "/p/cup/", "/cart/"])
walks = st.lists(st.tuples(st.sampled_from(["ann", "bob", ""]), st.lists(pages, min_size=1, max_size=7)), max_size=8)
few = settings(
    max_examples=examples(5),
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.mark.django_db
@few
@given(
    told=walks,
    wanted=st.lists(
        st.builds(
            asked,
            nodes=st.sampled_from([Nodes.KINDS, Nodes.PAGES]),
            towards=st.sampled_from(Towards),
            anchor=st.sampled_from(["", "/", "/cart/"]),
            places=st.integers(2, 5),
        ),
        min_size=6,
        max_size=6,
    ),
)
def test_every_path_is_what_walking_each_visit_gives(lake_folder, told, wanted) -> None:
    shop = a_shop(f"law-{next(fresh)}", zone="UTC")
    events = [one for n, (who, way) in enumerate(told) for one in walk(who, *way, session=f"v{n}")]
    remember(shop, [replace(one, shop=shop.code) for one in events])
    for question in wanted:
        expected = Counter(filter(None, (_path(way, question) for _, way in told)))
        found = queries.paths(shop.code, question)
        assert {path.places: path.count for path in found.paths} == expected
        assert found.ways == sum(expected.values())
        assert Counter({leg[:3]: leg[3] for leg in _legs(found)}) == _walked(expected, question)


def _legs(found: Paths) -> list[tuple[int, str, str, int]]:
    return [(found.first + n, leg.source, leg.target, leg.count) for n, legs in enumerate(found.legs) for leg in legs]


def _walked(paths: Counter[tuple[str, ...]], question: Question) -> Counter[tuple[int, str, str]]:
    """From which place and node to which node, counted path by path; four kinds of pages fit every place's stops."""
    walked = Counter[tuple[int, str, str]]()
    for path, count in paths.items():
        first = 1 if question.towards is Towards.FROM else 1 - len(path)
        for n, ends in enumerate(itertools.pairwise(path)):
            walked[(first + n, *ends)] += count
    return walked


def _path(way: list[str], question: Question) -> tuple[str, ...]:
    """A visit's path, step by step; empty if it did not come by the chosen place."""
    places: list[str] = []
    for page in way:
        node = "/p/*" if question.nodes is Nodes.KINDS and page.startswith("/p/") else page
        if not places or places[-1] != node:
            places.append(node)
    if question.anchor and question.anchor not in places:
        return ()
    if question.towards is Towards.FROM:
        start = places.index(question.anchor) if question.anchor else 0
        return tuple(places[start : start + question.places])
    end = places.index(question.anchor) + 1 if question.anchor else len(places)
    return tuple(places[max(0, end - question.places) : end])
