"""What buyers are worth: recency, frequency and money in one table, and what they are expected to bring.

Owns     insight_value_fit: the fitted models of each shop by day, with what they stand on and how they foretold.
         insight_value_margin: what is left of a shop's revenue after the goods.
Tells    insight.margin_set
Refuses  CellUnclear, MarginUnlikely
Mind     orders of nobody known belong to no buyer; their money is told apart and never spread.
"""
