"""Trials: who is treated and who is held out, and what the treatment brought that would not have come otherwise.

Owns     growth_experiments_*: trials and their members, second versions of pages; what members ordered is read from
         the daily table `orders`.
Tells    growth.experiment_exposed, growth.page_shown
Refuses  what `errors` lists.
Mind     an effect is the difference to those who were held out, and never stands in one column with what was
         attributed. Where everybody was treated there is only `whole_shop_effect`, the weaker evidence.
"""
