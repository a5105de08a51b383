"""Reading offers to buy together, teams and seats."""

from zhanggui.growth.teams.queries.auditing import Disagreement, audit
from zhanggui.growth.teams.queries.desk import Numbers, Standing, numbers, offer_numbers, offers_between, teams_of
from zhanggui.growth.teams.queries.pricing import forget, prices, specials
from zhanggui.growth.teams.queries.reading import (
    offer,
    offer_on,
    open_teams,
    orders_of,
    team,
    teams_of_person,
    undone,
    waits,
)

__all__ = [
    "Disagreement",
    "Numbers",
    "Standing",
    "audit",
    "forget",
    "numbers",
    "offer",
    "offer_numbers",
    "offer_on",
    "offers_between",
    "open_teams",
    "orders_of",
    "prices",
    "specials",
    "team",
    "teams_of",
    "teams_of_person",
    "undone",
    "waits",
]
