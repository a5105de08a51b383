"""The pages of what brought the money, and of what advertising cost."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.doors.console.test_cockpit import chart_of, text_of
from tests.insight.attribution.test_credits import came
from tests.insight.metrics.events import a_shop, line, paid, remember
from zhanggui.base.accounts.rules import Role
from zhanggui.doors.imports.command import command
from zhanggui.insight.attribution import queries
from zhanggui.insight.attribution.models import Spend

pytestmark = pytest.mark.django_db

MAY = "shop=acme&period=custom&from=2026-05-10&to=2026-05-19"
PAGE = f"/console/attribution/?{MAY}"
SPEND = f"/console/attribution/spend/?{MAY}"
GOOD = "day,channel,campaign,spend\n2026-05-11,paid_search,brand,50\n2026-05-12,tv,brand,1\n"


@pytest.fixture
def led(lake_folder):
    """One order of 100 yuan after a search advertisement, a mail and a direct visit; one of nobody."""
    shop = a_shop()
    remember(
        shop,
        came("2026-05-11T01:00", "ann", "paid_search", "brand"),
        came("2026-05-12T01:00", "ann", "email", "weekly"),
        came("2026-05-13T01:00", "ann", "direct"),
        paid("A", "2026-05-13T02:00", line("x", 1, 10000), person="ann", channel="direct"),
        paid("N", "2026-05-13T03:00", line("x", 1, 500), person="", channel="email"),
    )
    return shop


def send(owner, text: str = GOOD):
    return owner.post(SPEND, {"file": SimpleUploadedFile("may.csv", text.encode())}, follow=True)


def test_all_models_stand_side_by_side_and_sum_to_the_money(led, owner):
    response = owner.get(f"{PAGE}&sort=linear")

    said = text_of(response)
    assert said.count("CN¥105.00") == 1 + 7
    assert "CN¥33.34" in said
    assert len(chart_of(response, "credit-spec")["datasets"]["rows"]) == 3 * 7
    assert "50.0% of 2 orders with a known visit" in said


def test_campaigns_are_told_apart(led, owner):
    said = text_of(owner.get(f"{PAGE}&by=campaign"))

    assert "Search ads · brand" in said
    assert "E-mail · weekly" in said


def test_what_it_cost_stands_beside_what_it_brought(led, owner):
    taken = text_of(send(owner))
    said = text_of(owner.get(f"{PAGE}&sort=first"))

    assert "1 day of spend is new or another." in taken
    assert "1 line was refused." in taken
    assert "CN¥50.00 spent, 47.6% of GMV" in said
    assert "MER 2.10" in said
    assert "nCAC CN¥50.00" in said
    file = queries.files("acme")[0]
    refused = owner.get(f"/console/attribution/spend/{file.id}/refused.csv?shop=acme").content.decode("utf-8-sig")
    assert refused.splitlines()[1] == "2026-05-12,tv,brand,1,3,There is no such channel"


def test_a_refused_campaign_is_no_formula_and_itself_when_it_is_sent_again(led, owner):
    send(owner, "day,channel,campaign,spend\n2026-05-12,tv,=sale,1\n")
    (file,) = queries.files("acme")
    refused = owner.get(f"/console/attribution/spend/{file.id}/refused.csv?shop=acme").content.decode("utf-8-sig")
    assert refused.splitlines()[1].startswith("2026-05-12,tv,'=sale,1,")
    send(owner, refused.replace(",tv,", ",email,"))
    assert Spend.objects.get().campaign == "=sale"


def test_what_is_no_file_of_spend_changes_nothing(led, owner):
    said = text_of(send(owner, "name,price\nx,1\n"))

    assert "Nothing was changed." in said
    assert queries.files("acme") == ()


def test_a_clerk_may_not_send_what_it_cost(led, signed_in):
    assert send(signed_in(Role.CLERK)).status_code == 403


def test_the_file_holds_the_rows_of_the_page(led, owner):
    answer = owner.get(f"/console/attribution/table.csv?{MAY}&sort=linear").content.decode("utf-8-sig")

    lines = [one.split(",") for one in answer.splitlines()]
    assert lines[0][0] == "Channel"
    assert [line[0] for line in lines[1:]] == ["E-mail", "Search ads", "Direct"]
    assert sum(round(100 * float(line[5])) for line in lines[1:]) == 10500


def test_the_page_costs_few_questions(led, owner, django_assert_max_num_queries):
    owner.get(PAGE)

    with django_assert_max_num_queries(12):
        owner.get(PAGE)


def test_the_command_takes_the_same_file(led, tmp_path):
    path = tmp_path / "may.csv"
    path.write_text(GOOD)

    answer = CliRunner().invoke(command, ["spend", str(path), "--shop", "acme"])

    assert "2 lines read, 1 days of spend new or another (50.00 CNY), 1 lines refused." in answer.output
    assert queries.spend_days("acme") is not None


def test_an_empty_shop_says_what_will_stand_here(lake_folder, owner):
    a_shop()

    assert "Here stands what brought the money" in text_of(owner.get("/console/attribution/?shop=acme"))
