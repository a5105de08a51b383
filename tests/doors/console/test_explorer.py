"""The explorer: any numbers by any one or two cuts, each figure with the way to what stands behind it."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO
from urllib.parse import parse_qs, urlsplit
from zipfile import ZipFile

import pytest

from tests.doors.console.conftest import WEEK
from tests.doors.console.test_cockpit import chart_of, text_of
from tests.insight.metrics.events import a_shop
from zhanggui.base import clock
from zhanggui.base.accounts.rules import Role
from zhanggui.base.operation.rules import operator
from zhanggui.doors.console import charts, exploring, words
from zhanggui.doors.console.charting.lines import Place, lines
from zhanggui.insight.metrics.rules import METRICS, Cut, Lack, Owner, Step
from zhanggui.insight.segments import actions as segments
from zhanggui.insight.segments.rules import Source
from zhanggui.spine.log.rules import Trail

pytestmark = pytest.mark.django_db

PAGE = f"/console/explorer/?{WEEK}"


def table_of(response) -> list[str]:
    """The rows of the table of figures, as text."""
    body = re.search(r"(?s)explorer-table.*?<tbody>(.*?)</tbody>", response.content.decode())[1]
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in body.split("</tr>") if row.strip()]


def test_two_cuts_stand_as_rows_and_their_parts_under_the_whole(acme, owner):
    response = owner.get(f"{PAGE}&m=gmv_paid,buyers&by=region&then=device&compare=none")

    assert table_of(response) == [
        "All CN¥75.00 2",
        "north CN¥55.00 1",
        "Phone CN¥55.00 1",
        "south CN¥20.00 1",
        "Desktop CN¥20.00 1",
    ]


def test_more_parts_than_a_page_has_room_for_are_a_click_away_and_in_the_file(acme, owner, monkeypatch):
    asked = f"{PAGE}&m=pv&by=region&then=day&compare=none"
    parts = len(table_of(owner.get(asked))) - 3
    # Where all of them fit, all are there, however few they are for each cell.
    monkeypatch.setattr(exploring, "LEAST_PARTS", 1000)
    assert len(table_of(owner.get(asked))) == 3 + parts
    monkeypatch.setattr(exploring, "LEAST_PARTS", 1)
    monkeypatch.setattr(exploring, "MOST_LINES", 4)
    html = owner.get(asked).content.decode()
    said = table_of(owner.get(asked))
    more = re.findall(r'<a href="([^"]+)">and (\d+) more</a>', html)
    assert more and len(said) == 3 + 2 + len(more)
    assert parts == 2 + sum(int(count) for _, count in more)
    alone = owner.get(more[0][0].replace("&amp;", "&"))
    assert "region=" in more[0][0] and len([row for row in table_of(alone)[1:] if not row.endswith(" 0")]) == (
        1 + int(more[0][1])
    )

    monkeypatch.setattr(exploring, "MOST_LINES", 2)
    assert len(table_of(owner.get(asked))) == 3
    assert f"{parts} parts are too many for a page." in text_of(owner.get(asked))
    file = owner.get(asked.replace("explorer/?", "explorer/table.csv?")).content.decode("utf-8-sig")
    assert len(file.splitlines()) == 2 + parts


def test_a_change_stands_beside_what_it_is_held_against(acme, owner):
    rows = table_of(owner.get(f"{PAGE}&m=gmv_paid&by=region"))

    assert rows[0] == "All CN¥75.00 ▲ +25.0%"
    assert rows[1] == "north CN¥55.00 ▲ +450.0%"


def test_days_split_by_a_cut_are_drawn_as_lines_of_the_largest_parts(acme, owner):
    spec = chart_of(owner.get(f"{PAGE}&m=uv&by=day&then=device"), "explorer-spec")

    rows = spec["datasets"]["rows"]
    assert {(row["series"], row["name"]) for row in rows} == {(0, "Desktop"), (1, "Phone")}
    for sizes in ("size", "done"):
        assert [row[sizes] for row in rows if row["name"] == "Desktop"] == [2, 1, 0, 0, 0, 0, 0]
    assert {row["open"] for row in rows} == {None}
    assert spec["title"]["text"] == "Visitors by device"


def test_hours_are_those_of_the_shops_clock(acme, owner):
    day = "shop=acme&period=custom&from=2026-05-01&to=2026-05-01&compare=none"
    rows = table_of(owner.get(f"/console/explorer/?{day}&m=pv&by=hour"))

    assert len(rows) == 25
    assert rows[0] == "All 6"
    assert [row for row in rows[1:] if not row.endswith(" 0")] == [
        "May 1, 2026 08:00 1",
        "May 1, 2026 09:00 4",
        "May 1, 2026 10:00 1",
    ]


def test_hours_that_have_not_begun_are_neither_listed_nor_drawn(acme, owner):
    now = clock.now().astimezone(clock.zone("Asia/Shanghai"))
    page = owner.get("/console/explorer/?shop=acme&period=today&compare=none&m=pv&by=hour")
    hours = len(table_of(page)) - 1
    assert hours in (now.hour + 1, clock.now().astimezone(clock.zone("Asia/Shanghai")).hour + 1)
    drawn = [row["open"] for row in chart_of(page, "explorer-spec")["datasets"]["rows"]]
    assert len(drawn) == 24 and drawn[hours:] == [None] * (24 - hours) and drawn[hours - 1] == 0

    split = owner.get("/console/explorer/?shop=acme&period=today&compare=none&m=pv&by=hour&then=device")
    assert split.status_code == 200


def test_lines_are_dashed_from_the_last_cell_that_is_over():
    places = [
        Place(at=date(2026, 5, day), series=series, name="a", size=day, when="", said="", is_open=day == 3)
        for series in range(2)
        for day in (1, 2, 3)
    ]
    said = charts.Words(title="", subtitle="", language="en")
    rows = lines(places, words=said, step=Step.DAY, name="")["datasets"]["rows"]
    assert [row["done"] for row in rows] == [1, 2, None] * 2
    assert [row["open"] for row in rows] == [None, 2, 3] * 2


def test_each_figure_opens_the_orders_behind_it_or_the_number_by_itself(acme, owner):
    html = owner.get(f"{PAGE}&m=gmv_paid,pv&by=region").content.decode()

    links = re.findall(r'<td class="figure"><a href="([^"]+)"', html)
    links = [link for link in links if "segments" not in link]
    assert len(links) == 6
    for link in links:
        assert owner.get(link.replace("&amp;", "&")).status_code == 200
    north = links[2].replace("&amp;", "&")
    assert north.startswith("/console/orders/?") and "region=north" in north and "number=gmv_paid" in north
    assert "CN¥55.00" in text_of(owner.get(north))


def test_the_form_leads_to_the_one_address_that_says_the_same(acme, owner):
    picked = "&pick=1&m=uv&m=buyers&by=region&then=&f_device=phone&f_region=*&f_sku="
    response = owner.get(PAGE + picked)

    assert response.status_code == 302
    said = parse_qs(urlsplit(response.headers["Location"]).query)
    assert (said["m"], said["by"], said["device"]) == (["uv,buyers"], ["region"], ["phone"])
    assert "region" not in said and "then" not in said
    assert table_of(owner.get(response.headers["Location"]))[0].startswith("All 1 1")


def test_what_cannot_be_cut_that_way_says_why_and_leaves_the_rest(acme, owner):
    response = owner.get(f"{PAGE}&m=goods_paid,gmv_paid&by=sku")

    said = text_of(response)
    assert "GMV paid cannot be split or filtered that way. It counts whole orders" in said
    assert table_of(response)[0].startswith("All CN¥70.00")


def test_the_page_says_from_which_tables_it_counted(acme, owner):
    assert "Counted from the daily tables orders, visits." in text_of(owner.get(f"{PAGE}&m=gmv_paid,uv&by=region"))
    assert "Counted from the daily tables steps." in text_of(owner.get(f"{PAGE}&m=uv&by=hour"))


def test_a_cut_by_segments_of_a_shop_without_any_says_how_to_get_one(acme, owner):
    hint = "No segment is kept yet"

    assert hint in text_of(owner.get(f"{PAGE}&m=uv&by=region&then=segment"))
    assert hint not in text_of(owner.get(f"{PAGE}&m=uv&by=region"))
    bar = {"metric": "uv", "start": "2026-05-01", "end": "2026-05-08"}
    source = Source(kind="metric_bar", terms=bar)
    segments.save(shop="acme", name="All", source=source, is_live=True, trail=Trail(shop="acme"), by=operator("1"))
    assert hint not in text_of(owner.get(f"{PAGE}&m=uv&by=segment"))


def test_a_metric_without_facts_waits_for_them(acme, owner):
    response = owner.get(f"{PAGE}&m=csat&by=none")

    assert "no facts of this kind yet" in response.content.decode().split("explorer-table")[1]
    assert table_of(response) == ["All —"]


def test_every_metric_can_be_asked_for_by_day(acme, owner):
    for key in METRICS:
        response = owner.get(f"{PAGE}&m={key}&by=day")
        assert response.status_code == 200
        assert len(table_of(response)) == 8, key


def test_the_files_hold_what_is_seen(acme, owner):
    asked = f"{WEEK}&m=gmv_paid,cvr_paid_visitor&by=region&then=device"
    csv = owner.get(f"/console/explorer/table.csv?{asked}").content.decode("utf-8-sig").splitlines()
    xlsx = owner.get(f"/console/explorer/table.xlsx?{asked}")

    assert (
        csv
        == [
            "Region,Device,GMV paid (CNY),Conversion to paid (rate)",
            "All,,75,0.666667",
            "north,Phone,55,1.000000",
            "south,Desktop,20,0.500000",
        ]
        or csv[1] == "All,,75.00,0.666667"
    )
    assert "xl/worksheets/sheet1.xml" in ZipFile(BytesIO(xlsx.content)).namelist()


def test_only_who_may_export_gets_a_file(acme, signed_in):
    analyst = signed_in(Role.ANALYST) if hasattr(Role, "ANALYST") else signed_in(Role.SUPPORT)
    page = analyst.get(PAGE)
    assert page.status_code in (200, 403)
    may = b"table.csv" in page.content
    assert analyst.get(f"/console/explorer/table.csv?{WEEK}").status_code == (200 if may else 403)


def test_an_empty_shop_says_what_will_stand_here(lake_folder, owner):
    a_shop("new")
    assert "Here you cut any number any way" in text_of(owner.get("/console/explorer/?shop=new"))


def test_the_page_costs_few_questions(acme, owner, django_assert_max_num_queries):
    owner.get(PAGE)
    with django_assert_max_num_queries(30):
        owner.get(PAGE)


def test_the_people_behind_a_figure_can_be_kept(acme, owner):
    html = owner.get(f"{PAGE}&m=gmv_paid&by=region&compare=none").content.decode()
    links = [link.replace("&amp;", "&") for link in re.findall(r'explorer-keep"><a href="([^"]+)"', html)]

    assert len(links) == 3
    assert "kind=metric_bar" in links[1]
    said = text_of(owner.get(links[1]))
    assert "People behind GMV paid" in said and "Region: north" in said
    assert "1 person" in said


def test_nobody_is_named_behind_what_counts_no_people(acme, owner):
    assert 'explorer-keep"><a' not in owner.get(f"{PAGE}&m=stockout_rate&by=day").content.decode()
    assert 'explorer-keep"><a' not in owner.get(f"{PAGE}&m=gmv_paid&by=newness").content.decode().split("All")[-1]


def test_every_cut_owner_and_reason_has_words():
    assert set(words.CUTS) == set(Cut)
    assert set(words.OWNERS) == set(Owner)
    assert set(words.LACKS) == set(Lack)


def test_a_cut_that_none_of_the_numbers_knows_says_so_and_is_no_fault(acme, owner):
    answer = owner.get(f"/console/explorer/?{WEEK}&by=category")
    assert answer.status_code == 200
    assert "cannot be split or filtered that way" in answer.content.decode()
