"""Looking at a day: what is raised, told once, grown, put away, brought back, closed and kept of failures."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest
from click.testing import CliRunner
from django.db import IntegrityError, connection, transaction

from tests.insight.metrics.events import a_shop
from tests.steer.signals.findings import ANN, CLOCK, DAY, MORNING, a_finding, a_size, finder, on
from zhanggui.base import clock
from zhanggui.doors.commands.signals import command
from zhanggui.insight.alerts import queries as alerts
from zhanggui.insight.metrics.rules import Period
from zhanggui.spine.log import queries as log
from zhanggui.spine.log.models import Entry
from zhanggui.steer.signals import actions, models, ports, queries
from zhanggui.steer.signals.errors import NoSuchSignal, SignalSettled, SnoozeUnfit, WordsMissing
from zhanggui.steer.signals.rules import Need, State, Verdicts

pytestmark = [pytest.mark.tables("orders"), pytest.mark.django_db]


@pytest.fixture(autouse=True)
def a_quiet_shop(lake_folder: object, db: object, monkeypatch: pytest.MonkeyPatch) -> None:
    a_shop()
    monkeypatch.setattr(ports, "detectors", {})


def looks(day=DAY) -> int:
    return actions.look(shop="acme", day=day, at=MORNING, by=CLOCK)


def inbox() -> tuple[Any, ...]:
    return queries.inbox("acme", at=MORNING)


def told() -> list[Entry]:
    return list(Entry.objects.filter(name="steer.signal_raised").order_by("seq"))


def test_a_finding_is_raised_and_told_with_its_cause():
    cause = uuid4()
    ports.detectors["funnel_break"] = finder(a_finding(cause=cause, tests=12))

    assert looks() == 1

    (signal,) = inbox()
    (fact,) = told()
    assert fact.body == {
        "kind": "funnel_break",
        "subject": "device:tablet",
        "day": "2026-05-04",
        "low_minor": 25_000,
        "expected_minor": 50_000,
        "high_minor": 100_000,
        "currency": "CNY",
        "confidence_bp": 9_900,
        "move": "check",
        "metric": "cvr_order_session",
        "page": "funnel",
        "evidence": "a=1",
    }
    assert (fact.cause, fact.subject, fact.actor) == (cause, f"signal:{signal.id}", "job:steer.look")
    assert (signal.fact, signal.cause, signal.tests, signal.days) == (log.by_ids([signal.fact])[0].id, cause, 12, 1)
    assert signal.evidence == a_finding().evidence
    assert signal.proposal == a_finding().proposal
    assert queries.signal(signal.id) == queries.signal(str(signal.id)) == signal


def test_what_is_too_small_or_too_unsure_is_not_raised(monkeypatch):
    monkeypatch.setattr(queries, "ordinary_day", lambda *args, **more: 1_000_000)
    ports.detectors["small"] = finder(a_finding("small", minor=19_999))
    ports.detectors["unsure"] = finder(a_finding("unsure", confidence=0.79))

    assert looks() == 0
    assert not inbox()
    assert not told()


def test_a_day_is_looked_at_once_by_each_detector():
    ports.detectors["funnel_break"] = finder(a_finding())
    looks()
    ports.detectors["dead_stock"] = finder(a_finding("dead_stock", "sku:tea"))

    assert looks() == 1
    assert looks() == 0
    assert {look.detector: look.found for look in queries.looks("acme", Period(DAY, on(1)))} == {
        "funnel_break": 1,
        "dead_stock": 1,
    }


def test_a_detector_that_fails_holds_only_itself_and_is_asked_again():
    def broken(shop, day, *, at):
        raise ZeroDivisionError("no visits to divide by")

    ports.detectors["broken"] = broken
    ports.detectors["funnel_break"] = finder(a_finding())

    with pytest.raises(ZeroDivisionError, match="no visits to divide by"):
        looks()
    assert [signal.kind for signal in inbox()] == ["funnel_break"]
    assert queries.looked_with("acme", DAY) == {"funnel_break"}

    ports.detectors["broken"] = finder(a_finding("mended"))
    assert looks() == 1
    assert queries.looked_with("acme", DAY) == {"broken", "funnel_break"}


def test_a_detector_whose_findings_cannot_be_kept_leaves_nothing_behind():
    ports.detectors["odd"] = finder(a_finding("fine"), a_finding("odd", size=a_size(low=90_000)))

    with pytest.raises(IntegrityError):
        looks()

    assert not models.Signal.objects.exists()
    assert not told()
    assert not queries.looks("acme", Period(DAY, on(1)))


def test_the_like_of_a_signal_makes_it_grow_and_is_told_no_more():
    ports.detectors["funnel_break"] = finder(
        a_finding(adds_up=True), a_finding(day=on(1), minor=30_000, adds_up=True, confidence=0.9)
    )
    looks()

    assert looks(on(1)) == 0

    (signal,) = inbox()
    assert len(told()) == 1
    assert signal.size == a_size(80_000)
    assert (signal.first_day, signal.last_day, signal.days, signal.confidence) == (DAY, on(1), 2, 0.99)


def test_days_that_come_in_late_do_not_make_it_grow_backwards():
    ports.detectors["funnel_break"] = finder(a_finding(), a_finding(day=on(-1), minor=90_000))
    looks()
    looks(on(-1))

    (signal,) = inbox()
    assert (signal.size, signal.last_day, signal.days) == (a_size(), DAY, 1)


def test_the_inbox_is_ordered_by_money_times_confidence():
    ports.detectors["many"] = finder(
        a_finding("small", minor=10_000, confidence=1.0),
        a_finding("large", minor=90_000, confidence=0.9),
        a_finding("surer", minor=85_000, confidence=0.99),
    )
    looks()

    assert [signal.kind for signal in inbox()] == ["surer", "large", "small"]


def test_what_is_not_found_for_a_week_closes_by_itself_and_opens_anew():
    ports.detectors["funnel_break"] = finder(a_finding(), a_finding(day=on(8)))
    looks()
    looks(on(6))
    assert inbox()

    looks(on(7))
    assert not inbox()
    assert looks(on(8)) == 1
    assert len(told()) == 2
    (closed,), count = queries.settled("acme", limit=10)
    assert (closed.state, count) == (State.CLOSED, 1)


def test_a_snoozed_signal_grows_and_stands_again_on_its_day(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MORNING)  # 5 May in Shanghai
    ports.detectors["funnel_break"] = finder(a_finding(), a_finding(day=on(1), minor=70_000))
    looks()
    (signal,) = inbox()

    with pytest.raises(SnoozeUnfit):
        actions.snooze(id=signal.id, until=on(1), by=ANN)
    actions.snooze(id=signal.id, until=on(2), by=ANN)
    looks(on(1))

    assert not inbox()
    assert [one.size for one in queries.snoozed("acme", at=MORNING)] == [a_size(70_000)]
    assert [one.id for one in queries.inbox("acme", at=MORNING.replace(day=5))] == [signal.id]


def test_not_useful_lifts_what_its_kind_needs_and_useful_lowers_it():
    ports.detectors["many"] = finder(a_finding(subject="a"), a_finding(subject="b"), a_finding(subject="c"))
    looks()
    by_subject = {signal.subject: signal.id for signal in inbox()}

    actions.dismiss(id=by_subject["a"], is_useful=False, words="a test of ours", by=ANN)
    actions.dismiss(id=by_subject["b"], is_useful=True, words="", by=ANN)
    actions.decide(id=by_subject["c"], play_id=uuid4(), by=ANN)

    assert queries.verdicts("acme", "funnel_break", "a") == Verdicts(useless=1, useful_elsewhere=2)
    assert queries.need("acme", "funnel_break", "a", ordinary_day_minor=1_000) == Need(
        money_minor=20, confidence=pytest.approx(0.8)
    )
    assert queries.need("acme", "funnel_break", "d", ordinary_day_minor=1_000).money_minor == 16
    assert not inbox()
    assert {one.subject: one.words for one in queries.settled("acme", limit=10)[0]} == {
        "a": "a test of ours",
        "b": "",
        "c": "",
    }


def test_what_was_put_away_stays_away_until_it_is_another_matter():
    ports.detectors["stock"] = finder(
        a_finding(), a_finding(day=on(1), minor=99_999), a_finding(day=on(2), minor=100_000)
    )
    looks()
    (signal,) = inbox()
    actions.dismiss(id=signal.id, is_useful=False, words="known", by=ANN)

    assert looks(on(1)) == 0
    assert not inbox()
    assert looks(on(2)) == 1
    (again,) = inbox()
    assert again.id != signal.id
    assert queries.signal(signal.id).state is State.CLOSED
    assert len(told()) == 2


def test_while_a_play_is_on_its_signal_grows_and_is_not_raised_again():
    ports.detectors["funnel_break"] = finder(a_finding(), a_finding(day=on(1), minor=500_000))
    looks()
    (signal,) = inbox()
    play = uuid4()
    actions.decide(id=signal.id, play_id=play, by=ANN)

    assert looks(on(1)) == 0

    kept = queries.signal(signal.id)
    assert (kept.state, kept.play_id, kept.size, kept.is_useful) == (State.DECIDED, play, a_size(500_000), True)


def test_a_settled_signal_is_settled_once(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MORNING)
    ports.detectors["funnel_break"] = finder(a_finding())
    looks()
    (signal,) = inbox()

    with pytest.raises(WordsMissing):
        actions.dismiss(id=signal.id, is_useful=False, words=" ", by=ANN)
    actions.dismiss(id=signal.id, is_useful=False, words="known", by=ANN)

    for again in (
        lambda: actions.dismiss(id=signal.id, is_useful=True, words="", by=ANN),
        lambda: actions.decide(id=signal.id, play_id=uuid4(), by=ANN),
        lambda: actions.snooze(id=signal.id, until=on(9), by=ANN),
    ):
        with pytest.raises(SignalSettled):
            again()
    assert queries.signal(signal.id).words == "known"


def test_a_signal_that_is_not_there_is_refused():
    for id in ("nonsense", str(UUID(int=1))):
        with pytest.raises(NoSuchSignal):
            queries.signal(id)
    with pytest.raises(NoSuchSignal):
        actions.decide(id=UUID(int=1), play_id=uuid4(), by=ANN)


def test_the_table_keeps_one_standing_signal_of_a_kind_and_subject_and_sizes_in_order():
    ports.detectors["funnel_break"] = finder(a_finding(), a_finding(subject="device:phone"))
    looks()
    row = models.Signal.objects.get(subject="device:tablet")

    for broken in (
        {"subject": "device:phone"},
        {"low_minor": row.expected_minor + 1},
        {"low_minor": -1},
        {"confidence": 1.01},
        {"state": "decided"},
        {"days": 0},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            models.Signal.objects.filter(pk=row.pk).update(**broken)


@pytest.mark.django_db(transaction=True)
def test_two_looks_at_once_raise_everything_once():
    ports.detectors["funnel_break"] = finder(a_finding(adds_up=True))
    ports.detectors["again"] = finder(a_finding(adds_up=True))
    together = Barrier(3)

    def one(_n: int) -> int:
        together.wait()
        try:
            return looks()
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as threads:
        counts = list(threads.map(one, range(3)))

    assert sum(counts) == len(told()) == models.Signal.objects.count() == 1
    assert models.Signal.objects.get().expected_minor == 50_000
    assert models.Looked.objects.count() == 2


def test_the_hourly_look_goes_over_the_days_that_insight_has_judged(monkeypatch):
    seen: list[Any] = []
    monkeypatch.setattr(alerts, "looked", lambda shop: on(2))

    def detect(shop, day, *, at):
        seen.append(day)
        return ()

    ports.detectors["one"] = detect
    actions.look_at_ended_days(shop="acme", at=MORNING, by=CLOCK)
    assert seen == [on(2)]  # of a shop that was never looked at, its last day only

    monkeypatch.setattr(alerts, "looked", lambda shop: on(20))
    actions.look_at_ended_days(shop="acme", at=MORNING, by=CLOCK)
    actions.look_at_ended_days(shop="acme", at=MORNING, by=CLOCK)
    assert seen == [on(2), *(on(n) for n in range(14, 21))]


def test_an_imported_shop_is_history(monkeypatch):
    a_shop("old", own=False)
    monkeypatch.setattr(alerts, "looked", lambda shop: on(2))
    ports.detectors["one"] = finder(a_finding(day=on(2)))

    assert actions.look_at_ended_days(shop="old", at=MORNING, by=CLOCK) == 0
    assert not models.Looked.objects.exists()


def test_the_command_says_what_stands_and_fails_where_a_detector_did():
    ports.detectors["funnel_break"] = finder(a_finding())
    fine = CliRunner().invoke(command, ["look", "--shop", "acme", "--day", str(DAY)])
    ports.detectors["broken"] = lambda shop, day, *, at: [1 / 0]
    broken = CliRunner().invoke(command, ["look", "--shop", "acme", "--day", str(DAY)])

    assert (fine.exit_code, broken.exit_code) == (0, 1)
    assert "1 signals were raised for 2026-05-04." in fine.output
    assert "funnel_break device:tablet" in broken.output
    assert isinstance(broken.exception, ZeroDivisionError)
