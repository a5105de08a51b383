"""Why the money of a period differs from that of another: the tree of what it is made of, and the cells that moved.

Owns     no table; everything is counted from the daily tables of visits, orders and goods.
Refuses  what `insight.metrics` refuses; ComparisonMissing.
Mind     visitors and buyers are the same people in the same days: a buyer who did not visit then is told apart, in a
         branch of its own, and so is money of nobody known. All parts sum to the change, to the minor unit.
"""
