"""Funnels: the published figures, the bugs that others had, and every way compared with the obvious one."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.insight.funnels.reference import passages, took_us
from tests.insight.metrics.events import a_shop, added, an_event, line, page, paid, placed, remember, utc, viewed
from tests.insight.people import ids
from tests.strength import examples
from zhanggui.base import clock
from zhanggui.base.shops.rules import Shop
from zhanggui.insight.funnels import queries
from zhanggui.insight.funnels.errors import FunnelUnfit
from zhanggui.insight.funnels.queries import chains, sweeps
from zhanggui.insight.funnels.rules import Answer, Funnel, Kind, Question, Reached, Split, Step, Unit
from zhanggui.insight.lake import actions as lake_actions
from zhanggui.insight.lake.rules import Walked
from zhanggui.insight.metrics.queries import forget_all
from zhanggui.insight.metrics.rules import Filters
from zhanggui.insight.segments.errors import TermsUnfit
from zhanggui.insight.segments.rules import terms_of

pytestmark = pytest.mark.tables("orders", "steps")

DAY, NEXT = date(2026, 5, 4), date(2026, 5, 5)
LATER = utc("2026-07-01T00:00")
A, B, C = "Page", "Product Viewed", "Product Added"
MINUTE = 60_000_000


@pytest.fixture
def acme(db: None, lake_folder: object) -> Shop:
    return a_shop(zone="UTC")


def a_funnel(*steps: str | Step, **fields) -> Funnel:
    named = (Step(event=step) if isinstance(step, str) else step for step in steps)
    return Funnel(steps=tuple(named), **{"window_minutes": 24 * 60} | fields)


def on(funnel: Funnel, **fields) -> Question:
    return Question(funnel=funnel, **{"start": DAY, "end": NEXT} | fields)


def asked(question: Question | Funnel) -> Answer:
    forget_all()
    return queries.ask("acme", question if isinstance(question, Question) else on(question), at=LATER)


def counts(question: Question | Funnel) -> list[int]:
    return [bar.count for bar in asked(question).bars]


def people(question: Question | Funnel, place: int, *, is_dropped: bool = False, value: str | None = None) -> list[str]:
    question = question if isinstance(question, Question) else on(question)
    terms = terms_of(Reached(question=question, place=place, is_dropped=is_dropped, value=value))
    return ids("acme", queries.people("acme", terms, at=LATER))


def walk(who: str, *steps: tuple[str, str], **fields) -> list:
    """What somebody did on 4 May, as a name and a time of day."""
    fields = {"session": f"s/{who}"} | fields
    return [an_event(name, f"2026-05-04T{at}", person=who, **fields) for name, at in steps]


def test_times_are_those_that_posthog_publishes(acme: Shop) -> None:
    """posthog, test_funnel_time_to_convert: mean 6000 s and median 7200 s to pay, 5400 s from there to the movie."""
    remember(
        acme,
        walk("p1", ("signup", "12:00"), ("paid", "13:00"), ("movie", "15:00")),
        walk("p2", ("signup", "14:00"), ("paid", "16:00")),
        walk("p3", ("signup", "14:00"), ("paid", "16:00"), ("movie", "17:00")),
    )
    first, second, third = asked(a_funnel("signup", "paid", "movie")).bars
    assert (first.count, second.count, third.count) == (3, 3, 2)
    assert first.times is None
    assert (second.times.mean, second.times.median, second.times.p90) == (
        timedelta(seconds=6000),
        timedelta(seconds=7200),
        timedelta(seconds=7200),
    )
    assert (third.times.mean, third.times.median) == (timedelta(seconds=5400), timedelta(seconds=5400))


def test_what_happens_at_the_same_moment_stands_in_the_order_of_the_funnel(acme: Shop) -> None:
    remember(acme, walk("ann", (B, "10:00"), (A, "10:00")), walk("bob", (C, "10:00"), (B, "09:59")))
    assert counts(a_funnel(A, B)) == [1, 1]
    assert counts(a_funnel(B, A)) == [2, 1]
    assert counts(a_funnel(A, B, kind=Kind.STRICT)) == [1, 1]
    assert counts(a_funnel(A, B, kind=Kind.UNORDERED)) == [2, 1]


def test_a_repeated_first_step_counts_once_and_the_latest_one_that_fits_begins(acme: Shop) -> None:
    """Posthog #10272: a funnel counted too many people."""
    remember(acme, walk("ann", (A, "01:00"), (A, "09:00"), (A, "09:50"), (B, "10:00"), (B, "11:00")))
    answer = asked(a_funnel(A, B, window_minutes=15))
    assert [bar.count for bar in answer.bars] == [1, 1]
    assert answer.bars[1].times.mean == timedelta(minutes=10)


