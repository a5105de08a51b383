"""Cohorts: the published table, what is too young, money, and every table compared with the obvious one."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.insight.metrics.events import a_shop, an_event, bought, line, page, remember, utc
from tests.insight.people import ids
from tests.strength import examples
from zhanggui.base.shops.rules import Shop
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.metrics.queries import forget_all
from zhanggui.insight.metrics.rules import Filters, Step, cell_of
from zhanggui.insight.retention import queries
from zhanggui.insight.retention.errors import RetentionUnfit
from zhanggui.insight.retention.queries import crowds
from zhanggui.insight.retention.rules import (
    STEPS,
    Answer,
    Begin,
    CohortCell,
    Column,
    Question,
    Return,
    Split,
    exact,
    intervals,
    rolling,
)
from zhanggui.insight.segments.rules import terms_of
from zhanggui.spine.envelope import Envelope

pytestmark = pytest.mark.tables("orders", "steps", "visits")

FIRST = date(2026, 5, 4)
LATER = utc("2026-12-01T12:00")


@pytest.fixture
def acme(db: None, lake_folder: object) -> Shop:
    return a_shop(zone="UTC")


def on(days: int, **fields) -> Question:
    """Cohorts of so many days from Monday 4 May on."""
    usual = {"step": Step.DAY, "columns": exact(*range(days))}
    return Question(start=FIRST, end=FIRST + timedelta(days=days), **usual | fields)


def asked(question: Question, *, at=LATER, shop: str = "acme") -> Answer:
    forget_all()
    return queries.ask(shop, question, at=at)


def kept(answer: Answer) -> list[list[int | None]]:
    return [[cell.count if cell else None for cell in row.cells] for row in answer.rows]


def seen(who: str, *days: int, what: str = "Page", **fields) -> list[Envelope]:
    return [an_event(what, f"{FIRST + timedelta(days=day)}T10:00", person=who, **fields) for day in days]


def test_each_day_an_event_happened_is_a_cohort_as_posthog_publishes_it(acme: Shop) -> None:
    """posthog, test_retention: person 1 on days 0, 1, 2, 5, 5, 6, person 2 on days 1, 2, 3, 6, eleven daily cohorts."""
    remember(acme, seen("p1", 0, 1, 2, 5, 5, 6), seen("p2", 1, 2, 3, 6))
    table = kept(asked(on(11, begin=Begin.EVERY_EVENT, begin_event="Page")))
    assert [row[: 7 - n] for n, row in enumerate(table[:7])] == [
        [1, 1, 1, 0, 0, 1, 1],
        [2, 2, 1, 0, 1, 2],
        [2, 1, 0, 1, 2],
        [1, 0, 0, 1],
        [0, 0, 0],
        [1, 1],
        [2],
    ]
    assert table[7:] == [[0] * 11] * 4


def test_only_the_very_first_visit_begins_and_nobody_is_no_person(acme: Shop) -> None:
    remember(acme, seen("old", -40, 0, 1), seen("new", 0, 2), seen("", 0, 1), seen("bot", 0, 1, device="bot"))
    answer = asked(on(3))
    assert kept(answer) == [[1, 0, 1], [0, 0, 0], [0, 0, 0]]
    assert [row.people for row in answer.rows] == [1, 0, 0]


def test_more_people_than_a_word_has_bits_are_all_counted(acme: Shop) -> None:
    remember(acme, *(seen(f"person-{n:02}", 0, *([1] if n % 3 == 0 else [])) for n in range(70)))
    assert kept(asked(on(2))) == [[70, 24], [0, 0]]


def test_the_seventh_day_exactly_the_seventh_or_later_and_any_of_seven(acme: Shop) -> None:
    remember(acme, seen("at7", 0, 7), seen("at9", 0, 9), seen("at3", 0, 3), seen("never", 0), seen("at60", 0, 60))
    for columns, count in (
        (exact(7), 1),
        (exact(60), 1),
        (intervals((60, 125)), 1),
        (rolling(7), 3),
        (intervals((1, 7)), 2),
        (intervals((7, 14)), 2),
    ):
        (row,) = asked(on(1, columns=columns)).rows
        assert (row.cells[0].count, row.cells[0].of) == (count, 5)


def test_what_is_too_young_is_marked_and_left_out_of_the_sums(acme: Shop) -> None:
    remember(acme, seen("ann", 0, 1), seen("bob", 1), seen("cid", 2))
    answer = asked(on(3, columns=exact(0, 1, 7)), at=utc("2026-05-06T12:00"))
    first, second, third = (row.cells for row in answer.rows)
    assert (first[1].is_complete, second[1].is_complete, third[0].is_complete) == (True, False, False)
    assert (third[1], first[2]) == (None, None)
    assert [(cell.count, cell.of) if cell else None for cell in answer.whole.cells] == [(2, 2), (1, 1), None]


def test_weeks_begin_on_monday_and_months_are_those_of_the_calendar(acme: Shop) -> None:
    remember(acme, seen("ann", 6, 7), seen("bob", 0, 5, 28))
    weeks = asked(on(14, step=Step.WEEK, columns=exact(0, 1, 4)))
    assert kept(weeks) == [[2, 1, 1], [0, 0, 0]]
    months = asked(on(10, step=Step.MONTH, columns=exact(0, 1)))
    assert [(row.key, row.people) for row in months.rows] == [(date(2026, 5, 1), 2)]
    assert kept(months) == [[2, 1]]


def test_repurchase_cohorts_say_what_they_paid(acme: Shop) -> None:
    remember(
        acme,
        bought("T1", "2026-05-04T10:00", line("tea", 1, 1000), person="ann"),
        bought("T2", "2026-05-06T10:00", line("tea", 1, 2500), person="ann"),
        bought("T3", "2026-05-04T11:00", line("tea", 1, 700), person="bob"),
        bought("T4", "2026-05-06T11:00", line("tea", 1, 9900), person=""),
    )
    answer = asked(on(1, begin=Begin.FIRST_ORDER, back=Return.ORDER, columns=(*exact(0, 2), *rolling(1))))
    assert [(cell.count, cell.of, cell.paid_minor) for cell in answer.rows[0].cells] == [
        (2, 2, 1700),
        (1, 2, 2500),
        (1, 2, 2500),
    ]
    assert answer.whole.cells == answer.rows[0].cells


def test_those_who_registered_come_back_to_order(acme: Shop) -> None:
    remember(
        acme,
        seen("ann", 0, what="shop.customer_registered"),
        seen("bob", 0, what="shop.customer_registered"),
        bought("T1", "2026-05-05T10:00", line("tea", 1, 1000), person="ann"),
    )
    answer = asked(on(1, begin=Begin.REGISTRATION, back=Return.ORDER, columns=exact(0, 1)))
    assert [(cell.count, cell.of) for cell in answer.rows[0].cells] == [(0, 2), (1, 2)]


def test_cohorts_may_be_by_the_channel_of_the_first_visit(acme: Shop) -> None:
    remember(
        acme,
        page("2026-05-04T10:00", "ann", channel="email"),
        page("2026-05-04T09:00", "ann", channel="direct"),
        page("2026-05-05T10:00", "ann", channel="email"),
        page("2026-05-05T10:00", "bob", channel="email"),
    )
    answer = asked(on(2, by=Split.CHANNEL, columns=exact(0, 1)))
    rows = {row.key: [(cell.count, cell.of) for cell in row.cells] for row in answer.rows}
    assert rows == {"direct": [(1, 1), (1, 1)], "email": [(1, 1), (0, 1)]}


def test_filters_look_at_the_beginning_as_the_split_does(acme: Shop) -> None:
    remember(
        acme,
        page("2026-05-04T10:00", "ann", channel="email", device="mobile"),
        page("2026-05-04T09:00", "ann", channel="direct", device="mobile"),
        page("2026-05-05T10:00", "ann", channel="email"),
        page("2026-05-05T10:00", "bob", channel="email", device="desktop"),
    )
    for channel, people in (("direct", [(1, 1), (1, 1)]), ("email", [(1, 1), (0, 1)]), ("search", [(0, 0), (0, 0)])):
        answer = asked(on(2, columns=exact(0, 1), where=Filters(channel=(channel,))))
        assert [(cell.count, cell.of) for cell in answer.whole.cells] == people
    mobile = asked(on(2, columns=exact(0, 1), where=Filters(device=("mobile",)), by=Split.CHANNEL))
    assert [row.key for row in mobile.rows] == ["direct"]
    pages = on(2, columns=exact(0), begin=Begin.EVERY_EVENT, begin_event="Page", where=Filters(channel=("email",)))
    assert kept(asked(pages)) == [[1], [2]]


def test_the_people_of_a_cell_are_those_it_counts(acme: Shop) -> None:
    remember(acme, seen("ann", 0, 1), seen("bob", 0), seen("cid", 1, 2))
    question = on(2, columns=exact(0, 1))

    def behind(**fields) -> list[str]:
        usual = {"cohort": FIRST, "column": 1, "today": date(2026, 12, 1)}
        terms = terms_of(CohortCell(question=question, **usual | fields))
        return ids("acme", queries.people("acme", terms, at=LATER))

    assert behind() == ["ann"]
    assert behind(is_back=False) == ["bob"]
    assert behind(column=None) == ["ann", "bob"]
    assert behind(cohort=None) == ["ann", "cid"]
    assert behind(cohort=None, today=date(2026, 5, 6)) == ["ann"]


@pytest.mark.parametrize(
    "fields",
    [
        {"columns": ()},
        {"step": Step.YEAR},
        {"columns": (Column(start=3, end=2),)},
        {"columns": (Column(start=-1, end=2),)},
        {"columns": exact(126)},
        {"begin": Begin.FIRST_EVENT},
        {"back": Return.EVENT},
        {"begin": Begin.EVERY_EVENT, "begin_event": "Page", "by": Split.REGION},
        {"where": Filters(sku=("tea",))},
        {"begin": Begin.EVERY_EVENT, "begin_event": "Page", "where": Filters(campaign=("spring",))},
    ],
)
def test_a_table_that_cannot_be_counted_is_refused(fields) -> None:
    with pytest.raises(RetentionUnfit):
        on(3, **fields)


def reference(told: Sequence[Envelope], question: Question, today: date) -> dict[tuple[date, int], tuple[int, int]]:
    """By cohort and column: how many came back, of how many; people looked at one by one, day by day."""
    table: dict[tuple[date, int], tuple[int, int]] = {}
    for who in {one.person for one in told} - {""}:
        mine = [one for one in told if one.person == who]
        began = sorted(one.at.date() for one in mine if _begins(one, question))
        if question.begin is not Begin.EVERY_EVENT:
            began = began[:1]
        back = {one.at.date() for one in mine if _returns(one, question) and one.at.date() <= today}
        for cohort in {cell_of(day, question.step) for day in began if question.start <= day < question.end}:
            for n, column in enumerate(question.columns):
                places = {_distance(cohort, day, question.step) for day in back}
                last = max(places, default=-1) if column.end is None else column.end
                came = any(column.start <= place <= last for place in places)
                count, of = table.get((cohort, n), (0, 0))
                table[cohort, n] = (count + came, of + 1)
    return table


def _begins(one: Envelope, question: Question) -> bool:
    wanted = {Begin.FIRST_VISIT: "Page", Begin.FIRST_ORDER: "shop.payment_settled"}
    return one.name == wanted.get(question.begin, question.begin_event)


def _returns(one: Envelope, question: Question) -> bool:
    return one.name == {Return.VISIT: "Page", Return.ORDER: "shop.payment_settled"}.get(
        question.back, question.return_event
    )


def _distance(cohort: date, day: date, step: Step) -> int:
    """How many cells later a day lies."""
    place, cell = 0, cell_of(day, step)
    while cell > cohort:
        cell = cell_of(cell - timedelta(days=1), step)
        place += 1
    return place if cell == cohort else -1


fresh = itertools.count()
few = settings(
    max_examples=examples(5),
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
happenings = st.lists(
    st.builds(
        lambda name, day, who: seen(who, day, what=name, amount_minor=5)[0],
        st.sampled_from(["Page", "Page", "shop.payment_settled", "Tea Tasted"]),
        st.integers(-20, 60),
        st.sampled_from(["ann", "bob", "cid", "dan", "eve", "fay", ""]),
    ),
    min_size=10,
    max_size=60,
)
columns = st.one_of(
    st.lists(st.integers(0, 20), min_size=1, max_size=4).map(lambda some: exact(*some)),
    st.lists(st.integers(0, 20), min_size=1, max_size=4).map(lambda some: rolling(*some)),
    st.lists(st.tuples(st.integers(0, 9), st.integers(9, 15)), min_size=1, max_size=3).map(lambda s: intervals(*s)),
)
questions = st.builds(
    Question,
    start=st.just(FIRST),
    end=st.integers(1, 40).map(lambda days: FIRST + timedelta(days=days)),
    step=st.sampled_from(STEPS),
    columns=columns,
    begin=st.sampled_from([Begin.FIRST_VISIT, Begin.FIRST_ORDER, Begin.FIRST_EVENT, Begin.EVERY_EVENT]),
    begin_event=st.just("Tea Tasted"),
    back=st.sampled_from(Return),
    return_event=st.just("Tea Tasted"),
)


@pytest.mark.django_db
@few
@given(told=happenings, wanted=st.lists(questions, min_size=8, max_size=8), today=st.integers(5, 80))
def test_every_table_is_what_looking_at_each_person_gives(lake_folder, told, wanted, today) -> None:
    shop = a_shop(f"law-{next(fresh)}", zone="UTC")
    told = [replace(one, shop=shop.code) for one in told]
    remember(shop, told)
    day = FIRST + timedelta(days=today)
    for question in wanted:
        expected = reference(told, question, day)
        answer = asked(question, at=utc(f"{day}T12:00"), shop=shop.code)
        sums = [[0, 0] for _ in question.columns]
        for row in answer.rows:
            for n, cell in enumerate(row.cells):
                count, of = expected.get((row.key, n), (0, 0))
                assert row.people == of
                if cell is None:
                    assert count == 0
                    continue
                assert (cell.count, cell.of) == (count, of), (question, row.key, n)
                if cell.is_complete:
                    sums[n][0] += count
                    sums[n][1] += of
        whole = [[cell.count, cell.of] if cell else [0, 0] for cell in answer.whole.cells]
        assert whole == sums


@pytest.mark.django_db
@few
@given(told=happenings, wanted=st.lists(questions, min_size=8, max_size=8), today=st.integers(5, 80))
def test_cohorts_counted_as_sets_are_those_that_joins_count(lake_folder, told, wanted, today) -> None:
    shop = a_shop(f"law-{next(fresh)}", zone="UTC")
    remember(shop, [replace(one, shop=shop.code) for one in told])
    day, tables = FIRST + timedelta(days=today), partial(lake.rollup, shop.code)
    for question in filter(crowds.knows, wanted):
        sets = queries.count(question, today=day, tables=tables)
        # Visits by days are read from the files.
        assert queries.ask(shop.code, question, at=utc(f"{day}T12:00")) == sets
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(crowds, "_MOST_BYTES", 0)
            assert queries.count(question, today=day, tables=tables) == sets
