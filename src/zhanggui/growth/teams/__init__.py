"""Group buying: shoppers who buy a SKU together before a clock runs out pay less; a team that stays small pays nothing.

Owns     growth_teams_*: offers, teams, seats.
Plugs    `queries.prices` into the prices of promotions, `actions.claim_seat` into the checkout's claims,
         `queries.waits` into fulfilment: nothing is picked for a team that is not full.
Refuses  what `errors` lists.
"""
