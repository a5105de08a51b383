"""The page that says why the money moved."""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
from html import unescape

import pytest
from django.utils import translation

from tests.doors.console.conftest import WEEK
from tests.insight.metrics.events import a_shop
from zhanggui.base.accounts.rules import Role
from zhanggui.base.operation.rules import operator
from zhanggui.doors.console import why_words
from zhanggui.insight.segments import actions as segments
from zhanggui.insight.segments.rules import Source
from zhanggui.insight.tree.rules import Branch, Factor, Link
from zhanggui.spine.log.rules import Trail

pytestmark = pytest.mark.django_db


def text_of(response) -> str:
    html = re.sub(r"(?s)<script.*?</script>", " ", response.content.decode())
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def stairs_of(response) -> list[dict]:
    found = re.search(r'(?s)id="stairs-spec">(.*?)</script>', response.content.decode())
    return json.loads(found[1])["datasets"]["rows"]


def test_the_sentence_says_what_moved_and_because_of_what(acme, owner):
    said = text_of(owner.get(f"/console/why/?{WEEK}"))

    assert (
        "GMV paid rose 25.0% (+CN¥15.00): 3 more visitors (+CN¥67.00); "
        "1 more order of buyers not known (+CN¥8.00); "
        "2 fewer buyers without a visit (−CN¥60.00)." in said
    )


def test_a_sign_is_never_parted_from_its_amount_in_chinese(acme, signed_in):
    said = text_of(signed_in(**{"Accept-Language": "zh"}).get(f"/console/why/?{WEEK}"))

    assert "（+\N{WORD JOINER}¥67.00）" in said


@pytest.mark.parametrize(
    ("factor", "now", "then", "said"),
    [
        (Factor.FREQUENCY, (1162, 1000), (1159, 1000), ("1.162", "1.159")),
        (Factor.FREQUENCY, (130, 100), (120, 100), ("1.30", "1.20")),
        (Factor.FREQUENCY, (12, 10), (6, 5), ("1.20", "1.20")),
        (Factor.CONVERSION, (4371, 100_000), (4374, 100_000), ("4.371%", "4.374%")),
    ],
)
def test_two_sizes_are_told_apart_where_they_differ(factor, now, then, said):
    link = Link(branch=Branch.SEEN, factor=factor, now=now, then=then, minor=1)

    with translation.override("en"):
        assert why_words.ends(link, "CNY") == said


def test_the_stairs_lead_from_one_period_to_the_other(acme, owner):
    rows = stairs_of(owner.get(f"/console/why/?{WEEK}"))

    assert (rows[0]["end"], rows[-1]["end"]) == (60.0, 75.0)
    assert rows[-2]["end"] == rows[-1]["end"]
    assert all(one["start"] == before["end"] for before, one in itertools.pairwise(rows[:-1]))


def test_each_figure_leads_to_what_stands_behind_it(acme, owner):
    html = unescape(owner.get(f"/console/why/?{WEEK}&by=region").content.decode())
    addresses = set(re.findall(r'href="(/console/(?:orders|numbers|why)/[^"]*)"', html))

    assert any("/console/numbers/uv/" in one for one in addresses)
    assert any("number=aov" in one for one in addresses)
    assert any(one.startswith("/console/why/?") and "region=north" in one for one in addresses)
    for address in addresses:
        assert owner.get(address).status_code == 200, address


def test_a_cell_is_looked_at_alone(acme, owner):
    said = text_of(owner.get(f"/console/why/?{WEEK}&region=north"))

    assert "GMV paid rose 450.0% (+CN¥45.00)" in said


def test_the_change_is_told_in_and_out_of_a_segment_and_one_side_alone(acme, owner):
    bar = {"metric": "uv", "start": "2026-05-01", "end": "2026-05-08", "where": {"region": ["north"]}}
    source = Source(kind="metric_bar", terms=bar)
    trail = Trail(shop="acme")
    id = segments.save(shop="acme", name="North", source=source, is_live=True, trail=trail, by=operator("1"))
    page = owner.get(f"/console/why/?{WEEK}&by=segment&segment={id}")
    said = text_of(page)
    assert "In the segment +CN¥45.00" in said
    assert "Not in the segment −CN¥38.00" in said
    assert "Not known +CN¥8.00" in said
    address = next(a for a in re.findall(r'href="([^"]*)"', unescape(page.content.decode())) if "side=in" in a)
    alone = text_of(owner.get(address))
    assert "In the segment: North" in alone
    assert "GMV paid rose 450.0% (+CN¥45.00)" in alone
    lines = owner.get(f"/console/why/table.csv?{WEEK}&by=segment&segment={id}").content.decode().splitlines()
    assert [line.split(",")[0] for line in lines[1:]] == ["In the segment", "Not in the segment", "Not known"]
    assert "By a segment" not in text_of(owner.get(f"/console/why/?{WEEK}&sku=tea&segment={id}&side=in"))


def test_a_product_is_explained_by_pieces_and_price(acme, owner):
    said = text_of(owner.get(f"/console/why/?{WEEK}&sku=tea"))

    assert "Goods paid rose 380.0% (+CN¥38.00): 4 more pieces" in said
    assert "Conversion" not in said


def test_the_number_that_was_clicked_is_marked(acme, owner):
    html = owner.get(f"/console/why/?{WEEK}&about=uv").content.decode()

    assert len(re.findall(r"is-asked", html)) == 1
    assert re.search(r"is-asked.*?<h5>Visitors</h5>", html)


def test_without_another_period_it_asks_for_one_and_without_events_it_says_what_will_stand_here(acme, owner):
    assert "Why against what?" in text_of(owner.get("/console/why/?shop=acme&compare=none"))
    a_shop("empty")
    assert "Here stands why the money moves" in text_of(owner.get("/console/why/?shop=empty"))


@pytest.mark.parametrize("by", ["channel", "category", "region", "device", "sku", "buyers"])
def test_the_cells_of_a_cut_come_as_a_file_that_sums_to_the_change(acme, owner, by):
    answer = owner.get(f"/console/why/table.csv?{WEEK}&by={by}")

    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    changes = [float(row[3]) for row in rows[1:]]
    assert sum(changes) == pytest.approx(15.0)
    assert all(sum(float(cell) for cell in row[4:]) == pytest.approx(float(row[3])) for row in rows[1:])
    assert owner.get(f"/console/why/table.xlsx?{WEEK}&by={by}").content[:2] == b"PK"


def test_who_may_not_see_numbers_or_export_does_not(acme, signed_in):
    assert signed_in(Role.CLERK).get(f"/console/why/?{WEEK}").status_code == 403
    assert signed_in(Role.CLERK).get(f"/console/why/table.csv?{WEEK}").status_code == 403


def test_the_page_asks_the_database_little(acme, owner, django_assert_max_num_queries):
    owner.get(f"/console/why/?{WEEK}")

    with django_assert_max_num_queries(12):
        owner.get(f"/console/why/?{WEEK}")
