"""The links in a letter: into the shop, and to no more letters."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from tests.growth.messages.conftest import carried
from tests.growth.messages.made import WORDS, a_person, planned
from tests.shop.conftest import wait
from tests.shop.made import SHOP, a_shop, statements
from zhanggui.base.outbox.models import Letter
from zhanggui.growth.messages import actions, models
from zhanggui.shop.customers import queries as customers
from zhanggui.shop.customers.rules import Purpose
from zhanggui.spine.log.models import Entry

__all__ = ["carried", "wait"]
PAGE = "/cart/?utm_source=messages&utm_medium=email&utm_campaign=wake&utm_content=wake-2026-11"
A_PERSON = {"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)"}


@pytest.fixture
def lin(db: None, carried: None, wait: Callable[[timedelta], datetime], settings: Settings) -> str:
    """Somebody who got a letter a minute ago."""
    settings.OWN_SHOP = SHOP
    a_shop()
    person = a_person()
    planned([person])
    actions.send_due()
    wait(timedelta(minutes=1))
    return person


def link() -> str:
    """The link in the letter, as whoever reads it opens it."""
    found = re.search(r"https://tea\.example(/m/[^/\s]+/)\s", Letter.objects.get().words)
    assert found is not None
    return found[1]


def agrees(person: str) -> bool:
    return customers.reachable(SHOP, [person], Purpose.MARKETING_EMAIL)[person].agrees


def clicks() -> int:
    return Entry.objects.filter(name="growth.message_clicked").count()


def test_the_link_leads_to_its_page_with_marks_and_is_one_click(lin: str) -> None:
    browser = Client(headers=A_PERSON)
    with statements() as sent:
        answer = browser.get(link())
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    assert "no-store" in answer["Cache-Control"]
    assert len(sent) <= 5
    browser.get(link())
    assert (clicks(), models.Message.objects.get().clicked_at is not None) == (1, True)
    assert WORDS.path == "/cart/"


def test_the_visit_that_a_letter_led_to_is_of_its_campaign(lin: str) -> None:
    browser = Client(headers=A_PERSON)
    browser.get(link(), follow=True)
    browser.get("/cart/")
    kept = browser.get("/cart/").wsgi_request.visit.trail()  # type: ignore[attr-defined]
    assert (kept.channel, kept.campaign) == ("email", "wake")


def test_a_language_in_the_address_stays(lin: str) -> None:
    assert Client(headers=A_PERSON).get(f"/zh{link()}")["Location"] == f"/zh{PAGE}"


@pytest.mark.parametrize("agent", ["Mozilla/5.0 (compatible; SomeBot/1.0)", "python-httpx/0.28"])
def test_a_program_that_looks_through_mails_is_no_click(lin: str, agent: str) -> None:
    assert Client(headers={"User-Agent": agent}).get(link()).status_code == 302
    assert Client(headers=A_PERSON).head(link()).status_code == 302
    assert clicks() == 0


def test_a_link_that_is_none_of_ours_is_not_found(lin: str) -> None:
    browser = Client(headers=A_PERSON)
    assert browser.get("/m/nobody/").status_code == 404
    assert browser.get("/m/nobody/stop/").status_code == 404
    assert browser.post("/m/nobody/stop/").status_code == 404
    assert agrees(lin)


def test_no_more_letters_takes_one_press_without_signing_in(lin: str) -> None:
    browser = Client(headers={**A_PERSON, "Accept-Language": "en"}, enforce_csrf_checks=True)
    asked = browser.get(f"{link()}stop/").content.decode()
    assert "No more advertising by mail?" in asked
    assert agrees(lin)

    once, again = (browser.post(f"{link()}stop/", {"List-Unsubscribe": "One-Click"}) for _ in range(2))
    assert (once.status_code, again.status_code) == (200, 200)
    assert "You get no more advertising by mail" in again.content.decode()
    assert not agrees(lin)
    assert Entry.objects.filter(name="shop.consent_withdrawn").count() == 1


def test_the_address_in_the_header_is_that_of_the_page(lin: str) -> None:
    assert dict(Letter.objects.get().headers)["List-Unsubscribe"] == f"<https://tea.example{link()}stop/>"
