"""Reviews and questions through the API: who may write, what others read, what staff decide."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.base.test_pictures import PLACE, a_jpeg
from tests.doors.api.caller import Caller, an_order_of
from tests.doors.api.conftest import a_shopper
from tests.shop import made
from tests.shop.returns import arrived
from zhanggui.shop.checkout.rules import Placed
from zhanggui.shop.fulfilment import actions as fulfilment
from zhanggui.shop.fulfilment import queries as parcels
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.payments import actions as payments
from zhanggui.shop.reviews import actions, models

pytestmark = pytest.mark.django_db
Office = Callable[..., Caller]
SCRIPT = "</script><script>alert('x')</script>"


def had(shopper: Caller) -> str:
    """The number of an order of a cup that this shopper has paid and signed for."""
    said = an_order_of(shopper).json()
    placed = Placed(order_number=said["order_number"], payment_id=said["payment_id"])
    message = made.a_message(placed, amount=orders.order_by_number(placed.order_number).total.minor)
    payments.settle(shop=made.SHOP, provider="sandbox", message=message)
    arrived.sent(orders.order_by_number(placed.order_number))
    for parcel in parcels.parcels(placed.order_number):
        fulfilment.deliver(parcel_id=parcel.id, by=made.CLERK)
    return placed.order_number


def reviewed(shopper: Caller, words: str = "很好用", *, rating: int = 5) -> str:
    """The id of this shopper's newest review."""
    answer = shopper.post(f"/api/shop/orders/{had(shopper)}/lines/1/review", {"rating": rating, "words": words})
    assert answer.status_code == 201, answer.content
    return str(shopper.get("/api/shop/reviews").json()[0]["id"])


def test_who_bought_it_reviews_it_with_a_picture_and_everybody_reads_it(shopper: Caller) -> None:
    number = had(shopper)
    sent = shopper.upload("/api/shop/reviews/pictures", a_jpeg())
    assert sent.status_code == 201, sent.content
    said = {"rating": 4, "words": "很好 " + SCRIPT, "pictures": [sent.json()["picture"]]}
    written = shopper.post(f"/api/shop/orders/{number}/lines/1/review", said)
    assert (written.status_code, written.json()) == (201, {"state": "published"})

    answer = Caller("").get("/api/shop/products/CUP/reviews")
    found = answer.json()
    (review,) = found["items"]
    assert (review["words"], review["rating"], review["author"]) == ("很好 " + SCRIPT, 4, "林**")
    assert (found["mean"], found["by_rating"], found["total"], found["pictured"]) == ("4.00", [0, 0, 0, 1, 0], 1, 1)
    assert answer.headers["Content-Type"].startswith("application/json")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    picture = shopper.client.get(review["pictures"][0].partition(":8000")[2])
    assert PLACE not in b"".join(picture)  # type: ignore[arg-type]
    again = shopper.post(f"/api/shop/orders/{number}/lines/1/review", said | {"pictures": []})
    assert (again.status_code, again.json()["code"]) == (409, "already_reviewed")


def test_only_what_was_bought_and_has_arrived_is_reviewed(shopper: Caller) -> None:
    number, other = had(shopper), a_shopper()
    waiting = an_order_of(shopper).json()["order_number"]
    said = {"rating": 5, "words": "好"}
    for answer in (
        other.post(f"/api/shop/orders/{number}/lines/1/review", said),
        shopper.post(f"/api/shop/orders/{waiting}/lines/1/review", said),
        shopper.post(f"/api/shop/orders/{number}/lines/2/review", said),
        shopper.post("/api/shop/orders/none/lines/1/review", said),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "not_bought")
    assert not models.Review.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [{"rating": 6}, {"rating": 0}, {"words": ""}, {"words": "x" * 2001}, {"words": "a\0b"}, {"pictures": ["x"]}],
)
def test_what_does_not_fit_is_refused(shopper: Caller, wrong: dict[str, object]) -> None:
    said = {"rating": 5, "words": "好"} | wrong
    answer = shopper.post(f"/api/shop/orders/{had(shopper)}/lines/1/review", said)
    assert answer.status_code == 422
    assert not models.Review.objects.exists()


