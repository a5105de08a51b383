"""What the business counts: each metric defined once, asked by shop, period and cut, with the orders behind it.

Owns     the dictionary in `rules` (docs/metrics.md is made from it), and the planner that takes each number from the
         cheapest daily table that can say it; no table.
Refuses  NoSuchMetric, CutRefused.
Mind     people are counted, never added up: a visitor of two days is two daily visitors and one of the week, so every
         cell and the total are counted from the people themselves.
"""
