"""What people look for: the words, what they find by them, and what to do where they find nothing.

Owns  no table; everything is counted from the daily table of searches.
Mind  a search without a known number of results is neither found nor not found.
"""
