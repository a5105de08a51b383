"""Second versions of pages: which there may be, who sees which, and that nobody is counted twice."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.growth.experiments.made import BY, at_least_open
from tests.shop.made import SHOP, a_product, a_shop, at_once, statements, told_about
from zhanggui.base.database import together
from zhanggui.base.database.together import Question
from zhanggui.growth.experiments import actions, models, queries
from zhanggui.growth.experiments.errors import NoSuchPage, PageTaken, PageUnfit, TrialClosed
from zhanggui.growth.experiments.rules import (
    ORIGINAL,
    USUAL_PARTS,
    Arm,
    Known,
    Page,
    Part,
    Saving,
    ShownTo,
    Target,
    Version,
    arm_of,
    narrowest,
    side_of,
)
from zhanggui.spine.log.models import Entry
from zhanggui.spine.log.rules import Trail

NOBODY = UUID(int=0)
ALL_PAGES = Target()
CAUSE = UUID("01a20141-2786-7386-9c80-5ff1c4791ed5")
TRAIL = Trail(shop=SHOP, cause=CAUSE)
REVIEWS_FIRST = Version(parts=(Part.REVIEWS, Part.SPECIFICATIONS), saving=Saving.PERCENT)


def a_tried(id: int = 1, target: Target = ALL_PAGES, shown_to: ShownTo = ShownTo.TREATED, bp: int = 5000) -> Page:
    return Page(
        id=UUID(int=id),
        shop=SHOP,
        target=target,
        version=REVIEWS_FIRST,
        shown_to=shown_to,
        trial_id=UUID(int=9),
        metric="gmv_paid",
        held_out_bp=bp,
    )


class TestRules:
    @pytest.mark.parametrize(
        ("field", "wrong"),
        [
            ("same", {}),
            ("parts", {"parts": (Part.REVIEWS,)}),
            ("parts", {"parts": (*USUAL_PARTS, Part.REVIEWS)}),
            ("headline", {"headline_en": "Only here"}),
            ("headline", {"headline_zh": "好" * 121, "headline_en": "Good"}),
        ],
    )
    def test_a_version_that_may_not_be_is_refused(self, field, wrong):
        with pytest.raises(PageUnfit) as refused:
            Version(**wrong).checked()
        assert refused.value.field == field

    @given(st.text(max_size=20), st.integers(1, 9999))
    def test_a_visitor_is_where_the_hash_says_unless_they_were_on_a_side_before(self, person, bp):
        page = a_tried(bp=bp)
        by_hash = arm_of(salt=str(page.trial_id), person=person, held_out_bp=bp)
        assert side_of(page, person=person, known=Known()) is by_hash
        for arm in Arm:
            assert side_of(page, person=person, known=Known(arm=arm, is_elsewhere=True)) is arm
        assert side_of(page, person=person, known=Known(is_elsewhere=True)) is None

    def test_the_version_made_for_the_fewest_pages_is_shown(self):
        everywhere, category = a_tried(1), a_tried(2, Target(category="cups"))
        one = a_tried(3, Target(product="cup"))
        kept = a_tried(4, Target(product="cup"), ShownTo.ALL)
        assert narrowest([everywhere, one, category, kept], ShownTo.TREATED) == one
        assert narrowest([category, everywhere], ShownTo.TREATED) == category
        assert narrowest([category, kept], ShownTo.ALL) == kept
        assert narrowest([category], ShownTo.ALL) is None


@pytest.fixture
def trial(db) -> UUID:
    a_shop()
    a_product("CUP")
    a_product("POT")
    a_product("LONGJING", category="tea")
    return at_least_open(shop=SHOP)


def shows(trial_id: UUID, target: Target = ALL_PAGES, version: Version = REVIEWS_FIRST) -> UUID:
    return actions.show_page(trial_id=trial_id, target=target, version=version, trail=TRAIL, by=BY)


class TestShowing:
    def test_a_version_is_shown_to_the_treated_then_to_all_then_to_nobody(self, trial):
        target = queries.target_of(SHOP, sku="CUP")
        id = shows(trial, target)
        tried = queries.tried(SHOP, "CUP")
        assert (tried.id, tried.version, tried.trial_id, tried.held_out_bp) == (id, REVIEWS_FIRST, trial, 5000)
        assert (queries.tried(SHOP, "POT"), queries.usual(SHOP, "CUP")) == (None, None)
        assert queries.page_of_trial(trial) == tried

        actions.keep_page(id=id, trail=TRAIL, by=BY)
        actions.keep_page(id=id, trail=TRAIL, by=BY)
        assert (queries.tried(SHOP, "CUP"), queries.usual(SHOP, "CUP").id) == (None, id)

        actions.withdraw_page(id=id, trail=TRAIL, by=BY)
        actions.withdraw_page(id=id, trail=TRAIL, by=BY)
        assert (queries.tried(SHOP, "CUP"), queries.usual(SHOP, "CUP")) == (None, None)
        told = list(Entry.objects.filter(name="growth.page_shown").order_by("seq").values_list("body", flat=True))
        assert [one["shown_to"] for one in told] == ["treated", "all", "nobody"]
        assert told[0] == {
            "page_id": str(id),
            "trial_id": str(trial),
            "product": target.product,
            "category": "",
            "shown_to": "treated",
        }

    def test_what_is_kept_takes_the_place_of_what_was_kept(self, trial):
        first, second = shows(trial), None
        actions.keep_page(id=first, trail=TRAIL, by=BY)
        second = shows(at_least_open(shop=SHOP))
        actions.keep_page(id=second, trail=TRAIL, by=BY)
        assert queries.usual(SHOP, "CUP").id == second
        assert queries.page(first).shown_to is ShownTo.NOBODY

    def test_a_category_means_its_goods_and_a_new_one_is_among_them(self, trial):
        shows(trial, queries.target_of(SHOP, category="cups"))
        assert queries.tried(SHOP, "POT") is not None
        assert queries.tried(SHOP, "LONGJING") is None

    def test_of_the_same_pages_one_is_tried_at_a_time(self, trial):
        first = shows(trial, Target(category="cups"))
        with pytest.raises(PageTaken) as taken:
            shows(at_least_open(shop=SHOP), Target(category="cups"))
        assert taken.value.id == str(first)
        assert Entry.objects.filter(name="growth.page_shown").count() == 1
        shows(at_least_open(shop=SHOP), Target(category="tea"))

    def test_what_cannot_be_shown_is_refused(self, trial):
        for wrong in ({"sku": "NONE"}, {"category": "none"}):
            with pytest.raises(PageUnfit):
                queries.target_of(SHOP, **wrong)
        with pytest.raises(PageUnfit):
            shows(trial, version=ORIGINAL)
        with pytest.raises(NoSuchPage):
            actions.withdraw_page(id=NOBODY, trail=TRAIL, by=BY)
        actions.close_trial(trial_id=trial, on=queries.trial(trial).starts_on)
        with pytest.raises(TrialClosed):
            shows(trial)
        assert not models.Page.objects.exists()

    def test_a_preview_shows_a_version_and_nothing_that_we_did_not_write(self):
        said = queries.preview_of(REVIEWS_FIRST)
        assert queries.previewed(said) == REVIEWS_FIRST
        assert queries.previewed(said[:-1]) is None
        assert queries.previewed("") is None


def known(page: Page, *persons: str) -> Known:
    (found,) = together.ask(queries.known_asked(page, Question(*together.any_of(persons), list)))
    return found


class TestMeeting:
    def meets(self, trial: UUID, person: str) -> Arm | None:
        return actions.expose(trial_id=trial, person=person, held_out_bp=5000, trail=TRAIL, by=BY)

    def test_who_comes_is_in_it_once_on_the_side_of_their_hash(self, trial):
        shows(trial)
        arm = arm_of(salt=str(trial), person="ann", held_out_bp=5000)
        with statements() as sent:
            assert self.meets(trial, "ann") is arm
        assert len([one for one in sent if "growth_experiments" in one or "spine_log" in one]) == 2
        assert self.meets(trial, "ann") is None
        (fact,) = told_about("ann")
        assert (fact.name, fact.cause) == ("growth.experiment_exposed", CAUSE)
        assert fact.subject == f"trial:{trial}" and arm.encode() in fact.body
        member = models.Member.objects.get()
        assert (member.arm, member.exposed_at, member.is_held) == (arm, member.joined_at, arm is Arm.HELD_OUT)

    def test_whoever_signs_in_keeps_the_side_on_which_they_came_first(self, trial):
        page = queries.page(shows(trial))
        self.meets(trial, "browser")
        arm = models.Member.objects.get().arm
        assert known(page, "somebody") == Known()
        assert known(page, "customer", "browser") == Known(arm=Arm(arm))
        self.meets(trial, "customer")
        assert known(page, "customer", "browser") == Known(arm=Arm(arm))

    def test_a_guest_who_signs_in_is_one_member_and_not_told_of_again(self, trial):
        page = queries.page(shows(trial))
        self.meets(trial, "browser")
        arm = Arm(models.Member.objects.get().arm)
        actions.merge(shop=SHOP, from_person="browser", to_person="customer")
        assert (known(page, "customer"), known(page, "browser")) == (Known(arm=arm), Known())
        self.meets(trial, "second")
        actions.merge(shop=SHOP, from_person="second", to_person="customer")
        assert known(page, "customer", "second") == Known(arm=arm)
        assert Entry.objects.filter(name="growth.experiment_exposed").count() == 2

    def test_who_is_held_out_elsewhere_is_on_neither_side(self, trial):
        other = at_least_open(shop=SHOP, bp=9999)
        assert actions.enrol(trial_id=other, persons=["ann"]).held_out == ("ann",)
        page = queries.page(shows(trial))
        assert known(page, "ann") == Known(is_elsewhere=True)
        assert known(replace(page, metric="orders_paid"), "ann") == Known()
        assert self.meets(trial, "ann") is None
        assert told_about("ann") == []

    def test_a_closed_trial_takes_nobody_in(self, trial):
        shows(trial)
        actions.close_trial(trial_id=trial, on=queries.trial(trial).starts_on)
        assert self.meets(trial, "ann") is None
        assert (told_about("ann"), models.Member.objects.count()) == ([], 0)


@pytest.mark.django_db(transaction=True)
def test_of_twelve_who_tell_of_the_same_visitor_at_once_one_is_heard():
    a_shop()
    trial = at_least_open(shop=SHOP)
    persons = [f"v{n}" for n in range(4)]

    def meets(n: int) -> object:
        if n == 40:
            return actions.close_trial(trial_id=trial, on=queries.trial(trial).starts_on)
        return actions.expose(trial_id=trial, person=persons[n % 4], held_out_bp=5000, trail=TRAIL, by=BY)

    found = at_once(meets, 48)

    told = Entry.objects.filter(name="growth.experiment_exposed").values_list("person", flat=True)
    assert sorted(told) == sorted(models.Member.objects.values_list("person", flat=True)) == persons
    assert sum(isinstance(one, str) for one in found) == 4
    assert not models.Member.objects.filter(is_held=True).exists()