def test_the_window_is_half_open(acme: Shop) -> None:
    remember(acme, walk("ann", (A, "10:00"), (B, "11:00")), walk("bob", (A, "10:00"), (B, "10:59:59.999999")))
    assert counts(a_funnel(A, B, window_minutes=60)) == [2, 1]
    assert people(a_funnel(A, B, window_minutes=60), 2) == ["bob"]


def test_the_window_spans_the_whole_way_and_not_each_step(acme: Shop) -> None:
    remember(acme, walk("ann", (A, "10:00"), (B, "10:40"), (C, "11:20")))
    assert counts(a_funnel(A, B, C, window_minutes=60)) == [1, 1, 0]


@pytest.mark.parametrize("kind", Kind)
def test_a_step_that_is_both_first_and_last_has_to_happen_twice(acme: Shop, kind: Kind) -> None:
    remember(acme, walk("ann", (A, "10:00"), (B, "10:01")), walk("bob", (A, "10:00"), (B, "10:01"), (A, "10:02")))
    assert counts(a_funnel(A, B, A, kind=kind)) == [2, 2, 1]
    assert counts(a_funnel(A, A, kind=kind))[1] == 1


def test_an_event_that_could_be_two_steps_is_one(acme: Shop) -> None:
    to_pay = Step(event=A, pages=("/pay*",))
    remember(acme, walk("ann", (A, "10:00"), page="/pay/1"), walk("bob", (A, "10:00"), (A, "10:01"), page="/pay/1"))
    for kind in Kind:
        assert counts(a_funnel(A, to_pay, kind=kind))[0] == 2
    assert people(a_funnel(A, to_pay), 2) == ["bob"]


def test_people_whose_ids_are_merged_go_through_as_one(acme: Shop) -> None:
    """Posthog #5527 and rudder-transformer #1180: nobody is merged by an empty id, and a merge can be undone."""
    remember(acme, walk("visitor", (A, "10:00")), walk("ann", (B, "10:05")), walk("", (A, "10:00"), (B, "10:01")))
    assert counts(a_funnel(A, B)) == [1, 0]
    lake_actions.rename("acme", {"visitor": Walked(person="ann")})
    lake_actions.roll("acme")
    assert counts(a_funnel(A, B)) == [1, 1]
    assert people(a_funnel(A, B), 2) == ["ann"]
    lake_actions.rename("acme", {"visitor": None})
    lake_actions.roll("acme")
    assert counts(a_funnel(A, B)) == [1, 0]


def test_a_passage_begins_in_the_period_and_may_end_after_it(acme: Shop) -> None:
    remember(
        acme,
        walk("ann", (A, "23:50")),
        an_event(B, "2026-05-05T00:10", person="ann"),
        an_event(A, "2026-05-05T00:00", person="bob"),
        an_event(A, "2026-05-03T23:59", person="cid"),
        walk("cid", (B, "00:01")),
    )
    assert counts(a_funnel(A, B)) == [1, 1]
    assert people(a_funnel(A, B), 1) == ["ann"]


def test_a_period_whose_windows_are_still_open_is_not_complete(acme: Shop) -> None:
    question = on(a_funnel(A, B, window_minutes=60))
    assert not queries.ask("acme", question, at=utc("2026-05-05T00:59:59")).is_complete
    assert queries.ask("acme", question, at=utc("2026-05-05T01:00")).is_complete


def test_strict_means_that_nothing_of_the_funnel_comes_between(acme: Shop) -> None:
    remember(
        acme,
        walk("ann", (A, "10:00"), ("Cart Viewed", "10:01"), (B, "10:02"), (C, "10:03")),
        walk("bob", (A, "10:00"), (B, "10:01"), (A, "10:02"), (C, "10:03")),
    )
    assert counts(a_funnel(A, B, C, kind=Kind.STRICT)) == [2, 2, 1]
    assert counts(a_funnel(A, B, C)) == [2, 2, 2]


def test_unordered_counts_how_many_of_the_steps_were_done(acme: Shop) -> None:
    remember(
        acme,
        walk("ann", (C, "10:00"), (A, "10:10"), (B, "10:20")),
        walk("bob", (B, "10:00"), (A, "12:00")),
        walk("cid", (C, "10:00")),
    )
    assert counts(a_funnel(A, B, C, kind=Kind.UNORDERED, window_minutes=60)) == [3, 1, 1]


