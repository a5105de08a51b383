"""How much a first basket was worth, and whether its buyer came again.

Owns  no table; everything is counted from the daily table of orders.
Mind  only buyers whose first order is old enough are counted, or young ones would look as if they never came again.
"""