def test_a_picture_is_shown_by_who_sent_it_for_what_it_was_sent(shopper: Caller) -> None:
    number = had(shopper)
    other = a_shopper().upload("/api/shop/reviews/pictures", a_jpeg()).json()["picture"]
    for_a_return = shopper.upload("/api/shop/returns/pictures", a_jpeg()).json()["picture"]
    for word in (other, for_a_return):
        said = {"rating": 5, "words": "好", "pictures": [word]}
        answer = shopper.post(f"/api/shop/orders/{number}/lines/1/review", said)
        assert (answer.status_code, answer.json()["code"], answer.json()["data"]) == (
            422,
            "picture_unknown",
            {"place": 1},
        )


@pytest.mark.parametrize("path", ["/api/shop/reviews/pictures", "/api/shop/returns/pictures"])
def test_a_file_that_is_no_picture_or_too_large_is_refused(shopper: Caller, path: str) -> None:
    for body, status, code in (
        (b"<svg onload=alert(1)>", 422, "picture_not_allowed"),
        (b"\xff\xd8\xff" + b"x" * 10_000_000, 413, "too_large"),
    ):
        answer = shopper.upload(path, body)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    nameless = shopper.upload(path, a_jpeg(), field="other")
    assert (nameless.status_code, nameless.json()["code"]) == (422, "malformed")
    torn = shopper.client.generic(
        "POST",
        path,
        b"--x\r\nnonsense",
        content_type="multipart/form-data",
        headers={"Authorization": f"Bearer {shopper.token}", "Idempotency-Key": "k1"},
    )
    assert (torn.status_code, torn.json()["code"]) == (400, "not_multipart")


def test_the_same_upload_is_answered_the_same_and_another_is_refused(shopper: Caller) -> None:
    first, again = (shopper.upload("/api/shop/reviews/pictures", a_jpeg(), key="k1") for _ in range(2))
    other = shopper.upload("/api/shop/reviews/pictures", a_jpeg(turned=6), key="k1")
    assert (first.status_code, other.status_code, other.json()["code"]) == (201, 422, "key_misused")
    # The boundary of the form is another one each time; what is in it is the same.
    assert first.content == again.content


def test_reviews_are_read_in_parts_and_narrowed(shopper: Caller) -> None:
    words = [f"好 {n}" for n in range(12)]
    made_of = [reviewed(a_shopper(), said, rating=1 + n % 5) for n, said in enumerate(words[:3])]
    assert len(made_of) == 3
    row = models.Review.objects.first()
    assert row
    for said in words[3:]:
        row.pk, row.words, row.order_number = made.ids.uuid7(), said, ""
        row.line = None
        row.save(force_insert=True)
    program, seen, cursor = Caller(""), [], ""
    while True:
        part = program.get(f"/api/shop/products/CUP/reviews?cursor={cursor}").json()
        seen += [each["id"] for each in part["items"]]
        if not (cursor := part["next"]):
            break
    assert (len(seen), len(set(seen)), part["total"]) == (12, 12, 12)
    narrowed = program.get("/api/shop/products/CUP/reviews?stars=5&sort=useful").json()
    assert (narrowed["found"], narrowed["total"]) == (part["by_rating"][4], 12)


def test_the_mean_is_said_to_two_places(shopper: Caller) -> None:
    for rating in (4, 5, 5):
        reviewed(a_shopper(), rating=rating)
    assert shopper.get("/api/shop/products/CUP/reviews").json()["mean"] == "4.67"


def test_others_find_it_useful_and_report_it_once(shopper: Caller, office: Office) -> None:
    id, reader = reviewed(shopper), a_shopper()
    votes = [reader.post(f"/api/shop/reviews/{id}/useful", {}).json()["is_new"] for _ in range(2)]
    assert votes == [True, False]
    own = shopper.post(f"/api/shop/reviews/{id}/useful", {})
    assert (own.status_code, own.json()["code"]) == (403, "not_yours")
    assert reader.post(f"/api/shop/reviews/{id}/report", {"fault": "advert"}).json() == {"is_new": True}
    assert reader.post(f"/api/shop/reviews/{id}/report", {"fault": ""}).status_code == 422
    (waiting,) = office().get("/api/office/reviews").json()["items"]
    assert (waiting["id"], waiting["reports"], waiting["useful"]) == (id, 1, 1)