def test_sessions_go_through_on_their_own(acme: Shop) -> None:
    remember(
        acme,
        walk("ann", (A, "10:00"), session="one"),
        walk("ann", (A, "11:00"), (B, "11:05"), session="two"),
        walk("", (A, "10:00"), (B, "10:05"), session="three"),
        walk("bob", (A, "10:00"), session=""),
    )
    funnel = a_funnel(A, B, unit=Unit.SESSIONS)
    assert counts(funnel) == [3, 2]
    assert people(funnel, 2) == ["ann"]
    assert people(funnel, 2, is_dropped=True) == ["ann"]


def test_steps_may_be_about_some_goods_categories_or_pages(acme: Shop) -> None:
    remember(
        acme,
        viewed("2026-05-04T10:00", "ann", "tea", category="leaf", page="/p/tea"),
        viewed("2026-05-04T10:00", "bob", "cup", category="ware", page="/p/cup"),
        placed("T1", "2026-05-04T10:05", line("cup", 1, 900), line("tea", 1, 900), person="ann"),
        placed("T2", "2026-05-04T10:05", line("cup", 1, 900), person="bob"),
    )
    bought_tea = Step(event="shop.order_placed", skus=("tea",))
    for step in (Step(event=B, skus=("tea",)), Step(event=B, categories=("leaf",)), Step(event=B, pages=("/p/t*",))):
        assert counts(a_funnel(step, "shop.order_placed")) == [1, 1]
    assert counts(a_funnel(B, bought_tea)) == [2, 1]
    assert counts(a_funnel(Step(event=B, pages=("/p/t",)), bought_tea)) == [0, 0]
    assert counts(a_funnel(Step(event=B, skus=("o'tea",)), bought_tea)) == [0, 0]


def test_an_order_of_several_goods_is_one_step(acme: Shop) -> None:
    remember(acme, paid("T1", "2026-05-04T10:05", line("cup", 1, 900), line("tea", 1, 900), person="ann"))
    for kind in Kind:
        assert counts(a_funnel("shop.payment_settled", "shop.payment_settled", kind=kind)) == [1, 0]


def test_parts_are_told_by_the_step_with_which_the_passage_began(acme: Shop) -> None:
    remember(
        acme,
        paid("T0", "2026-05-01T10:00", line("cup", 1, 900), person="bob"),
        walk("ann", (A, "09:00"), device="phone"),
        walk("ann", (A, "10:00"), device="desktop"),
        walk("ann", (B, "10:05"), device="phone"),
        walk("bob", (A, "10:00"), device="phone"),
    )
    funnel = a_funnel(A, B)
    parts = {part.value: part.counts for part in asked(on(funnel, by=Split.DEVICE)).parts}
    assert parts == {"desktop": (1, 1), "phone": (1, 0)}
    assert people(on(funnel, by=Split.DEVICE), 2, is_dropped=True, value="phone") == ["bob"]
    parts = {part.value: part.counts for part in asked(on(funnel, by=Split.BUYER)).parts}
    assert parts == {"new": (1, 1), "returning": (1, 0)}
    only = on(funnel, where=Filters(device=("phone",)))
    assert counts(only) == [2, 1]


def test_those_who_dropped_out_and_those_who_went_on_are_all_who_came_so_far(acme: Shop) -> None:
    remember(
        acme,
        walk("ann", (A, "10:00"), (B, "10:01")),
        walk("bob", (A, "10:00")),
        walk("bot", (A, "10:00"), device="bot"),
    )
    funnel = a_funnel(A, B)
    assert people(funnel, 1) == ["ann", "bob"]
    assert (people(funnel, 2), people(funnel, 2, is_dropped=True)) == (["ann"], ["bob"])


def test_what_may_be_named_is_what_happened(acme: Shop) -> None:
    remember(acme, page("2026-05-04T10:00", "ann"), added("2026-05-04T10:00", "ann"), added("2026-05-04T10:01", "bob"))
    assert queries.events("acme", (DAY, NEXT)) == ((C, 2), (A, 1))


@pytest.mark.parametrize(
    "fields", [{"steps": ()}, {"steps": (A,)}, {"steps": (A, "")}, {"window_minutes": 0}, {"steps": (A,) * 9}]
)
def test_a_funnel_that_is_none_is_refused(fields) -> None:
    steps = fields.pop("steps", (A, B))
    with pytest.raises(FunnelUnfit):
        a_funnel(*steps, **fields)


@pytest.mark.parametrize("broken", [{}, {"place": 3}, {"place": 1, "is_dropped": True}, {"question": 1}])
def test_people_of_a_broken_question_are_refused(broken) -> None:
    terms = terms_of(Reached(question=on(a_funnel(A, B)), place=2))
    with pytest.raises(TermsUnfit):
        queries.people("acme", terms | broken if broken else {}, at=LATER)


