"""Funnels, cohorts and segments at the console: what is counted is shown, and the people behind it can be kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from tests.doors.console.conftest import WEEK
from tests.insight.metrics.events import an_event, remember
from tests.shop.made import statements
from zhanggui.base.accounts.rules import Role
from zhanggui.base.shops.rules import Shop
from zhanggui.insight.segments import queries as segments

pytestmark = pytest.mark.usefixtures("acme", "at_noon")

STEPS = "event.1=Page&event.2=Product+Viewed&event.3=Product+Added"


def shown(client: Client, address: str) -> str:
    answer = client.get(f"/console/{address}{'&' if '?' in address else '?'}{WEEK}")
    assert answer.status_code == 200, answer.status_code
    return unescape(answer.content.decode())


def links_to_people(text: str) -> list[str]:
    return re.findall(r'href="(/console/segments/new/[^"]+)"', text)


def test_a_funnel_shows_people_shares_and_whom_it_lost(owner: Client) -> None:
    text = shown(owner, f"funnel/?{STEPS}")
    assert "33.3% of 3 went all the way" in text
    assert re.findall(r"(?<=>)\d+(?=</a></td>)", text) == ["3", "2", "1", "1", "1"]
    assert "1 h 0 min" in text
    assert 'value="Product Added" selected' in text


def test_without_steps_the_funnel_is_that_of_a_purchase_as_far_as_it_happened(owner: Client) -> None:
    text = shown(owner, "funnel/")
    names = re.findall(r'<span class="stair-of">([^<]+)</span></p>', text)
    assert names == ["Page viewed", "Product viewed", "Put into the cart", "Order placed", "Payment settled"]


def test_a_funnel_of_one_step_says_what_is_missing(owner: Client) -> None:
    assert "Name at least two" in shown(owner, "funnel/?event.1=Page")


def test_a_funnel_is_split_and_exported_as_it_is_seen(owner: Client) -> None:
    text = shown(owner, f"funnel/?{STEPS}&by=device")
    assert "By Device" in text
    lines = shown(owner, f"funnel/table.csv?{STEPS}&by=device").splitlines()
    assert lines[1].startswith("All,Page viewed,3,1.000000,,")
    assert [line for line in lines if line.startswith("Phone")] == [
        "Phone,Page viewed,1,1.000000,,,,,,",
        "Phone,Product viewed,1,1.000000,1.000000,,,,,",
        "Phone,Put into the cart,1,1.000000,1.000000,,,,,",
    ]
    book = owner.get(f"/console/funnel/table.xlsx?{WEEK}&{STEPS}")
    assert book.content.startswith(b"PK")


def test_people_lost_in_a_funnel_become_a_segment(owner: Client) -> None:
    *_, lost = links_to_people(shown(owner, f"funnel/?{STEPS}"))
    page = owner.get(lost).content.decode()
    assert "1 person" in page
    assert "Came as far as “Product viewed” and not to “Put into the cart”" in unescape(page)
    terms = unescape(re.search(r'name="terms" value="([^"]+)"', page)[1])
    form = {"kind": "funnel_step", "terms": terms, "name": "Left the cart empty", "way": "frozen"}
    answer = owner.post(f"/console/segments/new/?{WEEK}", form, follow=True)
    assert "…" not in answer.content.decode().split("<code>")[1].split("</code>")[0]
    (one,) = segments.segments("acme")
    assert (one.name, one.people, segments.members(one.id, one.made_at)) == ("Left the cart empty", 1, ("bob",))
    again = owner.post(f"/console/segments/new/?{WEEK}", form | {"name": "left the CART empty"}, follow=True)
    assert "called that already" in again.content.decode()
    assert "Left the cart empty" in shown(owner, "segments/")


def test_a_segment_is_renamed_frozen_and_let_go(owner: Client) -> None:
    first, *_ = links_to_people(shown(owner, f"funnel/?{STEPS}"))
    terms = unescape(re.search(r'name="terms" value="([^"]+)"', owner.get(first).content.decode())[1])
    owner.post(f"/console/segments/new/?{WEEK}", {"kind": "funnel_step", "terms": terms, "name": "Came"})
    (one,) = segments.segments("acme")
    at = f"/console/segments/{one.id}/"
    assert one.is_live
    owner.post(f"{at}rename/?{WEEK}", {"name": "Visitors"})
    owner.post(f"{at}freeze/?{WEEK}")
    kept = segments.segment(one.id)
    assert (kept.name, kept.people) == ("Visitors", 3)
    assert "Tick the box" in owner.post(f"{at}forget/?{WEEK}", follow=True).content.decode()
    owner.post(f"{at}forget/?{WEEK}", {"sure": "1"})
    assert segments.segments("acme") == ()
    assert owner.get(f"{at}?{WEEK}").status_code == 404


@pytest.mark.parametrize(
    "asked",
    ["kind=by_moon&terms={}", "kind=funnel_step&terms={}", "kind=funnel_step&terms=[", "kind=cohort_cell&terms=1"],
)
def test_people_whom_nobody_can_find_are_no_page(owner: Client, asked: str) -> None:
    assert owner.get(f"/console/segments/new/?{WEEK}&{asked}").status_code == 404


def test_retention_shows_cohorts_head_figures_and_opens_the_people_of_a_cell(owner: Client) -> None:
    text = shown(owner, "retention/?step=day")
    assert "66.7%" in text
    assert "2 of 3" in text
    answer = owner.get(f"/console/retention/cell/?{WEEK}&step=day&cell=2026-05-01.1", follow=True)
    page = unescape(answer.content.decode())
    assert "2 people" in page
    assert "Who came for the first time · May 1, 2026 · Day 1: did come again" in page


@pytest.mark.parametrize("cell", ["2026-04-01.1", "x.1", ".99", ".x", "2026-05-01.9999"])
def test_a_cell_that_is_not_in_the_table_is_no_page(owner: Client, cell: str) -> None:
    assert owner.get(f"/console/retention/cell/?{WEEK}&step=day&cell={cell}").status_code == 404


def test_repurchase_cohorts_show_what_a_buyer_paid(owner: Client) -> None:
    asked = "begin=first_order&back=order&step=day"
    assert "CN¥12.00" in shown(owner, f"retention/?{asked}&show=money")
    lines = shown(owner, f"retention/table.csv?{asked}&show=money").splitlines()
    assert [line.split(",")[:3] for line in lines if "May 2" in line] == [['"May 2', ' 2026"', "1"]]
    assert "12.00" in next(line for line in lines if "May 2" in line)


def test_an_event_that_is_not_named_is_asked_for(owner: Client) -> None:
    assert "Say which event" in shown(owner, "retention/?begin=first_event")


def test_the_way_to_buying_again_is_one_click_away(owner: Client) -> None:
    address = unescape(
        re.search(r'href="([^"]+)">From the first contact', owner.get(f"/console/funnel/?{WEEK}").content.decode())[1]
    )
    text = unescape(owner.get(address).content.decode())
    names = re.findall(r'<span class="stair-of">([^<]+)</span></p>', text)
    assert names == ["Page viewed", "Product viewed", "Put into the cart", "Payment settled", "Payment settled"]
    assert re.findall(r"(?<=>)\d+(?=</a></td>)", text)[-2:] == ["1", "1"]


def test_paths_show_ways_stays_and_their_people(owner: Client) -> None:
    text = shown(owner, "paths/")
    assert "Home page" in text
    page = unescape(owner.get(links_to_people(text)[0]).content.decode())
    assert "Took the way Home page" in page
    assert "3 people" in page
    lines = shown(owner, "paths/paths.csv").splitlines()
    assert lines[1].endswith(",3,1.000000")
    assert shown(owner, "paths/stays.csv").splitlines()[1].startswith("/,")
    assert owner.get(f"/console/paths/other.csv?{WEEK}").status_code == 404
    assert owner.get(f"/console/paths/?{WEEK}&places=99").status_code == 404


def test_devices_show_what_people_come_and_order_with(owner: Client) -> None:
    text = shown(owner, "devices/")
    assert "0.0% of orders are placed with another device" in text
    page = unescape(owner.get(links_to_people(text)[0]).content.decode())
    assert "Came with Desktop and nothing else" in page
    assert "2 people" in page
    assert "Phone → Phone" in shown(owner, "devices/table.csv")


@pytest.mark.parametrize("address", ["funnel/", "retention/", "paths/", "devices/", "segments/"])
def test_the_pages_are_for_those_who_may_see_numbers_and_ask_little(
    signed_in: Callable[..., Client], owner: Client, acme: Shop, address: str
) -> None:
    assert signed_in(Role.CLERK).get(f"/console/{address}?{WEEK}").status_code == 403
    shown(owner, address)
    with statements() as sent:
        shown(owner, address)
    assert len(sent) <= 12, sent


def test_filters_apply_where_they_can_and_are_said_where_they_cannot(owner: Client) -> None:
    assert "Desktop" in shown(owner, "devices/")
    only = shown(owner, "devices/?device=phone")
    assert "Desktop" not in only[only.index("What people come with") :]
    page = unescape(owner.get(links_to_people(only)[0]).content.decode())
    assert "Device is Phone" in page
    assert "1 person" in page
    everybody = shown(owner, "retention/table.csv").splitlines()[1].split(",")[1]
    on_phones = shown(owner, "retention/table.csv?device=phone").splitlines()[1].split(",")[1]
    assert int(on_phones) < int(everybody)
    assert "The filter by Product does not apply here" in shown(owner, "retention/?sku=tea")
    assert "does not apply here" not in shown(owner, "retention/?device=phone")
    stays = shown(owner, "paths/stays.csv?device=phone").splitlines()[1].split(",")
    assert int(stays[1]) < int(shown(owner, "paths/stays.csv").splitlines()[1].split(",")[1])
    assert "The filter by Campaign does not apply here" in shown(owner, "paths/?campaign=spring")
    assert "The filter by Campaign does not apply here" in shown(owner, f"funnel/?{STEPS}&campaign=spring")


def test_people_of_a_named_period_may_slide_and_those_of_chosen_dates_do_not(owner: Client) -> None:
    fixed = links_to_people(shown(owner, f"funnel/?{STEPS}"))[0]
    assert 'value="sliding"' not in owner.get(fixed).content.decode()
    named = unescape(owner.get(f"/console/funnel/?shop=acme&period=7d&{STEPS}").content.decode())
    address = links_to_people(named)[0]
    form = unescape(owner.get(address).content.decode())
    assert "always in the days that are “Last 7 days” then" in form
    terms = re.search(r"name=\"terms\" value=\"(.*?)\">", owner.get(address).content.decode())[1]
    posted = {"kind": "funnel_step", "terms": unescape(terms), "name": "came lately", "way": "sliding"}
    page = owner.post(address.partition("&kind=")[0], posted, follow=True).content.decode()
    assert "sliding: Last 7 days" in unescape(page)
    (kept,) = segments.segments("acme")
    assert kept.source.slides == "7d"


def test_blocks_without_any_say_what_would_fill_them(owner: Client) -> None:
    assert "No visit told what was in view in this period" in shown(owner, "blocks/")
    assert shown(owner, "blocks/table.csv").startswith("\ufeffPage,Block,did: Visits")
    assert "The filter by Channel does not apply here" in shown(owner, "blocks/?channel=email")


def test_blocks_show_what_those_looked_at_who_put_something_into_the_cart(owner: Client, acme: Shop) -> None:
    seen = {"blocks": [{"block": "scene-1", "ms": 4200}]}
    fields = {"person": "ann", "session": "s/ann", "page": "/p/tea/", "device": "phone"}
    remember(acme, an_event("Blocks Viewed", "2026-05-01T04:00", body=seen, **fields))
    text = shown(owner, "blocks/?page=/p/tea/")
    assert "Scene 1" in text
    assert "Visits that put something into the cart, against the others" in text
    assert shown(owner, "blocks/table.csv?page=/p/tea/").splitlines()[1] == "/p/tea/,scene-1,1,1,4.2,0,0,"
    assert ",0,0,,1,1,4.2" in shown(owner, "blocks/table.csv?page=/p/tea/&deed=ordered")


@pytest.mark.parametrize("kind", ["left_cart", "birthday", "asleep", "balance_open"])
def test_people_of_an_occasion_are_looked_at_and_kept(owner: Client, kind: str) -> None:
    form = re.search(
        rf'(?s)<form class="occasion"[^>]*>(?:(?!</form>).)*value="{kind}".*?</form>', shown(owner, "segments/")
    )
    number = re.search(r'name="n" required min="\d+" max="\d+" value="(\d+)"', form[0])
    asked = f"kind={kind}" + (f"&n={number[1]}" if number else "")
    page = owner.get(f"/console/segments/new/?{WEEK}&{asked}").content.decode()
    terms = unescape(re.search(r'name="terms" value="([^"]+)"', page)[1])
    owner.post(f"/console/segments/new/?{WEEK}", {"kind": kind, "terms": terms, "name": "Kept", "way": "live"})
    (one,) = segments.segments("acme")
    assert (one.source.kind, one.source.terms) == (kind, {"n": int(number[1]) if number else 0})
    assert "Kept" in shown(owner, "segments/")


@pytest.mark.parametrize("asked", ["kind=left_cart&n=999", "kind=left_cart&n=-1", "kind=birthday&n=x"])
def test_an_occasion_out_of_its_bounds_is_no_page(owner: Client, asked: str) -> None:
    assert owner.get(f"/console/segments/new/?{WEEK}&{asked}").status_code == 404