def test_a_held_review_waits_until_staff_let_it_through(shopper: Caller, office: Office) -> None:
    id, program = reviewed(shopper, "加我微信 abc12345"), office()
    assert shopper.get("/api/shop/reviews").json()[0]["state"] == "pending"
    assert shopper.get("/api/shop/products/CUP/reviews").json()["items"] == []
    assert program.get("/api/office/reviews").json()["items"][0]["held"] == "contact"

    assert program.post(f"/api/office/reviews/{id}/publish", {}).json()["state"] == "published"
    again = program.post(f"/api/office/reviews/{id}/publish", {})
    assert (again.status_code, again.json()["code"]) == (409, "not_decidable")
    replied = program.put(f"/api/office/reviews/{id}/reply", {"words": "谢谢"}).json()
    assert replied["reply"]["words"] == "谢谢"
    assert shopper.post(f"/api/shop/reviews/{id}/addition", {"words": "用了一个月"}).status_code == 201
    assert shopper.get("/api/shop/products/CUP/reviews").json()["items"][0]["added"]["words"] == "用了一个月"
    hidden = program.post(f"/api/office/reviews/{id}/hide", {"fault": "contact"}).json()
    assert (hidden["state"], hidden["fault"]) == ("hidden", "contact")
    assert shopper.get("/api/shop/products/CUP/reviews").json()["total"] == 0


def test_a_rejected_review_tells_its_writer_why(shopper: Caller, office: Office) -> None:
    id = reviewed(shopper, "www.spam.top")
    assert office().post(f"/api/office/reviews/{id}/reject", {"fault": "advert"}).status_code == 200
    (own,) = shopper.get("/api/shop/reviews").json()
    assert (own["state"], own["fault"]) == ("rejected", "advert")


def test_a_question_is_asked_and_answered_by_a_buyer_and_the_shop(shopper: Caller, office: Office) -> None:
    had(shopper)
    asker = a_shopper()
    assert asker.post("/api/shop/products/CUP/questions", {"words": "可以进洗碗机吗？"}).json() == {
        "state": "published"
    }
    (question,) = Caller("").get("/api/shop/products/CUP/questions").json()["items"]
    id = question["id"]
    strange = asker.post(f"/api/shop/questions/{id}/answers", {"words": "不知道"})
    assert (strange.status_code, strange.json()["code"]) == (403, "not_bought")
    assert shopper.post(f"/api/shop/questions/{id}/answers", {"words": "可以"}).status_code == 201
    twice = shopper.post(f"/api/shop/questions/{id}/answers", {"words": "可以"})
    assert (twice.status_code, twice.json()["code"]) == (409, "already_answered")

    program = office()
    (open_one,) = program.get("/api/office/questions").json()["items"]
    assert program.put(f"/api/office/questions/{id}/answer", {"words": "可以，上层。"}).status_code == 200
    said = Caller("").get(f"/api/shop/questions/{id}").json()["answers"]
    assert [(each["speaker"], each["words"]) for each in said] == [("shop", "可以，上层。"), ("buyer", "可以")]
    buyers = open_one["answers"][0]["id"]
    assert program.put(f"/api/office/answers/{buyers}/state", {"state": "hidden"}).status_code == 200
    assert len(Caller("").get(f"/api/shop/questions/{id}").json()["answers"]) == 1
    assert program.put(f"/api/office/questions/{id}/state", {"state": "hidden"}).status_code == 200
    gone = Caller("").get(f"/api/shop/questions/{id}")
    assert (gone.status_code, gone.json()["code"]) == (404, "no_such_question")


def test_questions_go_on_where_the_part_before_ended(shopper: Caller) -> None:
    for n in range(21):
        actions.ask(sku="CUP", words=f"问 {n}", author="", trail=made.a_walk())
    first = shopper.get("/api/shop/products/CUP/questions").json()
    second = shopper.get(f"/api/shop/products/CUP/questions?cursor={first['next']}").json()
    assert [each["words"] for each in first["items"]] == [f"问 {n}" for n in range(20, 0, -1)]
    assert ([each["words"] for each in second["items"]], second["next"]) == (["问 0"], "")


def test_the_office_of_another_shop_sees_and_decides_nothing(shopper: Caller, office: Office) -> None:
    id = reviewed(shopper)
    made.a_shop("other")
    stranger = office(shop="other")
    assert stranger.get("/api/office/reviews?view=published").json()["items"] == []
    assert stranger.post(f"/api/office/reviews/{id}/hide", {"fault": "abuse"}).status_code == 404
    assert shopper.get("/api/office/reviews").status_code == 401
