"""The document: whole, readable without a network, and true: what it says, the API does."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as terms
from hypothesis.errors import Unsatisfiable
from pytest_django.fixtures import Settings
from schemathesis.checks import CHECKS
from schemathesis.config import SchemathesisConfig

from tests.doors.api.caller import ADDRESS, Caller, an_order_of, sign_in
from tests.doors.api.conftest import a_shopper, an_office
from tests.doors.api.test_opinions import had
from tests.growth.flash.made import a_pick, a_sale
from tests.growth.presale.made import a_presale
from tests.growth.promotions.made import a_batch
from tests.growth.teams.made import an_offer
from tests.shop import made
from tests.strength import examples
from zhanggui.base import ids
from zhanggui.base.accounts.rules import Right
from zhanggui.doors.api import brake
from zhanggui.doors.api.document import document
from zhanggui.growth.membership import actions as membership
from zhanggui.growth.membership.rules.rewards import Kind, Reward
from zhanggui.shop.catalogue.rules import Words
from zhanggui.shop.checkout.rules import Placed
from zhanggui.shop.customers.models import Customer
from zhanggui.shop.fulfilment import actions as fulfilment
from zhanggui.shop.fulfilment import queries as parcels
from zhanggui.shop.orders import queries as books
from zhanggui.shop.payments import actions as payments
from zhanggui.spine.log.rules import Trail

# Of what is allowed and of what is not; most of the latter is turned away for the same few reasons.
MOST_EXAMPLES = {
    schemathesis.GenerationMode.POSITIVE: min(examples(3), 20),
    schemathesis.GenerationMode.NEGATIVE: min(examples(2), 20),
}


def test_the_document_says_version_three_one_and_every_change_wants_a_key() -> None:
    said = document()
    assert said["openapi"].startswith("3.1")
    free = {"/api/shop/visitors", "/api/shop/quote", "/api/shop/gift-card"}
    for path, methods in said["paths"].items():
        for method, operation in methods.items():
            is_keyed = any(each["name"] == "Idempotency-Key" for each in operation["parameters"])
            assert is_keyed == (method in ("post", "put") and path not in free), (method, path)
            assert operation["description"], (method, path)


@pytest.mark.django_db
def test_the_document_is_there_for_programs_and_for_people() -> None:
    program = Caller("")
    assert json.loads(program.get("/api/openapi.json").content) == json.loads(json.dumps(document()))
    page = program.get("/api/").content.decode()
    assert "/api/shop/orders" in page
    assert "<script" not in page
    assert "http" not in page.replace("http://127.0.0.1:8000", "")


@pytest.mark.django_db
@pytest.mark.parametrize("surface", ["shop", "office"])
def test_nothing_in_the_document_fails(surface: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every operation is called with values that the document allows and with some that it does not."""
    made_shop(settings)
    for what in brake.PER_MINUTE:
        monkeypatch.setitem(brake.PER_MINUTE, what, 1_000_000)
    shopper, known = a_customer()
    caller = shopper if surface == "shop" else an_office(*_ALL)
    answers: Counter[int] = Counter()
    called = 0
    for operation in _operations(surface):
        # Whoever is signed in stays so.
        who = a_shopper() if "Signing in" in operation.definition.raw["tags"] else caller
        _try(operation, who, known, answers)
        called += 1
    paths = document()["paths"].items()
    assert called == sum(len(methods) for path, methods in paths if path.startswith(f"/api/{surface}/"))
    assert answers[200] > called, answers


_ALL = (Right.RUN_SHOP, Right.SEE_PEOPLE, Right.GIVE_FREELY)


def made_shop(settings: Settings) -> None:
    settings.OWN_SHOP = made.SHOP
    settings.API_CALLS_PER_SECOND = 1_000_000
    made.a_shop()
    made.a_product("CUP")
    membership.open_membership(shop=made.SHOP)


