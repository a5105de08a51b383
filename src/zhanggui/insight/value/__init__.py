"""What buyers are worth: recency, frequency and money in one table, and new against returning buyers.

Owns  no table; everything is counted from the daily table of orders.
Mind  orders of nobody known belong to no buyer; their money is told apart and never spread.
"""
