"""Boards in the console: what stands on them, with the way to what stands behind it; changing them; their mail."""

from __future__ import annotations

import re
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.test import Client

from tests.doors.console.conftest import WEEK
from tests.doors.console.test_cockpit import text_of
from tests.insight.metrics.events import a_shop, line, paid, remember
from zhanggui.base.accounts.models import Operator
from zhanggui.base.accounts.rules import Role
from zhanggui.base.operation.rules import operator
from zhanggui.base.outbox.models import Letter
from zhanggui.doors.console import mail_links
from zhanggui.insight.boards import actions, queries, rules
from zhanggui.insight.metrics.rules import METRICS, Filters

pytestmark = pytest.mark.django_db

TILES = [
    rules.asked("number", [("m", "gmv_paid")]),
    rules.asked("number", [("m", "uv")]),
    rules.asked("line", [("m", "gmv_paid")]),
    rules.asked("bars", [("m", "gmv_paid"), ("by", "region")]),
    rules.asked("question", [("m", "gmv_paid,buyers"), ("by", "region"), ("then", "device")]),
    rules.asked("funnel", []),
    rules.asked("retention", [], title="Who comes back"),
]


def test_a_sign_that_no_text_can_hold_is_seen_and_breaks_nothing(acme, owner):
    made = owner.post(f"/console/boards/new/?{WEEK}", {"name": "Mon\0day", "with": "usual"})

    assert made.status_code == 302
    assert "Mon\N{REPLACEMENT CHARACTER}day" in text_of(owner.get(made.url))
    assert owner.get(f"/console/orders/?{WEEK}&find=%00").status_code == 200


@pytest.fixture
def board(acme, owner) -> str:
    me = Operator.objects.get(email="owner@example.com")
    return actions.make(shop="acme", name="Tea", tiles=TILES, by=operator(str(me.pk)))


def tiles_of(response) -> list[str]:
    """The tiles as text, without charts."""
    html = re.sub(r"(?s)<script.*?</script>", "", response.content.decode())
    return [
        " ".join(re.sub(r"<[^>]+>", " ", part.split("</section>")[0]).split())
        for part in html.split('<section class="panel tile')[1:]
    ]


def test_every_tile_shows_what_its_own_page_would_say(board, owner):
    response = owner.get(f"/console/boards/{board}/?{WEEK}")
    found = tiles_of(response)

    assert len(found) == len(TILES)
    assert "CN¥75.00 ▲ +25.0% was CN¥60.00" in found[0]
    assert "Visitors" in found[1]
    assert "GMV paid by region" in found[3] and "north CN¥55.00" in found[3]
    assert "north CN¥55.00" in found[4] and "Phone CN¥55.00" in found[4]
    assert "Of the first step" in found[5]
    assert "Who comes back" in found[6]
    assert response.content.decode().count('data-chart="spec-') == 3


def test_every_figure_opens_what_stands_behind_it_and_says_what_it_means(board, owner):
    html = owner.get(f"/console/boards/{board}/?{WEEK}").content.decode().split('class="tiles')[1]

    links = {link.replace("&amp;", "&") for link in re.findall(r'href="(/console/[^"]+)"', html)}
    assert any("/console/orders/" in link for link in links)
    for link in links:
        assert owner.get(link).status_code == 200, link
    assert METRICS["gmv_paid"].formula in html


def test_the_filters_of_the_page_lie_on_top_of_those_of_a_tile(board, owner):
    me = Operator.objects.get(email="owner@example.com")
    north = rules.asked("number", [("m", "gmv_paid")], where=Filters(region=("north",)))
    actions.add(board_id=board, asked=north, by=operator(str(me.pk)))

    assert "CN¥55.00" in tiles_of(owner.get(f"/console/boards/{board}/?{WEEK}"))[-1]
    assert "Region is north" in tiles_of(owner.get(f"/console/boards/{board}/?{WEEK}"))[-1]
    south = tiles_of(owner.get(f"/console/boards/{board}/?{WEEK}&region=south"))
    assert "CN¥20.00" in south[0]
    assert "leave nothing of this tile" in south[-1]


