"""The risk register: what is changed is kept as it was, by the database, however many change it at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from tests.insight.metrics.events import a_shop
from tests.steer.signals.findings import ANN
from zhanggui.base.operation.rules import operator
from zhanggui.steer.signals import actions, models, queries
from zhanggui.steer.signals.errors import NoSuchRisk, RiskChanged, RiskKnown, RiskUnfit
from zhanggui.steer.signals.rules import Comparison, Trigger

RAIN = Trigger(metric="gmv_paid", comparison=Comparison.BELOW, threshold=100_000, days=2)


def a_risk(name: str = "Rain") -> UUID:
    return actions.keep_risk(shop="acme", name=name, trigger=RAIN, owner=7, playbook="Umbrellas.", by=ANN)


def change(id: UUID, *, version: int = 1, name: str = "Rain", playbook: str = "Roofs.") -> None:
    actions.change_risk(id=id, version=version, name=name, trigger=RAIN, owner=8, playbook=playbook, by=operator("8"))


@pytest.mark.django_db
def test_a_changed_risk_keeps_what_it_was_and_who_changed_it():
    a_shop()
    id = a_risk()

    change(id)
    change(id, version=2)  # the same once more

    risk = queries.risk(id)
    assert (risk.owner, risk.playbook, risk.version) == (8, "Roofs.", 2)
    (was,) = queries.was(id)
    assert (was.risk.owner, was.risk.playbook, was.risk.version, was.by) == (7, "Umbrellas.", 1, "operator:8")


@pytest.mark.django_db
def test_what_is_refused_changes_nothing():
    a_shop()
    id, _ = a_risk(), a_risk("Snow")

    with pytest.raises(RiskChanged):
        change(id, version=3)
    with pytest.raises(RiskKnown):
        change(id, name="Snow")
    with pytest.raises(RiskUnfit):
        change(id, playbook=" ")
    with pytest.raises(NoSuchRisk):
        change(uuid4())

    assert (queries.risk(id).version, queries.risk(id).playbook, queries.was(id)) == (1, "Umbrellas.", ())


@pytest.mark.django_db
def test_what_a_risk_was_outlives_it_and_cannot_be_changed():
    a_shop()
    id = a_risk()

    actions.drop(id=id, by=ANN)

    (gone,) = queries.dropped("acme", limit=9)
    assert (gone.risk.id, gone.risk.name, gone.is_dropped) == (id, "Rain", True)
    with pytest.raises(IntegrityError), transaction.atomic():
        models.WasRisk.objects.update(name="Sun")
    with pytest.raises(IntegrityError), transaction.atomic():
        models.WasRisk.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_of_those_who_change_a_risk_at_once_one_does():
    a_shop()
    id, together = a_risk(), Barrier(4)

    def tries(n: int) -> bool:
        together.wait()
        try:
            change(id, playbook=f"Plan {n}.")
        except RiskChanged:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as pool:
        won = list(pool.map(tries, range(4)))

    assert sum(won) == 1
    assert queries.risk(id).playbook == f"Plan {won.index(True)}."
    assert [one.risk.playbook for one in queries.was(id)] == ["Umbrellas."]
