"""Presales: a deposit now, the balance later, and what becomes of both.

Owns     growth_presale_*: presales, who reserved how much, whom we reminded, how much each person has taken.
Plugs    `queries.prices` into the prices of promotions, `queries.set_aside` and `actions.claim` into the checkout,
         `actions.take_over` into orders, `queries.audit` into the nightly audit.
Tells    growth.presale_started, growth.presale_ended, growth.deposit_paid, growth.balance_paid,
         growth.deposit_forfeited, growth.deposit_returned.
Hears    payments and ends of the orders of deposits and balances: `handlers.reader`.
Refuses  what `errors` lists.
Mind     a deposit (定金) is kept if its payer breaks the contract and comes back double if we do; a prepayment
         (订金) is what was paid beyond a fifth of the price, and comes back in any case. No page and no account
         takes the one for the other.
"""
