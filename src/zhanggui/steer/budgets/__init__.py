"""The budget: what may be spent in a period by area, what was spent, and who is told to stop.

Owns     steer_budgets_budget, steer_budgets_line: what is planned; steer_budgets_posting: what was spent, booked once
         per fact and never changed; steer_budgets_day: the same summed by day; steer_budgets_promise: money that was
         promised and is not spent yet; steer_budgets_move: what was moved, by whom.
Tells    steer.budget_set, steer.budget_moved.
Hears    growth.promotion_redeemed, growth.promotion_undone, growth.message_sent, growth.points_earned,
         growth.flash_taken, growth.flash_returned, growth.group_joined, growth.group_failed, growth.balance_paid,
         growth.deposit_returned, supply.stock_written_off, insight.spend_recorded.
Refuses  BudgetUnfit, BudgetOverlaps, NoSuchBudget, MoveTooLarge, BudgetSpent.
Mind     what happened is booked, whether or not there was money for it; only who asks before is refused.
"""