fresh = itertools.count()
few = settings(
    max_examples=examples(5),
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
_START = utc("2026-05-03T23:30")
moments = st.integers(0, 40).map(lambda n: (_START + timedelta(minutes=5 * n)).isoformat()[:19])
happenings = st.lists(
    st.builds(
        lambda name, at, who, sku, part, device: an_event(
            name, at, person=who, sku=sku, session=f"{who}{part}", device=device, page=f"/{sku}"
        ),
        st.sampled_from([A, A, B, C]),
        moments,
        st.sampled_from(["ann", "bob", "cid", "dan", "eve", "fay", ""]),
        st.sampled_from(["tea", "cup"]),
        st.sampled_from("xy"),
        st.sampled_from(["phone", "desktop"]),
    ),
    min_size=10,
    max_size=45,
)
steps = st.builds(
    Step,
    event=st.sampled_from([A, B, C]),
    skus=st.sampled_from([(), (), ("tea",)]),
    pages=st.sampled_from([(), ("/c*",)]),
)
funnels = st.builds(
    Funnel,
    steps=st.lists(steps, min_size=2, max_size=4).map(tuple),
    kind=st.sampled_from(Kind),
    unit=st.sampled_from(Unit),
    window_minutes=st.sampled_from([5, 30, 60, 1440]),
)


@pytest.mark.django_db
@few
@given(told=happenings, asked_for=st.lists(funnels, min_size=8, max_size=8))
def test_every_funnel_gives_what_trying_every_way_gives(lake_folder, told, asked_for) -> None:
    shop = a_shop(f"law-{next(fresh)}", zone="UTC")
    told = [_of(shop.code, one) for one in told]
    remember(shop, told)
    for funnel in asked_for:
        question = on(funnel, by=Split.DEVICE)
        found = passages(
            told,
            question,
            ts_us=lambda one: clock.micros(one.at),
            day=lambda one: one.at.date(),
            value=lambda one: one.device,
        )
        answer = queries.ask(shop.code, question, at=LATER)
        for bar in answer.bars:
            assert bar.count == sum(len(one.times_us) >= bar.place for one in found.values()), funnel
            took = took_us(iter(found.values()), bar.place) if bar.place > 1 else []
            assert (bar.times is None) == (not took)
            if bar.times:
                assert (bar.times.count, bar.times.sum_us) == (len(took), sum(took)), funnel
                assert bar.times.twice_median_us == took[(len(took) - 1) // 2] + took[len(took) // 2]
                assert bar.times.p90_us == took[-(-9 * len(took) // 10) - 1]
        begun = Counter(one.value for one in found.values())
        assert {part.value: part.counts[0] for part in answer.parts} == begun


by_events = st.builds(
    lambda events, window_minutes, devices: Question(
        funnel=a_funnel(*events, window_minutes=window_minutes),
        start=DAY,
        end=NEXT,
        where=Filters(device=devices),
    ),
    st.permutations([A, B, C]).flatmap(lambda one: st.integers(2, 3).map(lambda most: one[:most])),
    st.sampled_from([5, 30, 60, 1440]),
    st.sampled_from([(), ("phone",)]),
)


@pytest.mark.django_db
@few
@given(
    told=happenings,
    asked_for=st.lists(by_events, min_size=6, max_size=6),
    bits=st.sampled_from([1, 11]),
    few_rows=st.sampled_from([0, 1_000_000]),
    near=st.sampled_from([0, 1, 6]),
    at_once=st.sampled_from([1, 8, 1 << 17]),
    are_all_sorted=st.booleans(),
)
def test_a_funnel_that_is_swept_gives_what_joins_give(
    lake_folder, told, asked_for, bits, few_rows, near, at_once, are_all_sorted
) -> None:
    shop = a_shop(f"law-{next(fresh)}", zone="UTC")
    remember(shop, [_of(shop.code, one) for one in told])
    for question in asked_for:
        assert chains.knows(question)
        with pytest.MonkeyPatch.context() as patch:
            # So few people make a part that there are several.
            patch.setattr(chains, "_PEOPLE_BITS", bits)
            # Their moments are sorted only if the way of earliest moments is too long, or always.
            if are_all_sorted:
                patch.setattr(chains, "first_ways", sweeps.swept)
            # Of those that are sorted, so many rows are swept at once.
            patch.setattr(sweeps, "_AT_ONCE", at_once)
            # Steps before are found nearby, or looked up one by one, or all at once.
            patch.setattr(sweeps, "_NEAR", near)
            patch.setattr(sweeps, "_FEW", few_rows)
            swept = queries.count(shop.code, question, is_complete=True)
            patch.setattr(chains, "knows", lambda _: False)
            assert queries.count(shop.code, question, is_complete=True) == swept


def _of(shop: str, event):
    return replace(event, shop=shop)
