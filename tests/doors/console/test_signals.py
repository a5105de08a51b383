"""The inbox of signals and the risk register, at the console."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tests.insight.metrics.events import a_shop
from tests.steer.signals.findings import ANN, CLOCK, DAY, MORNING, a_finding, finder
from zhanggui.base import clock
from zhanggui.base.accounts.rules import Role
from zhanggui.doors.console import signal_words
from zhanggui.insight.metrics.rules import METRICS
from zhanggui.steer.signals import actions, ports, queries
from zhanggui.steer.signals.rules import READY, Evidence, Move, State

pytestmark = [pytest.mark.tables("orders"), pytest.mark.django_db]


@pytest.fixture
def manager(signed_in: Callable[..., Client]) -> Client:
    return signed_in(Role.MANAGER)


@pytest.fixture
def analyst(signed_in: Callable[..., Client]) -> Client:
    return signed_in(Role.ANALYST)


@pytest.fixture
def raised(lake_folder: object, monkeypatch: pytest.MonkeyPatch):
    """Two signals of yesterday."""
    a_shop()
    found = (a_finding(minor=50_000), a_finding("sleepers", "", minor=90_000, confidence=0.9))
    monkeypatch.setattr(ports, "detectors", {"many": finder(*found)})
    monkeypatch.setattr(clock, "now", lambda: MORNING)
    actions.look(shop="acme", day=DAY, at=MORNING, by=CLOCK)
    return queries.inbox("acme", at=MORNING)


def test_the_inbox_shows_the_most_money_first_with_what_can_be_done(
    raised, manager: Client, django_assert_max_num_queries
):
    manager.get(reverse("console:signals"))
    with django_assert_max_num_queries(16):
        page = manager.get(reverse("console:signals")).content.decode()

    assert page.index("Good customers going to sleep") < page.index("A step broke")
    assert "¥900.00" in page
    assert 'name="signal"' in page
    assert reverse("console:play_new") in page


def test_what_has_not_looked_yet_is_waited_for_and_later_named(raised, manager: Client, monkeypatch):
    monkeypatch.setattr(ports, "detectors", ports.detectors | {"dead_stock": finder()})
    waited = manager.get(reverse("console:signals")).content.decode()
    monkeypatch.setattr(clock, "now", lambda: MORNING + timedelta(minutes=16))
    named = manager.get(reverse("console:signals")).content.decode()

    assert "still being looked at" in waited
    assert "Not all could be looked at" not in waited
    assert "Not all could be looked at on the last day: Dead stock." in named
    assert "still being looked at" not in named


def test_one_signal_shows_its_evidence_and_what_it_has_learnt(raised, manager: Client):
    page = manager.get(reverse("console:signal", args=[raised[0].id])).content.decode()

    assert f"{reverse('console:funnel')}?a=1" in page
    assert "Nobody has said yet whether its kind is of use." in page
    assert reverse("console:fact", args=[raised[0].fact]) in page


def test_a_signal_is_put_away_with_a_reason_and_put_off_to_a_day(raised, manager: Client):
    sleepers, broke = raised

    def post(id, verb, **said):
        return manager.post(reverse("console:signal_do", args=[id, verb]), said, follow=True).content.decode()

    assert "Say in a few words" in post(sleepers.id, "useless", words=" ")
    assert queries.signal(sleepers.id).state is State.OPEN
    assert "larger and surer" in post(sleepers.id, "useless", words="known")
    assert queries.signal(sleepers.id).words == "known"
    assert "Choose a day to come" in post(broke.id, "snooze", until="soon")
    post(broke.id, "snooze", until=str(DAY + timedelta(days=9)))
    assert not queries.inbox("acme", at=MORNING)
    assert "Somebody else has settled" in post(sleepers.id, "useful")


def test_whoever_only_sees_numbers_decides_nothing(raised, analyst: Client):
    page = analyst.get(reverse("console:signals")).content.decode()
    answer = analyst.post(reverse("console:signal_do", args=[raised[0].id, "useful"]))

    assert "Make a play of it" not in page
    assert answer.status_code == 403
    assert queries.signal(raised[0].id).state is State.OPEN


def test_a_signal_of_another_shop_is_not_there(raised, manager: Client):
    a_shop("other")

    assert manager.get(reverse("console:signal", args=[raised[0].id]), {"shop": "other"}).status_code == 404
    assert manager.get(reverse("console:signal", args=[uuid4()])).status_code == 404


def test_risks_are_adopted_written_down_and_taken_out(lake_folder, manager: Client):
    a_shop()
    owner = manager.get(reverse("console:risks")).context["owners"][0].value

    manager.post(reverse("console:risk_add"), {"ready": "price_war", "owner": owner})
    own = {"name": "Rain", "metric": "gmv_paid", "comparison": "below", "threshold": "1000.50", "days": "2"}
    manager.post(reverse("console:risk_add"), own | {"owner": owner, "playbook": "Umbrellas."})
    refused = manager.post(reverse("console:risk_add"), own | {"owner": owner, "playbook": ""}, follow=True)

    adopted, rain = queries.risks("acme")
    assert (adopted.ready, adopted.trigger) == ("price_war", READY[3].trigger)
    assert (rain.trigger.threshold, rain.trigger.days, str(rain.owner)) == (100_050, 2, owner)
    assert "Write down what is then to be done." in refused.content.decode()
    manager.post(reverse("console:risk_drop", args=[rain.id]))
    assert [one.name for one in queries.risks("acme")] == [adopted.name]


def test_a_risk_is_changed_and_what_it_was_is_kept(lake_folder, manager: Client):
    a_shop()
    owner = manager.get(reverse("console:risks")).context["owners"][0].value
    form = {"name": "Rain", "metric": "gmv_paid", "comparison": "below", "threshold": "1000.50", "days": "2"}
    form |= {"playbook": "Umbrellas."}
    manager.post(reverse("console:risk_add"), form | {"owner": owner})
    (risk,) = queries.risks("acme")
    page = reverse("console:risk", args=[risk.id])

    shown = manager.get(page).context["form"]
    manager.post(page, form | {"owner": owner, "version": "1", "name": "Hail", "threshold": "20"})
    late = manager.post(page, form | {"owner": owner, "version": "1", "playbook": "Roofs."})
    empty = manager.post(page, form | {"owner": owner, "version": "2", "playbook": " "})

    (now,) = queries.risks("acme")
    assert shown == form
    assert (now.name, now.trigger.threshold, now.playbook, now.version) == ("Hail", 2_000, "Umbrellas.", 2)
    assert [(one.risk.name, one.risk.trigger.threshold) for one in queries.was(risk.id)] == [("Rain", 100_050)]
    assert (late.status_code, empty.status_code) == (409, 409)
    assert "Roofs." in late.content.decode()
    assert "Write down what is then to be done." in empty.content.decode()
    manager.post(reverse("console:risk_drop", args=[risk.id]))
    assert "Hail" in manager.get(reverse("console:risks")).content.decode()


def test_a_risk_of_another_shop_cannot_be_changed(lake_folder, manager: Client):
    a_shop()
    a_shop("other")
    risk = actions.keep_risk(shop="other", name="Rain", trigger=READY[3].trigger, owner=1, playbook="A", by=ANN)

    assert manager.get(reverse("console:risk", args=[risk]), {"shop": "acme"}).status_code == 404
    assert manager.get(reverse("console:risk", args=[uuid4()])).status_code == 404


@pytest.mark.parametrize(
    ("metric", "comparison", "said", "kept"),
    [
        ("refund_rate", "above", "5", 50_000),
        ("refund_rate", "up_by", "50%", 5_000),
        ("orders_paid", "below", "20", 20),
    ],
)
def test_a_threshold_is_said_as_the_number_is_read(lake_folder, manager: Client, metric, comparison, said, kept):
    a_shop()
    owner = manager.get(reverse("console:risks")).context["owners"][0].value
    form = {"name": "A", "metric": metric, "comparison": comparison, "threshold": said, "days": "1", "playbook": "B"}

    manager.post(reverse("console:risk_add"), form | {"owner": owner})

    assert queries.risks("acme")[0].trigger.threshold == kept


def test_every_detector_move_and_ready_made_risk_has_words():
    assert set(signal_words.MOVES) == set(Move)
    assert set(signal_words.RISKS) == {one.key for one in READY}
    assert all(one.trigger.metric in METRICS for one in READY)
    unknown = Evidence(what="new_thing", numbers={"units": 1_200}, page="stock", query="")
    assert signal_words.sentence(unknown, "CNY") == "new thing, units 1,200"


@pytest.mark.parametrize(
    ("confidence", "said"), [(1.0, "almost certain"), (0.96, "very likely"), (0.9, "likely"), (0.7, "perhaps")]
)
def test_how_sure_is_said_in_words(confidence, said):
    assert signal_words.sure(confidence) == said