def a_campaign(shopper: Caller) -> dict[str, str]:
    """Something of everything that growth offers, and what of it the shopper has; what stands where in addresses."""
    made.a_product("BOWL")
    reward = Reward(id=ids.uuid7(), kind=Kind.CLASS, title=Words(zh="茶课", en="Tea class"), points=1, most_each=3)
    membership.put_reward(shop=made.SHOP, reward=reward)
    person = str(Customer.objects.get(account_id__isnull=False).visitor_id)
    giving = {"reason": "for the test", "idempotency_key": "points", "trail": Trail(shop=made.SHOP, person=person)}
    membership.give_by_hand(person=person, points=1000, by=made.CLERK, **giving)
    presale = str(a_presale(sku="BOWL", quantity=5))
    said = {"units": 1, "first": {"minor": 5000, "currency": "CNY"}, "address": ADDRESS, "has_agreed": True}
    reserved = shopper.post(f"/api/shop/presales/{presale}/reservations", said | {"provider": "sandbox"}).json()
    offer = str(an_offer("POT", per_person=9).id)
    return {
        "centre/{batch}": a_batch(per_person=9),
        "flash-sales/{id}": a_sale(a_pick("BOWL", units=1), entries=5),
        "presales/{id}": presale,
        "reservations/{id}": reserved["reservation"],
        "team-offers/{id}": offer,
        "teams/{code}": shopper.post(f"/api/shop/team-offers/{offer}/teams", {}).json()["code"],
        "rewards/{id}": str(reward.id),
        "redemptions/{number}": shopper.post(f"/api/shop/rewards/{reward.id}/redemptions", {}).json()["number"],
    }


def a_customer() -> tuple[Caller, dict[str, str]]:
    """Somebody signed in who bought, reviewed, asked and gave back; and what stands where in addresses, by its path."""
    guest = a_shopper()
    waiting, had_one = a_paid_order(guest), had(guest)
    shopper = sign_in(guest)
    shopper.post(f"/api/shop/orders/{had_one}/lines/1/review", {"rating": 5, "words": "good"})
    shopper.post("/api/shop/products/CUP/questions", {"words": "why?"})
    said = {"lines": [{"position": 1, "units": 1}], "reason": "faulty"}
    returned = shopper.post(f"/api/shop/orders/{had_one}/returns", said).json()["return_number"]
    (parcel,) = parcels.parcels(waiting)
    (review,) = shopper.get("/api/shop/reviews").json()
    (question,) = shopper.get("/api/shop/products/CUP/questions").json()["items"]
    return shopper, {
        "orders/{number}": waiting,
        "returns/{number}": returned,
        "parcels/{id}": str(parcel.id),
        "reviews/{id}": review["id"],
        "questions/{id}": question["id"],
        "customers/{id}": str(books.order_by_number(had_one).customer_id),
        "{sku}": "CUP",
        "{handle}": "cup",
        **a_campaign(shopper),
    }


class Front(WSGIHandler):
    """The whole program as a web server calls it, but on the test's own connection to the database."""

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:  # type: ignore[override]
        response = self.get_response(WSGIRequest(environ))
        start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
        return [b"".join(response)]


def a_paid_order(shopper: Caller) -> str:
    """An order whose money has come in and whose parcel waits."""
    said = an_order_of(shopper, quantity=2).json()
    placed = Placed(order_number=said["order_number"], payment_id=said["payment_id"])
    payments.settle(shop=made.SHOP, provider="sandbox", message=made.a_message(placed, amount=2 * 5990 + 1200))
    fulfilment.plan(order_number=placed.order_number, cause=ids.uuid7())
    return placed.order_number


def _operations(surface: str) -> list[Any]:
    config = SchemathesisConfig.from_dict({"seed": 7})
    schema = schemathesis.openapi.from_dict(document(), config=config)
    schema.app = Front()
    found = [each.ok() for each in schema.get_all_operations()]
    return [each for each in found if each.path.startswith(f"/api/{surface}/")]


def _try(operation: Any, caller: Caller, known: dict[str, str], answers: Counter[int]) -> None:
    checks = [CHECKS.get_one(name) for name in _CHECKS]

    def call(case: Any) -> None:
        headers = {"Authorization": f"Bearer {caller.token}", "Accept-Language": "en"}
        if mode is schemathesis.GenerationMode.POSITIVE:
            case.path_parameters |= {
                place.rpartition("{")[2].rstrip("}"): value for place, value in known.items() if place in operation.path
            }
        response = case.call(headers=headers)
        answers[response.status_code] += 1
        case.validate_response(response, checks=checks)

    for mode in schemathesis.GenerationMode:
        try:
            _terms(MOST_EXAMPLES[mode])(given(case=operation.as_strategy(generation_mode=mode))(call))()
        except Unsatisfiable:  # where nothing is sent nothing can be wrong
            assert mode is schemathesis.GenerationMode.NEGATIVE


def _terms(most: int) -> terms:
    return terms(
        max_examples=most,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


_CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)
