"""What a briefing says: a sentence for every kind of finding and proposal, names of sections, columns and things."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

KINDS: Final[Mapping[str, Promise]] = {
    "day": lazy("Day in a line"),
    "week": lazy("Week in short"),
    "month": lazy("Monthly review and plan"),
    "year": lazy("Year-end review and plan"),
    "funnel": lazy("Funnel review"),
}

SENTENCES: Final[Mapping[str, Promise]] = {
    "figure_up": lazy("%(metric)s: %(now)s, %(rate)s more than %(other)s (%(then)s)."),
    "figure_down": lazy("%(metric)s: %(now)s, %(rate)s less than %(other)s (%(then)s)."),
    "figure_same": lazy("%(metric)s: %(now)s, the same as %(other)s."),
    "figure_alone": lazy("%(metric)s: %(now)s. There is nothing yet to hold it against."),
    "points_up": lazy("%(metric)s: %(now)s, %(rate)s points higher than %(other)s (%(then)s)."),
    "points_down": lazy("%(metric)s: %(now)s, %(rate)s points lower than %(other)s (%(then)s)."),
    "points_same": lazy("%(metric)s: %(now)s, unchanged against %(other)s."),
    "best_day": lazy("The best day was %(at)s: %(now)s, %(share)s of the whole."),
    "best_month": lazy("The best month was %(at)s: %(now)s, %(share)s of the whole."),
    "no_goals": lazy("No goals stood for these days. The proposals at the end can become the first ones."),
    "goal_met": lazy("%(metric)s reached its goal: %(actual)s against %(target)s."),
    "goal_missed": lazy("%(metric)s missed its goal: %(actual)s against %(target)s."),
    "goal_open": lazy(
        "%(metric)s stands at %(actual)s of %(target)s; %(forecast)s is expected at the end (between "
        "%(low)s and %(high)s)."
    ),
    "goal_open_short": lazy("%(metric)s stands at %(actual)s of %(target)s; too little is known for a forecast."),
    "sum_up": lazy(
        "The money rose by %(change)s against %(other)s, most of all through this: %(factor)s (%(moved)s more)."
    ),
    "sum_down": lazy(
        "The money fell by %(change)s against %(other)s, most of all through this: %(factor)s (%(moved)s less)."
    ),
    "sum_up_only": lazy("The money rose by %(change)s against %(other)s."),
    "sum_down_only": lazy("The money fell by %(change)s against %(other)s."),
    "factor_up": lazy("%(factor)s: %(now)s after %(then)s, which is %(moved)s more."),
    "factor_down": lazy("%(factor)s: %(now)s after %(then)s, which is %(moved)s less."),
    "place_up": lazy("%(place)s (%(cut)s) brought %(change)s more: %(now)s after %(then)s."),
    "place_down": lazy("%(place)s (%(cut)s) brought %(change)s less: %(now)s after %(then)s."),
    "place_new": lazy("%(place)s (%(cut)s) is new: %(now)s."),
    "place_gone": lazy("%(place)s (%(cut)s) brought nothing any more, after %(then)s."),
    "unmarked": lazy("What was sold bears no mark of this: %(cut)s. Nothing can be said by it."),
    "nothing_ended": lazy("No play was measured and no promotion was used in these days."),
    "effect": lazy(
        "“%(play)s” brought %(more)s that would not have come otherwise (between %(low)s and %(high)s); "
        "it cost %(cost)s."
    ),
    "effect_unsure": lazy(
        "“%(play)s”: %(more)s on top (between %(low)s and %(high)s), which cannot be told from chance; "
        "it cost %(cost)s."
    ),
    "effect_weaker": lazy(
        "“%(play)s”: %(more)s more than the season lets expect (between %(low)s and %(high)s; weaker "
        "evidence: nobody was held out); it cost %(cost)s."
    ),
    "effect_unsure_weaker": lazy(
        "“%(play)s”: %(more)s against what the season lets expect (between %(low)s and %(high)s; weaker "
        "evidence), which cannot be told from chance; it cost %(cost)s."
    ),
    "offer": lazy(
        "%(orders)s orders with %(passed)s passed through “%(offer)s”, which gave %(given)s away. What "
        "it added cannot be said."
    ),
    "offer_beyond": lazy(
        "%(orders)s orders with %(passed)s passed through “%(offer)s”, which gave %(given)s away. Its "
        "goods sold %(more)s more than the weeks before let expect (between %(low)s and %(high)s; "
        "weaker evidence)."
    ),
    "signals": lazy("%(raised)s signals were found, together about %(size)s; %(decided)s of them were decided on."),
    "signal_decided": lazy("%(signal)s, about %(size)s: decided on."),
    "signal_open": lazy("%(signal)s, about %(size)s: nobody has decided."),
    "deviations": lazy("%(count)s times a number lay outside what is normal, together worth about %(size)s."),
    "no_signals": lazy("No signal was found and no number was seen outside what is normal."),
    "no_risks": lazy("The figures show nothing that needs a warning."),
    "refunds_high": lazy("Refunds in %(at)s were %(now)s of the money paid (%(amount)s); %(usual)s is usual."),
    "newcomers_fewer": lazy("New buyers brought %(now)s, %(rate)s less than %(other)s (%(then)s)."),
    "books_young": lazy(
        "The books begin on %(at)s: whoever bought before that counts as new a year before, so the fall "
        "of new buyers looks larger than it is."
    ),
    "region_depends": lazy("%(share)s of the money (%(now)s) comes from %(place)s alone."),
    "product_depends": lazy("%(share)s of the goods' money (%(now)s) comes from one product: %(place)s."),
    "tail": lazy("%(goods)s of %(all)s products sold bring %(share)s of the goods' money together."),
    "buyers_unknown": lazy(
        "%(share)s of the money (%(now)s) comes from buyers who are not known: nobody can write to them."
    ),
    "goal_at_risk": lazy("%(metric)s will miss its goal as it goes; about %(size)s are at stake."),
    "chance_to_keep": lazy("%(people)s buyers who ordered often and much (%(amount)s so far) have not come lately."),
    "chance_to_grow": lazy(
        "%(people)s buyers came lately with large orders (%(amount)s so far), but seldom: the next "
        "order is worth winning."
    ),
    "season": lazy("%(at1)s, %(at2)s and %(at3)s brought %(share)s of the year (%(now)s)."),
    "grades": lazy("%(goods)s of %(all)s products sold bring %(share)s of the goods' money."),
    "champions": lazy(
        "%(kind)s are %(people_share)s of all known buyers (%(people)s) and bring %(share)s of their money."
    ),
    "market_regions": lazy("Money came from %(regions)s regions: %(share)s from %(place)s, %(rest)s from all others."),
    "missing": lazy("Not known here: %(what)s."),
    "goals_follow": lazy("The goals of the next year, quarter by quarter, stand among the proposals."),
    "plan_follows": lazy("What is planned stands among the proposals."),
    "day_goal_met": lazy("The goal of %(target)s is reached by %(share)s: on time."),
    "day_goal_behind": lazy("The goal of %(target)s is reached by %(share)s only."),
    "day_alone": lazy("%(now)s were paid."),
    "day_low": lazy("%(now)s were paid, less than is normal for such a day (%(low)s to %(high)s)."),
    "day_high": lazy("%(now)s were paid, more than is normal for such a day (%(low)s to %(high)s)."),
    "day_inside": lazy("%(now)s were paid, as is normal for such a day (%(low)s to %(high)s)."),
    "funnel_whole": lazy(
        "%(share)s of those who came to “%(first)s” went all the way to “%(last)s”: %(ended)s of %(began)s people."
    ),
    "lost_most": lazy("Most are lost before “%(step)s”: %(lost)s of %(before)s people (%(share)s) go no further."),
    "lost_most_timed": lazy(
        "Most are lost before “%(step)s”: %(lost)s of %(before)s people (%(share)s) go no further. Half "
        "of the others take %(hours)s or less."
    ),
    "lost": lazy("Before “%(step)s” %(lost)s of %(before)s people (%(share)s) go no further."),
    "lost_timed": lazy(
        "Before “%(step)s” %(lost)s of %(before)s people (%(share)s) go no further. Half of the others "
        "take %(hours)s or less."
    ),
    "passed_by": lazy(
        "%(aside)s of the %(ended)s people who came to “%(last)s” (%(share)s) passed “%(step)s” by; "
        "%(by_way)s came all the way."
    ),
    "device_behind": lazy(
        "On %(device)s only %(share)s take the step “%(step)s”, elsewhere %(others)s: %(missed)s people fewer."
    ),
    "hours": lazy(
        "Most come in the hour from %(most_at)s (%(most)s people on an average day), fewest in the hour "
        "from %(least_at)s (%(least)s)."
    ),
    "best_day_of_visits": lazy("The day with most visitors was %(at)s: %(now)s people."),
    "back_d1": lazy(
        "%(share)s of the visitors (%(people)s of %(all)s) were there again the day after their first visit."
    ),
    "back_d7": lazy(
        "%(share)s of the visitors (%(people)s of %(all)s) were there again on the seventh day after their first visit."
    ),
}

PROPOSALS: Final[Mapping[str, Promise]] = {
    "goal_by_season": lazy(
        "Goal for %(metric)s: %(target)s. The same month a year before brought %(baseline)s, and this "
        "month is %(rate)s against its own."
    ),
    "goal_plus": lazy("Goal for %(metric)s: %(target)s, which is %(rate)s on top of %(baseline)s."),
    "goal_quarter": lazy(
        "%(quarter)s, %(metric)s: %(target)s, which is %(rate)s on top of the %(baseline)s of the same quarter."
    ),
    "goal_quarter_borrowed": lazy(
        "%(quarter)s, %(metric)s: %(target)s, which is %(rate)s on top of %(baseline)s; of that, "
        "%(borrowed)s are what the days not yet counted brought a year before."
    ),
    "goal_year": lazy("Goal of the year for %(metric)s: %(target)s, the sum of its quarters, after %(baseline)s."),
    "goal_refunds": lazy("%(metric)s back to what is usual: %(target)s, from %(baseline)s."),
    "goal_refunds_year": lazy("%(metric)s a fifth lower: %(target)s, from %(baseline)s."),
    "goal_newcomers": lazy("%(metric)s: %(target)s, as many as a year before; as it goes, %(baseline)s would come."),
    "budget": lazy(
        "Marketing of at most %(rate)s of the year's goal, %(target)s: traffic %(traffic)s, content "
        "%(content)s, members %(members)s, supply %(supply)s."
    ),
    "play_win_back": lazy(
        "Write to the %(people)s large buyers who have gone quiet; hold a part of them out, so that the "
        "effect can be measured."
    ),
    "play_second_order": lazy(
        "Give the %(people)s large newcomers a coupon for their next order; hold a part of them out, so "
        "that the effect can be measured."
    ),
    "play_check_sku": lazy("Find out why %(place)s brings %(change)s less: stock, price, or its place in the shop."),
    "play_check_region": lazy("Find out why %(place)s brings %(change)s less: delivery, price, or buyers who left."),
    "play_check_channel": lazy("Find out why %(place)s brings %(change)s less: cost, content, or tracking."),
    "play_check_category": lazy("Find out why %(place)s brings %(change)s less: range, price, or season."),
    "play_check_refunds": lazy(
        "Look at the large orders that were taken back: refunds were %(now)s of the money, %(usual)s is usual."
    ),
    "play_delist": lazy(
        "Go through the %(goods)s products of the long tail: take them off the shelf, or order them only on demand."
    ),
    "play_remind": lazy("Remind the %(lost)s people who stopped before “%(step)s”."),
    "play_page": lazy("Try another page before “%(step)s”, where %(lost)s people go no further."),
    "play_check_shortcut": lazy(
        "Make the way past “%(step)s” as good as the way through it: %(aside)s people take it."
    ),
    "play_check_hours": lazy(
        "Have service, stock and servers ready in the hour from %(most_at)s, and make changes in the "
        "hour from %(least_at)s."
    ),
}

# What a play is called that comes of a proposal.
PLAYS: Final[Mapping[str, Promise]] = {
    "play_win_back": lazy("Win back quiet buyers"),
    "play_second_order": lazy("The next order of large newcomers"),
    "play_check_sku": lazy("Product that lost most"),
    "play_check_region": lazy("Region that lost most"),
    "play_check_channel": lazy("Channel that lost most"),
    "play_check_category": lazy("Category that lost most"),
    "play_check_refunds": lazy("Large returns"),
    "play_delist": lazy("The long tail"),
    "play_remind": lazy("Remind who stopped"),
    "play_page": lazy("Another page"),
    "play_check_shortcut": lazy("The way past the cart"),
    "play_check_hours": lazy("Ready at the peak"),
}

SECTIONS: Final[Mapping[str, Promise]] = {
    "summary": pgettext_lazy("briefing section", "Figures"),
    "line": pgettext_lazy("briefing section", "Today in a line"),
    "goals": pgettext_lazy("briefing section", "Goals"),
    "why_before": pgettext_lazy("briefing section", "Why: against the period before"),
    "why_year": pgettext_lazy("briefing section", "Why: against the year before"),
    "places": pgettext_lazy("briefing section", "Where it moved"),
    "ended": pgettext_lazy("briefing section", "What ended and what it brought"),
    "signals": pgettext_lazy("briefing section", "Signals"),
    "risks": pgettext_lazy("briefing section", "Risks"),
    "plan": pgettext_lazy("briefing section", "Plan and resources"),
    "review": pgettext_lazy("briefing section", "Review"),
    "insight": pgettext_lazy("briefing section", "Data insight"),
    "problems": pgettext_lazy("briefing section", "Problems"),
    "market": pgettext_lazy("briefing section", "Market"),
    "year_goals": pgettext_lazy("briefing section", "Goals"),
    "way": pgettext_lazy("briefing section", "The way to the purchase"),
    "around": pgettext_lazy("briefing section", "Ways around"),
    "times": pgettext_lazy("briefing section", "When they come"),
    "back": pgettext_lazy("briefing section", "Who comes back"),
    "lacking": pgettext_lazy("briefing section", "What is not known"),
}

TABLES: Final[Mapping[str, Promise]] = {
    "figures": pgettext_lazy("briefing table", "Key figures"),
    "goals": pgettext_lazy("briefing table", "Goal and actual"),
    "cells_channel": pgettext_lazy("briefing table", "By channel"),
    "cells_category": pgettext_lazy("briefing table", "By category"),
    "cells_region": pgettext_lazy("briefing table", "By region"),
    "cells_sku": pgettext_lazy("briefing table", "By product"),
    "cells_buyers": pgettext_lazy("briefing table", "New and returning"),
    "effects": pgettext_lazy("briefing table", "Incremental: what would not have come otherwise"),
    "offers": pgettext_lazy("briefing table", "Passed through offers: no effect"),
    "buyer_kinds": pgettext_lazy("briefing table", "Kinds of buyers"),
    "regions": pgettext_lazy("briefing table", "Regions"),
    "steps": pgettext_lazy("briefing table", "Steps"),
}

HEADS: Final[Mapping[str, Promise]] = {
    "now": pgettext_lazy("briefing column", "This period"),
    "before": pgettext_lazy("briefing column", "Period before"),
    "before_change": pgettext_lazy("briefing column", "Against before"),
    "year": pgettext_lazy("briefing column", "A year before"),
    "year_change": pgettext_lazy("briefing column", "Year on year"),
    "then": pgettext_lazy("briefing column", "Before"),
    "change": pgettext_lazy("briefing column", "Change"),
    "target": pgettext_lazy("briefing column", "Goal"),
    "actual": pgettext_lazy("briefing column", "Actual"),
    "forecast": pgettext_lazy("briefing column", "Forecast"),
    "low": pgettext_lazy("briefing column", "At least"),
    "high": pgettext_lazy("briefing column", "At most"),
    "more": pgettext_lazy("briefing column", "Incremental"),
    "cost": pgettext_lazy("briefing column", "Cost"),
    "orders": pgettext_lazy("briefing column", "Orders"),
    "passed": pgettext_lazy("briefing column", "Passed through"),
    "given": pgettext_lazy("briefing column", "Given away"),
    "people": pgettext_lazy("briefing column", "People"),
    "people_share": pgettext_lazy("briefing column", "Share of people"),
    "amount": pgettext_lazy("briefing column", "Amount"),
    "share": pgettext_lazy("briefing column", "Share"),
    "of_before": pgettext_lazy("briefing column", "Of the step before"),
    "of_first": pgettext_lazy("briefing column", "Of the first step"),
    "moved": pgettext_lazy("briefing column", "Moved"),
}

# What a sentence calls by a code.
WORDS: Final[Mapping[str, Promise]] = {
    "before_day": pgettext_lazy("in a briefing", "the day before"),
    "before_week": pgettext_lazy("in a briefing", "the week before"),
    "before_month": pgettext_lazy("in a briefing", "the month before"),
    "year_day": pgettext_lazy("in a briefing", "the same weekday a year before"),
    "year_week": pgettext_lazy("in a briefing", "the same week a year before"),
    "year_month": pgettext_lazy("in a briefing", "the same month a year before"),
    "year_year": pgettext_lazy("in a briefing", "the same days of the year before"),
    "now_day": pgettext_lazy("in a briefing", "this day"),
    "now_week": pgettext_lazy("in a briefing", "this week"),
    "now_month": pgettext_lazy("in a briefing", "this month"),
    "now_year": pgettext_lazy("in a briefing", "this year"),
    "cut_channel": pgettext_lazy("in a briefing", "channel"),
    "cut_category": pgettext_lazy("in a briefing", "category"),
    "cut_region": pgettext_lazy("in a briefing", "region"),
    "cut_sku": pgettext_lazy("in a briefing", "product"),
    "cut_buyers": pgettext_lazy("in a briefing", "buyers"),
    "competitors": pgettext_lazy("in a briefing", "competitors' prices and events"),
    "market_size": pgettext_lazy("in a briefing", "how large the market is and how it grows"),
    "visits": pgettext_lazy("in a briefing", "visits, so conversion and channels cannot be told"),
    "spend": pgettext_lazy("in a briefing", "what advertising cost"),
    "money": pgettext_lazy("in a briefing", "prices, so what a step is worth cannot be said"),
    "devices": pgettext_lazy("in a briefing", "devices"),
}
