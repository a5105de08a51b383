"""The pages of what is normal and what is not."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import timedelta
from html import unescape

import pytest

from tests.insight.alerts.test_look import BY, FIRST, LAST, MORNING, days_of_a_shop
from tests.insight.metrics.events import a_shop, remember
from tests.worlds import made_once
from zhanggui.base import clock
from zhanggui.base.accounts.rules import Role
from zhanggui.base.shops.rules import Shop
from zhanggui.insight.alerts import actions, queries
from zhanggui.insight.metrics.rules import Period

pytestmark = pytest.mark.django_db
PERIOD = f"shop=acme&period=custom&from={FIRST}&to={LAST}"


@made_once
def a_shop_looked_at() -> Shop:
    shop = a_shop()
    remember(shop, days_of_a_shop(broken=(LAST,)))
    actions.look(shop="acme", at=MORNING, by=BY)
    return shop


@pytest.fixture
def broken(lake_folder: object, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """A shop in which e-mail brought nobody on the last day, looked at on the morning after."""
    shop = a_shop_looked_at()
    monkeypatch.setattr(clock, "now", lambda: MORNING)
    return shop


def text_of(response) -> str:
    html = re.sub(r"(?s)<script.*?</script>", " ", response.content.decode())
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_the_list_says_what_came_what_is_normal_and_what_it_cost(broken, owner):
    response = owner.get(f"/console/deviations/?{PERIOD}")

    said = text_of(response)
    html = unescape(response.content.decode())
    assert re.search(r"Visitors E-mail Channel Apr 30, 2026 ▼ 0 \d+ to \d+ −CN¥[\d,.]+ Why\?", said)
    link = re.search(r'href="(/console/normal/uv/\?[^"]*channel=email[^"]*)"', html)
    assert owner.get(link[1]).status_code == 200
    rows = list(
        csv.reader(io.StringIO(owner.get(f"/console/deviations/table.csv?{PERIOD}").content.decode("utf-8-sig")))
    )
    assert ["Visitors", "E-mail", "0"] in [row[1:4] for row in rows]


def test_a_number_stands_in_its_band_with_the_day_that_left_it(broken, owner):
    response = owner.get(f"/console/normal/uv/?{PERIOD}&channel=email")

    said = text_of(response)
    marks = json.loads(re.search(r'(?s)id="normal-spec">(.*?)</script>', response.content.decode())[1])["datasets"][
        "rows"
    ]
    assert "Visitors: 1 day out of the ordinary" in said
    assert [mark["at"] for mark in marks if mark["is_outside"]] == [LAST.isoformat()]
    assert [mark["low"] is None for mark in marks] == [n < 28 for n in range(60)]
    assert re.search(
        r"For Apr 30, 2026, between \d+ and \d+ is normal; \d+ is expected, from 56 days before it\.", said
    )
    assert owner.get(f"/console/normal/uv/table.xlsx?{PERIOD}").content[:2] == b"PK"
    lines = owner.get(f"/console/normal/gmv_paid/table.csv?{PERIOD}").content.decode("utf-8-sig").splitlines()
    assert lines[0] == "Day,GMV paid (CNY),Expected,Normal from,Normal to,Verdict"
    assert re.fullmatch(r"2026-04-30,[\d.]+,[\d.]+,[\d.]+,[\d.]+,normal", lines[1])


def test_a_band_stands_for_one_place_only(broken, owner):
    several = owner.get(f"/console/normal/uv/?{PERIOD}&channel=email&device=phone")

    assert "Drop the other filters." in text_of(several)
    assert owner.get(f"/console/normal/nothing/?{PERIOD}").status_code == 404


def test_the_cockpit_shows_what_is_normal_behind_its_small_lines(broken, owner):
    fortnight = f"shop=acme&period=custom&from={LAST - timedelta(days=13)}&to={LAST}"
    html = owner.get(f"/console/?{fortnight}").content.decode()
    filtered = owner.get(f"/console/?{fortnight}&channel=email").content.decode()

    assert html.count("spark-band") >= 4
    assert "spark-band" not in filtered
    assert re.search(r'href="/console/why/\?[^"]*about=uv"', html)


def test_days_are_said_to_differ_and_taken_back(broken, owner):
    said = {"name": "Qingming", "first": "2026-04-30", "last": ""}
    done = owner.post(f"/console/deviations/known/?{PERIOD}", said, follow=True)

    assert "Qingming" in text_of(done)
    (known,) = queries.known_in("acme", LAST, LAST)
    assert "every day was normal" in text_of(owner.get(f"/console/normal/uv/?{PERIOD}&channel=email"))
    owner.post(f"/console/deviations/known/{known.id}/forget/?{PERIOD}")
    assert queries.known_in("acme", LAST, LAST) == ()


@pytest.mark.parametrize("said", [{"name": "", "first": "2026-04-30"}, {"name": "x", "first": "soon"}])
def test_what_cannot_be_read_changes_nothing(broken, owner, said):
    done = owner.post(f"/console/deviations/known/?{PERIOD}", said, follow=True)

    assert re.search("Give the days a name|The last day is not before", text_of(done))
    assert queries.known_in("acme", FIRST, LAST) == ()


def test_an_analyst_sees_but_does_not_name_days_and_a_clerk_sees_nothing(broken, signed_in):
    analyst = signed_in(Role.ANALYST)

    assert analyst.get(f"/console/deviations/?{PERIOD}").status_code == 200
    assert analyst.post(f"/console/deviations/known/?{PERIOD}", {"name": "x", "first": "2026-04-30"}).status_code == 403
    assert signed_in(Role.CLERK).get(f"/console/deviations/?{PERIOD}").status_code == 403


def test_days_that_nobody_looked_at_are_not_called_ordinary(broken, owner):
    before = FIRST.isoformat(), (FIRST + timedelta(days=6)).isoformat()

    said = text_of(owner.get("/console/deviations/?shop=acme&period=custom&from={}&to={}".format(*before)))
    assert "No day of this period was looked at." in said
    assert queries.looked_in("acme", Period(FIRST, LAST + timedelta(days=1))) == (LAST, LAST)


def test_before_the_first_look_the_page_says_what_will_stand_there(acme, owner):
    assert "Here stands what was out of the ordinary." in text_of(owner.get("/console/deviations/?shop=acme"))
