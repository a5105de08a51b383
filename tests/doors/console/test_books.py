"""The badge of the books: on the cockpit, on a page of its own, on the page of the system."""

from __future__ import annotations

import pytest

from tests.doors.console.conftest import WEEK
from tests.doors.console.test_cockpit import text_of
from zhanggui.base import clock
from zhanggui.base.accounts.rules import Role
from zhanggui.base.audit import ports
from zhanggui.base.audit.models import Run
from zhanggui.doors.console import book_words

pytestmark = pytest.mark.django_db


@pytest.fixture
def added_up(acme) -> None:
    """All books were added up a moment ago, and agreed."""
    for name in ports.audits:
        Run.objects.create(name=name, ended_at=clock.now(), took_ms=3, found=0)


def test_books_that_were_never_added_up_say_so(acme, owner):
    assert "Books not added up yet" in text_of(owner.get(f"/console/?{WEEK}"))
    assert "Some books were never added up" in text_of(owner.get("/console/books/"))


def test_books_that_agree_say_since_when(added_up, owner):
    assert "Books agree to the cent" in text_of(owner.get(f"/console/?{WEEK}"))
    assert "All books agree" in text_of(owner.get("/console/books/"))


def test_books_that_differ_are_named_with_what_was_found(added_up, signed_in):
    Run.objects.filter(name="lake").update(found=1, examples=["order 7: shop says 100, lake says 90"])
    analyst = signed_in(Role.ANALYST)
    cockpit = analyst.get(f"/console/?{WEEK}")
    assert "Books differ: Orders in the lake against orders in the shop" in text_of(cockpit)
    assert 'href="/console/books/?' in cockpit.content.decode()
    page = text_of(analyst.get("/console/books/"))
    assert "1 of the books does not agree" in page
    assert "order 7: shop says 100, lake says 90" in page
    assert "order 7" in text_of(signed_in(Role.OWNER).get("/console/system/"))


def test_only_who_mends_may_start_the_adding_up(added_up, owner, signed_in):
    assert signed_in(Role.ANALYST).post("/console/books/add-up/").status_code == 403
    answer = owner.post("/console/books/add-up/", follow=True)
    assert "The worker adds everything up now" in text_of(answer)
    assert owner.post("/console/books/add-up/").status_code == 302


def test_all_books_have_words():
    assert set(ports.audits) == set(book_words.NAMES)