def test_the_files_hold_every_tile(board, owner):
    xlsx = owner.get(f"/console/boards/{board}/table.xlsx?{WEEK}")
    book = ZipFile(BytesIO(xlsx.content))
    names = re.findall(r'<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode())
    assert len(names) == len(TILES)
    assert names[0] == "1 GMV paid" and names[-1] == "7 Who comes back"
    csv = owner.get(f"/console/boards/{board}/table.csv?{WEEK}").content.decode("utf-8-sig")
    assert csv.split("\r\n")[:3] == ["GMV paid", 'Number,"May 1, 2026 – May 7, 2026",Before', "GMV paid,75.00,60.00"]
    assert owner.get(f"/console/boards/{board}/table.pdf?{WEEK}").status_code == 404


def test_an_open_page_asks_again_only_when_something_changed(acme, board, owner, at_noon):
    page = f"/console/boards/{board}/?shop=acme&period=today&compare=none"
    first = owner.get(page)
    version = re.search(r'data-live="([^"]+)"', first.content.decode())[1]
    assert owner.get(page, headers={"X-Known": version}).status_code == 204

    remember(acme, paid("9", "2026-05-07T03:00", line("tea", 1, 12_300), person="z"))

    fresh = owner.get(page, headers={"X-Known": version})
    assert fresh.status_code == 200
    assert tiles_of(fresh)[0] != tiles_of(first)[0]
    actions.remove(
        board_id=board,
        tile_id=queries.tiles(board)[0].id,
        by=operator(str(Operator.objects.get(email="owner@example.com").pk)),
    )
    version = re.search(r'data-live="([^"]+)"', fresh.content.decode())[1]
    assert owner.get(page, headers={"X-Known": version}).status_code == 200


def test_the_page_costs_few_questions(board, owner, django_assert_max_num_queries):
    owner.get(f"/console/boards/{board}/?{WEEK}")
    # session, operator, shops, days; the board, the lake's version, the first page, the tiles; then what is kept asks
    # for the version once for each question, and the tiles of segments and funnels for theirs
    with django_assert_max_num_queries(24):
        owner.get(f"/console/boards/{board}/?{WEEK}")


def test_a_board_of_somebody_else_is_not_found_until_it_is_shared(board, owner, signed_in):
    analyst = signed_in(Role.ANALYST)
    assert analyst.get(f"/console/boards/{board}/?shop=acme").status_code == 404
    seen = queries.board(board, operator=Operator.objects.get(email="owner@example.com").pk).edition
    owner.post(f"/console/boards/{board}/do/describe/?shop=acme", {"name": "Tea", "shared": "1", "seen": str(seen)})
    assert analyst.get(f"/console/boards/{board}/?shop=acme").status_code == 200
    assert "Tea" in text_of(analyst.get("/console/boards/?shop=acme"))
    refused = analyst.post(f"/console/boards/{board}/do/forget/?shop=acme", {"sure": "1"}, follow=True)
    assert "Only whose board it is may do that" in text_of(refused)
    assert signed_in(Role.CLERK).get(f"/console/boards/{board}/?shop=acme").status_code == 403


def test_a_board_is_begun_changed_and_let_go_by_forms(acme, owner):
    made = owner.post("/console/boards/new/?shop=acme", {"name": "Mine", "with": "nothing"})
    page = made.headers["Location"].split("?")[0]
    owner.post(f"{page}put/?shop=acme", {"m": "gmv_paid", "as": "number"})
    owner.post(f"{page}put/?shop=acme", {"m": "uv", "as": "line"})
    owner.post(f"{page}put/?shop=acme&region=north", {"m": "buyers", "as": "bars.device"})
    refused = owner.post(f"{page}put/?shop=acme", {"m": "gmv_paid", "as": "bars.sku"}, follow=True)
    assert "cannot be shown so" in text_of(refused)

    id = page.rstrip("/").rsplit("/", 1)[1]
    first, second, third = (tile.id for tile in queries.tiles(id))
    owner.post(f"{page}tiles/{third}/up/?shop=acme")
    owner.post(f"{page}tiles/{first}/call/?shop=acme", {"title": "Money"})
    owner.post(f"{page}tiles/{second}/remove/?shop=acme")
    assert [(tile.id, tile.asked.title) for tile in queries.tiles(id)] == [(first, "Money"), (third, "")]

    assert "Tick the box first" in text_of(owner.post(f"{page}do/forget/?shop=acme", follow=True))
    assert "“Mine” is gone" in text_of(owner.post(f"{page}do/forget/?shop=acme", {"sure": "1"}, follow=True))
    assert owner.get(f"{page}?shop=acme").status_code == 404


@pytest.mark.parametrize(
    ("page", "kind"),
    [
        (f"/console/explorer/?{WEEK}&m=gmv_paid,uv&by=region", "question"),
        (f"/console/numbers/gmv_paid/?{WEEK}&by=region", "bars"),
        (f"/console/numbers/gmv_paid/?{WEEK}&by=day", "line"),
        (f"/console/funnel/?{WEEK}", "funnel"),
        (f"/console/retention/?{WEEK}", "retention"),
    ],
)
def test_what_a_page_shows_can_be_put_on_a_board(board, owner, page, kind):
    html = owner.get(page).content.decode()
    link = next(
        link.replace("&amp;", "&")
        for link in re.findall(r'href="(/console/boards/add/[^"]+)"', html)
        if f"kind={kind}" in link
    )
    assert "Add to a board" in text_of(owner.get(link))

    added = owner.post(link, {"board": board, "title": "From there"}, follow=True)

    assert queries.tiles(board)[-1].asked.kind == kind
    assert "From there" in text_of(added)


def test_the_day_begins_with_the_board_that_was_chosen(board, owner, quick_passwords):
    me = Operator.objects.get(email="owner@example.com")
    me.set_password("a-long-enough-passphrase")
    me.save()
    owner.force_login(me)
    owner.post(f"/console/boards/{board}/do/start/?shop=acme")
    said = {"email": "owner@example.com", "password": "a-long-enough-passphrase"}
    assert Client().post("/console/sign-in/", said).headers["Location"] == f"/console/boards/{board}/?shop=acme"
    owner.post(f"/console/boards/{board}/do/no-start/?shop=acme")
    assert Client().post("/console/sign-in/", said).headers["Location"].startswith("/console/")
    assert queries.start(me.pk) is None


def test_an_empty_shop_and_an_empty_board_say_what_to_do(lake_folder, owner):
    a_shop("new")
    made = owner.post("/console/boards/new/?shop=new", {"name": "Mine", "with": "nothing"}, follow=True)
    assert "No tile yet" in text_of(made)
    page = made.redirect_chain[-1][0].split("?")[0]
    assert "Nothing stands on this board yet" in text_of(owner.get(f"{page}?shop=new"))
    usual = owner.post("/console/boards/new/?shop=new", {"name": "Usual", "with": "usual"}, follow=True)
    assert "Nothing has happened in this shop yet" in text_of(usual)


def test_a_mail_is_ordered_and_waits_until_the_address_is_confirmed(board, owner, settings):
    me = Operator.objects.get(email="owner@example.com")
    page = f"/console/boards/{board}/mail/"
    order = {"operator": [str(me.pk)], "rhythm": "weekly.1", "hour": "7", "language": "en"}

    said = text_of(owner.post(f"{page}order/?shop=acme", order, follow=True))

    assert "every Monday at 7:00" in said and "address not confirmed" in said
    letter = Letter.objects.get()
    assert letter.recipient == "owner@example.com"
    link = re.search(r"http\S+", letter.words)[0].removeprefix(settings.PUBLIC_URL)
    anybody = Client(headers={"Accept-Language": "en"})
    assert "Is this your address?" in text_of(anybody.get(link))
    assert Operator.objects.get(pk=me.pk).verified_at is None
    assert "Confirmed" in text_of(anybody.post(link))
    assert Operator.objects.get(pk=me.pk).verified_at is not None
    assert "address not confirmed" not in text_of(owner.get(f"{page}?shop=acme"))


@pytest.mark.parametrize(
    "wrong", [{"rhythm": "hourly.1"}, {"rhythm": "weekly.9"}, {"hour": "24"}, {"operator": []}, {"language": "fr"}]
)
def test_an_order_that_says_no_moment_or_nobody_is_refused(board, owner, wrong):
    me = Operator.objects.get(email="owner@example.com")
    order = {"operator": [str(me.pk)], "rhythm": "weekly.1", "hour": "7", "language": "en"} | wrong
    said = text_of(owner.post(f"/console/boards/{board}/mail/order/?shop=acme", order, follow=True))
    assert "Choose when the mail is to leave" in said
    assert queries.subscriptions(board) == ()


def test_a_link_for_another_address_or_another_purpose_confirms_nothing(acme, owner):
    me = Operator.objects.get(email="owner@example.com")
    old = mail_links.confirm_address(me.pk, "before@example.com").split("/console/")[1]
    other = mail_links.stop_address(str(me.pk)).split("/stop/")[1]
    anybody = Client(headers={"Accept-Language": "en"})
    assert "holds no longer" in text_of(anybody.post(f"/console/{old}"))
    assert anybody.post(f"/console/boards/confirm/{other}").status_code == 404
    assert Operator.objects.get(pk=me.pk).verified_at is None
