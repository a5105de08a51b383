"""Reviews and questions, as somebody of the shop reads and answers them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.shop import made
from tests.shop.made import statements
from tests.shop.reviews.made import a_review
from tests.worlds import made_once
from zhanggui.base.accounts.rules import Role
from zhanggui.shop.reviews import actions, models, queries
from zhanggui.shop.reviews.rules import State

pytestmark = pytest.mark.django_db
SignedIn = Callable[..., Client]
SHOP = f"?shop={made.SHOP}"
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
@made_once
def shelves(db: None, lake_folder: object) -> None:
    made.a_shop()
    made.a_product("CUP", units=20)


@pytest.fixture
def clerk(signed_in: SignedIn) -> Client:
    return signed_in(Role.CLERK)


def read(client: Client, address: str) -> str:
    answer = client.get(f"/console/{address}")
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def do(client: Client, address: str, **typed: object) -> str:
    answer = client.post(f"/console/{address}/{SHOP}", typed, follow=True)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_what_is_held_is_read_published_replied_to_and_hidden(clerk: Client) -> None:
    _, id = a_review(f"打我 13800138000 {SCRIPT}")
    seen = read(clerk, f"reviews/{SHOP}")
    assert "13800138000" in seen and SCRIPT not in seen

    do(clerk, "reviews/do/publish", review=str(id))
    do(clerk, f"reviews/{id}/reply", words="谢谢")
    (shown,) = queries.page(["CUP"]).reviews
    assert shown.reply is not None and shown.reply.words == "谢谢"

    do(clerk, "reviews/do/hide", review=str(id), fault="contact")
    assert (queries.page(["CUP"]).total, models.Review.objects.get().fault) == (0, "contact")


def test_many_are_decided_at_once_and_what_does_not_stand_so_is_said(clerk: Client) -> None:
    held = [a_review(f"看 www.x{n}.com")[1] for n in range(2)]
    _, open_one = a_review("好")
    said = do(clerk, "reviews/do/reject", review=[str(id) for id in (*held, open_one)], fault="advert")
    assert said
    states = set(models.Review.objects.values_list("pk", "state"))
    assert states == {(held[0], "rejected"), (held[1], "rejected"), (open_one, "published")}
    assert clerk.post(f"/console/reviews/do/hide/{SHOP}", {"review": "x"}).status_code == 404
    assert clerk.post(f"/console/reviews/do/burn/{SHOP}").status_code == 404


def test_a_file_of_the_reviews_starts_no_formula(clerk: Client, signed_in: Callable[..., Client]) -> None:
    a_review("\t＝HYPERLINK(1)")
    assert clerk.get(f"/console/reviews.csv{SHOP}").status_code == 403
    assert "reviews.csv" not in read(clerk, f"reviews/{SHOP}")
    manager = signed_in(Role.MANAGER)
    assert "reviews.csv" in read(manager, f"reviews/{SHOP}")
    answer = manager.get(f"/console/reviews.csv{SHOP}")
    text = b"".join(answer).decode()  # type: ignore[arg-type]
    assert ",'＝HYPERLINK(1)," in text or ",'\t＝HYPERLINK(1)," in text


def test_a_question_is_answered_and_taken_down(clerk: Client) -> None:
    actions.ask(sku="CUP", words=f"好吗 {SCRIPT}", author="", trail=made.a_walk())
    assert SCRIPT not in read(clerk, f"reviews/questions/{SHOP}")
    id = models.Question.objects.get().pk
    do(clerk, f"reviews/questions/{id}", words="好", to="answer")
    assert [one.words for one in queries.question(made.SHOP, id).answers] == ["好"]
    do(clerk, f"reviews/questions/{id}", to="hidden")
    assert models.Question.objects.get().state == State.HIDDEN


def test_a_shop_chooses_to_read_first(clerk: Client) -> None:
    do(clerk, "reviews/setting", is_read_first="1")
    assert queries.is_read_first(made.SHOP)


def test_the_numbers_and_the_queue_take_a_known_number_of_statements(clerk: Client) -> None:
    a_review(rating=1)
    read(clerk, f"reviews/{SHOP}&view=published")
    with statements() as one:
        read(clerk, f"reviews/{SHOP}&view=published")
    a_review(rating=2)
    a_review(rating=3)
    with statements() as three:
        read(clerk, f"reviews/{SHOP}&view=published")
    assert len(one) == len(three)
    assert "2.0" in read(clerk, f"reviews/numbers/{SHOP}")


def test_only_who_runs_the_shop_reads_them(signed_in: SignedIn) -> None:
    analyst = signed_in(Role.ANALYST)
    assert analyst.get(f"/console/reviews/{SHOP}").status_code == 403
